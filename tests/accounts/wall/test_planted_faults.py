"""Faults planted in the wall, one at a time: each has to be found by what is asked of the catalogue."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.accounts.wall.catalogue import findings

pytestmark = pytest.mark.django_db

TO_PORTAL = "TO soundings_portal"
FAULTS: dict[str, tuple[str, str]] = {
    "a wall is taken down": (
        "ALTER TABLE accounts_goal DISABLE ROW LEVEL SECURITY",
        "accounts_goal has no row-level security",
    ),
    "a wall is taken down from a table of figures": (
        "ALTER TABLE metrics_clientquarter DISABLE ROW LEVEL SECURITY",
        "metrics_clientquarter has no row-level security",
    ),
    "a wall holds the owner as well, and backups are not whole": (
        "ALTER TABLE accounts_goal FORCE ROW LEVEL SECURITY",
        "accounts_goal forces row-level security on its owner",
    ),
    "a new table of a client stands outside": (
        "SET ROLE soundings_owner; CREATE TABLE accounts_invoice (id bigint, client_id bigint)",
        "accounts_invoice has no row-level security",
    ),
    "a new table refers to a client by another name": (
        "SET ROLE soundings_owner;"
        "CREATE TABLE accounts_invoice (id bigint, about_id bigint REFERENCES accounts_client (id))",
        "accounts_invoice has no row-level security",
    ),
    "a new table hangs on a client's record and does not say whose it is": (
        "SET ROLE soundings_owner;"
        "CREATE TABLE accounts_milestone (id bigint, goal_id bigint REFERENCES accounts_goal (id), text text)",
        "accounts_milestone hangs on accounts_goal and does not say whose client's it is",
    ),
    "a table belongs to the app role, which no policy holds then": (
        "ALTER TABLE accounts_goal OWNER TO soundings_app",
        "accounts_goal is owned by soundings_app",
    ),
    "a part of a table is read past its policies": (
        "SET ROLE soundings_owner; CREATE TABLE accounts_goal_old () INHERITS (accounts_goal)",
        "accounts_goal_old is foreign or a part of another table",
    ),
    "a policy shows everything": (
        "ALTER POLICY portal_reads ON accounts_goal USING (true)",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "a policy shows what is shared, whoever's it is": (
        "ALTER POLICY portal_reads ON accounts_goal USING (shared)",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "an OR opens a policy": (
        "ALTER POLICY portal_reads ON accounts_goal USING (client_id = portal_client() OR shared)",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "an OR opens a policy behind an AND": (
        "ALTER POLICY portal_reads ON accounts_goal"
        " USING (client_id = portal_client() AND shared OR status = 'achieved')",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "a policy shows rows when no client is named": (
        "ALTER POLICY portal_reads ON accounts_goal USING (client_id = coalesce(portal_client(), client_id))",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "a policy narrows by something else that is a client's": (
        "ALTER POLICY portal_reads ON accounts_goal USING (id = portal_client())",
        "accounts_goal's policy portal_reads shows rows of others",
    ),
    "people are shown to each other": (
        "ALTER POLICY portal_reads ON accounts_person USING (role = 'contact')",
        "accounts_person's policy portal_reads shows rows of others",
    ),
    "a second policy opens what the first has closed": (
        f"CREATE POLICY portal_reads_too ON accounts_goal FOR SELECT {TO_PORTAL} USING (status = 'achieved')",
        "accounts_goal's policy portal_reads_too shows rows of others",
    ),
    "a policy is for everybody": (
        "CREATE POLICY everybody ON accounts_goal USING (client_id = portal_client())",
        "accounts_goal's policy everybody is for public",
    ),
    "a policy meant for reading is for all acts": (
        "DROP POLICY portal_reads ON accounts_goal;"
        f"CREATE POLICY portal_reads ON accounts_goal {TO_PORTAL} USING (client_id = portal_client())",
        "accounts_goal's policy portal_reads is for ALL, which its name does not say",
    ),
    "a policy takes rows of any client": (
        "ALTER POLICY portal_adds ON accounts_comment WITH CHECK (written_by_id = portal_person())",
        "accounts_comment's policy portal_adds takes rows of others",
    ),
    "a row may be moved to another client": (
        "DROP POLICY portal_changes ON accounts_pulsesheet;"
        f"CREATE POLICY portal_changes ON accounts_pulsesheet FOR UPDATE {TO_PORTAL}"
        " USING (client_id = portal_client())",
        "accounts_pulsesheet's policy portal_changes leaves open what it takes",
    ),
    "the app role is narrowed, and the night computes half": (
        "ALTER POLICY app ON accounts_goal USING (shared)",
        "accounts_goal's policy app gives the app role something else than all rows",
    ),
    "the app role's policy is gone": ("DROP POLICY app ON accounts_goal", "accounts_goal has no policy for the app"),
    "the portal reads a whole table": (
        f"GRANT SELECT ON accounts_recommendation {TO_PORTAL}",
        "the portal may SELECT all of accounts_recommendation",
    ),
    "the portal reads a column too many": (
        f"GRANT SELECT (reception) ON accounts_recommendation {TO_PORTAL}",
        "the portal may SELECT reception of accounts_recommendation, which nobody decided",
    ),
    "the portal reads people's passwords": (
        f"GRANT SELECT (password) ON accounts_person {TO_PORTAL}",
        "the portal may SELECT password of accounts_person, which nobody decided",
    ),
    "the portal moves its rows to another client": (
        f"GRANT UPDATE (client_id) ON accounts_pulsesheet {TO_PORTAL}",
        "the portal may UPDATE client_id of accounts_pulsesheet, which nobody decided",
    ),
    "the portal deletes": (
        f"GRANT DELETE ON accounts_comment {TO_PORTAL}",
        "the portal may DELETE all of accounts_comment",
    ),
    "the portal empties tables, which no policy looks at": (
        f"GRANT TRUNCATE ON accounts_comment {TO_PORTAL}",
        "the portal may TRUNCATE all of accounts_comment",
    ),
    "the portal passes its rights on": (
        f"GRANT SELECT (id) ON accounts_goal {TO_PORTAL} WITH GRANT OPTION",
        "the portal may give its right to SELECT on accounts_goal to others",
    ),
    "everybody reads a table": ("GRANT SELECT ON accounts_note TO PUBLIC", "everybody may SELECT on accounts_note"),
    "everybody reads a column": (
        "GRANT SELECT (text) ON accounts_note TO PUBLIC",
        "everybody may SELECT on accounts_note",
    ),
    "new tables are open to the portal": (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE soundings_owner IN SCHEMA public GRANT SELECT ON TABLES {TO_PORTAL}",
        "new tables are open to the portal or everybody from the start",
    ),
    "a view reads as its owner": (
        "SET ROLE soundings_owner; CREATE VIEW every_goal AS SELECT * FROM accounts_goal",
        "every_goal is a view that reads as its owner",
    ),
    "a materialized view has no policies": (
        "SET ROLE soundings_owner; CREATE MATERIALIZED VIEW every_goal AS SELECT * FROM accounts_goal;"
        f"GRANT SELECT ON every_goal {TO_PORTAL}",
        "every_goal is a materialized view, which has no policies, and the portal reads it",
    ),
    "a column of a materialized view has none either": (
        "SET ROLE soundings_owner; CREATE MATERIALIZED VIEW every_goal AS SELECT * FROM accounts_goal;"
        f"GRANT SELECT (title) ON every_goal {TO_PORTAL}",
        "every_goal is a materialized view, which has no policies, and the portal reads it",
    ),
    "a rule acts as the owner": (
        "CREATE RULE noted AS ON INSERT TO accounts_comment DO ALSO DELETE FROM accounts_pin",
        "accounts_comment has the rule noted",
    ),
    "a second schema": ("CREATE SCHEMA beside", "the schema beside is none that the wall knows"),
    "a function acts as its owner wherever its caller says": (
        "SET ROLE soundings_owner;"
        "CREATE FUNCTION peep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END'",
        "the function peep acts as its owner in a search path that others can write to",
    ),
    "a function acts as its owner where a temporary table comes first": (
        "ALTER FUNCTION metrics_mark_inserted() SET search_path = pg_temp, public",
        "the function metrics_mark_inserted acts as its owner in a search path that others can write to",
    ),
    "the portal calls what acts as its owner": (
        "SET ROLE soundings_owner;"
        "CREATE FUNCTION peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp"
        " AS 'SELECT count(*) FROM accounts_client'",
        "the portal may call peep, which acts as its owner",
    ),
    "the client is somebody else when none is named": (
        "CREATE OR REPLACE FUNCTION portal_client() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE"
        " RETURN coalesce(nullif(current_setting('soundings.client_id', true), '')::bigint, 1)",
        "portal_client does not say what the transaction says",
    ),
    "the client is asked for once a row": ("ALTER FUNCTION portal_client() VOLATILE", "portal_client is not STABLE"),
    "the portal's role passes by the wall": (
        "ALTER ROLE soundings_portal BYPASSRLS",
        "soundings_portal stands above the wall or has rights of its own",
    ),
    "the portal may become the app": (
        f"GRANT soundings_app {TO_PORTAL}",
        "soundings_portal may become soundings_app",
    ),
    "the login has the app's rights by itself": (
        "GRANT soundings_app TO soundings WITH INHERIT TRUE",
        "the login has the rights of soundings_app without taking it",
    ),
    "a role brings a client along": (
        "ALTER ROLE soundings_portal SET soundings.client_id = '1'",
        "soundings_portal comes with settings of its own",
    ),
    "a role brings a client along in this database": (
        "DO $$ BEGIN EXECUTE format('ALTER ROLE soundings IN DATABASE %I SET soundings.client_id = ''1''',"
        " current_database()); END $$",
        "the database comes with settings of its own",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(
    superuser_connection: psycopg.Connection[Any], fault: str, request: pytest.FixtureRequest
) -> None:
    statements, expected = FAULTS[fault]
    with superuser_connection.transaction(force_rollback=True):
        superuser_connection.execute(statements)
        superuser_connection.execute("RESET ROLE")
        found = findings(superuser_connection)
    assert any(expected in finding for finding in found), found
    request.node.user_properties.append(("counted", ("faults planted in the wall, each of them caught", 1)))


def test_they_are_gone_again(superuser_connection: psycopg.Connection[Any]) -> None:
    assert findings(superuser_connection) == []
