"""An engagement begins in the ledger in the same transaction, or is not there at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Browser

from accounts import scope_ledger
from accounts.models import Client, Engagement, ScopeChange
from tests import builders
from tests.accounts.recording.conftest import Fills, errors, plain


def test_an_engagement_is_recorded_with_its_start(fills: Fills, cast: builders.Cast) -> None:
    answer = fills(
        "engagement_new",
        name="Search",
        service_line="Paid search",
        pricing="value",
        notice_days="90",
        starts_on="2026-02-01",
        value="4000.50",
        ends_on="2027-02-01",
        origin="client",
        involved_from="idea",
        note="They asked at the trade fair",
    )
    assert answer.status_code == 200
    made = Engagement.objects.get()
    assert (made.name, made.service_line, made.billing) == ("Search", "Paid search", "retainer")
    assert (made.pricing, made.notice_days) == ("value", 90)
    start = ScopeChange.objects.get()
    assert (start.engagement, start.client, start.kind) == (made, cast.northwind, "start")
    assert (start.effective_on, start.ends_on) == (date(2026, 2, 1), date(2027, 2, 1))
    assert start.value_delta == Decimal("4000.50")
    assert (start.origin, start.involved_from, start.note) == ("client", "idea", "They asked at the trade fair")
    assert start.recorded_by == cast.lena


@pytest.mark.parametrize("written", ["4.000,50", "4,000.50", "4000.5", "$4,000.50", "4 000,50 USD"])
def test_its_amount_is_read_however_it_is_written(fills: Fills, written: str) -> None:
    assert fills("engagement_new", name="Search", value=written).status_code == 200
    assert ScopeChange.objects.get().value_delta == Decimal("4000.5")


def test_an_amount_in_another_currency_is_refused(fills: Fills) -> None:
    assert errors(fills("engagement_new", name="Search", value="EUR 4000")) == {
        "value": ["Amounts of this client are in USD."]
    }


def test_an_engagement_may_wait_for_its_start(fills: Fills) -> None:
    assert fills("engagement_new", name="Search", starts_on="").status_code == 200
    assert Engagement.objects.count() == 1
    assert not ScopeChange.objects.exists()


def test_what_the_ledger_refuses_is_said_beside_the_field_and_leaves_no_engagement(fills: Fills) -> None:
    said = errors(fills("engagement_new", name="Search", value="-4000"))
    assert said == {"value": ["Expected 0 or more on a start."]}
    assert not Engagement.objects.exists()


def test_a_start_without_an_amount_and_an_amount_without_a_start_are_refused(fills: Fills) -> None:
    assert list(errors(fills("engagement_new", name="Search", value=""))) == ["value"]
    assert list(errors(fills("engagement_new", name="Search", starts_on="", value="10"))) == ["starts_on"]
    assert list(errors(fills("engagement_new", name="Search", value="10", ends_on="2000-01-01"))) == ["ends_on"]
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e40", "9" * 5000, "1.23456", "twelve", "1\0"])
def test_an_amount_that_is_none_is_refused_in_a_sentence(amount: str, fills: Fills) -> None:
    assert list(errors(fills("engagement_new", name="Search", value=amount))) == ["value"]


@pytest.mark.parametrize("days", ["-1", "9" * 5000, str(2**31), "1.5", "many"])
def test_a_notice_period_that_is_none_is_refused_in_a_sentence(days: str, fills: Fills) -> None:
    assert list(errors(fills("engagement_new", name="Search", value="1", notice_days=days))) == ["notice_days"]


def test_billing_stays_once_the_ledger_has_rows(fills: Fills, browser: Browser, northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2026, 1, 5))
    shown = browser.get(f"/accounts/northwind/engagements/{retainer.external_id}/")
    assert "It stays: the ledger has rows of this engagement." in plain(shown)
    assert "How it starts" not in plain(shown)
    answer = fills("engagement", retainer.external_id, billing="project", name="Search")
    assert answer.status_code == 200
    retainer.refresh_from_db()
    assert (retainer.billing, retainer.name) == ("retainer", "Search")
    empty = builders.engagement(northwind, "Film")
    assert fills("engagement", empty.external_id, billing="project").status_code == 200
    empty.refresh_from_db()
    assert empty.billing == "project"


def test_service_lines_that_are_known_are_offered(browser: Browser, northwind: Client) -> None:
    builders.engagement(northwind, service_line="Video & film")
    text = browser.get("/accounts/northwind/engagements/new/").content.decode()
    assert '<option value="Video &amp; film">' in text
    assert 'list="recording_service_line_suggestions"' in text


def test_the_act_is_the_one_that_everything_else_writes_the_ledger_by(fills: Fills, northwind: Client) -> None:
    fills("engagement_new", name="Search", starts_on="2026-02-01", value="4000")
    made = Engagement.objects.get()
    with pytest.raises(scope_ledger.LedgerRefused):
        scope_ledger.record(made, "start", date(2026, 3, 1), Decimal(1), by=None)
