"""What a cell of an exchange file may hold, how it is read, and the words that say so."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.settings_in_force import is_currency

# A day before this is a slip of the keyboard, and would make the figures begin in another age.
FIRST_YEAR = 1900
LONGEST_KEY = 200
LONGEST_EMAIL = 254
LONGEST_TEXT = 100_000


class Unexpected(ValueError):
    """The cell holds something else than its column asks for; the message says what was expected."""


@dataclass(frozen=True)
class Kind:
    """What the cells of one column may hold. A blank cell is never asked about.

    `expected` says it in words. `read` gives the cell as the database takes it, or raises
    Unexpected. `sql` is the column's type on its way into the database. `plain` is a pattern of a
    cell as it stands in the file, quotation marks included: what matches it is exactly what `read`
    would return, and can pass unread. None where every cell must be read.
    """

    expected: str
    read: Callable[[str], str]
    sql: str = "text"
    plain: str | None = None


def _sound(cell: str, longest: int) -> str:
    """The cell, unless it holds what no text of ours may: a NUL byte, no UTF-8, too much."""
    if "\0" in cell:
        raise Unexpected("text without a NUL byte")
    if not cell.isascii():
        try:
            cell.encode()
        except UnicodeEncodeError:
            raise Unexpected("text in UTF-8") from None
    if len(cell) > longest:
        raise Unexpected(f"{longest:,} characters at most")
    return cell


def text(longest: int = LONGEST_TEXT) -> Kind:
    """Words as they were typed, also those that start like a formula."""
    # No second look is needed without white space at either end, line breaks, NUL bytes and quotation marks.
    bare = r'(?!\s)[^",\r\n\0]{1,%d}+(?<! )' % longest  # noqa: UP031 -- braces of the pattern
    quoted = r'"(?!\s)[^"\r\n\0]{1,%d}+(?<! )"' % longest  # noqa: UP031 -- braces of the pattern
    return Kind(
        expected=f"text of {longest:,} characters at most",
        read=lambda cell: _sound(cell, longest),
        plain=f"(?:{bare}|{quoted})",
    )


KEY = text(LONGEST_KEY)


def _read_listed_key(cell: str) -> str:
    if ";" in cell:
        raise Unexpected("a key without a semicolon, which separates the values of a list")
    return _sound(cell, LONGEST_KEY)


# The key of rows that cells of other files list, with semicolons between them.
LISTED_KEY = Kind(expected=KEY.expected, read=_read_listed_key)


def reference(noun: str, file: str) -> Kind:
    """The external_id of a row of another file, or of one that is stored already."""
    return Kind(expected=f"the external_id of {noun}, in {file} or stored", read=KEY.read, plain=KEY.plain)


_EMAIL = "an e-mail address such as dana@northwind.example"


def _read_email(cell: str) -> str:
    address = _sound(cell, LONGEST_EMAIL).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Unexpected(_EMAIL) from None
    # Some letters grow when they are made small.
    if len(address) > LONGEST_EMAIL:
        raise Unexpected(_EMAIL)
    return address


EMAIL = Kind(
    expected=_EMAIL,
    read=_read_email,
    plain=r"[a-z0-9_]{1,30}+(?:[.+-][a-z0-9_]{1,15}+){0,3}@(?:[a-z0-9]{1,30}+[.-]){0,3}?"
    r"[a-z0-9]{1,30}+\.[a-z]{2,30}+",
)


def choice(*words: str) -> Kind:
    """One of a few words."""
    wanted = f"{', '.join(words[:-1])} or {words[-1]}"
    known = frozenset(words)

    def read(cell: str) -> str:
        if cell not in known:
            raise Unexpected(wanted)
        return cell

    return Kind(expected=wanted, read=read, plain=f"(?:{'|'.join(map(re.escape, words))})")


YES_NO = Kind(expected="yes or no", read=choice("yes", "no").read, sql="boolean", plain="(?:yes|no)")


def _read_placed(cell: str) -> str:
    if cell not in ("1", "2", "3", "4", "5"):
        raise Unexpected(PLACED.expected)
    return cell


PLACED = Kind("a whole number from 1 to 5", _read_placed, "smallint", "[1-5]")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_A_DAY = f"a date such as 2026-11-22, from the year {FIRST_YEAR} on"
_A_MONTH = f"the first day of a month, such as 2026-11-01, from the year {FIRST_YEAR} on"


def _read_day(cell: str, wanted: str = _A_DAY) -> str:
    if not _DAY.fullmatch(cell):
        raise Unexpected(wanted)
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise Unexpected(f"a day that exists: {wanted}") from None
    if day.year < FIRST_YEAR:
        raise Unexpected(wanted)
    return cell


def _read_month(cell: str) -> str:
    if not _read_day(cell, _A_MONTH).endswith("-01"):
        raise Unexpected(_A_MONTH)
    return cell


# Leap days are looked at.
_PLAIN_DAY = (
    r"(?:19|2\d)\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
DAY = Kind(expected=_A_DAY, read=_read_day, sql="date", plain=_PLAIN_DAY)
MONTH = Kind(expected=_A_MONTH, read=_read_month, sql="date", plain=r"(?:19|2\d)\d\d-(?:0[1-9]|1[0-2])-01")

_NUMBER = re.compile(r"[+-]?(?:([0-9]+)\.?([0-9]*)|\.([0-9]+))")


def amount(digits: int, places: int, *, above_zero: bool = False) -> Kind:
    """A plain decimal of so many digits, so many of them after the point; no exponent."""
    whole = digits - places
    wanted = f"a plain decimal such as 1234.5, of at most {whole} digits before the point and {places} after it"
    if above_zero:
        wanted = f"{wanted}, above 0"

    def read(cell: str) -> str:
        match = _NUMBER.fullmatch(cell)
        if match is None:
            raise Unexpected(wanted)
        before, after = match[1] or "", match[2] or match[3] or ""
        if len(before.lstrip("0")) > whole or len(after.rstrip("0")) > places:
            raise Unexpected(wanted)
        if above_zero and (cell.startswith("-") or not (before + after).strip("0")):
            raise Unexpected(wanted)
        if len(cell) > digits + 2:
            return f"{cell[0] if cell[0] in '+-' else ''}{before.lstrip('0') or '0'}.{after.rstrip('0')}"
        return cell

    decimals = rf"[+-]?[0-9]{{1,{whole}}}+(?:\.[0-9]{{1,{places}}}+)?"
    return Kind(
        expected=wanted,
        read=read,
        sql=f"numeric({digits},{places})",
        plain=None if above_zero else decimals,
    )


def whole(most: int) -> Kind:
    """A whole number from 0 up."""
    wanted = f"a whole number from 0 to {most}"
    longest = len(str(most))

    def read(cell: str) -> str:
        if not (cell.isascii() and cell.isdigit()):
            raise Unexpected(wanted)
        # A number of a million digits is not turned into one.
        digits = cell.lstrip("0") or "0"
        if len(digits) > longest or int(digits) > most:
            raise Unexpected(wanted)
        return digits

    return Kind(expected=wanted, read=read, sql="bigint", plain=rf"[0-9]{{1,{longest - 1}}}+")


_CURRENCY = "a currency code of ISO 4217, such as USD"


def _read_currency(cell: str) -> str:
    if not (len(cell) == 3 and cell.isascii() and cell.isupper() and is_currency(cell)):
        raise Unexpected(_CURRENCY)
    return cell


CURRENCY = Kind(expected=_CURRENCY, read=_read_currency)


def several(of: Kind, noun: str) -> Kind:
    """Several values in one cell with semicolons between them, each kept once, in the order given."""
    wanted = f"{noun}, with a semicolon between them"

    def read(cell: str) -> str:
        found: dict[str, None] = {}
        for piece in cell.split(";"):
            piece = piece.strip(" ")
            if piece:
                try:
                    found[of.read(piece)] = None
                except Unexpected as unexpected:
                    raise Unexpected(f"{noun}, each {unexpected}, with a semicolon between them") from None
        return ";".join(found)

    return Kind(expected=wanted, read=read)
