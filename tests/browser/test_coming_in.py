"""People come in: invited, by a code, with a passkey and with an authenticator; and go out where they were."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client as Browser

from accounts.models import AuditEntry, Mail, Person
from tests import builders

pytestmark = pytest.mark.browser

Opens = Callable[[], Any]


@pytest.fixture
def site(live_site: str, settings: Any) -> str:
    """The site by a name: passkeys are bound to one, and an address of numbers is none."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.SITE_ADDRESS = live_site.replace("127.0.0.1", "localhost")
    return str(settings.SITE_ADDRESS)


@pytest.fixture
def opens(site: str, browser: Any) -> Iterator[Opens]:
    """Gives an empty page with no cookies, as another person's browser."""
    with ExitStack() as leaving:

        def opened() -> Any:
            context = browser.new_context(base_url=site, viewport={"width": 1200, "height": 900}, locale="en-GB")
            leaving.callback(context.close)
            page = context.new_page()
            page.add_init_script(
                "window.violations = [];"
                "document.addEventListener('securitypolicyviolation', (event) => violations.push(event.blockedURI));"
            )
            return page

        yield opened


def sign_in(page: Any, person: Person) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def link() -> str:
    found = re.search(r"\S+/invitation/[\w-]{43}/", Mail.objects.filter(kind="invitation").latest("id").text)
    assert found
    return found[0]


def test_a_colleague_is_invited_comes_in_and_is_let_go(opens: Opens) -> None:
    sign_in(ines := opens(), builders.ines(password=builders.PASSWORD))
    ines.get_by_role("link", name="People").first.click()
    ines.get_by_role("link", name="Invite somebody").click()
    ines.get_by_label("E-mail").fill("kim@agency.example")
    ines.get_by_label("Role").select_option("leadership")
    ines.get_by_role("button", name="Send the invitation").click()
    ines.get_by_text("kim@agency.example is invited.").wait_for()

    kim = opens()
    kim.goto(link())
    kim.get_by_label("Your name").fill("Kim Berg")
    kim.get_by_label("A password").fill(builders.PASSWORD)
    kim.get_by_role("button", name="Come in").click()
    kim.get_by_role("navigation", name="Places").first.wait_for()
    assert kim.get_by_text("Kim Berg").first.is_visible()

    ines.goto("/people/")
    ines.get_by_role("link", name="Kim Berg").click()
    ines.get_by_role("button", name="End their access").click()
    ines.get_by_text("Kim Berg signs in no more.").wait_for()
    kim.goto("/portfolio/")
    assert "/sign-in/" in kim.url


def test_a_contact_is_invited_from_the_account_and_comes_back_by_a_code(opens: Opens) -> None:
    lena = builders.lena(password=builders.PASSWORD)
    northwind = builders.client("Northwind", account_manager=lena)
    builders.dana(northwind)
    page = opens()
    sign_in(page, lena)
    page.get_by_text("My accounts").first.wait_for()
    page.goto("/accounts/northwind/")
    page.get_by_role("link", name="invite : Dana").click()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("Dana is invited, at dana@northwind.example.").wait_for()

    dana = opens()
    dana.goto(link())
    dana.get_by_role("button", name="Come in").click()
    dana.wait_for_url(lambda url: "/invitation/" not in url)
    dana.goto("/you/")
    dana.get_by_role("heading", name="Your account").wait_for()
    assert dana.evaluate("() => violations") == []

    again = opens()
    again.goto("/sign-in/")
    again.get_by_role("link", name="Send me a code by mail").click()
    again.get_by_label("E-mail").fill("dana@northwind.example")
    again.get_by_role("button", name="Send the code").click()
    again.get_by_label("Code").wait_for()
    code = re.search(r"\n\s+(\S+)\n", Mail.objects.filter(kind="sign_in_code").latest("id").text)
    assert code
    again.get_by_label("Code").fill(code[1])
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.wait_for_url(lambda url: "/sign-in/" not in url)
    again.goto("/you/")
    again.get_by_role("button", name="Sign out there").click()
    again.get_by_text("You are signed out there.").wait_for()
    dana.goto("/you/")
    assert "/sign-in/" in dana.url


def came_in_by() -> list[str]:
    return list(AuditEntry.objects.filter(kind=AuditEntry.Kind.SIGNED_IN).latest("id").details["ways"])


def test_a_passkey_is_added_and_signs_in_by_itself(opens: Opens) -> None:
    omar = builders.omar(password=builders.PASSWORD)
    page = opens()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, omar)
    page.get_by_role("link", name="Add a passkey or an authenticator").first.click()
    page.get_by_role("link", name="Add a passkey", exact=True).click()
    page.get_by_label("Name").fill("This laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".codes code").count() == 10
    page.goto("/you/")
    assert page.get_by_text("This laptop").first.is_visible()
    assert page.get_by_text("Your role opens every account").count() == 0

    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("navigation", name="Places").first.wait_for()
    assert page.evaluate("() => violations") == []

    assert came_in_by() == ["webauthn"]

    # After the password it is the second factor.
    page.context.clear_cookies()
    sign_in(page, omar)
    page.get_by_role("heading", name="The second factor").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("navigation", name="Places").first.wait_for()
    assert came_in_by() == ["password", "webauthn"]

    # Somebody guesses until nobody is asked for that password any more: its owner still comes in.
    page.context.clear_cookies()
    for _ in range(5):
        Browser(REMOTE_ADDR="192.0.2.7", SERVER_NAME="localhost").post(
            "/sign-in/", {"login": omar.email, "password": "a guess"}
        )
    sign_in(page, omar)
    page.get_by_text("Too many failed login attempts").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("navigation", name="Places").first.wait_for()
    assert came_in_by() == ["webauthn"]


def test_a_passkey_that_is_not_there_is_said(opens: Opens) -> None:
    page = opens()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
            }
        },
    )
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("alert").filter(has_text="passkey").wait_for()
    assert page.evaluate("() => violations") == []


def test_an_authenticator_is_added_and_asked_for(opens: Opens) -> None:
    omar = builders.omar(password=builders.PASSWORD)
    page = opens()
    sign_in(page, omar)
    page.get_by_role("navigation", name="Places").first.wait_for()
    page.goto("/you/authenticator/")
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("The code it shows").fill(totp(secret))
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    recovery = page.locator(".codes code").first.inner_text()

    again = opens()
    sign_in(again, omar)
    again.get_by_role("heading", name="The second factor").wait_for()
    again.get_by_label("Code").fill("000000")
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.locator(".errorlist").first.wait_for()
    again.get_by_label("Code").fill(recovery)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.get_by_role("navigation", name="Places").first.wait_for()


def totp(secret: str) -> str:
    """What an authenticator shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
