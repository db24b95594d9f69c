"""What a setting would do: worked out beforehand, it is what the figures become once it is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Client, Setting
from accounts.settings_in_force import SettingVersion
from metrics import foreseeing
from metrics.foreseeing import Foreseen, foresee
from metrics.models import ChangedClient, ClientQuarter
from tests import builders
from tests.metrics import portfolios
from tests.metrics.computing import compute

pytestmark = pytest.mark.django_db

AS_OF = portfolios.AS_OF
LAST = "2026-Q1"
"""The last quarter that has ended on that day."""


def versions() -> tuple[SettingVersion, ...]:
    return tuple(SettingVersion(*row) for row in Setting.objects.values_list("name", "effective_on", "value"))


def foreseen(name: str, day: date, value: str) -> Foreseen:
    return foresee(SettingVersion(name, day, value), versions(), Client.objects.all(), AS_OF)


def turns(found: Foreseen, place: int = 0) -> dict[tuple[str, str], list[str]]:
    return {
        (turn.before, turn.after): [account.name for account in turn.accounts]
        for turn in found.quarters[place].patterns
    }


@pytest.fixture
def clients() -> dict[str, Client]:
    """As always, but that Northwind misses half of its targets in 2025: 62.5 % in the mean of a year."""
    found = portfolios.one_of_each(builders.lena(), builders.sam())
    leads = builders.kpi(found["Northwind"], name="Shares")
    for month in range(1, 13):
        builders.reading(leads, date(2025, month, 1), 90)
    portfolios.store_figures()
    return found


def test_patterns_that_would_change_are_named(clients: dict[str, Client]) -> None:
    found = foreseen("good_attainment", date(2026, 1, 1), "50")
    assert found.ended == (LAST,)
    assert not found.supposed
    assert turns(found) == {("at_risk", "stalling"): ["Northwind"]}
    assert found.quarters[0].scores is None
    assert found.clients == 5
    assert found.value_before == "80"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("good_attainment", "40"),
        ("weight.communication", "5"),
        ("weight.client_pulse", "0"),
        ("weight.evidence", "0"),
        ("interval_unset", "90"),
        ("interval_a", "1"),
    ],
)
def test_what_is_foreseen_comes_about(name: str, value: str) -> None:
    portfolios.many(6, builders.lena())
    client = Client.objects.order_by("pk")[0]
    for month in range(1, 5):
        builders.check_in(client, date(2025, month, 20))
    builders.pulse(
        client, date(2025, 12, 1), commitment=5, approach=4, action=2, loyalty=5, ownership=3, communication=1
    )
    portfolios.store_figures()
    before = stored()
    version = SettingVersion(name, date(2025, 8, 1), value)
    found = foresee(version, versions(), Client.objects.all(), AS_OF)
    assert stored() == before
    Setting.objects.create(name=name, effective_on=version.effective_on, value=value)
    compute(AS_OF)
    after = stored()

    assert found.ended == ("2025-Q3", "2025-Q4", LAST)
    names = dict(Client.objects.values_list("pk", "name"))
    for quarter in found.quarters:
        moved: dict[tuple[str, str], list[str]] = {}
        scores = []
        for (client_id, label), (pattern, score) in sorted(before.items()):
            if label != quarter.label:
                continue
            other, score_after = after[client_id, label]
            if pattern != other:
                moved.setdefault((pattern, other), []).append(names[client_id])
            if score is not None and score_after is not None and score != score_after:
                scores.append(score_after - score)
        assert {
            (turn.before, turn.after): sorted(account.name for account in turn.accounts) for turn in quarter.patterns
        } == {turn: sorted(of_turn) for turn, of_turn in moved.items()}
        if scores:
            assert quarter.scores is not None
            assert quarter.scores.accounts == len(scores)
            assert (quarter.scores.lowest, quarter.scores.highest) == (min(scores), max(scores))
        else:
            assert quarter.scores is None


def stored() -> dict[tuple[int, str], tuple[str, Decimal | None]]:
    return {
        (client_id, label): (pattern, score)
        for client_id, label, pattern, score in ClientQuarter.objects.filter(listed=True).values_list(
            "client_id", "quarter", "pattern", "partnership_score"
        )
    }


def test_nothing_is_stored_or_marked(clients: dict[str, Client]) -> None:
    ChangedClient.objects.all().delete()
    for name, value in (("good_attainment", "50"), ("fiscal_year_month", "4"), ("reporting_currency", "EUR")):
        foreseen(name, date(2026, 1, 1), value)
    assert not Setting.objects.exists()
    assert not ChangedClient.objects.exists()


def test_a_version_of_the_future_changes_no_quarter_that_has_ended_and_says_what_it_would_have(
    clients: dict[str, Client],
) -> None:
    builders.setting("good_attainment", date(2026, 3, 31), "70")
    found = foreseen("good_attainment", date(2026, 9, 15), "50")
    assert found.ended == ()
    assert found.supposed
    assert found.first == "2026-Q3"
    assert turns(found) == {("at_risk", "stalling"): ["Northwind"]}


def test_a_version_counts_only_until_the_next_one(clients: dict[str, Client]) -> None:
    builders.setting("good_attainment", date(2025, 11, 1), "80")
    found = foreseen("good_attainment", date(2025, 5, 1), "50")
    assert found.ended == ("2025-Q2", "2025-Q3")


def test_the_latest_four_of_the_quarters_that_change_are_worked_out(clients: dict[str, Client]) -> None:
    found = foreseen("good_attainment", date(2025, 1, 1), "50")
    assert len(found.ended) == 5
    assert [quarter.label for quarter in found.quarters] == [LAST, "2025-Q4", "2025-Q3", "2025-Q2"]


def test_bands_and_scores_that_appear_or_go_are_told() -> None:
    client = portfolios.account("Northwind", met=True)
    builders.pulse(client, date(2026, 2, 1), approach=5, action=5, trust=5, value=5, loyalty=5)
    builders.pulse(client, date(2026, 2, 2), side="agency", respondent="a@agency.example", collaboration=5)
    portfolios.store_figures()
    found = foreseen("weight.client_pulse", date(2026, 1, 1), "0")
    (turn,) = found.quarters[0].bands
    assert turn.after == ""
    assert turn.before in ("developing", "partnership")
    assert [account.external_id for account in turn.accounts] == ["northwind"]


def test_who_becomes_overdue_or_ready_is_named(clients: dict[str, Client]) -> None:
    for name in ("Northwind", "Contoso", "Fabrikam"):
        builders.check_in(clients[name], date(2026, 3, 10))
    found = foreseen("interval_a", date(2026, 1, 1), "30")
    assert {turn.after: [one.name for one in turn.accounts] for turn in found.overdue} == {"on_time": ["Northwind"]}
    found = foreseen("ready_attainment", date(2026, 1, 1), "0")
    assert {turn.after: [one.name for one in turn.accounts] for turn in found.ready} == {"ready": ["Fabrikam"]}
    assert not found.overdue
    builders.goal(clients["Fabrikam"], set_on=date(2025, 1, 1), status="achieved", closed_on=date(2026, 3, 31))
    assert foreseen("ready_attainment", date(2026, 1, 1), "0").ready == ()


def test_another_fiscal_year_shows_the_last_quarter_as_it_would_be_cut(clients: dict[str, Client]) -> None:
    found = foreseen("fiscal_year_month", date(2026, 1, 1), "2")
    (quarter,) = found.quarters
    assert (quarter.was, quarter.label) == (LAST, "2027-Q1")  # February to April, of a year that ends in 2027
    assert found.ended == ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", LAST)


def test_another_currency_shows_the_sums_of_the_year_in_both(clients: dict[str, Client]) -> None:
    builders.exchange_rate("USD", date(2025, 1, 1), "0.5")
    found = foreseen("reporting_currency", date(2026, 1, 1), "EUR")
    assert found.sums is not None
    assert found.quarters == ()
    assert found.sums.before.existing == found.sums.after.existing == 4
    # In dollars: 12, 30 of 24, 1.5 × 25.2 of 1.5 × 18, 28.8 of 36. In euro dollars count half, and euro once.
    assert found.sums.before.nsr == pytest.approx(Decimal(100) * Decimal("108.6") / Decimal(99))
    assert found.sums.after.nsr == pytest.approx(Decimal(100) * Decimal("60.6") / Decimal(54))


@pytest.mark.parametrize(("name", "value"), [("time_zone", "Europe/Berlin"), ("night_hour", "5")])
def test_the_clock_of_the_night_moves_no_figure(clients: dict[str, Client], name: str, value: str) -> None:
    found = foreseen(name, date(2026, 1, 1), value)
    assert (found.quarters, found.ended, found.sums) == ((), (), None)


def test_before_the_first_quarter_has_ended_there_is_nothing_to_foresee() -> None:
    assert foreseen("good_attainment", date(2026, 1, 1), "50").quarters == ()
    portfolios.account("Northwind", met=None, since=date(2026, 4, 2))
    portfolios.store_figures()
    for name, value in (("good_attainment", "50"), ("fiscal_year_month", "2"), ("reporting_currency", "EUR")):
        assert foreseen(name, date(2026, 1, 1), value).quarters == ()


def test_beyond_two_hundred_clients_the_largest_are_worked_out(
    clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "CLIENTS_AT_MOST", 2)
    found = foreseen("good_attainment", date(2026, 1, 1), "50")
    assert (found.clients, found.left_out) == (2, 3)
    # Fabrikam's 25,200 euro are 37,800 dollars, Contoso's 30,000 dollars come second.
    assert found.quarters[0].accounts == 2
    assert turns(found) == {}


def test_clients_that_are_not_visible_are_left_out(clients: dict[str, Client]) -> None:
    visible = Client.objects.exclude(name="Northwind")
    version = SettingVersion("good_attainment", date(2026, 1, 1), "50")
    found = foresee(version, versions(), visible, AS_OF)
    assert found.clients == 4
    assert turns(found) == {}


@pytest.mark.parametrize("name", ["good_attainment", "fiscal_year_month", "reporting_currency"])
def test_it_asks_as_often_for_three_clients_as_for_thirty(name: str) -> None:
    value = {"good_attainment": "50", "fiscal_year_month": "2", "reporting_currency": "EUR"}[name]
    lena = builders.lena()
    counts = []
    for number in (3, 27):
        if number == 3:
            portfolios.many(number, lena)
        else:
            more(number, lena)
        portfolios.store_figures()
        with CaptureQueriesContext(connection) as asked:
            foreseen(name, date(2026, 1, 1), value)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def more(count: int, lena: Any) -> None:
    for number in range(count):
        portfolios.account(f"Another {number}", met=bool(number % 2), account_manager=lena)
