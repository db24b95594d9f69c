"""Storing figures: what was computed replaces what is stored, and what is equal stays untouched."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql

from metrics.figures.client import (
    ClientCandourFigures,
    ClientFigures,
    ClientQuarterFigures,
    LineQuarterFigures,
)
from metrics.figures.expansion import RateFigures
from metrics.figures.signal import SignalFigures
from metrics.models import ClientCandour, ClientQuarter, ExpansionRate, LineQuarter, Signal

ROWS_AT_ONCE = 500
"""How many rows are turned into text before they are sent."""


@dataclass(frozen=True, slots=True)
class Written:
    """What replacing has changed: how many rows were added, changed or removed, and in which quarters.

    Quarters by their first day; rows that belong to no quarter are in none.
    """

    rows: int
    quarters: frozenset[date]


def replace(client_ids: Iterable[int], figures: Collection[ClientFigures]) -> Written:
    """Stores the figures of these clients in place of all that was stored of them.

    A client without figures loses those it had. Rows equal to what is stored are not touched: done
    twice, the second time changes nothing. All or nothing.
    """
    clients = {"clients": sorted(client_ids)}
    with transaction.atomic():
        written = [
            _CLIENT_QUARTERS.replace((row for client in figures for row in client.quarters), OF_CLIENTS, clients),
            _LINE_QUARTERS.replace((row for client in figures for row in client.lines), OF_CLIENTS, clients),
            _CANDOUR.replace((client.candour for client in figures if client.candour), OF_CLIENTS, clients),
        ]
    return Written(
        sum(part.rows for part in written),
        frozenset[date]().union(*(part.quarters for part in written)),
    )


def replace_rates(figures: Iterable[RateFigures], quarters: Collection[date] | None = None) -> Written:
    """Stores rates in place of all rates, or of those of the quarters that start on these days."""
    if quarters is None:
        return _RATES.replace(figures, EVERYTHING, {})
    return _RATES.replace(figures, OF_QUARTERS, {"quarters": sorted(quarters)})


def replace_signals(figures: Iterable[SignalFigures]) -> Written:
    """Stores verdicts in place of the last ones."""
    return _SIGNALS.replace(figures, EVERYTHING, {})


EVERYTHING = sql.SQL("true")
OF_CLIENTS = sql.SQL("stored.client_id = ANY(%(clients)s)")
OF_QUARTERS = sql.SQL("stored.starts_on = ANY(%(quarters)s)")


class _Table:
    """Where figures of one shape are stored, and what tells one row from another.

    The shape's fields are the table's columns. New rows come by COPY into a temporary table, since
    a table under row-level security takes none.
    """

    def __init__(self, model: type[models.Model], shape: type[Any], *key: str) -> None:
        columns = [field.name for field in fields(shape)]
        self._values: Callable[[Any], tuple[Any, ...]] = attrgetter(*columns)
        rest = [column for column in columns if column not in key]
        self._names = {
            "stored": sql.Identifier(model._meta.db_table),
            "incoming": sql.Identifier(f"incoming_{model._meta.model_name}"),
            "columns": _listed("{}", columns),
            "incoming_columns": _listed("incoming.{}", columns),
            "stored_rest": _listed("stored.{}", rest),
            "incoming_rest": _listed("incoming.{}", rest),
            "key": _listed("{}", key),
            "same_key": _listed("stored.{0} = incoming.{0}", key, " AND "),
            "updates": _listed("{0} = excluded.{0}", rest),
            "quarter": sql.Identifier("starts_on") if "starts_on" in columns else sql.SQL("NULL"),
        }

    def replace(self, rows: Iterable[Any], scope: sql.Composable, parameters: Mapping[str, Any]) -> Written:
        """Makes the stored rows in scope equal to the rows given. All or nothing."""
        with transaction.atomic(), connection.cursor() as cursor:

            def execute(text: str) -> list[tuple[date | None, int]]:
                composed = sql.SQL(text).format(**self._names, scope=scope)
                cursor.execute(composed.as_string(cursor.connection), parameters)
                return cursor.fetchall() if cursor.description else []

            execute("CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS SELECT {columns} FROM {stored} WITH NO DATA")
            copying = sql.SQL("COPY {incoming} FROM STDIN").format(**self._names)
            with cursor.copy(copying) as copy:
                for text in _as_text(map(self._values, rows)):
                    copy.write(text)
            removed = execute(
                "WITH removed AS ("
                " DELETE FROM {stored} AS stored WHERE {scope} AND NOT EXISTS ("
                " SELECT FROM {incoming} AS incoming WHERE {same_key})"
                " RETURNING {quarter} AS quarter)"
                " SELECT quarter, count(*) FROM removed GROUP BY quarter"
            )
            # Only rows that differ are offered, since offering a row locks the one it meets. A row
            # that another session has just added is met by its key.
            written = execute(
                "WITH written AS ("
                " INSERT INTO {stored} ({columns})"
                " SELECT {incoming_columns} FROM {incoming} AS incoming"
                " LEFT JOIN {stored} AS stored ON {same_key} AND {scope}"
                " WHERE stored.id IS NULL OR ({stored_rest}) IS DISTINCT FROM ({incoming_rest})"
                " ON CONFLICT ({key}) DO UPDATE SET {updates}"
                " RETURNING {quarter} AS quarter)"
                " SELECT quarter, count(*) FROM written GROUP BY quarter"
            )
            execute("DROP TABLE {incoming}")
        changed = [*removed, *written]
        return Written(
            sum(count for _, count in changed),
            frozenset(quarter for quarter, _ in changed if quarter is not None),
        )


def _listed(form: str, columns: Iterable[str], between: str = ", ") -> sql.Composed:
    return sql.SQL(between).join(sql.SQL(form).format(sql.Identifier(column)) for column in columns)


_CLIENT_QUARTERS = _Table(ClientQuarter, ClientQuarterFigures, "client_id", "starts_on")
_LINE_QUARTERS = _Table(LineQuarter, LineQuarterFigures, "client_id", "service_line", "starts_on")
_CANDOUR = _Table(ClientCandour, ClientCandourFigures, "client_id")
_RATES = _Table(ExpansionRate, RateFigures, "starts_on", "window", "segment")
_SIGNALS = _Table(Signal, SignalFigures, "indicator")


# COPY's text format, which is several times faster to write than to have written.


def _as_text(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    forms = _FORMS
    lines = iter(rows)
    while batch := list(islice(lines, ROWS_AT_ONCE)):
        yield "".join("\t".join([forms[value.__class__](value) for value in row]) + "\n" for row in batch)


def _escaped(value: str) -> str:
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value


def _array(values: list[Decimal | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


_FORMS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _escaped,
    date: date.isoformat,
    Decimal: str,
    list: _array,
}
