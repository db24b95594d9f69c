"""Every address of the site × role × whose it is × method has a decided answer; one that is not listed fails."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import date
from difflib import unified_diff
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Agency, Mail, Person
from agency.embedded import Addresses
from tests import builders
from tests.agency.routes import ADMIN, CONTACT, LEADERSHIP, MANAGER, METHODS, NOBODY, ROLES, ROUTES, Route
from tests.conftest import copied, pointed_to

OWN, FOREIGN, FOREIGN_RECORD, ABSENT_RECORD, ABSENT = "own", "foreign", "foreign record", "absent record", "absent"
DAY = date(2026, 2, 3)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"x-csrftoken": "[^"]*"')
"""What differs from answer to answer, whatever it says; beside it, a page may say the address that was asked for."""


def addresses() -> dict[str, list[URLPattern]]:
    """All addresses by their whole names, those of the admin site apart."""
    found: dict[str, list[URLPattern]] = {}

    def walk(patterns: list[Any], spaces: tuple[str, ...]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            else:
                found.setdefault(":".join((*spaces, pattern.name or str(pattern.pattern))), []).append(pattern)

    walk(get_resolver().url_patterns, ())
    return {name: patterns for name, patterns in found.items() if not name.startswith("admin:")}


def parts(name: str) -> set[str]:
    """The parts of an address that are filled in, of its longest form."""
    *space, last = name.split(":")
    reversing = get_resolver()
    for one in space:
        reversing = reversing.namespace_dict[one][1]
    return {part for possible in reversing.reverse_dict.getlist(last) for _, given in possible[0] for part in given}


def test_every_address_is_listed_and_none_that_is_not_there() -> None:
    assert addresses().keys() == ROUTES.keys()


@pytest.fixture(scope="module")
def made(
    template: str,
    addresses: Addresses,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[dict[str, Any]]:
    """A database with a small agency in it, with its figures: made once, as each test takes back what it did."""
    name = f"{template}_routes_{secrets.token_hex(3)}"
    with copied(template, name, addresses) as database, django_db_blocker.unblock(), pointed_to(database.url, "app"):
        yield build()


@pytest.fixture
def world(made: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """The small agency, for one test to do with as it likes."""
    whole: Any = transaction.atomic()
    whole._from_testcase = True  # as Django's own: an act that wants a transaction to itself may have one within
    with django_db_blocker.unblock(), whole:
        yield made
        transaction.set_rollback(True)


def build() -> dict[str, Any]:
    """Northwind, whose Dana signs in and on whose team Lena is, and Contoso; each with one record of every kind."""
    lena, noor, omar, ines = builders.lena(), builders.noor(), builders.omar(), builders.ines()
    records: dict[str, dict[str, str]] = {}
    people: dict[str, Person | None] = {ADMIN: ines, LEADERSHIP: omar, MANAGER: lena, NOBODY: None}
    for name in ("Northwind", "Contoso"):
        client = builders.client(name, account_manager=lena if name == "Northwind" else noor)
        contact = builders.dana(client)
        person = builders.signs_in(contact)
        if name == "Northwind":
            people[CONTACT] = person
        retainer = builders.retainer_since(client, date(2025, 1, 15))
        change = builders.scope_change(retainer, "expansion", date(2025, 6, 1), 500)
        reading = builders.kpi(client)
        builders.reading(reading, date(2026, 1, 1))
        goal = builders.goal(client, DAY)
        made = {
            "check_in": builders.check_in(client, DAY).external_id,
            "recommendation": builders.recommendation(client, DAY).external_id,
            "goal": goal.external_id,
            "contact": contact.external_id,
            "engagement": retainer.external_id,
            "standing": str(builders.standing(client, DAY).pk),
            "involvement": str(builders.involvement(client, DAY).pk),
            "note": builders.note(client, DAY, lena).external_id,
            "reversal": change.external_id,
            "correction": change.external_id,
        }
        records[client.external_id] = made
    builders.decision(omar, date(2026, 1, 1), external_id="decided")
    mail = Mail.objects.create(key="a", kind="a", to=omar.email, language="en", subject="A", text="A", html="<head>A")
    call_command("recompute", as_of=date(2026, 5, 1), stdout=StringIO())
    return {"people": people, "records": records, "mail": mail.pk, "lena": lena.pk}


def noun(name: str) -> str:
    """Of which kind a record in this address is."""
    last = name.partition(":")[2]
    for ending in ("_new_form", "_new", "_form", "_preview", "_history", "_access", "_access_end", "_invitation"):
        last = last.removesuffix(ending)
    return last


def filled_in(value: object, world: dict[str, Any]) -> object:
    """What stands in the address: as listed, or of a row that the list names."""
    return world[value] if isinstance(value, str) and value in ("mail", "lena") else value


def targets(name: str, world: dict[str, Any], route: Route) -> Iterator[tuple[str, str]]:
    """The addresses to ask for, by whose they are."""
    filled: dict[str, Any] = {key: filled_in(value, world) for key, value in route.values.items()}
    needed = parts(name)
    if "external_id" not in needed:
        yield OWN, reverse(name, kwargs=filled)
        return
    own, foreign = ({"external_id": client, **filled} for client in ("northwind", "contoso"))
    if "record_id" in needed:
        mine, theirs = (world["records"][client].get(noun(name), "none") for client in ("northwind", "contoso"))
        yield OWN, reverse(name, kwargs={**own, "record_id": mine})
        yield FOREIGN, reverse(name, kwargs={**foreign, "record_id": theirs})
        yield FOREIGN_RECORD, reverse(name, kwargs={**own, "record_id": theirs})
        yield ABSENT_RECORD, reverse(name, kwargs={**own, "record_id": "999999999"})
        yield ABSENT, reverse(name, kwargs={**own, "external_id": "nowhere", "record_id": theirs})
    else:
        yield OWN, reverse(name, kwargs=own)
        yield FOREIGN, reverse(name, kwargs=foreign)
        yield ABSENT, reverse(name, kwargs={**own, "external_id": "nowhere"})


def exists(route: Route, role: str, whose: str, reads_all: bool) -> bool:
    """Whether there is such a page for this person."""
    if role not in route.who or whose in (ABSENT, ABSENT_RECORD, FOREIGN_RECORD):
        return False
    return whose == OWN or role != MANAGER or (reads_all and route.reads)


def expected(route: Route, role: str, whose: str, method: str, reads_all: bool) -> tuple[int, ...]:
    """What is decided: one answer; and what is not there may as well say first that it does not do such a thing."""
    if role == NOBODY and NOBODY not in route.who:
        return (302,)  # to the sign-in page, whatever is asked
    if role != NOBODY and route.led_on:
        return (302,)
    if route.loose and exists(route, role, whose, reads_all):
        return tuple(range(200, 500))
    if not exists(route, role, whose, reads_all):
        return (404,) if method in route.methods and not route.loose else (404, 405)
    if method not in route.methods:
        return (405,)
    if method == "OPTIONS":
        return (200,)
    answer = route.post if method == "POST" else route.get
    return (answer if isinstance(answer, int) else answer.get(role, 200),)


def closed(response: Any) -> None:
    """Closes the files that an answer holds, and not the connection as the end of a request would."""
    for close in response._resource_closers:
        close()


def asked(role: str, whose: str, full_size: bool) -> tuple[str, ...]:
    """The methods tried: at the ordinary size, the rarer ones by managers on their own alone."""
    return METHODS if full_size or (role == MANAGER and whose == OWN) else ("GET", "POST")


@pytest.mark.parametrize("name", ROUTES)
def test_an_address_answers_as_it_was_decided(name: str, world: dict[str, Any], request: pytest.FixtureRequest) -> None:
    route, wrong = ROUTES[name], []
    everything = request.config.getoption("--full-size")
    for role, reads in [(MANAGER, "own"), *((role, "all") for role in ROLES)]:
        Agency.objects.update(managers_read=reads)
        Person.objects.update(is_active=True, left_on=None)  # one of the acts lets somebody go
        browser = Browser()
        absent: set[bytes] = set()
        for whose, address in targets(name, world, route):
            for method in asked(role, whose, everything):
                if world["people"][role] and settings.SESSION_COOKIE_NAME not in browser.cookies:
                    browser.force_login(world["people"][role])
                browser.cookies.pop("messages", None)  # what an earlier answer had still to say
                response = browser.generic(method, address)
                closed(response)
                decided = expected(route, role, whose, method, reads == "all")
                if response.status_code not in decided:
                    wrong.append(f"{role} {method} {whose} {address}: {response.status_code}, not {decided}")
                if response.status_code == 404 and method != "HEAD":
                    absent.add(TOKEN.sub(b"", response.content.replace(address.encode(), b"")))
        if len(absent) > 1:
            one, other, *_ = (text.decode() for text in absent)
            lines = [line for line in unified_diff(one.splitlines(), other.splitlines(), n=0) if line[1:2] not in "+-@"]
            wrong.append(f"{role}: another's is not answered with the bytes of what is absent: {lines[:4]}")
    assert wrong == []


def test_the_admin_site_is_the_administrators_alone(world: dict[str, Any]) -> None:
    for role in ROLES:
        browser = Browser()
        if world["people"][role]:
            browser.force_login(world["people"][role])
        status = browser.get("/admin/").status_code
        assert status == (200 if role == ADMIN else 302), role


def test_what_is_public_is_counted() -> None:
    public = [name for name, route in ROUTES.items() if NOBODY in route.who]
    assert len(public) == 14
