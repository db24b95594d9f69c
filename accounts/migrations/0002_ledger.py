"""What the database itself holds true: the ledger's rules, whose client a row is, and first records.

The ledger only ever grows. Triggers refuse UPDATE, DELETE and TRUNCATE to every role, the owner
included, and the app role has no right to them in the first place. They are ENABLE ALWAYS, so that
`session_replication_role` (which none of our roles may set) does not switch them off. One exception
came later, in 0007: the ledgers of clients of the sample agency, a mark that a client is born with and
that never changes, go when the sample agency is taken out. What Postgres
can't forbid is the owner of a table changing the table itself: whoever may take soundings_owner can
drop or disable a trigger. Only an event trigger of a superuser could stand against that, and it
would stand against later migrations as well; the product takes that role for migrations alone.

The rules of DOMAIN.md, 3 are checked once a statement, over all engagements it touched. The check
first locks those engagements, in the order of their ids, so that of two writers one waits and then
judges what the other has left. FOR NO KEY UPDATE is the lock: both writers already hold KEY SHARE
through their foreign keys, and with FOR UPDATE they would wait for each other. After the lock the
rows must be read afresh, which only READ COMMITTED does; other isolation levels are refused.

Constraints raised here are named scope_change_ and the rule, as in accounts.scope.
"""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


def belongs(table: str, name: str, columns: str, target: str, target_columns: str, actions: str = "") -> Operation:
    """A foreign key over two columns: the row it points at, and whose that row is."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
        f"REFERENCES {target} ({target_columns}) {actions}",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def is_a_number(table: str, name: str, column: str) -> Operation:
    """Postgres keeps NaN in a numeric column, above every number, where it passes for a positive one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} <> 'NaN')",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


APPEND_ONLY = """
CREATE FUNCTION accounts_scopechange_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = 'accounts_scopechange',
        CONSTRAINT = 'scope_change_append_only',
        MESSAGE = 'The scope ledger is append-only: ' || TG_OP
            || ' is refused. Undo a row with a reversal, and enter it anew.';
END $$;

CREATE TRIGGER scope_change_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_scopechange
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_scopechange_refuse();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_append_only;

REVOKE UPDATE, DELETE, TRUNCATE ON accounts_scopechange FROM soundings_app, soundings_portal;
"""

APPEND_ONLY_BACK = """
DROP TRIGGER scope_change_append_only ON accounts_scopechange;
DROP FUNCTION accounts_scopechange_refuse();
GRANT UPDATE, DELETE ON accounts_scopechange TO soundings_app;
"""

# One moment for all rows of a statement: a correction, or an import, becomes known at once.
RECORDED_AT = """
CREATE FUNCTION accounts_scopechange_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := statement_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER scope_change_recorded_at
    BEFORE INSERT ON accounts_scopechange
    FOR EACH ROW EXECUTE FUNCTION accounts_scopechange_recorded();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_recorded_at;
"""

RECORDED_AT_BACK = """
DROP TRIGGER scope_change_recorded_at ON accounts_scopechange;
DROP FUNCTION accounts_scopechange_recorded();
"""

# EXECUTE plans anew each time: a plan made for a bulk insert reads the whole table, which a single
# row on the same connection should not pay for. The owner's rights and a fixed search path keep the
# check the same for every writer, whatever rows it may see and whatever temporary tables it made.
# Nobody else may put such a function to work: a trigger that is there needs no right to it.
RULES = """
CREATE FUNCTION accounts_scopechange_check() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp SET work_mem = '64MB' AS $body$
DECLARE
    broken record;
    suspects bigint[];
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_transaction_state',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'scope_change_read_committed',
            MESSAGE = 'The scope ledger is written in READ COMMITTED only: '
                || upper(current_setting('transaction_isolation'))
                || ' could not see what another writer has just added.';
    END IF;

    EXECUTE $lock$
        SELECT FROM accounts_engagement
        WHERE id IN (SELECT engagement_id FROM added)
        ORDER BY id
        FOR NO KEY UPDATE
    $lock$;

    EXECUTE $check$
        SELECT row.external_id,
               CASE
                   WHEN undone.reverses_id IS NOT NULL THEN 'reversal_of_reversal'
                   ELSE 'reversal_mirrors'
               END AS rule,
               CASE
                   WHEN undone.reverses_id IS NOT NULL THEN
                       format('reverses %s, which is a reversal itself', undone.external_id)
                   ELSE format('it is %s %s of %s',
                               row.kind, row.value_delta, row.effective_on)
               END AS found,
               CASE
                   WHEN undone.reverses_id IS NOT NULL THEN
                       'a row that is no reversal: enter the row anew'
                   ELSE format('%s %s of %s, to undo %s', undone.kind, -undone.value_delta,
                               undone.effective_on, undone.external_id)
               END AS wanted
        FROM added row
        JOIN accounts_scopechange undone ON undone.id = row.reverses_id
        WHERE undone.reverses_id IS NOT NULL
           OR (row.kind, row.effective_on, row.value_delta)
              IS DISTINCT FROM (undone.kind, undone.effective_on, -undone.value_delta)
        LIMIT 1
    $check$ INTO broken;

    -- Sums alone clear nearly every engagement: a retainer whose start outweighs all that was taken
    -- away later never fell below zero. Only the others are gone through day by day.
    IF broken.rule IS NULL THEN
        EXECUTE $sums$
            SELECT array_agg(engagement_id)
            FROM (
                SELECT s.engagement_id,
                       count(*) FILTER (WHERE s.kind = 'start') AS starts,
                       count(*) FILTER (WHERE s.kind = 'end') AS ends,
                       min(s.effective_on) AS first,
                       max(s.effective_on) AS last,
                       min(s.effective_on) FILTER (WHERE s.kind = 'start') AS begun,
                       min(s.effective_on) FILTER (WHERE s.kind = 'end') AS over,
                       sum(s.value_delta) AS total,
                       sum(s.value_delta) FILTER (
                           WHERE s.kind = 'start' OR (s.kind <> 'end' AND s.value_delta < 0)
                       ) AS least
                FROM accounts_scopechange s
                WHERE s.engagement_id IN (SELECT engagement_id FROM added)
                  AND s.reverses_id IS NULL
                  AND NOT EXISTS (SELECT FROM accounts_scopechange r WHERE r.reverses_id = s.id)
                GROUP BY s.engagement_id
            ) whole
            JOIN accounts_engagement e ON e.id = engagement_id
            WHERE starts <> 1 OR ends > 1 OR first < begun OR last > over
               OR (e.billing = 'retainer' AND (least < 0 OR (ends = 1 AND total <> 0)))
        $sums$ INTO suspects;
    END IF;

    IF suspects IS NOT NULL THEN
        EXECUTE $check$
            WITH effective AS (
                SELECT s.external_id, s.kind, s.effective_on, s.value_delta,
                       e.billing = 'retainer' AS retainer,
                       count(*) FILTER (WHERE s.kind = 'start') OVER whole AS starts,
                       count(*) FILTER (WHERE s.kind = 'start') OVER so_far AS starts_so_far,
                       min(s.effective_on) FILTER (WHERE s.kind = 'start') OVER whole AS begun,
                       count(*) FILTER (WHERE s.kind = 'end') OVER whole AS ends,
                       count(*) FILTER (WHERE s.kind = 'end') OVER so_far AS ends_so_far,
                       min(s.effective_on) FILTER (WHERE s.kind = 'end') OVER whole AS over,
                       sum(s.value_delta) FILTER (WHERE s.kind <> 'end') OVER whole AS taken,
                       sum(s.value_delta) FILTER (WHERE s.kind <> 'end') OVER so_far AS balance
                FROM accounts_scopechange s
                JOIN accounts_engagement e ON e.id = s.engagement_id
                WHERE s.engagement_id = ANY ($1)
                  AND s.reverses_id IS NULL
                  AND NOT EXISTS (SELECT FROM accounts_scopechange r WHERE r.reverses_id = s.id)
                -- Rows of one day are peers: so_far runs to the end of the row's day.
                WINDOW whole AS (PARTITION BY s.engagement_id),
                       so_far AS (PARTITION BY s.engagement_id ORDER BY s.effective_on)
            ), judged AS (
                SELECT *,
                       CASE
                           WHEN starts = 0 OR (kind = 'start' AND starts_so_far > 1) THEN 'one_start'
                           WHEN kind = 'end' AND ends_so_far > 1 THEN 'one_end'
                           WHEN effective_on < begun THEN 'not_before_start'
                           WHEN effective_on > over THEN 'not_after_end'
                           WHEN retainer AND balance < 0 THEN 'not_below_zero'
                           WHEN retainer AND kind = 'end' AND ends = 1
                               AND value_delta <> -coalesce(taken, 0) THEN 'whole_balance'
                       END AS rule
                FROM effective
            )
            SELECT external_id, rule,
                   CASE rule
                       WHEN 'one_start' THEN CASE
                           WHEN starts = 0 THEN
                               format('%s of %s stands without a start', kind, effective_on)
                           ELSE format('the engagement has a start already, of %s', begun) END
                       WHEN 'one_end' THEN format('the engagement has an end already, of %s', over)
                       WHEN 'not_below_zero' THEN
                           format('the retainer''s balance is %s at the end of %s',
                                  balance, effective_on)
                       WHEN 'whole_balance' THEN format('value_delta is %s', value_delta)
                       ELSE format('effective_on is %s', effective_on)
                   END AS found,
                   CASE rule
                       WHEN 'one_start' THEN 'exactly one start that is not reversed'
                       WHEN 'one_end' THEN 'at most one end that is not reversed'
                       WHEN 'not_before_start' THEN
                           format('%s or later, as the engagement starts then', begun)
                       WHEN 'not_after_end' THEN
                           format('%s or earlier, as the engagement ends then', over)
                       WHEN 'not_below_zero' THEN 'a balance that never falls below 0'
                       WHEN 'whole_balance' THEN
                           format('%s, the whole balance of the retainer', -coalesce(taken, 0))
                   END AS wanted
            FROM judged
            WHERE rule IS NOT NULL
            -- Rather the writer's own row than one that was there.
            ORDER BY external_id NOT IN (SELECT external_id FROM added),
                     effective_on, value_delta, external_id
            LIMIT 1
        $check$ INTO broken USING suspects;
    END IF;

    IF broken.rule IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'scope_change_' || broken.rule,
            MESSAGE = format('Row %s breaks the rule %s: %s; expected %s.',
                             broken.external_id, broken.rule, broken.found, broken.wanted);
    END IF;
    RETURN NULL;
END $body$;
REVOKE ALL ON FUNCTION accounts_scopechange_check() FROM PUBLIC;

CREATE TRIGGER scope_change_rules
    AFTER INSERT ON accounts_scopechange REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_scopechange_check();
ALTER TABLE accounts_scopechange ENABLE ALWAYS TRIGGER scope_change_rules;
"""

RULES_BACK = """
DROP TRIGGER scope_change_rules ON accounts_scopechange;
DROP FUNCTION accounts_scopechange_check();
"""

# The rules of a ledger hang on its engagement's billing, and its client is written on every row.
ENGAGEMENT = """
CREATE FUNCTION accounts_engagement_keep() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_transaction_state',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'scope_change_read_committed',
            MESSAGE = 'The billing and client of an engagement are changed in READ COMMITTED only: '
                || upper(current_setting('transaction_isolation'))
                || ' could not see what another writer has just added to its ledger.';
    END IF;
    IF EXISTS (SELECT FROM accounts_scopechange WHERE engagement_id = OLD.id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'engagement_keeps_billing_and_client',
            MESSAGE = format(
                'Engagement %s has rows in the scope ledger: its billing and its client stay as they '
                'are. Reverse its rows and enter them in another engagement.', OLD.external_id);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION accounts_engagement_keep() FROM PUBLIC;

CREATE TRIGGER engagement_keeps_billing_and_client
    BEFORE UPDATE ON accounts_engagement
    FOR EACH ROW
    WHEN (OLD.billing IS DISTINCT FROM NEW.billing OR OLD.client_id IS DISTINCT FROM NEW.client_id)
    EXECUTE FUNCTION accounts_engagement_keep();
ALTER TABLE accounts_engagement ENABLE ALWAYS TRIGGER engagement_keeps_billing_and_client;
"""

ENGAGEMENT_BACK = """
DROP TRIGGER engagement_keeps_billing_and_client ON accounts_engagement;
DROP FUNCTION accounts_engagement_keep();
"""

# A quarter names the version of the settings it was computed with, so a version stays what it was.
# An upsert that changes nothing passes: the trigger looks at rows that do change.
SETTINGS = """
CREATE FUNCTION accounts_setting_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        TABLE = 'accounts_setting',
        CONSTRAINT = 'setting_versions_stay',
        MESSAGE = 'Settings are kept as versions: ' || TG_OP
            || ' is refused. Add a row with a later date.';
END $$;

CREATE TRIGGER setting_versions_stay_unchanged
    BEFORE UPDATE ON accounts_setting
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION accounts_setting_refuse();
CREATE TRIGGER setting_versions_stay
    BEFORE DELETE OR TRUNCATE ON accounts_setting
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_setting_refuse();
ALTER TABLE accounts_setting ENABLE ALWAYS TRIGGER setting_versions_stay_unchanged;
ALTER TABLE accounts_setting ENABLE ALWAYS TRIGGER setting_versions_stay;
"""

SETTINGS_BACK = """
DROP TRIGGER setting_versions_stay_unchanged ON accounts_setting;
DROP TRIGGER setting_versions_stay ON accounts_setting;
DROP FUNCTION accounts_setting_refuse();
"""

# The year is not given on the page, and neither is how the figures were arrived at.
BENCHMARKS = """
INSERT INTO accounts_benchmark (name, value, industry, source, year, method_published)
SELECT name, value, industry, 'Client Relationship Expansion Rate, KPI reference page', NULL, false
FROM (VALUES
    ('Top-quartile SaaS', 30, 'SaaS'),
    ('Financial services', 15, 'Financial services'),
    ('Retail', 12, 'Retail')
) AS page (name, value, industry);
"""

# Django adds to every unique text column a second index for LIKE. Ours of ids are in byte order (C),
# where the first serves LIKE as well: the second would only make each insert slower.
SECOND_INDEXES = """
DO $$
DECLARE
    second regclass;
BEGIN
    FOR second IN
        SELECT i.indexrelid::regclass
        FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        JOIN pg_collation c ON c.oid = a.attcollation AND c.collname = 'C'
        JOIN pg_opclass o ON o.oid = i.indclass[0] AND o.opcname = 'varchar_pattern_ops'
        WHERE t.relname LIKE 'accounts\\_%' AND i.indnkeyatts = 1
    LOOP
        EXECUTE format('DROP INDEX %s', second);
    END LOOP;
END $$;
"""

# What `createcachetable` makes.
CACHE = """
CREATE TABLE "agency_cache" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" timestamp with time zone NOT NULL
);
CREATE INDEX "agency_cache_expires" ON "agency_cache" ("expires");
"""


class Migration(migrations.Migration):
    """The rules that hold whatever writes."""

    dependencies: ClassVar = [("accounts", "0001_initial")]

    operations: ClassVar = [
        # Where a row's client is a copy of its owner's, it follows the owner.
        belongs(
            "accounts_kpireading",
            "kpi_reading_of_kpi_and_client",
            "kpi_id, client_id",
            "accounts_kpi",
            "id, client_id",
            "ON UPDATE CASCADE",
        ),
        belongs(
            "accounts_checkincontact",
            "check_in_contact_of_check_in_and_client",
            "check_in_id, client_id",
            "accounts_checkin",
            "id, client_id",
            "ON UPDATE CASCADE ON DELETE CASCADE",
        ),
        belongs(
            "accounts_checkincontact",
            "check_in_contact_of_contact_and_client",
            "contact_id, client_id",
            "accounts_contact",
            "id, client_id",
        ),
        belongs(
            "accounts_checkinperson",
            "check_in_person_of_check_in_and_client",
            "check_in_id, client_id",
            "accounts_checkin",
            "id, client_id",
            "ON UPDATE CASCADE ON DELETE CASCADE",
        ),
        belongs(
            "accounts_opportunity",
            "opportunity_of_goal_and_client",
            "goal_id, client_id",
            "accounts_goal",
            "id, client_id",
            "ON UPDATE CASCADE",
        ),
        belongs(
            "accounts_scopechange",
            "scope_change_of_engagement_and_client",
            "engagement_id, client_id",
            "accounts_engagement",
            "id, client_id",
        ),
        belongs(
            "accounts_scopechange",
            "scope_change_reversal_of_same_engagement",
            "reverses_id, engagement_id",
            "accounts_scopechange",
            "id, engagement_id",
        ),
        migrations.RunSQL(SECOND_INDEXES, migrations.RunSQL.noop),
        is_a_number("accounts_scopechange", "scope_change_value_delta_is_a_number", "value_delta"),
        is_a_number("accounts_kpireading", "kpi_reading_value_is_a_number", "value"),
        is_a_number("accounts_kpireading", "kpi_reading_target_is_a_number", "target"),
        is_a_number("accounts_exchangerate", "exchange_rate_rate_is_a_number", "rate"),
        is_a_number("accounts_benchmark", "benchmark_value_is_a_number", "value"),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(RECORDED_AT, RECORDED_AT_BACK),
        migrations.RunSQL(RULES, RULES_BACK),
        migrations.RunSQL(ENGAGEMENT, ENGAGEMENT_BACK),
        migrations.RunSQL(SETTINGS, SETTINGS_BACK),
        migrations.RunSQL(BENCHMARKS, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "DROP TABLE agency_cache"),
    ]
