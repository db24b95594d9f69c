"""The client's view as its own people may be shown it: kept beside the figures, from the next night on."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0005_decision_versions")]

    operations = [
        migrations.AddField(
            model_name="clientquarter",
            name="client_pulse_to_show",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DecimalField(decimal_places=20, max_digits=40, null=True), null=True, size=10
            ),
        ),
    ]
