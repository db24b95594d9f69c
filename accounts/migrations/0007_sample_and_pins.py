"""Sample clients, which alone can be taken out of the ledger again, and pins.

The sample agency is there to be looked at, and then to go. Of its clients the ledger may be deleted;
of all others it never is, whoever asks. So whether a client is a sample has to be beyond doubt:

- the database says so when a client is added, from `soundings.sample`, which the act that fills in
  the sample agency sets for its own transaction; what a writer gives for the column counts for nothing;
- it stays: neither the mark nor a client's id is ever changed, as a real client's rows could else
  come to belong to a sample one;
- a sample client takes an id that no client ever had, and finds no ledger there. Foreign keys to a
  client are judged when a transaction ends: without this, one could delete a real client and put a
  sample in its place within one transaction, and inherit its ledger.

Engagements with a ledger keep their client already (0002). UPDATE and TRUNCATE of the ledger stay
refused to every role, whatever the rows. A DELETE is judged as a whole by what it took: one row of
a real client, or no row at all, and all of it is refused. The app role has no right to delete here; what it
has is a function that deletes the ledgers of sample clients, and takes no argument.
"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MARK = """
CREATE FUNCTION accounts_client_mark_sample() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.sample := current_setting('soundings.sample', true) IS NOT DISTINCT FROM 'on';
    IF NEW.sample THEN
        NEW.id := nextval(pg_get_serial_sequence('public.accounts_client', 'id'));
        IF EXISTS (SELECT FROM accounts_scopechange WHERE client_id = NEW.id) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'restrict_violation',
                TABLE = TG_TABLE_NAME,
                CONSTRAINT = 'client_sample_has_no_ledger',
                MESSAGE = format('Client %s has rows in the scope ledger: it can''t be of the sample agency.', NEW.id);
        END IF;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION accounts_client_mark_sample() FROM PUBLIC;

CREATE TRIGGER client_mark_sample BEFORE INSERT ON accounts_client
    FOR EACH ROW EXECUTE FUNCTION accounts_client_mark_sample();
ALTER TABLE accounts_client ENABLE ALWAYS TRIGGER client_mark_sample;

-- A rate that somebody has changed is theirs.
CREATE FUNCTION accounts_exchangerate_mark_sample() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sample := CASE TG_OP
        WHEN 'INSERT' THEN current_setting('soundings.sample', true) IS NOT DISTINCT FROM 'on'
        ELSE OLD.sample AND (OLD.currency, OLD.effective_on, OLD.rate) = (NEW.currency, NEW.effective_on, NEW.rate)
    END;
    RETURN NEW;
END $$;

CREATE TRIGGER exchange_rate_mark_sample BEFORE INSERT OR UPDATE ON accounts_exchangerate
    FOR EACH ROW EXECUTE FUNCTION accounts_exchangerate_mark_sample();
ALTER TABLE accounts_exchangerate ENABLE ALWAYS TRIGGER exchange_rate_mark_sample;

CREATE FUNCTION accounts_client_keep_sample() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'client_sample_stays',
        MESSAGE = format('Client %s keeps its id, and stays %s.', OLD.id,
                         CASE WHEN OLD.sample THEN 'of the sample agency' ELSE 'outside the sample agency' END);
END $$;

CREATE TRIGGER client_sample_stays BEFORE UPDATE ON accounts_client
    FOR EACH ROW WHEN ((OLD.id, OLD.sample) IS DISTINCT FROM (NEW.id, NEW.sample))
    EXECUTE FUNCTION accounts_client_keep_sample();
ALTER TABLE accounts_client ENABLE ALWAYS TRIGGER client_sample_stays;
"""

MARK_BACK = """
DROP TRIGGER client_mark_sample ON accounts_client;
DROP TRIGGER client_sample_stays ON accounts_client;
DROP TRIGGER exchange_rate_mark_sample ON accounts_exchangerate;
DROP FUNCTION accounts_client_mark_sample(), accounts_exchangerate_mark_sample(), accounts_client_keep_sample();
"""

# Judged after the rows are gone and before anybody sees it: a refusal takes the whole statement back.
LEDGER = """
DROP TRIGGER scope_change_append_only ON accounts_scopechange;
CREATE TRIGGER scope_change_append_only
    BEFORE UPDATE OR TRUNCATE ON accounts_scopechange
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_scopechange_refuse();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_append_only;

CREATE FUNCTION accounts_scopechange_judge_deletion() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gone) OR EXISTS (
        SELECT FROM gone
        WHERE NOT EXISTS (SELECT FROM accounts_client client WHERE client.id = gone.client_id AND client.sample)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'scope_change_append_only',
            MESSAGE = 'The scope ledger is append-only: ' || TG_OP
                || ' is refused. Undo a row with a reversal, and enter it anew.';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION accounts_scopechange_judge_deletion() FROM PUBLIC;

CREATE TRIGGER scope_change_never_deleted
    AFTER DELETE ON accounts_scopechange REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_scopechange_judge_deletion();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_never_deleted;

CREATE FUNCTION accounts_scopechange_remove_samples() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint := 0;
BEGIN
    IF EXISTS (
        SELECT FROM accounts_scopechange row JOIN accounts_client client ON client.id = row.client_id WHERE client.sample
    ) THEN
        DELETE FROM accounts_scopechange row USING accounts_client client
        WHERE client.id = row.client_id AND client.sample;
        GET DIAGNOSTICS removed = ROW_COUNT;
    END IF;
    RETURN removed;
END $$;
REVOKE ALL ON FUNCTION accounts_scopechange_remove_samples() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_scopechange_remove_samples() TO soundings_app;
"""

LEDGER_BACK = """
DROP FUNCTION accounts_scopechange_remove_samples();
DROP TRIGGER scope_change_never_deleted ON accounts_scopechange;
DROP FUNCTION accounts_scopechange_judge_deletion();
DROP TRIGGER scope_change_append_only ON accounts_scopechange;
CREATE TRIGGER scope_change_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_scopechange
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_scopechange_refuse();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_append_only;
"""


class Migration(migrations.Migration):
    """What may be taken out again, and what somebody keeps at hand."""

    dependencies: ClassVar = [("accounts", "0006_notes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="client",
            name="sample",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="sample"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(condition=models.Q(("sample", True)), fields=["sample"], name="client_sample"),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="sample",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="sample"),
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pins", to="accounts.client"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pin",
                "verbose_name_plural": "pins",
                "constraints": [models.UniqueConstraint(fields=("person", "client"), name="pin_key")],
            },
        ),
        migrations.RunSQL(MARK, MARK_BACK),
        migrations.RunSQL(LEDGER, LEDGER_BACK),
    ]
