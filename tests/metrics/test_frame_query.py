"""What the frame reads in one statement: own accounts as the rules take them, pins, and the age of the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import scope_ledger
from accounts.models import Client, Comment, FollowUp, Person, Pin
from metrics.figures.needs import AccountAtHand, Advice, ContactAtClient
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
