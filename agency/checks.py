"""What must be true of the database connection before anything is done with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

import psycopg
from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg.conninfo import conninfo_to_dict

from agency import environment

ABOVE_THE_WALLS = (
    "The database connection is that of {role}, a superuser or a role that bypasses row-level security: "
    "no wall between clients would hold. Use the login that manage.py roles makes."
)
_UNBOUND = """
SELECT rolname FROM pg_catalog.pg_roles
WHERE rolname IN (current_user, session_user) AND (rolsuper OR rolbypassrls)
ORDER BY rolname LIMIT 1
"""
_known_good: WeakSet[Any] = WeakSet()

BOOT_ERROR = 3
"""The exit code at which gunicorn ends, instead of starting the next that would fail as well."""


def role_above_the_walls(psycopg_connection: Any) -> str | None:
    """The role of this connection that row-level security does not bind, if any."""
    found = psycopg_connection.execute(_UNBOUND).fetchone()
    return str(found[0]) if found else None


def look_above_the_walls(address: str, role: str) -> None:
    """Connect once. ImproperlyConfigured for a role above the walls, psycopg.OperationalError where nobody answers."""
    options = f"{conninfo_to_dict(address).get('options', '')} -c role={role}".strip()
    with psycopg.connect(address, options=options, connect_timeout=5) as connection:
        if above := role_above_the_walls(connection):
            raise ImproperlyConfigured(ABOVE_THE_WALLS.format(role=above))


def start_below_the_walls(**kwargs: Any) -> None:
    """Look before the web server, a worker or beat takes up its work; SystemExit, and the sentence on stderr.

    A database that does not answer yet is no reason to stay away: each connection is looked at once more.
    """
    try:
        look_above_the_walls(environment.DATABASE_URL.read(), f"soundings_{environment.ROLE.read()}")
    except psycopg.OperationalError:
        return
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        raise SystemExit(BOOT_ERROR) from None


@receiver(connection_created)
def refuse_a_role_above_the_walls(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Look once at each new connection, whichever process opens it."""
    opened = connection.connection
    if opened in _known_good:
        return
    with opened.cursor() as cursor:
        role = role_above_the_walls(cursor)
    if role is not None:
        connection.close()
        raise ImproperlyConfigured(ABOVE_THE_WALLS.format(role=role))
    _known_good.add(opened)


@register(Tags.database)
def the_connection_is_bound_by_row_level_security(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    for alias in databases or []:
        try:
            connections[alias].ensure_connection()
        except ImproperlyConfigured as error:
            return [Error(str(error), id="agency.E001")]
    return []
