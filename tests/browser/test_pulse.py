"""The pulse from end to end: asked for, answered on a phone, and the score moves on the account page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Session
from django.utils import timezone
from playwright.sync_api import expect

from accounts import publishing
from accounts.models import Client, Mail, Person, Pulse, PulseSheet, SharedSection
from accounts.periods import Quarter
from accounts.settings_in_force import ATTRIBUTES
from agency import processes
from metrics import nightly
from tests import builders
from tests.browser.test_pages import AXE, RULES
from tests.conftest import Database

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def northwind(fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Lena leads it; half a year ago its people placed everything in the middle. Dana signs in, Omar reads."""
    monkeypatch.setattr(publishing, "_resting_until", 0.0)
    today = timezone.now().date()
    quarter = Quarter.containing(today)
    client = builders.client("Northwind", account_manager=builders.lena())
    builders.omar()
    builders.retainer_since(client, quarter.shifted(-4).start, 1000)
    kpi = builders.kpi(client)
    for back in range(4):
        builders.reading(kpi, quarter.shifted(-back).start)
    answers: dict[str, Any] = dict.fromkeys(ATTRIBUTES, 2)
    builders.pulse(client, quarter.shifted(-1).start + timedelta(days=30), **answers)
    SharedSection.objects.create(client=client, section="goals")
    builders.goal(client, quarter.shifted(-1).start, "Open the Nordic market", shared=True)
    builders.signs_in(builders.contact(client, "Dana", email="dana@northwind.example"), language="en")
    nightly.run(today)
    return client


Opens = Any


@pytest.fixture
def opened(browser: Any, live_site: str, northwind: Client) -> Iterator[Opens]:
    """Gives a page of somebody who is signed in, by e-mail."""
    contexts = []

    def page_of(email: str, **options: Any) -> Any:
        session = Session()
        session.force_login(Person.objects.get(email=email))
        context = browser.new_context(base_url=live_site, locale="en-GB", **options)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_site,
                }
            ]
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        # The browser itself reports an answer that is meant to say what is missing.
        page.on("console", lambda message: "422" in message.text or page.said.append(message.text))
        page.add_init_script(
            "window.violations = [];"
            "document.addEventListener('securitypolicyviolation', (event) => violations.push(event.blockedURI));"
        )
        return page

    yield page_of
    for context in contexts:
        context.close()


def place(page: Any, attribute: str, number: int) -> None:
    page.locator(f"label[for=pulse_{attribute}_{number}]").click()


def score(page: Any) -> float:
    """The partnership score as the account page has it."""
    shown = page.locator(".stat", has_text="Partnership").locator(".stat-value").inner_text()
    return float(shown.split()[0])


def sound(page: Any, axe_script: str) -> None:
    """Nothing that a reader trips over, in either theme; nothing beside the policy; nothing beyond the edge."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(axe_script)
        assert page.evaluate(AXE, RULES) == []
    beyond = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond == 0
    assert page.evaluate("() => violations") == []
    assert page.said == []


def test_a_pulse_is_asked_for_answered_on_a_phone_and_the_score_moves(
    broker: str, opened: Opens, northwind: Client, axe_script: str, tmp_path: Path
) -> None:
    lena = opened("lena@agency.example", viewport={"width": 1440, "height": 900})
    lena.goto(f"/accounts/{northwind.external_id}/pulse-request/")
    sound(lena, axe_script)
    lena.get_by_role("button", name="Ask them").click()
    expect(lena.get_by_text("They are asked, each by a mail.")).to_be_visible()
    assert Mail.objects.filter(kind="pulse_request", to="dana@northwind.example").count() == 1

    omar = opened("omar@agency.example", viewport={"width": 1440, "height": 900})
    label = Quarter.containing(timezone.now().date()).label
    account = f"/accounts/{northwind.external_id}/?quarter={label}"
    omar.goto(account)
    before = score(omar)

    dana = opened("dana@northwind.example", viewport=PHONE, has_touch=True)
    dana.goto("/portal/")
    dana.get_by_role("link", name="Say how we work together").click()
    expect(dana.get_by_text("Lena asks for your answers by")).to_be_visible()
    sound(dana, axe_script)
    for attribute in ATTRIBUTES:
        place(dana, attribute, 5)
    expect(dana.locator("#pulse-kept")).to_contain_text("10 of 13 answered")
    expect(dana.locator("#pulse-kept")).to_contain_text("Saved")
    # What one has ticked is there when one comes back.
    dana.reload()
    expect(dana.locator("#pulse_trust_5")).to_be_checked()
    dana.get_by_role("button", name="Send").click()
    expect(dana.get_by_role("alert").get_by_text("Choose how you answer.")).to_be_visible()
    sound(dana, axe_script)
    dana.get_by_text("By name", exact=True).click()
    dana.get_by_role("button", name="Send").click()
    expect(dana.get_by_role("heading", name="Thank you")).to_be_visible()
    sound(dana, axe_script)
    assert Pulse.objects.filter(respondent="dana@northwind.example", trust=5).count() == 1

    process = next(process for process in processes.processes("unused") if process.name == "worker")
    worker = processes.start(process, tmp_path / "log")
    try:
        until = time.monotonic() + 90
        after = before
        while after == before and time.monotonic() < until:
            omar.wait_for_timeout(1000)
            omar.goto(account)
            after = score(omar)
    finally:
        processes.stop([worker])
    assert after > before

    # To Lena, who has not answered, it is still closed.
    lena.goto(account)
    expect(lena.get_by_text("opens once you have sent your pulse")).to_be_visible()
    sound(lena, axe_script)
    lena.get_by_role("link", name="Answer yours").click()
    sound(lena, axe_script)
    place(lena, "trust", 3)
    expect(lena.locator("#pulse-kept")).to_contain_text("1 of 10 answered")
    lena.get_by_text("By name", exact=True).click()
    lena.get_by_role("button", name="Send").click()
    expect(lena.get_by_role("heading", name="What you answered")).to_be_visible()
    lena.goto(account)
    expect(lena.get_by_text("opens once you have sent your pulse")).to_have_count(0)


def test_without_javascript_a_pulse_comes_when_it_is_sent(opened: Opens, northwind: Client) -> None:
    dana = opened("dana@northwind.example", viewport=PHONE, java_script_enabled=False)
    dana.goto("/portal/pulse/")
    place(dana, "approach", 2)
    place(dana, "trust", 4)
    dana.get_by_text("Confidentially", exact=True).click()
    dana.get_by_role("button", name="Send").click()
    expect(dana.get_by_role("heading", name="Thank you")).to_be_visible()
    answer = Pulse.objects.get(respondent="dana@northwind.example", confidential=True)
    assert (answer.approach, answer.trust, answer.commitment) == (2, 4, None)


def test_an_answer_is_taken_back_by_keyboard(opened: Opens, northwind: Client) -> None:
    dana = opened("dana@northwind.example", viewport=PHONE)
    dana.goto("/portal/pulse/")
    dana.locator("#pulse_trust_4").focus()
    dana.keyboard.press("Space")
    expect(dana.locator("#pulse-kept")).to_contain_text("1 of 13 answered")
    dana.locator("#pulse_trust_skip").check(force=True)
    expect(dana.locator("#pulse-kept")).to_contain_text("0 of 13 answered")
    assert PulseSheet.objects.get().trust is None


def test_a_comment_goes_to_the_account_and_its_answer_comes_back(
    opened: Opens, northwind: Client, axe_script: str
) -> None:
    dana = opened("dana@northwind.example", viewport=PHONE)
    dana.goto("/portal/")
    dana.get_by_role("button", name="We agree to this goal").click()
    expect(dana.get_by_text("Thank you: you have agreed to this goal.")).to_be_visible()
    dana.get_by_role("link", name="Write to us").click()
    dana.get_by_label("Your words").fill("Can we bring the launch forward?")
    dana.get_by_role("button", name="Send").click()
    expect(dana.get_by_text("Can we bring the launch forward?")).to_be_visible()
    sound(dana, axe_script)
    lena = opened("lena@agency.example", viewport=PHONE)
    lena.goto(f"/accounts/{northwind.external_id}/")
    expect(lena.get_by_role("heading", name="A comment waits for an answer")).to_be_visible()
    lena.get_by_role("link", name=re.compile("Reply.*Can we bring")).click()
    sound(lena, axe_script)
    lena.get_by_label("Your answer").fill("By two weeks, yes.")
    lena.get_by_role("button", name="Send").click()
    expect(lena.get_by_text("The reply is sent.")).to_be_visible()
    dana.reload()
    expect(dana.get_by_text("By two weeks, yes.")).to_be_visible()
