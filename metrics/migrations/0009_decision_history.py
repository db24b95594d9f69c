"""The history of the decisions that were taken in reviews."""

import accounts.models.identifiers
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0017_history"),
        ("metrics", "0008_portal_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionHistory",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_before", models.JSONField(null=True, verbose_name="before")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "external_id",
                    models.CharField(
                        db_collation="C",
                        default=accounts.models.identifiers.new_external_id,
                        max_length=200,
                        verbose_name="id",
                    ),
                ),
                ("decided_in", models.DateField(verbose_name="decided in the quarter that began on")),
                ("text", models.CharField(max_length=1000, verbose_name="decision")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="closed on")),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "db_table": "metrics_decisionhistory",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="history_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "metrics_decisionhistory" ("id", "external_id", "client_id", "decided_in", "text", "owner_id", "due_on", "state", "closed_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id") SELECT new_values."id", new_values."external_id", new_values."client_id", new_values."decided_in", new_values."text", new_values."owner_id", new_values."due_on", new_values."state", new_values."closed_on", clock_timestamp(), \'added\', new_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint FROM new_values ; RETURN NULL;',
                    hash="bc2c2817623b8ee8dca587174badf78005370538",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_added_52548",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="metrics_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="history_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "metrics_decisionhistory" ("id", "external_id", "client_id", "decided_in", "text", "owner_id", "due_on", "state", "closed_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id", "pgh_before") SELECT new_values."id", new_values."external_id", new_values."client_id", new_values."decided_in", new_values."text", new_values."owner_id", new_values."due_on", new_values."state", new_values."closed_on", clock_timestamp(), \'changed\', new_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint, jsonb_build_object(\'id\', old_values."id", \'external_id\', old_values."external_id", \'client_id\', old_values."client_id", \'decided_in\', old_values."decided_in", \'text\', old_values."text", \'owner_id\', old_values."owner_id", \'due_on\', old_values."due_on", \'state\', old_values."state", \'closed_on\', old_values."closed_on") FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE ((old_values."id", old_values."external_id", old_values."client_id", old_values."decided_in", old_values."text", old_values."owner_id", old_values."due_on", old_values."state", old_values."closed_on") IS DISTINCT FROM (new_values."id", new_values."external_id", new_values."client_id", new_values."decided_in", new_values."text", new_values."owner_id", new_values."due_on", new_values."state", new_values."closed_on")); RETURN NULL;',
                    hash="3ee7ad4e1b4afba9fe280871755c063025bd1dfb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_changed_a8b70",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="metrics_decision",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="history_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "metrics_decisionhistory" ("id", "external_id", "client_id", "decided_in", "text", "owner_id", "due_on", "state", "closed_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id") SELECT old_values."id", old_values."external_id", old_values."client_id", old_values."decided_in", old_values."text", old_values."owner_id", old_values."due_on", old_values."state", old_values."closed_on", clock_timestamp(), \'removed\', old_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint FROM old_values ; RETURN NULL;',
                    hash="f9e41956d7594389e821f23e21c75c54d7b0cd05",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_removed_932b8",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="metrics_decision",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="decisionhistory",
            name="client",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.client",
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="decisionhistory",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="decisionhistory",
            name="pgh_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisionhistory",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="metrics.decision",
            ),
        ),
        migrations.AddIndex(
            model_name="decisionhistory",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="decision_history_of"),
        ),
        migrations.AddIndex(
            model_name="decisionhistory",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="decision_history_at"),
        ),
        migrations.AddIndex(
            model_name="decisionhistory",
            index=models.Index(fields=["client", "pgh_created_at"], name="decision_history_client"),
        ),
        migrations.RunSQL(
            "CALL accounts_seal_history('metrics_decision')",
            "DROP TRIGGER history_needs_the_id ON metrics_decision",
        ),
    ]
