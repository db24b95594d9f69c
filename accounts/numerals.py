"""How people write numbers, and how each spelling is read: 1,234.5 and 1.234,5 alike.

Nothing is guessed. What could be two numbers is refused with both of them named, unless the one who
wrote it has said which mark stands before the decimals.
"""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum

from accounts.settings_in_force import is_currency

LONGEST = 60
"""More characters than any number has that somebody means."""


class Spelling(StrEnum):
    """How somebody writes numbers: as each shows by itself, or with a point or a comma before the decimals."""

    SEEN = ""
    POINT = "point"
    COMMA = "comma"


class NotANumber(ValueError):
    """The text is no number, whoever reads it."""


class TwoNumbers(ValueError):
    """The text is one number to some and another to others; both are here in plain digits."""

    def __init__(self, with_groups: str, with_decimals: str) -> None:
        self.with_groups = with_groups
        self.with_decimals = with_decimals
        super().__init__(f"{with_groups} or {with_decimals}")


_MINUSES = "\N{MINUS SIGN}\N{EN DASH}\N{NON-BREAKING HYPHEN}"
_CURRENCY_SIGN = "¤"
# A percent sign; a currency by its sign, alone or as in A$; or by its code.
_UNIT = rf"%|[A-Z]{{0,3}}{_CURRENCY_SIGN}|[A-Z]{{3}}"
_WRITTEN = re.compile(
    rf"(?P<opened>\( ?)?(?P<sign>[-+] ?)?(?P<before>(?:{_UNIT}) ?)?(?P<later_sign>[-+] ?)?"
    rf"(?P<digits>[0-9., ']*[0-9])(?P<after> ?(?:{_UNIT}))?(?P<closed> ?\))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[., '])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
_GROUPED_IN_INDIA = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")
_COULD_BE_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def number(text: str, spelling: Spelling = Spelling.SEEN, *, decimals_of_three: bool = True) -> Decimal:
    """The number that somebody wrote, with or without groups of thousands, a percent sign or a currency.

    Point and comma are told apart by what stands around them; an amount in brackets is below 0. A single mark before
    three last digits could be either: that raises TwoNumbers, unless `spelling` says which it is, or three decimals
    can't be meant (`decimals_of_three` is False, as for money of most currencies). NotANumber for everything else.
    """
    written = _WRITTEN.fullmatch(_evened(text)) if len(text) <= LONGEST else None
    if written is None or bool(written["opened"]) != bool(written["closed"]):
        raise NotANumber(text)
    signs = [sign.strip() for sign in (written["sign"], written["later_sign"]) if sign]
    units = [unit.strip() for unit in (written["before"], written["after"]) if unit]
    if len(signs) + bool(written["opened"]) > 1 or len(units) > 1 or not all(map(_is_unit, units)):
        raise NotANumber(text)
    value = _read(written["digits"], spelling, decimals_of_three)
    return -value if value and (written["opened"] or signs == ["-"]) else value


def plain(value: Decimal, mark: str = ".") -> str:
    """The number as everybody reads it alike: digits, and one mark before decimals.

    Never with three decimals, which some would take for thousands: 1.234 is written 1.2340.
    """
    whole, _point, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0")
    if not decimals:
        return "0" if whole == "-0" else whole
    return f"{whole}{mark}{decimals}0" if len(decimals) == 3 else f"{whole}{mark}{decimals}"


def currencies(text: str) -> frozenset[str]:
    """The currencies that a text names by their code, in capitals."""
    return frozenset(code for code in re.findall(r"[A-Z]{3}", text) if is_currency(code))


def _evened(text: str) -> str:
    """One kind of space, minus sign, apostrophe and currency sign, where people have several."""
    even = []
    for character in text:
        if character in _MINUSES:
            even.append("-")
        elif character == "\N{RIGHT SINGLE QUOTATION MARK}":
            even.append("'")
        elif character.isspace():
            even.append(" ")
        else:
            even.append(_CURRENCY_SIGN if unicodedata.category(character) == "Sc" else character)
    return " ".join("".join(even).split())


def _is_unit(unit: str) -> bool:
    return unit == "%" or unit.endswith(_CURRENCY_SIGN) or is_currency(unit)


def _read(digits: str, spelling: Spelling, decimals_of_three: bool) -> Decimal:
    mark = _decimal_mark(digits, spelling, decimals_of_three)
    whole, point, decimals = digits.rpartition(mark) if mark else (digits, "", "")
    if point and not decimals.isdigit():
        raise NotANumber(digits)
    if whole and not whole.isdigit():
        grouped = _GROUPED.fullmatch(whole) or _GROUPED_IN_INDIA.fullmatch(whole)
        if grouped is None or (mark and mark in whole):
            raise NotANumber(digits)
        whole = re.sub("[^0-9]", "", whole)
    return Decimal(f"{whole or '0'}{'.' if point else ''}{decimals}")


def _decimal_mark(digits: str, spelling: Spelling, decimals_of_three: bool) -> str:
    """What stands before the decimals of these digits; blank where there are none."""
    found = [mark for mark in digits if mark in ".,"]
    if spelling is not Spelling.SEEN:
        mark = "." if spelling is Spelling.POINT else ","
        return mark if mark in found else ""
    if len(set(found)) == 2:
        return found[-1]
    if len(found) != 1:
        return ""
    if _COULD_BE_GROUPED.fullmatch(digits):
        if decimals_of_three:
            raise TwoNumbers(re.sub("[.,]", "", digits), digits.replace(",", "."))
        return ""
    return found[0]
