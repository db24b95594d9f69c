"""The review of one ended quarter: the agency's figures, what moved since the quarter before, and every account.

All of it for clients already narrowed by access; the rates and the signal test are the agency's own.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Client, ScopeChange
from accounts.periods import Quarter, months_after
from accounts.settings_in_force import ATTRIBUTES
from metrics.figures.partnership import score_band
from metrics.figures.signal import INDICATORS
from metrics.findings import AccountFacts, PortfolioFacts
from metrics.queries.calendar import Calendar
from metrics.queries.portfolio import PATTERNS, QUARTERS_DRAWN, BenchmarkRow, RateRow, Standing, beside, standing_of

ACCOUNTS_TOLD = 100
"""How many accounts have their half page: the largest."""
NAMED = 12
"""How many are named of those that moved alike; the others are counted."""
MOVED_POINTS = Decimal(5)
"""Points from one quarter's end to the next from which a partnership score has moved."""
YEAR = 4
ZERO = Decimal(0)
MOVEMENTS = ("expanding", "contracting", "lost", "new", "returned")
"""What can become of an account's scope within a quarter, unless it stays as it was."""

GROWING = ("compounding", "deepening")
NOT_GROWING = ("stalling", "at_risk")


# The agency


@dataclass(frozen=True)
class SignalRow:
    """What the signal test says of one indicator. `auc` and its interval from 0 to 1; None: too few cases."""

    indicator: str
    cases: int
    growers: int
    clients: int
    auc: Decimal | None
    low: Decimal | None
    high: Decimal | None
    verdict: str


@dataclass(frozen=True)
class CandourRow:
    """Contested advice of all accounts and all time, and what we then did."""

    contested: int = 0
    defended: int = 0
    compromised: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class Bands:
    """How many accounts with scope have a partnership score in each band, and how many have none."""

    transactional: int = 0
    developing: int = 0
    partnership: int = 0
    without: int = 0

    @property
    def scored(self) -> int:
        """How many have a score."""
        return self.transactional + self.developing + self.partnership


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
        rates, benchmarks, signals, advice = map(_read, cursor.fetchone())
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
        facts=PortfolioFacts(
            patterns={row.code: row.facts for row in standing.patterns},
            existing=year.existing if year else 0,
            expanding=year.expanding if year else 0,
            contracting=year.contracting if year else 0,
            lost=year.lost if year else 0,
            pulled_share=year.pulled_share if year else None,
        ),
    )


def _read(text: str) -> Any:
    """Rows that came as JSON, their numbers as they are stored: a fraction is never turned into a float."""
    return json.loads(text, parse_float=Decimal)


# What moved


@dataclass(frozen=True)
class PatternMove:
    """One account whose pattern is another than a quarter before.

    `attainment` and `growth` are what each pattern was read from: the mean attainment in percent, and the change
    of annual scope in the client's currency; `good` the attainment from which numbers were good. None: not known.
    """

    external_id: str
    name: str
    currency: str
    before: str
    after: str
    attainment_before: Decimal | None
    attainment_after: Decimal | None
    growth_before: Decimal | None
    growth_after: Decimal | None
    good_before: Decimal
    good_after: Decimal


@dataclass(frozen=True)
class ScopeMove:
    """What one quarter did to one account's annual scope, in its currency and in the reporting one.

    `reported` is None where the currency had no rate when the quarter began.
    """

    external_id: str
    name: str
    currency: str
    change: Decimal
    reported: Decimal | None


@dataclass(frozen=True)
class ScopeGroup:
    """All accounts that one thing became of within the quarter: the largest by name, the others by number.

    `amount` is the sum of their changes in the reporting currency, without those whose currency had no rate.
    """

    movement: str
    accounts: int
    amount: Decimal
    unpriced: int
    moves: tuple[ScopeMove, ...]

    @property
    def unnamed(self) -> int:
        """How many are not named."""
        return self.accounts - len(self.moves)


@dataclass(frozen=True)
class ScoreMove:
    """One account whose partnership score moved since the quarter before.

    `attribute` is the one that moved furthest of those known at both ends, `moved` by how much; blank where the
    account is not among those told of one by one.
    """

    external_id: str
    name: str
    before: Decimal
    after: Decimal
    coverage_before: int
    coverage_after: int
    attribute: str
    moved: Decimal | None

    @property
    def change(self) -> Decimal:
        """In points."""
        return self.after - self.before


@dataclass(frozen=True)
class Moves:
    """What moved since the quarter before. The tuples hold the first of each; the numbers count all."""

    patterns: tuple[PatternMove, ...] = ()
    patterns_moved: int = 0
    scope: tuple[ScopeGroup, ...] = ()
    scores: tuple[ScoreMove, ...] = ()
    closer: int = 0
    further: int = 0
    scored_twice: int = 0
    """How many had a score at both quarters' ends."""
    grew_into: int = 0
    """Of those whose pattern moved, how many began to grow."""
    grew_out: int = 0
    """Of those whose pattern moved, how many no longer grow."""

    def group(self, movement: str) -> ScopeGroup:
        """The accounts that this became of, none where it became of nobody."""
        empty = ScopeGroup(movement, 0, ZERO, 0, ())
        return next((group for group in self.scope if group.movement == movement), empty)


# The accounts


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
class PatternGroup:
    """The accounts of one pattern that have their half page, the largest first, and how many have not."""

    pattern: str
    accounts: tuple[AccountHalf, ...]
    untold: int


@dataclass(frozen=True)
class Accounts:
    """Every account of the quarter: what moved, how the partnerships stand, and the largest one by one."""

    moves: Moves = Moves()
    bands: Bands = Bands()
    groups: tuple[PatternGroup, ...] = ()
    accounts: int = 0

    @property
    def told(self) -> int:
        """How many have their half page."""
        return sum(len(group.accounts) for group in self.groups)


# A row for each account of the quarter, the largest first by what it was worth when it was worth more; for the first
# of them also what their half page says. Money is compared at the rate in force where the quarter begins; a currency
# without one comes last.
_ACCOUNTS = """
WITH visible AS ({clients}),

asked AS (
    SELECT
        %s::date AS starts_on,
        %s::date AS ends_on,
        %s::date AS earlier_on,
        %s::date AS year_on,
        %s::text AS reporting_currency,
        %s::int AS told
),

rate AS (
    SELECT
        used.currency,
        CASE used.currency
            WHEN asked.reporting_currency THEN 1
            ELSE (
                SELECT exchange.rate
                FROM accounts_exchangerate AS exchange
                WHERE exchange.currency = used.currency AND exchange.effective_on <= asked.starts_on
                ORDER BY exchange.effective_on DESC
                LIMIT 1
            )
        END AS rate
    FROM (SELECT DISTINCT currency FROM accounts_client) AS used
    CROSS JOIN asked
),

account AS MATERIALIZED (
    SELECT
        stored.id,
        stored.client_id,
        client.external_id,
        client.name,
        client.currency,
        client.account_manager_id,
        rate.rate,
        stored.pattern,
        stored.movement,
        stored.scope_start,
        stored.scope_end,
        stored.pattern_attainment,
        stored.scope_end - stored.pattern_scope_start AS growth,
        stored.partnership_score,
        stored.coverage,
        row_number() OVER (
            ORDER BY
                greatest(stored.scope_start, stored.scope_end) * rate.rate DESC NULLS LAST,
                lower(client.name) ASC,
                client.id ASC
        ) AS place
    FROM metrics_clientquarter AS stored
    JOIN asked ON asked.starts_on = stored.starts_on
    JOIN accounts_client AS client ON client.id = stored.client_id
    JOIN rate ON rate.currency = client.currency
    WHERE stored.listed AND client.id IN (SELECT id FROM visible)
),

told AS MATERIALIZED (
    SELECT account.client_id, account.id, account.account_manager_id
    FROM account
    CROSS JOIN asked
    WHERE account.place <= asked.told
),

effective AS MATERIALIZED (
    SELECT
        change.id,
        change.client_id,
        change.engagement_id,
        change.kind,
        change.effective_on,
        change.value_delta,
        change.ends_on,
        change.origin
    FROM accounts_scopechange AS change
    CROSS JOIN asked
    WHERE
        change.client_id IN (SELECT client_id FROM told)
        AND change.effective_on < asked.ends_on
        AND change.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM accounts_scopechange AS reversal WHERE reversal.reverses_id = change.id)
),

change AS (
    SELECT
        effective.client_id,
        json_agg(
            json_build_object(
                'on', effective.effective_on,
                'kind', effective.kind,
                'engagement', engagement.name,
                'service_line', engagement.service_line,
                'amount', effective.value_delta * CASE engagement.billing WHEN 'retainer' THEN 12 ELSE 1 END,
                'origin', effective.origin,
                'ends_on', effective.ends_on
            )
            ORDER BY effective.effective_on, effective.id
        )::text AS entries
    FROM effective
    JOIN asked ON effective.effective_on >= asked.year_on
    JOIN accounts_engagement AS engagement ON engagement.id = effective.engagement_id
    GROUP BY effective.client_id
),

-- An engagement that has begun and not ended, with the end that was agreed last.
opened AS (
    SELECT
        engagement.client_id,
        engagement.notice_days,
        (
            SELECT carried.ends_on
            FROM effective AS carried
            WHERE carried.engagement_id = engagement.id AND carried.ends_on IS NOT NULL
            ORDER BY carried.effective_on DESC, carried.ends_on DESC
            LIMIT 1
        ) AS ends_on
    FROM accounts_engagement AS engagement
    WHERE
        engagement.client_id IN (SELECT client_id FROM told)
        AND EXISTS (SELECT FROM effective WHERE engagement_id = engagement.id AND kind = 'start')
        AND NOT EXISTS (SELECT FROM effective WHERE engagement_id = engagement.id AND kind = 'end')
),

term AS (
    SELECT
        client_id,
        max(ends_on) AS ends_on,
        max(notice_days) FILTER (WHERE ends_on IS NULL) AS notice_days
    FROM opened
    GROUP BY client_id
),

held AS (
    SELECT check_in.client_id, max(check_in.held_on) AS held_on
    FROM accounts_checkin AS check_in
    JOIN asked ON check_in.held_on < asked.ends_on
    WHERE check_in.client_id IN (SELECT client_id FROM told)
    GROUP BY check_in.client_id
),

course AS (
    SELECT
        past.client_id,
        json_agg(
            json_build_array(
                past.starts_on,
                past.listed,
                past.attainment,
                past.scope_start,
                past.scope_end,
                past.partnership_score
            )
            ORDER BY past.starts_on
        )::text AS quarters
    FROM metrics_clientquarter AS past
    JOIN asked ON past.starts_on <= asked.starts_on
    WHERE past.client_id IN (SELECT client_id FROM told)
    GROUP BY past.client_id
),

line AS (
    SELECT before.client_id, array_agg(before.service_line::text) AS had
    FROM metrics_linequarter AS before
    JOIN asked ON asked.starts_on = before.starts_on
    WHERE before.scope_year_start > 0 AND before.client_id IN (SELECT client_id FROM told)
    GROUP BY before.client_id
)

SELECT
    account.external_id,
    account.name,
    account.currency,
    account.rate,
    account.pattern,
    account.movement,
    account.scope_start,
    account.scope_end,
    account.pattern_attainment,
    account.growth,
    account.partnership_score,
    account.coverage,
    earlier.pattern AS earlier_pattern,
    earlier.pattern_attainment AS earlier_attainment,
    earlier.scope_end - earlier.pattern_scope_start AS earlier_growth,
    earlier.partnership_score AS earlier_score,
    earlier.coverage AS earlier_coverage,
    told.id IS NOT NULL AS is_told,
    coalesce(nullif(manager.name, ''), manager.email, '') AS manager,
    stored.attainment,
    stored.kpi_met,
    stored.kpi_readings,
    stored.swing,
    stored.year_starts_on,
    stored.scope_year_start,
    stored.growth_known_year,
    stored.growth_pulled_year,
    stored.into_new_year,
    stored.check_in_rhythm,
    stored.client_pulse,
    stored.agency_pulse,
    stored.score AS scores,
    CASE WHEN told.id IS NOT NULL THEN earlier.score END AS earlier_scores,
    change.entries,
    term.ends_on AS term_ends_on,
    term.notice_days,
    held.held_on,
    course.quarters,
    line.had
FROM account
CROSS JOIN asked
LEFT JOIN metrics_clientquarter AS earlier
    ON earlier.client_id = account.client_id AND earlier.starts_on = asked.earlier_on AND earlier.listed
LEFT JOIN told ON told.client_id = account.client_id
LEFT JOIN metrics_clientquarter AS stored ON stored.id = told.id
LEFT JOIN accounts_person AS manager ON manager.id = told.account_manager_id
LEFT JOIN change ON change.client_id = told.client_id
LEFT JOIN term ON term.client_id = told.client_id
LEFT JOIN held ON held.client_id = told.client_id
LEFT JOIN course ON course.client_id = told.client_id
LEFT JOIN line ON line.client_id = told.client_id
ORDER BY account.place
"""

Row = Mapping[str, Any]


def accounts(clients: QuerySet[Client], calendar: Calendar, quarter: Quarter, told: int = ACCOUNTS_TOLD) -> Accounts:
    """Every account of the quarter, the first so many of them one by one. One query."""
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return Accounts()
    earlier = quarter.shifted(-1)
    with connection.cursor() as cursor:
        cursor.execute(
            _ACCOUNTS.format(clients=visible),
            [
                *parameters,
                quarter.start,
                quarter.end,
                earlier.start,
                quarter.year_start,
                calendar.reporting_currency,
                told,
            ],
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def good_at(end: date) -> Decimal:
        return Decimal(calendar.settings.at("good_attainment", end))

    return Accounts(
        moves=_moves(rows, good_at(earlier.end), good_at(quarter.end)),
        bands=_bands(rows),
        groups=_groups(rows, quarter, good_at),
        accounts=len(rows),
    )


def _moves(rows: Sequence[Row], good_before: Decimal, good_after: Decimal) -> Moves:
    patterns = [row for row in rows if row["earlier_pattern"] and row["pattern"] != row["earlier_pattern"]]
    scored = [row for row in rows if row["partnership_score"] is not None and row["earlier_score"] is not None]
    scores = [row for row in scored if abs(row["partnership_score"] - row["earlier_score"]) >= MOVED_POINTS]
    scores.sort(key=lambda row: abs(row["partnership_score"] - row["earlier_score"]), reverse=True)
    closer = sum(row["partnership_score"] > row["earlier_score"] for row in scores)
    return Moves(
        patterns=tuple(
            PatternMove(
                external_id=row["external_id"],
                name=row["name"],
                currency=row["currency"],
                before=row["earlier_pattern"],
                after=row["pattern"],
                attainment_before=row["earlier_attainment"],
                attainment_after=row["pattern_attainment"],
                growth_before=row["earlier_growth"],
                growth_after=row["growth"],
                good_before=good_before,
                good_after=good_after,
            )
            for row in patterns[:NAMED]
        ),
        patterns_moved=len(patterns),
        scope=tuple(_group(movement, rows) for movement in MOVEMENTS),
        scores=tuple(map(_score_move, scores[:NAMED])),
        closer=closer,
        further=len(scores) - closer,
        scored_twice=len(scored),
        grew_into=sum(row["earlier_pattern"] in NOT_GROWING and row["pattern"] in GROWING for row in patterns),
        grew_out=sum(row["earlier_pattern"] in GROWING and row["pattern"] in NOT_GROWING for row in patterns),
    )


def _group(movement: str, rows: Iterable[Row]) -> ScopeGroup:
    moves = [
        ScopeMove(row["external_id"], row["name"], row["currency"], change, reported)
        for row in rows
        if row["movement"] == movement
        for change in [row["scope_end"] - row["scope_start"]]
        for reported in [None if row["rate"] is None else change * row["rate"]]
    ]
    moves.sort(key=lambda move: (move.reported is None, -abs(move.reported or ZERO)))
    return ScopeGroup(
        movement=movement,
        accounts=len(moves),
        amount=sum((move.reported for move in moves if move.reported is not None), ZERO),
        unpriced=sum(move.reported is None for move in moves),
        moves=tuple(moves[:NAMED]),
    )


def _score_move(row: Row) -> ScoreMove:
    known = [
        (attribute, after - before)
        for attribute, before, after in zip(
            ATTRIBUTES, row["earlier_scores"] or (None,) * 10, row["scores"] or (None,) * 10, strict=True
        )
        if before is not None and after is not None and before != after
    ]
    attribute, moved = max(known, key=lambda one: abs(one[1]), default=("", None))
    return ScoreMove(
        external_id=row["external_id"],
        name=row["name"],
        before=row["earlier_score"],
        after=row["partnership_score"],
        coverage_before=row["earlier_coverage"],
        coverage_after=row["coverage"],
        attribute=attribute,
        moved=moved,
    )


def _bands(rows: Iterable[Row]) -> Bands:
    found = Counter(
        "without" if row["partnership_score"] is None else score_band(row["partnership_score"])
        for row in rows
        if row["scope_end"] > 0
    )
    return Bands(**found)


def _groups(rows: Sequence[Row], quarter: Quarter, good_at: Callable[[date], Decimal]) -> tuple[PatternGroup, ...]:
    groups = []
    for pattern in PATTERNS:
        of_pattern = [row for row in rows if row["pattern"] == pattern]
        halves = tuple(_half(row, quarter, good_at) for row in of_pattern if row["is_told"])
        if of_pattern:
            groups.append(PatternGroup(pattern, halves, len(of_pattern) - len(halves)))
    return tuple(groups)


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


def _half(row: Row, quarter: Quarter, good_at: Callable[[date], Decimal]) -> AccountHalf:
    course = _course(_read(row["quarters"]), good_at)
    entries = tuple(map(_entry, _read(row["entries"]))) if row["entries"] else ()
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
