"""What the review reads: the same as the portfolio and the account page say of the same quarter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts import scope_ledger
from accounts.models import Client
from accounts.periods import Quarter
from metrics.models import ClientQuarter
from metrics.queries.account import account_page
from metrics.queries.calendar import calendar
from metrics.queries.portfolio import portfolio_head
from metrics.queries.quarter.accounts import Accounts, accounts
from metrics.queries.quarter.agency import agency
from metrics.queries.quarter.halves import AccountHalf
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

LABELS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")


@pytest.fixture
def clients() -> dict[str, Client]:
    found = portfolios.one_of_each(builders.lena(), builders.sam())
    back = builders.retainer_since(builders.client("Wingtip"), date(2025, 1, 1), 800, service_line="Media")
    builders.scope_change(back, "end", date(2025, 5, 1))
    builders.retainer_since(Client.objects.get(name="Wingtip"), date(2025, 10, 1), 400, service_line="Search")
    # Taken into a new line without growing.
    flat = builders.client("Alpine")
    media = builders.retainer_since(flat, date(2025, 1, 1), 900, service_line="Media")
    builders.scope_change(media, "contraction", date(2025, 9, 1), -300)
    builders.retainer_since(flat, date(2025, 9, 1), 300, service_line="Video")
    for client in (flat, found["Northwind"]):
        builders.check_in(client, date(2026, 1, 20))
        builders.pulse(client, date(2026, 2, 1), trust=2, value=3, loyalty=4)
        builders.pulse(client, date(2026, 2, 3), side="agency", trust=4, value=5)
    portfolios.store_figures()
    return {client.name: client for client in Client.objects.all()}


def of(label: str, told: int = 100) -> Accounts:
    shown = calendar(label)
    assert shown.shown is not None
    return accounts(Client.objects.all(), shown, shown.shown, told)


def halves(found: Accounts) -> list[AccountHalf]:
    return [half for group in found.groups for half in group.accounts]


@pytest.mark.parametrize("label", LABELS)
def test_each_half_page_is_made_from_what_the_account_page_is_made_from(clients: dict[str, Client], label: str) -> None:
    found = halves(of(label))
    omar = builders.omar()
    listed = ClientQuarter.objects.filter(quarter=label, listed=True).count()
    assert len(found) == listed
    for half in found:
        page = account_page(omar, Client.objects.all(), half.external_id, label)
        assert page is not None
        assert page.chosen is not None
        assert half.facts == page.facts
        assert half.manager == page.manager
        assert (half.scope_start, half.scope_end) == (page.chosen.scope_start, page.chosen.scope_end)
        assert (half.attainment, half.kpi_met, half.kpi_readings) == (
            page.chosen.attainment,
            page.chosen.kpi_met,
            page.chosen.kpi_readings,
        )
        assert half.last_check_in == page.chosen.last_check_in
        assert half.good_attainment == page.chosen.good_attainment
        gaps = {row.attribute: abs(row.gap) for row in page.attributes if row.gap is not None}
        assert half.widest in [name for name, gap in gaps.items() if gap == max(gaps.values())] or not gaps


@pytest.mark.parametrize("label", LABELS)
def test_the_agency_is_what_the_portfolio_says_it_is(clients: dict[str, Client], label: str) -> None:
    shown = calendar(label)
    assert shown.shown is not None
    found, head = agency(Client.objects.all(), shown, shown.shown), portfolio_head(Client.objects.all(), shown)
    assert (found.year, found.quarter, found.standing, found.facts) == (
        head.year,
        head.quarter,
        head.standing,
        head.facts,
    )
    assert found.benchmarks == head.benchmarks or head.year is None
    assert len(found.signals) == 16


def test_a_threshold_that_changed_holds_from_then_on(clients: dict[str, Client]) -> None:
    builders.setting("good_attainment", date(2025, 11, 1), "60")
    portfolios.store_figures()
    (northwind,) = (half for half in halves(of("2025-Q3")) if half.name == "Northwind")
    assert northwind.good_attainment == 80
    (northwind,) = (half for half in halves(of("2025-Q4")) if half.name == "Northwind")
    assert northwind.good_attainment == 60


def test_a_reversed_change_is_not_listed(clients: dict[str, Client]) -> None:
    client = clients["Northwind"]
    row = builders.scope_change(client.engagements.get(), "expansion", date(2026, 2, 1), 50)
    scope_ledger.reverse(row, by=None, reason="Entered twice")
    portfolios.store_figures()
    (northwind,) = (half for half in halves(of("2026-Q1")) if half.name == "Northwind")
    assert northwind.entries == ()


def test_only_so_many_are_told_and_all_are_counted(clients: dict[str, Client]) -> None:
    all_of_them, two = of("2025-Q3"), of("2025-Q3", told=2)
    assert two.accounts == all_of_them.accounts
    assert two.told == 2
    assert [group.pattern for group in two.groups] == [group.pattern for group in all_of_them.groups]
    assert sum(group.untold for group in two.groups) == two.accounts - 2
    assert two.bands == all_of_them.bands
    unattributed = tuple(replace(move, attribute="", moved=None) for move in all_of_them.moves.scores)
    assert replace(all_of_them.moves, scores=unattributed).scope == two.moves.scope
    assert two.moves.patterns == all_of_them.moves.patterns


def test_who_left_within_the_quarter_is_told_and_has_left(clients: dict[str, Client]) -> None:
    builders.scope_change(clients["Tailspin"].engagements.get(), "end", date(2026, 2, 1))
    portfolios.store_figures()
    found = of("2026-Q1")
    assert [move.name for move in found.moves.group("lost").moves] == ["Tailspin"]
    (tailspin,) = (half for half in halves(found) if half.name == "Tailspin")
    assert (tailspin.movement, tailspin.scope_end) == ("lost", Decimal(0))
    assert (tailspin.term_ends_on, tailspin.notice_days) == (None, None)
    assert tailspin.facts.is_gone


def test_who_returns_is_apart_from_who_comes(clients: dict[str, Client]) -> None:
    found = of("2025-Q4").moves
    assert [move.name for move in found.group("returned").moves] == ["Wingtip"]
    assert found.group("new").accounts == 0


def test_amounts_are_added_up_at_the_rate_in_force_when_the_quarter_began(clients: dict[str, Client]) -> None:
    builders.exchange_rate("EUR", date(2025, 8, 1), "3")
    portfolios.store_figures()
    grew = of("2025-Q3").moves.group("expanding")
    assert grew.accounts == 2
    assert grew.amount == 6000 + 7200 * 3 / 2


def test_nothing_is_read_of_clients_that_are_not_visible(clients: dict[str, Client]) -> None:
    shown = calendar("2026-Q1")
    quarter = Quarter(date(2026, 1, 1))
    assert accounts(Client.objects.none(), shown, quarter) == Accounts()
    one = accounts(Client.objects.filter(name="Contoso"), shown, quarter)
    assert [half.name for half in halves(one)] == ["Contoso"]
