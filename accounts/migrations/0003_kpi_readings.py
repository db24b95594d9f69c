"""Whose a KPI reading is, checked once a statement; and one index where there were two.

Readings come by the million, and each index and each question asked of every row is felt. As a KPI
belongs to one client, readings that are unique by client, KPI and month are so by KPI and month,
and the same index finds a client's readings. Look them up with their client.

A foreign key asks for each row by itself, which took half the time of a load. These triggers keep the same promise for a statement's rows together: every reading's
KPI exists and is of the reading's client. The KPIs are locked as a foreign key would lock them
(KEY SHARE, in the order of their ids), so that none is deleted or moved while a reading of it is
being written; then they are read afresh. A KPI that moves takes its readings along; one with
readings is not deleted. The functions run as the owner: a foreign key sees all rows, too.
"""

from typing import ClassVar

from django.db import migrations, models

FOREIGN_KEY = """
ALTER TABLE accounts_kpireading ADD CONSTRAINT kpi_reading_of_kpi_and_client
    FOREIGN KEY (kpi_id, client_id) REFERENCES accounts_kpi (id, client_id) ON UPDATE CASCADE
"""
NO_FOREIGN_KEY = "ALTER TABLE accounts_kpireading DROP CONSTRAINT kpi_reading_of_kpi_and_client"

TRIGGERS = """
CREATE FUNCTION accounts_kpireading_check() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp SET work_mem = '64MB' AS $body$
DECLARE
    kpis bigint[];
    clients bigint[];
    strange record;
BEGIN
    EXECUTE $pairs$
        SELECT array_agg(kpi_id), array_agg(client_id) FROM (SELECT DISTINCT kpi_id, client_id FROM added) pair
    $pairs$ INTO kpis, clients;
    PERFORM FROM accounts_kpi WHERE id = ANY (kpis) ORDER BY id FOR KEY SHARE;
    EXECUTE $check$
        SELECT pair.kpi_id, pair.client_id
        FROM unnest($1, $2) pair (kpi_id, client_id)
        WHERE NOT EXISTS (
            SELECT FROM accounts_kpi kpi WHERE kpi.id = pair.kpi_id AND kpi.client_id = pair.client_id
        )
        LIMIT 1
    $check$ INTO strange USING kpis, clients;
    IF strange.kpi_id IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'foreign_key_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'kpi_reading_of_kpi_and_client',
            MESSAGE = format('Client %s has no KPI %s to take a reading of.', strange.client_id, strange.kpi_id);
    END IF;
    RETURN NULL;
END $body$;

CREATE TRIGGER kpi_reading_added AFTER INSERT ON accounts_kpireading
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_kpireading_check();
CREATE TRIGGER kpi_reading_changed AFTER UPDATE ON accounts_kpireading
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_kpireading_check();

CREATE FUNCTION accounts_kpi_moved() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
    UPDATE accounts_kpireading SET client_id = NEW.client_id, kpi_id = NEW.id
    WHERE kpi_id = OLD.id AND client_id = OLD.client_id;
    RETURN NULL;
END $body$;

CREATE TRIGGER kpi_moved AFTER UPDATE ON accounts_kpi
    FOR EACH ROW WHEN ((OLD.id, OLD.client_id) IS DISTINCT FROM (NEW.id, NEW.client_id))
    EXECUTE FUNCTION accounts_kpi_moved();

CREATE FUNCTION accounts_kpi_deleted() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
    IF EXISTS (SELECT FROM accounts_kpireading WHERE kpi_id = OLD.id AND client_id = OLD.client_id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'foreign_key_violation',
            TABLE = 'accounts_kpireading',
            CONSTRAINT = 'kpi_reading_of_kpi_and_client',
            MESSAGE = format('KPI %s has readings.', OLD.external_id);
    END IF;
    RETURN NULL;
END $body$;

CREATE TRIGGER kpi_deleted AFTER DELETE ON accounts_kpi
    FOR EACH ROW EXECUTE FUNCTION accounts_kpi_deleted();

ALTER TABLE accounts_kpireading ENABLE ALWAYS TRIGGER kpi_reading_added;
ALTER TABLE accounts_kpireading ENABLE ALWAYS TRIGGER kpi_reading_changed;
ALTER TABLE accounts_kpi ENABLE ALWAYS TRIGGER kpi_moved;
ALTER TABLE accounts_kpi ENABLE ALWAYS TRIGGER kpi_deleted;
"""

NO_TRIGGERS = """
DROP TRIGGER kpi_reading_added ON accounts_kpireading;
DROP TRIGGER kpi_reading_changed ON accounts_kpireading;
DROP TRIGGER kpi_moved ON accounts_kpi;
DROP TRIGGER kpi_deleted ON accounts_kpi;
DROP FUNCTION accounts_kpireading_check();
DROP FUNCTION accounts_kpi_moved();
DROP FUNCTION accounts_kpi_deleted();
"""


class Migration(migrations.Migration):
    """A foreign key becomes triggers, and two indexes one."""

    dependencies: ClassVar = [("accounts", "0002_ledger")]

    operations: ClassVar = [
        migrations.RemoveIndex("kpireading", "kpi_reading_client"),
        migrations.RemoveConstraint("kpireading", "kpi_reading_key"),
        migrations.AddConstraint(
            "kpireading",
            models.UniqueConstraint(fields=("client", "kpi", "month"), name="kpi_reading_key"),
        ),
        migrations.RunSQL(NO_FOREIGN_KEY, FOREIGN_KEY),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
