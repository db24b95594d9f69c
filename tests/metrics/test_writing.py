"""Storing figures: what is new replaces what is stored, and what is equal stays untouched."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import scope_ledger
from accounts.models import Client
from metrics.figures.client import ClientFigures, LineQuarterFigures
from metrics.gathering import calendar
from metrics.models import ClientCandour, ClientQuarter, LineQuarter
from metrics.rolling_up import roll_up_rates, roll_up_signals
from metrics.writing import replace
from tests import builders
from tests.metrics.computing import compute, compute_clients

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 6, 30)
TABLES = (
    "metrics_clientquarter",
    "metrics_linequarter",
    "metrics_clientcandour",
    "metrics_expansionrate",
    "metrics_signal",
)


@pytest.fixture
def northwind() -> Client:
    """Northwind with something in each table."""
    client = builders.client("Northwind", industry="Food", value_tier="A")
    retainer = builders.retainer_since(client, date(2023, 1, 10), 1000, service_line="Search")
    builders.scope_change(retainer, "expansion", date(2024, 5, 1), 100, origin="client")
    leads = builders.kpi(client)
    for month in range(1, 13):
        builders.reading(leads, date(2024, month, 1), 90 + month, 100)
    builders.pulse(client, date(2024, 5, 5), commitment=4, trust=3)
    builders.recommendation(client, date(2024, 5, 5), reception="debated", stance="defended")
    return client


def versions() -> dict[tuple[str, int], tuple[str, str]]:
    """Who last wrote or locked each stored row, by table and id."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT id, xmin::text || ':' || cmin::text, xmax::text FROM {table}")
            found |= {(table, row_id): (written, locked) for row_id, written, locked in cursor.fetchall()}
    return found


def content(table: str) -> Any:
    """All that a table holds, but for the ids of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(stored) - 'id' FROM {table} AS stored ORDER BY 1")
        return cursor.fetchall()


def test_a_second_run_touches_no_row(northwind: Client) -> None:
    compute(AS_OF)
    before = versions()
    assert {table for table, _ in before} == set(TABLES)
    compute(AS_OF)
    assert versions() == before


def test_a_second_run_says_that_it_changed_nothing(northwind: Client) -> None:
    quarters = calendar(AS_OF)
    first = compute_clients([northwind.pk], quarters, AS_OF)
    assert first.rows == 10 + 10 + 1
    assert first.quarters == {quarter.start for quarter in quarters}
    again = compute_clients([northwind.pk], quarters, AS_OF)
    assert (again.rows, again.quarters) == (0, frozenset())
    assert roll_up_rates(quarters).rows > 0
    assert roll_up_rates(quarters).rows == 0
    assert roll_up_signals(AS_OF).rows == 16
    assert roll_up_signals(AS_OF).rows == 0


def test_only_quarters_that_changed_are_said_to_have_changed(northwind: Client) -> None:
    quarters = calendar(AS_OF)
    compute_clients([northwind.pk], quarters, AS_OF)
    builders.check_in(northwind, date(2025, 5, 1))
    changed = compute_clients([northwind.pk], quarters, AS_OF)
    assert changed.quarters == {date(2025, 4, 1)}
    assert changed.rows == 1


def test_chunks_of_one_store_what_one_chunk_of_all_stores(northwind: Client) -> None:
    for number in range(4):
        client = builders.client(f"Client {number}")
        builders.retainer_since(client, date(2023, 2, 10), 100 * number, service_line="Search")
        builders.recommendation(client, date(2024, 1, number + 1), reception="resisted")
    compute(AS_OF, clients_at_once=1)
    one_by_one = {table: content(table) for table in TABLES}
    ClientQuarter.objects.all().delete()
    LineQuarter.objects.all().delete()
    ClientCandour.objects.all().delete()
    compute(AS_OF)
    assert {table: content(table) for table in TABLES} == one_by_one


def test_what_is_no_more_is_removed(northwind: Client) -> None:
    compute(AS_OF)
    quarters = calendar(date(2024, 3, 31))
    written = replace([northwind.pk], [])
    assert written.quarters == {quarter.start for quarter in calendar(AS_OF)}
    assert not ClientQuarter.objects.exists()
    assert not LineQuarter.objects.exists()
    assert not ClientCandour.objects.exists()
    compute_clients([northwind.pk], quarters, date(2024, 3, 31))
    assert ClientQuarter.objects.count() == len(quarters)


def test_a_past_as_of_date_removes_later_quarters(northwind: Client) -> None:
    compute(AS_OF)
    compute(date(2024, 3, 31))
    assert max(ClientQuarter.objects.values_list("quarter", flat=True)) == "2024-Q1"
    assert max(LineQuarter.objects.values_list("quarter", flat=True)) == "2024-Q1"


def test_figures_of_other_clients_stay(northwind: Client) -> None:
    contoso = builders.client("Contoso")
    builders.retainer_since(contoso, date(2023, 2, 10), 100)
    compute(AS_OF)
    replace([northwind.pk], [])
    assert set(ClientQuarter.objects.values_list("client_id", flat=True)) == {contoso.pk}


def test_a_changed_row_keeps_its_id(northwind: Client) -> None:
    compute(AS_OF)
    before = dict(ClientQuarter.objects.values_list("quarter", "id"))
    retainer = northwind.engagements.get()
    scope_ledger.record(retainer, "expansion", date(2025, 4, 2), Decimal(50), by=None)
    compute(AS_OF)
    assert dict(ClientQuarter.objects.values_list("quarter", "id")) == before
    assert ClientQuarter.objects.get(quarter="2025-Q2").scope_end == 12 * Decimal(1150)


def test_service_lines_are_stored_letter_by_letter(northwind: Client) -> None:
    names = ["Tab\there", "Line\nbreak", "Back\\slash", "\\N", "Return\rhere", "Ünïcode — ✓", "None", "{a,b}", '"']
    row = LineQuarterFigures(
        client_id=northwind.pk,
        service_line="",
        quarter="2024-Q1",
        starts_on=date(2024, 1, 1),
        scope_start=Decimal("1E+3"),
        scope_end=Decimal("0.0001"),
        value_start=Decimal(0),
        value_end=Decimal(0),
        movement="contracting",
        year_starts_on=None,
        scope_year_start=Decimal(0),
        value_year_start=Decimal(0),
        movement_year="",
        growth_known=Decimal(0),
        growth_pulled=Decimal(0),
        growth_known_year=Decimal(0),
        growth_pulled_year=Decimal(0),
        stayed=False,
        stayed_year=True,
    )
    lines = [dataclasses.replace(row, service_line=name) for name in names]
    replace([northwind.pk], [ClientFigures(northwind.pk, [], lines, None)])
    assert set(LineQuarter.objects.values_list("service_line", flat=True)) == set(names)
    stored = LineQuarter.objects.get(service_line="None")
    assert (stored.scope_start, stored.scope_end) == (Decimal(1000), Decimal("0.0001"))
    assert (stored.year_starts_on, stored.stayed, stored.stayed_year) == (None, False, True)


def test_one_client_takes_as_many_statements_as_thirty() -> None:
    clients = [builders.client(f"Client {number}") for number in range(30)]
    for client in clients:
        builders.retainer_since(client, date(2024, 1, 10), service_line="Search")
    quarters = calendar(AS_OF)
    with CaptureQueriesContext(connection) as of_one:
        compute_clients([clients[0].pk], quarters, AS_OF)
    with CaptureQueriesContext(connection) as of_thirty:
        compute_clients([client.pk for client in clients], quarters, AS_OF)
    assert len(of_one) == len(of_thirty)
