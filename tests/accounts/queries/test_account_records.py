"""The records of one client in one query: what is there, what is due, and that nothing else gets in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Comment, FollowUp
from accounts.queries.account_records import AccountRecords, PulseDay, Someone, account_records
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 15)


@pytest.mark.parametrize("each", [1, 100])
def test_however_much_there_is_it_is_one_query(each: int, django_assert_num_queries: Any) -> None:
    cast = builders.cast()
    for number in range(each):
        day = date(2026, 1, 1 + number % 28)
        builders.check_in(cast.northwind, day, [cast.dana], [cast.lena, cast.sam])
        builders.opportunity(builders.goal(cast.northwind, day))
        builders.recommendation(cast.northwind, day)
        builders.pulse(cast.northwind, day, respondent=f"{number}@northwind.example")
        builders.engagement(cast.northwind)
    with django_assert_num_queries(1):
        found = account_records(cast.northwind.pk)
    assert len(found.check_ins) == len(found.goals) == len(found.advice) == len(found.engagements) == each
    assert found.check_ins[0].people == (Someone(cast.lena.pk, "Lena"), Someone(cast.sam.pk, "Sam"))
    assert found.check_ins[0].contacts == (Someone(cast.dana.pk, "Dana"),)


def test_a_client_without_records_has_none_and_has_not_anothers() -> None:
    cast = builders.cast()
    builders.check_in(cast.northwind, TODAY, [cast.dana], [cast.lena])
    builders.goal(cast.northwind, TODAY)
    assert account_records(builders.client("Contoso").pk) == AccountRecords()
    assert account_records(0) == AccountRecords()


def test_days_signs_and_what_is_not_known_arrive_as_they_are() -> None:
    northwind = builders.client()
    builders.check_in(northwind, TODAY, signs=["new_channel"], initiated_by="client")
    builders.standing(northwind, TODAY, "lead", exclusive=True)
    builders.standing(northwind, date(2025, 1, 1), "several")
    builders.involvement(northwind, TODAY, "people", ended_on=TODAY)
    builders.opportunity(builders.goal(northwind, TODAY, "Go north", due_on=TODAY), raised_on=TODAY)
    found = account_records(northwind.pk)
    assert (found.check_ins[0].held_on, found.check_ins[0].signs) == (TODAY, ("new_channel",))
    assert (found.check_ins[0].initiated_by, found.check_ins[0].contacts) == ("client", ())
    assert [(row.standing, row.exclusive) for row in found.standings] == [("lead", True), ("several", None)]
    assert found.involvements[0].ended_on == TODAY
    assert (found.opportunities[0].goal, found.opportunities[0].raised_on) == ("Go north", TODAY)
    assert found.opportunities[0].closed_on is None
    assert found.goals[0].due_on == TODAY


def test_what_was_written_late_is_of_the_day_where_the_agency_is() -> None:
    builders.setting("time_zone", date(2025, 1, 1), "America/New_York")
    builders.setting("time_zone", date(2026, 1, 1), "Pacific/Auckland")
    builders.setting("time_zone", date(2200, 1, 1), "Europe/Paris")
    cast = builders.cast()
    dana, late = builders.signs_in(cast.dana), datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
    by_dana = {"client": cast.northwind, "side": "client", "written_by": dana, "signature": "Dana"}
    Comment.objects.create(body="Hello", written_at=late, **by_dana)
    FollowUp.objects.create(
        client=cast.northwind,
        asked_by=dana,
        asked_as="Dana",
        subject="The budget",
        asked_at=late,
        answered_by=cast.lena,
        answered_as="Lena",
        answer="On Monday",
        answered_at=late + timedelta(days=1),
    )
    found = account_records(cast.northwind.pk)
    assert found.comments[0].written_on == date(2026, 4, 1)
    assert (found.follow_ups[0].asked_on, found.follow_ups[0].answered_on) == (date(2026, 4, 1), date(2026, 4, 2))


def test_answers_are_counted_by_day_and_side_and_confidential_ones_are_not_there() -> None:
    northwind = builders.client()
    builders.pulse(northwind, TODAY, confidential=False)
    builders.pulse(northwind, TODAY, respondent="eve@northwind.example")
    builders.pulse(northwind, TODAY, "agency")
    builders.pulse(northwind, date(2026, 5, 16), respondent="finn@northwind.example", confidential=True)
    builders.pulse(northwind, TODAY, respondent="finn@northwind.example", confidential=True)
    assert account_records(northwind.pk).pulses == (PulseDay(TODAY, "agency", 1), PulseDay(TODAY, "client", 2))


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"expected_by": TODAY}, True),
        ({"expected_by": date(2026, 5, 16)}, False),
        ({}, False),
        ({"expected_by": TODAY, "outcome": "worse"}, False),
        ({"expected_by": TODAY, "outcome": "unknown"}, True),
        ({"expected_by": TODAY, "outcome": "unknown", "outcome_on": TODAY}, False),
    ],
)
def test_advice_is_due_on_its_day_until_it_is_judged(fields: dict[str, Any], due: bool) -> None:
    northwind = builders.client()
    builders.recommendation(northwind, date(2026, 1, 1), **fields)
    assert account_records(northwind.pk).advice[0].is_due(TODAY) is due


def test_what_is_closed_or_said_to_be_over_is_not_open() -> None:
    northwind = builders.client()
    goals = [
        builders.goal(northwind, TODAY, "open"),
        builders.goal(northwind, TODAY, "unsaid", status=""),
        builders.goal(northwind, TODAY, "reached", status="achieved"),
        builders.goal(northwind, TODAY, "closed", closed_on=TODAY),
    ]
    for stage in ("idea", "raised", "agreed", "declined", ""):
        builders.opportunity(goals[0], stage or "unsaid", stage=stage)
    found = account_records(northwind.pk)
    assert {goal.title for goal in found.goals if goal.is_open} == {"open", "unsaid"}
    assert {row.title for row in found.opportunities if row.is_open} == {"idea", "raised", "unsaid"}
