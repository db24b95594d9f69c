"""The account page: one client's figures by quarter, its attributes, ledger and KPIs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min, QuerySet

from accounts.models import Client
from accounts.queries.ledger import LedgerRow, ledger
from accounts.queries.readings import KpiRow, kpi_readings
from accounts.settings_in_force import ATTRIBUTES
from metrics.models import ClientQuarter

QUARTERS_SHOWN = 12


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of one client, as stored."""

    quarter: str
    starts_on: date
    ends_on: date
    in_progress: bool
    scope_start: Decimal
    scope_end: Decimal
    value_end: Decimal
    movement: str
    kpi_readings: int
    kpi_met: int
    attainment: Decimal | None
    swing: Decimal | None
    pattern: str
    pattern_from: date | None
    pattern_attainment: Decimal | None
    pattern_scope_start: Decimal | None
    partnership_score: Decimal | None
    coverage: int
    confidence: Decimal | None
    trust_signs: Decimal | None
    into_new_year: bool
    stayed_year: bool
    settings_version: date | None
    listed: bool

    @property
    def change(self) -> Decimal:
        """What the quarter did to the annual scope."""
        return self.scope_end - self.scope_start


@dataclass(frozen=True)
class AttributeRow:
    """One of the ten attributes at a quarter's end, by source, each 0 to 100 or None."""

    attribute: str
    client_pulse: Decimal | None
    agency_pulse: Decimal | None
    evidence: Decimal | None
    score: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """What we think of ourselves beyond what the client thinks."""
        if self.client_pulse is None or self.agency_pulse is None:
            return None
        return self.agency_pulse - self.client_pulse


@dataclass(frozen=True)
class AccountPage:
    """Everything the account page shows.

    `quarters` are the quarters up to the one shown, oldest first, at most twelve; `chosen` is the one
    shown, None where the client has no figures yet. `labels` are all quarters to choose from, newest first.
    """

    client_id: int
    external_id: str
    name: str
    industry: str
    value_tier: str
    currency: str
    manager: str
    since: date | None
    labels: tuple[str, ...]
    quarters: tuple[QuarterRow, ...]
    chosen: QuarterRow | None
    attributes: tuple[AttributeRow, ...]
    ledger: tuple[LedgerRow, ...]
    kpis: tuple[KpiRow, ...]


def account_page(clients: QuerySet[Client], external_id: str, quarter: str) -> AccountPage | None:
    """The page of one of these clients; None when it isn't among them. Four queries.

    `quarter` is a label such as 2026-Q3; any other text means the last quarter that has ended.
    """
    client = (
        clients.filter(external_id=external_id)
        .select_related("account_manager")
        .annotate(since=Min("scope_changes__effective_on"))
        .first()
    )
    if client is None:
        return None
    stored = list(ClientQuarter.objects.filter(client=client).order_by("starts_on"))
    shown = [row for row in stored if row.listed]
    chosen = _chosen(shown, quarter)
    up_to = [row for row in stored if chosen is not None and row.starts_on <= chosen.starts_on]
    return AccountPage(
        client_id=client.pk,
        external_id=client.external_id,
        name=client.name,
        industry=client.industry,
        value_tier=client.value_tier,
        currency=client.currency,
        manager=str(client.account_manager) if client.account_manager else "",
        since=client.since,
        labels=tuple(row.quarter for row in reversed(shown)),
        quarters=tuple(_row(row) for row in up_to[-QUARTERS_SHOWN:] if row.listed),
        chosen=None if chosen is None else _row(chosen),
        attributes=() if chosen is None else _attributes(chosen),
        ledger=ledger(client.pk),
        kpis=() if chosen is None else kpi_readings(client.pk, chosen.starts_on, chosen.ends_on),
    )


def _chosen(rows: list[ClientQuarter], quarter: str) -> ClientQuarter | None:
    for row in rows:
        if row.quarter == quarter:
            return row
    ended = [row for row in rows if not row.in_progress]
    return (ended or rows)[-1] if rows else None


def _row(row: ClientQuarter) -> QuarterRow:
    return QuarterRow(**{name: getattr(row, name) for name in QuarterRow.__dataclass_fields__})


def _attributes(row: ClientQuarter) -> tuple[AttributeRow, ...]:
    """The ten, in their order, those with any source."""
    return tuple(
        AttributeRow(attribute, *values)
        for attribute, *values in zip(
            ATTRIBUTES, row.client_pulse, row.agency_pulse, row.evidence, row.score, strict=True
        )
        if any(value is not None for value in values[:3])
    )
