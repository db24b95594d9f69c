"""What the frame reads in one statement: own accounts as the rules take them, pins, and the age of the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import scope_ledger
from accounts.models import Client, Comment, FollowUp, Person, Pin, PulseRequest, PulseSheet, TeamMember
from metrics.figures.needs import AccountAtHand, Advice, AskedPulse, ContactAtClient, Word
from metrics.queries.frame import PINS_SHOWN, framed
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def northwind(lena: Person) -> Client:
    return builders.client("Northwind", account_manager=lena, value_tier="A")


def at_hand(lena: Person) -> AccountAtHand:
    (account,) = framed(NOW, lena).accounts
    return account


def test_today_is_where_the_agency_is(lena: Person) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert framed(late, lena).today == TODAY
    builders.setting("time_zone", date(2026, 11, 24), "Europe/Berlin")
    assert framed(late, lena).today == date(2026, 11, 25)
    builders.setting("time_zone", date(2026, 11, 25), "America/New_York")  # from tomorrow on
    assert framed(late, lena).today == date(2026, 11, 25)


def test_what_a_client_wrote_late_is_of_the_day_where_the_agency_is(lena: Person, northwind: Client) -> None:
    builders.setting("time_zone", date(2026, 1, 1), "Pacific/Auckland")
    dana, late = builders.signs_in(builders.dana(northwind)), datetime(2026, 11, 20, 12, tzinfo=UTC)
    by_dana = {"client": northwind, "side": "client", "written_by": dana, "signature": "Dana"}
    Comment.objects.create(body="Hello", written_at=late, **by_dana)
    FollowUp.objects.create(client=northwind, asked_by=dana, asked_as="Dana", subject="The budget", asked_at=late)
    assert {word.on for word in at_hand(lena).words} == {date(2026, 11, 21)}
    builders.check_in(northwind, date(2026, 11, 20))
    assert {word.kind for word in at_hand(lena).words} == {"comment", "follow_up"}
    builders.check_in(northwind, date(2026, 11, 21))
    assert {word.kind for word in at_hand(lena).words} == {"follow_up"}


@pytest.mark.parametrize(("tier", "interval"), [("A", 10), ("B", 30), ("C", 60), ("", 45)])
def test_the_interval_is_that_of_the_tier_in_force_today(lena: Person, tier: str, interval: int) -> None:
    builders.client("Northwind", account_manager=lena, value_tier=tier)
    builders.setting("interval_a", date(2026, 11, 24), "10")
    builders.setting("interval_unset", date(2026, 1, 1), "45")
    builders.setting("interval_b", date(2026, 11, 25), "7")
    assert at_hand(lena).interval == interval


def test_whole_numbers_are_read_however_they_are_written(lena: Person, northwind: Client) -> None:
    builders.setting("interval_a", date(2026, 1, 1), "10.0")
    builders.setting("fiscal_year_month", date(2026, 1, 1), "2.0")
    builders.pulse(northwind, date(2026, 10, 31), comment="Open", trust=3)
    builders.pulse(northwind, date(2026, 11, 1), comment="Closed", trust=3)
    account = at_hand(lena)
    assert account.interval == 10
    assert [word.words for word in account.words] == ["Open"]


def test_the_last_check_in_is_one_held_by_today(lena: Person, northwind: Client) -> None:
    assert at_hand(lena).last_check_in is None
    builders.check_in(northwind, date(2026, 11, 3))
    builders.check_in(northwind, date(2026, 11, 25))
    assert at_hand(lena).last_check_in == date(2026, 11, 3)
    builders.check_in(northwind, TODAY)
    assert at_hand(lena).last_check_in == TODAY


def test_a_reversed_start_is_no_start(lena: Person, northwind: Client) -> None:
    engagement = builders.engagement(northwind)
    start = builders.scope_change(engagement, "start", date(2026, 1, 1), 1000)
    assert at_hand(lena).first_start == date(2026, 1, 1)
    assert at_hand(lena).in_scope
    scope_ledger.reverse(start, "Never agreed", None)
    found = at_hand(lena)
    assert (found.first_start, found.in_scope, found.terms) == (None, False, ())


def test_a_retainer_has_scope_from_its_start_to_its_end(lena: Person, northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2026, 11, 25))
    assert not at_hand(lena).in_scope
    other = builders.retainer_since(northwind, TODAY, name="Other")
    assert at_hand(lena).in_scope
    builders.scope_change(other, "end", TODAY)
    assert not at_hand(lena).in_scope
    assert at_hand(lena).terms == ()
    assert retainer.pk


def test_a_price_is_no_scope(lena: Person, northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2026, 1, 1), 0)
    builders.scope_change(retainer, "price", date(2026, 2, 1), 100)
    assert not at_hand(lena).in_scope


def test_a_project_has_scope_while_it_is_open_or_younger_than_a_year(lena: Person, northwind: Client) -> None:
    project = builders.project_since(northwind, date(2025, 11, 23))
    assert at_hand(lena).in_scope
    builders.scope_change(project, "end", date(2026, 2, 1), 0)
    assert not at_hand(lena).in_scope
    younger = builders.project_since(northwind, date(2025, 11, 24), name="Younger")
    builders.scope_change(younger, "end", date(2026, 2, 1), 0)
    assert at_hand(lena).in_scope


def test_the_term_is_that_of_the_latest_row_that_carries_one(lena: Person, northwind: Client) -> None:
    retainer = builders.engagement(northwind, "Media", external_id="media")
    builders.scope_change(retainer, "start", date(2025, 1, 1), 1000, ends_on=date(2026, 1, 1))
    builders.scope_change(retainer, "renewal", date(2025, 12, 1), ends_on=date(2026, 12, 31))
    builders.scope_change(retainer, "renewal", date(2026, 6, 1))
    (term,) = at_hand(lena).terms
    assert (term.engagement, term.name, term.ends_on) == ("media", "Media", date(2026, 12, 31))
    # What is recorded already of days to come settles it.
    builders.scope_change(retainer, "renewal", date(2026, 12, 31), ends_on=date(2027, 12, 31))
    assert at_hand(lena).terms[0].ends_on == date(2027, 12, 31)
    builders.scope_change(retainer, "end", date(2027, 12, 31))
    assert at_hand(lena).terms == ()


def test_contacts_and_advice_come_as_they_are_recorded(lena: Person, northwind: Client) -> None:
    builders.dana(northwind, decision_maker=True, left_on=date(2026, 12, 1))
    builders.contact(northwind, "Eve")
    for days, outcome in ((24, ""), (25, ""), (20, "better"), (20, "unknown")):
        builders.recommendation(
            northwind,
            date(2026, 6, 1),
            f"By {days} {outcome}",
            external_id=f"{days}{outcome}",
            expected_by=date(2026, 11, days),
            outcome=outcome,
        )
    builders.recommendation(northwind, date(2026, 6, 1), "Some day")
    found = at_hand(lena)
    assert set(found.contacts) == {
        ContactAtClient("Dana", True, date(2026, 12, 1)),
        ContactAtClient("Eve", False, None),
    }
    assert found.advice == (Advice("24", "By 24 ", TODAY),)


def test_patterns_are_those_of_the_last_two_quarters_that_ended(lena: Person) -> None:
    portfolios.account("Northwind", met=True, account_manager=lena)
    portfolios.store_figures()
    found = framed(datetime(2026, 5, 15, tzinfo=UTC), lena).accounts[0].patterns
    assert [(one.quarter, one.pattern) for one in found] == [("2026-Q1", "stalling"), ("2025-Q4", "stalling")]


def test_one_s_own_pulse_is_at_hand_until_it_is_sent(lena: Person, northwind: Client) -> None:
    def request(person: Person, starts_on: date, **fields: Any) -> None:
        PulseRequest.objects.create(
            client=northwind,
            person=person,
            starts_on=starts_on,
            answer_by=date(2026, 12, 14),
            asked_as="Omar",
            **{"side": "agency", "asked_by": omar, **fields},
        )

    omar = builders.omar()
    request(lena, date(2026, 7, 1))
    request(builders.sam(), date(2026, 10, 1))
    assert at_hand(lena).pulse is None
    request(lena, date(2026, 10, 1))
    assert at_hand(lena).pulse == AskedPulse(date(2026, 12, 14), "Omar")
    PulseRequest.objects.update(asked_by=lena)
    assert at_hand(lena).pulse == AskedPulse(date(2026, 12, 14), "")
    # What is filled in is not sent, and what was sent a quarter ago is another.
    PulseSheet.objects.create(client=northwind, side="agency", person=lena, starts_on=date(2026, 10, 1), trust=3)
    builders.pulse(northwind, date(2026, 9, 30), "agency", trust=3)
    assert at_hand(lena).pulse is not None
    builders.pulse(northwind, date(2026, 10, 1), "agency", trust=3)
    assert at_hand(lena).pulse is None


def test_leadership_is_asked_for_its_pulse_only_where_it_answers(northwind: Client) -> None:
    omar = builders.omar()
    builders.team_member(northwind, omar, role="sponsor", started_on=date(2026, 10, 2))
    PulseRequest.objects.create(
        client=northwind,
        side="agency",
        person=omar,
        starts_on=date(2026, 10, 1),
        answer_by=date(2026, 12, 14),
        asked_by=omar,
        asked_as="Omar",
    )
    assert at_hand(omar).pulse is None
    TeamMember.objects.filter(person=omar).update(started_on=date(2026, 10, 1))
    assert at_hand(omar).pulse is not None


@pytest.mark.parametrize(("first_month", "starts_on"), [(1, date(2026, 10, 1)), (2, date(2026, 11, 1))])
def test_a_comment_beside_a_pulse_of_the_quarter_in_progress_is_closed_until_one_s_own_is_sent(
    lena: Person, northwind: Client, first_month: int, starts_on: date
) -> None:
    builders.setting("fiscal_year_month", date(2026, 1, 1), str(first_month))
    builders.dana(northwind, email="dana@northwind.example")
    before = starts_on - timedelta(days=1)
    builders.pulse(northwind, before, comment="Open", trust=3)
    builders.pulse(northwind, starts_on, comment="Closed", trust=3)
    assert at_hand(lena).words == (Word("pulse_comment", before, "Dana", "Open"),)
    builders.pulse(northwind, starts_on, "agency", trust=3)
    assert [word.words for word in at_hand(lena).words] == ["Open", "Closed"]


def test_a_confidential_comment_is_never_at_hand_and_a_check_in_answers_the_others(
    lena: Person, northwind: Client
) -> None:
    builders.pulse(northwind, date(2026, 8, 1), comment="Between us", trust=3, confidential=True)
    builders.pulse(northwind, date(2026, 8, 2), comment="", trust=3)
    builders.pulse(northwind, date(2026, 8, 3), "agency", comment="Ours", trust=3)
    assert at_hand(lena).words == ()
    builders.pulse(northwind, date(2026, 8, 4), comment="Too slow", respondent="kim@northwind.example", trust=3)
    builders.check_in(northwind, date(2026, 8, 3))
    assert at_hand(lena).words == (Word("pulse_comment", date(2026, 8, 4), "kim@northwind.example", "Too slow"),)
    builders.check_in(northwind, date(2026, 8, 4))
    assert at_hand(lena).words == ()


def test_accounts_in_need_are_counted_once(lena: Person, northwind: Client) -> None:
    builders.retainer_since(northwind, date(2026, 1, 1))
    builders.dana(northwind, left_on=date(2026, 10, 1))
    builders.client("Contoso", account_manager=lena)
    found = framed(NOW, lena)
    assert [(need.account, need.kind) for need in found.needs] == [
        ("Northwind", "contact_left"),
        ("Northwind", "check_in_overdue"),
    ]
    assert found.accounts_in_need == 1
    assert [account.name for account in found.accounts] == ["Contoso", "Northwind"]


# Pins


def test_pins_are_ones_own_by_name_and_at_most_eight(lena: Person) -> None:
    for number in range(10, 0, -1):
        Pin.objects.create(person=lena, client=builders.client(f"Client {number:02}"))
    Pin.objects.create(person=builders.sam(), client=builders.client("Another"))
    found = framed(NOW, lena).pinned
    assert [one.name for one in found] == [f"Client {number:02}" for number in range(1, PINS_SHOWN + 1)]


def test_a_pin_carries_the_last_pattern_that_was_read(lena: Person) -> None:
    client = portfolios.account("Northwind", met=True)
    Pin.objects.create(person=lena, client=client)
    assert framed(NOW, lena).pinned[0].pattern == ""
    portfolios.store_figures()
    assert framed(NOW, lena).pinned[0].pattern == "stalling"
    assert framed(NOW, lena, client.pk).is_pinned
    assert not framed(NOW, lena).is_pinned
    assert not framed(NOW, builders.sam(), client.pk).is_pinned


def test_whoever_may_see_nothing_has_nothing_at_hand(northwind: Client) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    Pin.objects.create(person=dana, client=northwind)
    for user in (dana, AnonymousUser()):
        found = framed(NOW, user)
        assert (found.accounts, found.pinned, found.needs) == ((), (), ())


@pytest.mark.parametrize("count", [3, 30])
def test_it_is_one_statement_however_many_accounts(lena: Person, count: int, django_assert_num_queries: Any) -> None:
    portfolios.many(count, lena)
    with django_assert_num_queries(1):
        assert len(framed(NOW, lena).accounts) == count
