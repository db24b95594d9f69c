"""One account of a quarter in half a page: its figures, its course, and what its sentences are made from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from accounts.models import ScopeChange
from accounts.periods import Quarter, months_after
from accounts.settings_in_force import ATTRIBUTES
from metrics.findings import AccountFacts
from metrics.queries.portfolio import QUARTERS_DRAWN
from metrics.queries.quarter.moves import ZERO, Row
from metrics.queries.quarter.stored_json import from_json

YEAR = 4


@dataclass(frozen=True)
class ScopeEntry:
    """One change of the quarter that counts, as the ledger has it; the amount is annual, in the client's currency."""

    on: date
    kind: str
    engagement: str
    service_line: str
    amount: Decimal
    origin: str
    ends_on: date | None

    @property
    def kind_name(self) -> str:
        """What happened, in words."""
        return str(ScopeChange.Kind(self.kind).label)


@dataclass(frozen=True)
class AccountHalf:
    """One account in half a page. Money in its currency; percent; None: cannot be known.

    The courses are the last twelve quarters, oldest first. `widest` is the attribute on which the two sides are
    furthest apart, with the client's view and ours; blank where no attribute has both. `term_ends_on` is the
    latest end agreed for what is open at the quarter's end, `notice_days` the longest notice where none was.
    """

    external_id: str
    name: str
    currency: str
    manager: str
    pattern: str
    movement: str
    scope_start: Decimal
    scope_end: Decimal
    attainment: Decimal | None
    kpi_met: int
    kpi_readings: int
    partnership_score: Decimal | None
    coverage: int
    check_in_rhythm: Decimal | None
    widest: str
    client_view: Decimal | None
    agency_view: Decimal | None
    last_check_in: date | None
    term_ends_on: date | None
    notice_days: int | None
    entries: tuple[ScopeEntry, ...]
    attainment_course: tuple[Decimal | None, ...]
    scope_course: tuple[Decimal | None, ...]
    score_course: tuple[Decimal | None, ...]
    good_attainment: Decimal
    facts: AccountFacts

    @property
    def change(self) -> Decimal:
        """What the quarter did to the annual scope."""
        return self.scope_end - self.scope_start

    @property
    def gap(self) -> Decimal | None:
        """What we think of ourselves beyond what the client thinks, on the attribute where that is widest."""
        if self.client_view is None or self.agency_view is None:
            return None
        return self.agency_view - self.client_view


@dataclass(frozen=True)
class _Point:
    """One quarter of an account's course."""

    starts_on: date
    attainment: Decimal | None
    scope_start: Decimal
    scope_end: Decimal
    score: Decimal | None
    is_good: bool = False

    @property
    def change(self) -> Decimal:
        return self.scope_end - self.scope_start


def half_of(row: Row, quarter: Quarter, good_at: Callable[[date], Decimal]) -> AccountHalf:
    """The half page of an account that is told of by itself; `good_at` is the attainment that is good at a day."""
    course = _course(from_json(row["quarters"]), good_at)
    entries = tuple(map(_entry, from_json(row["entries"]))) if row["entries"] else ()
    views = {
        attribute: (theirs, ours)
        for attribute, theirs, ours in zip(ATTRIBUTES, row["client_pulse"], row["agency_pulse"], strict=True)
        if theirs is not None and ours is not None
    }
    widest = max(views, key=lambda attribute: abs(views[attribute][1] - views[attribute][0]), default="")
    by_start = {point.starts_on: point for point in course}
    drawn = [by_start.get(quarter.shifted(back).start) for back in range(1 - QUARTERS_DRAWN, 1)]
    return AccountHalf(
        external_id=row["external_id"],
        name=row["name"],
        currency=row["currency"],
        manager=row["manager"],
        pattern=row["pattern"],
        movement=row["movement"],
        scope_start=row["scope_start"],
        scope_end=row["scope_end"],
        attainment=row["attainment"],
        kpi_met=row["kpi_met"],
        kpi_readings=row["kpi_readings"],
        partnership_score=row["partnership_score"],
        coverage=row["coverage"],
        check_in_rhythm=row["check_in_rhythm"],
        widest=widest,
        client_view=views[widest][0] if widest else None,
        agency_view=views[widest][1] if widest else None,
        last_check_in=row["held_on"],
        term_ends_on=row["term_ends_on"],
        notice_days=row["notice_days"],
        entries=tuple(entry for entry in entries if entry.on >= quarter.start),
        attainment_course=tuple(point.attainment if point else None for point in drawn),
        scope_course=tuple(point.scope_end if point else None for point in drawn),
        score_course=tuple(point.score if point else None for point in drawn),
        good_attainment=good_at(quarter.end),
        facts=_facts(row, course, views, _new_lines(row, entries)),
    )


def _entry(stored: Row) -> ScopeEntry:
    return ScopeEntry(
        on=date.fromisoformat(stored["on"]),
        kind=stored["kind"],
        engagement=stored["engagement"],
        service_line=stored["service_line"],
        amount=Decimal(stored["amount"]),
        origin=stored["origin"],
        ends_on=date.fromisoformat(stored["ends_on"]) if stored["ends_on"] else None,
    )


def _course(stored: Iterable[Sequence[Any]], good_at: Callable[[date], Decimal]) -> tuple[_Point, ...]:
    """From the first quarter with scope on; where nothing is stored, the client had no scope."""
    points: list[_Point] = []
    for starts_on, listed, attainment, scope_start, scope_end, score in stored:
        start = date.fromisoformat(starts_on)
        if not points and not listed:
            continue
        while points and months_after(points[-1].starts_on, 3) < start:
            points.append(_Point(months_after(points[-1].starts_on, 3), None, ZERO, ZERO, None))
        points.append(
            _Point(
                starts_on=start,
                attainment=attainment,
                scope_start=Decimal(scope_start),
                scope_end=Decimal(scope_end),
                score=score,
                is_good=attainment is not None and attainment >= good_at(months_after(start, 3)),
            )
        )
    return tuple(points)


def _new_lines(row: Row, entries: Iterable[ScopeEntry]) -> tuple[str, ...]:
    """The service lines that the year window took us into: begun or expanded in it, without scope before it."""
    if not row["into_new_year"] or row["year_starts_on"] is None or not row["scope_year_start"]:
        return ()
    begun = {
        entry.service_line
        for entry in entries
        if entry.kind in (ScopeChange.Kind.START, ScopeChange.Kind.EXPANSION) and entry.on >= row["year_starts_on"]
    }
    return tuple(sorted(begun - {"", *(row["had"] or ())}))


def _facts(
    row: Row,
    course: Sequence[_Point],
    views: Mapping[str, tuple[Decimal, Decimal]],
    new_lines: tuple[str, ...],
) -> AccountFacts:
    """What the account's own page makes its sentences from, over all quarters up to this one."""
    window = course[-YEAR:]
    first = next((place for place, point in enumerate(window) if point.scope_start > 0), len(window))
    read = window[first:]
    shown = course[-1]
    known, pulled = row["growth_known_year"], row["growth_pulled_year"]
    return AccountFacts(
        pattern=row["pattern"],
        good_run=_run(course, lambda point: point.is_good),
        flat_run=_run(course, lambda point: not point.change),
        read=len(read),
        with_targets=sum(point.attainment is not None for point in read),
        increases=sum(point.change > 0 for point in read),
        change=shown.scope_end - read[0].scope_start if read else shown.scope_end,
        is_gone=not shown.scope_end,
        swing=row["swing"],
        pulled_share=100 * pulled / known if known else None,
        score=row["partnership_score"],
        score_year_ago=course[-1 - YEAR].score if len(course) > YEAR else None,
        coverage=row["coverage"],
        check_in_rhythm=row["check_in_rhythm"],
        views=views,
        client_answered=sum(view is not None for view in row["client_pulse"]),
        agency_answered=sum(view is not None for view in row["agency_pulse"]),
        new_lines=new_lines,
    )


def _run(course: Sequence[_Point], holds: Callable[[_Point], bool]) -> int:
    """In how many quarters in a row, up to the last, something held."""
    return sum(1 for _point in takewhile(holds, reversed(course)))
