"""The account page: who sees it, what it holds, and what any address gets."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from accounts import scope_ledger
from accounts.models import Client, Engagement, Person
from accounts.settings_in_force import ATTRIBUTES
from metrics.models import ChangedClient, ClientFault, ClientQuarter
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def clients(lena: Person) -> dict[str, Client]:
    """Northwind stalls, Contoso compounds, Fabrikam deepens, Tailspin is at risk, Litware began too late to tell."""
    found = portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    ChangedClient.objects.all().delete()
    return found


@pytest.fixture
def browser_of_lena(client: Browser, lena: Person) -> Browser:
    client.force_login(lena)
    return client


def text(response: HttpResponse | Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def page_of(browser: Browser, client: Client | str, **query: str) -> str:
    external_id = client if isinstance(client, str) else client.external_id
    return text(browser.get(reverse("metrics:account", args=[external_id]), query))


class Parsed(HTMLParser):
    """A page's figures and tables: rows of cells, as a reader sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures: list[dict[str, Any]] = []
        self.narrow: list[dict[str, Any]] = []
        self.labels: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._table = ""
        self._hidden = 0
        self._in_cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "plot-figure":
            self.figures.append(json.loads(given["data-figure"]))
            self.narrow.append(json.loads(given["data-figure-narrow"]))
            self.labels.append(given["aria-label"])
        if tag == "table" and "id" in given:
            self._table = given["id"]
            self.tables[self._table] = []
        if tag == "tr" and self._table:
            self.tables[self._table].append([])
        if tag in ("td", "th") and self._table:
            self.tables[self._table][-1].append("")
            self._in_cell = True
        if tag == "span" and (self._hidden or "visually-hidden" in given.get("class", "")):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""
        if tag in ("td", "th"):
            self._in_cell = False
        if tag == "span" and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._in_cell and self._table and not self._hidden:
            cells = self.tables[self._table][-1]
            cells[-1] = " ".join(f"{cells[-1]} {data}".split())

    def rows(self, table: str) -> list[list[str]]:
        """The rows of a table, without its head."""
        return self.tables[table][1:]


# Who sees it


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser, clients: dict[str, Client]) -> None:
    response = client.get("/accounts/northwind/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/accounts/northwind/")


def test_what_one_may_not_see_does_not_exist_to_the_byte(client: Browser, clients: dict[str, Client]) -> None:
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    theirs, absent = client.get("/accounts/northwind/"), client.get("/accounts/nobody/")
    assert theirs.status_code == absent.status_code == 404
    assert theirs.content == absent.content


def test_what_is_not_there_is_not_there(browser_of_lena: Browser) -> None:
    assert browser_of_lena.get("/accounts/nobody/").status_code == 404


def test_people_of_the_agency_see_it(client: Browser, clients: dict[str, Client]) -> None:
    for person in (builders.noor(), builders.omar()):
        client.force_login(person)
        assert "Northwind" in page_of(client, "northwind")


def test_it_is_read_and_never_written(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    assert browser_of_lena.post("/accounts/northwind/").status_code == 405


# What is fetched anew


def fragment_of(browser: Browser, name: str, external_id: str, **query: str) -> str:
    return text(browser.get(reverse(f"metrics:{name}", args=[external_id]), query))


def test_the_page_holds_its_content_once_and_the_content_alone_is_no_page(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = page_of(browser_of_lena, "northwind")
    assert page.count('id="account-content"') == page.count('id="recording"') == 1
    assert page.index('id="recording"') < page.index('id="account-content"')
    assert "hx-swap-oob" not in page
    content = fragment_of(browser_of_lena, "account_content", "northwind")
    assert content.count('id="account-content"') == 1
    assert 'hx-trigger="records-changed from:body, figures-changed from:body"' in content
    assert "<html" not in content
    assert "<h1" not in content
    assert Parsed(content).tables == Parsed(page).tables


def test_what_the_head_says_of_the_figures_comes_along_with_the_content(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    content = fragment_of(browser_of_lena, "account_content", "northwind")
    for part in ("account-verdict", "account-quarters", "account-facts", "as-of"):
        assert f'id="{part}" hx-swap-oob="true"' in content
        assert page_of(browser_of_lena, "northwind").count(f'id="{part}"') == 1


def test_the_content_is_fetched_anew_of_the_quarter_that_was_asked_for(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    assert 'hx-get="/accounts/northwind/content/"' in page_of(browser_of_lena, "northwind")
    page = page_of(browser_of_lena, "northwind", quarter="2025-Q3")
    assert 'hx-get="/accounts/northwind/content/?quarter=2025-Q3"' in page
    assert 'hx-get="/accounts/northwind/content/"' in page_of(browser_of_lena, "northwind", quarter="'><b>")
    content = fragment_of(browser_of_lena, "account_content", "northwind", quarter="2025-Q3")
    assert "KPI attainment, Q3 2025" in content


@pytest.mark.parametrize("name", ["account_content", "account_freshness"])
def test_its_parts_are_nobody_elses(client: Browser, clients: dict[str, Client], name: str) -> None:
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    address = reverse(f"metrics:{name}", args=["northwind"])
    assert client.get(address).status_code == 404
    client.force_login(builders.noor())
    assert client.get(reverse(f"metrics:{name}", args=["nobody"])).status_code == 404
    assert client.post(address).status_code == 405


def test_the_content_of_an_account_without_records_is_what_is_missing(browser_of_lena: Browser) -> None:
    builders.client("Vellum Press", external_id="vellum")
    assert "The picture needs two quarters" in fragment_of(browser_of_lena, "account_content", "vellum")


# Addresses


@pytest.mark.parametrize(
    "external_id",
    ["acme/north", "a b", "Ærø & Søn – 東京", "50%", "what?really#yes", "..", "a/../b", "~x", "/", "x" * 200],
)
def test_an_id_may_be_any_text(browser_of_lena: Browser, external_id: str) -> None:
    builders.client("Odd", external_id=external_id)
    page = page_of(browser_of_lena, external_id)
    assert "<h1>Odd</h1>" in page


def test_a_row_of_the_portfolio_leads_to_it(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    portfolio = text(browser_of_lena.get("/portfolio/"))
    assert f'href="{reverse("metrics:account", args=["northwind"])}"' in portfolio


@pytest.mark.parametrize("path", ["/accounts/%00/", "/accounts/a%00b/", "/accounts/%ff%fe/", "/accounts/%F0%9F%98%80/"])
def test_an_address_that_is_no_id_does_no_harm(browser_of_lena: Browser, path: str) -> None:
    assert browser_of_lena.get(path).status_code == 404


@pytest.mark.parametrize(
    "quarter", ["", "2026", "2019-Q1", "2031-Q4", "\0", "2026-q1", "'; --", "x" * 5000, "２０２６-Q1"]
)
def test_a_quarter_that_is_none_opens_the_last_that_has_ended(
    browser_of_lena: Browser, clients: dict[str, Client], quarter: str
) -> None:
    page = page_of(browser_of_lena, "northwind", quarter=quarter)
    assert "KPI attainment, Q1 2026" in page


def test_any_quarter_with_scope_can_be_chosen(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = page_of(browser_of_lena, "northwind", quarter="2025-Q3")
    assert "KPI attainment, Q3 2025" in page
    assert '<option value="2025-Q3" selected>' in page
    assert page.count("<option") == 6
    assert [row[0] for row in Parsed(page).rows("numbers-table")] == ["Q1 2025", "Q2 2025", "Q3 2025"]


# What it begins with


def test_it_says_who_leads_the_account_since_when_it_is_one_and_what_it_is(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = page_of(browser_of_lena, "northwind")
    assert "Manager <strong>Lena</strong>" in page
    assert 'Client since <strong><time datetime="2025-01-01">1 Jan 2025</time></strong>' in page
    assert "Industry <strong>Retail</strong>" in page
    assert "Tier <strong>A</strong>" in page
    assert '<a href="/portfolio/">Portfolio</a>' in page
    assert "Figures to <strong>" in page


def test_the_story_counts_quarters_in_the_two_colours(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = page_of(browser_of_lena, "northwind")
    assert (
        'The numbers have been good for <em class="numbers">five quarters</em>, and the scope has not moved for'
        ' <em class="scope">four</em>.' in page
    )
    assert '<span class="tag stalling">' in page


@pytest.mark.parametrize(
    ("name", "pattern", "story"),
    [
        ("contoso", "compounding", "has grown by $6,000."),
        ("fabrikam", "deepening", 'the client has handed over <em class="scope">more</em>.'),
        ("tailspin", "at_risk", "has shrunk by $7,200."),
        ("litware", "too_early", "Too early to tell."),
    ],
)
def test_each_pattern_has_its_story(
    browser_of_lena: Browser, clients: dict[str, Client], name: str, pattern: str, story: str
) -> None:
    page = page_of(browser_of_lena, name)
    assert f'<span class="tag {pattern}">' in page
    assert story in page


def test_a_client_of_one_quarter_is_told_what_is_missing(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = page_of(browser_of_lena, "litware")
    assert "A pattern takes two quarters that begin with scope: none so far." in page
    assert "It takes results against targets in two quarters: none so far." in page


def test_the_quarter_in_progress_is_so_far_and_makes_no_finding(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = page_of(browser_of_lena, "northwind", quarter="2026-Q2")
    assert "Q2 2026 has not ended: these are its figures so far, and no finding is made from them." in page
    assert "Q2 2026 so far, until" in page
    assert 'class="story"' not in page
    assert "without a change" not in page


def test_the_four_figures_are_those_stored(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.check_in(clients["Contoso"], date(2026, 3, 3))
    portfolios.store_figures()
    page = page_of(browser_of_lena, "contoso")
    tiles = page.partition('<section class="stats"')[2].partition("</section>")[0]
    assert "100 %" in tiles
    assert "3 of 3 targets met" in tiles
    assert "$30k" in tiles
    assert "+$6,000 in four quarters" in tiles
    assert "3 of 10 attributes known, six are needed" in tiles
    assert "3 Mar 2026" in tiles
    assert "of those due" in tiles


def test_what_cannot_be_known_is_a_dash_with_a_word(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    tiles = page_of(browser_of_lena, "litware").partition('<section class="stats"')[2].partition("</section>")[0]
    assert tiles.count("not known") == 3
    assert "No results against targets" in tiles
    assert "None on record" in tiles


def test_an_unchanged_scope_is_no_change_and_a_new_client_is_new(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    assert "As much as four quarters ago" in page_of(browser_of_lena, "northwind")
    late = builders.client("Late", external_id="late")
    builders.retainer_since(late, date(2025, 8, 1))
    portfolios.store_figures()
    assert "New within four quarters" in page_of(browser_of_lena, "late")


# Charts and their tables


def test_the_tables_say_what_the_charts_draw(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    parsed = Parsed(page_of(browser_of_lena, "contoso"))
    stored = ClientQuarter.objects.filter(client=clients["Contoso"], starts_on__lt=date(2026, 4, 1)).order_by(
        "starts_on"
    )
    numbers, score = parsed.figures
    scope, _up, _down, attainment, _last = numbers["data"]
    rows = parsed.rows("numbers-table")
    assert len(rows) == len(attainment["y"]) == len(scope["y"]) - 1 == stored.count() == 5
    for row, drawn, held, figures in zip(rows, attainment["y"], scope["y"], stored, strict=False):
        assert row[1] == f"{drawn:.0f} %"
        assert row[3] == f"${held:,.0f}"
        assert float(figures.scope_end) == held
    assert [row[4] for row in rows] == ["+$24k", "$0", "+$6,000", "$0", "$0"]
    rows = parsed.rows("score-table")
    assert [row[1] for row in rows] == ["–"] * 5
    assert score["data"][0]["y"] == [None] * 5
    assert [row[2] for row in rows] == score["data"][1]["text"]


def test_each_chart_has_its_words_its_table_and_its_source(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = page_of(browser_of_lena, "northwind")
    parsed = Parsed(page)
    assert len(parsed.figures) == len(parsed.narrow) == 2
    assert all(len(label) > 20 for label in parsed.labels)
    assert page.count("Show as table") == 3
    assert "from 15 readings in 5 quarters" in page
    assert "a score in 0 of 5 quarters" in page
    assert "The numbers are good. The scope is where it was." in page


def test_a_year_without_scope_is_drawn_as_such(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    back = builders.client("Back", external_id="back")
    first = builders.retainer_since(back, date(2022, 2, 1), 1000, name="First")
    builders.scope_change(first, "end", date(2022, 11, 1))
    builders.retainer_since(back, date(2024, 8, 1), 500, name="Second")
    portfolios.store_figures()
    parsed = Parsed(page_of(browser_of_lena, "back", quarter="2024-Q3"))
    rows = parsed.rows("numbers-table")
    assert [row[0] for row in rows] == [
        *("Q1 2022", "Q2 2022", "Q3 2022", "Q4 2022"),
        *("Q1 2023", "Q2 2023", "Q3 2023", "Q4 2023"),
        *("Q1 2024", "Q2 2024", "Q3 2024"),
    ]
    assert [row[3] for row in rows] == ["$12,000"] * 3 + ["$0"] * 7 + ["$6,000"]
    assert [row[2] for row in parsed.rows("score-table")][3:10] == ["0", *["–"] * 6]
    assert len(parsed.figures[0]["data"][0]["y"]) == 12
    assert parsed.figures[1]["data"][1]["text"][4:10] == [""] * 6


def test_at_most_twelve_quarters_are_shown(browser_of_lena: Browser) -> None:
    builders.retainer_since(builders.client("Old", external_id="old"), date(2020, 1, 1))
    portfolios.store_figures()
    page = page_of(browser_of_lena, "old")
    assert len(Parsed(page).rows("numbers-table")) == 12
    assert page.count("<option") == 26


def test_the_band_follows_the_threshold_in_force(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.setting("good_attainment", date(2025, 5, 1), "70")
    builders.setting("good_attainment", date(2026, 4, 1), "90")
    portfolios.store_figures()
    for quarter, good in (("2025-Q1", 80), ("2026-Q1", 70), ("2026-Q2", 90)):
        figure = Parsed(page_of(browser_of_lena, "northwind", quarter=quarter)).figures[0]
        assert figure["layout"]["shapes"][0]["y0"] == good
    assert "Weights and thresholds are those set on" in page_of(browser_of_lena, "northwind")


# The ten attributes, confidence and signs


def test_the_ten_attributes_have_three_sources_a_score_and_a_gap_the_widest_first(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    northwind = clients["Northwind"]
    builders.pulse(northwind, date(2026, 2, 1), trust=2, value=3, action=4)
    builders.pulse(northwind, date(2026, 2, 1), "agency", trust=4, value=3, approach=5)
    builders.standing(northwind, date(2025, 1, 1), "lead")
    portfolios.store_figures()
    page = page_of(browser_of_lena, "northwind")
    rows = {row[0]: row[3:] for row in Parsed(page).rows("profile-table")}
    assert len(rows) == len(ATTRIBUTES)
    assert list(rows)[:2] == ["Trust", "Value"]
    assert rows["Trust"] == ["25", "75", "+50", "untested", "42"]
    assert rows["Value"] == ["50", "50", "0", "–", "50"]
    assert rows["Action"] == ["75", "–", "–", "–", "75"]
    assert rows["Approach"][:3] == ["–", "100", "–"]
    assert rows["Loyalty"] == ["–", "–", "–", "75", "75"]
    assert "We see a partner where the client sees a supplier, in one place." in page
    assert "Trust is the likely opening: the client places it 50 points lower than we do." in page
    assert "One bad quarter costs us work." in page
    assert "known on 3 of 10, ours on 3" in page


def test_marks_are_placed_in_the_language_of_svg_and_not_of_the_reader(
    browser_of_lena: Browser, clients: dict[str, Client], settings: Any
) -> None:
    settings.LANGUAGE_CODE = "de"
    builders.pulse(clients["Northwind"], date(2026, 2, 1), trust=2)
    builders.pulse(clients["Northwind"], date(2026, 2, 1), respondent="eve@northwind.example", trust=3)
    portfolios.store_figures()
    assert '<svg x="37.5%" overflow="visible">' in page_of(browser_of_lena, "northwind")


def test_a_confidential_answer_that_waits_is_nowhere(browser_of_lena: Browser) -> None:
    empty = builders.client("Empty", external_id="empty")
    ChangedClient.objects.all().delete()
    without = page_of(browser_of_lena, "empty")
    builders.pulse(empty, date(2026, 2, 1), trust=2, confidential=True, comment="Between us")
    ChangedClient.objects.all().delete()
    assert page_of(browser_of_lena, "empty").partition("<main")[2] == without.partition("<main")[2] != ""


def test_confidence_and_trust_signs_stand_beside_the_score(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    northwind = clients["Northwind"]
    builders.pulse(northwind, date(2026, 2, 1), reduces_risk=4, improves_decisions=4, supports_direction=4)
    builders.check_in(
        northwind, date(2026, 2, 1), signs=["brought_in_early", "new_channel", "started_over", "long_term_budget"]
    )
    portfolios.store_figures()
    card = page_of(browser_of_lena, "northwind").partition('id="signs-title"')[2].partition("</section>")[0]
    assert "<dd> 75 " in card
    assert "<dd> 75 % </dd>" in card


def signs(page: str) -> list[str]:
    card = page.partition('<ul class="signs">')[2].partition("</ul>")[0]
    return ["Yes" if "Yes" in item else "No" for item in card.split("<li")[1:]]


def test_signs_of_choice_are_those_of_the_year_window(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    assert signs(page_of(browser_of_lena, "contoso")) == ["Yes", "No", "No"]
    retainer = Engagement.objects.get(client=clients["Northwind"])
    builders.scope_change(retainer, "renewal", date(2026, 1, 1), ends_on=date(2026, 12, 31))
    films = builders.engagement(clients["Northwind"], "Films", service_line="Video")
    builders.scope_change(films, "start", date(2025, 9, 1), 200)
    builders.scope_change(films, "end", date(2026, 2, 1))
    portfolios.store_figures()
    page = page_of(browser_of_lena, "northwind")
    assert signs(page) == ["No", "Yes", "Yes"]
    assert "Scope flat, moved into Video" in page
    assert "New to us in it: Video" in page


def test_a_reversed_start_took_nobody_into_anything(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    films = builders.engagement(clients["Northwind"], "Films", service_line="Video")
    row = builders.scope_change(films, "start", date(2025, 9, 1), 200)
    scope_ledger.reverse(row, "Wrong client", None)
    portfolios.store_figures()
    assert "moved into" not in page_of(browser_of_lena, "northwind")


def test_to_a_new_client_every_line_is_new_and_nothing_is_said_of_it(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    late = builders.client("Late", external_id="late")
    builders.retainer_since(late, date(2025, 8, 1), service_line="Video")
    portfolios.store_figures()
    page = page_of(browser_of_lena, "late")
    assert "moved into" not in page
    assert "there was nothing to choose again" in page


# The ledger


def test_the_ledger_says_who_when_and_why(browser_of_lena: Browser, lena: Person) -> None:
    northwind = builders.client("Northwind")
    retainer = builders.engagement(northwind, "Media retainer", service_line="Media")
    builders.scope_change(retainer, "start", date(2025, 1, 1), 1000, ends_on=date(2025, 12, 31), by=lena)
    builders.scope_change(
        retainer, "expansion", date(2025, 6, 1), 500,
        origin="client", involved_from="idea", note="Asked for <b>films</b>", by=lena,
    )  # fmt: skip
    study = builders.project(northwind, "Study")
    builders.scope_change(study, "start", date(2025, 9, 1), 9000, origin="agency")
    builders.scope_change(study, "end", date(2025, 12, 1), 0)
    page = page_of(browser_of_lena, "northwind")
    ended, study_row, expansion, start = Parsed(page).rows("ledger-table")
    assert expansion[:6] == [
        "1 Jun 2025", "Expansion Media retainer, Media", "+$6,000", "The client", "The idea", "Asked for <b>films</b>",
    ]  # fmt: skip
    assert expansion[6].endswith("Lena")
    assert start[2] == "+$12k to 31 Dec 2025"
    assert start[3:6] == ["–", "–", "–"]
    assert study_row[2:4] == ["+$9,000", "We did"]
    assert study_row[6].endswith("by import")
    assert ended[2] == "$0"
    assert "&lt;b&gt;films&lt;/b&gt;" in page


def test_what_was_reversed_is_struck_through_and_said(browser_of_lena: Browser, lena: Person) -> None:
    northwind = builders.client("Northwind")
    retainer = builders.retainer_since(northwind, date(2025, 1, 1), name="Media")
    row = builders.scope_change(retainer, "expansion", date(2025, 6, 1), 500, note="Typed twice")
    scope_ledger.reverse(row, "Typed twice, taken back", lena)
    page = page_of(browser_of_lena, "northwind")
    reversal, undone, start = Parsed(page).rows("ledger-table")
    assert reversal[1:3] == ["Reversal Expansion Media", "−$6,000"]
    assert reversal[5] == "Typed twice, taken back"
    assert undone[1:3] == ["Reversed Expansion Media", "+$6,000"]
    assert start[1] == "Start Media"
    assert page.count('<tr class="undone">') == 2


def test_a_long_ledger_shows_the_latest_and_offers_the_rest(browser_of_lena: Browser) -> None:
    retainer = builders.retainer_since(builders.client("Northwind"), date(2020, 1, 1))
    for month in range(1, 13):
        builders.scope_change(retainer, "expansion", date(2021, month, 1), 10)
    page = page_of(browser_of_lena, "northwind")
    assert len(Parsed(page).rows("ledger-table")) == 12
    assert "13 entries, the latest first" in page
    assert "1 earlier entry" in page
    assert page.count("Expansion") == 12


# KPIs


def test_kpis_stand_beside_their_targets_met_or_missed_in_words(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    northwind = clients["Northwind"]
    cost = builders.kpi(northwind, "Cost per lead", "lower", unit="EUR")
    builders.reading(cost, date(2026, 1, 1), "38.50", 40)
    builders.reading(cost, date(2026, 2, 1), 41, 40)
    builders.reading(cost, date(2026, 4, 1), 99, 40)
    share = builders.kpi(northwind, "Click rate")
    builders.reading(share, date(2026, 3, 1), "0.03450", None)
    portfolios.store_figures()
    page = page_of(browser_of_lena, "northwind")
    rows = {row[0]: row[1:] for row in Parsed(page).rows("kpis-table")}
    assert rows["Cost per lead EUR, lower is better"] == ["38.5 met target 40", "41 missed target 40", "–"]
    assert rows["Click rate higher is better"] == ["–", "–", "0.0345 no target"]
    assert rows["Leads higher is better"] == ["110 met target 100"] * 3
    assert "4 of 5 targets were met in Q1 2026." in page
    assert "January" in page


def test_a_quarter_without_readings_says_so(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    page = page_of(browser_of_lena, "litware")
    assert "No results against targets in Q1 2026" in page
    assert "Nothing was recorded for these months." in page


# Being computed


def test_a_change_that_is_not_in_the_figures_yet_is_said_until_it_is(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    said = "Being computed: a change of this account’s records is not in these figures yet."
    assert said not in page_of(browser_of_lena, "northwind")
    retainer = Engagement.objects.get(client=clients["Northwind"])
    builders.scope_change(retainer, "expansion", date(2026, 1, 1), 500)
    page = page_of(browser_of_lena, "northwind")
    assert said in page
    assert '<p class="stat-value">$12k</p>' in page
    assert said not in page_of(browser_of_lena, "contoso")
    portfolios.store_figures()
    ChangedClient.objects.all().delete()
    page = page_of(browser_of_lena, "northwind")
    assert said not in page
    assert '<p class="stat-value">$18k</p>' in page


def test_while_something_is_being_computed_the_page_asks_whether_it_is_done_and_not_otherwise(
    browser_of_lena: Browser, clients: dict[str, Client], django_assert_num_queries: Any
) -> None:
    asking = 'hx-get="/accounts/northwind/freshness/" hx-trigger="every 2s"'
    address = "/accounts/northwind/freshness/"
    assert asking not in page_of(browser_of_lena, "northwind")
    builders.check_in(clients["Northwind"], date(2026, 1, 1))
    assert asking in page_of(browser_of_lena, "northwind")
    assert asking not in page_of(browser_of_lena, "contoso")
    with django_assert_num_queries(4):
        response = browser_of_lena.get(address)
    assert (response.status_code, response.content) == (204, b"")
    assert "HX-Trigger" not in response
    ChangedClient.objects.all().delete()
    response = browser_of_lena.get(address)
    assert response["HX-Trigger"] == "figures-changed"
    assert 'data-said="Figures are up to date."' in text(response)
    assert "every 2s" not in text(response)


def test_that_a_change_could_not_be_computed_is_told_to_who_waits_for_it(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    ClientFault.objects.create(client_id=clients["Northwind"].pk, error="too large", newest_mark=0)
    said = fragment_of(browser_of_lena, "account_freshness", "northwind")
    assert 'data-said="These figures could not be computed."' in said
    assert "The night tries again." in said


def test_a_change_that_could_not_be_computed_is_said(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    ClientFault.objects.create(client_id=clients["Northwind"].pk, error="too large", newest_mark=0)
    page = page_of(browser_of_lena, "northwind")
    assert "These figures are older than the records: a change could not be computed." in page
    assert "too large" not in page


# Before there are figures


def test_a_client_without_records_is_told_what_is_missing_and_what_will_appear(browser_of_lena: Browser) -> None:
    builders.client("Vellum Press", external_id="vellum")
    page = page_of(browser_of_lena, "vellum")
    assert "The picture needs two quarters" in page
    assert "0 of 3 set up" in page
    assert page.count("Not yet") == 3
    assert 'class="button button-primary"' not in page
    assert "plot-figure" not in page
    assert "<select" not in page


def test_who_keeps_the_records_is_offered_the_first_step_that_is_missing(client: Browser) -> None:
    client.force_login(Person.objects.create_superuser("ada@agency.example"))
    vellum = builders.client("Vellum Press", external_id="vellum")
    steps = []
    for act in (
        lambda: builders.retainer_since(vellum, date(2030, 1, 1)),
        lambda: builders.reading(builders.kpi(vellum), date(2026, 1, 1)),
    ):
        page = page_of(client, "vellum")
        address = page.partition('<a class="button button-primary" href="')[2].partition('"')[0]
        assert client.get(address).status_code == 200
        steps.append(address)
        act()
    assert steps == [f"/admin/accounts/{noun}/add/?client={vellum.pk}" for noun in ("engagement", "kpi")]
    page = page_of(client, "vellum")
    assert "2 of 3 set up" in page
    assert "button-primary" not in page


def test_who_may_not_add_what_is_missing_is_offered_nothing(client: Browser) -> None:
    client.force_login(builders.person("Ada", role=Person.Role.ADMIN))
    builders.client("Vellum Press", external_id="vellum")
    assert "button-primary" not in page_of(client, "vellum")


def test_scope_whose_figures_follow_is_told_so_with_its_ledger(browser_of_lena: Browser) -> None:
    builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))
    page = page_of(browser_of_lena, "northwind")
    assert "The first figures are being computed" in page
    assert len(Parsed(page).rows("ledger-table")) == 1
    ChangedClient.objects.all().delete()
    assert "No quarter with scope yet" in page_of(browser_of_lena, "northwind")


# Names and cost


def test_a_name_is_never_markup(browser_of_lena: Browser, lena: Person) -> None:
    hostile = "<script>alert(1)</script>'\"{{ x }}&"
    northwind = builders.client(hostile, external_id="hostile", account_manager=lena, industry=hostile[:200])
    retainer = builders.engagement(northwind, hostile, service_line=hostile)
    builders.scope_change(retainer, "start", date(2025, 1, 1), 1000, note=hostile)
    builders.reading(builders.kpi(northwind, hostile, unit=hostile), date(2026, 1, 1))
    portfolios.store_figures()
    page = page_of(browser_of_lena, "hostile")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 6
    assert "style=" not in page


@pytest.mark.parametrize("entries", [3, 30])
def test_the_page_costs_eight_queries_however_long_its_ledger(
    browser_of_lena: Browser, lena: Person, entries: int, django_assert_num_queries: Any
) -> None:
    northwind = builders.client("Northwind", account_manager=lena)
    retainer = builders.retainer_since(northwind, date(2023, 1, 1))
    for number in range(entries - 1):
        row = builders.scope_change(retainer, "expansion", date(2023, 2 + number % 10, 1), 10, by=lena)
        if number % 5 == 4:
            scope_ledger.reverse(row, "Twice", lena)
    for number in range(entries):
        measured = builders.kpi(northwind, f"KPI {number}")
        builders.reading(measured, date(2026, 1, 1))
        builders.check_in(northwind, date(2026, 1, 1 + number % 28))
    portfolios.store_figures()
    with django_assert_num_queries(8):
        page_of(browser_of_lena, "northwind")


def test_a_page_without_figures_costs_no_more(browser_of_lena: Browser, django_assert_max_num_queries: Any) -> None:
    builders.client("Vellum", external_id="vellum")
    with django_assert_max_num_queries(8):
        page_of(browser_of_lena, "vellum")
