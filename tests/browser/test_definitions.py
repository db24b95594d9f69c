"""What the names of metrics do where they are pointed at, and settings beforehand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from metrics.catalogue import BY_CODE
from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

FORESEEN = "/settings/reporting_currency/?effective_on=2026-01-01&value=EUR"
NAME = "Net scope retention"
LINE = str(BY_CODE["net_scope_retention"].line)


def tip(page: Any) -> Any:
    return page.locator("main .tip", has_text=LINE)


def name(page: Any) -> Any:
    return page.locator("main .metric a", has_text=NAME)


@pytest.fixture
def page_of_omar(opens: Opens) -> Any:
    page = opens("omar")
    page.goto(FORESEEN)
    expect(tip(page)).to_be_hidden()
    return page


def test_pointing_at_a_name_says_what_it_is_until_one_points_elsewhere(page_of_omar: Any) -> None:
    name(page_of_omar).hover()
    expect(tip(page_of_omar)).to_be_visible()
    tip(page_of_omar).hover()  # the tip can be pointed at
    expect(tip(page_of_omar)).to_be_visible()
    page_of_omar.get_by_role("heading", level=1).hover()
    expect(tip(page_of_omar)).to_be_hidden()
    assert page_of_omar.evaluate("() => violations") == []


def test_the_keyboard_reaches_the_name_and_escape_closes_the_tip(page_of_omar: Any) -> None:
    page_of_omar.locator(".foreseen .table-scroll").focus()
    page_of_omar.keyboard.press("Tab")
    expect(name(page_of_omar)).to_be_focused()
    expect(tip(page_of_omar)).to_be_visible()
    page_of_omar.keyboard.press("Escape")
    expect(tip(page_of_omar)).to_be_hidden()
    expect(name(page_of_omar)).to_be_focused()
    page_of_omar.keyboard.press("Tab")
    expect(page_of_omar.locator("main .tip:popover-open")).to_have_count(1)
    page_of_omar.keyboard.press("Shift+Tab")
    expect(tip(page_of_omar)).to_be_visible()


def test_an_open_tip_is_no_stop_of_the_tab_key(page_of_omar: Any) -> None:
    name(page_of_omar).focus()
    page_of_omar.keyboard.press("Shift+Tab")
    page_of_omar.keyboard.press("Tab")
    expect(tip(page_of_omar)).to_be_visible()
    page_of_omar.keyboard.press("Tab")
    expect(page_of_omar.locator(".tip:focus")).to_have_count(0)
    expect(name(page_of_omar)).not_to_be_focused()


def test_escape_closes_the_tip_of_what_is_pointed_at(page_of_omar: Any) -> None:
    name(page_of_omar).hover()
    expect(tip(page_of_omar)).to_be_visible()
    page_of_omar.keyboard.press("Escape")
    expect(tip(page_of_omar)).to_be_hidden()


def test_no_table_cuts_the_tip_off_and_it_stays_within_the_window(opens: Opens) -> None:
    for width in (1440, 390):
        page = opens("omar", width=width)
        page.goto(FORESEEN)
        name(page).hover()
        box = tip(page).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        found = page.evaluate("({x, y}) => document.elementFromPoint(x, y).className", middle)
        assert found == "tip"
        beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0


def test_the_tip_is_the_description_of_the_name(page_of_omar: Any) -> None:
    expect(name(page_of_omar)).to_have_accessible_description(LINE)


def test_a_name_leads_to_its_definition(page_of_omar: Any) -> None:
    name(page_of_omar).click()
    expect(page_of_omar).to_have_url(
        page_of_omar.url.partition("/definitions")[0] + "/definitions/#metric-net_scope_retention"
    )
    expect(page_of_omar.locator("#metric-net_scope_retention")).to_be_in_viewport()


def test_without_javascript_pointing_still_says_it(opens: Opens) -> None:
    page = opens("omar", java_script_enabled=False)
    page.goto(FORESEEN)
    expect(tip(page)).to_be_hidden()
    name(page).hover()
    expect(tip(page)).to_be_visible()


def test_what_a_setting_would_do_is_shown_in_place_and_announced(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/settings/good_attainment/")
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_label("Value").fill("90")
    page.get_by_role("button", name="Show what it does").click()
    expect(page.locator(".foreseen")).to_be_focused()
    expect(page.locator("#live")).to_have_text("What it would do is shown below the form.")
    assert page.url.endswith("/settings/good_attainment/?effective_on=2026-01-01&value=90")
    page.get_by_label("Value").fill("80")
    page.get_by_role("button", name="Show what it does").click()
    expect(page.locator(".errorlist")).to_have_text("It is 80 % on that day already: there is nothing to change.")
    expect(page.locator(".foreseen")).to_have_count(0)
    assert page.evaluate("() => violations") == []


def test_the_definitions_are_printed_whole(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/definitions/")
    page.emulate_media(media="print")
    assert page.locator(".part dd:visible").count() == page.locator(".part dd").count()
    expect(page.locator(".index")).to_be_hidden()
