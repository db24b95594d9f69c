"""What keeps the ledger of real clients from going the way of the sample agency's, whatever is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from psycopg import errors

from accounts import scope_ledger
from accounts.models import Client, Engagement, ExchangeRate, ScopeChange
from tests import builders
from tests.conftest import Database

Connect = Callable[[str], psycopg.Connection[Any]]

REFUSED = (ProgrammingError, IntegrityError, InternalError)
REMOVE = "SELECT accounts_scopechange_remove_samples()"


def execute(statement: str, *values: Any) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def a_sample(name: str = "Sample") -> Client:
    """A client as the act that fills in the sample agency adds it."""
    execute("SELECT set_config('soundings.sample', 'on', true)")
    builders.client(name)
    execute("SELECT set_config('soundings.sample', '', true)")
    return Client.objects.get(name=name)


@pytest.fixture
def real(db: None) -> Engagement:
    return builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))


@pytest.fixture
def sample(db: None) -> Engagement:
    return builders.retainer_since(a_sample(), date(2025, 1, 1))


def ledger() -> list[tuple[Any, ...]]:
    return list(execute("SELECT * FROM accounts_scopechange ORDER BY id"))


# Who is a sample


def test_a_client_is_a_sample_only_where_the_database_was_told_so(db: None) -> None:
    given = builders.client("Northwind", sample=True)
    assert not Client.objects.get(pk=given.pk).sample
    assert a_sample().sample


BECOMING = {
    "said by update": "UPDATE accounts_client SET sample = true WHERE id = {real}",
    "said by update while filling": """
        SET LOCAL soundings.sample = 'on';
        UPDATE accounts_client SET sample = true WHERE id = {real}
    """,
    "said by upsert": """
        SET LOCAL soundings.sample = 'on';
        INSERT INTO accounts_client (external_id, name, industry, value_tier, currency, sample)
        SELECT external_id, name, '', '', 'USD', true FROM accounts_client WHERE id = {real}
        ON CONFLICT (external_id) DO UPDATE SET sample = excluded.sample
    """,
    "said by merge": """
        MERGE INTO accounts_client c USING (VALUES ({real})) v (id) ON v.id = c.id
        WHEN MATCHED THEN UPDATE SET sample = true
    """,
    "said no more, of a sample": "UPDATE accounts_client SET sample = false WHERE id = {sample}",
    "renumbered": "UPDATE accounts_client SET id = id + 100000 WHERE id = {real}",
    "a sample takes its number": """
        UPDATE accounts_client SET id = 900000 WHERE id = {real};
        UPDATE accounts_client SET id = {real} WHERE id = {sample}
    """,
    "its engagement is a sample's": "UPDATE accounts_engagement SET client_id = {sample} WHERE client_id = {real}",
    "its ledger is a sample's": "UPDATE accounts_scopechange SET client_id = {sample} WHERE client_id = {real}",
}


@pytest.mark.parametrize("role", ["app", "owner", "portal"])
@pytest.mark.parametrize("way", BECOMING)
def test_nothing_real_ever_becomes_a_sample(real: Engagement, sample: Engagement, way: str, role: str) -> None:
    before = ledger(), list(Client.objects.order_by("pk").values_list("pk", "name", "sample"))
    execute(f"SET LOCAL ROLE soundings_{role}")
    with pytest.raises(REFUSED) as refusal:
        execute(BECOMING[way].format(real=real.client_id, sample=sample.client_id))
    refusals = (
        errors.RestrictViolation,
        errors.InsufficientPrivilege,
        errors.CheckViolation,
        errors.ForeignKeyViolation,
    )
    assert isinstance(refusal.value.__cause__, refusals)
    execute("SET LOCAL ROLE soundings_app")
    assert (ledger(), list(Client.objects.order_by("pk").values_list("pk", "name", "sample"))) == before


def replace_by_a_sample(speaking: psycopg.Connection[Any], client_id: int, *, turned_back: bool = False) -> None:
    """Delete a client, and add a sample of the same id and name in the same transaction."""
    with speaking.transaction():
        if turned_back:
            speaking.execute("SELECT setval(pg_get_serial_sequence('accounts_client', 'id'), %s, false)", [client_id])
        speaking.execute("SET LOCAL soundings.sample = 'on'")
        speaking.execute("DELETE FROM accounts_client WHERE id = %s", [client_id])
        speaking.execute(
            "INSERT INTO accounts_client (id, external_id, name, industry, value_tier, currency, sample)"
            " VALUES (%s, 'northwind', 'Northwind', '', '', 'USD', true)",
            [client_id],
        )
        taken = speaking.execute("SELECT id FROM accounts_client WHERE sample").fetchone()
        assert taken is not None
        assert taken[0] != client_id


def test_a_sample_put_in_the_place_of_a_client_inherits_nothing(
    fresh_database: Database, connection_as: Connect
) -> None:
    """Foreign keys to a client are judged at the end: a row that is gone and there again has never been missed."""
    real = builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))
    for role in ("app", "owner"):
        with pytest.raises(errors.ForeignKeyViolation):
            replace_by_a_sample(connection_as(role), real.client_id)
    assert Client.objects.get().sample is False
    assert ScopeChange.objects.count() == 1


def test_an_id_that_has_a_ledger_is_no_samples(fresh_database: Database, connection_as: Connect) -> None:
    """Not even where somebody has turned back the counter of ids."""
    real = builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))
    with pytest.raises(errors.RestrictViolation, match="has rows in the scope ledger"):
        replace_by_a_sample(connection_as("owner"), real.client_id, turned_back=True)
    assert ScopeChange.objects.count() == 1


# What may be deleted


def test_the_function_deletes_the_ledgers_of_samples_and_of_nobody_else(real: Engagement, sample: Engagement) -> None:
    mistake = builders.scope_change(sample, "expansion", date(2025, 3, 1), 100)
    scope_ledger.reverse(mistake, "Never agreed", None)
    builders.scope_change(real, "expansion", date(2025, 3, 1), 100)
    kept = list(ScopeChange.objects.filter(client=real.client).values_list("pk", flat=True))
    execute("SET LOCAL ROLE soundings_app")
    assert execute(REMOVE) == [(3,)]
    assert list(ScopeChange.objects.values_list("pk", flat=True)) == kept
    assert execute(REMOVE) == [(0,)]


DELETIONS = {
    "all": "DELETE FROM accounts_scopechange",
    "the real one's": "DELETE FROM accounts_scopechange WHERE client_id = {real}",
    "both": "DELETE FROM accounts_scopechange WHERE client_id IN ({real}, {sample})",
    "none": "DELETE FROM accounts_scopechange WHERE false",
    "within a query": "WITH gone AS (DELETE FROM accounts_scopechange WHERE client_id = {real} RETURNING id) SELECT 1",
    "by merge": """
        MERGE INTO accounts_scopechange s USING accounts_engagement e ON e.id = s.engagement_id
        WHEN MATCHED THEN DELETE
    """,
    "beside a temporary table of clients": """
        CREATE TEMPORARY TABLE accounts_client AS SELECT {real}::bigint AS id, true AS sample;
        DELETE FROM public.accounts_scopechange WHERE client_id = {real}
    """,
    "beside another search path": """
        SET LOCAL search_path = pg_temp, public;
        CREATE TEMPORARY TABLE gone AS SELECT 0 AS client_id WHERE false;
        DELETE FROM public.accounts_scopechange WHERE client_id = {real}
    """,
    "while filling": "SET LOCAL soundings.sample = 'on'; DELETE FROM accounts_scopechange WHERE client_id = {real}",
    "without triggers": "SET session_replication_role = replica; DELETE FROM accounts_scopechange",
    "truncated": "TRUNCATE accounts_scopechange",
    "changed, of a sample": "UPDATE accounts_scopechange SET note = 'x' WHERE client_id = {sample}",
}


@pytest.mark.parametrize("role", ["app", "owner", "portal"])
@pytest.mark.parametrize("way", DELETIONS)
def test_no_role_deletes_what_is_real(real: Engagement, sample: Engagement, way: str, role: str) -> None:
    before = ledger()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"SET LOCAL ROLE soundings_{role}")
    with pytest.raises(REFUSED) as refusal:
        execute(DELETIONS[way].format(real=real.client_id, sample=sample.client_id))
    assert isinstance(refusal.value.__cause__, (errors.RestrictViolation, errors.InsufficientPrivilege))
    execute("SET LOCAL ROLE soundings_app")
    assert ledger() == before


def test_not_even_an_administrator_deletes_a_real_row_by_accident(
    fresh_database: Database, superuser_connection: psycopg.Connection[Any]
) -> None:
    real = builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1))
    with transaction.atomic():
        builders.retainer_since(a_sample(), date(2025, 1, 1))
    superuser_connection.execute("SET session_replication_role = replica")
    for statement in (
        "DELETE FROM accounts_scopechange",
        f"UPDATE accounts_client SET sample = true WHERE id = {real.client_id}",
    ):
        with pytest.raises(errors.RestrictViolation):
            superuser_connection.execute(statement)
    assert ScopeChange.objects.count() == 2


def test_the_portal_may_not_call_the_function_and_the_app_may_not_delete_without_it(db: None) -> None:
    rights = execute(
        "SELECT role FROM unnest(ARRAY['soundings_app', 'soundings_portal', 'public']) AS role"
        " WHERE has_function_privilege(role, 'accounts_scopechange_remove_samples()', 'EXECUTE')"
    )
    assert rights == [("soundings_app",)]
    assert execute("SELECT has_table_privilege('soundings_app', 'accounts_scopechange', 'DELETE')") == [(False,)]


# Exchange rates


def test_a_rate_of_the_sample_that_somebody_changes_is_theirs(db: None) -> None:
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.5")
    execute("SELECT set_config('soundings.sample', 'on', true)")
    builders.exchange_rate("GBP", date(2025, 1, 1), "1.2")
    execute("SELECT set_config('soundings.sample', '', true)")

    def samples() -> list[str]:
        return list(ExchangeRate.objects.filter(sample=True).values_list("currency", flat=True))

    assert samples() == ["GBP"]
    execute("UPDATE accounts_exchangerate SET sample = true")
    assert samples() == ["GBP"]
    execute("UPDATE accounts_exchangerate SET rate = 1.3 WHERE currency = 'GBP'")
    assert samples() == []
