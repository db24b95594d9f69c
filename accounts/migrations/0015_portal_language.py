"""What the portal's role needs to speak: the agency's name and language, and the language a person has chosen."""

from typing import ClassVar

from django.db import migrations

SPEAKS = """
GRANT SELECT (id, name, language) ON accounts_agency TO soundings_portal;
GRANT SELECT (language), UPDATE (language) ON accounts_person TO soundings_portal;
CREATE POLICY portal_changes ON accounts_person FOR UPDATE TO soundings_portal
    USING (id = portal_person()) WITH CHECK (id = portal_person());
"""

SPEAKS_BACK = """
DROP POLICY portal_changes ON accounts_person;
REVOKE SELECT (language), UPDATE (language) ON accounts_person FROM soundings_portal;
REVOKE SELECT (id, name, language) ON accounts_agency FROM soundings_portal;
"""


class Migration(migrations.Migration):
    """A client's person chooses the language they are spoken to in: of themselves that, and nothing else."""

    dependencies: ClassVar = [("accounts", "0014_portal_talk_wall")]

    operations: ClassVar = [migrations.RunSQL(SPEAKS, SPEAKS_BACK)]
