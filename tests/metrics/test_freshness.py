"""What pages and machines are told of the age of the figures, and what leadership is told of the runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Client
from metrics import nightly
from metrics.models import Run
from metrics.night.attending import beat
from metrics.night.beginning import begin_edit
from metrics.queries import runs
from metrics.queries.freshness import being_computed, figures_as_of, freshness, is_being_computed
from metrics.views import health
from tests import builders
from tests.conftest import Database
from tests.metrics import agency
from tests.metrics.agency import AS_OF, expand


@pytest.fixture
def clients(fresh_database: Database) -> list[Client]:
    found = agency.found(3)
    nightly.run(AS_OF)
    return found


@pytest.fixture(autouse=True)
def broker_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", None)


def ask_status() -> Any:
    answer = Browser().get("/status")
    assert answer.status_code == 200
    return json.loads(answer.content)


# Pages


def test_before_anything_was_computed_nothing_is_known_and_the_figures_are_stale(fresh_database: Database) -> None:
    northwind = builders.client("Northwind")
    found = freshness(timezone.now(), northwind.id)
    assert (found.as_of, found.finished_at, found.stale, found.being_computed) == (None, None, True, True)
    assert figures_as_of() is None


def test_figures_are_stale_26_hours_after_the_last_run_over_everything(clients: list[Client]) -> None:
    finished_at = freshness(timezone.now()).finished_at
    assert finished_at is not None
    assert not freshness(finished_at + timedelta(hours=26)).stale
    assert freshness(finished_at + timedelta(hours=26, seconds=1)).stale


def test_a_run_after_an_edit_makes_nothing_fresh(clients: list[Client]) -> None:
    before = freshness(timezone.now()).finished_at
    expand(clients[0])
    begun = begin_edit(AS_OF)
    assert begun is not None
    nightly.complete(begun)
    assert freshness(timezone.now()).finished_at == before


def test_a_date_that_somebody_chose_is_said(clients: list[Client]) -> None:
    found = freshness(timezone.now())
    assert (found.as_of, found.chosen) == (AS_OF, False)
    nightly.run(date(2025, 9, 30), chosen=True)
    found = freshness(timezone.now())
    assert (found.as_of, found.chosen) == (date(2025, 9, 30), True)


def test_a_client_whose_records_changed_is_being_computed(clients: list[Client]) -> None:
    expand(clients[0])
    assert is_being_computed(clients[0].id)
    assert not is_being_computed(clients[1].id)
    assert being_computed([client.id for client in clients]) == {clients[0].id}
    assert being_computed([]) == frozenset()
    nightly.run(AS_OF)
    assert not is_being_computed(clients[0].id)


def test_a_client_that_failed_is_not_being_computed_until_its_records_change(clients: list[Client]) -> None:
    agency.overburden(clients[0])
    nightly.run(AS_OF)
    found = freshness(timezone.now(), clients[0].id)
    assert (found.being_computed, found.failed) == (False, True)
    assert not is_being_computed(clients[0].id)
    agency.unburden(clients[0])
    found = freshness(timezone.now(), clients[0].id)
    assert (found.being_computed, found.failed) == (True, False)


def test_freshness_takes_one_query(clients: list[Client], django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(1):
        freshness(timezone.now(), clients[0].id)


# Leadership


def test_runs_say_what_they_did_and_how_long_it_took(clients: list[Client], settings: Settings) -> None:
    settings.CLIENTS_AT_ONCE = 2
    for client in clients:
        expand(client)
    nightly.run(AS_OF)
    latest, first = runs.recent_runs()
    assert (first.clients, first.batches) == (3, 1)
    assert (latest.kind, latest.state_label, latest.clients, latest.batches) == ("manual", "Finished", 3, 2)
    assert latest.open_batches == 0
    assert latest.rated_quarters == 2  # the quarter of the expansion, and the one in progress
    assert latest.client_seconds > 0
    assert latest.rates_seconds is not None
    assert latest.signals_seconds is not None
    assert [batch.computed for batch in runs.batches_of(latest.id)] == [2, 1]


def test_runs_after_an_edit_are_listed_when_asked_for(clients: list[Client]) -> None:
    expand(clients[0])
    begun = begin_edit(AS_OF)
    assert begun is not None
    nightly.complete(begun)
    assert len(runs.recent_runs()) == 1
    assert [run.kind for run in runs.recent_runs(with_edits=True)] == ["edit", "manual"]


def test_a_client_that_failed_is_named(clients: list[Client]) -> None:
    agency.overburden(clients[0])
    nightly.run(AS_OF)
    (fault,) = runs.faults()
    assert fault.client == "Northwind"
    assert "overflow" in fault.error


def test_runs_after_an_edit_are_forgotten_after_a_month(
    clients: list[Client], superuser_connection: psycopg.Connection[Any]
) -> None:
    expand(clients[0])
    begun = begin_edit(AS_OF)
    assert begun is not None
    nightly.complete(begun)
    superuser_connection.execute("UPDATE metrics_run SET begun_at = begun_at - interval '31 days'")
    nightly.run(AS_OF)
    assert set(Run.objects.values_list("kind", flat=True)) == {"manual"}


# Machines


def test_status_tells_ages_without_a_session(
    clients: list[Client], broker: str, settings: Settings, django_assert_num_queries: Callable[[int], Any]
) -> None:
    settings.REDIS_URL = broker
    beat(timezone.now() - timedelta(seconds=7))
    expand(clients[0])
    with django_assert_num_queries(1):
        told = ask_status()
    assert told["database_answers"]
    assert told["broker_answers"]
    assert told["worker_answers"]
    assert told["figures_as_of"] == "2026-05-15"
    assert told["last_run_age_hours"] == 0
    assert not told["stale"]
    assert told["clients_waiting"] == 1
    assert told["longest_wait_seconds"] >= 0
    assert told["open_batches"] == 0
    assert 7 <= told["heartbeat_age_seconds"] < 60


def test_status_counts_a_client_that_failed_as_failed_and_not_as_waiting(clients: list[Client]) -> None:
    agency.overburden(clients[0])
    nightly.run(AS_OF)
    told = ask_status()
    assert (told["clients_waiting"], told["clients_failed"], told["last_run_failed_clients"]) == (0, 1, 1)
    assert told["longest_wait_seconds"] is None


def test_status_of_a_system_that_never_ran(fresh_database: Database, settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody?db=0"
    told = ask_status()
    assert not told["broker_answers"]
    assert not told["worker_answers"]
    assert told["stale"]
    assert told["figures_as_of"] is None
    assert told["last_run_age_hours"] is None


def test_status_without_a_database_is_503(
    fresh_database: Database, superuser_connection: psycopg.Connection[Any]
) -> None:
    superuser_connection.execute("ALTER TABLE metrics_run RENAME TO lost")
    answer = Browser().get("/status")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {"database_answers": False}


def test_ready_means_that_the_database_answers(
    fresh_database: Database, superuser_connection: psycopg.Connection[Any]
) -> None:
    superuser_connection.execute(f'REVOKE CONNECT ON DATABASE "{fresh_database.name}" FROM soundings')
    connection.close()
    try:
        answer = Browser().get("/readyz")
    finally:
        superuser_connection.execute(f'GRANT CONNECT ON DATABASE "{fresh_database.name}" TO soundings')
    assert answer.status_code == 503
    assert answer.content == b"the database does not answer\n"


def test_ready_means_migrated(fresh_database: Database, superuser_connection: psycopg.Connection[Any]) -> None:
    assert Browser().get("/readyz").status_code == 200
    superuser_connection.execute("DELETE FROM django_migrations WHERE app = 'metrics' AND name = '0002_marks'")
    answer = Browser().get("/readyz")
    assert answer.status_code == 503
    assert b"not migrated" in answer.content


def test_the_process_answers_without_a_query(django_assert_num_queries: Callable[[int], Any], db: None) -> None:
    with django_assert_num_queries(0):
        assert Browser().get("/healthz").status_code == 200


# The command


def test_recompute_says_what_it_does(fresh_database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    agency.found(3)
    call_command("recompute", as_of=AS_OF)
    said = capsys.readouterr().out
    assert "As of 2026-05-15: 3 changed clients in 1 batch" in said
    assert "3 of 3 clients, done" in said
    assert "Expansion rates of" in said
    assert "Signals computed" in said
    assert "3 clients computed as of 2026-05-15, in" in said
    call_command("recompute", as_of=AS_OF)
    assert "no client changed" in capsys.readouterr().out
    call_command("recompute", as_of=AS_OF, all=True)
    assert "3 clients computed" in capsys.readouterr().out


def test_recompute_without_a_date_is_of_today(clients: list[Client]) -> None:
    before = timezone.now().date()
    call_command("recompute")
    found = freshness(timezone.now())
    assert not found.chosen
    assert found.as_of is not None
    assert before <= found.as_of <= timezone.now().date()


def test_recompute_names_who_failed_and_exits_with_1(clients: list[Client], capsys: pytest.CaptureFixture[str]) -> None:
    agency.overburden(clients[0])
    expand(clients[1])
    with pytest.raises(CommandError, match="1 client computed, 1 failed"):
        call_command("recompute", as_of=AS_OF)
    assert "can't be computed: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("soon", "'soon' is no date like 2026-11-22"),
        ("2026-02-30", "'2026-02-30' is no date like 2026-11-22"),
        ("9999-12-31", "'9999-12-31' is not in the years from 1900 to 9000"),
        ("0001-01-01", "'0001-01-01' is not in the years from 1900 to 9000"),
    ],
)
def test_recompute_refuses_a_day_that_it_cant_compute_for(fresh_database: Database, given: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("recompute", "--as-of", given)


@pytest.mark.parametrize("day", ["1900-01-01", "9000-12-31"])
def test_recompute_takes_the_first_and_the_last_day(clients: list[Client], day: str) -> None:
    call_command("recompute", "--as-of", day, verbosity=0)
    assert Run.objects.latest("id").as_of == date.fromisoformat(day)
