"""What the portfolio shows: the head of the page, and its accounts searched, filtered, sorted and paged."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import visible_clients
from accounts.models import Client, Person
from metrics.models import ChangedClient
from metrics.queries.calendar import calendar
from metrics.queries.portfolio import (
    ROWS_A_PAGE,
    UNSET,
    AccountRow,
    AccountTable,
    Filters,
    PortfolioHead,
    account_table,
    portfolio_head,
    records,
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
    ChangedClient.objects.all().delete()
    return found


def head(viewer: Person, quarter: str = "") -> PortfolioHead:
    return portfolio_head(visible_clients(viewer), calendar(quarter))


def table(viewer: Person, quarter: str = "", **asked: Any) -> AccountTable:
    return account_table(viewer, visible_clients(viewer), calendar(quarter), replace(Filters(), **asked))


def names(viewer: Person, **asked: Any) -> list[str]:
    return [row.name for row in table(viewer, **asked).rows]


def row(viewer: Person, name: str, quarter: str = "") -> AccountRow:
    (found,) = (row for row in table(viewer, quarter).rows if row.name == name)
    return found


# The calendar


def test_it_opens_on_the_last_quarter_that_has_ended(clients: dict[str, Client]) -> None:
    found = calendar()
    assert found.shown is not None
    assert found.shown.label == "2026-Q1"
    assert not found.in_progress
    assert [quarter.label for quarter in found.quarters] == [
        "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1",
    ]  # fmt: skip


def test_the_quarter_in_progress_is_one_choice_away(clients: dict[str, Client]) -> None:
    assert calendar("2026-Q2").in_progress
    assert not calendar("2025-Q4").in_progress
    assert calendar("2031-Q4").shown == calendar().shown


def test_the_year_window_begins_with_the_fourth_quarter(clients: dict[str, Client]) -> None:
    assert calendar("2025-Q4").year_start == date(2025, 1, 1)
    assert calendar("2025-Q3").year_start is None


def test_an_agency_in_its_first_quarter_opens_on_the_one_in_progress(lena: Person) -> None:
    portfolios.account("Northwind", met=None, since=date(2026, 4, 2))
    portfolios.store_figures()
    assert calendar().in_progress


def test_without_records_there_is_no_quarter(lena: Person) -> None:
    assert calendar().shown is None
    assert calendar().as_of is None
    portfolios.store_figures()
    assert calendar().shown is None
    assert calendar().as_of == portfolios.AS_OF


def test_money_adds_up_in_the_newest_reporting_currency(clients: dict[str, Client]) -> None:
    assert calendar().reporting_currency == "USD"
    builders.setting("reporting_currency", date(2024, 1, 1), "GBP")
    builders.setting("reporting_currency", date(2025, 1, 1), "EUR")
    assert calendar().reporting_currency == "EUR"


# The head


def test_accounts_are_counted_by_pattern_and_the_largest_are_named(clients: dict[str, Client], lena: Person) -> None:
    found = {row.code: row.facts for row in head(lena).standing.patterns}
    assert {code: facts.accounts for code, facts in found.items()} == {
        "compounding": 1, "stalling": 1, "deepening": 1, "at_risk": 1, "too_early": 1,
    }  # fmt: skip
    assert found["stalling"].largest == ("Northwind",)
    assert found["stalling"].annual_scope == 12_000
    assert found["at_risk"].shrunk == 1
    assert found["stalling"].shrunk == 0


def test_scope_in_another_currency_is_added_up_at_the_rate_where_the_year_window_begins(
    clients: dict[str, Client], lena: Person
) -> None:
    builders.exchange_rate("EUR", date(2025, 4, 2), "9")
    deepening = head(lena).facts.pattern("deepening")
    assert deepening.annual_scope == 12 * 2100 * Decimal("1.5")


def test_scope_without_a_rate_is_in_no_sum(clients: dict[str, Client], lena: Person) -> None:
    too_early = head(lena).facts.pattern("too_early")
    assert (too_early.unpriced, too_early.annual_scope, too_early.largest) == (1, None, ("Litware",))


def test_the_largest_come_first_by_annual_scope_in_one_currency(lena: Person) -> None:
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.5")
    for name, monthly, currency in (
        ("Small", 100, "USD"), ("Second", 1000, "EUR"), ("First", 1600, "USD"), ("Third", 1400, "USD"),
        ("Fourth", 1300, "USD"), ("No rate", 9000, "CHF"),
    ):  # fmt: skip
        portfolios.account(name, met=True, monthly=monthly, currency=currency)
    portfolios.store_figures()
    (stalling,) = (row for row in head(lena).standing.patterns if row.code == "stalling")
    assert stalling.facts.largest == ("First", "Second", "Third", "Fourth")
    assert stalling.unnamed == 2


def test_the_rates_of_the_year_and_of_the_quarter_stand_side_by_side(clients: dict[str, Client], lena: Person) -> None:
    found = head(lena)
    assert found.year is not None
    assert found.quarter is not None
    assert (found.year.expanding, found.year.existing, found.year.contracting) == (2, 4, 1)
    assert (found.quarter.expanding, found.quarter.existing) == (0, 4)
    assert found.year.prices == 0


def test_what_prices_did_is_apart_from_what_scope_did(lena: Person) -> None:
    client = builders.client("Northwind")
    retainer = builders.retainer_since(client, date(2025, 1, 1), 1000)
    builders.scope_change(retainer, "price", date(2025, 9, 1), 50)
    portfolios.store_figures()
    year = head(lena).year
    assert year is not None
    assert year.nsr == 100
    assert year.nrr == 105
    assert year.prices == 5


def test_before_the_fourth_quarter_there_is_no_year(clients: dict[str, Client], lena: Person) -> None:
    found = head(lena, "2025-Q3")
    assert found.year is None
    assert found.facts.existing == 0


def test_who_is_in_no_sum_for_want_of_a_rate_is_named(clients: dict[str, Client], lena: Person) -> None:
    assert head(lena).standing.unpriced == ()  # Litware was not there a year ago
    portfolios.account("Adventure Works", met=True, currency="JPY")
    portfolios.store_figures()
    found = head(lena)
    assert found.standing.unpriced == ("Adventure Works",)
    assert found.year is not None
    assert found.year.without_rate == 1


def test_who_has_a_rate_from_the_first_day_of_the_window_on_is_in_the_sums(
    clients: dict[str, Client], lena: Person
) -> None:
    portfolios.account("Adventure Works", met=True, currency="JPY")
    left = portfolios.account("Wide World", met=True, currency="JPY")
    builders.scope_change(left.engagements.get(), "end", date(2026, 2, 1))
    builders.exchange_rate("JPY", date(2025, 4, 2), 1)
    portfolios.store_figures()
    assert head(lena).standing.unpriced == ("Adventure Works", "Wide World")
    assert head(lena, "2026-Q2").standing.unpriced == ()
    builders.exchange_rate("JPY", date(2025, 4, 1), 1)
    portfolios.store_figures()
    found = head(lena)
    assert found.standing.unpriced == ()
    assert found.year is not None
    assert found.year.without_rate == 0


def test_a_benchmark_is_compared_with_the_interval(clients: dict[str, Client], lena: Person) -> None:
    for name, value in (("Low", "1"), ("Middle", "50"), ("High", "99.9")):
        builders.benchmark(name, value, source="A study", year=2024, method_published=False)
    ours = {row.name: row.ours for row in head(lena).benchmarks}
    assert (ours["Low"], ours["Middle"], ours["High"]) == ("above", "within", "below")
    assert all(row.ours == "" for row in head(lena, "2025-Q3").benchmarks)


def test_managers_and_industries_to_choose_from_are_those_of_the_quarter(
    clients: dict[str, Client], lena: Person
) -> None:
    standing = head(lena).standing
    assert [(choice.label, choice.accounts) for choice in standing.managers] == [("Lena", 2), ("Sam", 2), ("", 1)]
    assert [(choice.value, choice.accounts) for choice in standing.industries] == [
        ("Retail", 1), ("Travel", 2), (UNSET, 2),
    ]  # fmt: skip
    assert standing.managed_by == 2
    assert [choice.label for choice in head(lena, "2025-Q4").standing.managers] == ["Lena", "Sam", ""]


def test_what_counts_as_good_is_what_was_in_force_when_the_quarter_ended(clients: dict[str, Client]) -> None:
    assert calendar().good_attainment == 80
    builders.setting("good_attainment", date(2026, 3, 31), "70")
    builders.setting("good_attainment", date(2026, 4, 1), "60")
    assert calendar().good_attainment == 70
    assert calendar("2026-Q2").good_attainment == 60


def test_a_person_without_accounts_is_told_nothing(clients: dict[str, Client]) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    assert head(dana).standing.accounts == 0
    assert table(dana).accounts == 0


# The rows


def test_a_row_says_what_is_stored_of_the_account(clients: dict[str, Client], lena: Person) -> None:
    found = row(lena, "Contoso")
    assert (found.pattern, found.currency, found.manager, found.being_computed) == ("compounding", "USD", "Sam", False)
    assert found.attainment == 100
    assert found.annual_scope == 30_000
    assert found.change == 25


def test_courses_are_twelve_quarters_and_blank_before_the_first(clients: dict[str, Client], lena: Person) -> None:
    found = row(lena, "Contoso")
    assert found.scope_course == (*[None] * 7, 24000, 24000, 30000, 30000, 30000)
    assert found.attainment_course == (*[None] * 7, 100, 100, 100, 100, 100)
    assert len(found.score_course) == 12
    assert row(lena, "Contoso", "2025-Q2").scope_course == (*[None] * 10, 24000, 24000)


def test_growth_from_zero_is_not_a_number(clients: dict[str, Client], lena: Person) -> None:
    found = row(lena, "Litware")
    assert (found.change, found.movement) == (None, "new")
    assert row(lena, "Contoso", "2025-Q3").change is None


def test_an_account_that_left_in_the_quarter_is_still_in_it(clients: dict[str, Client], lena: Person) -> None:
    engagement = clients["Northwind"].engagements.get()
    builders.scope_change(engagement, "end", date(2026, 2, 1))
    portfolios.store_figures()
    assert row(lena, "Northwind").change == -100
    assert head(lena).facts.pattern("stalling").gone == 1
    assert "Northwind" not in [row.name for row in table(lena, "2026-Q2").rows]


def test_a_change_that_is_not_yet_in_the_figures_is_told(clients: dict[str, Client], lena: Person) -> None:
    builders.check_in(clients["Contoso"], date(2026, 3, 3))
    assert row(lena, "Contoso").being_computed
    assert not row(lena, "Northwind").being_computed


# Asking


def test_names_are_found_whatever_the_case(clients: dict[str, Client], lena: Person) -> None:
    assert names(lena, name="WIND") == ["Northwind"]
    assert names(lena, name="%") == []
    assert names(lena, name="_") == []


def test_filters_narrow_and_combine(clients: dict[str, Client], lena: Person) -> None:
    assert set(names(lena, manager=str(lena.pk))) == {"Northwind", "Fabrikam"}
    assert names(lena, manager=UNSET) == ["Tailspin"]
    assert set(names(lena, industry="Travel")) == {"Contoso", "Tailspin"}
    assert set(names(lena, industry=UNSET)) == {"Fabrikam", "Litware"}
    assert names(lena, tier="A") == ["Northwind"]
    assert set(names(lena, tier=UNSET)) == {"Contoso", "Fabrikam", "Litware"}
    assert names(lena, pattern="deepening") == ["Fabrikam"]
    assert names(lena, industry="Travel", tier="B") == ["Tailspin"]
    assert names(lena, industry="Travel", pattern="deepening") == []
    assert names(lena, manager=str(2**63 - 1)) == []


def test_an_industry_called_what_stands_for_none_is_found(lena: Person) -> None:
    portfolios.account("Northwind", met=None, industry=UNSET)
    portfolios.store_figures()
    assert names(lena, industry=UNSET) == ["Northwind"]


@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        ("name", "CFLNT", "TNLFC"),
        ("pattern", "CNFTL", "LTFNC"),
        ("attainment", "FTCNL", "CNFTL"),
        ("scope", "NTCFL", "FCTNL"),
        ("change", "TNCFL", "FCNTL"),
        ("manager", "FNCLT", "CLFNT"),
        ("partnership", "TCFNL", "NFCTL"),
    ],
)
def test_each_column_sorts_either_way_with_the_unknown_last(
    clients: dict[str, Client], lena: Person, sort: str, ascending: str, descending: str
) -> None:
    if sort == "partnership":
        for score, name in enumerate(("Tailspin", "Contoso", "Fabrikam", "Northwind")):
            clients[name].quarters.update(partnership_score=40 + score)
    assert "".join(name[0] for name in names(lena, sort=sort, descending=False)) == ascending
    assert "".join(name[0] for name in names(lena, sort=sort, descending=True)) == descending


def test_the_order_at_first_is_by_change(clients: dict[str, Client], lena: Person) -> None:
    assert names(lena) == ["Fabrikam", "Contoso", "Northwind", "Tailspin", "Litware"]


def test_pages_hold_twenty_five_and_count_them_all(lena: Person) -> None:
    for number in range(ROWS_A_PAGE + 2):
        client = builders.client(f"Client {number:02}")
        builders.retainer_since(client, date(2025, 1, 1), 100)
    portfolios.store_figures()
    first = table(lena, sort="name", descending=False)
    assert (len(first.rows), first.accounts, first.first, first.last) == (25, 27, 1, 25)
    assert (first.previous_page, first.next_page) == (None, 2)
    second = table(lena, sort="name", descending=False, page=2)
    assert [row.name for row in second.rows] == ["Client 25", "Client 26"]
    assert (second.first, second.last, second.previous_page, second.next_page) == (26, 27, 1, None)
    beyond = table(lena, page=3)
    assert (beyond.rows, beyond.accounts, beyond.next_page) == ((), None, None)


@pytest.mark.parametrize("count", [3, 30])
def test_it_takes_as_many_queries_for_three_clients_as_for_thirty(
    lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(1):
        shown = calendar()
    with django_assert_num_queries(2):
        portfolio_head(visible_clients(lena), shown)
    with django_assert_num_queries(1):
        account_table(lena, visible_clients(lena), shown, Filters())


def test_what_is_recorded_is_known_before_anything_is_computed(lena: Person) -> None:
    found = records(visible_clients(lena))
    assert (found.clients, found.scope) == (False, False)
    client = builders.client("Northwind")
    assert records(visible_clients(lena)).clients
    builders.retainer_since(client, date(2025, 1, 1))
    assert records(visible_clients(lena)).scope
