"""With every rule of access in the application taken away, a client's person still meets nothing of another client.

Whose person it is stays: who is signed in, and for whom, is what the wall is told.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client as Browser
from django.urls import reverse

from accounts import access
from accounts.models import Client, Person
from accounts.portal_wall import as_portal
from tests import builders
from tests.accounts.wall.catalogue import RIGHTS
from tests.accounts.wall.tenants import Tenant, tenant
from tests.agency.routes import ROUTES
from tests.agency.test_routes import closed, parts, undone

pytestmark = pytest.mark.django_db

TRUSTED = {"own_contact", "is_contact"}
"""What tells the wall whose person it is."""


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> int:
    """Every rule says yes, and every choice of clients is all of them. How many rules were taken away."""
    taken = 0
    for name, rule in inspect.getmembers(access, inspect.isfunction):
        if name.startswith("_") or name in TRUSTED or rule.__module__ != access.__name__:
            continue
        answers = str(inspect.signature(rule).return_annotation)
        if "Client" in answers and "QuerySet" in answers:
            monkeypatch.setattr(access, name, lambda *given, **named: Client.objects.all())
        elif "Person" in answers and "QuerySet" in answers:
            monkeypatch.setattr(access, name, lambda *given, **named: Person.objects.all())
        elif "bool" in answers or "TypeGuard" in answers:
            monkeypatch.setattr(access, name, lambda *given, **named: True)
        else:
            continue
        taken += 1
    return taken


def test_no_row_of_another_is_found_by_any_id(request: pytest.FixtureRequest) -> None:
    tenants = [tenant(f"Client{number}") for number in range(4)]
    ids: dict[str, list[tuple[int, int]]] = {}
    for table, rights in RIGHTS.items():
        if {"id", "client_id"} <= set(rights.get("SELECT", "").split()):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, client_id FROM {table}")
                ids[table] = cursor.fetchall()
    asked, own, chance = 0, 0, random.Random(7)
    wanted = 10_000 if request.config.getoption("--full-size") else 600
    while asked < wanted:
        one = chance.choice(tenants)
        with as_portal(one.client.pk, one.person.pk), connection.cursor() as cursor:
            for table, rows in ids.items():
                row_id, whose = chance.choice(rows)
                cursor.execute(f"SELECT client_id FROM {table} WHERE id = %s", [row_id])
                found = cursor.fetchall()
                assert found in ([], [(one.client.pk,)]), f"{table} {row_id} of {whose}"
                own += len(found)
                asked += 1
    assert own > asked / 20, "one's own are found"
    told = f"{asked:,} ids in {len(ids)} tables: 0 foreign rows, {own:,} of one's own"
    request.node.user_properties.append(("told", told))


def pages(of: Tenant) -> Iterator[tuple[str, str]]:
    """Every address of the site with a client's ids in it, whatever it is for, and how it is asked for."""
    names: set[str] = set()
    numbers: set[int] = set()
    for model in apps.get_app_config("accounts").get_models():
        if any(field.name == "client" for field in model._meta.fields):
            for row in _of(model._default_manager.all(), of.client):
                numbers.add(row.pk)
                names.add(str(getattr(row, "external_id", row.pk)))
    for name, route in ROUTES.items():
        needed = parts(name)
        given = {key: value for key, value in route.values.items() if key not in ("pk", "mail_id", "external_id")}
        records: list[dict[str, Any]] = [{}]
        for part, values in (("record_id", sorted(names)), ("pk", sorted(numbers)), ("mail_id", sorted(numbers))):
            if part in needed - given.keys():
                records = [{part: value} for value in values]
        if "external_id" in route.values:
            records = [{"external_id": value} for value in sorted(names)]
        elif "external_id" in needed:
            given["external_id"] = of.client.external_id
        for record in records:
            yield "GET" if "GET" in route.methods else "POST", reverse(name, kwargs={**given, **record})


def _of(rows: QuerySet[Any], client: Client) -> QuerySet[Any]:
    return rows.filter(client=client)


def test_no_page_shows_anything_of_another_with_every_rule_taken_away(
    no_rules: int, request: pytest.FixtureRequest
) -> None:
    assert no_rules >= 15
    northwind, contoso = tenant("Northwind"), tenant("Contoso")
    builders.omar()
    browser = Browser(raise_request_exception=False)
    browser.force_login(northwind.person)
    addresses = list(pages(contoso))
    if not request.config.getoption("--full-size"):
        addresses = random.Random(11).sample(addresses, min(len(addresses), 250))
    wrong, refused = [], 0
    for method, address in addresses:
        with undone():
            response = browser.generic(method, address)
        refused += response.status_code == 404
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        closed(response)
        if b"contoso" in body.lower():
            wrong.append(f"{address} shows Contoso: {response.status_code}")
        if response.status_code >= 500 and response.status_code != 503:
            wrong.append(f"{address} fails: {response.status_code}")
    assert wrong == []
    told = f"{len(addresses):,} addresses with another's ids, {no_rules} rules taken away: 0 foreign rows"
    request.node.user_properties.append(("told", f"{told}, {refused:,} not found"))
