"""What the agency wrote down: a folder of CSV files, read row by row into plain values.

Nothing is checked here; the records are taken as valid. DATA.md: "Blank means unknown", "several
values in one cell are separated by `;`", "any subset of the files may be there".
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

ATTRIBUTES = (
    "commitment",
    "approach",
    "action",
    "loyalty",
    "trust",
    "ownership",
    "value",
    "involvement",
    "communication",
    "collaboration",
)
STATEMENTS = ("reduces_risk", "improves_decisions", "supports_direction")


@dataclass(frozen=True)
class Client:
    """One company the agency works for. Blank industry, tier or manager is an empty text."""

    external_id: str
    industry: str
    value_tier: str
    currency: str
    account_manager: str


@dataclass(frozen=True)
class Engagement:
    """One retainer or project of a client."""

    external_id: str
    client: str
    service_line: str
    billing: str
    pricing: str
    notice_days: Fraction | None


@dataclass(frozen=True)
class ScopeChange:
    """One row of the scope ledger. A reversal carries the external_id of the row it reverses."""

    external_id: str
    engagement: str
    kind: str
    effective_on: date
    value_delta: Fraction | None
    ends_on: date | None
    origin: str
    involved_from: str
    reverses: str


@dataclass(frozen=True)
class Standing:
    """Where the agency stood on a client's roster, from a day on."""

    client: str
    effective_on: date
    standing: str


@dataclass(frozen=True)
class Involvement:
    """One way the agency was let into a client's systems, people, marketing or planning."""

    client: str
    kind: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Kpi:
    """One number a client watches; `higher` or `lower` is better."""

    external_id: str
    client: str
    direction: str


@dataclass(frozen=True)
class KpiReading:
    """What a KPI was in one month, and what it should have been."""

    kpi: str
    month: date
    value: Fraction
    target: Fraction | None


@dataclass(frozen=True)
class CheckIn:
    """One conversation with a client: who was there, and the signs they saw."""

    external_id: str
    client: str
    held_on: date
    client_contacts: frozenset[str]
    agency_people: frozenset[str]
    signs: frozenset[str]


@dataclass(frozen=True)
class Pulse:
    """One person's answers about one client, 1 to 5; what was left blank is absent."""

    external_id: str
    client: str
    side: str
    respondent: str
    answered_on: date
    answers: dict[str, int]
    confidential: bool


@dataclass(frozen=True)
class Recommendation:
    """One piece of advice, how it was received, and what the agency then did."""

    client: str
    made_on: date
    proactive: str
    reception: str
    stance: str


@dataclass(frozen=True)
class Goal:
    """One outcome a client wants."""

    client: str
    set_on: date
    agreed_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency was worth in the reporting currency, from a day on."""

    currency: str
    effective_on: date
    rate: Fraction


@dataclass(frozen=True)
class Setting:
    """One version of one setting."""

    name: str
    effective_on: date
    value: str


@dataclass(frozen=True)
class Records:
    """Everything in the folder that a figure can depend on."""

    clients: tuple[Client, ...]
    engagements: tuple[Engagement, ...]
    scope_changes: tuple[ScopeChange, ...]
    standings: tuple[Standing, ...]
    involvements: tuple[Involvement, ...]
    kpis: tuple[Kpi, ...]
    kpi_readings: tuple[KpiReading, ...]
    check_ins: tuple[CheckIn, ...]
    pulses: tuple[Pulse, ...]
    recommendations: tuple[Recommendation, ...]
    goals: tuple[Goal, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    settings: tuple[Setting, ...]


class Row:
    """One row of a file. A column the file lacks reads as blank.

    DOMAIN.md 13: "spaces at either end of a cell are dropped".
    """

    def __init__(self, cells: dict[str, str]) -> None:
        self.cells = cells

    def text(self, column: str) -> str:
        """The cell as it stands."""
        return self.cells.get(column, "").strip()

    def email(self, column: str) -> str:
        """An e-mail. DOMAIN.md 13: "e-mails are kept in lower case"."""
        return self.text(column).lower()

    def day(self, column: str) -> date:
        """A day that is always given. DATA.md: "Dates are ISO"."""
        return date.fromisoformat(self.text(column))

    def day_or_none(self, column: str) -> date | None:
        """A day that may be blank."""
        return self.day(column) if self.text(column) else None

    def number(self, column: str) -> Fraction:
        """A number that is always given, exactly. DATA.md: "money is a plain decimal"."""
        return Fraction(self.text(column))

    def number_or_none(self, column: str) -> Fraction | None:
        """A number that may be blank."""
        return self.number(column) if self.text(column) else None

    def several(self, column: str) -> list[str]:
        """DATA.md: "several values in one cell are separated by `;`"."""
        parts = [part.strip() for part in self.text(column).split(";")]
        return [part for part in parts if part]


def rows(folder: Path, name: str) -> Iterator[Row]:
    """The rows of one file, or none where the folder has no such file."""
    path = folder / name
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = [column.strip() for column in next(lines, [])]
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield Row(dict(zip(header, cells, strict=False)))


def read(folder: Path) -> Records:
    """Everything a folder of CSV files says."""
    return Records(
        clients=tuple(
            Client(
                external_id=row.text("external_id"),
                industry=row.text("industry"),
                value_tier=row.text("value_tier"),
                currency=row.text("currency"),
                account_manager=row.email("account_manager"),
            )
            for row in rows(folder, "clients.csv")
        ),
        engagements=tuple(
            Engagement(
                external_id=row.text("external_id"),
                client=row.text("client"),
                service_line=row.text("service_line"),
                billing=row.text("billing"),
                pricing=row.text("pricing"),
                notice_days=row.number_or_none("notice_days"),
            )
            for row in rows(folder, "engagements.csv")
        ),
        scope_changes=tuple(
            ScopeChange(
                external_id=row.text("external_id"),
                engagement=row.text("engagement"),
                kind=row.text("kind"),
                effective_on=row.day("effective_on"),
                value_delta=row.number_or_none("value_delta"),
                ends_on=row.day_or_none("ends_on"),
                origin=row.text("origin"),
                involved_from=row.text("involved_from"),
                reverses=row.text("reverses"),
            )
            for row in rows(folder, "scope_changes.csv")
        ),
        standings=tuple(
            Standing(row.text("client"), row.day("effective_on"), row.text("standing"))
            for row in rows(folder, "standings.csv")
        ),
        involvements=tuple(
            Involvement(
                client=row.text("client"),
                kind=row.text("kind"),
                started_on=row.day("started_on"),
                ended_on=row.day_or_none("ended_on"),
            )
            for row in rows(folder, "involvements.csv")
        ),
        kpis=tuple(
            Kpi(row.text("external_id"), row.text("client"), row.text("direction")) for row in rows(folder, "kpis.csv")
        ),
        kpi_readings=tuple(
            KpiReading(
                kpi=row.text("kpi"),
                month=row.day("month"),
                value=row.number("value"),
                target=row.number_or_none("target"),
            )
            for row in rows(folder, "kpi_readings.csv")
        ),
        check_ins=tuple(
            CheckIn(
                external_id=row.text("external_id"),
                client=row.text("client"),
                held_on=row.day("held_on"),
                client_contacts=frozenset(row.several("client_contacts")),
                agency_people=frozenset(email.lower() for email in row.several("agency_people")),
                signs=frozenset(row.several("signs")),
            )
            for row in rows(folder, "check_ins.csv")
        ),
        pulses=tuple(
            Pulse(
                external_id=row.text("external_id"),
                client=row.text("client"),
                side=row.text("side"),
                respondent=row.email("respondent"),
                answered_on=row.day("answered_on"),
                answers={
                    question: int(row.text(question)) for question in ATTRIBUTES + STATEMENTS if row.text(question)
                },
                confidential=row.text("confidential") == "yes",
            )
            for row in rows(folder, "pulses.csv")
        ),
        recommendations=tuple(
            Recommendation(
                client=row.text("client"),
                made_on=row.day("made_on"),
                proactive=row.text("proactive"),
                reception=row.text("reception"),
                stance=row.text("stance"),
            )
            for row in rows(folder, "recommendations.csv")
        ),
        goals=tuple(
            Goal(
                client=row.text("client"),
                set_on=row.day("set_on"),
                agreed_on=row.day_or_none("agreed_on"),
                closed_on=row.day_or_none("closed_on"),
            )
            for row in rows(folder, "goals.csv")
        ),
        exchange_rates=tuple(
            ExchangeRate(row.text("currency"), row.day("effective_on"), row.number("rate"))
            for row in rows(folder, "exchange_rates.csv")
        ),
        settings=tuple(
            Setting(row.text("name"), row.day("effective_on"), row.text("value"))
            for row in rows(folder, "settings.csv")
        ),
    )
