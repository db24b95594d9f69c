"""A small agency for the tests of the night, and ways to look at its figures and to get in their way."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import psycopg
from django.db import connection, connections

from accounts.models import Client, Engagement
from agency.environment import ROOT
from metrics.models import ChangedClient, ClientQuarter
from tests import builders

T = TypeVar("T")

AS_OF = date(2026, 5, 15)
"""A day in the second quarter of 2026; clients start in the first of 2025."""
NAMES = ("Northwind", "Contoso", "Fabrikam", "Tailspin", "Adventure Works", "Litware")


def found(count: int = len(NAMES)) -> list[Client]:
    """Clients with a retainer since January 2025, led by Lena, with leads that met their target or did not."""
    lena = builders.lena()
    clients = []
    for number in range(count):
        name = NAMES[number] if number < len(NAMES) else f"Client {number}"
        client = builders.client(name, account_manager=lena, industry="Retail" if number % 2 else "Travel")
        builders.retainer_since(client, date(2025, 1, 1), 1000 + number, service_line="Search")
        leads = builders.kpi(client)
        for month in (1, 4, 7, 10):
            builders.reading(leads, date(2025, month, 1), 90 + 10 * (number % 2))
        builders.check_in(client, date(2025, 11, 3))
        clients.append(client)
    return clients


def expand(client: Client, effective_on: date = date(2026, 2, 1), monthly: int = 500) -> None:
    """More scope for the client, from that day on."""
    builders.scope_change(Engagement.objects.get(client=client), "expansion", effective_on, monthly)


def scope_of(client: Client, starts_on: date = date(2026, 1, 1)) -> Decimal | None:
    """The stored scope at the end of that quarter; None where there is no such row."""
    return ClientQuarter.objects.filter(client=client, starts_on=starts_on).values_list("scope_end", flat=True).first()


def marks_of(client: Client) -> int:
    """How many marks the client has."""
    return ChangedClient.objects.filter(client_id=client.id).count()


FIGURES = (
    "metrics_clientquarter",
    "metrics_linequarter",
    "metrics_clientcandour",
    "metrics_expansionrate",
    "metrics_signal",
)


def stored(*, versions: bool = False) -> dict[str, list[Any]]:
    """All stored figures; with the transaction that wrote each row when asked for."""
    tables = {}
    with connection.cursor() as cursor:
        for table in FIGURES:
            cursor.execute(f"SELECT {'f.xmin::text,' if versions else ''} to_jsonb(f) - 'id' FROM {table} AS f")
            tables[table] = sorted(map(repr, cursor.fetchall()))
    return tables


# Getting in the way, with what Postgres has for it


def make_pausable(superuser: psycopg.Connection[Any]) -> None:
    """Lets a session that says `test.pause` wait before it writes client figures, while somebody holds lock 1."""
    superuser.execute(
        """
        CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('test.pause', true) = 'on' THEN
                PERFORM pg_advisory_xact_lock(1);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER pause BEFORE INSERT ON metrics_clientquarter FOR EACH STATEMENT EXECUTE FUNCTION pause();
        """
    )


@contextlib.contextmanager
def paused(superuser: psycopg.Connection[Any], act: Callable[[], T]) -> Iterator[Future[T]]:
    """Has another session do something until it is about to write client figures, and no further in the block."""
    superuser.execute("SELECT pg_advisory_lock(1)")
    with ThreadPoolExecutor(1) as pool:
        try:
            future = pool.submit(_in_a_session_that_pauses, act)
            wait_until(lambda: future.done() or _somebody_waits(superuser))
            assert not future.done(), future.result()
            yield future
        finally:
            superuser.execute("SELECT pg_advisory_unlock_all()")


def _in_a_session_that_pauses(act: Callable[[], T]) -> T:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET test.pause = 'on'")
        return act()
    finally:
        connections.close_all()


def _somebody_waits(superuser: psycopg.Connection[Any]) -> bool:
    row = superuser.execute(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()
    return row is not None


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Returns as soon as the condition holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(0.02)


def in_a_thread(act: Callable[[], T]) -> T:
    """Does something in a session of its own, and returns what it returns."""

    def with_its_own() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(with_its_own).result()


def manage(*arguments: str) -> subprocess.Popen[str]:
    """Starts a command of the product in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def overburden(client: Client) -> None:
    """Gives the client more scope than a figure can hold, in a thousand expansions each within bounds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_scopechange"
            " (external_id, client_id, engagement_id, kind, effective_on, value_delta, origin, involved_from, note)"
            " SELECT 'huge-' || n, client_id, id, 'expansion', '2026-01-15', 9999999999999999, '', '', ''"
            " FROM accounts_engagement, generate_series(1, 1000) AS n WHERE client_id = %s",
            [client.id],
        )


def unburden(client: Client) -> None:
    """Reverses what overburdened it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_scopechange (external_id, client_id, engagement_id, kind, effective_on, value_delta,"
            " origin, involved_from, note, reverses_id)"
            " SELECT 'undo-' || id, client_id, engagement_id, kind, effective_on, -value_delta, '', '', '', id"
            " FROM accounts_scopechange WHERE client_id = %s AND external_id LIKE 'huge-%%'",
            [client.id],
        )
