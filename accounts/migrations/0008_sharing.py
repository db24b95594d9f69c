"""What a client is shown, and what its people opened: sections, marks on records, visits.

What a record is marked is in no figure, so the marks themselves count for none; yet a changed row marks its client,
as any other does (metrics, 0002_marks), and the night finds nothing moved.
"""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SHAREABLE = ("checkin", "goal", "kpi", "opportunity", "recommendation")


class Migration(migrations.Migration):
    """Two tables, and a mark on five."""

    dependencies: ClassVar = [("accounts", "0007_sample_and_pins")]

    operations: ClassVar = [
        *(
            migrations.AddField(
                model,
                "shared",
                models.BooleanField(
                    db_default=False, default=False, editable=False, verbose_name="shown to the client"
                ),
            )
            for model in SHAREABLE
        ),
        migrations.CreateModel(
            name="PortalVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("home", "Opened their page"),
                            ("visits", "Opened the list of their visits"),
                            ("pulse", "Opened the pulse"),
                            ("pulse_answered", "Answered the pulse"),
                            ("commented", "Wrote a comment"),
                            ("goal_agreed", "Agreed to a goal"),
                            ("follow_up", "Asked for a follow-up"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="at"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portal_visits",
                        to="accounts.client",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "visit",
                "verbose_name_plural": "visits",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["client", "at"], name="portal_visit_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            what__in=[
                                "home",
                                "visits",
                                "pulse",
                                "pulse_answered",
                                "commented",
                                "goal_agreed",
                                "follow_up",
                            ]
                        ),
                        name="portal_visit_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("goals", "Goals"),
                            ("results", "Results"),
                            ("scope", "Scope"),
                            ("agreed", "What was agreed"),
                            ("working", "Working together"),
                            ("advice", "Advice"),
                            ("proposals", "Proposals"),
                            ("people", "People"),
                        ],
                        max_length=20,
                        verbose_name="section",
                    ),
                ),
                (
                    "shared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="open since"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_sections",
                        to="accounts.client",
                    ),
                ),
                (
                    "shared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "shared section",
                "verbose_name_plural": "shared sections",
                "ordering": ("client_id", "section"),
                "constraints": [
                    models.UniqueConstraint(fields=("client", "section"), name="shared_section_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            section__in=[
                                "goals",
                                "results",
                                "scope",
                                "agreed",
                                "working",
                                "advice",
                                "proposals",
                                "people",
                            ]
                        ),
                        name="shared_section_section",
                    ),
                ],
            },
        ),
    ]
