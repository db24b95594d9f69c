"""What goes between a client and its agency: comments, follow-ups, agreement to goals, and the pulse on its way.

None of it is in a figure but by what follows from it: a pulse that is sent, and the day on which a goal was agreed.
"""

from typing import ClassVar

import accounts.models.identifiers
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# As in 0002_ledger: an index of ids in byte order serves LIKE as well, and a second would only cost.
SECOND_INDEXES = """
DO $$
DECLARE
    second regclass;
BEGIN
    FOR second IN
        SELECT i.indexrelid::regclass
        FROM pg_index i
        JOIN pg_opclass o ON o.oid = i.indclass[0] AND o.opcname = 'varchar_pattern_ops'
        WHERE i.indrelid IN ('accounts_comment'::regclass, 'accounts_followup'::regclass)
    LOOP
        EXECUTE format('DROP INDEX %s', second);
    END LOOP;
END $$;
"""

# A client's people may say that a goal is theirs, and change nothing else of it.
AGREEMENT = """
CREATE FUNCTION accounts_goal_is_agreed() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_goal SET agreed_on = NEW.agreed_on WHERE id = NEW.goal_id AND agreed_on IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION accounts_goal_is_agreed() FROM PUBLIC;

CREATE TRIGGER goal_is_agreed AFTER INSERT ON accounts_goalagreement
    FOR EACH ROW EXECUTE FUNCTION accounts_goal_is_agreed();
ALTER TABLE accounts_goalagreement ENABLE ALWAYS TRIGGER goal_is_agreed;
"""
AGREEMENT_BACK = """
DROP TRIGGER goal_is_agreed ON accounts_goalagreement;
DROP FUNCTION accounts_goal_is_agreed();
"""


def belongs(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    """A foreign key over two columns: the row it points at, and whose that row is."""
    return migrations.RunSQL(
        f"ALTER TABLE accounts_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, client_id) "
        f"REFERENCES accounts_{target} (id, client_id) ON UPDATE CASCADE",
        f"ALTER TABLE accounts_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    """Five tables, and what keeps each row with its client."""

    dependencies: ClassVar = [
        ("accounts", "0009_mail"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "side",
                    models.CharField(
                        choices=[("client", "Client"), ("agency", "Agency")], max_length=10, verbose_name="side"
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                (
                    "body",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="comment"
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ("written_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "subject",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(500)], verbose_name="about"),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("answer", models.TextField(blank=True, db_default="", default="", verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ("-asked_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="GoalAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                ("agreed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="agreed")),
            ],
            options={
                "verbose_name": "agreement to a goal",
                "verbose_name_plural": "agreements to goals",
                "ordering": ("-agreed_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PulseRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("client", "Client"), ("agency", "Agency")], max_length=10, verbose_name="side"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="quarter from")),
                ("answer_by", models.DateField(verbose_name="answer by")),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
            ],
            options={
                "verbose_name": "pulse request",
                "verbose_name_plural": "pulse requests",
                "ordering": ("-asked_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="PulseSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("client", "Client"), ("agency", "Agency")], max_length=10, verbose_name="side"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="quarter from")),
                ("commitment", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="commitment")),
                ("approach", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="approach")),
                ("action", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="action")),
                ("loyalty", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="loyalty")),
                ("trust", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trust")),
                ("ownership", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ownership")),
                ("value", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="value")),
                ("involvement", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="involvement")),
                (
                    "communication",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="communication"),
                ),
                (
                    "collaboration",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="collaboration"),
                ),
                ("reduces_risk", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="reduces risk")),
                (
                    "improves_decisions",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="improves decisions"),
                ),
                (
                    "supports_direction",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="supports direction"),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("confidential", models.BooleanField(blank=True, null=True, verbose_name="confidential")),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent on")),
            ],
            options={
                "verbose_name": "pulse sheet",
                "verbose_name_plural": "pulse sheets",
                "ordering": ("-starts_on", "-id"),
            },
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(fields=("id", "client"), name="recommendation_of_client"),
        ),
        migrations.AddField(
            model_name="comment",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="accounts.goal",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="kpi",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="accounts.kpi",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="recommendation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="accounts.recommendation",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="replies_to",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="accounts.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="goalagreement",
            name="agreed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agreed by",
            ),
        ),
        migrations.AddField(
            model_name="goalagreement",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goal_agreements",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="goalagreement",
            name="goal",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="accounts.goal",
            ),
        ),
        migrations.AddField(
            model_name="pulserequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="pulserequest",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pulse_requests",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="pulserequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pulse_requests", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="pulsesheet",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pulse_sheets",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="pulsesheet",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pulse_sheets", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["client", "written_at"], name="comment_client"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("id", "client"), name="comment_of_client"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["client", "agency"])), name="comment_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("goal__isnull", True), ("recommendation__isnull", True)),
                    models.Q(("goal__isnull", True), ("kpi__isnull", True)),
                    models.Q(("kpi__isnull", True), ("recommendation__isnull", True)),
                    _connector="OR",
                ),
                name="comment_about_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replies_to__isnull", True),
                    models.Q(("goal__isnull", True), ("kpi__isnull", True), ("recommendation__isnull", True)),
                    _connector="OR",
                ),
                name="comment_reply_is_about_what_it_replies_to",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("side", "agency"), _negated=True), ("replies_to__isnull", False), _connector="OR"
                ),
                name="comment_agency_replies",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length("body"), 0),
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("body"), 5000),
                ),
                name="comment_length",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["client", "asked_at"], name="follow_up_client"),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="follow_up_answered_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length("subject"), 0),
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("subject"), 500),
                ),
                name="follow_up_length",
            ),
        ),
        migrations.AddIndex(
            model_name="goalagreement",
            index=models.Index(fields=["client", "agreed_at"], name="goal_agreement_client"),
        ),
        migrations.AddConstraint(
            model_name="goalagreement",
            constraint=models.UniqueConstraint(fields=("goal",), name="goal_agreement_key"),
        ),
        migrations.AddConstraint(
            model_name="pulserequest",
            constraint=models.UniqueConstraint(
                fields=("client", "starts_on", "side", "person"), name="pulse_request_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["client", "agency"])), name="pulse_request_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "en", "fr", "de"])), name="pulse_request_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_by__gte", models.F("starts_on"))), name="pulse_request_in_its_quarter"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsesheet",
            constraint=models.UniqueConstraint(
                fields=("client", "starts_on", "side", "person"), name="pulse_sheet_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsesheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["client", "agency"])), name="pulse_sheet_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsesheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("commitment__isnull", True), ("commitment__range", (1, 5)), _connector="OR"),
                    models.Q(("approach__isnull", True), ("approach__range", (1, 5)), _connector="OR"),
                    models.Q(("action__isnull", True), ("action__range", (1, 5)), _connector="OR"),
                    models.Q(("loyalty__isnull", True), ("loyalty__range", (1, 5)), _connector="OR"),
                    models.Q(("trust__isnull", True), ("trust__range", (1, 5)), _connector="OR"),
                    models.Q(("ownership__isnull", True), ("ownership__range", (1, 5)), _connector="OR"),
                    models.Q(("value__isnull", True), ("value__range", (1, 5)), _connector="OR"),
                    models.Q(("involvement__isnull", True), ("involvement__range", (1, 5)), _connector="OR"),
                    models.Q(("communication__isnull", True), ("communication__range", (1, 5)), _connector="OR"),
                    models.Q(("collaboration__isnull", True), ("collaboration__range", (1, 5)), _connector="OR"),
                    models.Q(("reduces_risk__isnull", True), ("reduces_risk__range", (1, 5)), _connector="OR"),
                    models.Q(
                        ("improves_decisions__isnull", True), ("improves_decisions__range", (1, 5)), _connector="OR"
                    ),
                    models.Q(
                        ("supports_direction__isnull", True), ("supports_direction__range", (1, 5)), _connector="OR"
                    ),
                ),
                name="pulse_sheet_1_to_5",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsesheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side", "client"),
                    models.Q(
                        ("improves_decisions__isnull", True),
                        ("reduces_risk__isnull", True),
                        ("supports_direction__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="pulse_sheet_statements_are_the_clients",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsesheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_on__isnull", True),
                    models.Q(
                        ("action__isnull", True),
                        ("approach__isnull", True),
                        ("collaboration__isnull", True),
                        ("comment", ""),
                        ("commitment__isnull", True),
                        ("communication__isnull", True),
                        ("confidential__isnull", True),
                        ("improves_decisions__isnull", True),
                        ("involvement__isnull", True),
                        ("loyalty__isnull", True),
                        ("ownership__isnull", True),
                        ("reduces_risk__isnull", True),
                        ("supports_direction__isnull", True),
                        ("trust__isnull", True),
                        ("value__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="pulse_sheet_is_blank_once_sent",
            ),
        ),
        belongs("comment", "comment_of_goal_and_client", "goal_id", "goal"),
        belongs("comment", "comment_of_recommendation_and_client", "recommendation_id", "recommendation"),
        belongs("comment", "comment_of_kpi_and_client", "kpi_id", "kpi"),
        belongs("comment", "comment_of_comment_and_client", "replies_to_id", "comment"),
        belongs("goalagreement", "goal_agreement_of_goal_and_client", "goal_id", "goal"),
        migrations.RunSQL(SECOND_INDEXES, migrations.RunSQL.noop),
        migrations.RunSQL(AGREEMENT, AGREEMENT_BACK),
    ]
