"""What the portfolio does as one asks it: filters, order, pages and quarters, with scripts and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

ROWS = "#portfolio-table tbody tr"


def names(page: Any) -> list[str]:
    found = page.locator(f"{ROWS} th a").all_inner_texts()
    return [str(name) for name in found]


def test_what_one_types_narrows_the_table_and_the_address_follows(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/?sort=name")
    # What is typed is asked for piece by piece: the answer to the whole is the one that counts.
    with page.expect_response(re.compile(r"/portfolio/table/\?q=merrow&")):
        page.get_by_label("Account", exact=True).press_sequentially("merrow")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/portfolio/\?q=merrow&sort=name$"))
    expect(page.locator("#live")).to_have_text("1 account found")
    expect(page.get_by_label("Account", exact=True)).to_be_focused()
    page.reload()
    assert names(page) == ["Merrow Kitchens"]
    expect(page.get_by_label("Account", exact=True)).to_have_value("merrow")


def test_filters_combine_and_keep_the_order(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.get_by_role("link", name="Account", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?sort=name$"))
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_focused()
    page.get_by_label("Pattern", exact=True).select_option("Good numbers, stalling")
    expect(page).to_have_url(re.compile(r"pattern=stalling&sort=name$"))
    page.get_by_label("Manager", exact=True).select_option("Sam Okafor")
    expect(page).to_have_url(re.compile(r"manager=\d+&pattern=stalling&sort=name$"))
    expect(page.locator(f"{ROWS} th a")).to_have_text(["Corrigan Insurance", "Ibex Payroll"])
    page.go_back()
    expect(page.locator(f"{ROWS} th a").first).to_have_text("Corrigan Insurance")
    expect(page.get_by_label("Manager", exact=True)).to_have_value("")


def test_another_quarter_keeps_what_was_asked_for_since(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    page.get_by_label("Tier").select_option("A")
    expect(page).to_have_url(re.compile(r"\?tier=A$"))
    quarters = page.get_by_label("Quarter", exact=True)
    before = quarters.locator("option").nth(2).get_attribute("value")
    quarters.select_option(before)
    expect(page).to_have_url(re.compile(rf"\?quarter={before}&tier=A$"))
    expect(page.get_by_label("Tier")).to_have_value("A")
    assert page.said == []
    assert page.evaluate("() => violations") == []


def test_it_answers_without_scripts(opens: Opens) -> None:
    page = opens("lena", java_script_enabled=False)
    page.goto("/portfolio/")
    page.get_by_label("Industry").select_option("Travel")
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(re.compile(r"industry=Travel"))
    assert set(names(page)) == {"Pellworm Ferries", "Delphine Hotels", "Galloway Freight", "Zephyrine Air"}
    page.get_by_role("link", name="Account", exact=True).click()
    expect(page).to_have_url(re.compile(r"/portfolio/\?industry=Travel&sort=name$"))
    assert names(page) == ["Delphine Hotels", "Galloway Freight", "Pellworm Ferries", "Zephyrine Air"]
    page.get_by_label("Quarter", exact=True).select_option(index=3)
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"quarter=\d{4}-Q\d"))
    expect(page.get_by_label("Industry")).to_have_value("Travel")


def test_the_finding_names_the_account_of_the_first_article(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    expect(page.locator(".story")).to_contain_text(
        re.compile(r"^\s*Larkfield Outdoor and \w+ others hit their numbers")
    )


def test_the_tile_opens_to_what_stands_behind_the_rate(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    card = page.locator(".rate-card")
    expect(card.get_by_text("Band", exact=True)).to_be_hidden()
    card.locator("summary").press("Enter")
    expect(card.get_by_text("Band", exact=True)).to_be_visible()
    expect(card.get_by_role("row")).to_have_count(4)


def test_pointing_at_a_dot_says_whose_it_is_and_what_it_stands_for(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/")
    chart = page.locator(".on-map plot-figure")
    chart.scroll_into_view_if_needed()
    page.locator(".on-map plot-figure[data-state=ready]").wait_for()
    for dot in chart.locator(".scatterlayer .points path").all():
        if dot.evaluate("(one) => one.getBBox().width") > 20:
            dot.hover(force=True)
            break
    told = chart.locator(".hoverlayer")
    expect(told).to_contain_text("of targets met")
    expect(told).to_contain_text("a year")


def test_names_are_on_a_wide_map_and_not_on_a_narrow_one(opens: Opens) -> None:
    for width, named in ((1440, True), (390, False)):
        page = opens("lena", width=width)
        page.goto("/portfolio/")
        page.locator(".on-map plot-figure").scroll_into_view_if_needed()
        chart = page.locator(".on-map plot-figure[data-state=ready]")
        chart.wait_for()
        assert (chart.locator(".textpoint").filter(has_text="Larkfield").count() > 0) is named


def test_what_is_filtered_can_be_taken_along(opens: Opens) -> None:
    page = opens("lena")
    page.goto("/portfolio/?pattern=stalling&sort=name")
    with page.expect_download() as saving:
        page.get_by_role("link", name="CSV").click()
    text = saving.value.path().read_text(encoding="utf-8-sig")
    header, *rows = text.splitlines()
    assert header.startswith("client,name,manager")
    assert [row.split(",")[1] for row in rows] == names(page)
    with page.expect_download() as saving:
        page.get_by_role("link", name="XLSX").click()
    assert saving.value.suggested_filename.endswith(".xlsx")
