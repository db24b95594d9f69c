"""Each page in light and dark, wide and narrow: nothing is refused, nothing broken, nothing out of reach."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Opens
from tests.browser.pages import PAGES, Page

pytestmark = pytest.mark.browser

THEMES = ("light", "dark")
WIDTHS = (1440, 390)

PLOTLYS_OWN_BLUE = "rgb(31, 119, 180)"
"""What plotly draws a colour in that it can't read."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async (rules) => {
    const found = await axe.run({runOnly: rules, resultTypes: ['violations']});
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}"""


def draw_charts(page: Any) -> None:
    """Scroll to each chart, as a reader would, until it is drawn."""
    charts = page.locator("plot-figure")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
        page.locator("plot-figure[data-state]").nth(place).wait_for()
    page.evaluate("() => scrollTo(0, 0)")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_is_whole(opens: Opens, axe_script: str, shown: Page, theme: str, width: int) -> None:
    page = opens(shown.who, theme=theme, width=width)
    response = page.goto(shown.path)
    assert response.status == shown.status
    draw_charts(page)

    states = page.evaluate("() => [...document.querySelectorAll('plot-figure')].map((one) => one.dataset.state)")
    assert states == ["ready"] * shown.charts
    assert PLOTLYS_OWN_BLUE not in page.content()
    assert any("plotly" in asked for asked in page.asked_for) == bool(shown.charts)

    beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0, f"the page can be moved sideways by {beyond} px"

    # With everything opened, there is more to find.
    page.evaluate("() => document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0, f"opened, the page can be moved sideways by {beyond} px"
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []

    # Two of one name, and a label leads to the other.
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))

    assert page.evaluate("() => violations") == []
    # The browser itself reports an answer that is meant to say that there is no such page.
    assert [said for said in page.said if shown.status == 200 or "Failed to load" not in said] == []


@pytest.mark.parametrize("shown", [page for page in PAGES if page.charts], ids=lambda shown: shown.name)
def test_every_chart_is_told_in_words_and_as_a_table(opens: Opens, shown: Page) -> None:
    page = opens(shown.who)
    page.goto(shown.path)
    charts = page.locator("plot-figure")
    assert charts.count() == shown.charts
    for place in range(shown.charts):
        chart = charts.nth(place)
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label")) > 20
        card = chart.locator("xpath=ancestor::*[contains(@class, 'card')][1]")
        assert card.locator("details table tbody tr").count() > 0


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_is_read_without_javascript(opens: Opens, shown: Page) -> None:
    page = opens(shown.who, java_script_enabled=False)
    assert page.goto(shown.path).status == shown.status
    assert page.locator("h1").count() == 1
    assert page.locator("main").is_visible()
