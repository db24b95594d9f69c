"""How the reader writes numbers, money and days: by the browser's first language that CLDR knows.

Words are the page's language; only the form of a number, an amount and a day is the reader's own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import parse_locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, override
from django.utils.translation.trans_real import parse_accept_lang_header

UNSAID = "en_GB"
"""For who says nothing: a day before its month, and a comma between thousands."""
THOUSANDS = 3

_of_request: ContextVar[str] = ContextVar("reader_locale", default="")


@dataclass(frozen=True)
class _Forms:
    """What a locale writes between the digits, and where it puts a currency."""

    point: str
    marks: dict[int, str]
    """What stands for a comma between thousands, and for the point."""
    in_threes: bool
    currency_first: bool
    space_beside_currency: str


class ReaderLocaleMiddleware:
    """Reads what the browser says of its reader's languages, for as long as the page is being made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, made in this reader's forms.

        The language is that of the agency. It is said here, or every word of the page would look up what it is.
        """
        with override(get_language()), in_locale(preferred(request.headers.get("Accept-Language", "")) or _unsaid()):
            return self.get_response(request)


@contextmanager
def in_locale(name: str) -> Iterator[None]:
    """Whatever is printed within is printed as this locale writes it; blank: as the language in use does."""
    token = _of_request.set(name)
    try:
        yield
    finally:
        _of_request.reset(token)


def reader_locale() -> str:
    """The locale in force, such as `de_CH`."""
    return _of_request.get() or _unsaid()


def _unsaid() -> str:
    """How the language in use is written where nobody says more."""
    language = get_language()
    return UNSAID if language in (None, "en") else _known(language or "") or UNSAID


@lru_cache(maxsize=1000)
def preferred(accept_language: str) -> str:
    """The first locale of an Accept-Language header that CLDR knows; blank where it names none."""
    named = (_known(tag) for tag, _quality in parse_accept_lang_header(accept_language) if tag != "*")
    return next((name for name in named if name), "")


@lru_cache(maxsize=1000)
def preferred_within(language: str, accept_language: str) -> str:
    """The first locale of an Accept-Language header that is of this language; blank where it names none."""
    tags = (tag for tag, _quality in parse_accept_lang_header(accept_language))
    return next((_known(tag) for tag in tags if tag.partition("-")[0] == language), "")


@lru_cache(maxsize=1000)
def _known(tag: str) -> str:
    """The locale of a language tag, of its language alone where the region is not known; blank for neither."""
    for text in (tag, tag.partition("-")[0]):
        try:
            return str(Locale(*parse_locale(text, sep="-")[:2]))
        except (ValueError, UnknownLocaleError):
            continue
    return ""


def number_in_digits(value: Decimal, decimals: int) -> str:
    """An amount not below zero, already rounded, such as `1,020.5`."""
    return _digits(value, decimals, reader_locale())


@lru_cache(maxsize=10_000)
def _digits(value: Decimal, decimals: int, locale: str) -> str:
    forms = _forms(locale)
    if not forms.in_threes:
        return str(format_decimal(value, format=f"#,##,##0.{'0' * decimals}".rstrip("."), locale=locale))
    plain = f"{value:,.{decimals}f}"
    return plain.translate(forms.marks)


def decimal_mark() -> str:
    """What the reader writes before decimals: a point or a comma; a point for who writes another mark still."""
    point = _forms(reader_locale()).point
    return point if point in (".", ",") else "."


def beside_currency(number: str, symbol: str) -> str:
    """The amount with its currency on the side where the reader writes it."""
    forms = _forms(reader_locale())
    if not forms.currency_first:
        return f"{number}{forms.space_beside_currency}{symbol.strip()}"
    return f"{symbol}{number}"


@lru_cache(maxsize=100)
def _forms(locale: str) -> _Forms:
    known = Locale.parse(locale)
    pattern = known.currency_formats["standard"].pattern.partition(";")[0].strip("\u200e\u200f")
    first = pattern.startswith("¤")
    point = get_decimal_symbol(known)
    return _Forms(
        point=point,
        marks={ord(","): get_group_symbol(known), ord("."): point},
        in_threes=known.decimal_formats[None].grouping == (THOUSANDS, THOUSANDS),
        currency_first=first,
        space_beside_currency="" if first else "\N{NO-BREAK SPACE}",
    )


def day_text(day: date) -> str:
    """`30 Sep 2026`, in the order and with the month's name that the reader is used to."""
    return _day_text(day, reader_locale())


@lru_cache(maxsize=4096)
def _day_text(day: date, locale: str) -> str:
    text = str(format_skeleton("yMMMd", day, locale=locale))
    if locale.startswith("fr") and text.startswith("1 "):
        return f"1er{text[1:]}"  # the first of a month alone is counted so
    return text
