"""The segments page: who sees it, what it holds, and what it costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import AuditEntry, Client, Person
from accounts.periods import Quarter
from metrics.models import ExpansionRate
from metrics.queries.segments import segments
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/segments/"
Q1 = Quarter(date(2026, 1, 1))


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def clients(lena: Person) -> dict[str, Client]:
    found = portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    return found


@pytest.fixture
def browser_of_omar(client: Browser) -> Browser:
    client.force_login(builders.omar())
    return client


def fill_in(browser: Browser, **query: str) -> str:
    response = browser.get(PAGE, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split()).replace("\N{NO-BREAK SPACE}", " ")


def section(page: str, kind: str) -> str:
    return page.partition(f'aria-labelledby="segments-{kind}"')[2].partition("</section>")[0]


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser) -> None:
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("role", [Person.Role.ACCOUNT_MANAGER, Person.Role.CONTACT])
def test_it_does_not_exist_for_others_than_leadership(
    client: Browser, clients: dict[str, Client], role: Person.Role
) -> None:
    client.force_login(builders.person("Noor", role=role))
    assert client.get(PAGE).status_code == 404


def test_it_is_read_and_never_written(browser_of_omar: Browser) -> None:
    assert browser_of_omar.post(PAGE).status_code == 405


def test_each_segment_has_its_rate_and_interval(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_omar)
    assert "2 of 4 accounts of a year ago give us more" in page
    industries = section(page, "industry")
    assert "By industry: nothing can be told apart" in industries
    assert industries.index("Retail") < industries.index("Travel")
    assert '<td role="cell" class="num grew" data-label="Grew"> 1 of 2 </td>' in industries
    assert "not settled" in industries
    assert "In the smallest, with one, one account is 100 points of the rate." in industries
    managers = section(page, "manager")
    assert managers.index("Lena") < managers.index("Sam")
    assert "agency.example" not in managers
    assert "Tier A" in section(page, "tier")
    assert "No engagement that could have grown has a service line on record." in section(page, "service")


def test_segments_are_by_name_whatever_their_rates(clients: dict[str, Client]) -> None:
    found = segments(Q1, "year")
    for rows in found.kinds.values():
        assert [row.name for row in rows] == sorted((row.name for row in rows), key=str.casefold)
    assert found.whole is not None
    assert (found.whole.expanding, found.whole.existing) == (2, 4)


def test_what_is_shown_is_what_is_stored(clients: dict[str, Client]) -> None:
    stored = ExpansionRate.objects.get(starts_on=Q1.start, window="quarter", segment="industry:Travel")
    (found,) = (row for row in segments(Q1, "quarter").kinds["industry"] if row.name == "Travel")
    assert (found.rate, found.low, found.high) == (stored.rate, stored.low, stored.high)
    assert (found.existing, found.band, found.settled) == (stored.existing, stored.band, stored.settled)


def test_a_manager_without_a_name_goes_by_e_mail(lena: Person) -> None:
    Person.objects.filter(pk=lena.pk).update(name="")
    portfolios.account("Northwind", met=True, account_manager=lena)
    portfolios.store_figures()
    assert [row.name for row in segments(Q1, "year").kinds["manager"]] == ["lena@agency.example"]


def test_a_benchmark_stands_beside_the_year_of_its_industry_alone(
    browser_of_omar: Browser, clients: dict[str, Client]
) -> None:
    builders.benchmark("Shops", 42, industry="retail", year=2023)
    builders.benchmark("Shops, newer", 97, industry="Retail", year=2025)
    builders.benchmark("All", 30)
    (retail, travel) = segments(Q1, "year").kinds["industry"]
    assert (retail.benchmark, retail.benchmark_name, retail.beside) == (Decimal(97), "Shops, newer", "below")
    assert travel.benchmark is None
    assert all(row.benchmark is None for row in segments(Q1, "quarter").kinds["industry"])
    assert "ours lies below" in fill_in(browser_of_omar)
    assert "Benchmark" not in section(fill_in(browser_of_omar, window="quarter"), "industry")


def test_the_window_and_the_quarter_keep_each_other(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_omar, window="quarter", quarter="2025-Q3")
    assert "2 of 4 accounts gave us more" in page
    assert '<option value="2025-Q3" selected>' in page
    assert '<input type="hidden" name="window" value="quarter">' in page
    assert 'href="/segments/?quarter=2025-Q3"' in page
    assert 'href="/segments/?window=quarter&amp;quarter=2025-Q3"' in page


def test_a_quarter_in_progress_makes_no_finding(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_omar, quarter="2026-Q2")
    assert "so far: no finding is made from it" in page
    assert "told apart" not in page


def test_before_there_is_a_year_it_says_so(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    assert "A year window takes four quarters" in fill_in(browser_of_omar, quarter="2025-Q2")


def test_before_anything_was_computed_it_says_what_will_appear(browser_of_omar: Browser) -> None:
    assert "There are no rates yet" in fill_in(browser_of_omar)


@pytest.mark.parametrize("query", [{"window": "century"}, {"quarter": "2026-Q9"}, {"quarter": "\0"}, {"window": "\0"}])
def test_any_address_shows_something_sensible(
    browser_of_omar: Browser, clients: dict[str, Client], query: dict[str, str]
) -> None:
    assert "2 of 4 accounts of a year ago" in fill_in(browser_of_omar, **query)


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_six_queries_however_many_clients(
    browser_of_omar: Browser, lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(6):
        fill_in(browser_of_omar)


# Files


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_does_not_exist_for_others_than_leadership(
    client: Browser, clients: dict[str, Client], lena: Person, kind: str
) -> None:
    client.force_login(lena)
    assert client.get(f"/segments/segments.{kind}").status_code == 404


def test_a_file_holds_what_the_page_shows(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    Client.objects.filter(name="Northwind").update(industry="=1+1")
    portfolios.store_figures()
    assert 'href="/segments/segments.csv?window=quarter&amp;quarter=2025-Q3"' in fill_in(
        browser_of_omar, window="quarter", quarter="2025-Q3"
    )
    response = browser_of_omar.get("/segments/segments.csv")
    assert response["Content-Disposition"] == 'attachment; filename="segments-year-2026-Q1.csv"'
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("quarter,window,kind,segment,existing,expanding,rate,low,high,band,settled,benchmark")
    assert lines[1].startswith("2026-Q1,year,all,,4,2,50.0000,")
    assert "2026-Q1,year,industry,'=1+1,1,0,0.0000," in lines[2]
    rows = segments(Q1, "year").rows
    assert len(lines) == 1 + len(rows)
    book = browser_of_omar.get("/segments/segments.xlsx")
    assert book.getvalue()[:2] == b"PK"
    taken = AuditEntry.objects.filter(kind=AuditEntry.Kind.TAKEN_ALONG).order_by("id")
    assert [entry.details["what"] for entry in taken] == ["Segments, CSV", "Segments, XLSX"]
