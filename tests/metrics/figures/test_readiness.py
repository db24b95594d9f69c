from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.settings_in_force import SettingVersion
from metrics.figures.readiness import ReadinessFacts, is_check_in_overdue, unmet_conditions
from tests.metrics.figures.northwind import default_settings

READY = ReadinessFacts(Decimal(60), False, Decimal(50), False, "flat")
SETTINGS = default_settings(count=1)[0]


def test_a_client_at_every_edge_is_ready() -> None:
    assert unmet_conditions(READY, SETTINGS) == ()


@pytest.mark.parametrize("attainment", [Decimal("59.99999999999999999999"), Decimal(0), None])
def test_a_client_that_does_not_succeed_is_not_ready(attainment: Decimal | None) -> None:
    assert unmet_conditions(replace(READY, attainment=attainment), SETTINGS) == ("not_succeeding",)


@pytest.mark.parametrize("attainment", [Decimal(0), None])
def test_an_achieved_goal_is_success_too(attainment: Decimal | None) -> None:
    assert unmet_conditions(replace(READY, attainment=attainment, goal_achieved=True), SETTINGS) == ()


def test_a_low_partnership_score_is_unmet_and_an_unknown_one_is_not() -> None:
    low = replace(READY, partnership_score=Decimal("49.99999999999999999999"))
    assert unmet_conditions(low, SETTINGS) == ("partnership_low",)
    assert unmet_conditions(replace(READY, partnership_score=None), SETTINGS) == ()


def test_an_overdue_check_in_is_unmet() -> None:
    assert unmet_conditions(replace(READY, check_in_overdue=True), SETTINGS) == ("check_in_overdue",)


@pytest.mark.parametrize("movement", ["contracting", "lost"])
def test_a_client_whose_scope_shrinks_is_not_ready(movement: str) -> None:
    assert unmet_conditions(replace(READY, movement=movement), SETTINGS) == ("contracting",)


@pytest.mark.parametrize("movement", ["expanding", "flat", "new", "returned"])
def test_a_client_whose_scope_does_not_shrink_is_ready(movement: str) -> None:
    assert unmet_conditions(replace(READY, movement=movement), SETTINGS) == ()


def test_every_unmet_condition_is_named() -> None:
    assert unmet_conditions(ReadinessFacts(None, False, Decimal(10), True, "contracting"), SETTINGS) == (
        "not_succeeding",
        "partnership_low",
        "check_in_overdue",
        "contracting",
    )


def test_thresholds_are_those_in_force() -> None:
    strict = default_settings(
        SettingVersion("ready_attainment", date(2024, 2, 1), "75"),
        SettingVersion("ready_partnership", date(2024, 2, 1), "55.5"),
        count=1,
    )[0]
    assert unmet_conditions(READY, strict) == ("not_succeeding", "partnership_low")


@pytest.mark.parametrize(
    ("day", "overdue"), [(date(2025, 3, 14), False), (date(2025, 3, 15), False), (date(2025, 3, 16), True)]
)
def test_a_check_in_is_overdue_from_the_day_after_it_fell_due(day: date, overdue: bool) -> None:
    assert is_check_in_overdue(day, 14, date(2025, 3, 1), date(2020, 1, 1)) is overdue


def test_without_a_check_in_time_runs_from_the_first_start() -> None:
    assert is_check_in_overdue(date(2025, 3, 16), 14, None, date(2025, 3, 1))
    assert not is_check_in_overdue(date(2025, 3, 15), 14, None, date(2025, 3, 1))


def test_a_client_that_never_started_is_owed_no_check_in() -> None:
    assert not is_check_in_overdue(date(2025, 3, 16), 14, None, None)
