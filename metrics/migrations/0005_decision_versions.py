"""Versions of decisions, as accounts 0005 has them of records: two who change one are told of each other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RAISES = """
CREATE TRIGGER version_is_raised BEFORE UPDATE ON metrics_decision
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION accounts_raise_version();
ALTER TABLE metrics_decision ENABLE ALWAYS TRIGGER version_is_raised;
"""
RAISES_NO_MORE = "DROP TRIGGER version_is_raised ON metrics_decision"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_versions"),
        ("metrics", "0004_decisions"),
    ]

    operations = [
        migrations.AddField(
            "decision", "version", models.IntegerField(db_default=1, editable=False, verbose_name="version")
        ),
        migrations.AddField(
            "decision",
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
        migrations.RunSQL(RAISES, RAISES_NO_MORE),
    ]
