"""What a client's people read of the figures: the scope by quarter, and their own view where it can't be told apart.

No pattern, no score, no view of the agency's, and nothing from which another client could be inferred. And the day
the figures are of, which belongs to no client.
"""

from django.db import migrations

READS = """
GRANT SELECT (id, client_id, starts_on, listed, scope_start, scope_end, client_pulse_to_show)
    ON metrics_clientquarter TO soundings_portal;
CREATE POLICY portal_reads ON metrics_clientquarter FOR SELECT TO soundings_portal
    USING (
        client_id = portal_client()
        AND EXISTS (
            SELECT FROM accounts_sharedsection AS opened
            WHERE opened.client_id = portal_client() AND opened.section IN ('scope', 'working')
        )
    );
GRANT SELECT (as_of, fiscal_month) ON metrics_horizon TO soundings_portal;
"""
READS_BACK = """
REVOKE SELECT (as_of, fiscal_month) ON metrics_horizon FROM soundings_portal;
DROP POLICY portal_reads ON metrics_clientquarter;
REVOKE SELECT (id, client_id, starts_on, listed, scope_start, scope_end, client_pulse_to_show)
    ON metrics_clientquarter FROM soundings_portal;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_portal_records"),
        ("metrics", "0007_wall"),
    ]

    operations = [migrations.RunSQL(READS, READS_BACK)]
