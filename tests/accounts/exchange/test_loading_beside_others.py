"""Loads beside edits and beside one another: nothing is lost, doubled or held up."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.exchange.loading import load
from accounts.exchange.report import Report
from accounts.models import AuditEntry, Client, Contact, Kpi, KpiReading
from tests import builders
from tests.accounts.exchange.folders import CLIENTS, counts, folder, loaded, sentences
from tests.oracle import agencies

pytestmark = pytest.mark.usefixtures("fresh_database")

CONTACTS = "external_id,client,name\ndana,northwind,Dana\n"


def contents() -> dict[str, int]:
    """How many rows each table of records has. Each load is noted, also one that finds nothing to do."""
    records = [model for model in apps.get_app_config("accounts").get_models() if model is not AuditEntry]
    return {model.__name__: model._default_manager.count() for model in records}


def load_apart(place: Path) -> Report:
    """Load on a connection of its own."""
    try:
        return load(place)
    finally:
        connection.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(11, 111 if metafunc.config.getoption("--full-size") else 13))


def test_four_loads_at_once_three_times_over_are_one_load(seed: int, tmp_path: Path) -> None:
    records, once, often = tmp_path / "records", tmp_path / "once", tmp_path / "often"
    for made in (records, once, often):
        made.mkdir()
    agencies.generate(seed, records)
    with transaction.atomic():
        alone = load(records)
        after_one = contents()
        assert not alone.is_refused, sentences(alone)
        transaction.set_rollback(True)
    reports: list[Report] = []
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            reports += threads.map(load_apart, [records] * 4)
    assert [sentences(report) for report in reports] == [[]] * 12
    assert contents() == after_one
    for kind in ("created", "updated"):
        assert sum(getattr(count, kind) for report in reports for count in report.files) == sum(
            getattr(count, kind) for count in alone.files
        )
    assert sum(report.people for report in reports) == alone.people
    assert sum(report.contacts for report in reports) == alone.contacts


def test_what_counts_as_empty_to_the_planner_is_still_gone_through_set_against_set(
    tmp_path: Path, connection_as: Callable[[str], psycopg.Connection[Any]]
) -> None:
    """As autovacuum does it: it finds rows of an open transaction, and notes that the table has none."""
    pulses = "external_id,client,side,respondent,answered_on\n" + "".join(
        f"p{number},northwind,client,p{number}@northwind.example,2026-01-01\n" for number in range(2_000)
    )
    plans: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("UPDATE accounts_pulse"):
            execute(f"EXPLAIN {sql}", params, many, context)
            plans.append("\n".join(line for (line,) in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    given = folder(tmp_path, {"clients": CLIENTS, "pulses": pulses})
    with transaction.atomic():
        assert not load(given).is_refused
        connection_as("owner").execute("VACUUM accounts_pulse, accounts_contact")
        with connection.execute_wrapper(explained):
            report = load(given)
    assert counts(report)["pulses"] == (0, 0, 2_000, 0)
    assert plans
    assert not [plan for plan in plans if "Nested Loop" in plan]


def test_a_load_held_open_blocks_no_edit_of_what_it_leaves_as_it_is(tmp_path: Path) -> None:
    loaded(tmp_path, clients=CLIENTS, contacts=CONTACTS)
    edited = threading.Event()

    def edit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        Client.objects.filter(external_id="northwind").update(name="Northwind Ltd.")
        Contact.objects.filter(external_id="dana").update(role="Head")
        connection.close()
        edited.set()

    with transaction.atomic():
        report = loaded(tmp_path, clients=CLIENTS + "fabrikam,Fabrikam,USD\n", contacts=CONTACTS)
        thread = threading.Thread(target=edit)
        thread.start()
        thread.join(10)
        assert edited.is_set()
    assert counts(report) == {"clients": (1, 0, 2, 0), "contacts": (0, 0, 1, 0)}
    assert Client.objects.get(external_id="northwind").name == "Northwind Ltd."


def test_a_row_that_came_through_the_site_meanwhile_is_met_by_beginning_again(tmp_path: Path) -> None:
    """The load has seen that the reading is not stored; before it writes, someone else stores it."""
    kpis = "external_id,client,name,direction\nk1,northwind,Leads,higher\n"
    loaded(tmp_path, clients=CLIENTS, kpis=kpis)
    raced: list[str] = []

    def race() -> None:
        builders.reading(Kpi.objects.get(), date(2024, 1, 1), 7, None)
        connection.close()

    def progress(doing: str, done: int, total: int) -> None:
        if doing == "writing people" and not raced:
            raced.append(doing)
            thread = threading.Thread(target=race)
            thread.start()
            thread.join(10)

    report = load(folder(tmp_path, {"kpi_readings": "kpi,month,value\nk1,2024-01-01,8\n"}), progress=progress)
    assert raced
    assert counts(report) == {"kpi_readings": (0, 1, 0, 0)}
    assert KpiReading.objects.get().value == 8
