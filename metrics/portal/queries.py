"""What a client's people are shown on their page: sections that are open, and in them the records marked as shown.

The query asks for no column beyond those, and names the client in each part. Behind the wall the database asks the
same once more, by the policies of the role soundings_portal.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONArray, JSONObject, NullIf

from accounts.models import (
    Agency,
    CheckIn,
    Client,
    Contact,
    Engagement,
    Goal,
    Kpi,
    KpiReading,
    Opportunity,
    PortalVisit,
    Pulse,
    Recommendation,
    ScopeChange,
    Setting,
    SharedSection,
    TeamMember,
)
from accounts.periods import Quarter, months_after
from accounts.queries.account_records import EngagementRecord, GoalRecord
from accounts.queries.clock import OF_THE_QUARTER, quarter_by
from accounts.queries.engagements import EngagementRow, engagements
from accounts.queries.own_pulse import days_answered
from accounts.queries.readings import Reading, is_met
from accounts.settings_in_force import ATTRIBUTES, SettingHistory, SettingVersion
from metrics.figures.attainment import attainment
from metrics.models import ClientQuarter, Horizon

QUARTERS_SHOWN = 12
VISITS_SHOWN = 100
MONTHS = 12
ZERO = Decimal(0)
Section = SharedSection.Section


# What is shown


@dataclass(frozen=True)
class KpiShown:
    """One number the client measures the work by, with its readings of all quarters, oldest first."""

    external_id: str
    name: str
    unit: str
    direction: str
    readings: tuple[Reading, ...]

    def within(self, quarter: "QuarterShown") -> tuple[Reading | None, ...]:
        """Those of a quarter's three months, None where a month has none."""
        by_month = {reading.month: reading for reading in self.readings}
        return tuple(by_month.get(month) for month in quarter.months)


@dataclass(frozen=True)
class QuarterShown:
    """One quarter: how many of the targets shown were met, and the scope at its ends; None where that is not shown."""

    quarter: str
    starts_on: date
    ends_on: date
    in_progress: bool
    met: int = 0
    with_target: int = 0
    scope_start: Decimal | None = None
    scope_end: Decimal | None = None
    view: tuple[Decimal | None, ...] = ()
    """Where the client's people place each attribute, 0 to 100, as means of three or more answers."""

    @cached_property
    def attainment(self) -> Decimal | None:
        """Of the targets shown; the stored figure counts those that are not shown as well."""
        return attainment(self.met, self.with_target)

    @property
    def change(self) -> Decimal:
        """What the quarter did to the annual scope."""
        return (self.scope_end or ZERO) - (self.scope_start or ZERO)

    @property
    def months(self) -> tuple[date, date, date]:
        """The first days of its three months."""
        first = self.starts_on
        return first, months_after(first, 1), months_after(first, 2)


@dataclass(frozen=True)
class AgreedShown:
    """One thing that was agreed, or talked about where that is shown, on a day.

    `kind` is a kind of entry of the ledger, `goal` or `check_in`; `amount` a change of scope or price a year, in
    the client's currency, and `ends_on` a term that was agreed.
    """

    day: date
    kind: str
    words: str
    amount: Decimal | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class AdviceShown:
    """One piece of advice, what was decided, and what came of it; blank: nobody has said."""

    external_id: str
    made_on: date
    subject: str
    decision: str
    outcome: str
    outcome_on: date | None

    @property
    def is_decided(self) -> bool:
        """Whether the client has decided."""
        return self.decision not in ("", Recommendation.Decision.PENDING)


@dataclass(frozen=True)
class ProposalShown:
    """One thing more that is proposed, and the goal it serves where that is shown."""

    external_id: str
    title: str
    goal: str
    service_line: str
    raised_on: date | None


@dataclass(frozen=True)
class ColleagueShown:
    """One person of the agency on the account, by role; the e-mail is there to be written to."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class ContactShown:
    """One person of the client's own side."""

    name: str
    role: str


@dataclass(frozen=True)
class HomePage:
    """Everything a client's people are shown on their page. What is not open is empty.

    `open` are the sections. `quarters` run to the one shown, oldest first, at most twelve; `choices` are the
    quarters to choose from, newest first, with whether each is in progress.
    """

    client_id: int
    name: str
    currency: str
    agency: str
    has_logo: bool
    as_of: date | None
    open: frozenset[str]
    answered: date | None = None
    """When the reader answered the pulse of the quarter in progress."""
    choices: tuple[tuple[str, bool], ...] = ()
    quarters: tuple[QuarterShown, ...] = ()
    goals: tuple[GoalRecord, ...] = ()
    kpis: tuple[KpiShown, ...] = ()
    bought: tuple[EngagementRow, ...] = ()
    agreed: tuple[AgreedShown, ...] = ()
    advice: tuple[AdviceShown, ...] = ()
    proposals: tuple[ProposalShown, ...] = ()
    colleagues: tuple[ColleagueShown, ...] = ()
    contacts: tuple[ContactShown, ...] = ()

    @property
    def shown(self) -> QuarterShown | None:
        """The quarter shown; None where nothing of any quarter is."""
        return self.quarters[-1] if self.quarters else None

    @property
    def viewed(self) -> QuarterShown | None:
        """The last quarter up to the one shown that has ended.

        The view is told of no other: answers of the quarter in progress open to nobody of the agency who has yet to
        answer (DOMAIN.md, 7, blind first), and whoever sees this page as the client sees what the client sees.
        """
        return next((row for row in reversed(self.quarters) if not row.in_progress), None)

    @property
    def view(self) -> tuple[tuple[str, Decimal | None], ...]:
        """The ten attributes in their order, as the client's people place them at the end of the quarter viewed."""
        found = self.viewed.view if self.viewed and Section.WORKING in self.open else ()
        return tuple(zip(ATTRIBUTES, found, strict=True)) if found else ()


@dataclass(frozen=True)
class VisitShown:
    """One of the reader's own visits, as it is kept."""

    what: str
    at: datetime


def own_visits(client_id: int) -> tuple[VisitShown, ...]:
    """What is kept of the reader's own visits, the latest first: behind the wall there are no others. One query."""
    rows = PortalVisit.objects.filter(client_id=client_id).order_by("-at", "-id").values_list("what", "at")
    return tuple(VisitShown(what, at) for what, at in rows[:VISITS_SHOWN])


# Reading it


def home_page(client_id: int, quarter: str, now: datetime, respondent: str = "") -> HomePage | None:
    """The page of one client; None where there is none to see. One query.

    `quarter` is a label such as 2026-Q3; any other text means the last quarter that has ended. `respondent` is the
    e-mail of the reader who is told when they answered the pulse; blank: nobody is told.
    """
    found = _asked(client_id, respondent).first()
    if found is None:
        return None
    sections = frozenset(found["sections"])
    page = HomePage(
        client_id=client_id,
        name=found["name"],
        currency=found["currency"],
        agency=found["agency_name"] or "",
        has_logo=bool(found["agency_logo"]),
        as_of=found["as_of"],
        open=sections,
        answered=_answered(found, now) if respondent else None,
    )
    if found["as_of"] is None:
        return page
    return _filled(page, found, sections, quarter)


def _filled(page: HomePage, found: Mapping[str, Any], sections: frozenset[str], label: str) -> HomePage:
    as_of: date = found["as_of"]
    kpis = _kpis(found) if Section.RESULTS in sections else ()
    quarters = _quarters(found, kpis, sections, as_of)
    shown = _chosen(quarters, label)
    upto = tuple(row for row in quarters if shown is not None and row.starts_on <= shown.starts_on)
    records = _engagements(found)
    ledger = _read(found["changes_found"], _Change) if Section.SCOPE in sections else ()
    goals = _read(found["goals_found"], GoalRecord) if Section.GOALS in sections else ()
    year_ago = date(as_of.year - 1, as_of.month, 1)
    values: dict[str, Any] = {
        "choices": tuple((row.quarter, row.in_progress) for row in reversed(quarters)),
        "quarters": upto[-QUARTERS_SHOWN:],
        # What is open comes first.
        "goals": tuple(
            sorted(
                (goal for goal in goals if goal.is_open or (goal.closed_on or goal.due_on or goal.set_on) >= year_ago),
                key=lambda goal: not goal.is_open,
            )
        ),
        "kpis": kpis,
        "bought": tuple(row for row in engagements(records, ledger, as_of) if row.is_open),
    }
    if Section.AGREED in sections:
        check_ins = _read(found["check_ins_found"], CheckInShown)
        values["agreed"] = _agreed(check_ins, records, ledger, goals, as_of)
    if Section.ADVICE in sections:
        advice = _read(found["advice_found"], AdviceShown)
        values["advice"] = tuple(sorted(advice, key=lambda row: row.is_decided))
    if Section.PROPOSALS in sections:
        values["proposals"] = _read(found["proposals_found"], ProposalShown)
    if Section.PEOPLE in sections:
        values["colleagues"] = _read(found["team_found"], ColleagueShown)
        values["contacts"] = _read(found["contacts_found"], ContactShown)
    return HomePage(**{**{name: getattr(page, name) for name in _OF_EVERY_PAGE}, **values})


_OF_EVERY_PAGE = ("client_id", "name", "currency", "agency", "has_logo", "as_of", "open", "answered")


def _answered(found: Mapping[str, Any], now: datetime) -> date | None:
    """The last day within the quarter in progress on which the reader answered."""
    history = SettingHistory(SettingVersion(name, date.fromisoformat(on), value) for name, on, value in found["clock"])
    quarter, _today = quarter_by(history, now)
    return next((day for day in found["answered_found"] if quarter.start <= day < quarter.end), None)


@dataclass(frozen=True)
class CheckInShown:
    """One conversation, in the words recorded of it."""

    held_on: date
    summary: str


@dataclass(frozen=True)
class _Change:
    """One effective entry of the ledger."""

    external_id: str
    engagement_id: int
    kind: str
    effective_on: date
    value_delta: Decimal
    ends_on: date | None
    counts: ClassVar[bool] = True
    """Reversed entries and reversals are not asked for."""


def _asked(client_id: int, respondent: str) -> QuerySet[Client, Any]:
    of_client = OuterRef("pk")
    agency = Agency.objects.filter(pk=Agency.ONLY)
    horizon = Horizon.objects.all()
    shown_readings = KpiReading.objects.filter(client=of_client, kpi__client=of_client, kpi__shared=True)
    undone = ScopeChange.objects.filter(client=OuterRef("client"), reverses=OuterRef("pk"))
    return Client.objects.filter(pk=client_id).values(
        "name",
        "currency",
        agency_name=Subquery(agency.values("name")),
        agency_logo=Subquery(agency.annotate(there=Value(value=True)).filter(logo__isnull=False).values("there")),
        as_of=Subquery(horizon.values("as_of")[:1]),
        fiscal_month=Subquery(horizon.values("fiscal_month")[:1]),
        clock=ArraySubquery(
            Setting.objects.filter(name__in=OF_THE_QUARTER).values(row=JSONArray("name", "effective_on", "value"))
        ),
        answered_found=ArraySubquery(days_answered(of_client, Pulse.Side.CLIENT, respondent)),
        sections=ArraySubquery(SharedSection.objects.filter(client=of_client).order_by("section").values("section")),
        goals_found=_rows(
            Goal.objects.filter(client=of_client, shared=True).order_by(F("due_on").asc(nulls_last=True), "id"),
            GoalRecord,
        ),
        kpis_found=ArraySubquery(
            Kpi.objects.filter(client=of_client, shared=True)
            .order_by("name", "id")
            .values(row=JSONObject(id="id", external_id="external_id", name="name", unit="unit", direction="direction"))
        ),
        readings_found=ArraySubquery(
            shown_readings.order_by("kpi_id", "month").values(
                row=JSONObject(kpi="kpi_id", month="month", value=_exact("value"), target=_exact("target"))
            )
        ),
        quarters_found=ArraySubquery(
            ClientQuarter.objects.filter(client=of_client, listed=True)
            .order_by("starts_on")
            .values(
                row=JSONObject(
                    starts_on="starts_on",
                    scope_start=_exact("scope_start"),
                    scope_end=_exact("scope_end"),
                    view=Cast("client_pulse_to_show", TextField()),
                )
            )
        ),
        engagements_found=ArraySubquery(
            Engagement.objects.filter(client=of_client)
            .order_by("name", "id")
            .values(
                row=JSONObject(
                    id="id", external_id="external_id", name="name", service_line="service_line", billing="billing"
                )
            )
        ),
        changes_found=_rows(
            ScopeChange.objects.filter(client=of_client, reverses__isnull=True)
            .filter(~Exists(undone))
            .order_by("-effective_on", "-id"),
            _Change,
            value_delta=_exact("value_delta"),
        ),
        check_ins_found=_rows(
            CheckIn.objects.filter(client=of_client, shared=True).order_by("-held_on", "-id"), CheckInShown
        ),
        advice_found=_rows(
            Recommendation.objects.filter(client=of_client, shared=True).order_by("-made_on", "-id"), AdviceShown
        ),
        proposals_found=_rows(
            Opportunity.objects.filter(
                client=of_client, shared=True, stage=Opportunity.Stage.RAISED, closed_on__isnull=True
            ).order_by("-raised_on", "id"),
            ProposalShown,
            # A goal that is not shown is not named either.
            goal=Subquery(
                Goal.objects.filter(pk=OuterRef("goal_id"), client=OuterRef("client"), shared=True).values("title")
            ),
        ),
        team_found=_rows(
            TeamMember.objects.filter(client=of_client, ended_on=None).order_by("person__name", "id"),
            ColleagueShown,
            name=Coalesce(NullIf("person__name", Value("")), "person__email"),
            email=F("person__email"),
        ),
        contacts_found=_rows(
            Contact.objects.filter(client=of_client, left_on__isnull=True).order_by("name", "id"), ContactShown
        ),
    )


def _exact(name: str) -> Cast:
    """A number as text: as JSON it would lose what is behind its fifteenth digit."""
    return Cast(name, TextField())


Row = TypeVar("Row")


def _rows(rows: Any, shape: type[Any], **others: Any) -> ArraySubquery:
    """Rows as JSON, a column for each field of their shape; `others` are those that come from elsewhere."""
    columns = {name: others.get(name, name) for name in (column.name for column in fields(shape))}
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def _read(rows: Iterable[Mapping[str, Any]], shape: Callable[..., Row]) -> tuple[Row, ...]:
    return tuple(shape(**{name: _value(name, value) for name, value in row.items()}) for row in rows)


def _value(name: str, value: Any) -> Any:
    """What came as JSON: days and exact numbers are text there."""
    if name.endswith("_on"):
        return None if value is None else date.fromisoformat(value)
    if name == "value_delta":
        return Decimal(value)
    return "" if value is None else value


def _kpis(found: Mapping[str, Any]) -> tuple[KpiShown, ...]:
    readings: dict[int, list[Mapping[str, Any]]] = {}
    for reading in found["readings_found"]:
        readings.setdefault(reading["kpi"], []).append(reading)
    return tuple(
        KpiShown(
            external_id=row["external_id"],
            name=row["name"],
            unit=row["unit"],
            direction=row["direction"],
            readings=tuple(_reading(row["direction"], reading) for reading in readings.get(row["id"], ())),
        )
        for row in found["kpis_found"]
    )


def _reading(direction: str, row: Mapping[str, Any]) -> Reading:
    value = Decimal(row["value"])
    target = None if row["target"] is None else Decimal(row["target"])
    return Reading(date.fromisoformat(row["month"]), value, target, is_met(value, target, Kpi(direction=direction)))


def _quarters(
    found: Mapping[str, Any], kpis: Sequence[KpiShown], sections: frozenset[str], as_of: date
) -> list[QuarterShown]:
    """From the first quarter of which anything is shown to the one in progress, without a gap."""
    stored = {date.fromisoformat(row["starts_on"]): row for row in found["quarters_found"]}
    starts = [*stored]
    starts += [reading.month for kpi in kpis for reading in kpi.readings]
    if not starts:
        return []
    fiscal_month: int = found["fiscal_month"]
    quarter = Quarter.containing(min(starts), fiscal_month)
    rows: list[QuarterShown] = []
    while quarter.start <= as_of:
        readings = [
            reading
            for kpi in kpis
            for reading in kpi.readings
            if quarter.start <= reading.month < quarter.end and reading.is_met is not None
        ]
        of_quarter = stored.get(quarter.start)
        has_scope = Section.SCOPE in sections
        rows.append(
            QuarterShown(
                quarter=quarter.label,
                starts_on=quarter.start,
                ends_on=quarter.end,
                in_progress=quarter.in_progress(as_of),
                met=sum(bool(reading.is_met) for reading in readings),
                with_target=len(readings),
                scope_start=(Decimal(of_quarter["scope_start"]) if of_quarter else ZERO) if has_scope else None,
                scope_end=(Decimal(of_quarter["scope_end"]) if of_quarter else ZERO) if has_scope else None,
                view=_view(of_quarter["view"]) if of_quarter else (),
            )
        )
        quarter = quarter.shifted(1)
    return rows


def _view(text: str | None) -> tuple[Decimal | None, ...]:
    """Postgres writes an array as {50.0,NULL}."""
    if not text:
        return ()
    return tuple(None if part == "NULL" else Decimal(part) for part in text.strip("{}").split(","))


def _chosen(rows: Sequence[QuarterShown], label: str) -> QuarterShown | None:
    for row in rows:
        if row.quarter == label:
            return row
    ended = [row for row in rows if not row.in_progress]
    return (ended or rows or [None])[-1]  # type: ignore[list-item]


def _engagements(found: Mapping[str, Any]) -> list[EngagementRecord]:
    """The engagements, without what they are priced by and what notice there is."""
    return [EngagementRecord(**row, pricing="", notice_days=None) for row in found["engagements_found"]]


def _agreed(
    check_ins: Iterable[CheckInShown],
    bought: Iterable[EngagementRecord],
    ledger: Iterable[_Change],
    goals: Iterable[GoalRecord],
    as_of: date,
) -> tuple[AgreedShown, ...]:
    """All of it, the latest first, up to the day of the figures."""
    by_id = {row.id: row for row in bought}
    found = [AgreedShown(row.held_on, "check_in", row.summary) for row in check_ins]
    for row in ledger:
        engagement = by_id[row.engagement_id]
        annual = row.value_delta * (MONTHS if engagement.billing == Engagement.Billing.RETAINER else 1)
        says_how_much = bool(annual) and row.kind != ScopeChange.Kind.END
        found.append(
            AgreedShown(row.effective_on, row.kind, engagement.name, annual if says_how_much else None, row.ends_on)
        )
    found += [AgreedShown(goal.agreed_on, "goal", goal.title) for goal in goals if goal.agreed_on is not None]
    return tuple(sorted((row for row in found if row.day <= as_of), key=lambda row: row.day, reverse=True))
