"""Versions of the records that people change, and advice that keeps what was expected of it.

A trigger raises the version of each row that an UPDATE really changes, and names who it was if the transaction says
so (`SET LOCAL soundings.person`): nobody else can forget to, neither the importer nor the admin site. A form changes
the version it showed, or nothing. Who was seen in a check-in is stored beside it, and raises its version as well;
a check-in that the same transaction has written already is left alone, so that a load writes no row twice.

What was expected of a recommendation can't be reworded once the client has decided (DOMAIN.md, 9). So that this can't
be got round, such a decision does not become open again.
"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

VERSIONED = (
    "checkin",
    "client",
    "contact",
    "engagement",
    "goal",
    "involvement",
    "kpi",
    "opportunity",
    "recommendation",
    "standing",
)

FUNCTION = """
CREATE FUNCTION accounts_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_by_id := nullif(current_setting('soundings.person', true), '')::bigint;
    RETURN NEW;
END $$;
"""
# Named so that it comes last: what other triggers change is a change, too.
RAISES = """
CREATE TRIGGER version_is_raised BEFORE UPDATE ON accounts_{table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION accounts_raise_version();
ALTER TABLE accounts_{table} ENABLE ALWAYS TRIGGER version_is_raised;
"""
RAISES_NO_MORE = "DROP TRIGGER version_is_raised ON accounts_{table}"

ATTENDANCE = """
CREATE FUNCTION accounts_attendance_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_checkin SET version = version + 1
    WHERE id IN (SELECT check_in_id FROM changed) AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$;
"""
ATTENDANCE_OF = """
CREATE TRIGGER attendance_added AFTER INSERT ON accounts_{table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION accounts_attendance_changed();
CREATE TRIGGER attendance_removed AFTER DELETE ON accounts_{table}
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION accounts_attendance_changed();
ALTER TABLE accounts_{table} ENABLE ALWAYS TRIGGER attendance_added;
ALTER TABLE accounts_{table} ENABLE ALWAYS TRIGGER attendance_removed;
"""
NO_ATTENDANCE_OF = """
DROP TRIGGER attendance_added ON accounts_{table};
DROP TRIGGER attendance_removed ON accounts_{table};
"""

EXPECTED = """
CREATE FUNCTION accounts_expected_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.expected, OLD.expected_by) IS DISTINCT FROM (NEW.expected, NEW.expected_by) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'recommendation_expected_stays',
            MESSAGE = format(
                'What was expected of recommendation %s stays as it was when the client decided.', OLD.external_id);
    END IF;
    IF NEW.decision IN ('', 'pending') AND (OLD.expected <> '' OR OLD.expected_by IS NOT NULL) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'recommendation_decision_stays',
            MESSAGE = format(
                'The client has decided on recommendation %s: what was expected of it holds, so the decision '
                'can become another one, but not open again.', OLD.external_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER expected_stays BEFORE UPDATE ON accounts_recommendation
    FOR EACH ROW WHEN (OLD.decision IN ('adopted', 'partly', 'declined'))
    EXECUTE FUNCTION accounts_expected_stays();
ALTER TABLE accounts_recommendation ENABLE ALWAYS TRIGGER expected_stays;
"""
NO_EXPECTED = """
DROP TRIGGER expected_stays ON accounts_recommendation;
DROP FUNCTION accounts_expected_stays();
"""


def columns(model: str) -> list[migrations.operations.base.Operation]:
    """What each of the tables is given."""
    return [
        migrations.AddField(
            model, "version", models.IntegerField(db_default=1, editable=False, verbose_name="version")
        ),
        migrations.AddField(
            model,
            "changed_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="last changed by",
            ),
        ),
    ]


class Migration(migrations.Migration):
    """Columns, and the triggers that keep them."""

    dependencies: ClassVar = [("accounts", "0004_first_start")]

    operations: ClassVar = [
        *(operation for model in VERSIONED for operation in columns(model)),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION accounts_raise_version()"),
        *(migrations.RunSQL(RAISES.format(table=table), RAISES_NO_MORE.format(table=table)) for table in VERSIONED),
        migrations.RunSQL(ATTENDANCE, "DROP FUNCTION accounts_attendance_changed()"),
        *(
            migrations.RunSQL(ATTENDANCE_OF.format(table=table), NO_ATTENDANCE_OF.format(table=table))
            for table in ("checkincontact", "checkinperson")
        ),
        migrations.RunSQL(EXPECTED, NO_EXPECTED),
    ]
