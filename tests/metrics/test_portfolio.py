"""The portfolio page and its table: who sees them, what they hold, and what any address gets."""

import csv
import io
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from openpyxl import load_workbook

from accounts.models import AuditEntry, Client, Person
from metrics import receivers
from metrics.exporting import _FILES
from metrics.models import ClientQuarter
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/portfolio/"
TABLE = "/portfolio/table/"
CSV = "/portfolio/accounts.csv"
XLSX = "/portfolio/accounts.xlsx"


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def clients(lena: Person) -> dict[str, Client]:
    found = portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    return found


@pytest.fixture
def browser_of_lena(client: Browser, lena: Person) -> Browser:
    client.force_login(lena)
    return client


def text(response: HttpResponse | Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def fill_in(browser: Browser, path: str, **query: str | int) -> str:
    return text(browser.get(path, query))


# Who sees it


@pytest.mark.parametrize("path", [PAGE, TABLE])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={path}")


@pytest.mark.parametrize("path", [PAGE, TABLE])
def test_a_client_contact_is_told_there_is_no_such_page(client: Browser, clients: dict[str, Client], path: str) -> None:
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [PAGE, TABLE])
def test_it_is_read_and_never_written(browser_of_lena: Browser, path: str) -> None:
    assert browser_of_lena.post(path).status_code == 405


def test_the_root_leads_leadership_to_it(client: Browser) -> None:
    client.force_login(builders.omar())
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


# What it holds


def test_the_page_begins_with_a_finding_whose_words_carry_their_colours(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE)
    assert (
        'Northwind hits its <em class="numbers">numbers</em> while its <em class="scope">scope</em> stands still.'
        " It carries $12k." in page
    )
    assert "One other grows although it misses targets" in page


def test_the_page_holds_its_table_once_and_the_fragment_is_no_page(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE)
    assert page.count('id="portfolio-table"') == 1
    fragment = fill_in(browser_of_lena, TABLE)
    assert fragment.count('id="portfolio-table"') == 1
    assert "<html" not in fragment
    assert "<script" not in fragment
    assert fragment in page


def test_the_tile_says_so_many_of_so_many_and_the_opened_card_the_rest(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    builders.benchmark("Shops", 42, industry="Retail", source="A survey", year=2024, method_published=False)
    page = fill_in(browser_of_lena, PAGE)
    tile, _, card = page.partition('<dl class="stats"')[2].partition("<details")
    assert '2 <span class="stat-unit">of 4</span>' in tile
    assert "Interval 15–85" in tile
    assert "Strong" not in tile
    assert "Shops" not in tile
    assert "Strong, from 20 %" in card
    assert "Not settled" in card
    assert "takes the change of 2 accounts" in card
    assert "2026 alone" in card
    assert '0 of 4 <span class="muted">0' in card
    assert '100 % <span class="muted">of the growth whose origin is known' in card
    assert "A survey, 2024" in card
    assert "not published" in card
    assert "may be either side" in card


def test_the_signs_of_choice_are_of_those_who_were_here_a_year_ago(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE)
    assert "What 4 accounts of a year ago chose since" in page
    assert "<strong>2</strong> of 4" in page
    assert "<strong>0</strong> of 4" in page


def test_who_is_in_no_sum_is_named(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    portfolios.account("Adventure & Works", met=True, currency="JPY")
    portfolios.store_figures()
    assert "1 account whose currency has no exchange rate: Adventure &amp; Works" in fill_in(browser_of_lena, PAGE)


def test_what_prices_did_is_said(browser_of_lena: Browser) -> None:
    client = builders.client("Northwind")
    retainer = builders.retainer_since(client, date(2025, 1, 1), 1000)
    portfolios.store_figures()
    assert "Prices did none of it" in fill_in(browser_of_lena, PAGE)
    builders.scope_change(retainer, "price", date(2025, 9, 1), -50)
    portfolios.store_figures()
    assert "Prices did −5.0 points of it" in fill_in(browser_of_lena, PAGE)


def test_a_row_leads_to_its_account_in_the_same_quarter(browser_of_lena: Browser) -> None:
    portfolios.account("Northwind", met=True, external_id="a/b c?d#e")
    portfolios.store_figures()
    assert '<a href="/accounts/a/~b%20c%3Fd%23e/">Northwind</a>' in fill_in(browser_of_lena, TABLE)
    page = fill_in(browser_of_lena, TABLE, quarter="2025-Q4")
    assert '<a href="/accounts/a/~b%20c%3Fd%23e/?quarter=2025-Q4">Northwind</a>' in page


def test_what_cannot_be_known_is_a_dash_with_a_word(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    ClientQuarter.objects.update(partnership_score=None)
    page = fill_in(browser_of_lena, TABLE, q="litware")
    assert '<span aria-hidden="true">–</span>' in page
    assert "not known" in page
    assert "new" in page


def test_a_name_is_never_markup(browser_of_lena: Browser) -> None:
    portfolios.account("<b>Bold</b> & Co", met=True)
    for number in range(3):
        portfolios.account(f"Quiet {number}", met=True, later=100)
    portfolios.store_figures()
    page = fill_in(browser_of_lena, PAGE)
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co hits its" in page
    assert "<b>Bold" not in page


def test_the_quarter_in_progress_is_so_far_and_makes_no_finding(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE, quarter="2026-Q2")
    assert "Q2 2026 so far" in page
    assert "no finding is made" in page
    assert 'class="story"' not in page
    assert "Pattern so far" in page
    assert "Expansion over the year, so far" in page


def test_all_quarters_can_be_chosen_and_keep_what_was_asked_for(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE, q="wind", sort="name", quarter="2025-Q4")
    for label in ("2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"):
        assert f'<option value="{label}"' in page
    assert page.count('<option value="2025-Q4" selected>') == 1
    assert '<input type="hidden" form="portfolio-quarter" name="q" value="wind">' in page
    assert '<input type="hidden" form="portfolio-quarter" name="sort" value="name">' in page
    assert '<input type="hidden" form="portfolio-filters" name="quarter" value="2025-Q4">' in page
    assert '<input type="hidden" form="portfolio-filters" name="sort" value="name">' in page


def test_before_there_is_a_year_it_is_said_what_is_missing(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_lena, PAGE, quarter="2025-Q3")
    assert "A rate takes a year" in page
    assert "Too thin for a finding" not in page  # patterns are there already
    assert "Too thin for a finding" in fill_in(browser_of_lena, PAGE, quarter="2025-Q1")


# What it draws


def card(page: str, name: str) -> str:
    """One card of the page, by what it is titled by."""
    return page.partition(f'aria-labelledby="{name}-title"')[2].partition("</section>")[0]


def test_the_map_says_who_is_on_it_and_who_is_not(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    found = card(fill_in(browser_of_lena, PAGE), "map")
    assert "Where each account stands" in found
    assert "4 accounts that have a pattern." in found
    assert "1 account is not on it: too early to tell." in found
    assert "Split at 80" in found
    assert found.count("<plot-figure") == 1
    rows = found.partition("<tbody>")[2]
    assert rows.count("<tr>") == 4
    assert rows.index("Fabrikam") < rows.index("Northwind")
    assert "$37.8k" in rows
    assert "left within the quarter" not in found
    assert "beside them" not in found


def test_the_map_says_what_it_draws_otherwise(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.scope_change(clients["Northwind"].engagements.get(), "end", date(2026, 2, 1))
    for number in range(3):
        portfolios.account(f"Alike {number}", met=True, currency="JPY")
    portfolios.account("Rocket", met=True, monthly=100, later=5000)
    portfolios.store_figures()
    found = card(fill_in(browser_of_lena, PAGE), "map")
    assert "1 that left within the quarter is counted and not drawn." in found
    assert "2 accounts share their places with others and are set beside them." in found
    assert "1 account grew by more than 100" in found
    assert "3 without an exchange rate are drawn as small as can be." in found


def test_a_portfolio_without_a_pattern_has_a_sentence_in_place_of_a_map(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    found = card(fill_in(browser_of_lena, PAGE, quarter="2025-Q1"), "map")
    assert "No account has a pattern yet" in found
    assert "<plot-figure" not in found


def test_who_moved_since_last_quarter_is_told_with_why(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    assert "No pattern is another than a quarter ago." in fill_in(browser_of_lena, PAGE)
    builders.scope_change(clients["Northwind"].engagements.get(), "expansion", date(2026, 2, 1), 50)
    portfolios.store_figures()
    found = card(fill_in(browser_of_lena, PAGE), "patterns")
    assert "Moved since Q4 2025" in found
    moved = found.partition('<div class="moves">')[2]
    assert moved.index("Good numbers, stalling") < moved.index("Compounding trust")
    assert "Its scope grows: +5" in moved
    assert "Moved since" not in fill_in(browser_of_lena, PAGE, quarter="2026-Q2")


def test_the_rate_by_quarter_says_what_one_account_is_worth_and_how_it_compares(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    found = card(fill_in(browser_of_lena, PAGE), "trend")
    assert "Expansion over the year, by quarter" in found  # four accounts are too few for a finding
    assert "One account moves this rate by 25 points." in found
    assert "The benchmark is that of Retail" in found
    assert "How it was counted was not published." in found
    assert found.partition("<tbody>")[2].count("<tr>") == 12
    assert "2 of 4" in found


def test_the_waterfall_says_who_moved_the_scope_and_why(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.scope_change(
        clients["Contoso"].engagements.get(), "expansion", date(2026, 2, 1), 1000, note="<i>Loyalty</i> launch"
    )
    portfolios.store_figures()
    found = card(fill_in(browser_of_lena, PAGE), "flow")
    assert "Scope grew by $12k, and nobody took any back" in found
    assert "in USD thousand a year" in found
    assert "1 account is left out, for want of an exchange rate." in found
    rows = found.partition("<tbody>")[2]
    assert rows.count("<tr>") == 3
    assert "+$12,000" in rows
    assert "&lt;i&gt;Loyalty&lt;/i&gt; launch" in rows
    assert "<i>" not in found


def test_the_bands_are_counted_by_quarter(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    ClientQuarter.objects.update(partnership_score=75)
    found = card(fill_in(browser_of_lena, PAGE), "bands")
    assert "Five of five accounts are partnerships" in found
    assert "known of 5 of 5" in found
    assert found.partition("<tbody>")[2].count("<tr>") == 12


def test_headings_only_say_what_is_drawn_while_the_quarter_has_not_ended(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    ClientQuarter.objects.update(partnership_score=75)
    page = fill_in(browser_of_lena, PAGE, quarter="2026-Q2")
    assert "Where each account stands, so far" in page
    assert "Partnership bands, so far" in page
    assert "What moved the scope, so far" in page
    assert "Five of five" not in page


# Taking it along


def lines(browser: Browser, **query: str | int) -> list[dict[str, str]]:
    """The rows of the CSV file."""
    response: Any = browser.get(CSV, query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("path", [CSV, XLSX])
def test_files_are_for_those_who_see_the_page_alone(client: Browser, clients: dict[str, Client], path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [CSV, XLSX])
def test_there_is_no_file_of_an_agency_without_figures(browser_of_lena: Browser, path: str) -> None:
    assert browser_of_lena.get(path).status_code == 404
    assert browser_of_lena.post(path).status_code == 405


def test_a_file_holds_what_is_filtered_in_the_same_order(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    assert [row["name"] for row in lines(browser_of_lena)] == [
        "Fabrikam",
        "Contoso",
        "Northwind",
        "Tailspin",
        "Litware",
    ]
    assert [row["name"] for row in lines(browser_of_lena, industry="Travel", sort="name")] == ["Contoso", "Tailspin"]
    (row,) = lines(browser_of_lena, q="contoso", quarter="2025-Q4")
    assert (row["client"], row["manager"], row["industry"], row["tier"]) == ("contoso", "Sam", "Travel", "")
    assert (row["quarter"], row["in_progress"], row["currency"]) == ("2025-Q4", "no", "USD")
    assert (row["scope_end"], row["movement"], row["pattern"]) == ("30000.0000", "flat", "compounding")
    assert (row["kpi_readings"], row["attainment"], row["confidence"]) == ("3", "100.0000", "")


def test_a_file_has_all_pages(browser_of_lena: Browser) -> None:
    for number in range(27):
        builders.retainer_since(builders.client(f"Client {number:02}"), date(2025, 1, 1), 100)
    portfolios.store_figures()
    assert len(lines(browser_of_lena, page=2)) == 27


def test_a_file_has_the_columns_of_the_exported_one(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    (exported,) = (columns for name, columns, _rows in _FILES if name == "client_quarters.csv")
    assert set(exported.split()) <= set(lines(browser_of_lena)[0])


def test_who_takes_which_accounts_along_is_in_the_audit(
    browser_of_lena: Browser, lena: Person, clients: dict[str, Client]
) -> None:
    lines(browser_of_lena, industry="Travel")
    taken = AuditEntry.objects.filter(kind=AuditEntry.Kind.TAKEN_ALONG)
    assert [(entry.person_id, entry.details) for entry in taken] == [
        (lena.pk, {"what": "Accounts, CSV", "asked": "industry=Travel"})
    ]
    browser_of_lena.head(CSV)
    assert taken.count() == 1


def test_the_workbook_holds_the_same_as_the_csv_file(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    response: Any = browser_of_lena.get(XLSX, {"industry": "Travel", "sort": "-name"})
    assert response["Content-Disposition"] == 'attachment; filename="accounts-2026-Q1.xlsx"'
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet is not None
    columns, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [row["name"] for row in found] == ["Tailspin", "Contoso"]
    assert (found[1]["scope_end"], found[1]["kpi_met"], found[1]["tier"]) == (30_000, 3, None)


def test_a_client_called_like_a_formula_is_harmless_in_both_files(browser_of_lena: Browser) -> None:
    portfolios.account(" =HYPERLINK(1)", met=True, external_id="@x", industry="＝1")
    portfolios.store_figures()
    (row,) = lines(browser_of_lena)
    assert (row["name"], row["client"], row["industry"]) == ("' =HYPERLINK(1)", "'@x", "'＝1")
    response: Any = browser_of_lena.get(XLSX)
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet is not None
    cells = [cell for cells in sheet.iter_rows(min_row=2) for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
    assert "' =HYPERLINK(1)" in [cell.value for cell in cells]


def test_the_table_leads_to_the_files_of_what_it_shows(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_lena, TABLE, industry="Travel", sort="name", quarter="2025-Q4")
    assert f'href="{CSV}?quarter=2025-Q4&amp;industry=Travel&amp;sort=name"' in page
    assert f'href="{XLSX}?quarter=2025-Q4&amp;industry=Travel&amp;sort=name"' in page


# Asking


def test_the_fragment_puts_the_pages_own_address_into_the_bar(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    asked = {"q": "a & b", "pattern": "stalling", "sort": "name", "quarter": "2025-Q4", "page": "1", "tier": ""}
    response = browser_of_lena.get(TABLE, asked)
    expected = {"quarter": "2025-Q4", "q": "a & b", "pattern": "stalling", "sort": "name"}
    assert response["HX-Push-Url"] == f"{PAGE}?{urlencode(expected)}"
    assert browser_of_lena.get(TABLE, {"quarter": "2026-Q1", "sort": "-change"})["HX-Push-Url"] == PAGE


def test_filters_and_order_hold_on_the_page_as_in_the_fragment(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    for path in (PAGE, TABLE):
        found = fill_in(browser_of_lena, path, industry="Travel", sort="-name").partition('id="portfolio-table"')[2]
        assert found.index("Tailspin") < found.index("Contoso")
        assert "Northwind" not in found


def test_a_column_that_sorts_says_so_and_turns_round(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_lena, TABLE)
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in page
    assert 'href="/portfolio/?sort=change"' in page
    assert 'href="/portfolio/?sort=-attainment"' in page
    assert 'href="/portfolio/?sort=name"' in page
    assert 'href="/portfolio/?sort=-name"' in fill_in(browser_of_lena, TABLE, sort="name")


def test_nobody_found_is_said_with_a_way_back(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_lena, TABLE, q="nobody", quarter="2025-Q4")
    assert "No account is like that." in page
    assert 'href="/portfolio/?quarter=2025-Q4"' in page


def test_a_page_that_is_not_there_leads_to_the_first(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_lena, PAGE, page=99, sort="name")
    assert "There is no such page." in page
    assert 'href="/portfolio/?sort=name"' in page


def test_more_than_a_page_is_paged(browser_of_lena: Browser) -> None:
    for number in range(27):
        builders.retainer_since(builders.client(f"Client {number:02}"), date(2025, 1, 1), 100)
    portfolios.store_figures()
    first = fill_in(browser_of_lena, TABLE, sort="name")
    assert "1–25 of 27" in first
    assert 'href="/portfolio/?sort=name&amp;page=2"' in first
    assert "Previous" not in first
    second = fill_in(browser_of_lena, TABLE, sort="name", page=2)
    assert "26–27 of 27" in second
    assert 'rel="prev" href="/portfolio/?sort=name"' in second


HOSTILE = [
    {"quarter": "zzz"}, {"quarter": "2026-Q9"}, {"quarter": "\0"}, {"quarter": "9" * 400},
    {"page": "-1"}, {"page": "0"}, {"page": "x"}, {"page": "9" * 30}, {"page": "1e3"}, {"page": "\0"}, {"page": "٣"},
    {"sort": "evil"}, {"sort": "--name"}, {"sort": "client__account_manager__password"}, {"sort": "\0"},
    {"q": "\0"}, {"q": "a\0b"}, {"q": "x" * 5000}, {"q": "%_\\'\";--"}, {"q": "\ud800".encode("utf-8", "replace")},
    {"manager": "9" * 30}, {"manager": "-1"}, {"manager": "x"}, {"manager": "٣"}, {"manager": "\0"},
    {"manager": str(2**63 - 1)}, {"manager": str(2**63)},
    {"industry": "\0"}, {"industry": "x" * 300}, {"tier": "Z"}, {"tier": "\0"}, {"pattern": "compounding\0"},
    {"pattern": ["stalling", "evil"]}, {"unknown": "1"},
]  # fmt: skip


@pytest.mark.parametrize("path", [PAGE, TABLE])
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:60])
def test_whatever_an_address_says_something_sensible_is_shown(
    browser_of_lena: Browser, clients: dict[str, Client], path: str, query: dict[str, Any]
) -> None:
    response = browser_of_lena.get(path, query)
    assert response.status_code == 200
    assert 'id="portfolio-table"' in response.content.decode()


@pytest.mark.parametrize("query", ["%00", "q=%ff%fe", "&&==&", "q=%C3%28", "page=%F0%9F%98%80"])
def test_an_address_that_is_no_text_does_no_harm(
    browser_of_lena: Browser, clients: dict[str, Client], query: str
) -> None:
    assert browser_of_lena.get(f"{PAGE}?{query}").status_code == 200


# Before there is anything to show


def test_an_agency_without_records_is_told_what_is_missing_and_what_will_appear(browser_of_lena: Browser) -> None:
    page = fill_in(browser_of_lena, PAGE)
    assert "No account has been recorded" in page
    assert "lists every account with its numbers beside its scope" in page
    assert "0 of 3 done" in page
    assert 'href="/clients/new/"' in page
    assert "Fill with a sample agency" not in page  # that is leadership's


def test_each_step_to_the_first_figures_has_one_act(browser_of_lena: Browser) -> None:
    builders.client("Northwind")
    page = fill_in(browser_of_lena, PAGE)
    assert "No scope has been recorded" in page
    assert "Add an engagement" in page
    assert "1 of 3 done" in page
    assert "Compute them" not in page


def test_leadership_may_look_at_a_sample_agency_before_there_is_a_client(client: Browser) -> None:
    client.force_login(builders.omar())
    assert "Fill with a sample agency" in fill_in(client, PAGE)
    builders.client("Northwind")
    assert "Fill with a sample agency" not in fill_in(client, PAGE)


def test_records_whose_figures_follow_are_told_so(browser_of_lena: Browser) -> None:
    builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))
    page = fill_in(browser_of_lena, PAGE)
    assert "The records are here, their figures follow" in page
    assert "2 of 3 done" in page
    assert "Compute them" in page
    fragment = fill_in(browser_of_lena, "/portfolio/beginning/")
    assert "<html" not in fragment
    assert page.count('id="portfolio-beginning"') == fragment.count('id="portfolio-beginning"') == 1
    assert 'hx-trigger="every 3s"' in fragment


def test_what_is_missing_gives_way_to_the_page_once_there_are_figures(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    response = browser_of_lena.get("/portfolio/beginning/")
    assert (response["HX-Refresh"], response.content) == ("true", b"")


def test_figures_are_computed_when_somebody_asks(
    client: Browser, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(receivers, "records_have_changed", lambda: told.append("told"))
    assert client.post("/figures/").status_code == 302
    assert told == []
    client.force_login(builders.lena(email="second@agency.example"))
    assert client.get("/figures/").status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/figures/")["Location"] == PAGE
    assert told == ["told"]


def test_the_fragment_of_an_empty_agency_is_a_sentence(browser_of_lena: Browser) -> None:
    assert "No account had scope in this quarter." in fill_in(browser_of_lena, TABLE)


# What it costs


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_eight_queries_and_its_table_four_however_many_clients(
    browser_of_lena: Browser, lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(8):
        browser_of_lena.get(PAGE)
    with django_assert_num_queries(4):
        browser_of_lena.get(TABLE)
