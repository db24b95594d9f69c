"""The database's roles: who owns the schema, who works in it, who may only look; and the one login that takes each.

`soundings_owner` runs migrations, `soundings_app` is staff pages and workers, `soundings_portal` is clients. None of
them can sign in. The login `soundings` may take each of them and has no right of its own beyond connecting.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

LOGIN = "soundings"
OWNER = "soundings_owner"
APP = "soundings_app"
PORTAL = "soundings_portal"
_GROUPS = (OWNER, APP, PORTAL)
_NO_RIGHTS = sql.SQL("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT")
_ATTRIBUTES = """
SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolinherit
FROM pg_roles WHERE rolname = %s
"""
_TURN = 0x50C4  # one at a time: the lock's number


def establish(admin_url: str, database_url: str) -> list[str]:
    """Make the roles, the database and the rights in it; run again, change nothing. Returns what was made."""
    given = conninfo_to_dict(database_url)
    database = str(given.get("dbname") or LOGIN)
    made: list[str] = []
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        made += _roles(connection, str(given.get("password") or ""))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
            connection.execute(_create_database(database, connection.info.server_version))
            made.append(f"database {database}")
        open_database(connection, database)
        with psycopg.connect(make_conninfo(admin_url, dbname=database), autocommit=True) as inside:
            _rights(inside)
    return made


def open_database(connection: psycopg.Connection[Any], database: str) -> None:
    """Give a database to its owner, and let in nobody but the login; a copy of a database needs this again."""
    for statement in (
        "ALTER DATABASE {database} OWNER TO {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {login}",
        "GRANT TEMPORARY ON DATABASE {database} TO {login}, {app}",
    ):
        connection.execute(_filled(statement, database))


def _filled(statement: str, database: str = "") -> sql.Composed:
    names = {"database": database, "owner": OWNER, "app": APP, "portal": PORTAL, "login": LOGIN}
    # The statements are those written out in this file.
    return sql.SQL(statement).format(**{name: sql.Identifier(value) for name, value in names.items()})


def _roles(connection: psycopg.Connection[Any], password: str) -> list[str]:
    made = []
    for role in (*_GROUPS, LOGIN):
        found = connection.execute(_ATTRIBUTES, [role]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            made.append(f"role {role}")
        if found != (role == LOGIN, False, False, False, False, False, False):
            may_sign_in = sql.SQL("LOGIN" if role == LOGIN else "NOLOGIN")
            connection.execute(sql.SQL("ALTER ROLE {} {} {}").format(sql.Identifier(role), may_sign_in, _NO_RIGHTS))
    for role in _GROUPS:
        grant = sql.SQL("GRANT {} TO {} WITH ADMIN FALSE, INHERIT FALSE, SET TRUE")
        connection.execute(grant.format(sql.Identifier(role), sql.Identifier(LOGIN)))
    if password:
        # Only its hash travels, so that no log keeps it.
        hashed = connection.pgconn.encrypt_password(password.encode(), LOGIN.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(LOGIN), sql.Literal(hashed)))
    return made


def _create_database(database: str, server_version: int) -> sql.Composed:
    statement = "CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
    if server_version >= 170000:
        statement += " LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    return _filled(statement, database)


def _rights(connection: psycopg.Connection[Any]) -> None:
    """What each role may do in the schema. Tables that are there keep the rights their migrations gave them."""
    for statement in (
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}, {portal}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ):
        connection.execute(_filled(statement))


class Command(BaseCommand):
    help = "Makes the database's roles and the database, with an administrator's address; run again, changes nothing."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATABASE_ADMIN_URL:
            raise CommandError("DATABASE_ADMIN_URL is not set: it is the address of an administrator of the database.")
        try:
            made = establish(settings.DATABASE_ADMIN_URL, settings.DATABASE_URL)
        except psycopg.Error as error:
            raise CommandError(f"The roles can't be made: {str(error).strip().splitlines()[0]}.") from None
        self.stdout.write("Made " + ", ".join(made) + "." if made else "All roles are there.")
