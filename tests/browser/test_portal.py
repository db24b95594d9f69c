"""A client's day: signing in, reading on a phone, and what the agency switches on appearing there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts import sample_agency
from tests.browser.conftest import Opens
from tests.browser.test_pages import draw_charts

pytestmark = pytest.mark.browser

VIEW = f"/accounts/{sample_agency.STALLING}/client-view/"


def test_a_client_reads_its_page_on_a_phone(opens: Opens) -> None:
    page = opens("oda", width=390)
    page.goto("/")
    expect(page).to_have_url(re.compile("/portal/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Larkfield Outdoor")
    expect(page.locator(".story")).to_contain_text("targets were met")
    draw_charts(page)
    page.get_by_text("Show as table").click()
    expect(page.locator("#scope-table")).to_be_visible()
    quarters = page.get_by_label("Quarter", exact=True)
    before = str(quarters.locator("option").nth(2).get_attribute("value"))
    quarters.select_option(before)
    expect(page).to_have_url(re.compile(rf"\?quarter={before}$"))
    page.get_by_role("link", name="What is kept of your visits").click()
    expect(page.get_by_text("You opened your page").first).to_be_visible()
    for words in ("At risk", "stalling", "Single-threaded", "notes"):
        expect(page.locator("body")).not_to_contain_text(words)


def test_a_goal_that_is_switched_on_appears_to_the_client_and_is_gone_when_switched_off(opens: Opens) -> None:
    staff, client = opens("lena"), opens("oda", width=390)
    staff.goto(VIEW)
    goals = staff.locator("#section-goals")
    off = goals.get_by_role("switch", checked=False).first
    title = str(off.get_attribute("aria-label")).removeprefix("Show to the client: ")
    switch = goals.get_by_role("switch", name=f"Show to the client: {title}", exact=True)
    off.click()
    expect(switch).to_be_checked()
    assert staff.url.endswith(VIEW)
    staff.goto(VIEW)
    expect(switch).to_be_checked()
    section = staff.get_by_role("switch", name="Show to the client: Goals", exact=True)
    client.goto("/portal/")
    expect(client.locator("#goals")).to_be_visible()
    section.focus()
    staff.keyboard.press("Space")
    expect(section).not_to_be_checked()
    client.reload()
    expect(client.locator("#goals")).to_have_count(0)
    section.click()
    expect(section).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()


def test_whoever_looks_on_sees_the_page_below_a_banner_and_comes_back(opens: Opens) -> None:
    page = opens("lena")
    page.goto(f"/accounts/{sample_agency.STALLING}/")
    page.get_by_role("link", name="Choose what they see").click()
    page.get_by_role("link", name="View as this client").click()
    banner = page.get_by_role("region", name="View as this client")
    expect(banner).to_contain_text("of Larkfield Outdoor sees")
    expect(page.locator("#goals-title")).to_be_visible()
    page.wait_for_load_state()  # with its scripts, which send the choice
    page.get_by_label("Quarter", exact=True).select_option(index=0)
    expect(page).to_have_url(re.compile(r"/as-client/\?quarter="))
    banner.get_by_role("link", name="Back to what the client sees").click()
    expect(page).to_have_url(re.compile(VIEW))
