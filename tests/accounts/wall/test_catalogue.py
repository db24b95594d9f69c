"""The wall stands: what the database's catalogue says of its tables, policies, rights, functions and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from accounts.models.identifiers import new_external_id
from tests.accounts.wall.catalogue import OF_NOBODY, RIGHTS, findings, walled_tables

pytestmark = pytest.mark.django_db

Connect = Callable[[str], psycopg.Connection[Any]]


def test_nothing_is_wrong_with_the_wall(superuser_connection: psycopg.Connection[Any]) -> None:
    assert findings(superuser_connection) == []


def test_every_table_of_a_client_is_behind_it(superuser_connection: psycopg.Connection[Any]) -> None:
    walled = walled_tables(superuser_connection)
    assert {"accounts_client", "accounts_kpireading", "accounts_pulse", "metrics_clientquarter"} <= walled
    assert len(walled) >= 24


def test_the_portal_sees_no_row_while_no_client_is_named(connection_as: Connect) -> None:
    portal = connection_as("portal")
    for table, rights in RIGHTS.items():
        if "SELECT" in rights and table not in OF_NOBODY:
            columns = ", ".join(rights["SELECT"].split())
            assert portal.execute(f"SELECT {columns} FROM {table}").fetchall() == []


def test_copy_goes_around_no_wall(connection_as: Connect, superuser_connection: psycopg.Connection[Any]) -> None:
    app = connection_as("app")
    for table in sorted(walled_tables(superuser_connection)):
        # Histories are written by triggers alone: there app may not even add.
        with pytest.raises((psycopg.errors.FeatureNotSupported, psycopg.errors.InsufficientPrivilege)):
            app.execute(f"COPY {table} FROM STDIN")


def test_what_addresses_call_a_record_can_not_be_guessed() -> None:
    named = [model for model in apps.get_app_config("accounts").get_models() if hasattr(model, "external_id")]
    assert len(named) >= 10
    for model in named:
        field = model._meta.get_field("external_id")
        assert isinstance(field, models.Field)
        assert field.default is new_external_id, model
    made = {new_external_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(name) for name in made} == {16}
