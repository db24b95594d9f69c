"""The workers: told of what changed, by messages that may be lost, and the pages know what is still to come."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import publishing
from accounts.models import Client
from agency import processes
from agency.celery import app
from metrics import nightly, tasks
from metrics.models import Batch, ChangedClient, Heartbeat, Run
from metrics.night.batches import ATTEMPTS, open_batches, work
from metrics.night.beginning import begin_night, waits_for_an_edit
from metrics.queries.freshness import freshness
from tests import builders
from tests.conftest import Database, published_to
from tests.metrics import agency
from tests.metrics.agency import AS_OF, expand, scope_of, wait_until


@pytest.fixture(autouse=True)
def broker_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test inherits from another that the broker was away."""
    monkeypatch.setattr(publishing, "_resting_until", 0.0)


@pytest.fixture
def clients(fresh_database: Database) -> list[Client]:
    found = agency.found()
    nightly.run(AS_OF)
    return found


def running(name: str) -> processes.Process:
    """One of the processes of a running Soundings."""
    (found,) = (process for process in processes.processes("unused") if process.name == name)
    return found


def test_an_edit_is_being_computed_until_a_worker_comes_and_computes_it(
    broker: str, clients: list[Client], tmp_path: Path
) -> None:
    northwind = clients[0]
    expand(northwind)  # no worker runs; the message waits at the broker
    now = timezone.now()
    assert freshness(now, northwind.id).being_computed
    assert not freshness(now, clients[1].id).being_computed
    assert scope_of(northwind) == 12_000

    worker = processes.start(running("worker"), tmp_path / "log")
    try:
        wait_until(lambda: scope_of(northwind) == 18_000)
        wait_until(lambda: not freshness(now, northwind.id).being_computed)
        wait_until(lambda: Run.objects.filter(kind="edit", state="finished").exists())
    finally:
        processes.stop([worker])
    assert freshness(now).as_of == AS_OF


def test_beat_and_a_worker_begin_the_night_and_finish_it(
    broker: str, fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDINGS_CLIENTS_AT_ONCE", "2")
    clients = agency.found()
    builders.setting("night_hour", date(2020, 1, 1), "0")
    app.control.purge()  # of what the records told the workers
    started = [processes.start(running(name), tmp_path / name) for name in ("worker", "beat")]
    try:
        wait_until(lambda: Run.objects.filter(kind="nightly", state="finished").exists())
    finally:
        processes.stop(started)
    night = Run.objects.get(kind="nightly")
    assert (night.clients, night.failed_clients) == (len(clients), 0)
    assert set(night.batches.values_list("state", "attempts")) == {("done", 1)}
    assert night.batches.count() == len(clients) // 2
    assert not ChangedClient.objects.exists()
    assert Heartbeat.objects.exists()


def test_a_broker_that_is_gone_fails_nobody_and_the_next_tick_finds_the_work(
    clients: list[Client], tmp_path: Path
) -> None:
    with published_to(f"unix://{tmp_path}/nobody?db=0"):
        expand(clients[0])
        assert not publishing.publish(tasks.recompute_changed)
        assert waits_for_an_edit()
        tasks.recompute_changed()
    assert scope_of(clients[0]) == 18_000
    assert not waits_for_an_edit()


def test_many_that_changed_become_batches_for_all_workers(
    broker: str, clients: list[Client], settings: Settings
) -> None:
    settings.CLIENTS_AT_ONCE = 2
    for client in clients:
        expand(client)
    tasks.recompute_changed()
    assert Batch.objects.filter(state="waiting", published_at__isnull=False).count() == len(clients) // 2
    for batch_id in Batch.objects.filter(state="waiting").values_list("id", flat=True):
        tasks.run_batch(batch_id)
    tasks.finish_run(Run.objects.get(kind="edit").id)
    assert Run.objects.get(kind="edit").state == "finished"
    assert not ChangedClient.objects.exists()


def test_a_message_that_comes_twice_finds_its_work_done(broker: str, clients: list[Client]) -> None:
    expand(clients[0])
    tasks.recompute_changed()
    batch = Batch.objects.get(run__kind="edit")
    tasks.run_batch(batch.id)
    tasks.finish_run(batch.run_id)
    tasks.recompute_changed()
    again = Batch.objects.get(run__kind="edit")
    assert (again.attempts, again.ended_at) == (batch.attempts, batch.ended_at)


# The dead man's switch


@pytest.fixture
def switch() -> Iterator[tuple[str, list[str]]]:
    """A dead man's switch: its address, and what it was asked for."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path == "/night" else 500)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def finished_night(day: int) -> None:
    begun = begin_night(datetime(2026, 5, day, 3, tzinfo=UTC))
    assert begun is not None
    for batch_id in open_batches(begun.id):
        work(batch_id)
    tasks.finish_run(begun.id)
    tasks.finish_run(begun.id)


def test_the_dead_man_s_switch_is_told_once_of_each_night_that_went_well(
    clients: list[Client], switch: tuple[str, list[str]], settings: Settings
) -> None:
    address, asked = switch
    settings.HEARTBEAT_URL = f"{address}/night"
    finished_night(16)
    assert asked == ["/night"]
    expand(clients[0])
    tasks.recompute_changed()
    assert asked == ["/night"]
    agency.overburden(clients[1])
    for _ in range(ATTEMPTS - 1):
        tasks.recompute_changed()
    begun = begin_night(datetime(2026, 5, 17, 3, tzinfo=UTC))
    assert begun is not None
    nightly.complete(begun)
    tasks.finish_run(begun.id)
    assert asked == ["/night"]


def test_a_switch_that_does_not_answer_spoils_no_night(
    clients: list[Client], switch: tuple[str, list[str]], settings: Settings, unused_tcp_address: str
) -> None:
    settings.HEARTBEAT_URL = f"{switch[0]}/broken"
    finished_night(16)
    settings.HEARTBEAT_URL = unused_tcp_address
    finished_night(17)
    settings.HEARTBEAT_URL = ""
    finished_night(18)
    assert Run.objects.filter(kind="nightly", state="finished").count() == 3


@pytest.fixture
def unused_tcp_address() -> str:
    """An address at which nobody listens."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_address[1]}"
