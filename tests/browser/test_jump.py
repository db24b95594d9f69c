"""The palette by keyboard alone, and the page that does the same without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from accounts import sample_agency
from tests.browser.conftest import Opens
from tests.browser.test_pages import AXE, RULES, THEMES, WIDTHS

pytestmark = pytest.mark.browser

FIELD = "#jump-q"
CHOSEN = "#jump [aria-selected=true]"


def opened(opens: Opens, **more: Any) -> Any:
    page = opens("lena", **more)
    page.goto("/portfolio/")
    page.keyboard.press("Control+k")
    expect(page.locator(FIELD)).to_be_focused()
    page.locator("#jump [role=option]").first.wait_for()  # htmx complains of an answer that is overtaken
    return page


def chosen_is_pointed_at(page: Any) -> bool:
    return bool(page.locator(FIELD).get_attribute("aria-activedescendant") == page.locator(CHOSEN).get_attribute("id"))


def test_a_name_is_typed_and_entered_and_one_is_there(opens: Opens) -> None:
    page = opened(opens)
    page.keyboard.type("merr")
    expect(page.locator(CHOSEN)).to_contain_text("Merrow Kitchens")
    assert chosen_is_pointed_at(page)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Merrow Kitchens", exact=True).wait_for()
    assert page.url.endswith(f"/accounts/{sample_agency.DEEPENING}/")


def test_arrows_go_round_all_that_was_found(opens: Opens) -> None:
    page = opened(opens)
    page.keyboard.type("la")
    expect(page.locator(CHOSEN)).to_contain_text("Larkfield Outdoor")
    first = page.locator(CHOSEN).get_attribute("id")
    count = page.locator("#jump [role=option]").count()
    assert count > 2
    seen = set()
    for _ in range(count):
        seen.add(page.locator(CHOSEN).get_attribute("id"))
        assert page.locator(CHOSEN).count() == 1
        assert chosen_is_pointed_at(page)
        page.keyboard.press("ArrowDown")
    assert len(seen) == count
    assert page.locator(CHOSEN).get_attribute("id") == first
    page.keyboard.press("ArrowUp")
    assert page.locator(CHOSEN).get_attribute("id") != first
    expect(page.locator(FIELD)).to_be_focused()


def test_an_empty_field_offers_the_pages(opens: Opens) -> None:
    page = opened(opens)
    expect(page.locator("#jump [role=option]").first).to_contain_text("My accounts")
    assert page.locator(FIELD).get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="My accounts", exact=True).wait_for()


def test_enter_waits_for_the_answer_to_what_was_typed(opens: Opens) -> None:
    page = opened(opens)
    expect(page.locator("#jump [role=option]").first).to_contain_text("My accounts")
    held: list[Route] = []
    page.route("**/jump/results/**", lambda route: held.append(route))
    page.keyboard.type("quillon")
    with page.expect_request("**/jump/results/?q=quillon"):
        page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.url.endswith("/portfolio/")
    held[-1].continue_()
    page.get_by_role("heading", name="Quillon Bank", exact=True).wait_for()


def test_escape_closes_and_the_focus_is_back_where_it_was(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.get_by_label("Account", exact=True).focus()
    page.keyboard.press("Control+k")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#jump")).not_to_be_visible()
    expect(page.get_by_label("Account", exact=True)).to_be_focused()


def test_the_field_in_the_rail_opens_it_and_the_button_closes_it(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    rail = page.locator(".rail [data-jump]")
    rail.click()
    expect(page.locator(FIELD)).to_be_focused()
    page.locator("#jump").get_by_role("button", name="Close").click()
    expect(page.locator("#jump")).not_to_be_visible()
    expect(rail).to_be_focused()
    rail.press("Enter")
    expect(page.locator("#jump")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.locator("#jump")).not_to_be_visible()


def test_how_many_were_found_is_said(opens: Opens) -> None:
    page = opened(opens)
    page.keyboard.type("merrow")
    expect(page.locator(CHOSEN)).to_contain_text("Merrow Kitchens")
    expect(page.locator("[data-jump-said]")).to_have_text(f"{page.locator('#jump [role=option]').count()} results")
    page.locator(FIELD).fill("nothing is called this")
    expect(page.locator("[data-jump-said]")).to_have_text("No result")
    assert page.locator(FIELD).get_attribute("aria-expanded") == "false"
    assert page.locator(FIELD).get_attribute("aria-activedescendant") is None
    page.keyboard.press("Enter")  # leads nowhere
    page.wait_for_timeout(200)
    expect(page.locator("#jump")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_open_palette_is_whole(opens: Opens, axe_script: str, theme: str, width: int) -> None:
    page = opened(opens, theme=theme, width=width)
    for typed, shown in (("la", "Larkfield Outdoor"), ("xyz", "Nothing is called")):
        page.locator(FIELD).fill(typed)
        page.locator("#jump").get_by_text(shown).first.wait_for()
        page.evaluate(axe_script)
        assert page.evaluate(AXE, RULES) == []
        beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0
    assert page.evaluate("() => violations") == []
    assert page.said == []


def test_a_narrow_screen_has_it_in_the_bar(opens: Opens) -> None:
    page = opens("lena", width=390)
    page.goto("/portfolio/")
    page.locator(".topbar [data-jump]").click()
    expect(page.locator(FIELD)).to_be_focused()


def test_without_javascript_the_field_leads_to_a_page_that_finds(opens: Opens) -> None:
    page = opens("lena", java_script_enabled=False)
    page.goto("/portfolio/")
    page.locator(".rail [data-jump]").click()
    page.get_by_label("Account, person, page or action").fill("merr")
    page.get_by_role("button", name="Find").click()
    page.locator("#jump-results").get_by_role("link", name="Merrow Kitchens").first.click()
    assert page.url.endswith(f"/accounts/{sample_agency.DEEPENING}/")


def test_on_its_page_results_follow_what_is_typed(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/jump/")
    page.get_by_label("Account, person, page or action").fill("merrow")
    page.locator("#jump-results").get_by_role("link", name="Merrow Kitchens").first.wait_for()
    expect(page.locator("#live")).to_have_text(f"{page.locator('[data-jump-landing]').count()} results")
    page.locator("h1").click()
    page.keyboard.press("Control+k")
    expect(page.locator(FIELD)).to_be_focused()


def test_what_needs_somebody_leads_to_its_account(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/my-accounts/")
    first = page.locator(".need-account").first
    name = first.inner_text()
    first.click()
    page.get_by_role("heading", name=name, exact=True).first.wait_for()
