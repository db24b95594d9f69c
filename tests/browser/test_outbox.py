"""The outbox in a browser: filters that send themselves, and a mail in a frame that can do nothing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts import outbox
from accounts.models import Mail
from tests import builders
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

PASSWORD = "a-harbour-of-many-depths"
SPITEFUL = '<script>document.title = "run"</script><img src=x onerror="document.title=1"><a href="/portfolio/">out</a>'


@pytest.fixture
def site(live_site: str, page: Any) -> Any:
    """Signed in as Omar, with three mails."""
    builders.omar(password=PASSWORD)
    for key, to in (("1", "dana@northwind.example"), ("2", "eve@fjord.example")):
        outbox.post(key, "sign_in_change", to, "en", {"what": "A passkey was added.", "at": None})
    outbox.post("3", "sign_in_change", "mallory@fjord.example", "en", {"what": "Odd.", "at": None})
    mail = Mail.objects.get(key="3")
    Mail.objects.filter(key="3").update(html=mail.html.replace("Odd.", SPITEFUL))
    page.goto(f"{live_site}/sign-in/")
    page.get_by_label("E-mail").fill("omar@agency.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_site}/outbox/")
    return page


def test_the_filters_send_themselves_and_the_address_says_what_is_shown(site: Any) -> None:
    expect(site.get_by_role("row")).to_have_count(4)
    site.get_by_label("Reader, subject or account").fill("fjord")
    expect(site.get_by_role("row")).to_have_count(3)
    expect(site).to_have_url(f"{site.url.partition('/outbox')[0]}/outbox/?q=fjord")
    site.get_by_label("State").select_option("refused")
    expect(site.get_by_text("No mail like that")).to_be_visible()
    site.reload()
    expect(site.get_by_text("No mail like that")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_an_opened_mail_can_be_read_by_everybody(site: Any, axe_script: str, width: int) -> None:
    site.set_viewport_size({"width": width, "height": 900})
    site.get_by_role("link", name="How you sign in has changed").last.click()
    expect(site.frame_locator("iframe").get_by_role("heading")).to_be_visible()
    site.evaluate(axe_script)
    assert site.evaluate(AXE, RULES) == []
    beyond = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert site.evaluate(beyond) == 0


def test_a_mail_is_read_in_a_frame_in_which_nothing_runs(site: Any) -> None:
    site.get_by_role("link", name="How you sign in has changed").last.click()
    frame = site.frame_locator("iframe")
    expect(frame.get_by_role("heading")).to_have_text("How you sign in has changed")
    expect(site.get_by_text("A passkey was added.")).to_be_visible()
    site.go_back()
    site.get_by_role("link", name="How you sign in has changed").first.click()
    expect(site.frame_locator("iframe").get_by_role("link", name="out")).to_be_visible()
    assert site.frames[1].title() == "How you sign in has changed"
    with site.context.expect_page() as opened:
        site.frame_locator("iframe").get_by_role("link", name="out").click()
    expect(opened.value).to_have_url(f"{site.url.partition('/outbox')[0]}/portfolio/")
    assert "/outbox/" in site.url
