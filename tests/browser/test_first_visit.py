"""A new agency's first visit: three steps in the browser, or a look at the sample agency, and its going."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Client, ScopeChange
from accounts.periods import months_after
from metrics import nightly
from metrics.queries.frame import framed
from tests import builders
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

PASSWORD = "a-long-way-to-the-ground"


def sign_in(page: Any, site: str, email: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Places").first.wait_for()


def is_whole(page: Any, axe_script: str) -> None:
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(axe_script)
        assert page.evaluate(AXE, RULES) == []
        beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_account_manager_goes_from_nothing_to_the_first_figures(live_site: str, page: Any, axe_script: str) -> None:
    lena = builders.lena(password=PASSWORD)
    sign_in(page, live_site, lena.email)
    page.get_by_role("heading", name="No account is yours yet.").wait_for()
    page.goto(f"{live_site}/portfolio/")
    page.get_by_text("0 of 3 done").wait_for()
    is_whole(page, axe_script)

    page.get_by_role("link", name="Add a client").first.click()
    page.get_by_label("Name", exact=True).fill("Northwind")
    page.get_by_label("Currency").fill("XXY")
    page.get_by_role("button", name="Add the client").click()
    page.get_by_text("Expected a currency code of ISO 4217").wait_for()
    is_whole(page, axe_script)
    page.get_by_label("Currency").fill("usd")
    page.get_by_role("button", name="Add the client").click()
    page.get_by_text("Northwind is recorded.").wait_for()
    northwind = Client.objects.get()
    assert northwind.account_manager == lena

    page.goto(f"{live_site}/portfolio/")
    page.get_by_text("1 of 3 done").wait_for()
    step = page.get_by_role("link", name="Add an engagement").first
    assert northwind.external_id in step.get_attribute("href")
    today = framed(timezone.now(), lena).today
    builders.retainer_since(northwind, months_after(today.replace(day=1), -4))

    page.goto(f"{live_site}/portfolio/")
    page.get_by_text("2 of 3 done").wait_for()
    is_whole(page, axe_script)
    page.get_by_role("button", name="Compute them").first.click()
    page.get_by_text("The figures are being computed.").wait_for()
    nightly.run(today)  # what the worker does, which this site is without
    # The page notices by itself.
    page.get_by_role("heading", name="All accounts").wait_for(timeout=10_000)
    expect(page.locator("#portfolio-table")).to_contain_text("Northwind")


def test_leadership_looks_at_the_sample_agency_and_takes_it_out(live_site: str, page: Any, axe_script: str) -> None:
    omar = builders.omar(password=PASSWORD)
    sign_in(page, live_site, omar.email)
    page.get_by_role("button", name="Fill with a sample agency").click()
    page.get_by_text("The sample agency is here.").wait_for()
    nightly.run(framed(timezone.now(), omar).today)
    page.goto(f"{live_site}/portfolio/")
    expect(page.locator("#portfolio-table")).to_contain_text("Larkfield Outdoor")

    page.get_by_role("link", name="Remove the sample agency").click()
    is_whole(page, axe_script)
    page.get_by_role("link", name="Keep it").click()
    assert Client.objects.count() == 24
    page.get_by_role("link", name="Remove the sample agency").click()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("The sample agency is gone: 24 clients").wait_for()
    assert not Client.objects.exists()
    assert not ScopeChange.objects.exists()
    nightly.run(framed(timezone.now(), omar).today)
    page.goto(f"{live_site}/portfolio/")
    page.get_by_text("0 of 3 done").wait_for()
