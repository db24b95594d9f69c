"""Requests that nobody means well with: NUL bytes, numbers past any column, other sites to go on to, and guesses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client as Browser
from django.urls import reverse

from tests import builders
from tests.agency.routes import ADMIN, CONTACT, CONTACTS, MANAGER, ROUTES
from tests.agency.test_routes import closed, filled_in, made, noun, parts, record_part, signed_in, undone, world  # noqa: F401  fixtures
from tests.conftest import Database

HOSTILE = (
    "\0",
    "a\0b",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 400,
    "1e999",
    "NaN",
    "٣",
    "\ud7ff",
    "'\"<",
)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the parameters that pages and forms have asked for, as they do."""
    asked: set[str] = set()
    for method in ("get", "getlist", "__getitem__", "__contains__"):
        original = getattr(QueryDict, method)

        def noting(self: QueryDict, key: Any, *given: Any, _original: Any = original, **named: Any) -> Any:
            if isinstance(key, str):
                asked.add(key)
            return _original(self, key, *given, **named)

        monkeypatch.setattr(QueryDict, method, noting)
    return asked


def role_for(name: str) -> str:
    """Who sees most of it."""
    return CONTACT if ROUTES[name].who == CONTACTS else MANAGER if ROUTES[name].who == {MANAGER} else ADMIN


def own(name: str, world: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """What the parts of an address are filled with, for it to be there."""
    given = filled_in(ROUTES[name], world, role_for(name))
    if "external_id" in parts(name) - given.keys():
        given["external_id"] = "northwind"
        if part := record_part(name):
            given[part] = world["records"]["northwind"][noun(name)]
    return given


@pytest.mark.parametrize("name", ROUTES)
def test_no_parameter_brings_a_page_down(
    name: str,
    world: dict[str, Any],  # noqa: F811
    names: set[str],
    request: pytest.FixtureRequest,
) -> None:
    route, person, wrong, count = ROUTES[name], world["people"][role_for(name)], [], 0
    address = reverse(name, kwargs=own(name, world))
    browser = signed_in(None if route.led_on else person)
    browser.raise_request_exception = False
    cookies = dict(browser.cookies)

    def ask(method: str, given: dict[str, str]) -> None:
        nonlocal count
        browser.cookies.clear()
        browser.cookies.update(cookies)
        with undone():
            response = browser.get(address, given) if method == "GET" else browser.post(address, given)
            closed(response)
        count += 1
        if response.status_code >= 500:
            wrong.append(f"{method} {address} {given!r}: {response.status_code}")

    for method in ("GET", "POST"):
        if method in route.methods:
            names.clear()
            ask(method, {})
            asked = sorted(names - {"csrfmiddlewaretoken"})
            for value in HOSTILE:
                ask(method, dict.fromkeys(asked, value))
            for one in asked[:12]:
                ask(method, {one: "\0"})
    assert wrong == []
    request.node.user_properties.append(
        ("counted", ("requests with hostile parameters, 0 of them answered 5xx", count))
    )


def hostile_addresses(world: dict[str, Any]) -> Iterator[tuple[str, str]]:  # noqa: F811
    """Each address with each of its parts made hostile."""
    for name in ROUTES:
        given = own(name, world)
        whole = reverse(name, kwargs=given)
        for value in given.values():
            for text in ("%00", "a%00b", "9223372036854775808", "9" * 400, "-1", "%FF", "..%2F..", "%0d%0aX:1"):
                yield name, whole.replace(f"/{value}", f"/{text}", 1)


def test_no_address_brings_the_site_down(
    world: dict[str, Any],  # noqa: F811
    request: pytest.FixtureRequest,
) -> None:
    browsers = {}
    for role in (ADMIN, MANAGER, CONTACT):
        browsers[role] = signed_in(world["people"][role])
        browsers[role].raise_request_exception = False
    wrong, asked = [], 0
    for name, address in hostile_addresses(world):
        browser = browsers[role_for(name)]
        status = browser.generic("GET" if "GET" in ROUTES[name].methods else "POST", address).status_code
        asked += 1
        if status >= 500:
            wrong.append(f"{address}: {status}")
    assert wrong == []
    assert asked > 300
    request.node.user_properties.append(("told", f"{asked:,} hostile addresses, 0 of them answered 5xx"))


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:///evil.example",
    "javascript:x",
    "\0",
)


@pytest.mark.django_db
@pytest.mark.parametrize("to", ELSEWHERE)
def test_nobody_is_led_to_another_site(to: str) -> None:
    builders.omar(password="harbour-and-pine")
    browser = Browser(raise_request_exception=False)
    answers = [
        browser.post("/language/", {"language": "fr", "next": to}),
        browser.post(
            "/sign-in/", {"login": "omar@agency.example", "password": "harbour-and-pine", "next": to}, follow=False
        ),
        browser.get("/sign-in/", {"next": to}),
        browser.post("/sign-in/out/", {"next": to}),
    ]
    for response in answers:
        assert response.status_code == 302
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith(("//", "/\\"))
        assert "evil" not in response["Location"]


def test_of_forty_guesses_at_once_five_are_looked_at(fresh_database: Database) -> None:
    builders.omar(password="harbour-and-pine")

    def guess(number: int) -> int:
        try:
            given = {"login": "omar@agency.example", "password": f"guess-{number}"}
            response = Browser().post("/sign-in/", given, headers={"accept-language": "en"})
            return 0 if b"Too many failed" in response.content or response.status_code == 429 else 1
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        looked_at = sum(threads.map(guess, range(40)))
    assert looked_at == 5
    response = Browser().post("/sign-in/", {"login": "omar@agency.example", "password": "harbour-and-pine"})
    assert response.status_code != 302, "who guesses on does not come in by the right one either"
