from decimal import Decimal

from metrics.figures.attainment import attainment, swing
from tests.metrics.figures.by_fractions import printed


def test_two_of_three_targets_met_is_66_6667() -> None:
    found = attainment(2, 3)
    assert found is not None
    assert printed(found) == Decimal("66.6667")


def test_no_target_met_is_zero_and_no_target_set_is_no_figure() -> None:
    assert attainment(0, 5) == 0
    assert attainment(0, 0) is None


def test_the_swing_of_70_80_90_is_that_of_the_population() -> None:
    found = swing([Decimal(70), Decimal(80), Decimal(90)])
    assert found is not None
    assert printed(found) == Decimal("8.1650")


def test_numbers_that_never_move_do_not_swing() -> None:
    third = attainment(1, 3)
    assert swing([third, third, third]) == 0


def test_quarters_without_readings_are_left_out_of_the_swing() -> None:
    assert swing([Decimal(60), None, Decimal(100), Decimal(80)]) == swing([Decimal(60), Decimal(100), Decimal(80)])


def test_a_swing_needs_three_quarters() -> None:
    assert swing([Decimal(60), None, None, Decimal(100)]) is None
    assert swing([]) is None
