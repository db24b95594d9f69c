"""What the frame and the chart element do: themes, focus, failures, paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from accounts import sample_agency
from tests.browser.conftest import Opens
from tests.browser.test_pages import draw_charts

pytestmark = pytest.mark.browser

Answers = Callable[[Route], None]

ACCOUNT = f"/accounts/{sample_agency.STALLING}/"
READY = "plot-figure[data-state=ready]"


def background(page: Any) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


def line_colours(page: Any) -> set[str]:
    """The colours of the lines in the charts."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('plot-figure .js-line')].map((one) => getComputedStyle(one).stroke)"
    )
    return {str(colour) for colour in found}


# Light and dark


def test_the_theme_is_that_of_the_machine_until_one_chooses(opens: Opens) -> None:
    for theme, colour in (("light", "rgb(248, 248, 246)"), ("dark", "rgb(14, 16, 19)")):
        page = opens("lena", theme=theme)
        page.goto("/portfolio/")
        assert background(page) == colour


def test_a_chosen_theme_is_remembered_and_set_before_the_page_is_painted(opens: Opens) -> None:
    page = opens("lena", theme="light")
    page.goto("/portfolio/")
    page.get_by_role("button", name="Switch between light and dark").first.click()
    assert background(page) == "rgb(14, 16, 19)"
    page.goto(ACCOUNT)
    assert background(page) == "rgb(14, 16, 19)"
    # The script is in the head and holds up what follows: nothing is painted in the other theme first.
    order = page.evaluate("() => [...document.head.children].map((one) => one.src || one.href || '')")
    theme = next(place for place, address in enumerate(order) if "theme.js" in address)
    style = next(place for place, address in enumerate(order) if address.endswith(".css"))
    assert theme < style
    assert not page.locator("script[src*='theme.js']").evaluate("(one) => one.defer || one.async")


def test_charts_follow_the_theme(opens: Opens) -> None:
    page = opens("lena", theme="light")
    page.goto(ACCOUNT)
    page.locator(READY).first.wait_for()
    assert "rgb(29, 70, 180)" in line_colours(page)
    page.get_by_role("button", name="Switch between light and dark").first.click()
    expect(page.locator("plot-figure .js-line").first).to_have_css("stroke", "rgb(111, 159, 255)")
    page.get_by_role("button", name="Switch between light and dark").first.click()
    page.emulate_media(color_scheme="dark")  # a choice stays whatever the machine does
    expect(page.locator("plot-figure .js-line").first).to_have_css("stroke", "rgb(29, 70, 180)")


# Charts


def test_a_chart_follows_the_width_of_its_place(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    page.locator(READY).first.wait_for()
    wide = page.locator("plot-figure .main-svg").first.get_attribute("width")
    page.set_viewport_size({"width": 390, "height": 900})
    expect(page.locator("plot-figure .main-svg").first).not_to_have_attribute("width", wide)
    drawn = page.locator("plot-figure").first.evaluate(
        "(one) => [one.clientWidth, one.querySelector('svg').clientWidth]"
    )
    assert drawn[0] == drawn[1] < 480


def test_nothing_moves_when_a_chart_is_drawn(opens: Opens) -> None:
    page = opens("lena")
    page.route("**/plotly*.js", lambda route: None)  # never answered, as on a slow line
    page.goto(ACCOUNT)
    kept_free = page.locator("plot-figure").first.bounding_box()["height"]
    page.unroute("**/plotly*.js")
    page.goto(ACCOUNT)
    page.locator(READY).first.wait_for()
    assert page.locator("plot-figure").first.bounding_box()["height"] == kept_free > 100


def test_charts_nobody_has_scrolled_to_are_drawn_while_nobody_waits(opens: Opens) -> None:
    page = opens("lena", width=390)
    page.goto(ACCOUNT)
    # The script is large: it is waited for, and so is the first chart, of which the other takes the rest of the time.
    page.locator(READY).first.wait_for()
    expect(page.locator(READY)).to_have_count(2)
    assert page.evaluate("() => scrollY") == 0


def test_a_chart_without_room_is_drawn_once_it_has_some(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.locator(READY).first.wait_for()
    expect(page.locator(READY)).to_have_count(4)
    wide = page.locator("plot-figure .main-svg").first.get_attribute("width")
    for width in ("60px", "1px", ""):
        page.evaluate(
            "(width) => document.querySelectorAll('plot-figure').forEach((one) => { one.style.width = width; })", width
        )
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    # One that is put in where it has none: as in a part that is shown later.
    page.evaluate(
        "() => { const one = document.querySelector('plot-figure'); one.style.width = '20px'; one.remove();"
        " one.replaceChildren(); delete one.dataset.state; document.querySelector('main').prepend(one); }"
    )
    page.wait_for_timeout(500)
    assert page.locator(READY).count() == 3
    page.evaluate("() => { document.querySelector('plot-figure').style.width = ''; }")
    expect(page.locator(READY)).to_have_count(4)
    assert page.locator("plot-figure .main-svg").first.get_attribute("width") != "20"
    assert int(wide) > 480
    assert page.said == []


def test_a_pointer_on_a_chart_is_told_what_it_points_at(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    page.locator(READY).first.wait_for()
    point = page.locator("plot-figure .scatterlayer .point").first.bounding_box()
    page.mouse.move(point["x"] + 4, point["y"] + 4)
    label = page.locator("plot-figure .hovertext").first
    label.wait_for()
    assert "targets met" in label.text_content()
    assert page.evaluate("() => violations") == []


def test_a_chart_that_can_not_be_drawn_opens_its_table(opens: Opens) -> None:
    page = opens("lena")
    page.route("**/plotly*.js", lambda route: route.abort())
    page.goto(ACCOUNT)
    page.locator("plot-figure[data-state=failed]").first.wait_for()
    assert "could not be drawn" in page.locator("plot-figure").first.inner_text()
    card = page.locator("plot-figure").first.locator("xpath=ancestor::*[contains(@class, 'card')][1]")
    assert card.locator("details").first.get_attribute("open") is not None


def test_a_chart_that_leaves_the_page_leaves_nothing_behind(opens: Opens) -> None:
    page = opens("lena")
    page.goto(ACCOUNT)
    page.locator(READY).first.wait_for()
    left = page.evaluate(
        """() => {
            const figure = document.querySelector('plot-figure');
            const plot = figure.querySelector('.js-plotly-plot');
            figure.remove();
            return [plot.data, plot.layout, plot._fullLayout].map((one) => one === undefined);
        }"""
    )
    assert left == [True, True, True]


def test_a_chart_is_light_and_fits_on_paper_whatever_the_screen_is(opens: Opens) -> None:
    page = opens("lena", theme="dark")
    page.goto(ACCOUNT)
    draw_charts(page)
    assert "rgb(111, 159, 255)" in line_colours(page)
    page.emulate_media(media="print")
    # At once: paper doesn't wait.
    assert line_colours(page) & {"rgb(29, 70, 180)", "rgb(111, 159, 255)"} == {"rgb(29, 70, 180)"}
    for svg in page.locator("plot-figure .main-svg").all():
        assert svg.get_attribute("viewBox")
    beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0
    assert not page.locator(".rail").is_visible()


# Keys, requests, failures


def test_the_first_key_offers_the_way_to_the_page_itself(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_of_a_narrow_screen_opens_and_closes(opens: Opens) -> None:
    page = opens("omar", width=390)
    page.goto("/portfolio/")
    assert not page.locator(".rail").is_visible()
    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu").get_by_role("link", name="The night").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator(".menu").get_by_role("link", name="The night").is_visible()
    expect(page.get_by_text("Menu", exact=True)).to_be_focused()
    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu").get_by_role("link", name="The night").click()
    page.get_by_role("heading", name="The night").wait_for()


def search(page: Any, text: str) -> None:
    page.get_by_label("Account", exact=True).fill(text)


def test_a_request_that_fails_is_said_and_what_was_there_stays(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    rows = page.locator("#portfolio-table tbody tr").count()
    breaks: Answers = lambda route: route.fulfill(status=500, body="broken")  # noqa: E731
    is_cut: Answers = lambda route: route.abort()  # noqa: E731
    for answer in (breaks, is_cut):
        page.route("**/portfolio/table/**", answer)
        search(page, "Larkfield")
        page.get_by_role("alert").filter(has_text="That did not work").wait_for()
        assert page.locator("#portfolio-table tbody tr").count() == rows
        page.get_by_role("button", name="Close").click()
        assert not page.locator("#failed").is_visible()
        page.unroute("**/portfolio/table/**")
        search(page, "")
        page.wait_for_timeout(400)


def test_a_swap_is_told_to_those_who_do_not_see_it(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    search(page, "Larkfield")
    expect(page.locator("#live")).to_have_text("1 account found")


def test_a_slow_request_shows_a_bar_and_a_quick_one_does_not(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    held: list[Route] = []
    page.route("**/portfolio/table/**", lambda route: held.append(route))
    search(page, "Larkfield")
    bar = page.locator("#loading")
    expect(bar).to_have_class("htmx-indicator htmx-request")
    expect(bar).to_have_css("transition-delay", "0.3s")
    expect(bar).to_have_css("opacity", "1")
    held[0].continue_()
    expect(bar).to_have_css("opacity", "0")


def test_who_is_no_longer_signed_in_is_sent_to_the_door_and_back(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.context.clear_cookies()
    search(page, "Larkfield")
    page.get_by_role("heading", name="Sign in").wait_for()
    assert page.locator("#portfolio-table").count() == 0
    assert page.url.endswith("/sign-in/?next=/portfolio/")
