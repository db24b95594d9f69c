"""The night loses nothing: workers, broker and database are killed while edits come in, and the figures are right.

`python -m tests.proofs.faults` does 60 faults on servers of its own; tests/metrics/test_faults.py does a few.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis

from agency import embedded, processes

T = TypeVar("T")

RECOVERY = 60.0
"""Seconds within which a batch must be done again after a fault."""
CLIENTS = 40
IN_SUITE = ("child", "worker", "valkey", "flushall")
ALL = (*IN_SUITE, "sigterm", "beat", "freeze", "connections", "postgres stop", "postgres crash")


@dataclass
class Outcome:
    """What came of a series of faults."""

    faults: list[tuple[str, float]] = field(default_factory=list)
    """Each with the seconds until a batch was done again."""
    edits: int = 0
    """How often every client was edited."""
    runs: int = 0
    batches: int = 0
    lost: int = 0
    """Rows of figures that are not what a computation of everything gives, and marks left over."""
    doubled: int = 0
    """Clients computed twice within a run, and runs a night has too many."""

    def __str__(self) -> str:
        kinds = {kind: [seconds for name, seconds in self.faults if name == kind] for kind, _ in self.faults}
        told = [f"  {len(times):3} {kind}: at most {max(times):.1f} s" for kind, times in sorted(kinds.items())]
        return "\n".join(
            [
                f"{len(self.faults)} faults, {self.edits} edits of every client,"
                f" {self.runs} runs, {self.batches} batches",
                *told,
                f"{self.lost} lost, {self.doubled} doubled",
            ]
        )


class Supervised:
    """A process that is started again when it ends, as docker compose does."""

    def __init__(self, name: str, logs: Path) -> None:
        (self._process,) = (process for process in processes.processes("unused") if process.name == name)
        self._log = logs / f"{name}.log"
        self.running = processes.start(self._process, self._log)

    def look(self) -> None:
        if self.running.poll() is not None:
            self.running = processes.start(self._process, self._log)

    @property
    def children(self) -> list[int]:
        """The processes of its pool."""
        with contextlib.suppress(OSError):
            return [
                int(pid)
                for pid in Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
            ]
        return []


class Rig:
    """An agency whose clients are edited without end, its processes, and what can be done to them."""

    def __init__(self, servers: dict[str, embedded.Server], logs: Path, chance: random.Random) -> None:
        self.servers = servers
        self.logs = logs
        self.chance = chance
        self.outcome = Outcome()
        self.worker = Supervised("worker", logs)
        self.beat = Supervised("beat", logs)

    def close(self) -> None:
        processes.stop([self.beat.running, self.worker.running])

    # What is done to it

    def strike(self, kind: str) -> None:
        """One fault."""
        match kind:
            case "child":
                if children := self.worker.children:
                    _kill(self.chance.choice(children), signal.SIGKILL)
            case "worker":
                _kill(self.worker.running.pid, signal.SIGKILL)
            case "sigterm":
                _kill(self.worker.running.pid, signal.SIGTERM)
            case "beat":
                _kill(self.beat.running.pid, signal.SIGKILL)
            case "valkey":
                _kill(self._pid("valkey"), signal.SIGKILL)
            case "freeze":
                frozen = self._pid("valkey")
                _kill(frozen, signal.SIGSTOP)
                self.wait(lambda: False, 5)
                _kill(frozen, signal.SIGCONT)
            case "flushall":
                with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5) as broker:
                    broker.flushall()
            case "connections":
                _ask(  # as the login itself, whose sessions all others are
                    "SET ROLE NONE; SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = session_user AND pid <> pg_backend_pid()"
                )
            case "postgres stop":
                _kill(self._pid("postgres"), signal.SIGINT)
            case "postgres crash":
                _kill(self._pid("postgres"), signal.SIGQUIT)
            case _:
                raise ValueError(kind)

    def _pid(self, server: str) -> int:
        return int(json.loads(self.servers[server].state.read_text())["server"])

    # What it does

    def wait(self, condition: Callable[[], Any], seconds: float) -> bool:
        """Looks after the processes until the condition holds; returns whether it did in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.worker.look()
            self.beat.look()
            if _patiently(condition):
                return True
            time.sleep(0.1)
        return False

    def edit_everyone(self) -> None:
        """More scope for every client, in one statement; the workers are told of every other only."""
        from metrics.tasks import records_have_changed

        _ask(
            "INSERT INTO accounts_scopechange (external_id, client_id, engagement_id, kind, effective_on, value_delta,"
            " origin, involved_from, note)"
            " SELECT gen_random_uuid(), client_id, id, 'expansion', '2025-02-01', 100, '', '', ''"
            " FROM accounts_engagement"
        )
        self.outcome.edits += 1
        if self.outcome.edits % 2:
            records_have_changed()

    def suffer(self, kinds: Sequence[str]) -> None:
        """One fault after the other, each while batches are open, and each followed by progress."""
        for kind in kinds:
            if not _ask("SELECT 1 FROM metrics_changedclient LIMIT 1"):
                self.edit_everyone()
            begun = self.wait(lambda: _ask("SELECT 1 FROM metrics_batch WHERE state = 'running' LIMIT 1"), RECOVERY)
            assert begun, f"nothing was begun within {RECOVERY} s before the fault {kind}: {self.logs}"
            self.wait(lambda: False, self.chance.uniform(0, 0.5))
            ((moment,),) = _ask("SELECT clock_timestamp()")
            struck = time.monotonic()
            self.strike(kind)
            progress = self.wait(partial(self._progress, moment), RECOVERY)
            assert progress, f"no batch was done within {RECOVERY} s of the fault {kind}: {self.logs}"
            self.outcome.faults.append((kind, time.monotonic() - struck))

    def _progress(self, moment: Any) -> bool:
        if not _ask("SELECT 1 FROM metrics_changedclient LIMIT 1"):
            self.edit_everyone()
        return bool(_ask("SELECT 1 FROM metrics_batch WHERE state = 'done' AND begun_at > %s LIMIT 1", moment))

    def settle(self) -> Outcome:
        """Waits until all is done, stops everything, and compares with a computation of everything."""
        from django.db import connection

        from metrics import nightly
        from metrics.models import Batch, Run
        from metrics.queries.freshness import figures_as_of
        from tests.metrics.agency import stored

        marks_or_runs = "SELECT 1 FROM metrics_changedclient UNION ALL SELECT 1 FROM metrics_run WHERE state = 'open'"
        done = self.wait(lambda: not _ask(marks_or_runs), 2 * RECOVERY)
        self.close()
        connection.close()  # it may have been among those that were cut
        ((marks,),) = _ask("SELECT count(*) FROM metrics_changedclient")
        ((faults,),) = _ask("SELECT count(*) FROM metrics_clientfault")
        assert done, f"{marks} marks and open runs after {2 * RECOVERY} s, {faults} clients failed: {self.logs}"
        outcome = self.outcome
        outcome.runs, outcome.batches = Run.objects.count(), Batch.objects.count()
        as_of = figures_as_of()
        assert as_of is not None
        nightly_figures = stored()
        assert nightly.run(as_of, everyone=True).state == "finished"
        outcome.lost = marks + sum(
            len(set(rows).symmetric_difference(nightly_figures[table]))
            for table, rows in stored().items()
            if table != "metrics_signal"  # follow no edit
        )
        ((twice,),) = _ask(
            "SELECT count(*) FROM (SELECT FROM metrics_batch, unnest(client_ids) AS client_id"
            " WHERE state = 'done' AND computed > 0 GROUP BY run_id, client_id HAVING count(*) > 1) AS twice"
        )
        ((nights, dates),) = _ask("SELECT count(*), count(DISTINCT as_of) FROM metrics_run WHERE kind = 'nightly'")
        outcome.doubled = twice + nights - dates
        return outcome


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _ask(statement: str, *parameters: Any) -> list[Any]:
    """Asks the database as the product does, however often it has to try."""

    def ask() -> list[Any]:
        address = os.environ["DATABASE_URL"]
        with (
            psycopg.connect(address, options="-c role=soundings_app", connect_timeout=5, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    return _patiently(ask)


def _patiently(act: Callable[[], T]) -> T:
    until = time.monotonic() + RECOVERY
    while True:
        try:
            return act()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def slow_down(administrator: psycopg.Connection[Any], seconds: float) -> None:
    """Lets every batch take its time, so that faults find it at work."""
    administrator.execute(
        f"""
        CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep({float(seconds)}); RETURN NULL; END $$;
        CREATE TRIGGER take_time AFTER INSERT ON metrics_clientquarter
            FOR EACH STATEMENT EXECUTE FUNCTION take_time();
        """.encode()
    )


def populate(clients: int) -> None:
    """An agency whose night is due at any hour."""
    from datetime import date

    from tests import builders
    from tests.metrics import agency

    agency.found(clients)
    builders.setting("night_hour", date(2020, 1, 1), "0")


@contextlib.contextmanager
def own_servers(folder: Path) -> Iterator[dict[str, embedded.Server]]:
    """A Postgres and a Valkey that nobody else uses, with the product's schema."""
    for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ["SOUNDINGS_CLIENTS_AT_ONCE"] = "4"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    with embedded.servers(folder) as addresses:
        import django
        from django.core.management import call_command

        os.environ["SOUNDINGS_ROLE"] = "owner"
        django.setup()
        from django.db import connection

        call_command("migrate", verbosity=0)
        connection.close()
        os.environ["SOUNDINGS_ROLE"] = "app"
        from agency.settings import database_settings

        connection.settings_dict.update(database_settings(addresses.database_url, "app"))
        with psycopg.connect(addresses.admin_url, dbname=embedded.DATABASE, autocommit=True) as administrator:
            slow_down(administrator, 0.3)
        yield {"postgres": embedded.Postgres(folder), "valkey": embedded.Valkey(folder)}


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill everything, again and again, and compare the figures.")
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--kinds", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    kinds = [asked.kinds[number % len(asked.kinds)] for number in range(asked.faults)]
    chance.shuffle(kinds)
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="soundings-faults-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        with own_servers(folder) as servers:
            populate(asked.clients)
            rig = Rig(servers, folder, chance)
            try:
                rig.suffer(kinds)
                outcome = rig.settle()
            except AssertionError:
                sys.stdout.write((folder / "worker.log").read_text()[-20_000:])
                raise
            finally:
                rig.close()
    print(outcome)
    return 1 if outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
