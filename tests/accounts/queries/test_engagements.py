"""Engagements as they stand on a day: scope, the term in force, what is left of it, and until when notice is given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts import scope_ledger
from accounts.models import Client
from accounts.queries.account_records import account_records
from accounts.queries.engagements import EngagementRow, engagements
from accounts.queries.ledger import ledger
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 15)


@pytest.fixture
def northwind() -> Client:
    return builders.client()


def rows(client: Client, day: date = TODAY) -> tuple[EngagementRow, ...]:
    return engagements(account_records(client.pk).engagements, ledger(client.pk), day)


def test_an_engagement_has_the_scope_of_the_day_at_constant_prices(northwind: Client) -> None:
    media = builders.engagement(northwind, "Media", service_line="Search", pricing="value", notice_days=90)
    builders.scope_change(media, "start", date(2025, 1, 1), 1000)
    builders.scope_change(media, "price", date(2025, 6, 1), 100)
    builders.scope_change(media, "expansion", TODAY, 500)
    builders.scope_change(media, "expansion", date(2026, 5, 16), 700)
    (row,) = rows(northwind)
    assert row.annual_scope == Decimal(18_000)
    assert (row.service_line, row.billing_name, row.pricing_name) == ("Search", "Retainer", "Value")
    assert (row.started_on, row.ended_on, row.is_open) == (date(2025, 1, 1), None, True)
    assert (row.ends_on, row.days_left, row.last_notice_on) == (None, None, None)


def test_the_term_in_force_is_that_of_the_latest_row_that_carries_one(northwind: Client) -> None:
    media = builders.engagement(northwind, "Media", notice_days=30)
    builders.scope_change(media, "start", date(2025, 1, 1), 1000, ends_on=date(2025, 12, 31))
    builders.scope_change(media, "renewal", date(2025, 12, 1), ends_on=date(2026, 6, 30))
    builders.scope_change(media, "renewal", date(2026, 1, 1))
    wrong = builders.scope_change(media, "renewal", date(2026, 2, 1), ends_on=date(2030, 1, 1))
    scope_ledger.reverse(wrong, "Wrong year", None)
    builders.scope_change(media, "renewal", date(2026, 6, 1), ends_on=date(2027, 6, 30))
    (row,) = rows(northwind)
    assert (row.ends_on, row.days_left, row.last_notice_on) == (date(2026, 6, 30), 46, date(2026, 5, 31))
    (row,) = rows(northwind, date(2026, 6, 1))
    assert row.ends_on == date(2027, 6, 30)


def test_of_two_terms_on_one_day_the_later_end_holds(northwind: Client) -> None:
    media = builders.engagement(northwind, "Media")
    builders.scope_change(media, "start", date(2025, 1, 1), 1000, ends_on=date(2026, 12, 31))
    builders.scope_change(media, "renewal", date(2025, 1, 1), ends_on=date(2026, 6, 30))
    assert rows(northwind)[0].ends_on == date(2026, 12, 31)


def test_a_term_that_has_passed_has_less_than_no_days_left(northwind: Client) -> None:
    media = builders.engagement(northwind, "Media")
    builders.scope_change(media, "start", date(2025, 1, 1), 1000, ends_on=date(2026, 5, 14))
    assert rows(northwind)[0].days_left == -1


def test_open_ones_come_first_and_of_those_the_largest(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2025, 1, 1), 100, name="Small")
    builders.retainer_since(northwind, date(2025, 1, 1), 900, name="Large")
    ended = builders.retainer_since(northwind, date(2025, 1, 1), 5000, name="Ended")
    builders.scope_change(ended, "end", date(2026, 1, 1))
    builders.engagement(northwind, "Nothing yet")
    builders.retainer_since(northwind, date(2026, 6, 1), 5000, name="Next month")
    found = rows(northwind)
    assert [row.name for row in found] == ["Large", "Small", "Ended", "Next month", "Nothing yet"]
    assert [row.is_open for row in found] == [True, True, False, False, False]
    assert found[2].ended_on == date(2026, 1, 1)
    assert {row.annual_scope for row in found[2:]} == {Decimal(0)}


def test_two_engagements_of_one_name_keep_their_own_ledgers(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2025, 1, 1), 100, name="Media")
    builders.retainer_since(northwind, date(2025, 1, 1), 200, name="Media")
    assert [row.annual_scope for row in rows(northwind)] == [Decimal(2400), Decimal(1200)]
