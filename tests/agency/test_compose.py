"""Tests that docker compose starts what the demo starts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from agency import environment
from agency.processes import Process, processes


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((environment.ROOT / "docker-compose.yml").read_text())
    return found


LISTED = processes("0.0.0.0:8000")
# What the command that starts the demo hands to all of its processes.
FOR_ALL = {"DATABASE_URL", "REDIS_URL", "SOUNDINGS_SECRET_KEY"}


@pytest.mark.parametrize("process", LISTED, ids=lambda process: process.name)
def test_a_service_runs_the_same_command_with_the_same_variables(process: Process, compose: dict[str, Any]) -> None:
    service = compose["services"][process.name]
    assert service["command"] == ["python", "-m", process.module, *process.arguments]
    given: dict[str, str] = service["environment"]
    assert set(given) >= FOR_ALL
    own = {name: value for name, value in given.items() if not value.startswith("${" + name)}
    assert own == process.variables, "all others are passed on from .env"


def test_compose_has_these_services_and_what_they_stand_on(compose: dict[str, Any]) -> None:
    own = {process.name for process in LISTED}
    assert set(compose["services"]) == own | {"postgres", "valkey", "roles", "migrate"}
    assert compose["services"]["postgres"]["image"] == "postgres:18"


def test_only_the_roles_are_made_with_an_administrators_address(compose: dict[str, Any]) -> None:
    with_it = [
        name for name, service in compose["services"].items() if "DATABASE_ADMIN_URL" in service.get("environment", {})
    ]
    assert with_it == ["roles"]


def test_every_variable_of_compose_is_one_that_is_read(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "postgres":
            assert set(service.get("environment", {})) <= set(environment.VARIABLES)


# What one process is told and another is not, what the image says, and what is for the demo and for development.
NOT_FOR_ALL = {"DATABASE_ADMIN_URL", "SOUNDINGS_POOL", "SOUNDINGS_PORT", "SOUNDINGS_PROGRAM", "SOUNDINGS_ROLE"}
IN_THE_IMAGE = {"SOUNDINGS_STATIC"}
AT_HOME = {"SOUNDINGS_DATA", "SOUNDINGS_DEBUG", "SOUNDINGS_DEMO"}


@pytest.mark.parametrize("process", LISTED, ids=lambda process: process.name)
def test_every_variable_that_is_read_reaches_the_containers(process: Process, compose: dict[str, Any]) -> None:
    given = set(compose["services"][process.name]["environment"])
    assert set(environment.VARIABLES) - NOT_FOR_ALL - IN_THE_IMAGE - AT_HOME - given == set()
