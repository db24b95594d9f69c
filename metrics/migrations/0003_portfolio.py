"""The portfolio's index takes the place of the one it contains."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0002_marks"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="clientquarter",
            name="client_quarter_pattern",
        ),
        migrations.AddIndex(
            model_name="clientquarter",
            index=models.Index(
                fields=["starts_on", "pattern"],
                include=(
                    "client",
                    "listed",
                    "scope_end",
                    "scope_year_start",
                    "pattern_scope_start",
                    "attainment",
                    "partnership_score",
                ),
                name="client_quarter_portfolio",
            ),
        ),
    ]
