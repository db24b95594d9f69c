"""What the account page does as one reads it: quarters, tables behind charts, the earlier entries of the ledger."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts import sample_agency
from tests.browser.conftest import Opens
from tests.browser.test_pages import draw_charts

pytestmark = pytest.mark.browser

ACCOUNT = f"/accounts/{sample_agency.STALLING}/"
DRAWN = (
    """() => [...document.querySelectorAll('plot-figure')].map((one) => one.firstChild.data.map((trace) => trace.y))"""
)


def numbers(cells: list[str]) -> list[float | None]:
    """Figures as a table prints them."""
    found = [re.sub(r"[^0-9.-]", "", cell.replace("−", "-")) for cell in cells]
    return [float(text) if text else None for text in found]


def column(page: Any, table: str, place: int) -> list[str]:
    cells = page.locator(f"#{table} tbody tr").locator(f"td:nth-child({place})").all_inner_texts()
    return [str(cell).removesuffix("not known") for cell in cells]


def rounded(values: list[float | None]) -> list[float | None]:
    return [None if value is None else float(int(value + 0.5)) for value in values]


@pytest.mark.parametrize("client", [sample_agency.STALLING, sample_agency.DEEPENING, "umberleigh", "aldwater"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_tables_say_what_is_drawn(opens: Opens, client: str, width: int) -> None:
    page = opens("lena", width=width)
    page.goto(f"/accounts/{client}/")
    draw_charts(page)
    page.evaluate("() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    (scope, _up, _down, attainment, _last), (scores, _coverage) = page.evaluate(DRAWN)
    assert numbers(column(page, "numbers-table", 2)) == rounded(attainment)
    assert numbers(column(page, "numbers-table", 4)) == rounded(scope[:-1])
    assert numbers(column(page, "score-table", 2)) == rounded(scores)


def test_another_quarter_is_one_choice_away_and_has_its_own_address(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    quarters = page.get_by_label("Quarter", exact=True)
    expect(quarters.locator("option").first).to_have_text(re.compile("so far"))
    expect(page.locator(".story")).to_contain_text("the scope has not moved for")
    before = quarters.locator("option").nth(3).get_attribute("value")
    quarters.select_option(before)
    expect(page).to_have_url(re.compile(rf"{ACCOUNT}\?quarter={before}$"))
    expect(page.get_by_label("Quarter", exact=True)).to_have_value(str(before))
    page.get_by_label("Quarter", exact=True).select_option(index=0)
    expect(page.locator(".story")).to_have_count(0)
    expect(page.get_by_text("has not ended")).to_be_visible()


def test_another_quarter_is_shown_without_scripts_too(opens: Opens) -> None:
    page = opens("lena", java_script_enabled=False)
    page.goto(ACCOUNT)
    page.get_by_label("Quarter", exact=True).select_option(index=4)
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"\?quarter=\d{4}-Q\d$"))
    page.get_by_text("Show as table").first.click()
    expect(page.locator("#numbers-table")).to_be_visible()


def test_the_two_accounts_of_the_first_article_look_alike_and_are_told_apart(opens: Opens) -> None:
    page = opens("lena")
    shown = []
    for client in (sample_agency.STALLING, sample_agency.DEEPENING):
        page.goto(f"/accounts/{client}/")
        shown.append(
            (page.locator(".stat-value").first.inner_text(), page.locator(".page-head .tag").inner_text().strip())
        )
    (stalling_number, stalling), (deepening_number, deepening) = shown
    assert stalling_number == deepening_number
    assert (stalling, deepening) == ("Good numbers, stalling", "Deepening through fluctuation")


def test_the_drawing_of_the_ten_says_what_its_table_says(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    page.locator("#profile-details-title").press("Enter")
    drawn = page.locator(".dumbbells .dumbbell .name").all_inner_texts()
    assert drawn == page.locator("#profile-table tbody th").all_inner_texts()
    assert (
        page.locator(".dumbbells .dumbbell .num.gap").all_inner_texts()
        == page.locator("#profile-table tbody td:nth-child(6)").all_inner_texts()
    )


def test_one_kind_of_the_timeline_is_one_press_away_and_has_its_own_address(opens: Opens) -> None:
    page = opens("lena")
    page.goto(f"{ACCOUNT}?quarter=2026-Q1")
    timeline = page.locator("#account-timeline")
    timeline.get_by_role("link", name="Check-ins", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(rf"{ACCOUNT}\?quarter=2026-Q1&show=check-ins$"))
    expect(timeline.get_by_role("link", name="Check-ins", exact=True)).to_have_attribute("aria-current", "true")
    expect(timeline.get_by_role("link", name="Check-ins", exact=True)).to_be_focused()
    expect(timeline.locator(".event-title").first).to_contain_text("Check-in")
    page.go_back()
    expect(timeline.get_by_role("link", name="All", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.locator("#account-content")).to_have_count(1)
    assert page.said == []
    assert page.evaluate("() => violations") == []


def test_the_timeline_answers_without_scripts(opens: Opens) -> None:
    page = opens("lena", java_script_enabled=False)
    page.goto(ACCOUNT)
    page.get_by_role("link", name="Scope", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?show=scope$"))
    assert page.locator("#account-timeline .event").count() > 0
    at_first = page.locator("#account-timeline .event").count()
    page.get_by_role("link", name=re.compile(r"^\d+ earlier$")).click()
    expect(page).to_have_url(re.compile(r"\?show=scope&entries=all#timeline-earlier$"))
    assert page.locator("#account-timeline .event").count() > at_first


def test_what_is_earlier_in_the_timeline_comes_when_it_is_asked_for(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    events = page.locator("#account-timeline .event")
    expect(events).to_have_count(8)
    earlier = page.locator("#account-timeline").get_by_role("link", name=re.compile(r"^\d+ earlier$"))
    hidden = int(earlier.inner_text().split()[0])
    earlier.press("Enter")
    expect(events).to_have_count(8 + hidden)
    expect(page).to_have_url(re.compile(rf"{ACCOUNT}\?entries=all$"))
    expect(page.get_by_role("heading", name="Earlier", exact=True)).to_be_focused()
    assert page.said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_what_one_may_record_is_in_the_head_and_in_a_menu_that_closes(opens: Opens, width: int) -> None:
    page = opens("lena", width=width)
    page.goto(ACCOUNT)
    menu = page.locator(".acts details.menu")
    menu.locator("summary").press("Enter")
    expect(menu.locator(".menu-body")).to_be_visible()
    beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0
    box = menu.locator(".menu-body").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    expect(menu.locator(".menu-body")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.get_by_role("link", name="Log check-in").click()
    form = page.locator("#recording form")
    expect(form).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{ACCOUNT}$"))


def test_a_record_is_changed_where_one_reads_of_it(opens: Opens) -> None:
    page = opens("lena")
    page.goto(f"{ACCOUNT}?show=check-ins")
    page.locator("#account-timeline .event a").first.click()
    expect(page.locator("#recording form")).to_be_in_viewport(timeout=20_000)
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#recording form")).to_have_count(0)


def test_earlier_entries_of_the_ledger_are_one_press_away(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    expect(page.get_by_role("group", name="Earlier entries")).to_be_hidden()
    page.get_by_text(re.compile(r"\d+ earlier entr")).press("Enter")
    expect(page.get_by_role("group", name="Earlier entries")).to_be_visible()


def test_on_paper_it_is_upright_and_nothing_stands_beside_what_a_page_may_end_in(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    draw_charts(page)
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox ?\[([^\]]*)\]", printed)
    assert {tuple(round(float(edge)) for edge in box.split()) for box in boxes} == {(0, 0, 595, 842)}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})
    cards = page.evaluate(
        "() => [...document.querySelectorAll('#account-content .grid-12 .card')].map((card) => {"
        " const box = card.getBoundingClientRect();"
        " return [box.top, box.bottom, getComputedStyle(card).breakInside, card.getAttribute('aria-labelledby')]; })"
    )
    assert len(cards) > 8
    assert all(above[1] <= below[0] for above, below in itertools.pairwise(sorted(cards)))
    assert {name for _top, _bottom, breaks, name in cards if breaks == "auto"} <= {"ledger-title", "timeline-title"}
