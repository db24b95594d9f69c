"""Histories: a table beside each record that people keep, with a row for each change of it, and the audit's own entries.

The histories' rows are written by statement triggers (django-pghistory, accounts.models.history) that run as their
owner: the product's own role may read them and nothing else, so that nobody can write one without making the change
it is of. Nothing changes, deletes or empties them or the audit's entries, whoever asks: the triggers below refuse it
to every role, the owner included. And a record keeps its id, by which its history is found.

Whoever adds a history, or changes the fields of one, lets makemigrations write the table and the triggers, and calls
the procedure below after them: CALL accounts_seal_history('accounts_goal').
"""

from hashlib import sha1
from typing import Any, ClassVar

import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

from accounts.models.identifiers import new_external_id


def then(to: str, words: str, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A reference as it was at that moment."""
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        null=null,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=words,
    )


OF_CLIENT = then("accounts.client", "client")

KEPT: dict[str, list[tuple[str, Any]]] = {
    "Agency": [
        ("id", models.PositiveSmallIntegerField(default=1, editable=False, serialize=False)),
        ("name", models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="name")),
        (
            "managers_read",
            models.CharField(
                choices=[("all", "All accounts"), ("own", "The accounts whose team they are on")],
                db_default="all",
                default="all",
                max_length=10,
                verbose_name="account managers read",
            ),
        ),
        (
            "language",
            models.CharField(
                choices=[("en", "English"), ("fr", "Français"), ("de", "Deutsch")],
                db_default="en",
                default="en",
                max_length=2,
                verbose_name="language",
            ),
        ),
    ],
    "Benchmark": [
        ("name", models.CharField(db_collation="C", max_length=200, verbose_name="name")),
        ("value", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="value, percent")),
        ("industry", models.CharField(blank=True, max_length=200, verbose_name="industry")),
        ("source", models.CharField(max_length=500, verbose_name="source")),
        ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
        ("method_published", models.BooleanField(blank=True, null=True, verbose_name="method published")),
    ],
    "CheckInContact": [
        ("client", OF_CLIENT),
        ("check_in", then("accounts.checkin", "check in")),
        ("contact", then("accounts.contact", "contact")),
    ],
    "CheckIn": [
        (
            "shared",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="shown to the client"),
        ),
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("held_on", models.DateField(verbose_name="held on")),
        (
            "initiated_by",
            models.CharField(
                blank=True,
                choices=[("client", "The client"), ("agency", "We did")],
                max_length=10,
                verbose_name="asked for by",
            ),
        ),
        ("summary", models.TextField(blank=True, verbose_name="summary")),
        (
            "signs",
            ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("priorities_debated", "Priorities were debated again"),
                        ("strategy_questioned", "The strategy was questioned"),
                        ("started_over", "We started over"),
                        ("brought_in_early", "We were brought in early"),
                        ("new_channel", "A new channel was opened to us"),
                        ("long_term_budget", "A long-term budget was discussed"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="signs",
            ),
        ),
    ],
    "CheckInPerson": [
        ("client", OF_CLIENT),
        ("check_in", then("accounts.checkin", "check in")),
        ("person", then(settings.AUTH_USER_MODEL, "person")),
    ],
    "Client": [
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("name", models.CharField(max_length=300, verbose_name="name")),
        ("industry", models.CharField(blank=True, max_length=200, verbose_name="industry")),
        (
            "value_tier",
            models.CharField(
                blank=True, choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1, verbose_name="value tier"
            ),
        ),
        ("currency", models.CharField(max_length=3, verbose_name="currency")),
        ("account_manager", then(settings.AUTH_USER_MODEL, "account manager", null=True)),
        ("client", OF_CLIENT),
    ],
    "Contact": [
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("name", models.CharField(max_length=300, verbose_name="name")),
        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
        ("role", models.CharField(blank=True, max_length=200, verbose_name="role")),
        ("decision_maker", models.BooleanField(blank=True, null=True, verbose_name="decision maker")),
        ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
        ("person", then(settings.AUTH_USER_MODEL, "person", null=True)),
    ],
    "Engagement": [
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("name", models.CharField(max_length=300, verbose_name="name")),
        ("service_line", models.CharField(blank=True, max_length=200, verbose_name="service line")),
        (
            "billing",
            models.CharField(
                choices=[("retainer", "Retainer"), ("project", "Project")], max_length=20, verbose_name="billing"
            ),
        ),
        (
            "pricing",
            models.CharField(
                blank=True,
                choices=[
                    ("time", "Time"),
                    ("fixed", "Fixed price"),
                    ("value", "Value"),
                    ("shared_risk", "Shared risk"),
                ],
                max_length=20,
                verbose_name="pricing",
            ),
        ),
        ("notice_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="notice period, days")),
    ],
    "ExchangeRate": [
        ("currency", models.CharField(max_length=3, verbose_name="currency")),
        ("effective_on", models.DateField(verbose_name="effective on")),
        ("rate", models.DecimalField(decimal_places=12, max_digits=24, verbose_name="rate")),
    ],
    "Goal": [
        (
            "shared",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="shown to the client"),
        ),
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("title", models.CharField(max_length=500, verbose_name="title")),
        ("set_on", models.DateField(verbose_name="set on")),
        ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
        (
            "status",
            models.CharField(
                blank=True,
                choices=[("open", "Open"), ("achieved", "Achieved"), ("missed", "Missed"), ("dropped", "Dropped")],
                max_length=20,
                verbose_name="status",
            ),
        ),
        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
    ],
    "Invitation": [
        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
        (
            "role",
            models.CharField(
                choices=[
                    ("admin", "Admin"),
                    ("leadership", "Leadership"),
                    ("account_manager", "Account manager"),
                    ("contact", "Client contact"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
        ("client", then("accounts.client", "client", null=True)),
        ("contact", then("accounts.contact", "contact", null=True)),
        ("invited_by", then(settings.AUTH_USER_MODEL, "invited by")),
        ("expires_at", models.DateTimeField(verbose_name="expires")),
        ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
        ("person", then(settings.AUTH_USER_MODEL, "person", null=True)),
        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
    ],
    "Involvement": [
        ("client", OF_CLIENT),
        (
            "kind",
            models.CharField(
                choices=[
                    ("systems", "Systems"),
                    ("people", "People"),
                    ("marketing", "Marketing"),
                    ("planning", "Planning"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        ("started_on", models.DateField(verbose_name="started on")),
        ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
    ],
    "Kpi": [
        (
            "shared",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="shown to the client"),
        ),
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("name", models.CharField(max_length=300, verbose_name="name")),
        ("unit", models.CharField(blank=True, max_length=50, verbose_name="unit")),
        (
            "direction",
            models.CharField(
                choices=[("higher", "Higher is better"), ("lower", "Lower is better")],
                max_length=10,
                verbose_name="direction",
            ),
        ),
    ],
    "Note": [
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("written_on", models.DateField(verbose_name="written on")),
        ("written_by", then(settings.AUTH_USER_MODEL, "written by")),
        ("text", models.TextField(verbose_name="text")),
    ],
    "Opportunity": [
        (
            "shared",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="shown to the client"),
        ),
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("goal", then("accounts.goal", "goal")),
        ("title", models.CharField(max_length=500, verbose_name="title")),
        ("service_line", models.CharField(blank=True, max_length=200, verbose_name="service line")),
        (
            "stage",
            models.CharField(
                blank=True,
                choices=[("idea", "Idea"), ("raised", "Raised"), ("agreed", "Agreed"), ("declined", "Declined")],
                max_length=20,
                verbose_name="stage",
            ),
        ),
        ("raised_on", models.DateField(blank=True, null=True, verbose_name="raised on")),
        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
    ],
    "Person": [
        (
            "is_superuser",
            models.BooleanField(
                default=False,
                help_text="Designates that this user has all permissions without explicitly assigning them.",
                verbose_name="superuser status",
            ),
        ),
        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
        (
            "role",
            models.CharField(
                choices=[
                    ("admin", "Admin"),
                    ("leadership", "Leadership"),
                    ("account_manager", "Account manager"),
                    ("contact", "Client contact"),
                ],
                default="account_manager",
                max_length=20,
                verbose_name="role",
            ),
        ),
        ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
        ("left_on", models.DateField(blank=True, editable=False, null=True, verbose_name="left on")),
    ],
    "Recommendation": [
        (
            "shared",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="shown to the client"),
        ),
        ("external_id", models.CharField(db_collation="C", default=new_external_id, max_length=200, verbose_name="id")),
        ("client", OF_CLIENT),
        ("made_on", models.DateField(verbose_name="made on")),
        ("subject", models.CharField(max_length=500, verbose_name="subject")),
        ("proactive", models.BooleanField(blank=True, null=True, verbose_name="proactive")),
        (
            "reception",
            models.CharField(
                blank=True,
                choices=[("welcomed", "Welcomed"), ("debated", "Debated"), ("resisted", "Resisted")],
                max_length=20,
                verbose_name="reception",
            ),
        ),
        (
            "stance",
            models.CharField(
                blank=True,
                choices=[("defended", "Defended"), ("compromised", "Compromised"), ("withdrawn", "Withdrawn")],
                max_length=20,
                verbose_name="stance",
            ),
        ),
        (
            "decision",
            models.CharField(
                blank=True,
                choices=[
                    ("adopted", "Adopted"),
                    ("partly", "Partly adopted"),
                    ("declined", "Declined"),
                    ("pending", "Pending"),
                ],
                max_length=20,
                verbose_name="decision",
            ),
        ),
        (
            "outcome",
            models.CharField(
                blank=True,
                choices=[
                    ("better", "Better than expected"),
                    ("as_expected", "As expected"),
                    ("worse", "Worse than expected"),
                    ("unknown", "Not known"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        ("outcome_on", models.DateField(blank=True, null=True, verbose_name="outcome on")),
        ("expected", models.TextField(blank=True, verbose_name="expected")),
        ("expected_by", models.DateField(blank=True, null=True, verbose_name="expected by")),
    ],
    "Setting": [
        ("name", models.CharField(db_collation="C", max_length=100, verbose_name="name")),
        ("effective_on", models.DateField(verbose_name="effective on")),
        ("value", models.CharField(max_length=100, verbose_name="value")),
    ],
    "SharedSection": [
        ("client", OF_CLIENT),
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
    ],
    "Standing": [
        ("client", OF_CLIENT),
        ("effective_on", models.DateField(verbose_name="effective on")),
        (
            "standing",
            models.CharField(
                choices=[
                    ("sole", "Sole agency"),
                    ("lead", "Lead agency"),
                    ("several", "One of several"),
                    ("project", "Project by project"),
                ],
                max_length=20,
                verbose_name="standing",
            ),
        ),
        ("exclusive", models.BooleanField(blank=True, null=True, verbose_name="exclusive")),
    ],
    "TeamMember": [
        ("client", OF_CLIENT),
        ("person", then(settings.AUTH_USER_MODEL, "person")),
        (
            "role",
            models.CharField(
                choices=[("lead", "Lead"), ("support", "Support"), ("sponsor", "Sponsor"), ("growth", "Growth")],
                max_length=20,
                verbose_name="role",
            ),
        ),
        ("started_on", models.DateField(blank=True, null=True, verbose_name="from")),
        ("ended_on", models.DateField(blank=True, null=True, verbose_name="until")),
        ("reason", models.CharField(blank=True, db_default="", default="", max_length=500, verbose_name="reason")),
    ],
}

CONTEXT = "nullif(current_setting('pghistory.context_metadata', true), '')::jsonb"
BY = f"coalesce({CONTEXT} ->> 'person', nullif(current_setting('soundings.person', true), ''))::bigint"
MOMENT = {
    "pgh_context": CONTEXT,
    "pgh_context_id": "nullif(current_setting('pghistory.context_id', true), '')::uuid",
    "pgh_by_id": BY,
}
OPERATIONS = {
    "added": ("INSERT", "new_values", "REFERENCING NEW TABLE AS new_values "),
    "changed": ("UPDATE", "new_values", "REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values "),
    "removed": ("DELETE", "old_values", "REFERENCING OLD TABLE AS old_values "),
}


def trigger(model: str, table: str, columns: list[str], label: str) -> pgtrigger.migrations.AddTrigger:
    """The statement trigger that writes one kind of row of a history."""
    operation, row, referencing = OPERATIONS[label]
    values = {
        **{column: f'{row}."{column}"' for column in columns},
        "pgh_created_at": "clock_timestamp()",
        "pgh_label": f"'{label}'",
        "pgh_obj_id": f'{row}."id"',
        **MOMENT,
    }
    rows = f"{row} "
    if table == "accounts_client":
        values["client_id"] = f'{row}."id"'
    if label == "changed":
        there = ", ".join(f"'{column}', old_values.\"{column}\"" for column in columns)
        values["pgh_before"] = f"jsonb_build_object({there})"
        old, new = (", ".join(f'{side}."{column}"' for column in columns) for side in ("old_values", "new_values"))
        rows = (
            'old_values JOIN new_values ON (old_values."id") = (new_values."id")'
            f" WHERE (({old}) IS DISTINCT FROM ({new}))"
        )
    name = f"history_{label}"
    given = ", ".join(f'"{column}"' for column in values)
    return pgtrigger.migrations.AddTrigger(
        model_name=model.lower(),
        trigger=pgtrigger.compiler.Trigger(
            name=name,
            sql=pgtrigger.compiler.UpsertTriggerSql(
                func=f'INSERT INTO "{table}history" ({given}) SELECT {", ".join(values.values())} FROM {rows};'  # noqa: S608
                " RETURN NULL;",
                level="STATEMENT",
                operation=operation,
                pgid=f"pgtrigger_{name}_{sha1(f'accounts.{model}:{name}'.encode()).hexdigest()[:5]}",  # noqa: S324
                referencing=referencing,
                table=table,
                when="AFTER",
            ),
        ),
    )


def history(model: str, fields: list[tuple[str, Any]]) -> list[migrations.operations.base.Operation]:
    """The history of one kind of record: its table, and what writes it."""
    named = dict(fields)
    columns = [
        "id",
        *(
            f"{name}_id" if isinstance(field, models.ForeignKey) else name
            for name, field in fields
            if name != "id" and (model, name) != ("Client", "client")
        ),
    ]
    table = f"accounts_{model.lower()}"
    indexes = [
        models.Index(fields=["pgh_obj", "pgh_id"], name=f"{model.lower()}_history_of"),
        models.Index(fields=["pgh_created_at", "pgh_id"], name=f"{model.lower()}_history_at"),
    ]
    if "client" in named:
        indexes.append(models.Index(fields=["client", "pgh_created_at"], name=f"{model.lower()}_history_client"))
    return [
        migrations.CreateModel(
            name=f"{model}History",
            fields=[
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_before", models.JSONField(null=True, verbose_name="before")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                (
                    "pgh_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.DO_NOTHING,
                        null=True,
                        db_constraint=False,
                        db_index=False,
                        related_name="+",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        f"accounts.{model.lower()}",
                        models.DO_NOTHING,
                        db_constraint=False,
                        db_index=False,
                        related_name="+",
                    ),
                ),
                *([] if "id" in named else [("id", models.BigIntegerField())]),
                *fields,
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "db_table": f"{table}history",
                "abstract": False,
                "default_permissions": (),
                "indexes": indexes,
            },
        ),
        *(trigger(model, table, columns, label) for label in OPERATIONS),
    ]


ENTRY = migrations.CreateModel(
    name="AuditEntry",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("happened_at", models.DateTimeField(db_default=Now(), editable=False, verbose_name="when")),
        (
            "kind",
            models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("signed_out", "Signed out"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("access", "Way of signing in changed"),
                    ("refused", "Refused"),
                    ("loaded", "Files loaded"),
                    ("sample", "Sample agency"),
                    ("taken_along", "Taken along"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        (
            "person",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                models.DO_NOTHING,
                null=True,
                db_constraint=False,
                db_index=False,
                related_name="+",
            ),
        ),
        (
            "client",
            models.ForeignKey(
                "accounts.client",
                models.DO_NOTHING,
                null=True,
                db_constraint=False,
                db_index=False,
                related_name="+",
            ),
        ),
        ("context", models.JSONField(default=dict, verbose_name="in what")),
        ("details", models.JSONField(default=dict, verbose_name="details")),
    ],
    options={
        "verbose_name": "audit entry",
        "verbose_name_plural": "audit entries",
        "ordering": ("-happened_at", "-id"),
        "default_permissions": (),
        "indexes": [models.Index(fields=["happened_at", "id"], name="audit_entry_at")],
    },
)

REFUSES = """
CREATE FUNCTION accounts_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME,
        MESSAGE = format('What happened stays as it was written: %s of %s is refused.', TG_OP, TG_TABLE_NAME);
END $$;
CREATE FUNCTION accounts_history_keep_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME,
        MESSAGE = format('Row %s of %s keeps its id: its history is found by it.', OLD.id, TG_TABLE_NAME);
END $$;
"""

ENTRIES_STAY = """
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse();
ALTER TABLE accounts_auditentry ENABLE ALWAYS TRIGGER audit_stays;
REVOKE UPDATE, DELETE ON accounts_auditentry FROM soundings_app;
ALTER TABLE accounts_auditentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON accounts_auditentry TO soundings_app USING (true) WITH CHECK (true);
"""

# The triggers of a record write its history as their owner, so that the role that makes a change needs no right to
# write there, and always, so that no setting of a session switches them off. Nobody writes one at first hand.
SEALS = """
CREATE PROCEDURE accounts_seal_history(record regclass) LANGUAGE plpgsql AS $$
DECLARE
    history regclass := (record::text || 'history')::regclass;
    written record;
BEGIN
    FOR written IN
        SELECT tgname, tgfoid::regprocedure AS writes
        FROM pg_trigger WHERE tgrelid = record AND tgname LIKE 'pgtrigger\\_history\\_%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', written.writes);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', written.writes);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', record, written.tgname);
    END LOOP;

    EXECUTE format('CREATE OR REPLACE TRIGGER history_needs_the_id BEFORE UPDATE ON %s FOR EACH ROW '
                   'WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION accounts_history_keep_id()', record);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER history_needs_the_id', record);

    EXECUTE format('CREATE OR REPLACE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse()', history);
    EXECUTE format('CREATE OR REPLACE TRIGGER history_is_not_written_by_hand BEFORE INSERT ON %s FOR EACH STATEMENT '
                   'WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION accounts_audit_refuse()', history);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_stays', history);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER history_is_not_written_by_hand', history);
    EXECUTE format('REVOKE ALL ON %s FROM soundings_app', history);
    EXECUTE format('GRANT SELECT ON %s TO soundings_app', history);
    EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM soundings_app', pg_get_serial_sequence(history::text, 'pgh_id'));

    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', history);
    EXECUTE format('DROP POLICY IF EXISTS app ON %s', history);
    EXECUTE format('CREATE POLICY app ON %s TO soundings_app USING (true) WITH CHECK (true)', history);
END $$;
REVOKE ALL ON PROCEDURE accounts_seal_history(regclass) FROM PUBLIC;
"""
SEALS_BACK = "DROP PROCEDURE accounts_seal_history(regclass)"

# The library's own table of contexts stays empty: each row of a history has its context with it.
UNUSED = "REVOKE ALL ON pghistory_context FROM soundings_app"

TABLES = tuple(f"accounts_{model.lower()}" for model in KEPT)


class Migration(migrations.Migration):
    """Tables, what writes them, and what keeps them as they are written."""

    dependencies: ClassVar = [("accounts", "0016_portal_records"), ("pghistory", "0007_auto_20250421_0444")]

    operations: ClassVar = [
        ENTRY,
        *(operation for model, fields in KEPT.items() for operation in history(model, fields)),
        migrations.RunSQL(REFUSES, "DROP FUNCTION accounts_audit_refuse(), accounts_history_keep_id()"),
        migrations.RunSQL(ENTRIES_STAY, "DROP TRIGGER audit_stays ON accounts_auditentry"),
        migrations.RunSQL(SEALS, SEALS_BACK),
        *(
            migrations.RunSQL(f"CALL accounts_seal_history('{table}')", f"DROP TRIGGER history_needs_the_id ON {table}")
            for table in TABLES
        ),
        migrations.RunSQL(UNUSED, migrations.RunSQL.noop),
    ]
