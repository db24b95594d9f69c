"""The wall stands: what the database's catalogue says of its tables, policies, rights, functions and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

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
