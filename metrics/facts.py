"""What is known of one client in one quarter: plain values, gathered from the records, judged by nobody."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from accounts.periods import Quarter

ZERO = Decimal(0)


class Answers(NamedTuple):
    """The latest answers of one side about one attribute: how many, and what they add up to.

    Named and confidential ones apart, since they enter a figure by different rules (DOMAIN.md, 7).
    """

    named: int
    named_sum: int
    confidential: int
    confidential_sum: int


class Statements(NamedTuple):
    """The client's latest answers to the three statements of confidence.

    Position k − 1 of each tuple is for respondents who answered k of the three statements:
    how many respondents, and what all their answers add up to.
    """

    named: tuple[int, int, int]
    named_sum: tuple[int, int, int]
    confidential: tuple[int, int, int]
    confidential_sum: tuple[int, int, int]


@dataclass(slots=True)
class ClientQuarter:
    """One client in one quarter [s, e). Every client has one for each quarter of the calendar, in order.

    Money is in the client's currency. A scope or value is annual (DOMAIN.md, 3).
    """

    client_id: int
    quarter: Quarter

    # 3. scope and value at s and at e
    scope_start: Decimal = ZERO
    scope_end: Decimal = ZERO
    value_start: Decimal = ZERO
    value_end: Decimal = ZERO

    # 4. effective rows dated in the quarter
    growth_known: Decimal = ZERO
    """Annual value of expansions, and of starts after the client's first, whose origin is known."""
    growth_pulled: Decimal = ZERO
    """The part of it that the client or both sides started."""
    renewals: int = 0
    new_lines: int = 0
    """Named service lines with a start or expansion in the quarter, in which scope was 0 at s."""
    new_lines_year: int = 0
    """The same over the year window that ends with this quarter, against scope 0 at its start."""

    # 5. readings that have a target
    kpi_readings: int = 0
    kpi_met: int = 0

    # 7. the latest answers in [e − 182 days, e), by attribute in the order of ATTRIBUTES; None: nobody answered
    client_answers: tuple[Answers, ...] | None = None
    agency_answers: tuple[Answers, ...] | None = None
    statements: Statements | None = None

    # 7. evidence, window [e − 1 year, e) unless it says otherwise
    committed_days: int | None = None
    """The most over engagements open at e: days to the term in force, else the notice; None: none open."""
    involvement_known: int = 0
    """Start and expansion rows where it is known since when we were involved."""
    involved_early: int = 0
    """Those in which we were part of the idea or the plan."""
    advice_known: int = 0
    """Recommendations known to be proactive or asked for."""
    advice_proactive: int = 0
    standing: str = ""
    """The roster standing in force at e; blank: not known."""
    half_year_check_ins: int = 0
    """Check-ins held in [e − 182 days, e)."""
    contacts_seen: int = 0
    people_seen: int = 0
    scope_pricing_known: Decimal = ZERO
    """The part of S(e) in engagements whose pricing is known."""
    scope_value_priced: Decimal = ZERO
    """The part of it priced by value or shared risk."""
    ever_involved: bool = False
    kinds_active: int = 0
    ever_checked_in: bool = False
    check_ins_held: int = 0
    check_in_days: int = 0
    """Days from the later of e − 1 year and the client's first effective start, to e; not below 0."""
    goals_open: int = 0
    goals_agreed: int = 0
    ticks: int = 0
    trust_ticks: int = 0

    # 9. contested advice made in [e − 1 year, e)
    contested: int = 0
    contested_defended: int = 0


@dataclass(slots=True)
class LineQuarter:
    """One client's scope in one named service line, in one quarter; a row where any amount is not 0."""

    client_id: int
    service_line: str
    quarter: Quarter
    scope_start: Decimal = ZERO
    scope_end: Decimal = ZERO
    value_start: Decimal = ZERO
    value_end: Decimal = ZERO
    growth_known: Decimal = ZERO
    growth_pulled: Decimal = ZERO
    renewals: int = 0


@dataclass(slots=True)
class ClientFacts:
    """All that is gathered of one client."""

    client_id: int
    external_id: str
    value_tier: str
    first_start: date | None
    """The earliest effective start; None: the client never had scope."""
    quarters: list[ClientQuarter]
    """All quarters of the calendar in order, without gaps."""
    lines: list[LineQuarter]
    """By service line, then quarter, sparse."""
    contested: int = 0
    """Contested advice of all time, whatever its date."""
    defended: int = 0
    compromised: int = 0
    withdrawn: int = 0
    readings_before: tuple[tuple[int, int], ...] = ()
    """Readings that have a target, and those met, in each of the three quarters before the calendar.

    In order; the year windows of its first three quarters reach back to them.
    """


@dataclass(slots=True)
class WindowSums:
    """Counts and sums of existing clients over one window and segment; money in the reporting currency.

    Sums leave out clients without a rate at the window's start; counts do not (DOMAIN.md, 4).
    """

    quarter: str
    window: str
    """`quarter` or `year`."""
    segment: str
    """`all`, `industry:…`, `tier:…`, `manager:…` or `service:…`."""
    existing: int
    expanding: int
    flat: int
    contracting: int
    lost: int
    into_new: int
    stayed: int
    scope_start: Decimal
    scope_end: Decimal
    value_start: Decimal
    value_end: Decimal
    value_kept: Decimal
    """The sum of the smaller of V(b) and V(a)."""
    growth_known: Decimal
    growth_pulled: Decimal
    without_rate: int
    """Existing clients left out of the sums for want of a rate."""


@dataclass(slots=True)
class SignalCase:
    """One client-quarter of the signal test: an indicator's value, and whether scope grew two quarters on."""

    client_id: int
    x: Decimal
    grew: bool
