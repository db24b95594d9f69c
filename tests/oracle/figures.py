"""All five figure files of DATA.md, computed from a folder of records and an as-of date."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from .arithmetic import printed, yes_or_no
from .candour import candour_row, defended_last_year
from .expansion import Rates, expansion_rates
from .indicators import Case, signal
from .partnership import (
    Attribute,
    Relationship,
    attributes,
    confidence,
    coverage,
    latest_responses,
    partnership_score,
    trust_signs,
)
from .pattern import Numbers, Tally, pattern, swing
from .periods import Quarter, quarters_between
from .records import ATTRIBUTES, Kpi, KpiReading, Records, read
from .scope import ClientLedger, client_ledgers, movement
from .settings import Settings

COLUMNS: dict[str, tuple[str, ...]] = {
    "client_quarters": (
        "client",
        "quarter",
        "in_progress",
        "scope_start",
        "scope_end",
        "value_start",
        "value_end",
        "movement",
        "kpi_readings",
        "kpi_met",
        "attainment",
        "swing",
        "pattern",
        "partnership_score",
        "coverage",
        "confidence",
        "trust_signs",
    ),
    "partnership_attributes": (
        "client",
        "quarter",
        "attribute",
        "client_pulse",
        "agency_pulse",
        "evidence",
        "score",
        "perception_gap",
    ),
    "expansion_rates": (
        "quarter",
        "window",
        "segment",
        "existing",
        "expanding",
        "flat",
        "contracting",
        "lost",
        "rate",
        "low",
        "high",
        "band",
        "settled",
        "nsr",
        "nrr",
        "grr",
        "pulled_share",
        "into_new",
        "stayed",
    ),
    "signals": (
        "indicator",
        "cases",
        "growers",
        "clients",
        "auc",
        "low",
        "high",
        "verdict",
    ),
    "candour": (
        "client",
        "contested",
        "defended",
        "compromised",
        "withdrawn",
        "defended_share",
    ),
}
"""DATA.md, Figures: each file's columns, in order."""

KEYS: dict[str, tuple[str, ...]] = {
    "client_quarters": ("client", "quarter"),
    "partnership_attributes": ("client", "quarter", "attribute"),
    "expansion_rates": ("quarter", "window", "segment"),
    "signals": ("indicator",),
    "candour": ("client",),
}
"""What identifies a row of each file."""

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class ClientQuarter:
    """Everything that is computed of one client in one quarter, exactly."""

    ledger: ClientLedger
    quarter: Quarter
    index: int
    movement: str
    tally: Tally
    swing: Fraction | None
    pattern: str
    attributes: dict[str, Attribute]
    partnership_score: Fraction | None
    confidence: Fraction | None
    trust_signs: Fraction | None
    defended_last_year: Fraction | None

    def client(self) -> str:
        """DOMAIN.md 13: "`client` is the external_id"."""
        return self.ledger.client.external_id


INDICATORS: dict[str, Callable[[ClientQuarter], Fraction | None]] = {
    "attainment": lambda cq: cq.tally.attainment(),
    "partnership_score": lambda cq: cq.partnership_score,
    "commitment": lambda cq: cq.attributes["commitment"].score,
    "approach": lambda cq: cq.attributes["approach"].score,
    "action": lambda cq: cq.attributes["action"].score,
    "loyalty": lambda cq: cq.attributes["loyalty"].score,
    "trust": lambda cq: cq.attributes["trust"].score,
    "ownership": lambda cq: cq.attributes["ownership"].score,
    "value": lambda cq: cq.attributes["value"].score,
    "involvement": lambda cq: cq.attributes["involvement"].score,
    "communication": lambda cq: cq.attributes["communication"].score,
    "collaboration": lambda cq: cq.attributes["collaboration"].score,
    "check_in_rhythm": lambda cq: cq.attributes["communication"].evidence,
    "candour": lambda cq: cq.defended_last_year,
    "confidence": lambda cq: cq.confidence,
    "trust_signs": lambda cq: cq.trust_signs,
}
"""DOMAIN.md 8: "attainment, partnership score, each attribute, check-in rhythm, share of contested
advice of the last year defended, confidence, trust signs". DOMAIN.md 13: "Check-in rhythm is the
communication evidence by itself."
"""


def numbers_by_client(records: Records, first_month: int) -> dict[str, Numbers]:
    """Each client's good numbers. DOMAIN.md 5: "A KPI belongs to a client"."""
    kpis = {kpi.external_id: kpi for kpi in records.kpis}
    readings: dict[str, list[tuple[Kpi, KpiReading]]] = {}
    for reading in records.kpi_readings:
        if reading.kpi in kpis:
            kpi = kpis[reading.kpi]
            readings.setdefault(kpi.client, []).append((kpi, reading))
    return {
        client.external_id: Numbers(readings.get(client.external_id, []), first_month) for client in records.clients
    }


def relationships(records: Records) -> dict[str, Relationship]:
    """All that is recorded of each client besides its ledger and its numbers."""
    found = {client.external_id: Relationship() for client in records.clients}
    nobody = Relationship()
    for standing in records.standings:
        found.get(standing.client, nobody).standings.append(standing)
    for involvement in records.involvements:
        found.get(involvement.client, nobody).involvements.append(involvement)
    for check_in in records.check_ins:
        found.get(check_in.client, nobody).check_ins.append(check_in)
    for pulse in records.pulses:
        found.get(pulse.client, nobody).pulses.append(pulse)
    for recommendation in records.recommendations:
        found.get(recommendation.client, nobody).recommendations.append(recommendation)
    for goal in records.goals:
        found.get(goal.client, nobody).goals.append(goal)
    return found


def agency_quarters(ledgers: list[ClientLedger], as_of: date, first_month: int) -> list[Quarter]:
    """The quarters there are figures for.

    DOMAIN.md 13: "The first quarter is the one that holds the earliest effective start".
    """
    starts = [start for ledger in ledgers if (start := ledger.first_start()) is not None]
    if not starts:
        return []
    return quarters_between(min(starts), as_of, first_month)


def client_quarter(
    ledger: ClientLedger,
    numbers: Numbers,
    relationship: Relationship,
    quarters: list[Quarter],
    index: int,
    settings: Settings,
) -> ClientQuarter | None:
    """One client in one quarter, or nothing where it had no scope at either end.

    DOMAIN.md 13: "A client has a row in each quarter with S(s) > 0 or S(e) > 0; a spell that begins
    and ends between two quarter starts has none."
    """
    quarter, first_month = quarters[index], settings.first_month()
    e = quarter.end
    if ledger.scope(quarter.start) == 0 and ledger.scope(e) == 0:
        return None
    earlier_starts = [earlier.start for earlier in quarters[:index]]
    ten = attributes(ledger, numbers, relationship, quarter, settings)
    return ClientQuarter(
        ledger=ledger,
        quarter=quarter,
        index=index,
        movement=movement(ledger, quarter.start, e, earlier_starts),
        tally=numbers.tally(quarter.start),
        swing=swing(numbers, quarter, first_month),
        pattern=pattern(ledger, numbers, quarter, settings.in_force("good_attainment", e), first_month),
        attributes=ten,
        partnership_score=partnership_score(ten, settings, e),
        confidence=confidence(latest_responses(relationship.pulses, "client", e)),
        trust_signs=trust_signs(relationship.check_ins, e),
        defended_last_year=defended_last_year(relationship.recommendations, e),
    )


def client_quarter_row(cq: ClientQuarter, as_of: date) -> dict[str, str]:
    """One line of the client quarters file.

    DOMAIN.md 2: "marked *in progress* until it has ended (e on or before today)". DOMAIN.md 13:
    "Scope and value of a client are in its own currency."
    """
    start, end = cq.quarter.start, cq.quarter.end
    return {
        "client": cq.client(),
        "quarter": cq.quarter.label,
        "in_progress": yes_or_no(end > as_of),
        "scope_start": printed(cq.ledger.scope(start)),
        "scope_end": printed(cq.ledger.scope(end)),
        "value_start": printed(cq.ledger.value(start)),
        "value_end": printed(cq.ledger.value(end)),
        "movement": cq.movement,
        "kpi_readings": str(cq.tally.readings),
        "kpi_met": str(cq.tally.met),
        "attainment": printed(cq.tally.attainment()),
        "swing": printed(cq.swing),
        "pattern": cq.pattern,
        "partnership_score": printed(cq.partnership_score),
        "coverage": str(coverage(cq.attributes)),
        "confidence": printed(cq.confidence),
        "trust_signs": printed(cq.trust_signs),
    }


def attribute_rows(cq: ClientQuarter) -> Rows:
    """The lines of the attributes file for one client in one quarter.

    DATA.md: "Rows where any of the three sources is present, for the client-quarters of the file
    above".
    """
    return [
        {
            "client": cq.client(),
            "quarter": cq.quarter.label,
            "attribute": name,
            "client_pulse": printed(cq.attributes[name].client_pulse),
            "agency_pulse": printed(cq.attributes[name].agency_pulse),
            "evidence": printed(cq.attributes[name].evidence),
            "score": printed(cq.attributes[name].score),
            "perception_gap": printed(cq.attributes[name].perception_gap()),
        }
        for name in ATTRIBUTES
        if cq.attributes[name].has_a_source()
    ]


def cases(
    found: list[ClientQuarter],
    quarters: list[Quarter],
    as_of: date,
    indicator: Callable[[ClientQuarter], Fraction | None],
) -> list[Case]:
    """The client-quarters an indicator is tested on.

    DOMAIN.md 8: "each client-quarter Q with S(e) > 0 and two full quarters after it (ended by the
    as-of date): x = the indicator at Q, y = whether S two quarters after e is above S(e)".
    """
    usable = []
    for cq in found:
        if cq.index + 2 >= len(quarters):
            continue
        then = quarters[cq.index + 2].end
        now = cq.ledger.scope(cq.quarter.end)
        x = indicator(cq)
        if then <= as_of and now > 0 and x is not None:
            usable.append(Case(cq.client(), x, cq.ledger.scope(then) > now))
    return usable


def sorted_rows(name: str, rows: Rows) -> Rows:
    """DOMAIN.md 13: "Rows are sorted as text by code point on their key."""
    return sorted(rows, key=lambda row: [row[column] for column in KEYS[name]])


def figures_of(records: Records, as_of: date) -> dict[str, Rows]:
    """All five files for records already read."""
    settings = Settings(records.settings)
    first_month = settings.first_month()
    ledgers = client_ledgers(records)
    quarters = agency_quarters(ledgers, as_of, first_month)
    numbers = numbers_by_client(records, first_month)
    known = relationships(records)

    found: list[ClientQuarter] = []
    for ledger in ledgers:
        client = ledger.client.external_id
        for index in range(len(quarters)):
            cq = client_quarter(ledger, numbers[client], known[client], quarters, index, settings)
            if cq is not None:
                found.append(cq)

    rates = Rates(records.exchange_rates, settings.reporting_currency())
    contested = [candour_row(client, known[client].recommendations) for client in known]
    files: dict[str, Rows] = {
        "client_quarters": [client_quarter_row(cq, as_of) for cq in found],
        "partnership_attributes": [row for cq in found for row in attribute_rows(cq)],
        "expansion_rates": expansion_rates(ledgers, quarters, rates),
        "signals": [
            signal(cases(found, quarters, as_of, indicator)).row(name) for name, indicator in INDICATORS.items()
        ],
        "candour": [row for row in contested if row is not None],
    }
    return {name: sorted_rows(name, rows) for name, rows in files.items()}


def figures(folder: Path, as_of: date) -> dict[str, Rows]:
    """All five files for a folder of records: file name without .csv to its rows, cells as printed.

    DOMAIN.md 13: "Figures depend on records and settings only, never on the day they are computed:
    each counts every record dated before e, also one dated after the as-of date. The as-of date
    [...] decides which quarters exist and which have ended".
    """
    return figures_of(read(folder), as_of)


def write(folder_out: Path, files: dict[str, Rows]) -> None:
    """The figures as CSV files, a header row and the rows in order."""
    folder_out.mkdir(parents=True, exist_ok=True)
    for name, columns in COLUMNS.items():
        with (folder_out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(files[name])
