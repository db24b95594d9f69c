"""The account page: one client's figures by quarter, its attributes, ledger and KPIs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import takewhile

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from accounts import access
from accounts.models import CheckIn, Client, KpiReading, Pulse, ScopeChange, Setting
from accounts.periods import months_after
from accounts.queries.account_records import AccountRecords, account_records
from accounts.queries.ledger import LedgerRow, ledger
from accounts.queries.readings import KpiRow, kpi_readings
from accounts.queries.sharing import ClientSees, in_short, sees_of
from accounts.settings_in_force import ATTRIBUTES, DEFAULTS
from metrics.account_sentences import CandourFacts
from metrics.findings import AccountFacts
from metrics.models import ClientCandour, ClientQuarter, LineQuarter

QUARTERS_SHOWN = 12
YEAR = 4
ZERO = Decimal(0)


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of one client, as stored.

    `good_attainment` is the threshold in force at its end; `last_check_in` the latest held before its end;
    `lines_at_year_start` are the service lines that had scope when its year window began. `is_closed`: the client's
    own answers, and what follows from them, are not open to whoever reads yet; then they are unknown here.
    """

    quarter: str
    starts_on: date
    ends_on: date
    in_progress: bool
    listed: bool
    scope_start: Decimal
    scope_end: Decimal
    value_end: Decimal
    movement: str
    year_starts_on: date | None
    scope_year_start: Decimal
    movement_year: str
    growth_known_year: Decimal
    growth_pulled_year: Decimal
    into_new_year: bool
    stayed_year: bool
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
    check_in_rhythm: Decimal | None
    candour: Decimal | None
    settings_version: date | None
    good_attainment: Decimal
    last_check_in: date | None
    lines_at_year_start: tuple[str, ...]
    is_closed: bool = False

    @property
    def change(self) -> Decimal:
        """What the quarter did to the annual scope."""
        return self.scope_end - self.scope_start

    @property
    def change_year(self) -> Decimal | None:
        """What the year window did to the annual scope; None before the fourth quarter."""
        return None if self.year_starts_on is None else self.scope_end - self.scope_year_start


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
class SetUp:
    """What is recorded of a client whose figures have not begun."""

    has_scope: bool
    has_targets: bool
    has_pulse: bool

    @property
    def done(self) -> int:
        """How many of the three."""
        return self.has_scope + self.has_targets + self.has_pulse


@dataclass(frozen=True)
class AccountPage:
    """Everything the account page shows; `client` is the row that access is asked about.

    `quarters` are the quarters up to the one shown, oldest first and without a gap, at most twelve;
    `chosen` is the one shown, None where the client has no figures yet. `choices` are all quarters to
    choose from, newest first, with whether each is in progress. `attributes` are all ten, or none.
    `new_lines` are the service lines that the year window took us into.
    """

    client: Client
    external_id: str
    name: str
    industry: str
    value_tier: str
    currency: str
    manager: str
    since: date | None
    set_up: SetUp
    choices: tuple[tuple[str, bool], ...]
    quarters: tuple[QuarterRow, ...]
    chosen: QuarterRow | None
    facts: AccountFacts | None
    attributes: tuple[AttributeRow, ...]
    new_lines: tuple[str, ...]
    ledger: tuple[LedgerRow, ...]
    records: AccountRecords
    candour: CandourFacts
    kpis: tuple[KpiRow, ...]
    sees: ClientSees

    @property
    def has_records(self) -> bool:
        """Whether anything is recorded beside its name: without it there is nothing to list."""
        return self.records != AccountRecords() or bool(self.ledger)


def account_page(reader: access.User, clients: QuerySet[Client], external_id: str, quarter: str) -> AccountPage | None:
    """The page of one of these clients, as this reader may see it; None when it isn't among them. Five queries.

    `quarter` is a label such as 2026-Q3; any other text means the last quarter that has ended. What follows from the
    client's own answers of the quarter in progress is unknown here as long as it is closed to whoever reads.
    """
    client = (
        clients.filter(external_id=external_id)
        .select_related("account_manager", "candour")
        .annotate(
            has_targets=Exists(KpiReading.objects.filter(client=OuterRef("pk"), target__isnull=False)),
            # A confidential answer that waits is on no page: it may not even be known to exist.
            has_pulse=Exists(Pulse.objects.filter(client=OuterRef("pk")).exclude(confidential=True)),
        )
        .annotate(**in_short())
        .first()
    )
    if client is None:
        return None
    stored = list(_stored(reader, client))
    chosen = _chosen([row for row in stored if row.listed], quarter)
    rows = () if chosen is None else _without_gaps([row for row in stored if row.starts_on <= chosen.starts_on])
    attributes = () if chosen is None else _attributes(chosen)
    entries = ledger(client.pk)
    shown = rows[-1] if rows else None
    new_lines = () if shown is None else _new_lines(shown, entries)
    return AccountPage(
        client=client,
        external_id=client.external_id,
        name=client.name,
        industry=client.industry,
        value_tier=client.value_tier,
        currency=client.currency,
        manager=str(client.account_manager) if client.account_manager else "",
        since=min((row.effective_on for row in entries if row.kind == "start" and row.counts), default=None),
        set_up=SetUp(any(row.counts for row in entries), client.has_targets, client.has_pulse),
        choices=tuple((row.quarter, row.in_progress) for row in reversed(stored) if row.listed),
        quarters=rows[-QUARTERS_SHOWN:],
        chosen=shown,
        facts=None if shown is None else _facts(rows, attributes, new_lines),
        attributes=attributes,
        new_lines=new_lines,
        ledger=entries,
        records=account_records(client.pk, _closed_from(stored)),
        candour=_candour(client, shown),
        kpis=() if shown is None else kpi_readings(client.pk, shown.starts_on, shown.ends_on),
        sees=sees_of(client),
    )


def _closed_from(stored: Sequence[ClientQuarter]) -> date:
    """From which day on what the client's people answered is closed to the reader: the quarter in progress, or none.

    Of what came after the last quarter that has figures nobody can say in which quarter it was: it is closed, too.
    """
    if not stored:
        return date.min
    last = stored[-1]
    return last.starts_on if vars(last)["is_closed"] else last.ends_on


def _stored(reader: access.User, client: Client) -> QuerySet[ClientQuarter]:
    threshold = Setting.objects.filter(name="good_attainment", effective_on__lt=OuterRef("ends_on"))
    held = CheckIn.objects.filter(client=client, held_on__lt=OuterRef("ends_on"))
    lines = LineQuarter.objects.filter(client=client, starts_on=OuterRef("starts_on"), scope_year_start__gt=0)
    closed = access.are_answers_closed(reader, "client_id", OuterRef("starts_on"), OuterRef("ends_on"))
    return (
        ClientQuarter.objects.filter(client=client)
        .annotate(
            good_attainment=Subquery(threshold.order_by("-effective_on").values("value")[:1]),
            last_check_in=Subquery(held.order_by("-held_on").values("held_on")[:1]),
            lines_at_year_start=ArraySubquery(lines.values("service_line")),
            is_closed=ExpressionWrapper(Q(in_progress=True) & closed, output_field=BooleanField()),
        )
        .order_by("starts_on")
    )


def _chosen(rows: list[ClientQuarter], quarter: str) -> ClientQuarter | None:
    for row in rows:
        if row.quarter == quarter:
            return row
    ended = [row for row in rows if not row.in_progress]
    return (ended or rows)[-1] if rows else None


_STORED = [field.name for field in fields(QuarterRow)]


def _row(row: ClientQuarter) -> QuarterRow:
    values = {name: getattr(row, name) for name in _STORED}
    values["good_attainment"] = Decimal(values["good_attainment"] or DEFAULTS["good_attainment"])
    values["lines_at_year_start"] = tuple(values["lines_at_year_start"])
    if values["is_closed"]:
        values |= {"partnership_score": None, "coverage": 0, "confidence": None}
    return QuarterRow(**values)


def _without_gaps(stored: Sequence[ClientQuarter]) -> tuple[QuarterRow, ...]:
    """From the first quarter with scope on; where nothing is stored, the client had no scope."""
    rows: list[QuarterRow] = []
    for row in map(_row, stored):
        if not rows and not row.listed:
            continue
        while rows and rows[-1].ends_on < row.starts_on:
            rows.append(_without_scope(rows[-1]))
        rows.append(row)
    return tuple(rows)


def _without_scope(before: QuarterRow) -> QuarterRow:
    """The quarter after this one, as one in which the client had no scope."""
    year, number = before.quarter.split("-Q")
    after = f"{year}-Q{int(number) + 1}" if number != "4" else f"{int(year) + 1}-Q1"
    return QuarterRow(
        quarter=after,
        starts_on=before.ends_on,
        ends_on=months_after(before.ends_on, 3),
        in_progress=False,
        listed=False,
        scope_start=ZERO,
        scope_end=ZERO,
        value_end=ZERO,
        movement="",
        year_starts_on=None,
        scope_year_start=ZERO,
        movement_year="",
        growth_known_year=ZERO,
        growth_pulled_year=ZERO,
        into_new_year=False,
        stayed_year=False,
        kpi_readings=0,
        kpi_met=0,
        attainment=None,
        swing=None,
        pattern="",
        pattern_from=None,
        pattern_attainment=None,
        pattern_scope_start=None,
        partnership_score=None,
        coverage=0,
        confidence=None,
        trust_signs=None,
        check_in_rhythm=None,
        candour=None,
        settings_version=None,
        good_attainment=before.good_attainment,
        last_check_in=before.last_check_in,
        lines_at_year_start=(),
    )


def _candour(client: Client, shown: QuarterRow | None) -> CandourFacts:
    """The year's share as it stood at the end of the quarter shown, and the counts of all time."""
    ever: ClientCandour | None = getattr(client, "candour", None)
    if ever is None:
        return CandourFacts()
    return CandourFacts(shown.candour if shown else None, ever.contested, ever.defended, ever.compromised)


def _attributes(row: ClientQuarter) -> tuple[AttributeRow, ...]:
    """The ten, in their order."""
    is_closed: bool = vars(row)["is_closed"]
    unknown = [None] * len(ATTRIBUTES)
    client_pulse, score = (unknown, unknown) if is_closed else (row.client_pulse, row.score)
    return tuple(
        AttributeRow(attribute, *values)
        for attribute, *values in zip(ATTRIBUTES, client_pulse, row.agency_pulse, row.evidence, score, strict=True)
    )


def _new_lines(shown: QuarterRow, entries: Sequence[LedgerRow]) -> tuple[str, ...]:
    """The service lines behind `into_new_year`: begun or expanded in the year window, without scope before it.

    Of an existing client alone: to a new one every line is new.
    """
    if not shown.into_new_year or shown.year_starts_on is None or not shown.scope_year_start:
        return ()
    found = {
        row.service_line
        for row in entries
        if row.counts
        and row.kind in (ScopeChange.Kind.START, ScopeChange.Kind.EXPANSION)
        and shown.year_starts_on <= row.effective_on < shown.ends_on
    }
    return tuple(sorted(found - {"", *shown.lines_at_year_start}))


def _facts(rows: Sequence[QuarterRow], attributes: Sequence[AttributeRow], new_lines: tuple[str, ...]) -> AccountFacts:
    """What the sentences of the page are made from, over all quarters up to the one shown."""
    shown = rows[-1]
    window = rows[-YEAR:]
    first = next((position for position, row in enumerate(window) if row.scope_start > 0), len(window))
    read = window[first:]
    year_ago = rows[-1 - YEAR] if len(rows) > YEAR else None
    return AccountFacts(
        pattern=shown.pattern,
        in_progress=shown.in_progress,
        good_run=_run(rows, lambda row: row.attainment is not None and row.attainment >= row.good_attainment),
        flat_run=_run(rows, lambda row: not row.change),
        read=len(read),
        with_targets=sum(row.attainment is not None for row in read),
        increases=sum(row.change > 0 for row in read),
        change=shown.scope_end - read[0].scope_start if read else shown.scope_end,
        is_gone=not shown.scope_end,
        swing=shown.swing,
        pulled_share=(100 * shown.growth_pulled_year / shown.growth_known_year if shown.growth_known_year else None),
        score=shown.partnership_score,
        score_year_ago=year_ago.partnership_score if year_ago else None,
        coverage=shown.coverage,
        check_in_rhythm=shown.check_in_rhythm,
        views={
            row.attribute: (row.client_pulse, row.agency_pulse)
            for row in attributes
            if row.client_pulse is not None and row.agency_pulse is not None
        },
        client_answered=sum(row.client_pulse is not None for row in attributes),
        agency_answered=sum(row.agency_pulse is not None for row in attributes),
        new_lines=new_lines,
    )


def _run(rows: Sequence[QuarterRow], holds: Callable[[QuarterRow], bool]) -> int:
    """In how many quarters in a row, up to the last, something held."""
    return sum(1 for _row in takewhile(holds, reversed(rows)))
