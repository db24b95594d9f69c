"""What happens before Django takes over a command: its role in the database, the servers, and failures as sentences."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from agency import catalogues, embedded, environment
from agency.checks import look_above_the_walls
from agency.environment import Misconfigured
from agency.processes import die_with_parent

# Those that change the schema, or look at how it would change, do so as its owner.
OWNERS_COMMANDS = {"migrate", "makemigrations", "optimizemigration", "showmigrations", "sqlmigrate", "squashmigrations"}
# Those that need no server. A check looks at the database it is told of, where that answers.
LONE_COMMANDS = {"check", "collectstatic", "compilemessages", "findstatic", "help", "makemessages", "version"}


class Refused(Exception):
    """A command can't run; the message is a sentence for whoever gave it."""


def main(arguments: list[str]) -> int:
    """Run one command of manage.py; returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    catalogues.compile_stale()
    if os.environ.get("RUN_MAIN") == "true":  # runserver's second process
        die_with_parent(signal.SIGTERM)
    try:
        _run(arguments)
    except (Refused, Misconfigured, embedded.EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(arguments: list[str]) -> None:
    command = arguments[1] if len(arguments) > 1 else "help"
    alone = command in LONE_COMMANDS and "--database" not in arguments
    if command in OWNERS_COMMANDS:
        os.environ["SOUNDINGS_ROLE"] = "owner"
    os.environ["SOUNDINGS_PROGRAM"] = command if command.isidentifier() and command.islower() else "manage"
    with contextlib.ExitStack() as leaving:
        if not alone and not {"--help", "-h", "--version"} & set(arguments):
            addresses = leaving.enter_context(embedded.servers())
            if command == "roles":
                os.environ.setdefault("DATABASE_ADMIN_URL", addresses.admin_url)
            else:
                _try_database(addresses.database_url)
        elif command == "check" and (address := environment.DATABASE_URL.read()):
            with contextlib.suppress(psycopg.OperationalError):
                _look(address)
        _execute(arguments)


def _try_database(address: str) -> None:
    """Connect once, as the command is going to; what goes wrong becomes a sentence."""
    role = f"soundings_{environment.ROLE.read()}"
    given = conninfo_to_dict(address)
    where = f"{given.get('host') or 'localhost'}, database {given.get('dbname') or 'soundings'}"
    try:
        _look(address)
    except psycopg.OperationalError as error:
        said = _said(error)
        if f'role "{role}" does not exist' in said or "permission denied to set role" in said:
            raise Refused(f"{where}: the role {role} can't be taken; manage.py roles makes it.") from None
        raise Refused(f"The database can't be reached ({where}): {said}.") from None


def _look(address: str) -> None:
    """Raises Refused for a role above the walls, psycopg.OperationalError where nobody answers."""
    try:
        look_above_the_walls(address, f"soundings_{environment.ROLE.read()}")
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from None


def _execute(arguments: list[str]) -> None:
    """Run the command under Django; what is known to go wrong becomes a sentence."""
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError, ProgrammingError
    from kombu.exceptions import OperationalError as BrokerError

    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from None
    except ProgrammingError as error:
        missing = isinstance(error.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn)
        if missing and _unapplied():
            raise Refused("The database is not migrated: run manage.py migrate.") from None
        raise
    except (OperationalError, InterfaceError) as error:
        raise Refused(f"The database does not answer: {_said(error)}.") from None
    except BrokerError as error:
        raise Refused(f"The broker does not answer: {_said(error)}.") from None


def _unapplied() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _said(error: BaseException) -> str:
    """What the server said, as part of a sentence."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__
