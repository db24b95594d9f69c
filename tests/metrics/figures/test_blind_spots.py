from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from metrics.figures.blind_spots import (
    ClientInSight,
    blind_spots,
    is_chasing_new_business,
    is_comment_unanswered,
    is_pulse_missing,
)

DAY = date(2025, 7, 1)
SEEN = ClientInSight(
    value_tier="A",
    industry="Shipping",
    in_scope=True,
    first_start=date(2023, 5, 2),
    last_check_in=date(2025, 6, 20),
    last_client_pulse=date(2025, 6, 3),
    comment_waiting_since=None,
)


def test_a_client_that_is_well_seen_has_no_blind_spot() -> None:
    assert blind_spots(SEEN, 14, DAY) == ()


def test_everything_that_is_not_seen_is_named() -> None:
    unseen = ClientInSight("", "", True, date(2023, 5, 2), None, None, date(2025, 6, 1))
    assert blind_spots(unseen, 14, DAY) == (
        "no_value_tier",
        "no_industry",
        "check_in_overdue",
        "no_client_pulse",
        "comment_unanswered",
    )


def test_a_client_that_is_gone_is_asked_nothing_any_more() -> None:
    gone = replace(SEEN, in_scope=False, last_check_in=None, last_client_pulse=None, industry="")
    assert blind_spots(gone, 14, DAY) == ("no_industry",)


@pytest.mark.parametrize(
    ("answered", "missing"), [(date(2024, 12, 31), False), (date(2024, 12, 30), True), (None, True)]
)
def test_a_pulse_counts_for_182_days(answered: date | None, missing: bool) -> None:
    # 31 December 2024 is 182 days before 1 July 2025.
    assert is_pulse_missing(DAY, answered) is missing


@pytest.mark.parametrize(
    ("since", "unanswered"), [(date(2025, 6, 17), True), (date(2025, 6, 18), False), (None, False)]
)
def test_a_comment_may_wait_for_less_than_14_days(since: date | None, unanswered: bool) -> None:
    assert is_comment_unanswered(DAY, since) is unanswered


def test_new_business_may_bring_as_much_as_existing_clients_grow_and_not_more() -> None:
    assert not is_chasing_new_business(Decimal(1000), Decimal(1000))
    assert is_chasing_new_business(Decimal("1000.0001"), Decimal(1000))
    assert not is_chasing_new_business(Decimal(0), Decimal(0))
