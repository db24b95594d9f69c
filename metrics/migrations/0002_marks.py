"""The night's bookkeeping, and the triggers that mark each client whose records changed.

A statement marks the clients of the rows it added, removed or really changed, each once, whatever
wrote it: a form, the importer, raw SQL. Rows that were updated to what they were mark nothing.
Marks are only ever inserted here, into a table without a unique key, so that no writer waits for
another, nor for the night. What has no client marks all clients it touches:

- an exchange rate those whose money is in that currency: a client's own figures are in its own
  currency, and the reporting currency's rate is always 1, so others can't move;
- a setting all of them: weights, thresholds, calendar and reporting currency reach every figure;
- a person's e-mail the clients they lead, which are a segment named after it;
- a benchmark none: it stands beside the figures and is in none of them.

`every_rate` says that the rates of all quarters follow, even where no figure of the client moves:
it moved to another segment, or its currency's rate changed.

The functions run as whoever writes. Who may write records must be allowed to INSERT marks.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

FUNCTIONS = """
CREATE FUNCTION metrics_mark_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id)
    SELECT DISTINCT client_id FROM new_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id)
    SELECT DISTINCT client_id FROM old_rows;
    RETURN NULL;
END $$;

-- A row that moved from one client to another marks both.
CREATE FUNCTION metrics_mark_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id)
    SELECT DISTINCT client.id
    FROM old_rows FULL JOIN new_rows ON new_rows.id = old_rows.id
    CROSS JOIN LATERAL (VALUES (old_rows.client_id), (new_rows.client_id)) AS client (id)
    WHERE old_rows IS DISTINCT FROM new_rows AND client.id IS NOT NULL;
    RETURN NULL;
END $$;

-- Every client, and those that are gone but still have figures.
CREATE FUNCTION metrics_mark_all() RETURNS void LANGUAGE sql AS $$
    INSERT INTO metrics_changedclient (client_id, every_rate)
    SELECT id, true FROM accounts_client
    UNION
    SELECT client_id, true FROM metrics_clientquarter
    UNION
    SELECT client_id, true FROM metrics_clientcandour;
$$;

CREATE FUNCTION metrics_mark_everyone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM metrics_mark_all();
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_client_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id)
    SELECT id FROM new_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_client_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id)
    SELECT id FROM old_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_client_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id, every_rate)
    SELECT client.id, bool_or(
        (o.industry, o.value_tier, o.currency, o.account_manager_id)
        IS DISTINCT FROM (n.industry, n.value_tier, n.currency, n.account_manager_id)
    )
    FROM old_rows AS o FULL JOIN new_rows AS n ON n.id = o.id
    CROSS JOIN LATERAL (VALUES (o.id), (n.id)) AS client (id)
    WHERE o IS DISTINCT FROM n AND client.id IS NOT NULL
    GROUP BY client.id;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_person_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_changedclient (client_id, every_rate)
    SELECT client.id, true
    FROM old_rows AS o
    JOIN new_rows AS n ON n.id = o.id AND n.email <> o.email
    JOIN accounts_client AS client ON client.account_manager_id = n.id;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_currency(currencies text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO metrics_changedclient (client_id, every_rate)
    SELECT id, true FROM accounts_client WHERE currency = ANY (currencies);
$$;

CREATE FUNCTION metrics_mark_rate_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM metrics_mark_currency(ARRAY(SELECT currency FROM new_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_rate_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM metrics_mark_currency(ARRAY(SELECT currency FROM old_rows));
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_rate_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM metrics_mark_currency(ARRAY(
        SELECT rate.currency
        FROM old_rows AS o FULL JOIN new_rows AS n ON n.id = o.id
        CROSS JOIN LATERAL (VALUES (o.currency), (n.currency)) AS rate (currency)
        WHERE o IS DISTINCT FROM n AND rate.currency IS NOT NULL
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_setting_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        PERFORM metrics_mark_all();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_setting_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows) THEN
        PERFORM metrics_mark_all();
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_setting_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows AS o FULL JOIN new_rows AS n ON n.id = o.id
               WHERE o IS DISTINCT FROM n) THEN
        PERFORM metrics_mark_all();
    END IF;
    RETURN NULL;
END $$;
"""

FUNCTIONS_BACK = """
DROP FUNCTION metrics_mark_inserted, metrics_mark_deleted, metrics_mark_updated,
    metrics_mark_client_inserted, metrics_mark_client_deleted, metrics_mark_client_updated,
    metrics_mark_person_updated, metrics_mark_rate_inserted, metrics_mark_rate_deleted,
    metrics_mark_rate_updated, metrics_mark_setting_inserted, metrics_mark_setting_deleted,
    metrics_mark_setting_updated, metrics_mark_everyone, metrics_mark_currency, metrics_mark_all;
"""

OF_A_CLIENT = (
    "checkin",
    "checkincontact",
    "checkinperson",
    "contact",
    "engagement",
    "goal",
    "involvement",
    "kpi",
    "kpireading",
    "opportunity",
    "pulse",
    "recommendation",
    "scopechange",
    "standing",
)
TRANSITIONS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def trigger(table: str, event: str, function: str) -> Operation:
    """Calls the function once after each statement that did this to the table."""
    name = f"metrics_mark_{event}"
    # A table is emptied last, so that what was in it can still be asked for.
    when = "BEFORE" if event == "truncate" else "AFTER"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} {event.upper()} ON accounts_{table} "
        f"{TRANSITIONS.get(event, '')} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON accounts_{table}",
    )


def triggers(table: str, functions: str) -> list[Operation]:
    """All four of a table; `functions` is what those of its kind begin with."""
    return [
        *(trigger(table, event, f"{functions}_{event.rstrip('e')}ed") for event in TRANSITIONS),
        trigger(table, "truncate", "metrics_mark_everyone"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("metrics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.BigIntegerField(db_index=True)),
                ("every_rate", models.BooleanField(db_default=False)),
                ("marked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ChangedQuarter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "follows",
                    models.CharField(choices=[("rates", "Expansion rates"), ("signals", "Signals")], max_length=7),
                ),
                ("starts_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["follows", "starts_on"], name="changed_quarter_follows")],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("beaten_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="heartbeat_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Horizon",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("chosen", models.BooleanField()),
                ("fiscal_month", models.PositiveSmallIntegerField()),
                ("first_starts_on", models.DateField(null=True)),
                ("last_starts_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="horizon_is_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("nightly", "Night"), ("manual", "By hand"), ("edit", "After an edit")], max_length=7
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Running"),
                            ("finished", "Finished"),
                            ("superseded", "Taken over by a later run"),
                            ("failed", "Client figures done, portfolio figures failed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("as_of", models.DateField()),
                ("begun_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("rates_at", models.DateTimeField(null=True)),
                ("rated_quarters", models.IntegerField(default=0)),
                ("rates_seconds", models.FloatField(default=0)),
                ("signals_at", models.DateTimeField(null=True)),
                ("signals_seconds", models.FloatField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("clients", models.IntegerField(default=0)),
                ("failed_clients", models.IntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-finished_at"], name="run_finished"),
                    models.Index(condition=models.Q(("state", "open")), fields=["state"], name="run_open"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "nightly")), fields=("as_of",), name="run_one_night_a_local_date"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["nightly", "manual", "edit"])), name="run_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "finished", "superseded", "failed"])),
                        name="run_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.BigIntegerField(unique=True)),
                ("error", models.TextField()),
                ("newest_mark", models.BigIntegerField()),
                ("failed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "run",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="faults", to="metrics.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("split", "Split into smaller ones"),
                            ("failed", "Failed"),
                            ("superseded", "Taken over by a later run"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "client_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("computed", models.IntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("excused", models.PositiveSmallIntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("published_at", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="batches", to="metrics.run"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])), fields=["run"], name="batch_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "done", "split", "failed", "superseded"])
                        ),
                        name="batch_state",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        *(operation for table in OF_A_CLIENT for operation in triggers(table, "metrics_mark")),
        *triggers("client", "metrics_mark_client"),
        trigger("person", "update", "metrics_mark_person_updated"),
        *triggers("exchangerate", "metrics_mark_rate"),
        *triggers("setting", "metrics_mark_setting"),
    ]
