from decimal import Decimal, getcontext, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.figures.exact import (
    CONTEXT,
    deviation,
    divide,
    exact,
    mean,
    money_share,
    ratio,
    settle,
    share,
    weighted_mean,
)
from tests.metrics.figures import by_fractions
from tests.metrics.figures.by_fractions import printed, rounded

counts = st.tuples(st.integers(0, 60), st.integers(1, 60))
weights = st.sampled_from(["0", "0.1", "0.2", "0.4", "1", "1.5", "3", "7.25", "1000", "0.333333"])


def hundredths(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole)


def test_two_thirds_and_fourteen_fifteenths_have_a_mean_of_exactly_80() -> None:
    assert mean([ratio(200, 3), ratio(1400, 15)]) == 80


def test_three_thirds_are_a_whole() -> None:
    assert mean([ratio(100, 3)] * 3) == ratio(100, 3)
    assert weighted_mean([ratio(100, 3), ratio(200, 3)], [Decimal(1), Decimal(1)]) == 50


@pytest.mark.parametrize(
    ("number", "settled"),
    [
        ("0.000000000000000000005", "0.00000000000000000001"),
        ("-0.000000000000000000005", "-0.00000000000000000001"),
        ("0.0000000000000000000049", "0"),
        ("12.5", "12.5"),
        ("100", "100"),
    ],
)
def test_numbers_settle_at_20_places_half_away_from_zero(number: str, settled: str) -> None:
    assert settle(Decimal(number)) == Decimal(settled)


@pytest.mark.parametrize("number", ["-0", "-1E-40", "0E+7", "0E-60"])
def test_nothing_settles_at_minus_zero(number: str) -> None:
    assert str(settle(Decimal(number))) == "0"


def test_whole_numbers_are_written_without_places() -> None:
    assert str(settle(Decimal("80.000"))) == "80"
    assert str(settle(Decimal("8E+2"))) == "800"


def test_amounts_beyond_all_reason_keep_their_first_50_digits() -> None:
    assert money_share(Decimal("1E+32"), Decimal("0.0003")) == Decimal("3" * 38 + "." + "3" * 12)


def test_nothing_is_a_share_of_nothing() -> None:
    assert share(0, 0) is None
    assert money_share(Decimal(0), Decimal(0)) is None
    assert weighted_mean([None, None], [Decimal(1), Decimal(1)]) is None
    assert weighted_mean([Decimal(50), None], [Decimal(0), Decimal(1)]) is None


def test_operators_have_fifty_digits_inside_and_what_they_had_outside() -> None:
    @exact
    def third(again: int) -> Decimal:
        assert getcontext() is CONTEXT
        return Decimal(1) / 3 if not again else third(again - 1)

    with localcontext(prec=5):
        assert third(2) == Decimal("0." + "3" * 50)
        assert getcontext().prec == 5


def test_the_callers_digits_come_back_after_an_error() -> None:
    @exact
    def fail() -> None:
        raise LookupError

    with localcontext(prec=5):
        with pytest.raises(LookupError):
            fail()
        assert getcontext().prec == 5


@given(st.lists(counts, min_size=1, max_size=10))
def test_a_mean_of_shares_is_that_of_fractions(parts: list[tuple[int, int]]) -> None:
    found = mean([ratio(100 * part, whole) for part, whole in parts])
    expected = by_fractions.mean([hundredths(part, whole) for part, whole in parts])
    assert printed(found) == rounded(expected, 4)
    assert abs(Fraction(found) - expected) < Fraction(1, 10**20)
    for edge in range(0, 101, 5):
        assert (found >= edge) == (expected >= edge)
        assert (found == edge) == (expected == edge)


@given(st.lists(st.tuples(st.none() | counts, weights), min_size=1, max_size=10))
def test_a_weighted_mean_of_shares_is_that_of_fractions(
    parts: list[tuple[tuple[int, int] | None, str]],
) -> None:
    found = weighted_mean(
        [None if part is None else ratio(100 * part[0], part[1]) for part, _ in parts],
        [Decimal(weight) for _, weight in parts],
    )
    expected = by_fractions.weighted_mean(
        [None if part is None else hundredths(*part) for part, _ in parts],
        [Fraction(weight) for _, weight in parts],
    )
    if found is None or expected is None:
        assert found is None
        assert expected is None
        return
    assert printed(found) == rounded(expected, 4)
    assert (found >= 40) == (expected >= 40)
    assert (found >= 70) == (expected >= 70)


@given(st.lists(counts, min_size=1, max_size=4))
def test_a_deviation_squared_is_the_variance_of_fractions(parts: list[tuple[int, int]]) -> None:
    found = deviation([ratio(100 * part, whole) for part, whole in parts])
    numbers = [hundredths(part, whole) for part, whole in parts]
    middle = by_fractions.mean(numbers)
    expected = by_fractions.mean([(number - middle) ** 2 for number in numbers])
    least = max(Fraction(found) - Fraction(1, 10**19), Fraction(0))
    most = Fraction(found) + Fraction(1, 10**19)
    assert least**2 <= expected <= most**2


@given(st.decimals(0, 10**15, places=4), st.decimals("0.0001", 10**15, places=4))
def test_a_share_of_money_is_that_of_fractions(part: Decimal, whole: Decimal) -> None:
    found = money_share(part, whole)
    assert found is not None
    assert found == rounded(100 * Fraction(part) / Fraction(whole), 20)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_quotient_is_that_of_fractions(part: int, whole: int) -> None:
    assert divide(part, whole) == ratio(part, whole) == rounded(Fraction(part, whole), 20)
