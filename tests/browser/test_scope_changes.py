"""Changing the scope of an account in the browser: what it does is seen first, then recorded, reversed, corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Engagement, ScopeChange
from tests import builders
from tests.browser.recording_site import Opens, opening
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

ACCOUNT = "/accounts/northwind/"
NEW = f"{ACCOUNT}scope-changes/new/"


@pytest.fixture
def cast(live_site: str) -> builders.Cast:
    found = builders.cast()
    media = builders.engagement(found.northwind, "Media", external_id="media")
    builders.scope_change(media, "start", date(2025, 1, 15), 1000, ends_on=date(2026, 12, 31))
    builders.project_since(found.northwind, date(2026, 3, 1), 30000, name="Website", external_id="site")
    return found


@pytest.fixture
def opens(live_site: str, broker: str, browser: Any, cast: builders.Cast) -> Iterator[Opens]:
    with opening(live_site, browser, cast.lena) as opened:
        yield opened


def effect(page: Any) -> Any:
    return page.locator("#scope-change-preview")


def whole(page: Any, axe_script: str) -> None:
    """Nothing was refused, nothing is out of reach, nothing can be moved sideways."""
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []
    assert page.evaluate("() => violations") == []
    assert page.said == []
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def newest() -> Any:
    return ScopeChange.objects.order_by("-id")[0]


# Recording


@pytest.mark.parametrize("width", [1440, 390])
def test_what_it_does_follows_what_is_typed(opens: Opens, axe_script: str, width: int) -> None:
    page = opens(width=width)
    page.goto(NEW)
    page.get_by_label("Engagement").select_option("media")
    expect(page.get_by_label("More by, USD a month")).to_be_visible()
    page.get_by_label("More by").press_sequentially("1.500,50")
    expect(effect(page)).to_contain_text("It adds $18,006 a year: the annual scope of Northwind becomes $60,006.")
    assert page.get_by_label("More by").input_value() == "1.500,50"
    expect(page.get_by_label("More by")).to_be_focused()
    whole(page, axe_script)
    page.get_by_label("More by").fill("some")
    expect(effect(page)).to_contain_text("Expected an amount")
    whole(page, axe_script)
    assert ScopeChange.objects.count() == 2


def test_the_fields_follow_the_engagement_and_the_kind(opens: Opens, axe_script: str) -> None:
    page = opens()
    page.goto(NEW)
    page.get_by_label("Why, in a few words").fill("Kept while one chooses")
    page.get_by_label("Engagement").select_option("site")
    expect(page.get_by_label("More by, USD in total")).to_be_visible()
    page.get_by_label("Engagement").select_option("media")
    page.get_by_label("Renewal").check()
    expect(page.get_by_label("New end of the term")).to_have_value("2027-12-31")
    expect(page.get_by_label(re.compile("^More by"))).to_have_count(0)
    expect(effect(page)).to_contain_text("The term of Media runs to 31 Dec 2027 instead of 31 Dec 2026.")
    whole(page, axe_script)
    page.get_by_label("End", exact=True).check()
    expect(page.get_by_text("takes its whole balance")).to_contain_text("1,000")
    expect(effect(page)).to_contain_text("It takes away $12,000 a year")
    page.get_by_label("Price change").check()
    page.get_by_label("Change of price, USD a month").fill("-100")
    expect(effect(page)).to_contain_text("Annual scope stays as it is: the same work at another price.")
    expect(page.get_by_label("Why, in a few words")).to_have_value("Kept while one chooses")
    whole(page, axe_script)


def test_what_is_typed_while_other_fields_are_on_their_way_is_kept(opens: Opens) -> None:
    page = opens()
    page.goto(f"{NEW}?engagement=media")
    held: list[Any] = []
    page.route("**/new/form/**", lambda route: held.append(route))
    with page.expect_request("**/new/form/**"):
        page.get_by_label("Contraction").check()
    page.get_by_label("Effective on").fill("2026-06-01")
    page.locator("#recording_value_delta").press_sequentially("25")
    held[0].continue_()
    amount = page.get_by_label("Less by, USD a month")
    expect(amount).to_have_value("25")
    expect(amount).to_be_focused()
    page.keyboard.type("0")
    expect(amount).to_have_value("250")
    expect(page.get_by_label("Effective on")).to_have_value("2026-06-01")
    expect(effect(page)).to_contain_text("It takes away $3,000 a year")


def test_it_is_recorded_in_place_from_the_account(opens: Opens, cast: builders.Cast) -> None:
    page = opens()
    page.goto(ACCOUNT)
    page.locator(f"main a[hx-get='{NEW}form/']").first.click()
    form = page.locator("#recording form.form")
    form.get_by_label("Engagement").select_option("media")
    form.get_by_label("Contraction").check()
    form.get_by_label("Effective on").fill("2026-06-01")
    form.get_by_label("Less by, USD a month").fill("250")
    form.get_by_role("group", name="Who started it").get_by_label("The client").check()
    expect(effect(page)).to_contain_text("It takes away $3,000 a year")
    form.get_by_role("button", name="Record it").click()
    expect(page.locator("#recording-saved")).to_be_focused()
    expect(page.locator("#live")).to_have_text("Saved")
    expect(page.locator("#recording-saved")).to_contain_text("Recorded: the contraction of 1 Jun 2026.")
    row = newest()
    assert (row.engagement.external_id, row.kind, row.value_delta) == ("media", "contraction", -250)
    assert (row.effective_on, row.origin, row.recorded_by) == (date(2026, 6, 1), "client", cast.lena)
    expect(page.locator("#ledger-table")).to_contain_text("Contraction")


def test_what_is_refused_is_said_beside_its_field(opens: Opens, axe_script: str) -> None:
    page = opens()
    page.goto(ACCOUNT)
    page.locator(f"main a[hx-get='{NEW}form/']").first.click()
    form = page.locator("#recording form.form")
    form.get_by_label("Engagement").select_option("media")
    form.get_by_label("Contraction").check()
    form.get_by_label("Less by, USD a month").fill("1600")
    form.get_by_role("button", name="Record it").click()
    amount = form.get_by_label("Less by, USD a month")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_be_focused()
    expect(page.locator("#recording_value_delta_error")).to_contain_text("it can't go below 0")
    expect(page.locator("#live")).to_have_text(re.compile("^Not saved"))
    page.wait_for_timeout(600)
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []
    assert ScopeChange.objects.count() == 2


def test_it_is_seen_and_recorded_without_scripts(opens: Opens) -> None:
    page = opens(java_script_enabled=False)
    page.goto(NEW)
    page.get_by_label("Engagement").select_option("media")
    page.get_by_label("Renewal").check()
    page.get_by_role("button", name="Show what it does").click()
    # Only now can the page know which field is asked for; nothing was recorded.
    expect(page.get_by_label("New end of the term")).to_be_visible()
    assert ScopeChange.objects.count() == 2
    page.get_by_label("New end of the term").fill("2027-06-30")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status").filter(has_text="Recorded: the renewal")).to_be_visible()
    assert page.url.endswith(ACCOUNT)
    assert (newest().kind, newest().ends_on) == ("renewal", date(2027, 6, 30))


def test_without_scripts_an_amount_a_month_is_not_taken_for_a_total(opens: Opens) -> None:
    page = opens(java_script_enabled=False)
    page.goto(f"{NEW}?engagement=media")
    page.get_by_label("More by, USD a month").fill("500")
    page.get_by_label("Engagement").select_option("site")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("#recording_value_delta_error")).to_contain_text("Website is a project")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status").filter(has_text="Recorded: the expansion")).to_be_visible()
    assert (newest().engagement.external_id, newest().value_delta) == ("site", 500)


@pytest.mark.parametrize("scripts", [True, False], ids=["in place", "without scripts"])
def test_who_comes_second_is_told_who_came_first(opens: Opens, cast: builders.Cast, scripts: bool) -> None:
    page = opens(java_script_enabled=scripts)
    page.goto(f"{NEW}?engagement=media")
    builders.scope_change(Engagement.objects.get(external_id="media"), "expansion", date(2026, 5, 1), 250, by=cast.sam)
    page.get_by_label("More by").fill("500")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert").filter(has_text="by Sam")).to_contain_text("the expansion of 1 May 2026")
    assert ScopeChange.objects.count() == 3
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert ScopeChange.objects.count() == 4


def test_two_presses_record_once(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    page.locator(f"main a[hx-get='{NEW}form/']").first.click()
    page.locator("#recording form.form").get_by_label("Engagement").select_option("media")
    page.get_by_label("More by, USD a month").fill("500")
    form = "document.querySelector('#recording form.form')"
    page.evaluate(f"() => {{ for (let i = 0; i < 3; i++) {form}.requestSubmit(); }}")
    expect(page.locator("#recording-saved")).to_be_focused()
    assert ScopeChange.objects.filter(kind="expansion").count() == 1


# Reversing and correcting


@pytest.fixture
def grown(cast: builders.Cast) -> ScopeChange:
    """A row that was entered by mistake."""
    return builders.scope_change(Engagement.objects.get(external_id="media"), "expansion", date(2026, 5, 1), 250)


def test_a_row_is_reversed_from_the_ledger_with_a_reason(opens: Opens, axe_script: str, grown: ScopeChange) -> None:
    page = opens()
    page.goto(ACCOUNT)
    page.locator(f"#ledger-table a[hx-get$='{grown.external_id}/reversal/form/']").click()
    form = page.locator("#recording form.form")
    expect(form).to_contain_text("It takes away $3,000 a year")
    expect(form.get_by_label("Why the entry is reversed")).to_be_focused()
    whole(page, axe_script)
    form.get_by_role("button", name="Reverse it").click()
    expect(page.locator("#recording_reason_error")).to_contain_text("required")
    assert not ScopeChange.objects.exclude(reverses=None).exists()
    page.get_by_label("Why the entry is reversed").fill("The other Northwind")
    page.get_by_role("button", name="Reverse it").click()
    expect(page.locator("#recording-saved")).to_contain_text("Reversed: the expansion of 1 May 2026.")
    reversal = newest()
    assert (reversal.reverses, reversal.note) == (grown, "The other Northwind")
    expect(page.locator("#ledger-table")).to_contain_text("The other Northwind")


def test_a_row_is_reversed_without_scripts(opens: Opens, grown: ScopeChange) -> None:
    page = opens(java_script_enabled=False)
    page.goto(f"{ACCOUNT}scope-changes/{grown.external_id}/reversal/")
    page.get_by_label("Why the entry is reversed").fill("The other Northwind")
    page.get_by_role("button", name="Reverse it").click()
    expect(page.get_by_role("status").filter(has_text="Reversed: the expansion")).to_be_visible()
    assert newest().reverses == grown


@pytest.mark.parametrize("width", [1440, 390])
def test_a_start_on_which_others_stand_is_corrected(
    opens: Opens, axe_script: str, grown: ScopeChange, width: int
) -> None:
    start = ScopeChange.objects.get(kind="start", engagement__external_id="media")
    page = opens(width=width)
    page.goto(f"{ACCOUNT}scope-changes/{start.external_id}/reversal/")
    expect(page.get_by_role("alert").filter(has_text="can't lose its start")).to_be_visible()
    expect(page.get_by_role("button", name="Reverse it")).to_have_count(0)
    whole(page, axe_script)
    page.get_by_role("link", name="Correct it instead").click()
    amount = page.get_by_label("Begins with, USD a month")
    expect(amount).to_have_value("1000")
    expect(page.get_by_label("Term ends on")).to_have_value("2026-12-31")
    amount.fill("1200")
    page.get_by_label("Why the entry was wrong").fill("It was 1,200 from the start")
    expect(effect(page)).to_contain_text("It adds $2,400 a year")
    whole(page, axe_script)
    page.get_by_role("button", name="Correct it").click()
    page.wait_for_url(f"**{ACCOUNT}")
    assert (newest().kind, newest().value_delta, newest().ends_on) == ("start", 1200, date(2026, 12, 31))
    assert ScopeChange.objects.get(reverses=start).note == "It was 1,200 from the start"


def test_a_correction_without_scripts(opens: Opens, grown: ScopeChange) -> None:
    page = opens(java_script_enabled=False)
    page.goto(f"{ACCOUNT}scope-changes/{grown.external_id}/correction/")
    page.get_by_label("More by, USD a month").fill("300")
    page.get_by_label("Why the entry was wrong").fill("A slip")
    page.get_by_role("button", name="Show what it does").click()
    expect(effect(page)).to_contain_text("It adds $600 a year")
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_role("status").filter(has_text="Corrected: the expansion")).to_be_visible()
    assert newest().value_delta == 300
