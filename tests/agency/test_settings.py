"""Tests of the settings: importing them does nothing, and an installation is as closed as it can be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from agency import environment
from agency.settings import database_settings
from tests.agency.commands import bare_environment, manage

WATCHED = """
import sys

def watch(event, arguments):
    started = event in {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "socket.connect"}
    written = event == "open" and arguments[1] is not None and set(str(arguments[1])) & set("wax+")
    if started or written or event == "os.mkdir":
        print(event, arguments)

import psycopg
psycopg.connect = psycopg.Connection.connect = lambda *_, **__: print("connects")
sys.addaudithook(watch)
import agency.settings
print("imported")
"""


def imports(**variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=environment.ROOT,
        env=bare_environment() | {"PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_importing_the_settings_starts_and_connects_to_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert imports(SOUNDINGS_DATA=str(data)) == "imported\n"
    assert not data.exists()


def test_importing_the_settings_connects_to_nothing_that_is_named() -> None:
    named = {"DATABASE_URL": "postgresql://soundings@127.0.0.1:1/soundings", "REDIS_URL": "redis://127.0.0.1:1/0"}
    assert imports(SOUNDINGS_SECRET_KEY="x", SOUNDINGS_POOL="4", **named) == "imported\n"


INSTALLATION = {
    "DATABASE_URL": "postgresql://soundings@127.0.0.1:1/soundings",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SOUNDINGS_SECRET_KEY": "a-long-and-random-text-with-fifty-characters-or-more-0123456789",
    "SOUNDINGS_HOSTS": "soundings.example.org",
    "SOUNDINGS_HTTPS": "on",
    "SOUNDINGS_HSTS_SECONDS": "31536000",
}


def test_the_checks_for_an_installation_find_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "INFO", **INSTALLATION)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("System check identified no issues")


def test_cookies_of_an_installation_are_bound_to_its_host() -> None:
    asked = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEBUG)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=environment.ROOT,
        env=bare_environment() | INSTALLATION | {"DJANGO_SETTINGS_MODULE": "agency.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "__Host-session __Host-csrf False\n"


def test_an_address_is_taken_apart_for_django() -> None:
    found = database_settings("postgresql://soundings:p%40ss@db.example:6432/house?sslmode=require", "app")
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "house",
        "USER": "soundings",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert found["OPTIONS"] == {
        "sslmode": "require",
        "options": '-c role=soundings_app -c pghistory.context_metadata={"program":"soundings"}',
        "connect_timeout": 5,
        "application_name": "soundings",
    }


def test_no_address_leads_to_no_database_that_happens_to_run() -> None:
    assert database_settings("", "app")["HOST"] == "database-url-is-not-set.invalid"
