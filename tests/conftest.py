"""What a test may ask for: a database of its own, the broker, the site in a browser. Servers start when first asked.

`db` (or the mark django_db) is a transaction that is rolled back. `fresh_database` is a copy of the migrated database
with nothing in it, for tests that commit, open several connections or start processes. Both speak as the role
soundings_app, as the product does; `connection_as` and `superuser_connection` speak as someone else.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import secrets
import shutil
import signal
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_django.plugin import DjangoDbBlocker

from agency import catalogues, embedded, environment

CI = os.environ.get("CI") == "true"
SHARED = environment.ROOT.parent / "shared"
FOLDER = pytest.StashKey[Path]()  # the data folder of this run, removed after it

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


# The run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-size", action="store_true", help="promises at the size they are made for: make proofs")


def pytest_configure(config: pytest.Config) -> None:
    # A run that a script has put into the background ignores SIGINT, and so would all that it starts and ends by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    catalogues.compile_stale()
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER] = Path(given["soundings_folder"])
        return
    runs = environment.data_folder() / "tests"
    runs.mkdir(parents=True, exist_ok=True)
    for left in runs.iterdir():
        _remove_if_unused(left)
    folder = runs / secrets.token_hex(4)
    folder.mkdir()
    in_use = open(folder / "in-use", "w")  # noqa: SIM115  held until the run ends
    fcntl.flock(in_use, fcntl.LOCK_EX)
    config.stash[FOLDER] = folder
    config.add_cleanup(in_use.close)


def _remove_if_unused(folder: Path) -> None:
    """Remove what a run that was killed has left, but not what one that is running uses."""
    with contextlib.suppress(OSError), open(folder / "in-use") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        embedded.wait_until_gone(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["soundings_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or FOLDER not in config.stash:
        return
    folder = config.stash[FOLDER]
    admin_url = environment.DATABASE_ADMIN_URL.read()
    if environment.DATABASE_URL.read() and admin_url:
        with psycopg.connect(admin_url, autocommit=True) as connection:
            for name in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"soundings_test_{folder.name}%"]
            ).fetchall():
                drop(connection, name[0])
    embedded.wait_until_gone(folder)
    shutil.rmtree(folder, ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there.")
    mark = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(getattr(item, "fixturenames", ()))
    if asked or (mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0]))):
        pytest.fail("The ledger can't be emptied after a test: use fresh_database (and live_site) instead.", False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail") and not item.get_closest_marker("shared"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longreprtext}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longreprtext}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests have to tell although they passed.

    What one recorded as the property `told`, and what many have `counted` together: of what, and how many.
    """
    sums: dict[str, tuple[int, int]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, given in report.user_properties:
            if name == "told":
                terminalreporter.section(report.nodeid)
                terminalreporter.write_line(str(given))
            elif name == "counted":
                what, count = given
                total, tests = sums.get(what, (0, 0))
                sums[what] = (total + count, tests + 1)
    if sums:
        terminalreporter.section("counted")
    for what, (total, tests) in sums.items():
        terminalreporter.write_line(f"{total:,} {what} (in {tests} tests)")


# Servers and databases


@pytest.fixture(scope="session")
def addresses(request: pytest.FixtureRequest) -> Iterator[embedded.Addresses]:
    """The servers of this run: those the environment names, or embedded ones in a folder of its own."""
    if environment.DATABASE_URL.read() and not environment.DATABASE_ADMIN_URL.read():
        pytest.fail("DATABASE_URL is set, DATABASE_ADMIN_URL is not: tests make databases of their own.", False)
    with embedded.servers(request.config.stash[FOLDER], durable=False) as found:
        yield found


@dataclass(frozen=True)
class Database:
    """A database of the tests: its name, and its addresses for the product and for an administrator."""

    name: str
    url: str
    admin_url: str


@pytest.fixture(scope="session")
def template(
    request: pytest.FixtureRequest,
    addresses: embedded.Addresses,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> str:
    """The name of the migrated database that the others are copies of; made once a run."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.management.commands.roles import establish

    folder = request.config.stash[FOLDER]
    name = f"soundings_test_{folder.name}"
    with open(folder / "template", "a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if made.tell() == 0:
            url = with_database(addresses.database_url, name)
            establish(addresses.admin_url, url)
            with django_db_blocker.unblock(), pointed_to(url, "owner"):
                call_command("migrate", verbosity=0)
                connection.close()
            _leave_statistics_alone(with_database(addresses.admin_url, name))
            made.write("made\n")
    return name


def _leave_statistics_alone(url: str) -> None:
    """Lets no autovacuum count tables whose rows are always rolled back: thousands would be planned as none."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            """
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
                END LOOP;
            END $$
            """
        )


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, template: str, addresses: embedded.Addresses) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with copied(template, f"{template}_{worker}", addresses) as database, pointed_to(database.url, "app"):
        yield


_numbers = itertools.count(1)


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest,
    template: str,
    addresses: embedded.Addresses,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Database]:
    """An empty migrated database of the test's own; Django and child processes speak to it. Committed is committed."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database and db don't go together: the first commits, the second rolls back.", False)
    name = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{next(_numbers)}"
    with copied(template, name, addresses) as database:
        monkeypatch.setenv("DATABASE_URL", database.url)
        with django_db_blocker.unblock(), pointed_to(database.url, "app"):
            yield database


@contextlib.contextmanager
def copied(template: str, name: str, addresses: embedded.Addresses) -> Iterator[Database]:
    """A database of its own, of the migrated template, until it is left."""
    from accounts.management.commands.roles import open_database

    with psycopg.connect(addresses.admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
        open_database(connection, name)
    try:
        url = with_database(addresses.database_url, name)
        yield Database(name, url, with_database(addresses.admin_url, name))
    finally:
        with psycopg.connect(addresses.admin_url, autocommit=True) as connection:
            drop(connection, name)


def with_database(url: str, name: str) -> str:
    """The same address with another database."""
    before, mark, query = url.partition("?")
    scheme, _, rest = before.partition("://")
    host = rest.partition("/")[0]
    return f"{scheme}://{host}/{name}{mark}{query}"


def drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def pointed_to(url: str, role: str) -> Iterator[None]:
    """Let Django's connections, in every thread, go to another database."""
    from django.db import connections

    from agency.settings import database_settings

    described = connections.settings["default"]
    before = dict(described)
    connections["default"].close()
    described.update(database_settings(url, role))
    try:
        yield
    finally:
        connections["default"].close()
        described.clear()
        described.update(before)


@pytest.fixture
def connection_as(request: pytest.FixtureRequest) -> Iterator[Callable[[str], psycopg.Connection[Any]]]:
    """Opens a connection of its own to the test's database as the role owner, app or portal."""
    with contextlib.ExitStack() as leaving:

        def connect(role: str) -> psycopg.Connection[Any]:
            address = _current_address(request)
            opened = psycopg.connect(address, options=f"-c role=soundings_{role}", autocommit=True)
            leaving.callback(opened.close)
            return opened

        yield connect


@pytest.fixture
def superuser_connection(
    request: pytest.FixtureRequest, addresses: embedded.Addresses
) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the test's database as someone whom no wall holds."""
    name = conninfo_to_dict(_current_address(request))["dbname"]
    with psycopg.connect(addresses.admin_url, dbname=name, autocommit=True) as connection:
        yield connection


def _current_address(request: pytest.FixtureRequest) -> str:
    """Where Django's connection goes at the moment."""
    from django.db import connection

    if "fresh_database" not in request.fixturenames:
        request.getfixturevalue("django_db_setup")
    found = connection.settings_dict
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return make_conninfo(**{name: str(found[key]) for key, name in names.items() if found[key]})


@pytest.fixture
def broker(addresses: embedded.Addresses, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty broker, for Celery in this process and in child processes."""
    import redis

    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
    address = addresses.redis_url.partition("?")[0]
    url = f"{address}?db={number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    monkeypatch.setenv("REDIS_URL", url)
    with published_to(url):
        yield url


@contextlib.contextmanager
def published_to(url: str) -> Iterator[None]:
    """Let this process publish its tasks to another broker."""
    from kombu import pools

    from agency.celery import app

    def forget_connections() -> None:
        pools.reset()
        app._after_fork()  # type: ignore[attr-defined]

    before = app.conf.broker_url
    app.conf.update(broker_url=environment.broker_url(url))
    forget_connections()
    try:
        yield
    finally:
        app.conf.update(broker_url=before)
        forget_connections()


# The site, and a browser to look at it


@pytest.fixture
def live_site(fresh_database: Database, settings: Any) -> Iterator[str]:
    """The address of the site, served by threads of this process from the fresh database."""
    from django.db import connections
    from django.test.testcases import LiveServerThread

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    thread = LiveServerThread("127.0.0.1", lambda site: site)  # type: ignore[arg-type]
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    connections.close_all()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the Chromium of this machine is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("No Chromium is on this machine: on Debian, apt install chromium.")


@pytest.fixture(scope="session")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The machine's Chromium, driven by Playwright, with a new profile and nothing left in the home folder."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as an act of the page waits: a busy machine is no failure
    home = str(tmp_path_factory.mktemp("home"))
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
    # Playwright's loop runs in the thread of the tests, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium,
            headless=True,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet],
        )
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty page with no cookies, as wide as a laptop."""
    context = browser.new_context(viewport={"width": 1344, "height": 900}, locale="en-GB", timezone_id="UTC")
    yield context.new_page()
    context.close()
