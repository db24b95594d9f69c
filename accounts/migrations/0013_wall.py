"""The wall between clients: row-level security on every table that holds a client's rows.

Three roles meet it. soundings_owner owns the tables and is not held by it (it is not FORCED, which would only stop
pg_dump). soundings_app, the staff's pages and the workers, sees all rows: what a person of the agency may see is
decided in accounts.access. soundings_portal, a client's own people, sees what a policy names and nothing else, and
may do only what it was granted, column by column.

Whose rows those are says the transaction: accounts.portal_wall sets soundings.client_id and soundings.person_id for
its length. Unset, or set to nothing, both are NULL, no row equals NULL, and nothing is seen.

How a new table joins, in the migration that makes it (tests/accounts/wall holds every table to this):

    ALTER TABLE accounts_comment ENABLE ROW LEVEL SECURITY;
    CREATE POLICY app ON accounts_comment TO soundings_app USING (true) WITH CHECK (true);

and where the portal reads or writes it, what it needs and no more, its own client said first:

    GRANT SELECT (id, client_id, body), INSERT (client_id, written_by_id, body) ON accounts_comment TO soundings_portal;
    CREATE POLICY portal_reads ON accounts_comment FOR SELECT TO soundings_portal
        USING (client_id = portal_client() AND shared);
    CREATE POLICY portal_adds ON accounts_comment FOR INSERT TO soundings_portal
        WITH CHECK (client_id = portal_client() AND written_by_id = portal_person());
    CREATE POLICY portal_changes ON accounts_comment FOR UPDATE TO soundings_portal
        USING (client_id = portal_client() AND written_by_id = portal_person())
        WITH CHECK (client_id = portal_client() AND written_by_id = portal_person());

A trigger that writes elsewhere on the portal's behalf is SECURITY DEFINER with a fixed search_path. A view needs
security_invoker; no materialized view is for the portal. docs/wall.md says why.
"""

from typing import ClassVar

from django.db import migrations

OF_A_CLIENT = (
    "accounts_checkin",
    "accounts_checkincontact",
    "accounts_checkinperson",
    "accounts_client",
    "accounts_comment",
    "accounts_contact",
    "accounts_engagement",
    "accounts_followup",
    "accounts_goal",
    "accounts_goalagreement",
    "accounts_involvement",
    "accounts_kpi",
    "accounts_kpireading",
    "accounts_note",
    "accounts_opportunity",
    "accounts_pin",
    "accounts_portalvisit",
    "accounts_pulse",
    "accounts_pulserequest",
    "accounts_pulsesheet",
    "accounts_recommendation",
    "accounts_scopechange",
    "accounts_sharedsection",
    "accounts_standing",
)
# People belong to no client, yet a client's people may see few of them.
WALLED = (*OF_A_CLIENT, "accounts_person")

# STABLE and in SQL, so that they are planned as a part of the query: a VOLATILE one is called for each row.
WHO = """
CREATE FUNCTION portal_client() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('soundings.client_id', true), '')::bigint;

CREATE FUNCTION portal_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('soundings.person_id', true), '')::bigint;
"""

# Of itself a client sees how it is called and reached, and what its own people are called; not what we think of it.
PORTAL = """
GRANT SELECT (id, external_id, name, currency) ON accounts_client TO soundings_portal;
CREATE POLICY portal_reads ON accounts_client FOR SELECT TO soundings_portal
    USING (id = portal_client());

GRANT SELECT (id, client_id, person_id, name, email, role, left_on) ON accounts_contact TO soundings_portal;
CREATE POLICY portal_reads ON accounts_contact FOR SELECT TO soundings_portal
    USING (client_id = portal_client());

GRANT SELECT (id, name, email) ON accounts_person TO soundings_portal;
CREATE POLICY portal_reads ON accounts_person FOR SELECT TO soundings_portal
    USING (id = portal_person());

GRANT SELECT (id, client_id, section) ON accounts_sharedsection TO soundings_portal;
CREATE POLICY portal_reads ON accounts_sharedsection FOR SELECT TO soundings_portal
    USING (client_id = portal_client());

-- Of visits each of a client's people reads their own, and adds to them in their own name.
GRANT SELECT (id, client_id, person_id, what, at), INSERT (client_id, person_id, what)
    ON accounts_portalvisit TO soundings_portal;
CREATE POLICY portal_reads ON accounts_portalvisit FOR SELECT TO soundings_portal
    USING (client_id = portal_client() AND person_id = portal_person());
CREATE POLICY portal_adds ON accounts_portalvisit FOR INSERT TO soundings_portal
    WITH CHECK (client_id = portal_client() AND person_id = portal_person());

ALTER POLICY portal_adds ON accounts_mail WITH CHECK (client_id = portal_client() AND NOT secret);
"""

PORTAL_BACK = """
ALTER POLICY portal_adds ON accounts_mail
    WITH CHECK (client_id = nullif(current_setting('soundings.client_id', true), '')::bigint AND NOT secret);
DROP POLICY portal_reads ON accounts_client;
DROP POLICY portal_reads ON accounts_contact;
DROP POLICY portal_reads ON accounts_person;
DROP POLICY portal_reads ON accounts_sharedsection;
DROP POLICY portal_reads ON accounts_portalvisit;
DROP POLICY portal_adds ON accounts_portalvisit;
-- Taking a right back from a table takes it from its columns, too.
REVOKE ALL ON accounts_client, accounts_contact, accounts_person, accounts_sharedsection, accounts_portalvisit
    FROM soundings_portal;
"""


def walled(table: str) -> migrations.RunSQL:
    """Row-level security on a table, and the policy by which the agency's own role sees all of it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY app ON {table} TO soundings_app USING (true) WITH CHECK (true);",
        f"DROP POLICY app ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    """Every table of a client behind the wall, and the few columns of it that the portal reads from the start."""

    dependencies: ClassVar = [("accounts", "0012_reading_authors")]

    operations: ClassVar = [
        migrations.RunSQL(WHO, "DROP FUNCTION portal_client(), portal_person()"),
        *(walled(table) for table in WALLED),
        migrations.RunSQL(PORTAL, PORTAL_BACK),
    ]
