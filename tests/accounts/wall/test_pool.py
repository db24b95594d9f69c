"""Clients' people and the staff at once, on few connections that they hand to each other: nobody meets another's."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, connections
from django.test import Client as Browser

from accounts.models import Person, PortalVisit
from agency.settings import database_settings
from tests import builders
from tests.accounts.wall.addresses import READ
from tests.accounts.wall.tenants import Tenant, tenant
from tests.conftest import Database

THREADS, CONNECTIONS = 8, 4
KINDS = ("everything", "everything", "streams", "fails", "staff")


@pytest.fixture
def pool(fresh_database: Database) -> Iterator[None]:
    """Few connections for many threads."""
    described = connections.settings["default"]
    described.update(database_settings(fresh_database.url, "app", pool=CONNECTIONS))
    connection.close()
    del connections["default"]
    yield
    pooled: Any = connections["default"]
    pooled.close()
    pooled.close_pool()
    del connections["default"]
    described.update(database_settings(fresh_database.url, "app"))


def session_of(person: Person) -> str:
    """The cookie of somebody who is signed in."""
    browser = Browser()
    browser.force_login(person)
    return browser.cookies[site.SESSION_COOKIE_NAME].value


def test_mixed_tenants_on_a_pool(pool: None, settings: Any, request: pytest.FixtureRequest) -> None:
    settings.ROOT_URLCONF = "tests.accounts.wall.addresses"
    requests = 5000 if request.config.getoption("--full-size") else 200
    tenants = [tenant(f"Client{number}") for number in range(6)]
    everyone = sorted(one.client.pk for one in tenants)
    sessions = {one.client.pk: session_of(one.person) for one in tenants}
    of_staff = session_of(builders.omar())
    visits = PortalVisit.objects.count()
    chance = random.Random(20260203)
    work = [(chance.choice(KINDS), chance.choice(tenants)) for _ in range(requests)]

    def ask(item: tuple[str, Tenant]) -> str:
        kind, one = item
        browser = Browser(raise_request_exception=False)
        browser.cookies[site.SESSION_COOKIE_NAME] = of_staff if kind == "staff" else sessions[one.client.pk]
        try:
            response = browser.get("/staff/everything/" if kind == "staff" else f"/portal/{kind}/")
            if kind == "fails":
                return "" if response.status_code == 500 else f"{kind}: {response.status_code}"
            found = response.json() if kind != "streams" else _parsed(response)
        finally:
            connection.close()
        role, allowed = ("soundings_app", everyone) if kind == "staff" else ("soundings_portal", [one.client.pk])
        if found["role"] != role:
            return f"{kind}: was served as {found['role']}"
        strange = {table: ids for table, ids in found["seen"].items() if ids != allowed}
        return f"{kind} of {allowed}: {strange}" if strange else ""

    with ThreadPoolExecutor(THREADS) as threads:
        wrong = [said for said in threads.map(ask, work) if said]
    assert wrong == []
    assert len(READ) > 15
    assert PortalVisit.objects.count() == visits, "what a failing page had written is gone"
    told = f"{requests:,} mixed requests, {THREADS} threads, {CONNECTIONS} connections: 0 foreign rows"
    request.node.user_properties.append(("told", told))


def _parsed(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(response.streaming_content))
    return found
