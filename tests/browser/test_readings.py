"""A month's readings in the browser: by hand, from a spreadsheet, beside others, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Kpi, KpiReading
from tests import builders
from tests.browser.recording_site import Opens, opening
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

ACCOUNT = "/accounts/northwind/"
READINGS = f"{ACCOUNT}readings/"
MAY = date(2026, 5, 1)


@pytest.fixture
def cast(live_site: str) -> builders.Cast:
    found = builders.cast()
    builders.retainer_since(found.northwind, date(2025, 1, 5))
    for name, direction, before in (("Cost per lead", "lower", 40), ("Leads", "higher", 4000), ("Reach", "higher", 9)):
        builders.reading(builders.kpi(found.northwind, name, direction), date(2026, 4, 1), before, before)
    builders.reading(Kpi.objects.get(name="Cost per lead"), MAY, "38.5", 40)
    return found


@pytest.fixture
def opens(live_site: str, broker: str, browser: Any, cast: builders.Cast) -> Iterator[Opens]:
    with opening(live_site, browser, cast.lena) as opened:
        yield opened


def stored(name: str) -> tuple[object, ...] | None:
    found: tuple[object, ...] | None = (
        KpiReading.objects.filter(kpi__name=name, month=MAY).values_list("value", "target").first()
    )
    return found


def paste(page: Any, text: str) -> None:
    """What a spreadsheet puts into the clipboard, pasted where the focus is."""
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const pasted = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(pasted);
        }""",
        text,
    )


def values(page: Any) -> list[str]:
    return [cell.input_value() for cell in page.locator("[data-cell]").all()]


def whole(page: Any, axe_script: str) -> None:
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []
    assert page.evaluate("() => violations") == []
    assert page.said == []
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_it_is_filled_in_by_hand_in_place_from_the_account(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    link = page.locator(f"main a[hx-get='{READINGS}form/']").first
    if not link.is_visible():
        link.locator("xpath=ancestor::details[1]/summary").press("Enter")
    link.press("Enter")
    expect(page.get_by_label("Value of Cost per lead")).to_be_focused()
    page.get_by_label("Month", exact=True).select_option("2026-05")
    expect(page.get_by_label("Value of Cost per lead")).to_have_value("38.5")
    page.get_by_label("Value of Leads").fill("4512.5")
    page.get_by_label("Target of Leads").fill("4.400,5")
    page.get_by_label("Target of Leads").press("Enter")
    expect(page.locator("#recording-saved")).to_be_focused()
    expect(page.locator("#recording-saved")).to_contain_text("1 reading of May 2026 is saved.")
    expect(page.locator("#live")).to_have_text("Saved")
    assert stored("Leads") == (Decimal("4512.5"), Decimal("4400.5"))
    assert stored("Reach") is None


@pytest.mark.parametrize("width", [1440, 390])
def test_a_piece_of_a_spreadsheet_spreads_right_and_down(opens: Opens, axe_script: str, width: int) -> None:
    page = opens(width=width)
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Value of Leads").focus()
    paste(page, "4 512,5\t4 400\r\n12\t\r\n")
    assert values(page) == ["38.5", "40", "4 512,5", "4 400", "12", "9"]
    expect(page.locator("#live")).to_have_text("3 cells are filled.")
    expect(page.locator("[data-grid-said]")).to_be_visible()
    whole(page, axe_script)
    page.get_by_role("button", name="Save May 2026").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert (stored("Leads"), stored("Reach")) == ((Decimal("4512.5"), 4400), (12, 9))


def test_a_piece_with_names_finds_its_rows_and_what_has_no_place_is_told(opens: Opens) -> None:
    page = opens()
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Target of Leads").focus()
    paste(page, '"reach"\t12\t10\nAwareness\t1\nLEADS\t4512\t4400\t9\n')
    assert values(page) == ["38.5", "40", "4512", "4400", "12", "10"]
    expect(page.locator("#live")).to_have_text("4 cells are filled. Some of it had no place in the grid.")


def test_one_value_is_pasted_as_everywhere(opens: Opens) -> None:
    page = opens()
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Value of Leads").focus()
    paste(page, "4512")
    assert page.locator("[data-grid-said]").is_hidden()


def test_what_could_be_two_numbers_is_asked_and_nothing_is_saved(opens: Opens, axe_script: str) -> None:
    page = opens()
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Value of Leads").fill("4,512")
    page.get_by_role("button", name="Save May 2026").click()
    cell = page.get_by_label("Value of Leads")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_be_focused()
    expect(page.locator(".grid-table")).to_contain_text("4,512 could be 4512 or 4.512")
    whole(page, axe_script)
    assert stored("Leads") is None
    page.get_by_label("Numbers are written").select_option("1,234.5")
    page.get_by_role("button", name="Save May 2026").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert stored("Leads") == (4512, 4000)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_what_somebody_else_wrote_is_shown_and_one_of_the_two_is_kept(
    opens: Opens, axe_script: str, scripts: bool, kept: str
) -> None:
    page = opens(java_script_enabled=scripts)
    page.goto(f"{READINGS}?month=2026-05")
    KpiReading.objects.filter(kpi__name="Cost per lead", month=MAY).update(value=36)
    page.get_by_label("Value of Cost per lead").fill("37")
    page.get_by_label("Value of Reach").fill("12")
    page.get_by_role("button", name="Save May 2026").click()
    choice = page.get_by_role("group", name="Somebody has written Cost per lead since you opened this:")
    expect(choice).to_contain_text("Keep mine: 37, target 40")
    expect(choice).to_contain_text("Keep theirs: 36, target 40")
    assert (stored("Cost per lead"), stored("Reach")) == ((36, 40), None)
    if scripts:
        whole(page, axe_script)
    choice.get_by_label(f"Keep {kept}").check()
    page.get_by_role("button", name="Save May 2026").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert (stored("Cost per lead"), stored("Reach")) == (({"mine": 37, "theirs": 36}[kept], 40), (12, 9))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_kpi_is_added_and_nothing_that_was_entered_is_lost(opens: Opens, axe_script: str, scripts: bool) -> None:
    page = opens(java_script_enabled=scripts)
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Value of Leads").fill("4512")
    page.get_by_text("Add a KPI", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Demos")
    page.get_by_label("Unit", exact=True).fill("demos")
    page.get_by_role("button", name="Add it to the grid").click()
    cell = page.get_by_label("Value of Demos")
    expect(cell).to_be_focused()
    expect(page.get_by_label("Value of Leads")).to_have_value("4512")
    if scripts:
        whole(page, axe_script)
    cell.fill("7")
    page.get_by_role("button", name="Save May 2026").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert (stored("Leads"), stored("Demos")) == ((4512, 4000), (7, None))


def test_without_scripts_a_box_takes_the_piece_of_a_spreadsheet(opens: Opens) -> None:
    page = opens(java_script_enabled=False)
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_text("Paste from a spreadsheet", exact=True).click()
    page.get_by_label("From a spreadsheet", exact=True).fill("KPI\tValue\tTarget\nReach\t12\t10\nLeads\t4512,5\n")
    page.get_by_role("button", name="Fill the grid").click()
    assert values(page) == ["38.5", "40", "4512,5", "4000", "12", "10"]
    expect(page.get_by_text("3 cells are filled. Nothing is saved yet.")).to_be_visible()
    assert stored("Leads") is None
    page.get_by_role("button", name="Save May 2026").click()
    expect(page.get_by_role("status").filter(has_text="2 readings of May 2026 are saved.")).to_be_visible()
    assert (stored("Leads"), stored("Reach")) == ((Decimal("4512.5"), 4000), (12, 10))


def test_without_scripts_another_month_is_shown_by_a_button(opens: Opens) -> None:
    page = opens(java_script_enabled=False)
    page.goto(READINGS)
    page.get_by_label("Month", exact=True).select_option("2026-04")
    page.get_by_role("button", name="Show", exact=True).click()
    assert values(page) == ["40", "40", "4000", "4000", "9", "9"]


def test_another_month_is_not_shown_over_what_was_entered_unless_one_says_so(opens: Opens) -> None:
    page = opens()
    page.goto(f"{READINGS}?month=2026-05")
    page.get_by_label("Value of Leads").fill("4512")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_label("Month", exact=True).select_option("2026-04")
    expect(page.get_by_label("Month", exact=True)).to_have_value("2026-05")
    expect(page.get_by_label("Value of Leads")).to_have_value("4512")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Month", exact=True).select_option("2026-04")
    expect(page.get_by_label("Value of Leads")).to_have_value("4000")
    assert page.said == []
