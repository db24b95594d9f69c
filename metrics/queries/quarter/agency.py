"""The agency at the end of a quarter, in a page: its rates, what is published, the signal test, and candour."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Client
from accounts.periods import Quarter
from metrics.figures.signal import INDICATORS
from metrics.findings import PortfolioFacts
from metrics.queries.benchmarks import BenchmarkRow, beside
from metrics.queries.calendar import Calendar
from metrics.queries.portfolio import RateRow, Standing, portfolio_facts, standing_of
from metrics.queries.quarter.stored_json import from_json
from metrics.queries.signals import SignalRow


@dataclass(frozen=True)
class CandourRow:
    """Contested advice of all accounts and all time, and what we then did."""

    contested: int = 0
    defended: int = 0
    compromised: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class Agency:
    """What is said of the agency as a whole. None: the window has nobody existing, or is not yet a year."""

    year: RateRow | None
    quarter: RateRow | None
    benchmarks: tuple[BenchmarkRow, ...]
    signals: tuple[SignalRow, ...]
    candour: CandourRow
    standing: Standing
    facts: PortfolioFacts


# The rates of the quarter and of its year window, the benchmarks, the signal test, and contested advice added up.
_AGENCY = """
WITH visible AS ({clients})

SELECT
    (
        SELECT coalesce(json_agg(found), '[]')
        FROM (
            SELECT
                "window", existing, expanding, flat, contracting, lost, rate, low, high, band, settled,
                to_next_band, nsr, nrr, grr, pulled_share, into_new, stayed, without_rate
            FROM metrics_expansionrate
            WHERE starts_on = %s AND segment = 'all'
        ) AS found
    )::text,
    (
        SELECT coalesce(json_agg(found), '[]')
        FROM (
            SELECT name, value, industry, source, year, method_published
            FROM accounts_benchmark
            ORDER BY value DESC, name ASC
        ) AS found
    )::text,
    (
        SELECT coalesce(json_agg(found), '[]')
        FROM (
            SELECT indicator, cases, growers, clients, auc, low, high, verdict
            FROM metrics_signal
        ) AS found
    )::text,
    (
        SELECT row_to_json(found)
        FROM (
            SELECT
                coalesce(sum(contested), 0) AS contested,
                coalesce(sum(defended), 0) AS defended,
                coalesce(sum(compromised), 0) AS compromised,
                coalesce(sum(withdrawn), 0) AS withdrawn
            FROM metrics_clientcandour
            WHERE client_id IN (SELECT id FROM visible)
        ) AS found
    )::text
"""


def agency(clients: QuerySet[Client], calendar: Calendar, quarter: Quarter) -> Agency:
    """The agency at the end of the quarter. Two queries."""
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return Agency(None, None, (), (), CandourRow(), Standing(), PortfolioFacts())
    with connection.cursor() as cursor:
        cursor.execute(_AGENCY.format(clients=visible), [*parameters, quarter.start])
        rates, benchmarks, signals, advice = map(from_json, cursor.fetchone())
    windows = {row.pop("window"): RateRow(**row) for row in rates}
    year = windows.get("year")
    standing = standing_of(clients, calendar, quarter)
    tested = {row["indicator"]: SignalRow(**row) for row in signals}
    return Agency(
        year=year,
        quarter=windows.get("quarter"),
        benchmarks=tuple(
            BenchmarkRow(**row, ours=beside(row["value"], year.low, year.high) if year else "") for row in benchmarks
        ),
        signals=tuple(tested[indicator] for indicator in INDICATORS if indicator in tested),
        candour=CandourRow(**advice),
        standing=standing,
        facts=portfolio_facts(standing, year),
    )
