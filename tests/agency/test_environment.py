"""Tests of the variables: what each kind takes, and what is said of the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from agency import environment
from agency.environment import Misconfigured, Variable


@pytest.mark.parametrize(
    ("variable", "found", "value"),
    [
        (environment.DEBUG, "on", True),
        (environment.DEBUG, "No", False),
        (environment.DEBUG, "", False),
        (environment.PORT, "80", 80),
        (environment.PORT, "", 8000),
        (environment.HOSTS, "a.example, b.example,", ("a.example", "b.example")),
        (environment.HOSTS, "", ()),
        (environment.ROLE, "owner", "owner"),
        (environment.DATA, "/srv/a folder", Path("/srv/a folder")),
        (environment.DATA, "", environment.ROOT / ".data"),
        (environment.REDIS_URL, "unix:///run/valkey.sock?db=2", "unix:///run/valkey.sock?db=2"),
        (environment.DATABASE_URL, "postgres://u:p%40@h/d", "postgres://u:p%40@h/d"),
    ],
)
def test_a_value_is_read_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch, variable: Variable[object], found: str, value: object
) -> None:
    monkeypatch.setenv(variable.name, found)
    assert variable.read() == value


@pytest.mark.parametrize(
    ("variable", "found", "expected"),
    [
        (environment.DEBUG, "perhaps", "on or off"),
        (environment.PORT, "0", "a whole number from 1 to 65535"),
        (environment.PORT, "eighty", "a whole number from 1 to 65535"),
        (environment.POOL, "-1", "a whole number from 0 to 100"),
        (environment.ROLE, "portal", "one of app, owner"),
        (environment.LOG_LEVEL, "loud", "one of DEBUG, INFO, WARNING, ERROR"),
        (environment.REDIS_URL, "localhost:6379", "an address like redis://host:6379/0 or unix:///path/to/socket?db=0"),
        (
            environment.DATABASE_URL,
            "postgresql://h:port/d",
            "an address like postgresql://soundings:password@host:5432/soundings",
        ),
    ],
)
def test_a_malformed_value_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: Variable[object], found: str, expected: str
) -> None:
    monkeypatch.setenv(variable.name, found)
    with pytest.raises(Misconfigured) as raised:
        variable.read()
    assert str(raised.value) == f"{variable.name} is {found!r}, expected {expected}."


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://valkey:6379/3", "redis://valkey:6379/3"),
        ("rediss://u:p@valkey/0", "rediss://u:p@valkey/0"),
        ("unix:///tmp/x/valkey?db=2", "redis+socket:///tmp/x/valkey?virtual_host=2"),
        ("unix:///tmp/a%20b/valkey", "redis+socket:///tmp/a%20b/valkey?virtual_host=0"),
        ("unix://u:p@/tmp/valkey", "redis+socket://u:p@/tmp/valkey?virtual_host=0"),
    ],
)
def test_celery_is_told_of_a_socket_in_its_own_way(redis: str, celery: str) -> None:
    assert environment.broker_url(redis) == celery


def test_every_variable_is_explained_and_nothing_else() -> None:
    example = (environment.ROOT / ".env.example").read_text()
    explained = re.findall(r"(?:^|\n)# [^\n]+\n(?:# [^\n]+\n)*([A-Z_]+)=", example)
    assert explained == re.findall(r"^([A-Z_]+)=", example, re.MULTILINE), "each has a comment above it"
    compose = (environment.ROOT / "docker-compose.yml").read_text()
    assert yaml.safe_load(compose)
    asked_by_compose = set(re.findall(r"\$\{([A-Z_]+)", compose))
    assert set(explained) == set(environment.VARIABLES) | asked_by_compose
    assert asked_by_compose - set(environment.VARIABLES) == {"POSTGRES_PASSWORD"}


def test_every_value_of_the_example_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    example = (environment.ROOT / ".env.example").read_text()
    for name, value in re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE):
        if name in environment.VARIABLES:
            monkeypatch.setenv(name, value)
            environment.VARIABLES[name].read()
