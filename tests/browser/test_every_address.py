"""Every address of the site in a browser: nothing on it is refused by the policy that says what pages may load and run.

The pages of tests/browser/pages.py are looked at closely; here it is all that tests/agency/routes.py lists, the admin
site included, each once.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import NoReverseMatch

from tests.agency.routes import ADMIN, CONTACT, MANAGER, NOBODY, ROUTES, Route
from tests.agency.test_routes import OWN, admin_targets, answer, build, of_the_admin_site, signed_in, targets
from tests.browser.recording_site import opening

pytestmark = pytest.mark.browser

FEWEST = 150
"""So many addresses at the least have a page of HTML."""


def address_of(name: str, route: Route, role: str, world: dict[str, Any]) -> str:
    """Where that page is for whoever it is there for; blank where it has none that is read."""
    if "GET" not in route.methods or answer(route.get, role) != 200:
        return ""
    found = admin_targets(name, world) if name.startswith("admin:") else targets(name, world, route, role)
    try:
        return next((address for whose, address in found if whose == OWN), "")
    except NoReverseMatch:
        return ""


def test_no_page_asks_for_what_its_policy_refuses(live_site: str, browser: Any) -> None:
    world = build()
    wrong: list[str] = []
    looked_at = 0

    def note(said: Any) -> None:
        # The browser itself asks for this where an answer names no icon.
        if said.type == "error" and not said.location["url"].endswith("/favicon.ico"):
            wrong.append(said.text)

    with opening(live_site, browser, world["people"][ADMIN]) as opens:
        pages: dict[str, Any] = {}
        for name, route in {**ROUTES, **of_the_admin_site()}.items():
            role = next(role for role in (ADMIN, MANAGER, CONTACT, NOBODY) if role in route.who)
            if not (address := address_of(name, route, role, world)):
                continue
            if role not in pages:
                pages[role] = opens(world["people"][role]) if role != NOBODY else opens()
                pages[role].on("console", note)
            page = pages[role]
            cookie = signed_in(world["people"][role]).cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}])
            if "text/html" not in page.request.get(address).headers["content-type"]:
                continue
            status = page.goto(address).status
            looked_at += 1
            refused = [*page.evaluate("() => violations"), *page.said]
            page.said.clear()
            if refused or status != 200:
                wrong.append(f"{name} {address}: {status} {refused}")
    assert wrong == []
    assert looked_at >= FEWEST
