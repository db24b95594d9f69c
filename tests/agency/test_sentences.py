"""Tests of what a command says when something outside it is wrong: one sentence, exit code 1, no traceback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from accounts.management.commands.roles import establish
from agency import embedded
from tests.agency.commands import manage
from tests.conftest import Database, drop, with_database

OTHERS = {"REDIS_URL": "redis://127.0.0.1:1/0", "SOUNDINGS_SECRET_KEY": "for these tests alone"}


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    said = done.stderr.strip()
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1, said
    assert said.endswith(".")
    return said


@pytest.fixture
def unmigrated(addresses: embedded.Addresses, template: str) -> Iterator[str]:
    """The address of a database with its roles and nothing else."""
    name = f"{template}_unmigrated"
    url = with_database(addresses.database_url, name)
    establish(addresses.admin_url, url)
    yield url
    with psycopg.connect(addresses.admin_url, autocommit=True) as connection:
        drop(connection, name)


@pytest.mark.parametrize("command", [["clearsessions"], ["shell", "-c", "0"], ["migrate"]])
def test_an_address_where_no_database_is(command: list[str]) -> None:
    said = one_sentence(manage(*command, DATABASE_URL="postgresql://soundings@127.0.0.1:1/soundings", **OTHERS))
    assert said.startswith("The database can't be reached (127.0.0.1, database soundings): ")


def test_a_database_that_is_not_there(addresses: embedded.Addresses) -> None:
    said = one_sentence(manage("clearsessions", DATABASE_URL=with_database(addresses.database_url, "other"), **OTHERS))
    assert 'database "other" does not exist' in said


def test_a_socket_that_nobody_listens_at(tmp_path: Path) -> None:
    url = f"postgresql://soundings@/soundings?host={tmp_path}"
    assert "can't be reached" in one_sentence(manage("clearsessions", DATABASE_URL=url, **OTHERS))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/soundings"),
        ("DATABASE_URL", "postgresql://soundings@host:port/soundings"),
        ("REDIS_URL", "localhost:6379"),
        ("SOUNDINGS_DEBUG", "perhaps"),
    ],
)
def test_a_malformed_variable(variable: str, value: str) -> None:
    given = {"DATABASE_URL": "postgresql://soundings@127.0.0.1:1/soundings", **OTHERS} | {variable: value}
    said = one_sentence(manage("check", **given))
    assert said.startswith(f"{variable} is {value!r}, expected ")


def test_no_secret_for_a_database_of_ones_own() -> None:
    given = {"DATABASE_URL": "postgresql://soundings@127.0.0.1:1/soundings", "REDIS_URL": OTHERS["REDIS_URL"]}
    assert one_sentence(manage("check", **given)).startswith("SOUNDINGS_SECRET_KEY is not set: ")


def test_a_database_that_is_not_migrated(unmigrated: str) -> None:
    said = one_sentence(manage("clearsessions", DATABASE_URL=unmigrated, **OTHERS))
    assert said == "The database is not migrated: run manage.py migrate."


def test_an_administrator_is_refused(fresh_database: Database) -> None:
    for command in (["clearsessions"], ["migrate"], ["check"], ["check", "--database", "default"]):
        said = one_sentence(manage(*command, DATABASE_URL=fresh_database.admin_url, **OTHERS))
        assert "no wall between clients would hold" in said


def test_a_login_that_may_not_take_the_role(
    fresh_database: Database, superuser_connection: psycopg.Connection[Any]
) -> None:
    superuser_connection.execute("CREATE ROLE stranger LOGIN")
    superuser_connection.execute(f'GRANT CONNECT ON DATABASE "{fresh_database.name}" TO stranger')
    try:
        url = fresh_database.url.replace("//soundings@", "//stranger@")
        said = one_sentence(manage("clearsessions", DATABASE_URL=url, **OTHERS))
        assert said.endswith("the role soundings_app can't be taken; manage.py roles makes it.")
    finally:
        superuser_connection.execute(f'REVOKE ALL ON DATABASE "{fresh_database.name}" FROM stranger')
        superuser_connection.execute("DROP ROLE stranger")


def test_roles_without_an_administrator(fresh_database: Database) -> None:
    said = one_sentence(manage("roles", DATABASE_URL=fresh_database.url, **OTHERS))
    assert said.startswith("CommandError: DATABASE_ADMIN_URL is not set")


def test_a_command_on_a_migrated_database_just_runs(fresh_database: Database) -> None:
    done = manage("clearsessions", DATABASE_URL=fresh_database.url, **OTHERS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
