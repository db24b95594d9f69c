"""What a client's people read of the records: those marked as shown, in sections that are open, and of them few columns.

What the agency keeps to itself is in no column granted here: how advice was received and whether it was defended, who
started a change of scope and what was noted of it, what an engagement is priced by, what signs a check-in showed,
and opportunities that are an idea so far. Of the agency's people a client sees those who are on its team.
"""

from typing import ClassVar

from django.db import migrations

IS_OPEN = (
    "EXISTS (SELECT FROM accounts_sharedsection AS opened "
    "WHERE opened.client_id = portal_client() AND opened.section = '{section}')"
)

READS = (
    (
        "goal",
        "id, external_id, client_id, title, set_on, agreed_on, due_on, status, closed_on, shared",
        "goals",
        "shared AND ",
    ),
    ("kpi", "id, external_id, client_id, name, unit, direction, shared", "results", "shared AND "),
    (
        "kpireading",
        "id, client_id, kpi_id, month, value, target",
        "results",
        # The KPIs that are seen here are those that this client is shown.
        "kpi_id IN (SELECT kpi.id FROM accounts_kpi AS kpi) AND ",
    ),
    ("engagement", "id, external_id, client_id, name, service_line, billing", "scope", ""),
    (
        "scopechange",
        "id, external_id, client_id, engagement_id, kind, effective_on, value_delta, ends_on, reverses_id",
        "scope",
        "",
    ),
    ("checkin", "id, external_id, client_id, held_on, summary, shared", "agreed", "shared AND "),
    (
        "recommendation",
        "id, external_id, client_id, made_on, subject, decision, outcome, outcome_on, shared",
        "advice",
        "shared AND ",
    ),
    (
        "opportunity",
        "id, external_id, client_id, goal_id, title, service_line, stage, raised_on, closed_on, shared",
        "proposals",
        "shared AND stage IN ('raised', 'agreed', 'declined') AND ",
    ),
    ("teammember", "id, client_id, person_id, role, ended_on", "people", "ended_on IS NULL AND "),
)

# The team that is seen there is this client's own, and only where people are shown.
TEAM = """
CREATE POLICY portal_reads_team ON accounts_person FOR SELECT TO soundings_portal
    USING (id IN (SELECT team.person_id FROM accounts_teammember AS team));
GRANT SELECT (logo) ON accounts_agency TO soundings_portal;
"""
TEAM_BACK = """
REVOKE SELECT (logo) ON accounts_agency FROM soundings_portal;
DROP POLICY portal_reads_team ON accounts_person;
"""


def reads(table: str, columns: str, section: str, further: str) -> migrations.RunSQL:
    """The columns a client's people read of a table, and which rows."""
    is_open = IS_OPEN.format(section=section)
    right = f"SELECT ({columns}) ON accounts_{table}"
    policy = f"POLICY portal_reads ON accounts_{table}"
    return migrations.RunSQL(
        f"GRANT {right} TO soundings_portal;"
        f"CREATE {policy} FOR SELECT TO soundings_portal USING (client_id = portal_client() AND {further}{is_open});",
        f"DROP {policy}; REVOKE {right} FROM soundings_portal;",
    )


class Migration(migrations.Migration):
    """A policy a table."""

    dependencies: ClassVar = [("accounts", "0015_portal_language")]

    operations: ClassVar = [
        *(reads(*table) for table in READS),
        migrations.RunSQL(TEAM, TEAM_BACK),
    ]
