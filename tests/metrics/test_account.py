"""The account page: who sees it, what it holds, and what any address gets."""

from __future__ import annotations

import json
import re
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
from metrics.catalogue import BY_CODE
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
    page = text(browser.get(reverse("metrics:account", args=[external_id]), query))
    # Each answer has a token of its own in its forms.
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", page)


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


@pytest.mark.parametrize("name", ["account_content", "account_freshness", "account_timeline"])
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
    # A name is followed by what it says when one points at it.
    told = {f"{metric.name} {metric.line}": str(metric.name) for metric in BY_CODE.values()}
    rows = {told[row[0]]: row[3:] for row in Parsed(page).rows("profile-table")}
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


def test_candour_is_an_eleventh_line_outside_the_score(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    northwind = clients["Northwind"]
    for day, stance in ((date(2026, 1, 1), "defended"), (date(2026, 2, 1), "compromised"), (date(2024, 1, 1), "")):
        builders.recommendation(northwind, day, reception="debated", stance=stance)
    portfolios.store_figures()
    card = page_of(browser_of_lena, "northwind").partition('<div class="candour">')[2].partition("card-source")[0]
    assert "50 %" in card
    assert '<svg x="50.0%" overflow="visible">' in card
    assert "Since the beginning we stood by one of three; one became a half-measure." in card
    assert "It stands beside the ten, outside the score." in card
    assert "candour is untested" in page_of(browser_of_lena, "contoso")


def test_the_drawing_of_the_ten_is_said_in_a_sentence(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.pulse(clients["Northwind"], date(2026, 2, 1), trust=2)
    portfolios.store_figures()
    assert 'role="img" aria-label="The client’s view is known on one of ten attributes, ours on 0."' in page_of(
        browser_of_lena, "northwind"
    )


# What is open, who is there, what is bought and where we stand


def card_of(page: str, title: str) -> str:
    return page.partition(f'id="{title}"')[2].partition("</section>")[0]


def test_what_is_open_is_listed_with_its_days(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    northwind = clients["Northwind"]
    late = builders.goal(northwind, date(2025, 1, 1), "Open a shop", due_on=date(2026, 5, 14))
    builders.goal(northwind, date(2025, 1, 1), "Go north", due_on=date(2026, 8, 1), agreed_on=date(2025, 2, 1))
    builders.goal(northwind, date(2025, 1, 1), "Closed long ago", status="achieved", closed_on=date(2025, 3, 1))
    builders.opportunity(late, "Launch films", stage="raised")
    builders.recommendation(
        northwind, date(2026, 1, 1), "Drop the page", expected="More leads", expected_by=date(2026, 5, 13)
    )
    card = card_of(page_of(browser_of_lena, "northwind"), "open-title")
    assert "One piece of advice is due to be judged." in card
    order = [card.index(title) for title in ("Drop the page", "Open a shop", "Go north", "Launch films")]
    assert order == sorted(order)
    assert "2 days late" in card
    assert "1 day late" in card
    assert "More leads" in card
    assert "Goal, not agreed by the client yet" in card
    assert "Opportunity, raised with the client" in card
    assert "Serves: Open a shop" in card
    assert "Closed long ago" not in card
    assert "Nothing is open." in page_of(browser_of_lena, "contoso")


def test_of_much_that_is_open_the_first_is_shown_and_the_rest_offered(browser_of_lena: Browser) -> None:
    northwind = builders.client()
    for number in range(8):
        builders.goal(northwind, date(2025, 1, 1), f"Goal {number}")
    page = page_of(browser_of_lena, "northwind")
    card, _details, rest = card_of(page, "open-title").partition("<details")
    assert (card.count("<li"), rest.count("<li")) == (6, 2)
    assert "2 more" in rest


def test_people_of_both_sides_stand_with_when_they_were_seen(
    browser_of_lena: Browser, clients: dict[str, Client], lena: Person
) -> None:
    northwind = clients["Northwind"]
    dana = builders.dana(northwind, role="Marketing", decision_maker=True)
    builders.contact(northwind, "Eve", left_on=date(2026, 4, 1))
    builders.check_in(northwind, date(2026, 5, 1), [dana], [lena])
    card = card_of(page_of(browser_of_lena, "northwind"), "people-title")
    assert "Single-threaded: within half a year only Dana and Lena met." in card
    assert "Who was seen in 1 check-in of the half-year to" in card
    assert "Marketing, decides" in card
    assert card.count('seen <time datetime="2026-05-01">') == 2
    assert 'left <time datetime="2026-04-01">' in card
    assert "No contact has been recorded." in page_of(browser_of_lena, "contoso")


def test_a_main_contact_that_left_is_said(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    dana = builders.dana(clients["Northwind"], left_on=date(2026, 5, 2))
    builders.check_in(clients["Northwind"], date(2026, 5, 1), [dana])
    assert "Dana, who was in most check-ins of the year, left on 2 May 2026." in page_of(browser_of_lena, "northwind")


def test_engagements_stand_with_their_scope_term_and_notice(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    northwind = clients["Northwind"]
    media = builders.engagement(northwind, "Media", service_line="Search", pricing="fixed", notice_days=30)
    builders.scope_change(media, "start", date(2025, 1, 1), 500, ends_on=date(2026, 6, 30))
    study = builders.project_since(northwind, date(2025, 2, 1), name="Study")
    builders.scope_change(study, "end", date(2025, 4, 1), 0)
    builders.engagement(northwind, "Next")
    page = page_of(browser_of_lena, "northwind")
    assert "The term of Media ends in 46 days." in page
    rows = {row[0]: row[1:] for row in Parsed(page).rows("bought-table")}
    assert rows["Retainer Retainer"] == ["$12k", "no agreed term", "–"]
    assert rows["Media Search, Retainer, priced by fixed price"] == [
        "$6,000", "30 Jun 2026 46 days left", "30 days by 31 May 2026",
    ]  # fmt: skip
    assert rows["Next Retainer"] == ["$0", "not begun", "–"]
    assert "1 that has ended" in page
    assert "Study" in card_of(page, "bought-title").partition("<details")[2]


def test_a_term_and_a_notice_that_have_passed_are_said(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    for name, ends_on in (("Media", date(2026, 5, 14)), ("Films", date(2026, 5, 20))):
        made = builders.engagement(clients["Northwind"], name, notice_days=30)
        builders.scope_change(made, "start", date(2025, 1, 1), 500, ends_on=ends_on)
    page = page_of(browser_of_lena, "northwind")
    assert "The term of Media ended on 14 May 2026, and no renewal is recorded." in page
    rows = {row[0]: row[1:] for row in Parsed(page).rows("bought-table")}
    assert rows["Media Retainer"][1:] == ["14 May 2026 passed, no renewal recorded", "30 days"]
    assert rows["Films Retainer"][1:] == ["20 May 2026 5 days left", "30 days was due by 20 Apr 2026"]


def test_where_we_stand_and_what_we_are_let_into_is_said(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    northwind = clients["Northwind"]
    builders.standing(northwind, date(2025, 1, 1), "several")
    builders.standing(northwind, date(2025, 6, 1), "lead", exclusive=True)
    builders.standing(northwind, date(2026, 6, 1), "sole")
    builders.involvement(northwind, date(2025, 3, 1), "people")
    builders.involvement(northwind, date(2025, 3, 1), "systems", ended_on=date(2026, 5, 15))
    builders.involvement(northwind, date(2026, 6, 1), "marketing")
    card = card_of(page_of(browser_of_lena, "northwind"), "standing-title")
    assert "We lead the client’s agencies, let into one of four parts of its work." in card
    assert 'since <time datetime="2025-06-01">' in card
    assert "Yes: for none of its direct competitors" in card
    assert 'since <time datetime="2025-03-01">' in card
    assert card.count("since <time") == 2


# The timeline


def test_the_timeline_is_shown_and_each_kind_of_it_alone(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    builders.pulse(clients["Northwind"], date(2026, 5, 3), trust=3)
    builders.goal(clients["Northwind"], date(2026, 5, 2), "Go north")
    page = page_of(browser_of_lena, "northwind")
    assert page.count('id="account-timeline"') == 1
    assert '<time datetime="2026-05-03">' in page
    assert page.count('class="event-title"') == 3
    page = page_of(browser_of_lena, "northwind", show="goals")
    assert page.count('class="event-title"') == 1
    assert "Goal set: Go north" in page
    fragment = fragment_of(browser_of_lena, "account_timeline", "northwind", show="goals")
    assert fragment in page
    assert "<html" not in fragment
    assert "Nothing of this kind has been recorded." in page_of(browser_of_lena, "northwind", show="advice")


def test_its_chips_are_addresses_of_the_page_that_keep_the_quarter(
    browser_of_lena: Browser, clients: dict[str, Client]
) -> None:
    page = page_of(browser_of_lena, "northwind", quarter="2025-Q3", show="scope")
    assert 'href="/accounts/northwind/?quarter=2025-Q3&amp;show=check-ins"' in page
    assert 'hx-get="/accounts/northwind/timeline/?quarter=2025-Q3&amp;show=check-ins"' in page
    assert 'href="/accounts/northwind/?quarter=2025-Q3"' in page
    assert '<input type="hidden" name="show" value="scope">' in page
    response = browser_of_lena.get("/accounts/northwind/timeline/?quarter=2025-Q3&show=scope")
    assert response["HX-Push-Url"] == "/accounts/northwind/?quarter=2025-Q3&show=scope"


@pytest.mark.parametrize("show", ["", "all", "\0", "<b>", "x" * 5000, "Scope"])
def test_a_kind_that_is_none_shows_all(browser_of_lena: Browser, clients: dict[str, Client], show: str) -> None:
    assert page_of(browser_of_lena, "northwind", show=show).count('class="event-title"') == 1
    response = browser_of_lena.get("/accounts/northwind/timeline/", {"show": show, "quarter": show})
    assert response["HX-Push-Url"] == "/accounts/northwind/"


def test_a_long_timeline_shows_the_latest_and_offers_the_rest(browser_of_lena: Browser) -> None:
    northwind = builders.client()
    for day in range(1, 16):
        builders.check_in(northwind, date(2026, 1, day), summary=f"Talk {day}.")
    page = page_of(browser_of_lena, "northwind")
    assert page.count('class="event-title"') == 8
    assert "Talk 15." in page
    assert "7 earlier" in page
    assert "Talk 1." not in page
    assert 'href="/accounts/northwind/?entries=all#timeline-earlier"' in page
    assert 'hx-get="/accounts/northwind/timeline/?entries=all"' in page
    fragment = fragment_of(browser_of_lena, "account_timeline", "northwind", entries="all")
    assert fragment in page_of(browser_of_lena, "northwind", entries="all")
    first, _heading, rest = fragment.partition('id="timeline-earlier"')
    assert (first.count('class="event-title"'), rest.count('class="event-title"')) == (8, 7)
    assert "Talk 1." in rest
    assert '<input type="hidden" name="entries" value="all">' in fragment
    assert "earlier" not in fragment_of(browser_of_lena, "account_timeline", "northwind", entries="<b>", show="scope")


# The ledger


def test_the_ledger_says_who_when_and_why(browser_of_lena: Browser, lena: Person) -> None:
    northwind = builders.client("Northwind", account_manager=lena)
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
    assert expansion[6].endswith("Lena Reverse")
    assert start[2] == "+$12k to 31 Dec 2025"
    assert start[3:6] == ["–", "–", "–"]
    assert study_row[2:4] == ["+$9,000", "We did"]
    assert study_row[6].endswith("by import Reverse")
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


# What one may record


def test_the_head_and_the_records_lead_to_their_forms(browser_of_lena: Browser, clients: dict[str, Client]) -> None:
    talk = builders.check_in(clients["Northwind"], date(2026, 5, 1))
    page = page_of(browser_of_lena, "northwind")
    head = page.partition('class="page-head"')[2].partition('id="recording"')[0]
    for address in ("check-ins/new/", f"check-ins/{talk.external_id}/"):
        part = head if "new" in address else page
        link = part.partition(f'href="/accounts/northwind/{address}"')[2].partition(">")[0]
        assert f'hx-get="/accounts/northwind/{address}form/"' in link
        assert 'hx-target="#recording"' in link
    assert "Log check-in" in head


# Before there are figures


def test_a_client_without_records_is_told_what_is_missing_and_what_will_appear(browser_of_lena: Browser) -> None:
    builders.client("Vellum Press", external_id="vellum")
    page = page_of(browser_of_lena, "vellum")
    assert "The picture needs two quarters" in page
    assert "0 of 3 set up" in page
    assert page.count("Not yet") == 3
    assert "plot-figure" not in page
    assert "<select" not in page


def next_step(browser: Browser) -> str:
    """Where the button of the empty page leads; blank without one."""
    card = page_of(browser, "vellum").partition('class="card empty')[2].partition("</section>")[0]
    return card.partition('class="button button-primary" href="')[2].partition('"')[0]


@pytest.mark.parametrize("role", [Person.Role.ADMIN, Person.Role.LEADERSHIP, Person.Role.ACCOUNT_MANAGER])
def test_whoever_records_is_offered_the_first_step_that_is_missing(client: Browser, role: str) -> None:
    ada = builders.person("Ada", role=role)
    client.force_login(ada)
    vellum = builders.client("Vellum Press", external_id="vellum", account_manager=ada)
    for noun, act in (
        ("engagement", lambda: builders.retainer_since(vellum, date(2030, 1, 1))),
        ("readings", lambda: builders.reading(builders.kpi(vellum), date(2026, 1, 1))),
    ):
        address = next_step(client)
        assert noun in address
        assert client.get(address).status_code == 200
        act()
    assert "2 of 3 set up" in page_of(client, "vellum")
    assert next_step(client) == ""


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
    someone = builders.contact(northwind, hostile, email="", role=hostile[:200])
    builders.check_in(northwind, date(2026, 1, 1), [someone], summary=hostile)
    builders.recommendation(northwind, date(2026, 1, 1), hostile, expected=hostile, expected_by=date(2026, 1, 1))
    builders.opportunity(builders.goal(northwind, date(2026, 1, 1), hostile), hostile)
    portfolios.store_figures()
    page = page_of(browser_of_lena, "hostile")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 20
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


@pytest.mark.parametrize("each", [1, 60])
def test_the_page_costs_eight_queries_however_much_is_recorded(
    browser_of_lena: Browser, clients: dict[str, Client], lena: Person, each: int, django_assert_num_queries: Any
) -> None:
    northwind = clients["Northwind"]
    dana = builders.dana(northwind)
    for number in range(each):
        day = date(2026, 1 + number % 4, 1 + number % 28)
        builders.check_in(northwind, day, [dana], [lena], summary="Talked")
        builders.opportunity(builders.goal(northwind, day))
        builders.recommendation(northwind, day, reception="debated", stance="defended")
        builders.pulse(northwind, day, respondent=f"{number}@northwind.example", trust=3)
        builders.contact(northwind, f"Contact {number}")
        builders.retainer_since(northwind, day, 10, name=f"Retainer {number}")
    portfolios.store_figures()
    with django_assert_num_queries(8):
        page_of(browser_of_lena, "northwind")
    with django_assert_num_queries(8):
        fragment_of(browser_of_lena, "account_content", "northwind")
    with django_assert_num_queries(5):
        fragment_of(browser_of_lena, "account_timeline", "northwind")


def test_a_page_without_figures_costs_no_more(browser_of_lena: Browser, django_assert_max_num_queries: Any) -> None:
    builders.client("Vellum", external_id="vellum")
    with django_assert_max_num_queries(8):
        page_of(browser_of_lena, "vellum")
