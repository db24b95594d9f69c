"""Exact arithmetic, and how a figure is printed."""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt

Z = Fraction("1.959963984540054")
"""DOMAIN.md 13: "The normal quantile is 1.959963984540054"."""

PLACES = 4
MANY_DIGITS = Context(prec=80)


def rounded(number: Fraction, places: int) -> int:
    """The number in units of its last place shown, half a unit going away from zero.

    DOMAIN.md 13: "rounded half away from zero". The result is a whole number of 10**-places.
    """
    units = Fraction(abs(number) * 10**places)
    whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return -whole if number < 0 else whole


def printed(number: Fraction | None) -> str:
    """A figure as it stands in the file; nothing where there is no figure.

    DATA.md: "Numbers as plain decimals, 4 places; blank where there is no figure".
    """
    if number is None:
        return ""
    units = rounded(number, PLACES)
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10**PLACES)
    return f"{sign}{whole}.{part:0{PLACES}d}"


def yes_or_no(answer: bool) -> str:
    """DOMAIN.md 13: "`in_progress` and `settled` are yes or no"."""
    return "yes" if answer else "no"


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """Percent of a whole; no figure, not zero, of nothing.

    DOMAIN.md 13: "Percentages run 0 to 100".
    """
    if whole == 0:
        return None
    return 100 * Fraction(part) / Fraction(whole)


def mean(numbers: Sequence[Fraction]) -> Fraction | None:
    """The plain mean; no figure of nothing."""
    if not numbers:
        return None
    return sum(numbers, Fraction(0)) / len(numbers)


def square_root(number: Fraction) -> Fraction:
    """The root: exact where it is a fraction, else to eighty digits."""
    top, bottom = isqrt(number.numerator), isqrt(number.denominator)
    if top * top == number.numerator and bottom * bottom == number.denominator:
        return Fraction(top, bottom)
    quotient = MANY_DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Fraction(MANY_DIGITS.sqrt(quotient))
