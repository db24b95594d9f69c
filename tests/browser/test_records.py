"""The records, which are Django's own pages, follow the product's choice of light or dark; people fold where narrow."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

CUT_OFF = """() => [...document.querySelectorAll('.table-scroll')]
    .filter((one) => one.scrollWidth > one.clientWidth).length"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"
BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_records_follow_the_choice_of_light_or_dark_and_nothing_is_refused(opens: Opens, width: int) -> None:
    page = opens("ines", width=width)
    page.goto("/people/")
    light = page.evaluate(GROUND)
    page.locator("[data-switch-theme]").first.evaluate("(button) => button.click()")
    dark = page.evaluate(GROUND)
    assert dark != light

    for address in ("/admin/", "/admin/accounts/scopechange/", "/admin/accounts/checkin/add/"):
        page.goto(address)
        assert page.evaluate(GROUND) == dark
        assert page.evaluate(BEYOND) == 0
        assert page.evaluate("() => violations") == []
    page.locator("[data-switch-theme]").first.evaluate("(button) => button.click()")
    assert page.evaluate(GROUND) == light
    page.goto("/people/")
    assert page.evaluate(GROUND) == light
    assert page.said == []


def test_who_comes_in_is_read_whole_on_a_narrow_screen(opens: Opens) -> None:
    page = opens("ines", width=390)
    page.goto("/people/")
    assert page.evaluate(CUT_OFF) == 0
    assert page.locator(".folds").first.is_visible()
