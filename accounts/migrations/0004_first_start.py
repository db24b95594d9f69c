"""An index that knows the first start of all, however long the ledger grows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_kpi_readings")]

    operations = [
        migrations.AddIndex(
            model_name="scopechange",
            index=models.Index(
                condition=models.Q(("kind", "start"), ("reverses__isnull", True)),
                fields=["effective_on"],
                name="scope_change_start",
            ),
        ),
    ]
