"""Recording in the browser: each task from the account page to the record, in place and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.test import Client as Signing
from playwright.sync_api import expect

from accounts.models import (
    CheckIn,
    Client,
    Contact,
    Engagement,
    Goal,
    Involvement,
    Note,
    Person,
    Recommendation,
    ScopeChange,
    Standing,
)
from tests import builders
from tests.browser.test_pages import AXE, RULES

pytestmark = pytest.mark.browser

ACCOUNT = "/accounts/northwind/"
Opens = Callable[..., Any]


@pytest.fixture
def cast(live_site: str) -> builders.Cast:
    found = builders.cast()
    builders.retainer_since(found.northwind, date(2025, 1, 5))
    return found


@pytest.fixture
def opens(live_site: str, broker: str, browser: Any, cast: builders.Cast) -> Iterator[Opens]:
    """Gives somebody's empty page, with scripts or without; what the browser refuses is kept."""
    with ExitStack() as leaving:

        def opened(who: Person = cast.lena, **more: Any) -> Any:
            signing = Signing()
            signing.force_login(who)
            context = browser.new_context(
                base_url=live_site, viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="UTC", **more
            )
            leaving.callback(context.close)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": signing.cookies[name].value, "url": live_site}])
            page = context.new_page()
            page.add_init_script(
                "window.violations = [];"
                "document.addEventListener('securitypolicyviolation', (event) =>"
                " violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"
            )
            return page

        yield opened


@dataclass(frozen=True)
class Task:
    """Something one records: where, what is filled in, what is ticked, and the record that comes of it."""

    path: str
    model: type[models.Model]
    filled: dict[str, str]
    ticked: tuple[tuple[str, str], ...] = ()
    becomes: dict[str, object] = field(default_factory=dict)


TASKS = (
    Task(
        "check-ins",
        CheckIn,
        {"Held on": "2026-03-04", "Summary": "They like it"},
        (
            ("Asked for by", "The client"),
            ("There for the client", "Dana"),
            ("Signs of trust", "A new channel was opened to us"),
        ),
        {"held_on": date(2026, 3, 4), "initiated_by": "client", "signs": ["new_channel"], "summary": "They like it"},
    ),
    Task(
        "advice",
        Recommendation,
        {"Subject": "Fewer pages", "What should follow from it": "Twice the leads", "Expected by": "2026-12-01"},
        (("How the client took it", "Debated"), ("What we then did", "Defended")),
        {"subject": "Fewer pages", "reception": "debated", "stance": "defended", "decision": "pending"},
    ),
    Task("goals", Goal, {"Title": "Open the Nordic market"}, (), {"title": "Open the Nordic market", "status": "open"}),
    Task(
        "contacts",
        Contact,
        {"Name": "Petra", "E-mail": "Petra@Northwind.example", "Role": "Finance"},
        (("Makes decisions", "Yes"),),
        {"name": "Petra", "email": "petra@northwind.example", "decision_maker": True},
    ),
    Task(
        "engagements",
        Engagement,
        {"Name": "Search", "Amount in USD": "4000", "Starts on": "2026-02-01"},
        (("Who started it", "The client"),),
        {"name": "Search", "billing": "retainer"},
    ),
    Task(
        "standings",
        Standing,
        {"From": "2026-02-01"},
        (("Our place with the client", "Sole agency"),),
        {"standing": "sole", "effective_on": date(2026, 2, 1)},
    ),
    Task(
        "involvements",
        Involvement,
        {"Since": "2026-02-01"},
        (("The client lets us into its", "Planning"),),
        {"kind": "planning", "started_on": date(2026, 2, 1), "ended_on": None},
    ),
    Task("notes", Note, {"Note": "They are hiring"}, (), {"text": "They are hiring"}),
)
EACH = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.path)


def fill(form: Any, task: Task) -> None:
    for label, value in task.filled.items():
        form.get_by_label(label, exact=True).fill(value)
    for group, choice in task.ticked:
        form.get_by_role("group", name=group).get_by_label(choice, exact=True).check()


def recorded(task: Task) -> dict[str, object]:
    newest = task.model._default_manager.order_by("-pk").values(*task.becomes)[0]
    return dict(newest)


def ask_for(page: Any, fragment: str) -> Any:
    """Presses, by key, the link that opens this form in place, in its menu if it is in one."""
    link = page.locator(f"main a[hx-get='{fragment}']").first
    if not link.is_visible():
        link.locator("xpath=ancestor::details[1]/summary").press("Enter")
    link.press("Enter")
    form = page.locator("#recording form")
    form.wait_for()
    return form


@EACH
def test_it_is_recorded_in_place_by_keys_alone(task: Task, opens: Opens, axe_script: str) -> None:
    before = task.model._default_manager.count()
    page = opens()
    page.goto(ACCOUNT)
    form = ask_for(page, f"{ACCOUNT}{task.path}/new/form/")
    # One writes at once: the first field has the focus.
    assert page.evaluate("() => document.activeElement.closest('#recording') !== null")
    first = form.locator("input:not([type=hidden]), textarea").first
    if first.get_attribute("type") != "radio":
        expect(first).to_be_focused()
    fill(form, task)
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []
    with page.expect_response(lambda response: f"{ACCOUNT}content/" in response.url):
        page.keyboard.press("Control+Enter")
    saved = page.locator("#recording-saved")
    expect(saved).to_be_focused()
    expect(page.locator("#live")).to_have_text("Saved")
    assert task.model._default_manager.count() == before + 1
    assert recorded(task) == task.becomes
    assert page.url.endswith(ACCOUNT)
    page.keyboard.press("Escape")
    expect(page.locator("#recording")).to_be_empty()
    assert page.evaluate("() => violations") == []


@EACH
def test_it_is_recorded_without_scripts(task: Task, opens: Opens) -> None:
    before = task.model._default_manager.count()
    page = opens(java_script_enabled=False)
    page.goto(f"{ACCOUNT}{task.path}/new/")
    form = page.locator("#recording-form form")
    fill(form, task)
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.success")).to_have_text(re.compile(r"saved\.$"))
    assert page.url.endswith(ACCOUNT)
    assert task.model._default_manager.count() == before + 1
    assert recorded(task) == task.becomes


def test_a_form_that_comes_in_is_at_work_in_the_same_moment(opens: Opens) -> None:
    """Whoever types at once finds the focus where it stays, and what is pressed at once answers in place."""
    page = opens()
    page.goto(ACCOUNT)
    page.evaluate(
        """() => new MutationObserver((_changes, observer) => {
            observer.disconnect();
            const form = document.querySelector('#recording form');
            window.focused = form.contains(document.activeElement);
            form.querySelector('textarea').value = 'At once';
            form.requestSubmit();
        }).observe(document.querySelector('#recording'), {childList: true})"""
    )
    ask = page.locator(f"main a[hx-get='{ACCOUNT}notes/new/form/']").first
    ask.evaluate("(link) => link.click()")
    expect(page.locator("#recording-saved")).to_be_focused()
    assert page.evaluate("() => window.focused")
    assert Note.objects.get().text == "At once"


def test_the_account_page_leads_to_every_form(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    for task in TASKS:
        link = page.locator(f"main a[hx-get='{ACCOUNT}{task.path}/new/form/']").first
        assert link.get_attribute("href") == f"{ACCOUNT}{task.path}/new/"
    assert page.locator(f"main a[href='{ACCOUNT}facts/']").count() >= 1


def test_an_engagement_comes_with_its_start(opens: Opens, axe_script: str) -> None:
    page = opens()
    page.goto(f"{ACCOUNT}engagements/new/")
    form = page.locator("#recording-form form")
    fill(form, next(task for task in TASKS if task.model is Engagement))
    form.get_by_label("Name", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(f"{ACCOUNT}$"))
    expect(page.locator(".notice.success")).to_have_text("The engagement is saved.")
    page.evaluate(axe_script)
    assert page.evaluate(AXE, RULES) == []
    start = ScopeChange.objects.get(engagement__name="Search")
    assert (start.kind, start.effective_on, start.origin) == ("start", date(2026, 2, 1), "client")
    assert start.value_delta == 4000


def test_escape_and_cancel_close_a_form_and_the_focus_is_where_it_was(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    address = f"{ACCOUNT}check-ins/new/form/"
    for close in ("Escape", "Cancel"):
        form = ask_for(page, address)
        form.get_by_label("Summary").fill("Not yet")
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            form.get_by_role("link", name="Cancel").press("Enter")
        expect(page.locator("#recording")).to_be_empty()
        expect(page.locator(f"a[hx-get='{address}']").first).to_be_focused()
    assert page.url.endswith(ACCOUNT)
    assert not CheckIn.objects.exists()


def test_what_is_wrong_is_said_beside_the_field_which_has_the_focus(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    form = ask_for(page, f"{ACCOUNT}check-ins/new/form/")
    form.get_by_label("Summary").fill("Kept")
    form.get_by_label("Held on").fill("1066-10-14")
    form.get_by_label("Held on").press("Enter")
    held_on = page.locator("#recording").get_by_label("Held on")
    expect(held_on).to_have_attribute("aria-invalid", "true")
    expect(held_on).to_be_focused()
    assert "Expected a day from 1900 to 2100." in page.locator("#recording_held_on_error").inner_text()
    expect(page.locator("#live")).to_have_text(re.compile("^Not saved"))
    expect(page.locator("#recording").get_by_label("Summary")).to_have_value("Kept")
    assert not page.locator("#failed").is_visible()
    assert not CheckIn.objects.exists()


def test_two_presses_record_once(opens: Opens) -> None:
    page = opens()
    page.goto(ACCOUNT)
    form = ask_for(page, f"{ACCOUNT}notes/new/form/")
    form.get_by_label("Note").fill("Once")
    page.evaluate("() => { for (let i = 0; i < 3; i++) document.querySelector('#recording form').requestSubmit(); }")
    expect(page.locator("#recording-saved")).to_be_focused()
    assert Note.objects.count() == 1


# Two at once


@pytest.mark.parametrize("scripts", [True, False], ids=["in place", "without scripts"])
@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_whoever_comes_second_sees_both_and_keeps_one(
    scripts: bool, kept: str, opens: Opens, cast: builders.Cast, axe_script: str
) -> None:
    lena = opens(cast.lena, java_script_enabled=scripts)
    sam = opens(cast.sam)
    address = f"{ACCOUNT}facts/"
    if scripts:
        lena.goto(ACCOUNT)
        ask_for(lena, f"{address}form/")
    else:
        lena.goto(address)
    sam.goto(address)
    sam.get_by_label("Industry").fill("Retail")
    sam.get_by_label("Industry").press("Enter")
    sam.wait_for_url(f"**{ACCOUNT}")

    lena.get_by_label("Industry").fill("Wholesale")
    lena.get_by_label("Industry").press("Enter")
    heading = lena.get_by_role("heading", name="Sam has changed this in the meantime")
    heading.wait_for()
    cells = lena.locator(".differences tbody tr").first.locator("th, td").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Industry", "Wholesale", "Retail"]
    assert lena.locator(".differences tbody tr").count() == 1
    assert Client.objects.get().industry == "Retail"
    if scripts:
        expect(heading).to_be_focused()
        assert not lena.locator("#failed").is_visible()
        lena.evaluate(axe_script)
        assert lena.evaluate(AXE, RULES) == []

    if kept == "mine":
        lena.get_by_role("button", name="Keep mine").click()
        if scripts:
            expect(lena.locator("#recording-saved")).to_be_focused()
        else:
            lena.wait_for_url(f"**{ACCOUNT}")
    else:
        lena.get_by_role("link", name="Keep theirs").click()
        if scripts:
            expect(lena.locator("#recording")).to_be_empty()
        else:
            lena.wait_for_url(f"**{ACCOUNT}")
    assert Client.objects.get().industry == {"mine": "Wholesale", "theirs": "Retail"}[kept]


def test_who_keeps_theirs_can_be_overtaken_once_more(opens: Opens, cast: builders.Cast) -> None:
    lena = opens(cast.lena)
    lena.goto(f"{ACCOUNT}facts/")
    Client.objects.update(industry="Retail")
    lena.get_by_label("Industry").fill("Wholesale")
    lena.get_by_label("Industry").press("Enter")
    # On a page of its own, too, one is where it says what happened.
    expect(lena.get_by_role("heading", name="This was changed in the meantime")).to_be_focused()
    Client.objects.update(industry="Fishing")
    lena.get_by_role("button", name="Keep mine").click()
    expect(lena.locator(".differences td").nth(1)).to_have_text("Fishing")
    lena.get_by_role("button", name="Keep mine").click()
    lena.wait_for_url(f"**{ACCOUNT}")
    assert Client.objects.get().industry == "Wholesale"
