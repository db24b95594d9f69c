"""Which logo the agency has is in its history, and the audit has kinds more: what was refused, ended and looked at."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """A field of the agency that follows from its logo, with its history."""

    dependencies: ClassVar = [("accounts", "0020_mail_to_the_team")]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="agency",
            name="history_added",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="agency",
            name="history_changed",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="agency",
            name="history_removed",
        ),
        migrations.AddField(
            model_name="agency",
            name="logo_hash",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.Func(models.F("logo"), function="sha256"), models.Value("hex"), function="encode"
                ),
                output_field=models.CharField(max_length=64, null=True, verbose_name="logo"),
                verbose_name="logo",
            ),
        ),
        migrations.AddField(
            model_name="agencyhistory",
            name="logo_hash",
            field=models.CharField(max_length=64, null=True, verbose_name="logo"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("signed_out", "Signed out"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("sessions_ended", "Sessions ended"),
                    ("access", "Way of signing in changed"),
                    ("refused", "Refused"),
                    ("loaded", "Files loaded"),
                    ("load_refused", "Load refused"),
                    ("sample", "Sample agency"),
                    ("taken_along", "Taken along"),
                    ("seen_as_client", "Seen as the client"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agency",
            trigger=pgtrigger.compiler.Trigger(
                name="history_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_agencyhistory" ("id", "name", "logo_hash", "managers_read", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id") SELECT new_values."id", new_values."name", new_values."logo_hash", new_values."managers_read", new_values."language", clock_timestamp(), \'added\', new_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint FROM new_values ; RETURN NULL;',
                    hash="91adf273153c2ba0ba8e76044beb4a0a5632aec3",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_added_a199c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="accounts_agency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agency",
            trigger=pgtrigger.compiler.Trigger(
                name="history_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_agencyhistory" ("id", "name", "logo_hash", "managers_read", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id", "pgh_before") SELECT new_values."id", new_values."name", new_values."logo_hash", new_values."managers_read", new_values."language", clock_timestamp(), \'changed\', new_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint, jsonb_build_object(\'id\', old_values."id", \'name\', old_values."name", \'logo_hash\', old_values."logo_hash", \'managers_read\', old_values."managers_read", \'language\', old_values."language") FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE ((old_values."id", old_values."name", old_values."logo_hash", old_values."managers_read", old_values."language") IS DISTINCT FROM (new_values."id", new_values."name", new_values."logo_hash", new_values."managers_read", new_values."language")); RETURN NULL;',
                    hash="7ab0888f3c6f6f8fbb83c12308a881e1f784ddf8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_changed_54f3a",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="accounts_agency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agency",
            trigger=pgtrigger.compiler.Trigger(
                name="history_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_agencyhistory" ("id", "name", "logo_hash", "managers_read", "language", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context", "pgh_context_id", "pgh_by_id") SELECT old_values."id", old_values."name", old_values."logo_hash", old_values."managers_read", old_values."language", clock_timestamp(), \'removed\', old_values."id", nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, coalesce(nullif(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'person\', nullif(current_setting(\'soundings.person\', true), \'\'))::bigint FROM old_values ; RETURN NULL;',
                    hash="24994ba270a18580b609131bf07a3eb4b82de60c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_removed_5fb97",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="accounts_agency",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL("CALL accounts_seal_history('accounts_agency')", migrations.RunSQL.noop),
    ]
