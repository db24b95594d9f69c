"""The figures of a client behind the wall; marks are written by the database itself, whoever changes a record.

A client who answers a pulse marks itself as changed, and has no right on the marks: their functions run as the owner.
"""

from django.db import migrations

OF_A_CLIENT = (
    "metrics_changedclient",
    "metrics_clientcandour",
    "metrics_clientfault",
    "metrics_clientquarter",
    "metrics_decision",
    "metrics_linequarter",
)

# Only what triggers call, which nobody can call otherwise: metrics_mark_all() and the like stay their caller's.
MARKS = (
    "metrics_mark_inserted",
    "metrics_mark_deleted",
    "metrics_mark_updated",
    "metrics_mark_everyone",
    "metrics_mark_client_inserted",
    "metrics_mark_client_deleted",
    "metrics_mark_client_updated",
    "metrics_mark_person_updated",
    "metrics_mark_rate_inserted",
    "metrics_mark_rate_deleted",
    "metrics_mark_rate_updated",
    "metrics_mark_setting_inserted",
    "metrics_mark_setting_deleted",
    "metrics_mark_setting_updated",
)


def walled(table: str) -> migrations.RunSQL:
    """As in accounts 0013: row-level security, and the policy by which the agency's own role sees all of it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY app ON {table} TO soundings_app USING (true) WITH CHECK (true);",
        f"DROP POLICY app ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def by_the_owner(function: str) -> migrations.RunSQL:
    """Let a trigger's function run as the owner, in a search path that nobody can put anything into."""
    return migrations.RunSQL(
        f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = public, pg_temp;"
        f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC;",
        f"ALTER FUNCTION {function}() SECURITY INVOKER RESET search_path;"
        f"GRANT EXECUTE ON FUNCTION {function}() TO PUBLIC;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_wall"),
        ("metrics", "0006_client_view"),
    ]

    operations = [
        *(walled(table) for table in OF_A_CLIENT),
        *(by_the_owner(function) for function in MARKS),
    ]
