"""Notes of the agency's own, with their versions. They are in no figure, so that they mark no client as changed."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.identifiers

RAISES = """
CREATE TRIGGER version_is_raised BEFORE UPDATE ON accounts_note
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION accounts_raise_version();
ALTER TABLE accounts_note ENABLE ALWAYS TRIGGER version_is_raised;
"""


# As in 0002_ledger: an index of ids in byte order serves LIKE as well, and a second would only cost.
SECOND_INDEX = """
DO $$
DECLARE
    second regclass;
BEGIN
    FOR second IN
        SELECT i.indexrelid::regclass
        FROM pg_index i
        JOIN pg_opclass o ON o.oid = i.indclass[0] AND o.opcname = 'varchar_pattern_ops'
        WHERE i.indrelid = 'accounts_note'::regclass
    LOOP
        EXECUTE format('DROP INDEX %s', second);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """A table."""

    dependencies: ClassVar = [("accounts", "0005_versions")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField(db_default=1, editable=False, verbose_name="version")),
                (
                    "external_id",
                    models.CharField(
                        db_collation="C",
                        default=accounts.models.identifiers.new_external_id,
                        max_length=200,
                        unique=True,
                        verbose_name="id",
                    ),
                ),
                ("written_on", models.DateField(verbose_name="written on")),
                ("text", models.TextField(verbose_name="text")),
                (
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
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="accounts.client",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ("-written_on", "-id"),
                "indexes": [models.Index(fields=["client", "written_on"], name="note_client")],
            },
        ),
        migrations.RunSQL(SECOND_INDEX, migrations.RunSQL.noop),
        migrations.RunSQL(RAISES, "DROP TRIGGER version_is_raised ON accounts_note"),
    ]
