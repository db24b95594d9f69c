"""Figures computed with fractions: slow, and exact beyond doubt."""

from decimal import Decimal
from fractions import Fraction


def rounded(number: Fraction, places: int) -> Decimal:
    """The number at so many places, half away from zero."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = 1 if number < 0 and whole else 0
    return Decimal((sign, tuple(map(int, str(whole))), -places))


def decimals(*numbers: int) -> tuple[Decimal, ...]:
    """Whole numbers as figures are."""
    return tuple(Decimal(number) for number in numbers)


def printed(number: Decimal) -> Decimal:
    """A settled figure as it is printed: 4 places, half away from zero."""
    return rounded(Fraction(number), 4)


def mean(numbers: list[Fraction]) -> Fraction:
    """The plain mean."""
    return sum(numbers, Fraction(0)) / len(numbers)


def weighted_mean(numbers: list[Fraction | None], weights: list[Fraction]) -> Fraction | None:
    """The mean of the numbers that are there, by their weights."""
    there = [(number, weight) for number, weight in zip(numbers, weights, strict=True) if number is not None]
    total = sum((weight for _, weight in there), Fraction(0))
    return sum((number * weight for number, weight in there), Fraction(0)) / total if total else None
