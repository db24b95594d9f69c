"""What the portfolio's charts are drawn from: who stands where, what moved the scope, and the bands by quarter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts import scope_ledger
from accounts.access import visible_clients
from accounts.models import Client, Person
from metrics.models import ClientQuarter, ExpansionRate
from metrics.queries.benchmarks import BenchmarkRow
from metrics.queries.calendar import calendar
from metrics.queries.portfolio import portfolio_head
from metrics.queries.portfolio_charts import (
    CHANGES_NAMED,
    DRAWN,
    MappedAccount,
    PortfolioCharts,
    ScopeMove,
    portfolio_charts,
)
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def clients(lena: Person) -> dict[str, Client]:
    found = portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    return found


def charts(viewer: Person, quarter: str = "") -> PortfolioCharts:
    return portfolio_charts(viewer, visible_clients(viewer), calendar(quarter))


def mapped(viewer: Person, name: str, quarter: str = "") -> MappedAccount:
    (found,) = (account for account in charts(viewer, quarter).mapped if account.name == name)
    return found


def moved(viewer: Person, name: str, quarter: str = "") -> ScopeMove:
    (found,) = (move for move in charts(viewer, quarter).flow.named if move.name == name)
    return found


# The map


def test_every_account_with_a_pattern_is_on_the_map_the_largest_first(clients: dict[str, Client], lena: Person) -> None:
    found = charts(lena)
    assert [account.name for account in found.mapped] == ["Fabrikam", "Contoso", "Tailspin", "Northwind"]
    assert found.mappable == 4  # Litware began too late to tell


def test_an_account_stands_where_its_pattern_was_read_from(clients: dict[str, Client], lena: Person) -> None:
    found = mapped(lena, "Contoso")
    assert (found.now.pattern, found.now.attainment, found.now.growth) == ("compounding", Decimal(100), Decimal(25))
    assert found.annual_scope == 30_000
    assert mapped(lena, "Tailspin").now.growth == -20


def test_annual_scope_is_in_the_reporting_currency_at_the_rate_where_the_year_window_begins(
    clients: dict[str, Client], lena: Person
) -> None:
    builders.exchange_rate("EUR", date(2025, 4, 2), "9")
    assert mapped(lena, "Fabrikam").annual_scope == 12 * 2100 * Decimal("1.5")


def test_an_account_without_a_rate_is_on_the_map_without_an_area(lena: Person) -> None:
    portfolios.account("Adventure Works", met=True, currency="JPY")
    portfolios.store_figures()
    assert mapped(lena, "Adventure Works").annual_scope is None


def test_where_it_stood_a_quarter_ago_stands_beside_it(clients: dict[str, Client], lena: Person) -> None:
    before = mapped(lena, "Contoso").before
    assert before is not None
    assert (before.pattern, before.growth) == ("compounding", Decimal(25))
    assert mapped(lena, "Contoso", "2025-Q3").before is None  # too early before


def test_an_account_that_left_is_on_no_map(clients: dict[str, Client], lena: Person) -> None:
    builders.scope_change(clients["Northwind"].engagements.get(), "end", date(2026, 2, 1))
    portfolios.store_figures()
    assert "Northwind" not in [account.name for account in charts(lena).mapped]
    assert charts(lena).mappable == 3


def test_at_most_a_hundred_are_drawn_and_they_are_the_largest(lena: Person) -> None:
    portfolios.store_many(DRAWN + 5, lena)
    found = charts(lena)
    assert (len(found.mapped), found.mappable) == (DRAWN, DRAWN + 5)
    smallest = min(account.annual_scope or 0 for account in found.mapped)
    left_out = ClientQuarter.objects.filter(starts_on=date(2026, 1, 1)).order_by("scope_end")[:5]
    assert all(row.scope_end < smallest for row in left_out)


# Moves


def test_a_pattern_that_is_another_than_a_quarter_ago_is_told(clients: dict[str, Client], lena: Person) -> None:
    assert charts(lena).moved == 0
    builders.scope_change(clients["Northwind"].engagements.get(), "expansion", date(2026, 2, 1), 50)
    portfolios.store_figures()
    found = charts(lena)
    (move,) = found.moves
    assert (move.name, move.before.pattern, move.now.pattern) == ("Northwind", "stalling", "compounding")
    assert (move.before.growth, move.now.growth) == (Decimal(0), Decimal(5))
    assert found.moved == 1


def test_no_move_is_made_of_a_quarter_in_progress(clients: dict[str, Client], lena: Person) -> None:
    builders.scope_change(clients["Northwind"].engagements.get(), "expansion", date(2026, 4, 2), 50)
    portfolios.store_figures()
    found = charts(lena, "2026-Q2")
    assert (found.moves, found.moved) == ((), 0)
    assert mapped(lena, "Northwind", "2026-Q2").now.pattern == "compounding"


# The flow


def test_the_quarter_leads_from_opening_to_closing(clients: dict[str, Client], lena: Person) -> None:
    flow = charts(lena, "2025-Q3").flow
    before = 12 * (1000 + 2000 + Decimal("1.5") * 1500 + 3000)
    change = 12 * (500 + Decimal("1.5") * 600 - 600)
    assert (flow.opening, flow.closing) == (before, before + change)
    assert (flow.added_by, flow.taken_by, flow.others) == (2, 1, 0)
    assert (flow.added, flow.taken) == (Decimal(12 * (500 + 900)), Decimal(12 * 600))
    assert [(move.name, move.change) for move in flow.named] == [
        ("Fabrikam", Decimal(10_800)),
        ("Contoso", Decimal(6_000)),
        ("Tailspin", Decimal(-7_200)),
    ]


def test_scope_at_the_start_is_what_the_quarter_before_ended_with(clients: dict[str, Client], lena: Person) -> None:
    for quarter in ("2025-Q1", "2025-Q2", "2025-Q3", "2026-Q1", "2026-Q2"):
        starts = ClientQuarter.objects.filter(quarter=quarter, listed=True, client__currency="USD")
        flow = portfolio_charts(lena, visible_clients(lena).filter(currency="USD"), calendar(quarter)).flow
        assert flow.opening == sum(row.scope_start for row in starts)
        assert flow.closing == sum(row.scope_end for row in starts)


def test_no_exchange_rate_is_read_as_growth(clients: dict[str, Client], lena: Person) -> None:
    builders.exchange_rate("EUR", date(2026, 1, 1), "2")
    builders.exchange_rate("EUR", date(2026, 1, 2), "3")
    flow = charts(lena).flow
    assert flow.opening == flow.closing == 12 * (1000 + 2500 + 2 * 2100 + 2400)
    assert flow.moved == 0


def test_an_account_without_a_rate_is_left_out_and_counted(clients: dict[str, Client], lena: Person) -> None:
    flow = charts(lena).flow  # Litware is paid in CHF
    assert flow.unpriced == 1
    assert "Litware" not in [move.name for move in flow.named]


def test_who_came_came_back_and_left_is_in_it_and_named_as_such(lena: Person) -> None:
    came = portfolios.account("Came", met=None, since=date(2026, 2, 1))
    left = portfolios.account("Left", met=None)
    builders.scope_change(left.engagements.get(), "end", date(2026, 2, 1), note="Not renewed")
    back = portfolios.account("Back", met=None, monthly=700)
    builders.scope_change(back.engagements.get(), "end", date(2025, 8, 1))
    builders.retainer_since(back, date(2026, 3, 1), 900, name="Second")
    portfolios.store_figures()
    flow = charts(lena).flow
    assert {move.name: move.movement for move in flow.named} == {"Came": "new", "Back": "returned", "Left": "lost"}
    assert flow.added_new == flow.added == 12 * (1000 + 900)
    assert moved(lena, "Left").note == "Not renewed"
    assert came.quarters.filter(movement="new").exists()


def test_the_reason_is_the_note_of_the_largest_row_that_went_the_same_way(
    clients: dict[str, Client], lena: Person
) -> None:
    retainer = clients["Contoso"].engagements.get()
    builders.scope_change(retainer, "expansion", date(2026, 1, 1), 100, note="Small")
    builders.scope_change(retainer, "expansion", date(2026, 2, 1), 300, note="Large")
    builders.scope_change(retainer, "contraction", date(2026, 3, 1), -350, note="The other way")
    builders.scope_change(retainer, "price", date(2026, 3, 1), 5000, note="A price")
    builders.scope_change(retainer, "expansion", date(2026, 4, 1), 9000, note="Next quarter")
    film = builders.project(clients["Contoso"], "Film")
    builders.scope_change(film, "start", date(2026, 2, 1), 2000, note="A project counts once, not twelve times")
    portfolios.store_figures()
    found = moved(lena, "Contoso")
    assert (found.change, found.note, found.kind) == (Decimal(12 * 50 + 2000), "Large", "expansion")


def test_a_reversed_row_is_no_reason(clients: dict[str, Client], lena: Person) -> None:
    retainer = clients["Contoso"].engagements.get()
    builders.scope_change(retainer, "expansion", date(2026, 1, 5), 100, note="Stands")
    undone = builders.scope_change(retainer, "expansion", date(2026, 2, 1), 300, note="Undone")
    scope_ledger.reverse(undone, "A slip", None)
    portfolios.store_figures()
    assert moved(lena, "Contoso").note == "Stands"


def test_a_project_that_ran_out_has_no_row_to_give_as_a_reason(lena: Person) -> None:
    client = portfolios.account("Contoso", met=None)
    film = builders.project_since(client, date(2025, 1, 10), 5000)
    builders.scope_change(film, "end", date(2025, 3, 1), 0)
    portfolios.store_figures()
    found = moved(lena, "Contoso")
    assert (found.movement, found.change, found.note, found.kind) == ("contracting", Decimal(-5000), "", "")


def test_those_that_moved_it_less_are_added_up(lena: Person) -> None:
    for number in range(CHANGES_NAMED + 3):
        client = portfolios.account(f"Client {number:02}", met=None)
        builders.scope_change(client.engagements.get(), "expansion", date(2026, 2, 1), 100 + number)
    portfolios.store_figures()
    flow = charts(lena).flow
    assert [move.name for move in flow.named] == [f"Client {number:02}" for number in range(12, 2, -1)]
    assert flow.others == 3
    assert flow.others_change == 12 * (100 + 101 + 102)


# The bands


def test_accounts_with_scope_are_counted_by_band_and_quarter(clients: dict[str, Client], lena: Person) -> None:
    at = date(2026, 1, 1)
    for name, score in (("Northwind", "39.9999"), ("Contoso", "40"), ("Fabrikam", "69.9999"), ("Tailspin", "70")):
        ClientQuarter.objects.filter(client=clients[name], starts_on=at).update(partnership_score=Decimal(score))
    *_earlier, now = charts(lena).bands
    assert (now.quarter, now.transactional, now.developing, now.partnership, now.unknown) == ("2026-Q1", 1, 2, 1, 1)
    assert (now.known, now.accounts) == (4, 5)


def test_bands_are_twelve_quarters_and_nobody_before_the_first(clients: dict[str, Client], lena: Person) -> None:
    found = charts(lena, "2026-Q2").bands
    assert len(found) == 12
    assert [row.accounts for row in found] == [0] * 6 + [4, 4, 4, 4, 5, 5]
    assert [row.in_progress for row in found] == [False] * 11 + [True]


# Whose they are


def test_a_person_without_accounts_is_shown_none(clients: dict[str, Client]) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    found = charts(dana)
    assert (found.mapped, found.flow.opening, found.flow.named) == ((), Decimal(0), ())
    assert len(found.bands) == 12
    assert all(row.accounts == 0 for row in found.bands)


def test_only_the_clients_handed_over_are_in_it(clients: dict[str, Client], lena: Person) -> None:
    some = visible_clients(lena).filter(name__in=["Northwind", "100%_'s"])
    found = portfolio_charts(lena, some, calendar())
    assert [account.name for account in found.mapped] == ["Northwind"]
    assert (found.flow.opening, found.bands[-1].accounts) == (Decimal(12_000), 1)
    like = portfolio_charts(lena, visible_clients(lena).filter(name__contains="%"), calendar())
    assert like.mapped == ()


def test_without_a_quarter_there_is_nothing(lena: Person) -> None:
    assert charts(lena) == PortfolioCharts()


@pytest.mark.parametrize("count", [3, 30])
def test_it_is_one_query_however_many_clients(lena: Person, count: int, django_assert_num_queries: Any) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    shown = calendar()
    with django_assert_num_queries(1):
        portfolio_charts(lena, visible_clients(lena), shown)


# The rate by quarter, and the benchmark beside it


def test_the_trend_is_the_years_rate_by_quarter(clients: dict[str, Client], lena: Person) -> None:
    trend = portfolio_head(visible_clients(lena), calendar()).trend
    assert len(trend) == 12
    assert trend[-1].quarter == "2026-Q1"
    assert (trend[-1].expanding, trend[-1].existing, trend[-1].rate) == (2, 4, Decimal(50))
    assert trend[-3].rate is None  # the third quarter has no year behind it
    stored = ExpansionRate.objects.get(quarter="2026-Q1", window="year", segment="all")
    assert (trend[-1].low, trend[-1].high) == (stored.low, stored.high)


def drawn_beside(viewer: Person) -> BenchmarkRow | None:
    return portfolio_head(visible_clients(viewer), calendar()).benchmark


def test_the_benchmark_drawn_is_that_of_the_industry_most_accounts_are_of(
    clients: dict[str, Client], lena: Person
) -> None:
    found = drawn_beside(lena)
    assert found is not None
    assert found.name == "Retail"  # one account; no benchmark is of Travel, which two are of
    builders.benchmark("Trips", 20, industry="travel")
    builders.benchmark("Trips, the best", 40, industry="Travel")
    found = drawn_beside(lena)
    assert found is not None
    assert found.name == "Trips, the best"


def test_a_benchmark_of_no_industry_comes_first(clients: dict[str, Client], lena: Person) -> None:
    builders.benchmark("Agencies", 9)
    found = drawn_beside(lena)
    assert found is not None
    assert (found.name, found.value) == ("Agencies", Decimal(9))


def test_no_benchmark_is_drawn_of_an_industry_that_no_account_is_of(lena: Person) -> None:
    portfolios.account("Northwind", met=True, industry="Space travel")
    portfolios.store_figures()
    assert drawn_beside(lena) is None
