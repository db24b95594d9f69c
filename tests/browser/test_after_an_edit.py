"""An account page that is open while its records change: it says so, and shows the new figures by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts import publishing
from accounts.models import Client
from agency import processes
from metrics import nightly
from tests.conftest import Database
from tests.metrics import agency
from tests.metrics.agency import AS_OF, expand

pytestmark = pytest.mark.browser

PASSWORD = "a-lead-of-many-depths"
COMPUTED = "Figures are up to date."
MARKED = "Being computed: a change of this account’s records is not in these figures yet."


@pytest.fixture
def northwind(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Client:
    """With figures as of a day in May, and with Lena, who may sign in."""
    monkeypatch.setattr(publishing, "_resting_until", 0.0)
    found = agency.found(2)[0]
    assert found.account_manager is not None
    found.account_manager.set_password(PASSWORD)
    found.account_manager.save()
    nightly.run(AS_OF)
    return found


@pytest.fixture
def open_page(broker: str, northwind: Client, live_site: str, page: Any) -> Iterator[Any]:
    """Lena reads the page of the account; what it asks the server for is kept."""
    page.asked_for = []
    page.on("request", lambda request: page.asked_for.append(request.url))
    page.goto(f"{live_site}/sign-in/")
    page.get_by_label("E-mail").fill("lena@agency.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="My accounts", exact=True).wait_for()
    page.goto(f"{live_site}/accounts/northwind/")
    yield page
    page.close()


def asked_whether_it_is_done(page: Any) -> int:
    return sum("/freshness/" in address for address in page.asked_for)


@contextmanager
def working(log: Path) -> Iterator[None]:
    """A worker is at work within."""
    process = next(process for process in processes.processes("unused") if process.name == "worker")
    worker = processes.start(process, log)
    try:
        yield
    finally:
        processes.stop([worker])


def records_changed(page: Any) -> None:
    """What a form that has saved something tells the page."""
    page.evaluate("() => htmx.trigger(document.body, 'records-changed')")


def test_the_old_figure_is_marked_until_the_new_one_is_there(open_page: Any, northwind: Client, tmp_path: Path) -> None:
    page = open_page
    scope = page.locator(".stat", has_text="Annual scope").locator(".stat-value")
    expect(scope).to_have_text("$12k")
    page.locator("#numbers-details-title").press("Enter")
    page.get_by_role("link", name="Check-ins", exact=True).click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?show=check-ins")
    page.locator("#numbers-details-title").focus()
    assert asked_whether_it_is_done(page) == 0

    expand(northwind)
    records_changed(page)
    expect(page.get_by_text(MARKED)).to_be_visible()
    expect(scope).to_have_text("$12k")
    expect(page.locator("#ledger-table tbody tr")).to_have_count(2)

    with working(tmp_path / "log"):
        expect(scope).to_have_text("$18k", timeout=60_000)
    expect(page.get_by_text(MARKED)).to_have_count(0)
    expect(page.locator("#live")).to_have_text(COMPUTED)
    # As the reader had it.
    expect(page.locator("#numbers-table")).to_be_visible()
    expect(page.locator("#numbers-details-title")).to_be_focused()
    expect(page.get_by_role("link", name="Check-ins", exact=True)).to_have_attribute("aria-current", "true")
    assert page.locator(".event").count() == 1
    # Nothing is asked any more.
    asked = asked_whether_it_is_done(page)
    assert asked > 0
    page.wait_for_timeout(2500)
    assert asked_whether_it_is_done(page) == asked


def test_what_a_form_records_is_marked_until_a_worker_has_computed_it(open_page: Any, tmp_path: Path) -> None:
    page = open_page
    scope = page.locator(".stat", has_text="Annual scope").locator(".stat-value")
    expect(scope).to_have_text("$12k")
    page.get_by_role("link", name="Record scope change").click()
    form = page.locator("#recording form.form")
    form.get_by_label("Expansion").check()
    form.get_by_label("Effective on").fill("2026-02-01")
    form.get_by_label("More by, USD a month").fill("500")
    form.get_by_role("button", name="Record it").click()
    expect(page.get_by_text(MARKED)).to_be_visible()
    expect(scope).to_have_text("$12k")
    expect(page.locator("#ledger-table tbody tr")).to_have_count(2)

    with working(tmp_path / "log"):
        expect(scope).to_have_text("$18k", timeout=60_000)
    expect(page.get_by_text(MARKED)).to_have_count(0)


def test_the_focus_is_not_lost_with_what_it_was_on(open_page: Any) -> None:
    page = open_page
    page.get_by_role("group", name="Scope ledger").focus()
    records_changed(page)
    expect(page.locator("#account-content")).to_be_focused()


def test_without_scripts_a_reload_shows_the_same(
    browser: Any, open_page: Any, northwind: Client, live_site: str
) -> None:
    expand(northwind)
    context = browser.new_context(java_script_enabled=False, storage_state=open_page.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_site}/accounts/northwind/")
    expect(page.get_by_text(MARKED)).to_be_visible()
    nightly.run(AS_OF)
    page.reload()
    expect(page.get_by_text(MARKED)).to_have_count(0)
    expect(page.locator(".stat", has_text="Annual scope").locator(".stat-value")).to_have_text("$18k")
    context.close()
