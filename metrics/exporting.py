"""Everything out again: records in the formats they came in, and the five figure files from stored figures."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.exchange.writing import write_records
from accounts.settings_in_force import ATTRIBUTES
from metrics.figures.partnership import perception_gap
from metrics.sql import statement

ROWS_AT_ONCE = 2_000
PRINTED = Decimal("0.0001")
DIGITS = 60
"""More than any stored figure has, so that rounding never runs out of them."""

Row = tuple[Any, ...]


def export(folder: Path) -> dict[str, int]:
    """Writes all records and all figures into an existing folder, over files of the same name.

    Returns how many rows each file has, by its name. Records and figures are of one moment. OSError
    where a file can't be written. Source: DATA.md.
    """
    with _one_moment():
        return write_records(folder) | write_figures(folder)


def write_figures(folder: Path) -> dict[str, int]:
    """Writes the five figure files into an existing folder, over those of the same name.

    Returns how many rows each file has, by its name. All five are of one moment. OSError where a
    file can't be written. Source: DATA.md, Figures; DOMAIN.md, 13.
    """
    with _one_moment(), localcontext(prec=DIGITS):
        return {name: _write(folder / name, columns, rows()) for name, columns, rows in _FILES}


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction whose statements all see the same; inside another one, what that one sees."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _write(path: Path, columns: str, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        for row in rows:
            writer.writerow([_FORMS.get(cell.__class__, str)(cell) for cell in row])
            count += 1
    return count


def _decimal(number: Decimal) -> str:
    """Four places, half away from zero; never minus zero."""
    rounded = number.quantize(PRINTED, ROUND_HALF_UP)
    return f"{rounded:f}" if rounded else "0.0000"


_FORMS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda answer: "yes" if answer else "no",
    Decimal: _decimal,
}


def _rows(name: str) -> Iterator[Row]:
    """A statement's rows, a few at a time, so that memory doesn't grow with the agency."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement(name))
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            yield from batch


def _client_quarters() -> Iterator[Row]:
    return _rows("client_quarters_file")


def _partnership_attributes() -> Iterator[Row]:
    """A row for each attribute with any source, by client, quarter and the attribute's name."""
    order = sorted(range(len(ATTRIBUTES)), key=ATTRIBUTES.__getitem__)
    for client, quarter, *stored in _rows("partnership_attributes_file"):
        for position in order:
            client_pulse, agency_pulse, evidence, score = (of[position] for of in stored)
            if client_pulse is None and agency_pulse is None and evidence is None:
                continue
            yield (
                client,
                quarter,
                ATTRIBUTES[position],
                client_pulse,
                agency_pulse,
                evidence,
                score,
                perception_gap(client_pulse, agency_pulse),
            )


def _expansion_rates() -> Iterator[Row]:
    return _rows("expansion_rates_file")


def _signals() -> Iterator[Row]:
    return _rows("signals_file")


def _candour() -> Iterator[Row]:
    return _rows("candour_file")


_FILES: tuple[tuple[str, str, Callable[[], Iterator[Row]]], ...] = (
    (
        "client_quarters.csv",
        "client quarter in_progress scope_start scope_end value_start value_end movement"
        " kpi_readings kpi_met attainment swing pattern partnership_score coverage confidence"
        " trust_signs",
        _client_quarters,
    ),
    (
        "partnership_attributes.csv",
        "client quarter attribute client_pulse agency_pulse evidence score perception_gap",
        _partnership_attributes,
    ),
    (
        "expansion_rates.csv",
        "quarter window segment existing expanding flat contracting lost rate low high band settled"
        " nsr nrr grr pulled_share into_new stayed",
        _expansion_rates,
    ),
    ("signals.csv", "indicator cases growers clients auc low high verdict", _signals),
    (
        "candour.csv",
        "client contested defended compromised withdrawn defended_share",
        _candour,
    ),
)
