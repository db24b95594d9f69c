"""How long the work takes at one size, as ratios within one run: `python -m tests.bench S|M|L`.

Prints a table of what was measured against what, and which goals it meets. Servers of its own, in a
temporary folder; nothing is left behind.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 5
TRIVIAL = "/healthz"
"""The page others are compared with; whoever is signed in asks for it too."""
GOALS: dict[str, dict[str, float]] = {
    "full, two workers / gathering SQL": {"S": 2.0, "M": 1.5, "L": 1.5},
    "oracle / full, one worker": {"S": -20.0},
    "two workers / one": {"M": 0.65, "L": 0.65},
    "1 % changed / full, one worker": {"M": 0.08, "L": 0.05},
    "load readings / bare COPY": {"M": 6.0},
    "list fragment / trivial page": {"S": 12.0, "M": 12.0, "L": 12.0},
    "portfolio / trivial page": {"S": 16.0, "M": 16.0, "L": 16.0},
    "account / trivial page": {"S": 16.0, "M": 16.0, "L": 16.0},
}
"""The most a ratio may be; negative where it is the least."""


@dataclass(frozen=True)
class Line:
    """One line of the table: what, its figure, and the words that say what it was compared with."""

    what: str
    figure: float
    unit: str
    note: str = ""


def main() -> int:
    """Measures one size; exit 0 whatever the figures are: a verdict is the reader's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=("S", "M", "L"))
    size: str = parser.parse_args().size
    with tempfile.TemporaryDirectory(prefix="soundings-bench-") as folder:
        os.environ["SOUNDINGS_DATA"] = str(Path(folder) / "data")
        from agency import embedded

        print(f"Size {size}", flush=True)
        with embedded.servers():
            for line in _measure(size, Path(folder)):
                print(_said(line, size), flush=True)
    return 0


def _said(line: Line, size: str) -> str:
    goal = GOALS.get(line.what, {}).get(size)
    verdict = ""
    if goal is not None:
        met = line.figure >= -goal if goal < 0 else line.figure <= goal
        verdict = f"  goal {'≥' if goal < 0 else '≤'} {abs(goal):g}: {'met' if met else 'missed'}"
    return f"{line.what:40}{line.figure:>12.3f} {line.unit:4}{verdict}  {line.note}".rstrip()


def _manage(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _measure(size: str, folder: Path) -> Iterator[Line]:
    from tests.bench.agencies import AS_OF, generate

    records = folder / "records"
    counts = generate(size, records)
    for what, count in counts.items():
        yield Line(f"rows of {what}", count, "")
    _manage("migrate", "--verbosity", "0")
    readings = folder / "readings"
    readings.mkdir()
    (records / "kpi_readings.csv").rename(readings / "kpi_readings.csv")

    os.environ["DJANGO_SETTINGS_MODULE"] = "agency.settings"
    import django

    django.setup()
    from accounts.exchange.loading import load

    seconds = _timed(lambda: _loaded(load(records)))
    yield Line("load all but readings", seconds, "s")
    loading = _timed(lambda: _loaded(load(readings)))
    bare = _bare_copy(readings / "kpi_readings.csv")
    yield Line("load readings", loading, "s")
    yield Line("bare COPY of them", bare, "s")
    yield Line("load readings / bare COPY", loading / bare, "x")
    _vacuum()
    yield from _night(size, records, readings, AS_OF)
    yield from _pages()


def _loaded(report: Any) -> None:
    if report.is_refused:
        raise SystemExit("\n".join(str(problem) for problem in report.problems[:5]))


def _as_owner() -> Any:
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], options="-c role=soundings_owner", autocommit=True)


def _bare_copy(path: Path) -> float:
    """Seconds of COPY into a bare table of the same columns."""
    with _as_owner() as connection:
        connection.execute("CREATE TABLE bare (kpi text, month date, value numeric, target numeric)")
        began = time.perf_counter()
        with (
            path.open("rb") as stream,
            connection.cursor().copy("COPY bare FROM STDIN (FORMAT csv, HEADER true)") as copy,
        ):
            while block := stream.read(1 << 20):
                copy.write(block)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE bare")
    return seconds


def _vacuum() -> None:
    with _as_owner() as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _statements() -> Iterator[list[float]]:
    """Seconds of each statement sent to the database within."""
    from django.db import connection

    seconds: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            seconds.append(time.perf_counter() - began)

    with connection.execute_wrapper(timed):
        yield seconds


def _night(size: str, records: Path, readings: Path, as_of: date) -> Iterator[Line]:
    from django.conf import settings
    from django.db import connection

    from accounts.models import Client
    from metrics import nightly
    from metrics.gathering import calendar, gather
    from metrics.models import Batch, Run
    from metrics.night.beginning import begin_edit
    from metrics.rolling_up import roll_up_rates, roll_up_signals

    ids = sorted(Client.objects.values_list("id", flat=True))
    quarters = calendar(as_of)
    chunks = [ids[i : i + settings.CLIENTS_AT_ONCE] for i in range(0, len(ids), settings.CLIENTS_AT_ONCE)]
    repeats = REPEATS if size != "L" else 1
    gathering = []
    for _ in range(repeats):
        with _statements() as seconds:
            for chunk in chunks:
                gather(chunk, quarters)
        gathering.append(sum(seconds))
    sql = statistics.median(gathering)
    yield Line("gathering SQL alone", sql, "s", f"{len(seconds) // len(chunks)} statements a chunk")

    def full(workers: int) -> float:
        """Seconds of a run over all clients, by that many processes."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT metrics_mark_all()")
        connection.close()
        command = [sys.executable, "-m", "tests.bench.worker", as_of.isoformat()]
        running = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(workers)
        ]
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()
        began = time.perf_counter()
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            if process.wait():
                raise SystemExit("A worker of the measurement failed.")
        seconds = time.perf_counter() - began
        latest = Run.objects.latest("id")
        if Batch.objects.filter(run=latest).exclude(state=Batch.State.DONE).exists():
            raise SystemExit("A run was left undone.")
        return seconds

    full(1)  # writes the rows for the first time
    one = statistics.median(full(1) for _ in range(repeats))
    two = statistics.median(full(2) for _ in range(repeats))
    yield Line("full, one worker", one, "s")
    yield Line("full, two workers", two, "s")
    yield Line("full, two workers / gathering SQL", two / sql, "x")
    yield Line("two workers / one", two / one, "x")
    rates = statistics.median(_timed(lambda: roll_up_rates(quarters)) for _ in range(repeats))
    yield Line("expansion rates", rates, "s", "part of a full run")
    signals = statistics.median(_timed(lambda: roll_up_signals(as_of)) for _ in range(repeats))
    yield Line("signals", signals, "s", "once a night")

    def few() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO metrics_changedclient (client_id, every_rate) SELECT unnest(%s::bigint[]), false",
                [ids[:: max(1, len(ids) // max(1, len(ids) // 100))]],
            )
        begun = begin_edit(as_of)
        assert begun is not None
        nightly.complete(begun, lambda said: None)

    changed = statistics.median(_timed(few) for _ in range(REPEATS))
    yield Line("1 % changed", changed, "s", f"{len(ids[:: max(1, len(ids) // max(1, len(ids) // 100))])} clients")
    yield Line("1 % changed / full, one worker", changed / one, "x")
    if size == "S":
        from tests.oracle.figures import figures

        (readings / "kpi_readings.csv").rename(records / "kpi_readings.csv")
        oracle = _timed(lambda: figures(records, as_of))
        yield Line("oracle", oracle, "s", "the plain reference, without a database")
        yield Line("oracle / full, one worker", oracle / one, "x")


def _pages() -> Iterator[Line]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from accounts.models import Person

    leader = Person.objects.create_user("leader@agency.test", "a long pass phrase", role=Person.Role.LEADERSHIP)
    settings.ALLOWED_HOSTS.append("testserver")
    browser = Browser()
    browser.force_login(leader, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={browser.cookies[name].value}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    connection.close()
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "agency.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"],
        cwd=ROOT,
        env={**os.environ, "SOUNDINGS_POOL": "2", "SOUNDINGS_HOSTS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for path, name in (
            ("/portfolio/table/", "list fragment"),
            ("/portfolio/", "portfolio"),
            ("/accounts/c00001/", "account"),
        ):
            with CaptureQueriesContext(connection) as queries:
                status = browser.get(path).status_code
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
            trivial, page = _median_pages(port, (TRIVIAL, path), cookie)
            note = f"{len(queries)} queries; the trivial page beside it {trivial * 1000:.2f} ms"
            yield Line(f"{name} page", page * 1000, "ms", note)
            yield Line(f"{name} / trivial page", page / trivial, "x")
    finally:
        web.terminate()
        web.wait()


def _median_pages(port: int, paths: Sequence[str], cookie: str) -> list[float]:
    """The median of 60 answers of each, asked for in turn, so that what else the machine does slows all alike.

    Ten that don't count come before them.
    """
    seconds: list[list[float]] = [[] for _path in paths]
    for _attempt in range(70):
        for path, found in zip(paths, seconds, strict=True):
            found.append(_asked(port, path, cookie))
    return [statistics.median(found[10:]) for found in seconds]


def _asked(port: int, path: str, cookie: str) -> float:
    """Seconds until the whole answer is there; the server is waited for until it has come up."""
    for _attempt in range(100):
        try:
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path, headers={"Cookie": cookie})
            response = connection.getresponse()
            response.read()
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}")
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
