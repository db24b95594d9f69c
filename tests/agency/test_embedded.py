"""Tests of the embedded servers with real processes: shared by their users, and gone after the last of them."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from agency import embedded, environment
from tests.agency.remains import processes_of, wait_for_none

USER = """
import sys
from pathlib import Path
from agency import embedded
try:
    with embedded.servers(Path(sys.argv[1]), durable=False) as addresses:
        print(addresses.database_url, addresses.redis_url, flush=True)
        sys.stdin.read()
except embedded.EmbeddedServerError as error:
    sys.exit(str(error))
"""


class User:
    """A process that uses the servers until its standard input is closed."""

    def __init__(self, data: Path, command: list[str] | None = None, **variables: str) -> None:
        unset = {"DATABASE_URL", "REDIS_URL", "DATABASE_ADMIN_URL", "SOUNDINGS_DATA"}
        given = {name: value for name, value in os.environ.items() if name not in unset}
        self.data = data
        self.process = subprocess.Popen(
            [*(command or [sys.executable]), "-c", USER, str(data)],
            cwd=environment.ROOT,
            env={**given, "PYTHONPATH": str(environment.ROOT), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @functools.cached_property
    def addresses(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        if len(words) != 2:
            raise AssertionError(self.process.communicate()[1])
        return words[0], words[1]

    def asks_both(self) -> None:
        database_url, redis_url = self.addresses
        with psycopg.connect(database_url, options="-c role=soundings_app") as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("soundings_app",)
        with redis.Redis.from_url(redis_url) as client:
            assert client.ping()

    def keeps_asking_until_answered(self, seconds: float = 10) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                self.asks_both()
            except (psycopg.OperationalError, redis.ConnectionError):
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                return

    def leaves(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0

    def process_id(self, server: str, which: str) -> int:
        return int(json.loads((self.data / server / "state.json").read_text())[which])

    def sockets(self, server: str) -> Path:
        return Path(json.loads((self.data / server / "state.json").read_text())["sockets"])


Comes = Callable[[], User]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "a data folder"


@pytest.fixture
def comes(data: Path) -> Iterator[Comes]:
    """Starts a user of the servers; whatever a failing test leaves is ended."""
    users: list[User] = []

    def start() -> User:
        users.append(User(data))
        return users[-1]

    yield start
    for user in users:
        user.process.kill()
        user.process.communicate()
    wait_for_none(data)


def test_the_servers_end_with_their_only_user(comes: Comes, data: Path) -> None:
    user = comes()
    user.asks_both()
    folders = [user.sockets("postgres"), user.sockets("valkey")]
    user.leaves()
    assert processes_of(data) == {}
    assert not any(folder.exists() for folder in folders)


def test_users_who_come_at_once_share_the_servers(comes: Comes, data: Path) -> None:
    users = [comes() for _ in range(3)]
    assert len({user.addresses for user in users}) == 1
    for leaving in users[:2]:
        leaving.leaves()
        users[2].asks_both()
    users[2].leaves()
    assert processes_of(data) == {}


def test_what_was_written_is_there_the_next_time(comes: Comes) -> None:
    first = comes()
    with psycopg.connect(first.addresses[0], options="-c role=soundings_owner") as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")
    first.leaves()
    second = comes()
    with psycopg.connect(second.addresses[0], options="-c role=soundings_app") as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("here",)
    second.leaves()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_when_the_last_user_is_killed(comes: Comes, data: Path, number: signal.Signals) -> None:
    user = comes()
    user.asks_both()
    folder = user.sockets("postgres")
    user.process.send_signal(number)
    user.process.wait()
    wait_for_none(data)
    assert not folder.exists()


@pytest.mark.parametrize("server", ["postgres", "valkey"])
@pytest.mark.parametrize("which", ["keeper", "server"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_next_user_finds_servers_whatever_was_killed(
    comes: Comes, data: Path, server: str, which: str, number: signal.Signals
) -> None:
    first = comes()
    first.asks_both()
    folder = first.sockets(server)
    os.kill(first.process_id(server, which), number)
    if which == "server":
        first.keeps_asking_until_answered()  # the keeper starts it again, where it was
    first.process.kill()
    first.process.wait()
    second = comes()
    second.keeps_asking_until_answered()
    second.leaves()
    assert processes_of(data) == {}
    assert not folder.exists()


def test_everything_killed_at_once_is_cleared_away_by_the_next_user(comes: Comes, data: Path) -> None:
    first = comes()
    first.asks_both()
    folder = first.sockets("postgres")
    for process in processes_of(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    second = comes()
    second.asks_both()
    second.leaves()
    assert processes_of(data) == {}
    assert not folder.exists()


def test_a_server_that_does_not_start_says_why(comes: Comes, data: Path) -> None:
    (data / "postgres" / "cluster").mkdir(parents=True, mode=0o700)
    user = comes()
    _, said = user.process.communicate()
    assert user.process.returncode == 1
    assert said.startswith("postgres did not start: ")
    assert "Traceback" not in said
    wait_for_none(data)


def test_a_data_folder_that_can_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(embedded.EmbeddedServerError, match=r"can't be made .*: set SOUNDINGS_DATA to another"),
        embedded.use(embedded.Valkey(tmp_path / "file" / "data")),
    ):
        pass


def test_the_parent_folders_stay_closed(comes: Comes, data: Path) -> None:
    data.parent.chmod(0o700)
    user = comes()
    user.asks_both()
    user.leaves()
    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700
    for name in ("postgres", "valkey"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o700


if os.geteuid() == 0:
    NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    def _python_that_nobody_reaches() -> str:
        version = ".".join(map(str, sys.version_info[:2]))
        for candidate in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
            asked = [*NOBODY, "sh", "-c", 'exec "$0" -c ""', candidate]
            if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
                return candidate
        pytest.skip(f"No Python {version} on this machine runs for the user nobody.")

    def test_an_ordinary_user_has_servers(tmp_path_factory: pytest.TempPathFactory) -> None:
        import tempfile

        python = _python_that_nobody_reaches()
        with tempfile.TemporaryDirectory(prefix="an ordinary ") as folder:
            os.chown(folder, 65534, 65534)
            data = Path(folder, "data")
            path = f"{environment.ROOT}:{sysconfig.get_path('purelib')}"
            user = User(data, [*NOBODY, python], PYTHONPATH=path, HOME=folder)
            user.asks_both()
            assert {Path(f"/proc/{process}").stat().st_uid for process in processes_of(data)} == {65534}
            user.leaves()
            assert processes_of(data) == {}

    def test_root_without_user_namespaces_has_postgres_run_as_nobody(tmp_path: Path, data: Path) -> None:
        forbidden = tmp_path / "bin"
        forbidden.mkdir()
        (forbidden / "unshare").write_text("#!/bin/sh\nexit 1\n")
        (forbidden / "unshare").chmod(0o755)
        before = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in tmp_path.parents}
        user = User(data, PATH=f"{forbidden}:{os.environ['PATH']}")
        user.asks_both()
        server = user.process_id("postgres", "server")
        home = Path(os.readlink(f"/proc/{server}/cwd")).parent
        try:
            assert Path(f"/proc/{server}").stat().st_uid == 65534
            assert stat.S_IMODE(home.stat().st_mode) == 0o710
            assert before == {folder: stat.S_IMODE(folder.stat().st_mode) for folder in tmp_path.parents}
            user.leaves()
            wait_for_none(data)
        finally:
            if home.parent == Path("/var/tmp"):
                shutil.rmtree(home)
