"""The quarterly review as one works with it: decisions with scripts and without, and what comes out on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Person
from metrics.models import Decision
from tests import builders
from tests.browser.conftest import Opens
from tests.browser.pages import LAST_ENDED
from tests.browser.recording_site import opening
from tests.browser.test_pages import AXE, RULES
from tests.metrics import portfolios

pytestmark = pytest.mark.browser

MILLIMETRE = 96 / 25.4
SHEET = (182 * MILLIMETRE, 265 * MILLIMETRE)
"""What the margins leave of A4, in pixels."""


def record(page: Any, text: str) -> Any:
    """Records a decision in the form that is open; gives its row."""
    page.get_by_label("What was decided").fill(text)
    page.get_by_label("Owner", exact=True).select_option("Sam Okafor")
    page.get_by_role("button", name="Save").click()
    row = page.locator("li.decision", has_text=text)
    expect(row).to_have_count(1)
    return row


def test_a_decision_is_recorded_changed_and_closed_in_its_place(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/quarter/")
    page.get_by_role("link", name="Add a decision").click()
    row = record(page, "Ask Larkfield what is still debated")
    expect(page.locator("#live")).to_have_text("Saved.")
    expect(row).to_be_focused()
    row.get_by_role("link", name="Edit").click()
    page.get_by_label("What was decided").fill("Ask Larkfield before the renewal")
    page.get_by_role("button", name="Save").click()
    row = page.locator("li.decision", has_text="Ask Larkfield before the renewal")
    expect(row).to_be_focused()
    row.get_by_role("button", name="Done").click()
    expect(row.locator(".state")).to_have_text("Done")
    expect(page.locator("#live")).to_have_text("Done.")
    row.get_by_role("button", name="Open again").click()
    expect(row.locator(".state")).to_have_text("Open")
    row.get_by_role("button", name="Drop").click()
    expect(row.locator(".state")).to_have_text("Dropped")
    assert page.evaluate("() => violations") == []
    assert page.said == []
    assert page.url.endswith("/quarter/")


def test_a_decision_is_recorded_by_keys_alone(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/quarter/")
    page.get_by_role("link", name="Add a decision").press("Enter")
    expect(page.get_by_label("What was decided")).to_be_focused()
    page.keyboard.type("Plan the next year with Merrow")
    page.keyboard.press("Control+Enter")
    # The browser itself says what it lacks, and goes there.
    expect(page.get_by_label("Owner", exact=True)).to_be_focused()
    page.keyboard.type("Sam")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.decision", has_text="Plan the next year with Merrow")).to_be_focused()


def test_leaving_the_form_brings_the_list_back(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/quarter/")
    page.get_by_role("link", name="Add a decision").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_label("What was decided")).to_have_count(0)
    expect(page.locator("#quarter-decisions")).to_have_count(1)


def test_a_decision_is_recorded_and_closed_without_scripts(opens: Opens) -> None:
    page = opens("omar", java_script_enabled=False)
    page.goto("/quarter/")
    page.get_by_role("link", name="Add a decision").click()
    row = record(page, "Look at the terms that end this year")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/quarter/{LAST_ENDED.label}/#decisions$"))
    row.get_by_role("button", name="Drop").click()
    expect(row.locator(".state")).to_have_text("Dropped")


@pytest.mark.parametrize("scripts", [True, False], ids=["in place", "without scripts"])
@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_of_two_who_change_a_decision_the_second_chooses(
    live_site: str, broker: str, browser: Any, axe_script: str, scripts: bool, kept: str
) -> None:
    portfolios.account("Northwind", met=True)
    portfolios.store_figures()
    omar = builders.omar()
    noor = builders.person("Noor", role=Person.Role.LEADERSHIP)
    builders.decision(omar, text="Call them")
    review = "/quarter/2026-Q1/"
    with opening(live_site, browser, omar) as opens:
        first, second = opens(noor, java_script_enabled=scripts), opens(omar, java_script_enabled=scripts)
        for page in (first, second):
            page.goto(review)
            page.get_by_role("link", name="Edit").click()
            page.get_by_label("What was decided").wait_for()  # before the other saves
        first.get_by_label("What was decided").fill("Write to them")
        first.get_by_role("button", name="Save").click()
        first.locator("li.decision", has_text="Write to them").wait_for()

        second.get_by_label("What was decided").fill("Visit them")
        second.get_by_label("Due on").fill("2026-06-01")
        second.get_by_role("button", name="Save").click()
        heading = second.get_by_role("heading", name="Noor has changed this in the meantime")
        heading.wait_for()
        assert second.locator(".differences tbody tr").all_inner_texts() == [
            "What was decided\tVisit them\tWrite to them",
            "Due on\t1 Jun 2026\t–",
        ]
        if scripts:
            expect(heading).to_be_focused()
            second.evaluate(axe_script)
            assert second.evaluate(AXE, RULES) == []
            assert second.evaluate("() => violations") == []
        role = "button" if kept == "mine" else "link"
        second.get_by_role(role, name=f"Keep {kept}").click()
        text = {"mine": "Visit them", "theirs": "Write to them"}[kept]
        expect(second.locator(".decision-text")).to_have_text(text)
        assert Decision.objects.get().text == text


def test_another_quarter_has_its_own_address(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/quarter/")
    before = LAST_ENDED.shifted(-1).label
    page.get_by_label("Quarter", exact=True).select_option(before)
    expect(page).to_have_url(re.compile(rf"/quarter/{before}/$"))


def test_on_paper_it_is_upright_a4_in_light_colours(opens: Opens) -> None:
    page = opens("omar", theme="dark")
    page.goto("/quarter/")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox ?\[([^\]]*)\]", printed)}
    assert [tuple(round(edge) for edge in box) for box in boxes] == [(0, 0, 595, 842)]
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(21, 23, 28)"


def test_on_paper_the_agency_is_a_page_and_two_accounts_are_another(opens: Opens) -> None:
    page = opens("omar")
    width, height = SHEET
    page.set_viewport_size({"width": round(width), "height": round(height)})
    page.goto("/quarter/")
    page.emulate_media(media="print")
    edge = page.locator("#agency").bounding_box()
    assert edge["y"] + edge["height"] <= height
    heights = [half.bounding_box()["height"] for half in page.locator(".half").all()]
    heading = page.locator("#accounts .part-title").bounding_box()["height"]
    pattern = page.locator(".group-head").first.bounding_box()["height"]
    assert len(heights) > 20
    assert 2 * max(heights) + heading + 2 * pattern < height - 12 * MILLIMETRE
    assert min(heights) > height / 3
    for half in page.locator(".half").all()[:3]:
        assert half.evaluate("(half) => getComputedStyle(half).breakInside") == "avoid"
    expect(page.get_by_role("link", name="Add a decision")).to_be_hidden()


def test_the_segments_keep_the_window_and_the_quarter(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/segments/")
    page.get_by_role("link", name="Quarter alone").click()
    expect(page).to_have_url(re.compile(r"/segments/\?window=quarter$"))
    before = LAST_ENDED.shifted(-1).label
    page.get_by_label("Quarter", exact=True).select_option(before)
    expect(page).to_have_url(re.compile(rf"window=quarter&quarter={before}$"))
    expect(page.get_by_role("link", name="Quarter alone")).to_have_attribute("aria-current", "true")


def test_all_intervals_stand_on_one_scale(opens: Opens) -> None:
    page = opens("omar")
    page.goto("/segments/")
    widths = {round(drawn.bounding_box()["width"]) for drawn in page.locator("td .interval-drawn").all()}
    assert len(widths) == 1
