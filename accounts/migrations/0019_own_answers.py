"""A client's people read again what they themselves answered: theirs alone, by the policy of 0014."""

from typing import ClassVar

from django.db import migrations

READS = """
GRANT SELECT (
    client_id, side, respondent, answered_on, commitment, approach, action, loyalty, trust, ownership, value,
    involvement, communication, collaboration, reduces_risk, improves_decisions, supports_direction, comment,
    confidential
) ON accounts_pulse TO soundings_portal;
"""
READS_NO_MORE = """
REVOKE SELECT (
    client_id, side, respondent, answered_on, commitment, approach, action, loyalty, trust, ownership, value,
    involvement, communication, collaboration, reduces_risk, improves_decisions, supports_direction, comment,
    confidential
) ON accounts_pulse FROM soundings_portal;
"""


class Migration(migrations.Migration):
    """A right to read more columns."""

    dependencies: ClassVar = [("accounts", "0018_portal_narrower")]

    operations: ClassVar = [migrations.RunSQL(READS, READS_NO_MORE)]
