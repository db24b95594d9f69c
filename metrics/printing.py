"""How figures are printed, in words and signs: numbers, money and quarters as the reader writes them.

Rounding happens here and nowhere before. Nothing here knows None: a page prints that as a dash.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.reader_locale import beside_currency, number_in_digits

Money = Callable[[Decimal], str]
"""How an amount in one currency is printed."""

Number = Decimal | float | int

MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"

_SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "USD": "$",
    "VND": "₫",
}
"""Signs that stand for one currency alone; the others go by their code."""

_SIGNIFICANT = 3
_WHOLE_BELOW = 10_000
_MILLION, _BILLION = 1_000_000, 1_000_000_000


def number_text(value: Number, decimals: int = 0) -> str:
    """`1,020` or `4.1`: rounded half up, with a true minus sign, and none before a zero."""
    rounded = _rounded(value, decimals)
    text = number_in_digits(abs(rounded), decimals)
    return f"{MINUS}{text}" if rounded < 0 else text


def signed_text(value: Number, decimals: int = 0) -> str:
    """`+7`, `−21`, and `0` without a sign."""
    rounded = _rounded(value, decimals)
    text = number_text(rounded, decimals)
    return f"+{text}" if rounded > 0 else text


def prices_text(points: Number | None) -> str:
    """What prices did to revenue, in points with a sign; blank where that rounds to nothing or is not known."""
    text = "" if points is None else signed_text(points, 1)
    return text if text.startswith(("+", MINUS)) else ""


def percent_text(value: Number, decimals: int = 0) -> str:
    """`83 %`."""
    return _percent(number_text(value, decimals), get_language())


def signed_percent_text(value: Number, decimals: int = 0) -> str:
    """`+36 %`, `−21 %`, `0 %`."""
    return _percent(signed_text(value, decimals), get_language())


@lru_cache(maxsize=10_000)
def _percent(number: str, _language: str | None) -> str:
    """Most figures of a page are percentages, and many of them alike."""
    return _("%(number)s%(space)s%%") % {"number": number, "space": NO_BREAK}


def money_text(amount: Number, currency: str) -> str:
    """`$1.99m`, `$860k`, `$9,300`: three digits say enough where amounts stand beside each other."""
    exact = Decimal(amount)
    if abs(exact) < _WHOLE_BELOW:
        return full_money_text(exact, currency)
    digits = abs(exact)
    kept = digits.quantize(Decimal(1).scaleb(digits.adjusted() - _SIGNIFICANT + 1), ROUND_HALF_UP)
    # Rounding comes first, so that 999,999 is 1m; thousands are for what fits in no larger unit.
    if kept >= _BILLION:
        power, words = 9, _("%(number)sbn")
    elif kept >= _MILLION:
        power, words = 6, _("%(number)sm")
    else:
        power, words = 3, _("%(number)sk")
    short = _without_zeros(kept.scaleb(-power))
    number = number_in_digits(short, max(0, -int(short.as_tuple().exponent)))
    return _with_currency(words % {"number": number}, currency, negative=exact < 0)


def signed_money_text(amount: Number, currency: str) -> str:
    """`+$300k`, `−$45k`, and `$0` without a sign."""
    text = money_text(amount, currency)
    return f"+{text}" if _rounded(amount, 0) > 0 else text


def full_money_text(amount: Number, currency: str) -> str:
    """`$1,120,000`: every digit, without cents."""
    rounded = _rounded(amount, 0)
    return _with_currency(number_text(abs(rounded)), currency, negative=rounded < 0)


def signed_full_money_text(amount: Number, currency: str) -> str:
    """`+$120,000`, `−$45,000`, and `$0` without a sign."""
    text = full_money_text(amount, currency)
    return f"+{text}" if _rounded(amount, 0) > 0 else text


def quarter_text(label: str) -> str:
    """`Q3 2026` of `2026-Q3`; any other text as it is."""
    return _quarter(label, get_language())


@lru_cache(maxsize=1000)
def _quarter(label: str, _language: str | None) -> str:
    year, dash, number = label.partition("-")
    return _("%(number)s %(year)s") % {"number": quarter_number_text(number), "year": year} if dash else label


def quarter_number_text(number: str) -> str:
    """`Q3` of `Q3`, and `T3` where it is French."""
    return _("Q%(number)s") % {"number": number.removeprefix("Q")}


def seconds_text(seconds: float) -> str:
    """`0.04 s`, `1.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: how long something took."""
    if seconds < 9.95:
        return _("%(count)s s") % {"count": number_text(seconds, 1 if seconds >= 0.995 else 2)}
    whole = int(_rounded(seconds, 0))
    if whole < 60:
        return _("%(count)s s") % {"count": whole}
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        words = _("%(minutes)s min %(seconds)s s") if rest else _("%(minutes)s min")
        return words % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def _with_currency(number: str, currency: str, *, negative: bool) -> str:
    """The amount with its currency, on the side where the language in use writes it."""
    symbol = _SYMBOLS.get(currency) or f"{currency}{NO_BREAK}"
    text = beside_currency(number, symbol)
    return f"{MINUS}{text}" if negative else text


def _rounded(value: Number, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _without_zeros(value: Decimal) -> Decimal:
    """9.80 as 9.8, and 100 as 100, not as 1E+2."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
