"""The audit in a browser: filters that send themselves, and what one says when one changes a record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

PASSWORD = "a-harbour-of-many-depths"


@pytest.fixture
def site(live_site: str, page: Any) -> Any:
    """Signed in as Ines, who changes a goal and says why, at the audit."""
    builders.ines(password=PASSWORD)
    northwind = builders.client()
    goal = builders.goal(northwind, date(2026, 1, 1), title="More leads")
    builders.client("Southwind")
    page.goto(f"{live_site}/sign-in/")
    page.get_by_label("E-mail").fill("ines@agency.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_site}/accounts/northwind/goals/{goal.external_id}/")
    page.locator("[name=title]").fill("Better leads")
    page.get_by_label("Why it is changed").fill("They said so.")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{live_site}/audit/")
    return page


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_it_says_who_why_and_what_there_was_before(site: Any, axe_script: str, width: int, theme: str) -> None:
    site.emulate_media(color_scheme=theme)
    site.set_viewport_size({"width": width, "height": 900})
    changed = site.get_by_role("listitem").filter(has_text="Goal changed")
    for said in ("Ines", "They said so.", "More leads", "Better leads", "Northwind", "127.0.0.1"):
        expect(changed).to_contain_text(said)
    site.evaluate(axe_script)
    assert site.evaluate(AXE, RULES) == []
    assert site.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_filters_send_themselves_and_the_address_says_what_is_shown(site: Any) -> None:
    site.get_by_role("searchbox", name="Account").fill("southw")
    expect(site.get_by_text("Client added")).to_have_count(1)
    expect(site.get_by_role("listitem").filter(has_text="Goal changed")).to_have_count(0)
    expect(site).to_have_url(f"{site.url.partition('/audit')[0]}/audit/?account=southw")
    site.get_by_role("combobox", name="What", exact=True).select_option("accounts.goal")
    expect(site.get_by_text("Nothing to show")).to_be_visible()
    site.reload()
    expect(site.get_by_text("Nothing to show")).to_be_visible()
