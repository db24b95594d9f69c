"""Arithmetic in which every figure comes out as if it had been computed with fractions.

Fractions themselves are some thirty times slower than decimals. Here a figure is computed with
50 digits and then settled: rounded to 20 places, half away from zero. What a fraction would give
without an endless tail is recovered exactly, so that 66.66… and 93.33… have a mean of 80, not of
79.99…, also when they were settled on the way: a mean (weighted or not) of values that are each off
by less than half of the 20th place is itself off by less than that, and settling it again removes
the error. The same holds for a population standard deviation.

Operators between decimals obey the thread's context, usually of 28 digits. So the functions here
name their context, and whoever uses operators on decimals does so under `@exact`. Comparisons of
decimals are always exact.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
PLACES: Final = Decimal("1E-20")

CONTEXT: Final = Context(
    prec=50,
    rounding=ROUND_HALF_UP,
    Emin=MIN_EMIN,
    Emax=MAX_EMAX,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

P = ParamSpec("P")
R = TypeVar("R")


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Whatever the function computes with operators has 50 digits, whoever calls it."""

    @wraps(function)
    def with_fifty_digits(*args: P.args, **kwargs: P.kwargs) -> R:
        found = getcontext()
        if found is CONTEXT:
            return function(*args, **kwargs)
        setcontext(CONTEXT)
        try:
            return function(*args, **kwargs)
        finally:
            setcontext(found)

    return with_fifty_digits


def settle(number: Decimal) -> Decimal:
    """The number at 20 places, half away from zero; never minus zero.

    Numbers of 30 digits before the point and more keep what 50 digits hold of them.
    """
    try:
        settled = number.quantize(PLACES, context=CONTEXT)
    except InvalidOperation:
        return CONTEXT.plus(number)
    whole = settled.to_integral_value(context=CONTEXT)
    if whole == settled:
        # Most figures are whole; without twenty zeros behind the point they are written faster.
        return whole if whole else ZERO
    return settled


def divide(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """One number over another, settled. DivisionByZero or InvalidOperation over 0."""
    return settle(CONTEXT.divide(part, whole))


@lru_cache(maxsize=1 << 16)
def ratio(part: int, whole: int) -> Decimal:
    """One count over another, settled, and remembered: the same few counts come again and again."""
    return settle(CONTEXT.divide(part, whole))


def share(part: int, whole: int) -> Decimal | None:
    """So many of so many in percent; None of none."""
    return ratio(100 * part, whole) if whole else None


def money_share(part: Decimal, whole: Decimal) -> Decimal | None:
    """One amount as a percentage of another; None when that is 0."""
    if not whole:
        return None
    return settle(CONTEXT.divide(CONTEXT.multiply(HUNDRED, part), whole))


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The sum, to 50 digits."""
    add = CONTEXT.add
    found = ZERO
    for number in numbers:
        found = add(found, number)
    return found


def mean(numbers: Sequence[Decimal]) -> Decimal:
    """The plain mean of at least one number, settled."""
    if len(numbers) == 1:
        return settle(numbers[0])
    return settle(CONTEXT.divide(total(numbers), len(numbers)))


def weighted_mean(numbers: Iterable[Decimal | None], weights: Iterable[Decimal]) -> Decimal | None:
    """The mean of the numbers that are there, by their weights, settled.

    None when no number is there, or none that has a weight above 0.
    """
    fma, add = CONTEXT.fma, CONTEXT.add
    upper = lower = ZERO
    for number, weight in zip(numbers, weights, strict=True):
        if number is not None and weight:
            upper = fma(number, weight, upper)
            lower = add(lower, weight)
    return settle(CONTEXT.divide(upper, lower)) if lower else None


def deviation(numbers: Sequence[Decimal]) -> Decimal:
    """The population standard deviation of at least one number, settled."""
    count = len(numbers)
    middle = CONTEXT.divide(total(numbers), count)
    squares = ZERO
    for number in numbers:
        distance = CONTEXT.subtract(number, middle)
        squares = CONTEXT.fma(distance, distance, squares)
    return settle(CONTEXT.sqrt(CONTEXT.divide(squares, count)))
