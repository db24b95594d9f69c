"""What the database's own catalogue must say for the wall between clients to stand: every finding is a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg

PORTAL = "soundings_portal"
ROLES = ("soundings_app", PORTAL)

OF_NO_CLIENT = {
    "accounts_person": (
        "id = portal_person()",
        # The team that is seen there is the client's own: that table has its own policy.
        "id IN ( SELECT team.person_id FROM accounts_teammember team)",
    ),
    "accounts_setting": (
        "(name)::text = ANY ((ARRAY['fiscal_year_month'::character varying, 'time_zone'::character varying])::text[])",
    ),
}
"""Behind the wall although they belong to no client, and what the portal may see of them at most."""

_ANSWERS = (
    "commitment approach action loyalty trust ownership value involvement communication collaboration"
    " reduces_risk improves_decisions supports_direction comment confidential"
)
_COMMENT = (
    "external_id client_id side goal_id recommendation_id kpi_id replies_to_id written_by_id signature written_at"
)
OF_NOBODY = {"accounts_agency", "metrics_horizon"}
"""Without a wall: they hold what is told to everybody, such as the agency's name and the day of the figures."""

RIGHTS: dict[str, dict[str, str]] = {
    "accounts_agency": {"SELECT": "id name logo language"},
    "accounts_checkin": {"SELECT": "id external_id client_id held_on summary shared"},
    "accounts_client": {"SELECT": "id external_id name currency"},
    "accounts_contact": {"SELECT": "id client_id person_id name email role left_on"},
    "accounts_comment": {"SELECT": f"id {_COMMENT} body", "INSERT": f"{_COMMENT} body"},
    "accounts_engagement": {"SELECT": "id external_id client_id name service_line billing"},
    "accounts_followup": {
        "SELECT": "id external_id client_id subject asked_by_id asked_as asked_at answer answered_as answered_at",
        "INSERT": "external_id client_id subject asked_by_id asked_as asked_at answer answered_by_id answered_as"
        " answered_at",
    },
    "accounts_goal": {
        "SELECT": "id external_id client_id title set_on agreed_on due_on status closed_on shared",
    },
    "accounts_goalagreement": {
        "SELECT": "id client_id goal_id agreed_by_id agreed_on agreed_at",
        "INSERT": "client_id goal_id agreed_by_id agreed_on agreed_at",
    },
    "accounts_kpi": {"SELECT": "id external_id client_id name unit direction shared"},
    "accounts_kpireading": {"SELECT": "id client_id kpi_id month value target"},
    "accounts_opportunity": {
        "SELECT": "id external_id client_id goal_id title service_line stage raised_on closed_on shared",
    },
    "accounts_recommendation": {
        "SELECT": "id external_id client_id made_on subject decision outcome outcome_on shared",
    },
    "accounts_scopechange": {
        "SELECT": "id external_id client_id engagement_id kind effective_on value_delta ends_on reverses_id",
    },
    "accounts_teammember": {"SELECT": "id client_id person_id role ended_on"},
    "metrics_clientquarter": {
        "SELECT": "id client_id starts_on listed scope_start scope_end client_pulse_to_show",
    },
    "metrics_horizon": {"SELECT": "as_of fiscal_month"},
    "accounts_pulse": {
        "SELECT": f"id client_id side respondent answered_on {_ANSWERS}",
        "INSERT": f"external_id client_id side respondent answered_on {_ANSWERS}",
    },
    "accounts_pulserequest": {"SELECT": "id client_id side person_id starts_on answer_by language asked_as asked_at"},
    "accounts_pulsesheet": {
        "SELECT": f"id client_id side person_id starts_on {_ANSWERS} sent_on",
        "INSERT": f"client_id side person_id starts_on {_ANSWERS} sent_on",
        "UPDATE": f"{_ANSWERS} sent_on",
    },
    "accounts_setting": {"SELECT": "name effective_on value"},
    "accounts_mail": {"INSERT": "key kind to language subject text html secret client_id good_until"},
    "accounts_person": {"SELECT": "id name email language", "UPDATE": "language"},
    "accounts_portalvisit": {"SELECT": "id client_id person_id what at", "INSERT": "client_id person_id what at"},
    "accounts_sharedsection": {"SELECT": "id client_id section"},
}
"""All that the portal may do: by table, what, on which columns. Whoever grants it more decides so here, too."""

FUNCTIONS = {
    "portal_client": "nullif(current_setting('soundings.client_id'::text, true), ''::text))::bigint",
    "portal_person": "nullif(current_setting('soundings.person_id'::text, true), ''::text))::bigint",
}


def findings(connection: psycopg.Connection[Any]) -> list[str]:
    """All that is wrong with the wall, from the catalogue alone; nothing of the data is read."""
    return [
        *_tables(connection),
        *_policies(connection),
        *_rights(connection),
        *_other_objects(connection),
        *_functions(connection),
        *_roles(connection),
    ]


TABLES = """
SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole::text,
       EXISTS (SELECT FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped)
       OR EXISTS (SELECT FROM pg_constraint k
                  WHERE k.conrelid = c.oid AND k.confrelid = 'accounts_client'::regclass) AS has_client,
       EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS is_a_part
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
ORDER BY c.relname
"""


HANGS_ON = """
SELECT k.conrelid::regclass::text, k.confrelid::regclass::text
FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


def walled_tables(connection: psycopg.Connection[Any]) -> set[str]:
    """The tables that must be behind the wall: those of a client, and the few beside them."""
    found = connection.execute(TABLES).fetchall()
    return {row[0] for row in found if row[5] or row[0] == "accounts_client" or row[0] in OF_NO_CLIENT}


def _tables(connection: psycopg.Connection[Any]) -> Iterator[str]:
    must = walled_tables(connection) | (RIGHTS.keys() - OF_NOBODY)
    for name, held_by in connection.execute(HANGS_ON).fetchall():
        if held_by in must - OF_NO_CLIENT.keys() and name not in must:
            yield f"{name} hangs on {held_by} and does not say whose client's it is"
    for name, kind, secured, forced, owner, _, is_a_part in connection.execute(TABLES).fetchall():
        if owner != "soundings_owner":
            yield f"{name} is owned by {owner}, whom its policies don't hold"
        if name in must and not secured:
            yield f"{name} has no row-level security"
        if forced:
            yield f"{name} forces row-level security on its owner, so that no backup is whole"
        if kind == "f" or is_a_part:
            yield f"{name} is foreign or a part of another table, which is read past its policies"


POLICIES = """
SELECT tablename, policyname, permissive, roles::text[], cmd, coalesce(qual, ''), coalesce(with_check, '')
FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2
"""
SHAPES = {"portal_reads": "SELECT", "portal_adds": "INSERT", "portal_changes": "UPDATE", "portal_removes": "DELETE"}


def _policies(connection: psycopg.Connection[Any]) -> Iterator[str]:
    must = walled_tables(connection)
    seen = set()
    for table, name, permissive, roles, command, using, check in connection.execute(POLICIES).fetchall():
        what = f"{table}'s policy {name}"
        if permissive != "PERMISSIVE":
            yield f"{what} is restrictive, which is read wrongly beside the others"
        if roles == ["soundings_app"]:
            seen.add(table)
            if (name, command, using, check) != ("app", "ALL", "true", "true"):
                yield f"{what} gives the app role something else than all rows"
        elif roles == [PORTAL]:
            if command != SHAPES.get("_".join(name.split("_")[:2])):
                yield f"{what} is for {command}, which its name does not say"
            for said, text, commands in (
                ("shows", using, ("SELECT", "UPDATE", "DELETE")),
                ("takes", check, ("INSERT", "UPDATE")),
            ):
                if bool(text) != (command in commands):
                    yield f"{what} leaves open what it {said}"
                if text and not _is_narrow(table, text):
                    yield f"{what} {said} rows of others: {text}"
        else:
            yield f"{what} is for {', '.join(roles)}"
    for table in sorted(must - seen):
        yield f"{table} has no policy for the app role"


def _is_narrow(table: str, expression: str) -> bool:
    """Whether the whole condition is, or is an AND that begins with, the row being of the portal's own client."""
    own = OF_NO_CLIENT.get(table, ("client_id = portal_client()",))
    if table == "accounts_client":
        own = ("id = portal_client()",)
    text = re.sub(r"\s+", " ", expression)
    # Postgres writes every AND and OR within parentheses of its own.
    return any(text == f"({condition})" or text.startswith(f"(({condition}) AND ") for condition in own)


RIGHTS_GIVEN = """
SELECT c.relname, acl.privilege_type, NULL, acl.is_grantable, acl.grantee
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) acl
WHERE c.relnamespace = 'public'::regnamespace AND acl.grantee IN (0, %(portal)s::regrole)
UNION ALL
SELECT c.relname, acl.privilege_type, a.attname, acl.is_grantable, acl.grantee
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN LATERAL aclexplode(a.attacl) acl
WHERE c.relnamespace = 'public'::regnamespace AND acl.grantee IN (0, %(portal)s::regrole)
ORDER BY 1, 2, 3
"""
DEFAULTS = """
SELECT 1 FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) acl
WHERE acl.grantee IN (0, %s::regrole) AND d.defaclobjtype IN ('r', 'S')
"""


def _rights(connection: psycopg.Connection[Any]) -> Iterator[str]:
    given: dict[tuple[str, str], set[str]] = {}
    for table, what, column, may_pass_on, grantee in connection.execute(RIGHTS_GIVEN, {"portal": PORTAL}).fetchall():
        if grantee == 0:
            yield f"everybody may {what} on {table}"
            continue
        if column is None:
            yield f"the portal may {what} all of {table}, not only columns that were named"
            continue
        if may_pass_on:
            yield f"the portal may give its right to {what} on {table} to others"
        given.setdefault((table, what), set()).add(column)
    wanted = {
        (table, what): set(columns.split()) for table, rights in RIGHTS.items() for what, columns in rights.items()
    }
    for table, what in sorted(given.keys() | wanted.keys()):
        more = given.get((table, what), set()) - wanted.get((table, what), set())
        less = wanted.get((table, what), set()) - given.get((table, what), set())
        if more:
            yield f"the portal may {what} {', '.join(sorted(more))} of {table}, which nobody decided"
        if less:
            yield f"the portal may not {what} {', '.join(sorted(less))} of {table}"
    if connection.execute(DEFAULTS, [PORTAL]).fetchone():
        yield "new tables are open to the portal or everybody from the start"


VIEWS = """
SELECT c.relname, c.relkind::text, coalesce(c.reloptions::text, ''),
       has_table_privilege(%(portal)s, c.oid, 'SELECT') OR has_any_column_privilege(%(portal)s, c.oid, 'SELECT')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
"""
RULES = """
SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""
SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%%' AND nspname NOT IN ('information_schema', 'public')
"""


def _other_objects(connection: psycopg.Connection[Any]) -> Iterator[str]:
    for name, kind, options, is_open in connection.execute(VIEWS, {"portal": PORTAL}).fetchall():
        if kind == "m" and is_open:
            yield f"{name} is a materialized view, which has no policies, and the portal reads it"
        if kind == "v" and not re.search(r"security_invoker=(true|on|1)", options):
            yield f"{name} is a view that reads as its owner"
    for table, rule in connection.execute(RULES).fetchall():
        yield f"{table} has the rule {rule}, which may act as its owner"
    for (schema,) in connection.execute(SCHEMAS).fetchall():
        yield f"the schema {schema} is none that the wall knows"


FUNCTIONS_MADE = """
SELECT p.proname, p.prosecdef, p.provolatile::text, coalesce(p.proconfig::text, ''), p.proowner::regrole::text,
       p.prorettype = 'trigger'::regtype, pg_get_functiondef(p.oid),
       has_function_privilege(%(portal)s, p.oid, 'EXECUTE')
FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
"""


def _functions(connection: psycopg.Connection[Any]) -> Iterator[str]:
    seen = set()
    for name, definer, volatile, config, owner, trigger, text, is_open in connection.execute(
        FUNCTIONS_MADE, {"portal": PORTAL}
    ).fetchall():
        if owner != "soundings_owner":
            yield f"the function {name} is owned by {owner}"
        if definer and not re.search(r"search_path=(pg_catalog, )?public, pg_temp\"", config):
            yield f"the function {name} acts as its owner in a search path that others can write to"
        if definer and is_open and not trigger:
            yield f"the portal may call {name}, which acts as its owner"
        if name in FUNCTIONS:
            seen.add(name)
            if volatile != "s":
                yield f"{name} is not STABLE"
            if definer or not text.strip().lower().endswith(f"return ({FUNCTIONS[name]}"):
                yield f"{name} does not say what the transaction says"
    for name in sorted(FUNCTIONS.keys() - seen):
        yield f"{name} is not there"


ROLES_MADE = """
SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit,
       rolconfig::text
FROM pg_roles WHERE rolname IN ('soundings', 'soundings_app', 'soundings_owner', 'soundings_portal')
"""
SETTINGS = """
SELECT s.setconfig::text FROM pg_db_role_setting s
WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND (s.setrole = 0 OR s.setrole::regrole::text LIKE 'soundings%%')
  AND s.setconfig::text ~ 'soundings|role|search_path'
"""
MEMBERS = """
SELECT roleid::regrole::text, member::regrole::text, inherit_option OR admin_option
FROM pg_auth_members
WHERE roleid::regrole::text LIKE 'soundings%%' OR member::regrole::text LIKE 'soundings%%'
"""


def _roles(connection: psycopg.Connection[Any]) -> Iterator[str]:
    for role, above, config in connection.execute(ROLES_MADE).fetchall():
        if above:
            yield f"{role} stands above the wall or has rights of its own"
        if config:
            yield f"{role} comes with settings of its own: {config}"
    for (setting,) in connection.execute(SETTINGS).fetchall():
        yield f"the database comes with settings of its own: {setting}"
    for role, member, has_rights in connection.execute(MEMBERS).fetchall():
        if member != "soundings":
            yield f"{member} may become {role}"
        elif has_rights:
            yield f"the login has the rights of {role} without taking it"
