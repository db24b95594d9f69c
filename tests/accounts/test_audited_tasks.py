"""What a worker changes is known by its task and by who asked for it; and what it locks and sees is not disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pghistory
import pytest
from celery import Task
from celery.contrib.testing.worker import start_worker
from django.apps import apps
from django.db import DataError, connection, transaction
from django.test import Client as Browser

from accounts import audit, publishing
from accounts.models import AuditEntry, Goal
from agency.celery import app
from tests import builders
from tests.conftest import Database

NAME = "tests.write_upwards"


@pytest.fixture
def task() -> Iterator[Task[..., Any]]:
    """A task that changes a goal and notes that something happened."""

    def write_upwards(pk: int) -> None:
        Goal.objects.filter(pk=pk).update(title="UPWARDS")
        audit.note(AuditEntry.Kind.SAMPLE)

    yield app.task(name=NAME)(write_upwards)
    app.tasks.pop(NAME)


def last_change() -> Any:
    return apps.get_model("accounts", "GoalHistory")._default_manager.latest("pgh_id")


def test_a_task_is_named_and_who_asked_for_it(
    fresh_database: Database, broker: str, task: Task[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_resting_until", 0.0)
    lena = builders.lena()
    goal = builders.goal(builders.client(), date(2026, 1, 1))
    with pghistory.context(program="web", person=lena.pk, name="Lena", address="192.0.2.7"):
        assert publishing.publish(task, goal.pk)
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        for _ in range(200):
            if AuditEntry.objects.exists():
                break
            connection.connection.execute("SELECT pg_sleep(0.05)")
    change, entry = last_change(), AuditEntry.objects.get()
    assert change.pgh_context == {"program": "soundings", "path": NAME, "person": lena.pk, "name": "Lena"}
    assert change.pgh_by_id == lena.pk
    assert (entry.context, entry.person_id) == (change.pgh_context, lena.pk)


def test_what_a_task_says_is_not_said_after_it(fresh_database: Database, task: Task[..., Any]) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1))
    task(goal.pk)
    assert last_change().pgh_context == {"program": "soundings", "path": NAME}
    Goal.objects.update(title="Downwards")
    assert last_change().pgh_context == {"program": "soundings"}


def test_a_connection_that_opens_within_a_task_is_told_as_well(fresh_database: Database) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1))
    connection.close()
    with audit.as_work({"program": "worker", "path": NAME}):
        Goal.objects.filter(pk=goal.pk).update(title="Opened")
        assert last_change().pgh_context == {"program": "worker", "path": NAME}
        connection.close()
        Goal.objects.filter(pk=goal.pk).update(title="Opened again")
        assert last_change().pgh_context == {"program": "worker", "path": NAME}


def test_a_broken_transaction_ends_as_it_would(fresh_database: Database) -> None:
    with pytest.raises(DataError), transaction.atomic(), audit.as_work({"program": "worker", "path": NAME}):
        connection.cursor().execute("SELECT 1 / 0")
    goal = builders.goal(builders.client(), date(2026, 1, 1))
    assert last_change().pgh_context == {"program": "soundings"}
    assert last_change().pgh_obj_id == goal.pk


@pytest.mark.parametrize("is_open", [True, False])
def test_nothing_is_said_before_the_first_statement_of_a_transaction(fresh_database: Database, is_open: bool) -> None:
    if is_open:
        connection.ensure_connection()
    with audit.as_work({"program": "worker", "path": NAME}), transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # refused after any query
            cursor.execute("LOCK TABLE accounts_goal IN SHARE ROW EXCLUSIVE MODE")
        goal = builders.goal(builders.client(), date(2026, 1, 1))
    assert last_change().pgh_obj_id == goal.pk
    assert last_change().pgh_context == {"program": "worker", "path": NAME}


def test_the_audit_shows_the_task(db: None) -> None:
    with audit.as_work({"program": "worker", "path": NAME}):
        builders.goal(builders.client(), date(2026, 1, 1), title="By a worker")
    browser = Browser()
    browser.force_login(builders.ines())
    page = browser.get("/audit/").content.decode()
    assert "The program, worker" in page
    assert NAME in page
