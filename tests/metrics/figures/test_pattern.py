from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.figures.attainment import attainment
from metrics.figures.pattern import TOO_EARLY, Pattern, pattern
from tests.metrics.figures import by_fractions
from tests.metrics.figures.test_exact import counts, hundredths

GOOD = Decimal(80)


def told(scopes: Sequence[int], attainments: Sequence[int | str | Decimal | None], scope_end: int | str) -> Pattern:
    return pattern(
        [Decimal(scope) for scope in scopes],
        [None if number is None else Decimal(number) for number in attainments],
        Decimal(scope_end),
        GOOD,
    )


@pytest.mark.parametrize(
    ("attainments", "scope_end", "code"),
    [
        ([90, 90, 90, 90], 1200, "compounding"),
        ([90, 90, 90, 90], 1000, "stalling"),
        ([90, 90, 90, 90], 800, "stalling"),
        ([50, 90, 50, 90], 1200, "deepening"),
        ([50, 90, 50, 90], 1000, "at_risk"),
        ([50, 90, 50, 90], 0, "at_risk"),
    ],
)
def test_the_four_patterns(attainments: list[int], scope_end: int, code: str) -> None:
    assert told([1000, 1000, 1000, 1000], attainments, scope_end).code == code


def test_numbers_are_good_from_80_on() -> None:
    assert told([1000, 1000], [70, 90], 1000).code == "stalling"
    assert told([1000, 1000], [70, "89.99999999999999999998"], 1000).code == "at_risk"


def test_two_thirds_and_fourteen_fifteenths_are_good_numbers() -> None:
    found = told([1000, 1000], [attainment(2, 3), attainment(14, 15)], 1000)
    assert (found.code, found.attainment) == ("stalling", Decimal(80))


def test_the_pattern_says_what_it_was_read_from() -> None:
    assert told([0, 900, 1000, 1000], [10, 80, None, 100], 1200) == Pattern("compounding", 2, Decimal(90), Decimal(900))


def test_readings_from_before_there_was_scope_do_not_count() -> None:
    assert told([0, 1000, 1000], [0, 90, 90], 1000).code == "stalling"
    assert told([0, 0, 1000, 1000], [90, 90, 90, None], 1000) == TOO_EARLY


def test_the_pattern_is_read_across_a_gap() -> None:
    assert told([1000, 0, 0, 800], [90, None, 0, 90], 1100) == Pattern("deepening", 3, Decimal(60), Decimal(1000))


def test_one_quarter_of_scope_is_too_early_to_tell() -> None:
    assert told([0, 0, 0, 1000], [90, 90, 90, 90], 1200) == TOO_EARLY
    assert told([1000], [90], 1200) == TOO_EARLY


def test_attainment_in_one_quarter_is_too_early_to_tell() -> None:
    assert told([1000, 1000, 1000], [None, 90, None], 1200) == TOO_EARLY


def test_a_client_that_had_no_scope_at_any_quarter_start_is_too_early_to_tell() -> None:
    assert told([0, 0, 0, 0], [90, 90, 90, 90], 1200) == TOO_EARLY


@given(st.lists(counts, min_size=2, max_size=4), st.integers(0, 100))
def test_good_numbers_are_told_as_with_fractions(parts: list[tuple[int, int]], threshold: int) -> None:
    found = pattern(
        [Decimal(1)] * len(parts),
        [attainment(met, readings) for met, readings in parts],
        Decimal(1),
        Decimal(threshold),
    )
    middle = by_fractions.mean([hundredths(met, readings) for met, readings in parts])
    assert found.code == ("stalling" if middle >= threshold else "at_risk")
