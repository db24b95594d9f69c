"""The portal sees less: of the settings the calendar alone, colleagues where people are shown, and comments on what it sees.

What weighs how much, and from where on something is good, are the agency's own. A comment is about something that its
writer is shown, as agreement is to a goal that is: otherwise the refusal of a foreign key would tell what is there.
"""

from typing import ClassVar

from django.db import migrations

SETTINGS = """
ALTER TABLE accounts_setting ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON accounts_setting TO soundings_app USING (true) WITH CHECK (true);
CREATE POLICY portal_reads ON accounts_setting FOR SELECT TO soundings_portal
    USING (name IN ('fiscal_year_month', 'time_zone'));
"""
SETTINGS_BACK = """
DROP POLICY portal_reads ON accounts_setting;
DROP POLICY app ON accounts_setting;
ALTER TABLE accounts_setting DISABLE ROW LEVEL SECURITY;
"""

CONTACTS = """
ALTER POLICY portal_reads ON accounts_contact USING (
    client_id = portal_client()
    AND (
        person_id = portal_person()
        OR (
            left_on IS NULL
            AND EXISTS (
                SELECT FROM accounts_sharedsection AS opened
                WHERE opened.client_id = portal_client() AND opened.section = 'people'
            )
        )
    )
);
"""
CONTACTS_BACK = "ALTER POLICY portal_reads ON accounts_contact USING (client_id = portal_client());"

# What is asked for here is seen as the portal sees it: the policies of those tables hold within this one.
COMMENTS = """
ALTER POLICY portal_adds ON accounts_comment WITH CHECK (
    client_id = portal_client()
    AND written_by_id = portal_person()
    AND side = 'client'
    AND (goal_id IS NULL OR goal_id IN (SELECT goal.id FROM accounts_goal AS goal))
    AND (recommendation_id IS NULL OR recommendation_id IN (SELECT advice.id FROM accounts_recommendation AS advice))
    AND (kpi_id IS NULL OR kpi_id IN (SELECT kpi.id FROM accounts_kpi AS kpi))
);
"""
COMMENTS_BACK = """
ALTER POLICY portal_adds ON accounts_comment
    WITH CHECK (client_id = portal_client() AND written_by_id = portal_person() AND side = 'client');
"""


AGREEMENTS = """
ALTER POLICY portal_adds ON accounts_goalagreement WITH CHECK (
    client_id = portal_client()
    AND agreed_by_id = portal_person()
    AND goal_id IN (SELECT goal.id FROM accounts_goal AS goal)
);
"""
AGREEMENTS_BACK = """
ALTER POLICY portal_adds ON accounts_goalagreement
    WITH CHECK (client_id = portal_client() AND agreed_by_id = portal_person());
"""

# The moment of a visit is the database's, yet Django names the column.
VISITS = "GRANT INSERT (at) ON accounts_portalvisit TO soundings_portal"
VISITS_BACK = "REVOKE INSERT (at) ON accounts_portalvisit FROM soundings_portal"


class Migration(migrations.Migration):
    """Four policies and a right."""

    dependencies: ClassVar = [("accounts", "0017_history")]

    operations: ClassVar = [
        migrations.RunSQL(SETTINGS, SETTINGS_BACK),
        migrations.RunSQL(CONTACTS, CONTACTS_BACK),
        migrations.RunSQL(COMMENTS, COMMENTS_BACK),
        migrations.RunSQL(AGREEMENTS, AGREEMENTS_BACK),
        migrations.RunSQL(VISITS, VISITS_BACK),
    ]
