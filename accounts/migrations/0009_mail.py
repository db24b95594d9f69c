"""The outbox, and the language in which each person is written to.

Mail stands behind the wall between clients: a client's people may post what concerns their own client, such
as the mail that tells an account manager of their comment, and read none of it, not even whether it is there.
"""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

WALL = """
ALTER TABLE accounts_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON accounts_mail TO soundings_app USING (true) WITH CHECK (true);

GRANT INSERT (key, kind, "to", language, subject, text, html, secret, client_id, good_until)
    ON accounts_mail TO soundings_portal;
CREATE POLICY portal_adds ON accounts_mail FOR INSERT TO soundings_portal
    WITH CHECK (client_id = nullif(current_setting('soundings.client_id', true), '')::bigint AND NOT secret);
"""

WALL_BACK = """
DROP POLICY portal_adds ON accounts_mail;
REVOKE ALL ON accounts_mail FROM soundings_portal;
REVOKE INSERT (key, kind, "to", language, subject, text, html, secret, client_id, good_until)
    ON accounts_mail FROM soundings_portal;
DROP POLICY app ON accounts_mail;
ALTER TABLE accounts_mail DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """One table, and one field of a person."""

    dependencies: ClassVar = [
        ("accounts", "0008_sharing"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("subject", models.CharField(max_length=500, verbose_name="subject")),
                ("text", models.TextField(verbose_name="as plain text")),
                ("html", models.TextField(verbose_name="as HTML")),
                ("secret", models.BooleanField(db_default=False, default=False, verbose_name="lets its reader in")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("refused", "Not sent"),
                            ("late", "Too late to send"),
                            ("in_doubt", "Sent, or not"),
                        ],
                        db_default="waiting",
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "posted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="posted"
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="not before"
                    ),
                ),
                ("good_until", models.DateTimeField(blank=True, null=True, verbose_name="of use until")),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="attempts")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                ("handed_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "failed_with",
                    models.TextField(blank=True, db_default="", default="", verbose_name="what went wrong"),
                ),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mail",
                "ordering": ("-posted_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="person",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("fr", "Français"), ("de", "Deutsch")],
                db_default="",
                default="",
                max_length=2,
                verbose_name="language",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "en", "fr", "de"])), name="person_language_is_spoken"
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="client",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mail",
                to="accounts.client",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])), fields=["not_before"], name="mail_open"
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["-posted_at", "-id"], name="mail_latest"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "sent", "refused", "late", "in_doubt"])),
                name="mail_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="mail_sent_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True), ("claimed_at__isnull", False), _connector="OR"
                ),
                name="mail_being_sent_was_claimed",
            ),
        ),
        migrations.RunSQL(WALL, WALL_BACK),
    ]
