"""What the database holds true of the ledger and of whose client a row is, whatever writes to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import errors

from accounts.models import CheckInContact, CheckInPerson, Client, Contact, Engagement, KpiReading, Person, ScopeChange
from accounts.scope import Billing, Entry, Rule, violations
from tests import builders

Connect = Callable[[str], psycopg.Connection[Any]]

COLUMNS = [field.column for field in ScopeChange._meta.concrete_fields]
ENTER = (
    "INSERT INTO accounts_scopechange "
    "(external_id, client_id, engagement_id, kind, effective_on, value_delta, origin, involved_from, note)"
)


def execute(statement: str, *values: Any) -> Any:
    """Runs a statement in a savepoint of its own and returns its rows, if it has any."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def enter(
    engagement: Engagement,
    external_id: str,
    kind: str,
    effective_on: date,
    value_delta: str,
    *,
    reverses: str | None = None,
    ends_on: date | None = None,
    client_id: int | None = None,
) -> None:
    """Adds a row to the ledger as someone would who types SQL."""
    execute(
        """
        INSERT INTO accounts_scopechange
            (external_id, client_id, engagement_id, kind, effective_on, value_delta, ends_on, origin, involved_from,
             note, reverses_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, '', '', '',
                (SELECT id FROM accounts_scopechange WHERE external_id = %s))
        """,
        external_id,
        client_id or engagement.client_id,
        engagement.pk,
        kind,
        effective_on,
        value_delta,
        ends_on,
        reverses,
    )


def refused_by(error: DatabaseError) -> str:
    """The name of the constraint that refused."""
    cause = error.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name or ""


def ledger() -> list[tuple[Any, ...]]:
    return list(execute("SELECT * FROM accounts_scopechange ORDER BY id"))


@pytest.fixture
def northwind(db: None) -> Client:
    return builders.client("Northwind")


@pytest.fixture
def retainer(northwind: Client) -> Engagement:
    """Northwind's retainer: 1000 a month since January 2025, 1500 since June."""
    made = builders.retainer_since(northwind, date(2025, 1, 15), 1000)
    builders.scope_change(made, "expansion", date(2025, 6, 1), 500)
    return made


# The ledger never changes

CHANGES = {
    **{f"update {column}": f"UPDATE accounts_scopechange SET {column} = {column}" for column in COLUMNS},
    "update the amount": "UPDATE accounts_scopechange SET value_delta = value_delta + 1",
    "update no row": "UPDATE accounts_scopechange SET note = 'x' WHERE false",
    "update with a join": """
        UPDATE accounts_scopechange s SET note = 'x' FROM accounts_engagement e WHERE e.id = s.engagement_id
    """,
    "update in a subquery": "WITH gone AS (UPDATE accounts_scopechange SET note = 'x' RETURNING id) SELECT * FROM gone",
    "update through a view": """
        CREATE TEMPORARY VIEW seen AS SELECT * FROM accounts_scopechange;
        UPDATE seen SET note = 'x'
    """,
    "update in a block": "DO $$ BEGIN UPDATE accounts_scopechange SET note = 'x'; END $$",
    "upsert": f"""
        {ENTER} SELECT external_id, client_id, engagement_id, kind, effective_on, value_delta, '', '', 'x'
        FROM accounts_scopechange ON CONFLICT (external_id) DO UPDATE SET note = excluded.note
    """,
    "merge": """
        MERGE INTO accounts_scopechange s USING accounts_engagement e ON e.id = s.engagement_id
        WHEN MATCHED THEN UPDATE SET note = 'x'
    """,
    "merge away": """
        MERGE INTO accounts_scopechange s USING accounts_engagement e ON e.id = s.engagement_id
        WHEN MATCHED THEN DELETE
    """,
    "delete": "DELETE FROM accounts_scopechange",
    "delete no row": "DELETE FROM accounts_scopechange WHERE false",
    "delete with a join": "DELETE FROM accounts_scopechange s USING accounts_engagement e WHERE e.id = s.engagement_id",
    "delete in a subquery": "WITH gone AS (DELETE FROM accounts_scopechange RETURNING id) SELECT * FROM gone",
    "delete through a view": """
        CREATE TEMPORARY VIEW seen AS SELECT * FROM accounts_scopechange;
        DELETE FROM seen
    """,
    "delete by a rule": """
        CREATE TEMPORARY VIEW seen AS SELECT 1 AS one;
        CREATE RULE gone AS ON INSERT TO seen DO INSTEAD DELETE FROM accounts_scopechange;
        INSERT INTO seen VALUES (1)
    """,
    "truncate": "TRUNCATE accounts_scopechange",
    "truncate with what hangs on it": "TRUNCATE accounts_scopechange CASCADE",
    "truncate the engagements": "TRUNCATE accounts_engagement CASCADE",
    "truncate the clients": "TRUNCATE accounts_client CASCADE",
    "delete the engagement": "DELETE FROM accounts_engagement",
    "delete the client": "DELETE FROM accounts_client",
    "renumber the engagement": "UPDATE accounts_engagement SET id = id + 1000",
    "enter a row of the same id": f"""
        {ENTER.replace("(external_id", "(id, external_id")}
        SELECT id, 'another', client_id, engagement_id, 'renewal', effective_on, 0, '', '', ''
        FROM accounts_scopechange LIMIT 1
    """,
    "enter a row of the same name": f"""
        {ENTER} SELECT external_id, client_id, engagement_id, 'renewal', effective_on, 0, '', '', ''
        FROM accounts_scopechange LIMIT 1
    """,
    "switch triggers off for the session": "SET session_replication_role = replica",
    "become the administrator": "SET ROLE postgres",
    "sign in as the administrator": "SET SESSION AUTHORIZATION postgres",
}

# Only the owner of a table may change the table itself.
CHANGES_OF_THE_TABLE = {
    "disable the trigger": "ALTER TABLE accounts_scopechange DISABLE TRIGGER scope_change_append_only",
    "disable all triggers": "ALTER TABLE accounts_scopechange DISABLE TRIGGER ALL",
    "drop the trigger": "DROP TRIGGER scope_change_append_only ON accounts_scopechange",
    "replace the trigger's function": """
        CREATE OR REPLACE FUNCTION accounts_scopechange_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RETURN NULL; END $$
    """,
    "add a trigger": """
        CREATE TRIGGER another BEFORE INSERT ON accounts_scopechange
        FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
    """,
    "add a rule": "CREATE RULE another AS ON INSERT TO accounts_scopechange DO INSTEAD NOTHING",
    "drop a check": "ALTER TABLE accounts_scopechange DROP CONSTRAINT scope_change_sign_by_kind",
    "drop a column": "ALTER TABLE accounts_scopechange DROP COLUMN note",
    "retype a column": "ALTER TABLE accounts_scopechange ALTER COLUMN value_delta TYPE text",
    "drop the table": "DROP TABLE accounts_scopechange CASCADE",
    "rename the table": "ALTER TABLE accounts_scopechange RENAME TO another",
    "give the table away": "ALTER TABLE accounts_scopechange OWNER TO soundings_app",
}


@pytest.mark.parametrize("role", ["app", "owner", "portal"])
@pytest.mark.parametrize("change", CHANGES)
def test_no_role_of_the_product_can_change_the_ledger(retainer: Engagement, role: str, change: str) -> None:
    before = ledger()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"SET LOCAL ROLE soundings_{role}")
    with pytest.raises((ProgrammingError, IntegrityError, InternalError)) as refusal:
        execute(CHANGES[change])
    cause = refusal.value.__cause__
    refusals = (
        errors.RestrictViolation,
        errors.InsufficientPrivilege,
        errors.ForeignKeyViolation,
        errors.UniqueViolation,
    )
    assert isinstance(cause, refusals)
    execute("SET LOCAL ROLE soundings_app")
    assert ledger() == before


@pytest.mark.parametrize("change", CHANGES_OF_THE_TABLE)
@pytest.mark.parametrize("role", ["app", "portal"])
def test_only_migrations_can_change_the_ledgers_table(retainer: Engagement, role: str, change: str) -> None:
    execute(f"SET LOCAL ROLE soundings_{role}")
    with pytest.raises(ProgrammingError) as refusal:
        execute(CHANGES_OF_THE_TABLE[change])
    assert isinstance(refusal.value.__cause__, errors.InsufficientPrivilege)


def test_the_app_has_no_right_to_change_the_ledger_to_begin_with(db: None) -> None:
    rights = execute(
        """
        SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
        WHERE has_table_privilege('soundings_app', 'accounts_scopechange', privilege)
        """
    )
    assert [right for (right,) in rights] == ["SELECT", "INSERT"]


def test_the_refusal_says_what_to_do_instead(retainer: Engagement) -> None:
    execute("SET LOCAL ROLE soundings_owner")
    with pytest.raises(IntegrityError, match="append-only: DELETE is refused\\. Undo a row"):
        execute("DELETE FROM accounts_scopechange")


def test_not_even_an_administrator_changes_the_ledger_by_accident(
    fresh_database: object, superuser_connection: psycopg.Connection[Any]
) -> None:
    builders.retainer_since(builders.client(), date(2025, 1, 15))
    superuser_connection.execute("SET session_replication_role = replica")
    for change in ("UPDATE accounts_scopechange SET note = 'x'", "DELETE FROM accounts_scopechange"):
        with pytest.raises(errors.RestrictViolation):
            superuser_connection.execute(change)
    with pytest.raises(errors.RestrictViolation):
        superuser_connection.execute("TRUNCATE accounts_client CASCADE")


# When a row was recorded


def test_the_writer_can_not_choose_when_a_row_was_recorded(retainer: Engagement) -> None:
    execute(
        """
        INSERT INTO accounts_scopechange (external_id, client_id, engagement_id, kind, effective_on, value_delta,
                                          origin, involved_from, note, recorded_at)
        VALUES ('backdated', %s, %s, 'expansion', '2025-07-01', 5, '', '', '', '2001-01-01')
        """,
        retainer.client_id,
        retainer.pk,
    )
    found = ScopeChange.objects.get(external_id="backdated").recorded_at
    assert abs(found - datetime.now(UTC)) < timedelta(minutes=1)


def test_rows_of_one_statement_become_known_at_one_moment(retainer: Engagement) -> None:
    execute(
        f"{ENTER} SELECT 'x' || n, %s, %s, 'expansion', '2025-07-01', 5, '', '', '' FROM generate_series(1, 500) n",
        retainer.client_id,
        retainer.pk,
    )
    moments = ScopeChange.objects.filter(external_id__startswith="x").values_list("recorded_at", flat=True)
    assert len(moments) == 500
    assert len(set(moments)) == 1


# The rules


def test_each_rule_refuses_raw_sql_with_a_sentence_that_names_the_row(northwind: Client) -> None:
    june = date(2025, 6, 1)

    def retainer_of(name: str, billing: str = "retainer") -> Engagement:
        made = builders.engagement(northwind, name, billing)
        enter(made, f"{name}-start", "start", date(2025, 1, 15), "1000")
        return made

    def refused(rule: str, row: str, *args: Any, **kwargs: Any) -> None:
        with pytest.raises(IntegrityError, match=f"Row {row} breaks the rule {rule}: .+; expected .+\\.") as refusal:
            enter(*args, **kwargs)
        assert refused_by(refusal.value) == f"scope_change_{rule}"

    bare = builders.engagement(northwind, "bare")
    refused("one_start", "x", bare, "x", "expansion", june, "5")

    one = retainer_of("one")
    refused("one_start", "x", one, "x", "start", june, "5")
    refused("not_before_start", "x", one, "x", "expansion", date(2025, 1, 14), "5")
    refused("not_below_zero", "x", one, "x", "contraction", june, "-1000.01")
    refused("not_below_zero", "x", one, "x", "price", june, "-1000.01")
    refused("whole_balance", "x", one, "x", "end", june, "-999")
    refused("whole_balance", "x", one, "x", "end", june, "0")
    enter(one, "more", "expansion", june, "500")
    refused("reversal_mirrors", "x", one, "x", "expansion", june, "-499", reverses="more")
    refused("reversal_mirrors", "x", one, "x", "expansion", date(2025, 6, 2), "-500", reverses="more")
    refused("reversal_mirrors", "x", one, "x", "price", june, "-500", reverses="more")
    refused("one_start", "more", one, "x", "start", date(2025, 1, 15), "-1000", reverses="one-start")
    enter(one, "undo", "expansion", june, "-500", reverses="more")
    # Zero, so that no sign stands in the way.
    enter(one, "again", "renewal", june, "0")
    enter(one, "undo-again", "renewal", june, "0", reverses="again")
    refused("reversal_of_reversal", "x", one, "x", "renewal", june, "0", reverses="undo-again")
    enter(one, "end", "end", date(2025, 9, 1), "-1000")
    refused("one_end", "x", one, "x", "end", date(2025, 9, 1), "0")
    refused("not_after_end", "x", one, "x", "expansion", date(2025, 9, 2), "5")
    refused("whole_balance", "end", one, "x", "expansion", date(2025, 9, 1), "5")

    dips = retainer_of("dips")
    enter(dips, "later", "expansion", date(2025, 9, 1), "500")
    refused("not_below_zero", "x", dips, "x", "contraction", june, "-1200")
    enter(dips, "same-day-less", "contraction", date(2025, 9, 1), "-1500")

    other = retainer_of("other", "project")
    enter(other, "other-end", "end", date(2025, 9, 1), "-5")
    refused("not_after_end", "x", other, "x", "price", date(2026, 1, 1), "5")
    enter(other, "same-day", "price", date(2025, 9, 1), "-9000")


@pytest.mark.parametrize(
    ("kind", "value_delta", "extra", "constraint"),
    [
        ("expansion", "-5", {}, "scope_change_sign_by_kind"),
        ("expansion", "-500", {"reverses": "elsewhere"}, "scope_change_reversal_of_same_engagement"),
        ("expansion", "-5", {"reverses": "more"}, "accounts_scopechange_reverses_id_key"),
        ("expansion", "5", {"ends_on": date(2026, 1, 1)}, "scope_change_term_on_start_or_renewal"),
        ("upsell", "5", {}, "scope_change_kind"),
        ("expansion", "NaN", {}, "scope_change_value_delta_is_a_number"),
    ],
)
def test_what_a_constraint_can_hold_it_holds(
    northwind: Client, kind: str, value_delta: str, extra: dict[str, Any], constraint: str
) -> None:
    retainer = builders.retainer_since(northwind, date(2025, 1, 15))
    enter(retainer, "more", "expansion", date(2025, 6, 1), "5")
    enter(retainer, "undo", "expansion", date(2025, 6, 1), "-5", reverses="more")
    elsewhere = builders.retainer_since(northwind, date(2025, 1, 15))
    enter(elsewhere, "elsewhere", "expansion", date(2025, 6, 1), "500")
    with pytest.raises(IntegrityError) as refusal:
        enter(retainer, "x", kind, date(2025, 6, 1), value_delta, **extra)
    assert refused_by(refusal.value) == constraint


def test_copy_is_held_to_the_rules_like_everyone(retainer: Engagement) -> None:
    columns = "external_id, client_id, engagement_id, kind, effective_on, value_delta, origin, involved_from, note"

    def copied() -> None:
        # Row-level security lets nobody else copy into a table.
        execute("SET LOCAL ROLE soundings_owner")
        with connection.cursor() as cursor, cursor.copy(f"COPY accounts_scopechange ({columns}) FROM STDIN") as copy:
            copy.write_row(["copied", retainer.client_id, retainer.pk, "expansion", date(2024, 1, 1), 5, "", "", ""])

    with pytest.raises(errors.CheckViolation, match="Row copied breaks the rule not_before"), transaction.atomic():
        copied()


def test_rows_of_one_statement_and_of_one_day_are_judged_together(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    execute(
        f"""
        {ENTER} SELECT id, %s, %s, kind, day::date, delta, '', '', ''
        FROM (VALUES ('e', 'end', '2025-09-01', -100), ('c', 'contraction', '2025-06-01', -1400),
                     ('x', 'expansion', '2025-06-01', 500), ('s', 'start', '2025-01-01', 1000))
            AS given (id, kind, day, delta)
        """,
        retainer.client_id,
        retainer.pk,
    )
    assert retainer.scope_changes.count() == 4


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_writer_that_could_not_see_the_others_is_refused(
    fresh_database: object, connection_as: Connect, level: str
) -> None:
    retainer = builders.retainer_since(builders.client(), date(2025, 1, 15))
    app = connection_as("app")
    app.execute(f"SET default_transaction_isolation = '{level.lower()}'")
    with pytest.raises(errors.InvalidTransactionState, match=f"READ COMMITTED only: {level}"):
        app.execute(
            f"{ENTER} VALUES ('x', %s, %s, 'expansion', '2025-07-01', 5, '', '', '')",
            [retainer.client_id, retainer.pk],
        )


def test_a_temporary_table_of_the_same_name_does_not_lead_the_rules_astray(retainer: Engagement) -> None:
    execute("CREATE TEMPORARY TABLE accounts_engagement (LIKE public.accounts_engagement) ON COMMIT DROP")
    with pytest.raises(IntegrityError, match="not_before_start"):
        enter(retainer, "x", "expansion", date(2024, 1, 1), "5")


def test_nobody_can_put_the_owners_checks_on_tables_of_their_own(retainer: Engagement) -> None:
    for check in ("accounts_scopechange_check", "accounts_engagement_keep"):
        execute("CREATE TEMPORARY TABLE mine (id bigint, engagement_id bigint) ON COMMIT DROP")
        with pytest.raises(ProgrammingError, match="permission denied for function"):
            execute(f"CREATE TRIGGER mine BEFORE UPDATE ON mine FOR EACH ROW EXECUTE FUNCTION {check}()")
        execute("DROP TABLE mine")


# The database and accounts.scope hold the same rules

DAYS = st.integers(0, 4).map(lambda number: date(2025, 1, 1) + timedelta(days=number))
OF_REVERSALS = {Rule.REVERSAL_MIRRORS, Rule.REVERSAL_OF_REVERSAL, Rule.REVERSED_ONCE}
KINDS = st.sampled_from(["expansion", "contraction", "price", "renewal", "end"])
AMOUNTS = st.integers(-3, 3)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Small ledgers, near enough to sound ones that about half of them are."""
    entries = [Entry("r0", "start", date(2025, 1, 1), Decimal(draw(st.integers(0, 4))))]
    if draw(st.integers(0, 9)) == 0:
        entries = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        name = f"r{number}"
        choice = draw(st.integers(0, 9))
        if choice <= 1 and entries:
            undone = draw(st.sampled_from(entries))
            mirrored = Entry(
                name, undone.kind, undone.effective_on, 0 - (undone.value_delta or Decimal(0)), None, undone.external_id
            )
            if draw(st.integers(0, 9)) == 0:
                mirrored.value_delta = Decimal(draw(AMOUNTS))
            entries.append(mirrored)
        elif choice == 2:
            entries.append(Entry(name, "start", draw(DAYS), Decimal(draw(st.integers(0, 4)))))
        elif choice == 3:
            undone_ids = {entry.reverses for entry in entries}
            counted = [e for e in entries if e.reverses is None and e.external_id not in undone_ids]
            taken = sum((e.value_delta or Decimal(0) for e in counted), Decimal(0))
            entries.append(Entry(name, "end", date(2025, 1, 5), 0 - taken))
        else:
            kind, amount = draw(KINDS), draw(AMOUNTS)
            if draw(st.integers(0, 9)):
                amount = {"expansion": abs(amount) or 1, "contraction": -abs(amount) or -1, "renewal": 0}.get(
                    kind, amount
                )
            entries.append(Entry(name, kind, draw(DAYS), Decimal(amount)))
    return entries


def write(engagement: Engagement, entries: list[Entry], offset: int) -> None:
    """Adds all rows in one statement."""
    numbers = {entry.external_id: offset + number for number, entry in enumerate(entries)}
    columns: list[list[Any]] = [[], [], [], [], [], []]
    for entry in entries:
        row = (
            numbers[entry.external_id],
            entry.external_id,
            entry.kind,
            entry.effective_on,
            entry.value_delta,
            numbers.get(entry.reverses or ""),
        )
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    execute(
        """
        INSERT INTO accounts_scopechange (id, external_id, client_id, engagement_id, kind, effective_on, value_delta,
                                          origin, involved_from, note, reverses_id)
        SELECT id, external_id, %s, %s, kind, effective_on, value_delta, '', '', '', reverses_id
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::numeric[], %s::bigint[])
            AS given (id, external_id, kind, effective_on, value_delta, reverses_id)
        """,
        engagement.client_id,
        engagement.pk,
        *columns,
    )


def broken_rule(error: DatabaseError) -> str:
    """The rule in whose name the database refused."""
    name = refused_by(error)
    if name == "accounts_scopechange_reverses_id_key":
        return Rule.REVERSED_ONCE
    return name.removeprefix("scope_change_")


@pytest.mark.parametrize("billing", list(Billing))
def test_the_database_and_the_rules_in_python_refuse_the_same_ledgers(northwind: Client, billing: Billing) -> None:
    engagement = builders.engagement(northwind, "Any", billing.value)

    @settings(max_examples=200)
    @given(ledgers())
    def agree(entries: list[Entry]) -> None:
        found = violations(billing, entries)
        rules = {violation.rule.value for violation in found}
        if rules & OF_REVERSALS:
            # Which of several is named first differs: in the database their signs are a check, once an index.
            rules |= {*OF_REVERSALS, Rule.SIGN}
        undo = transaction.savepoint()
        refused = None
        try:
            write(engagement, entries, 10**9)
        except DatabaseError as error:
            refused = broken_rule(error)
        transaction.savepoint_rollback(undo)
        assert (refused in rules) if rules else (refused is None)

    agree()


@pytest.mark.parametrize("billing", list(Billing))
def test_they_refuse_the_same_rows_when_they_come_one_by_one(northwind: Client, billing: Billing) -> None:
    engagement = builders.engagement(northwind, "Any", billing.value)

    @settings(max_examples=60)
    @given(ledgers())
    def agree(entries: list[Entry]) -> None:
        undo = transaction.savepoint()
        kept: list[Entry] = []
        for entry in entries:
            if entry.reverses is not None and entry.reverses not in {row.external_id for row in kept}:
                continue
            is_sound = violations(billing, [*kept, entry]) == []
            try:
                enter(
                    engagement,
                    entry.external_id,
                    entry.kind,
                    entry.effective_on,
                    str(entry.value_delta),
                    reverses=entry.reverses,
                )
            except DatabaseError:
                accepted = False
            else:
                accepted = True
                kept.append(entry)
            assert accepted == is_sound
        transaction.savepoint_rollback(undo)

    agree()


# Two writers at once


def wait_until_blocked(watcher: psycopg.Connection[Any], pid: int) -> None:
    """Returns once the connection waits for another's lock."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        row = watcher.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid]).fetchone()
        if row is not None and row[0]:
            return
        time.sleep(0.01)
    pytest.fail("The second writer did not wait for the first.")


class Aside(threading.Thread):
    """Runs a statement in a thread of its own, and keeps what came of it."""

    def __init__(self, connection: psycopg.Connection[Any], statement: str, values: list[Any]) -> None:
        super().__init__(daemon=True)
        self.connection, self.statement, self.values = connection, statement, values
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.connection.execute(self.statement.encode(), self.values)
        except psycopg.Error as error:
            self.error = error

    def outcome(self) -> Exception | None:
        self.join(20)
        assert not self.is_alive()
        return self.error


LESS = f"{ENTER} VALUES (%s, %s, %s, 'contraction', '2025-07-01', -600, '', '', '')"


def test_of_two_writers_one_waits_and_is_refused_by_what_the_other_left(
    fresh_database: object, connection_as: Connect
) -> None:
    retainer = builders.retainer_since(builders.client(), date(2025, 1, 15), 1000)
    first, second, watcher = connection_as("app"), connection_as("app"), connection_as("app")
    with first.transaction():
        first.execute(LESS, ["first", retainer.client_id, retainer.pk])
        aside = Aside(second, LESS, ["second", retainer.client_id, retainer.pk])
        wait_until_blocked(watcher, second.info.backend_pid)
    error = aside.outcome()
    assert isinstance(error, errors.CheckViolation)
    assert "not_below_zero" in str(error)
    assert list(retainer.scope_changes.values_list("kind", flat=True)) == ["start", "contraction"]


def test_the_writer_that_waited_is_let_in_when_the_other_gives_up(
    fresh_database: object, connection_as: Connect
) -> None:
    retainer = builders.retainer_since(builders.client(), date(2025, 1, 15), 1000)
    first, second, watcher = connection_as("app"), connection_as("app"), connection_as("app")
    with first.transaction():
        first.execute(LESS, ["first", retainer.client_id, retainer.pk])
        aside = Aside(second, LESS, ["second", retainer.client_id, retainer.pk])
        wait_until_blocked(watcher, second.info.backend_pid)
        raise psycopg.Rollback
    assert aside.outcome() is None
    assert retainer.scope_changes.filter(external_id="second").exists()


def test_bulk_writers_that_meet_in_opposite_orders_do_not_dead_lock(
    fresh_database: object, connection_as: Connect
) -> None:
    northwind = builders.client()
    Engagement.objects.bulk_create(
        Engagement(client=northwind, name=f"E{number}", billing="project") for number in range(400)
    )
    execute(
        f"{ENTER} SELECT 'start' || id, client_id, id, 'start', '2025-01-01', 5, '', '', '' FROM accounts_engagement"
    )
    connections = [connection_as("app"), connection_as("app")]
    for turn in range(5):
        running = [
            Aside(
                writer,
                f"{ENTER} SELECT %s || id, client_id, id, 'expansion', '2025-06-01', 5, '', '', '' "
                f"FROM accounts_engagement ORDER BY id {order}",
                [f"{turn}-{order}-"],
            )
            for writer, order in zip(connections, ("ASC", "DESC"), strict=True)
        ]
        assert [aside.outcome() for aside in running] == [None, None]
    assert ScopeChange.objects.filter(kind="expansion").count() == 400 * 2 * 5


def test_a_billing_can_not_change_while_a_first_row_is_being_written(
    fresh_database: object, connection_as: Connect
) -> None:
    engagement = builders.engagement(builders.client())
    first, second, watcher = connection_as("app"), connection_as("app"), connection_as("app")
    with first.transaction():
        first.execute(
            f"{ENTER} VALUES ('start', %s, %s, 'start', '2025-01-01', 5, '', '', '')",
            [engagement.client_id, engagement.pk],
        )
        aside = Aside(second, "UPDATE accounts_engagement SET billing = %s", ["project"])
        wait_until_blocked(watcher, second.info.backend_pid)
    error = aside.outcome()
    assert isinstance(error, errors.CheckViolation)
    assert "its billing and its client stay" in str(error)


def test_a_first_row_written_while_the_billing_changes_is_judged_by_the_new_one(
    fresh_database: object, connection_as: Connect
) -> None:
    engagement = builders.engagement(builders.client(), billing="project")
    first, second, watcher = connection_as("app"), connection_as("app"), connection_as("app")
    with first.transaction():
        first.execute("UPDATE accounts_engagement SET billing = 'retainer'")
        aside = Aside(
            second,
            f"{ENTER} SELECT id, %s, %s, kind, '2025-01-01', delta, '', '', '' "
            "FROM (VALUES ('s', 'start', 5), ('e', 'end', -1)) AS given (id, kind, delta)",
            [engagement.client_id, engagement.pk],
        )
        wait_until_blocked(watcher, second.info.backend_pid)
    error = aside.outcome()
    assert isinstance(error, errors.CheckViolation)
    assert "whole_balance" in str(error)


# An engagement keeps what its ledger hangs on


def test_an_engagement_with_a_ledger_keeps_its_billing_and_its_client(retainer: Engagement) -> None:
    other = builders.client("Southwind")
    for column, value in (("billing", "project"), ("client_id", other.pk)):
        with pytest.raises(IntegrityError, match="has rows in the scope ledger") as refusal:
            execute(f"UPDATE accounts_engagement SET {column} = %s WHERE id = %s", value, retainer.pk)
        assert refused_by(refusal.value) == "engagement_keeps_billing_and_client"


def test_an_engagement_with_a_ledger_may_be_renamed(retainer: Engagement) -> None:
    retainer.name = "Always on"
    retainer.save()
    retainer.refresh_from_db()
    assert retainer.name == "Always on"


def test_an_engagement_without_a_ledger_may_change_billing_and_client(northwind: Client) -> None:
    bare = builders.engagement(northwind)
    bare.billing = "project"
    bare.client = builders.client("Southwind")
    bare.save()
    bare.refresh_from_db()
    assert (bare.billing, bare.client.name) == ("project", "Southwind")


# A row's client is its owner's


@pytest.fixture
def southwind(northwind: Client) -> Client:
    return builders.client("Southwind")


def test_a_ledger_row_can_not_be_another_clients(retainer: Engagement, southwind: Client) -> None:
    with pytest.raises(IntegrityError) as refusal:
        enter(retainer, "x", "expansion", date(2025, 7, 1), "5", client_id=southwind.pk)
    assert refused_by(refusal.value) == "scope_change_of_engagement_and_client"


def test_a_reading_can_not_be_another_clients(northwind: Client, southwind: Client) -> None:
    leads = builders.kpi(northwind)
    with pytest.raises(IntegrityError) as refusal:
        execute(
            "INSERT INTO accounts_kpireading (client_id, kpi_id, month, value) VALUES (%s, %s, '2026-01-01', 1)",
            southwind.pk,
            leads.pk,
        )
    assert refused_by(refusal.value) == "kpi_reading_of_kpi_and_client"


def test_an_opportunity_can_not_serve_another_clients_goal(northwind: Client, southwind: Client) -> None:
    goal = builders.goal(northwind, date(2026, 1, 10))
    with pytest.raises(IntegrityError) as refusal:
        execute(
            "INSERT INTO accounts_opportunity (external_id, client_id, goal_id, title, service_line, stage) "
            "VALUES ('x', %s, %s, 'More', '', '')",
            southwind.pk,
            goal.pk,
        )
    assert refused_by(refusal.value) == "opportunity_of_goal_and_client"


def test_who_was_seen_belongs_to_the_check_ins_client(northwind: Client, southwind: Client) -> None:
    held = builders.check_in(northwind, date(2026, 1, 10))
    dana, lena = builders.dana(northwind), builders.lena()
    stranger = builders.contact(southwind, "Kim")
    for table, column, value, client, constraint in (
        ("checkincontact", "contact_id", dana.pk, southwind, "check_in_contact_of_check_in_and_client"),
        ("checkincontact", "contact_id", stranger.pk, northwind, "check_in_contact_of_contact_and_client"),
        ("checkinperson", "person_id", lena.pk, southwind, "check_in_person_of_check_in_and_client"),
    ):
        with pytest.raises(IntegrityError) as refusal:
            execute(
                f"INSERT INTO accounts_{table} (client_id, check_in_id, {column}) VALUES (%s, %s, %s)",
                client.pk,
                held.pk,
                value,
            )
        assert refused_by(refusal.value) == constraint


def test_a_check_in_that_is_deleted_takes_along_who_was_seen(northwind: Client) -> None:
    held = builders.check_in(northwind, date(2026, 1, 10), [builders.dana(northwind)], [builders.lena()])
    execute("DELETE FROM accounts_checkin WHERE id = %s", held.pk)
    assert not CheckInContact.objects.exists()
    assert not CheckInPerson.objects.exists()
    assert Contact.objects.count() == 1
    assert Person.objects.count() == 1


def test_readings_and_opportunities_follow_their_owner_to_another_client(northwind: Client, southwind: Client) -> None:
    leads = builders.kpi(northwind)
    builders.reading(leads, date(2026, 1, 1))
    goal = builders.goal(northwind, date(2026, 1, 10))
    idea = builders.opportunity(goal)
    execute("UPDATE accounts_kpi SET client_id = %s", southwind.pk)
    execute("UPDATE accounts_goal SET client_id = %s", southwind.pk)
    assert KpiReading.objects.get().client_id == southwind.pk
    idea.refresh_from_db()
    assert idea.client_id == southwind.pk


# What comes with a new database


def test_a_new_database_has_the_three_benchmarks_of_the_kpi_page(db: None) -> None:
    page = "Client Relationship Expansion Rate, KPI reference page"
    assert execute(
        "SELECT name, value, industry, source, year, method_published FROM accounts_benchmark ORDER BY name"
    ) == [
        ("Financial services", Decimal(15), "Financial services", page, None, False),
        ("Retail", Decimal(12), "Retail", page, None, False),
        ("Top-quartile SaaS", Decimal(30), "SaaS", page, None, False),
    ]


def test_the_cache_table_is_what_django_would_make(db: None) -> None:
    with transaction.atomic():
        execute("SET LOCAL ROLE soundings_owner")
        call_command("createcachetable", "made_by_django", verbosity=0)

        def described(table: str) -> tuple[Any, Any]:
            columns = execute(
                "SELECT column_name, data_type, character_maximum_length, is_nullable, column_default "
                "FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                table,
            )
            indexes = execute("SELECT replace(indexdef, %s, 'x') FROM pg_indexes WHERE tablename = %s", table, table)
            return columns, sorted(indexes)

        assert described("agency_cache") == described("made_by_django")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_setting SET value = '90'",
        "UPDATE accounts_setting SET effective_on = '2026-05-01'",
        "DELETE FROM accounts_setting",
        "TRUNCATE accounts_setting",
        "INSERT INTO accounts_setting (name, effective_on, value) VALUES ('good_attainment', '2026-04-01', '90') "
        "ON CONFLICT (name, effective_on) DO UPDATE SET value = excluded.value",
    ],
)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_a_version_of_a_setting_stays_what_it_was(db: None, role: str, change: str) -> None:
    builders.setting("good_attainment", date(2026, 4, 1), "70")
    execute(f"SET LOCAL ROLE soundings_{role}")
    with pytest.raises((IntegrityError, ProgrammingError)) as refusal:
        execute(change)
    assert isinstance(refusal.value.__cause__, errors.RestrictViolation | errors.InsufficientPrivilege)


def test_a_setting_loaded_again_as_it_is_passes(db: None) -> None:
    builders.setting("good_attainment", date(2026, 4, 1), "70")
    execute(
        "INSERT INTO accounts_setting (name, effective_on, value) VALUES ('good_attainment', '2026-04-01', '70') "
        "ON CONFLICT (name, effective_on) DO UPDATE SET value = excluded.value"
    )
