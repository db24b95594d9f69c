"""Marks: whatever writes a record, the client it belongs to is marked, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.models import Client, Engagement, ExchangeRate, Kpi, KpiReading, Person
from metrics.models import ChangedClient
from tests import builders

pytestmark = pytest.mark.django_db


def marked() -> list[str]:
    """Names of the clients that are marked, one for each mark, in order; the marks are then gone."""
    names = dict(Client.objects.values_list("id", "name"))
    found = sorted(
        names.get(client_id, "gone") for client_id in ChangedClient.objects.values_list("client_id", flat=True)
    )
    ChangedClient.objects.all().delete()
    return found


def marked_for_every_rate() -> list[str]:
    names = dict(Client.objects.values_list("id", "name"))
    found = sorted(
        names[client_id] for client_id, every in ChangedClient.objects.values_list("client_id", "every_rate") if every
    )
    ChangedClient.objects.all().delete()
    return found


@pytest.fixture
def northwind() -> Client:
    return builders.client("Northwind")


@pytest.fixture
def contoso() -> Client:
    return builders.client("Contoso")


IN_NO_FIGURE = {
    "accounts_agency",
    "accounts_auditentry",
    "accounts_comment",
    "accounts_followup",
    "accounts_goalagreement",
    "accounts_invitation",
    "accounts_mail",
    "accounts_note",
    "accounts_pin",
    "accounts_portalvisit",
    "accounts_pulserequest",
    "accounts_pulsesheet",
    "accounts_sharedsection",
    "accounts_teammember",
}
"""What is told of a client, or kept at hand, or says who may see it, and never computed from."""


def of_a_client() -> list[str]:
    """The tables of records that say whose they are; their histories are no records."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name LIKE 'accounts\\_%' AND column_name = 'client_id'"
            " AND table_name NOT LIKE '%history'"
            " ORDER BY table_name"
        )
        return [name for (name,) in cursor.fetchall()]


def test_every_table_of_a_client_marks_on_every_way_of_writing() -> None:
    tables = [*(set(of_a_client()) - IN_NO_FIGURE), "accounts_client", "accounts_setting", "accounts_exchangerate"]
    assert "accounts_kpireading" in tables
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table, lower(event_manipulation) FROM information_schema.triggers"
            " WHERE trigger_name LIKE 'metrics\\_mark\\_%' AND action_orientation = 'STATEMENT'"
            " UNION"  # information_schema knows no TRUNCATE
            " SELECT tgrelid::regclass::text, 'truncate' FROM pg_trigger"
            " WHERE tgname = 'metrics_mark_truncate' AND tgenabled <> 'D'"
        )
        found = {(str(table), str(event)) for table, event in cursor.fetchall()}
    missing = {(table, event) for table in tables for event in ("insert", "update", "delete", "truncate")} - found
    assert not missing, "a later migration forgot the triggers of metrics 0002_marks"


def test_every_other_table_of_records_was_thought_of() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_name LIKE 'accounts\\_%' AND table_name NOT LIKE '%history'"
        )
        others = {name for (name,) in cursor.fetchall()} - set(of_a_client())
    known = {"accounts_client", "accounts_person", "accounts_exchangerate", "accounts_setting"}
    in_no_figure = {"accounts_benchmark", "accounts_person_groups", "accounts_person_user_permissions"}
    assert others <= known | in_no_figure | IN_NO_FIGURE


def test_a_new_record_marks_its_client_once_a_statement(northwind: Client, contoso: Client) -> None:
    leads = builders.kpi(northwind)
    marked()
    KpiReading.objects.bulk_create(
        KpiReading(client=northwind, kpi=leads, month=date(2026, month, 1), value=Decimal(1)) for month in (1, 2, 3)
    )
    assert marked() == ["Northwind"]


def test_one_statement_over_many_clients_marks_each(northwind: Client, contoso: Client) -> None:
    marked()
    Engagement.objects.bulk_create(
        Engagement(client=client, name="Retainer", billing="retainer") for client in (northwind, contoso)
    )
    assert marked() == ["Contoso", "Northwind"]


def test_a_new_client_is_marked() -> None:
    builders.client("Northwind")
    assert marked() == ["Northwind"]


def test_a_row_that_did_not_change_marks_nothing(northwind: Client) -> None:
    leads = builders.kpi(northwind)
    builders.reading(leads, date(2026, 1, 1), 100)
    marked()
    leads.save()
    KpiReading.objects.update(value="100.0000")
    northwind.save()
    assert marked() == []


def test_a_statement_that_finds_no_row_marks_nothing(northwind: Client) -> None:
    marked()
    Kpi.objects.filter(name="nothing").update(name="something")
    Kpi.objects.filter(name="nothing").delete()
    ExchangeRate.objects.filter(currency="XXX").update(rate=2)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_setting (name) SELECT 'none' WHERE false")
        cursor.execute("INSERT INTO accounts_kpi (external_id) SELECT 'none' WHERE false")
    assert marked() == []


def test_of_many_rows_only_those_that_changed_mark(northwind: Client, contoso: Client) -> None:
    for client in (northwind, contoso):
        builders.kpi(client, "Leads")
    marked()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_kpi SET unit = CASE client_id WHEN %s THEN 'pieces' ELSE unit END", [northwind.id]
        )
    assert marked() == ["Northwind"]


def test_a_record_that_moves_marks_the_old_and_the_new_client(northwind: Client, contoso: Client) -> None:
    goal = builders.goal(northwind, date(2026, 1, 5))
    marked()
    goal.client = contoso
    goal.save()
    assert marked() == ["Contoso", "Northwind"]


def test_a_deleted_record_marks_its_client(northwind: Client) -> None:
    goal = builders.goal(northwind, date(2026, 1, 5))
    marked()
    goal.delete()
    assert marked() == ["Northwind"]


def test_a_deleted_client_is_marked_so_that_its_figures_go(northwind: Client) -> None:
    marked()
    northwind.delete()
    assert marked() == ["gone"]


def test_raw_sql_marks_as_well(northwind: Client) -> None:
    marked()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_standing (client_id, effective_on, standing) VALUES (%s, '2026-02-01', 'sole')",
            [northwind.id],
        )
    assert marked() == ["Northwind"]


def test_copy_into_a_table_marks_as_well(northwind: Client) -> None:
    marked()
    with connection.cursor() as cursor:
        # Row-level security lets nobody else copy into a table.
        cursor.execute("SET LOCAL ROLE soundings_owner")
        text = f"{northwind.id}\t2026-02-01\tsole\n"
        with cursor.copy("COPY accounts_standing (client_id, effective_on, standing) FROM STDIN") as copy:
            copy.write(text)
        cursor.execute("SET LOCAL ROLE soundings_app")
    assert marked() == ["Northwind"]


def test_an_insert_that_becomes_an_update_marks_what_changed(northwind: Client, contoso: Client) -> None:
    for client in (northwind, contoso):
        builders.standing(client, date(2026, 2, 1), "sole")
    marked()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_standing (client_id, effective_on, standing)"
            " SELECT id, '2026-02-01', CASE name WHEN 'Northwind' THEN 'lead' ELSE 'sole' END FROM accounts_client"
            " ON CONFLICT (client_id, effective_on) DO UPDATE SET standing = excluded.standing"
        )
    assert marked() == ["Northwind"]


def test_a_ledger_row_marks_its_client(northwind: Client) -> None:
    marked()
    builders.retainer_since(northwind, date(2026, 1, 1))
    assert marked() == ["Northwind", "Northwind"]  # the engagement, and its start


def test_an_exchange_rate_marks_the_clients_of_its_currency(northwind: Client) -> None:
    builders.client("Fabrikam", currency="EUR")
    builders.client("Tailspin", currency="GBP")
    marked()
    rate = builders.exchange_rate("EUR", date(2026, 1, 1), "1.1")
    assert marked() == ["Fabrikam"]
    rate.save()
    assert marked() == []
    rate.currency = "GBP"
    rate.save()
    assert marked() == ["Fabrikam", "Tailspin"]
    rate.delete()
    assert marked_for_every_rate() == ["Tailspin"]


def test_a_setting_marks_everyone(northwind: Client, contoso: Client) -> None:
    marked()
    builders.setting("weight.trust", date(2026, 1, 1), "2")
    assert marked_for_every_rate() == ["Contoso", "Northwind"]


def test_a_benchmark_marks_nobody(northwind: Client) -> None:
    marked()
    builders.benchmark("Our own survey", 12)
    assert marked() == []


def test_a_manager_s_new_e_mail_marks_the_clients_they_lead(contoso: Client) -> None:
    lena = builders.lena()
    builders.client("Northwind", account_manager=lena)
    marked()
    lena.name = "Lena Berg"
    lena.save()
    assert marked() == []
    lena.email = "lena.berg@agency.example"
    lena.save()
    assert marked_for_every_rate() == ["Northwind"]


@pytest.mark.parametrize(
    ("field", "value"), [("industry", "Retail"), ("value_tier", "A"), ("currency", "EUR"), ("account_manager", "Lena")]
)
def test_a_client_that_moves_to_another_segment_moves_every_rate(northwind: Client, field: str, value: str) -> None:
    lena: Person = builders.lena()
    marked()
    setattr(northwind, field, lena if field == "account_manager" else value)
    northwind.save()
    assert marked_for_every_rate() == ["Northwind"]


def test_a_new_name_moves_no_rate(northwind: Client) -> None:
    marked()
    northwind.name = "Northwind Traders"
    northwind.save()
    assert marked_for_every_rate() == []


def test_emptying_a_table_marks_everyone(
    northwind: Client, contoso: Client, connection_as: Callable[[str], psycopg.Connection[Any]]
) -> None:
    marked()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET LOCAL ROLE soundings_owner")
        cursor.execute("TRUNCATE accounts_goal CASCADE")
        cursor.execute("SET LOCAL ROLE soundings_app")
    assert "Contoso" in (names := marked())
    assert "Northwind" in names


def test_marks_of_two_writers_never_meet() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'metrics_changedclient'::regclass"
            " AND contype IN ('u', 'f', 'x')"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = 'metrics_changedclient'::regclass AND indisunique AND NOT indisprimary"
        )
        assert cursor.fetchall() == []
