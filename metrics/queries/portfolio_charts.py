"""What the portfolio's charts are drawn from: where accounts stand, what moved their scope, and their bands.

All of it for clients already narrowed by access, gathered by one statement.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts import access
from accounts.models import Client
from accounts.periods import Quarter
from metrics.figures.partnership import DEVELOPING, PARTNERSHIP
from metrics.queries.blind_first import closed
from metrics.queries.calendar import Calendar
from metrics.queries.exchange_rates import rates_in_force
from metrics.queries.portfolio import QUARTERS_DRAWN

DRAWN = 100
"""How many accounts the map holds: the largest."""
CHANGES_NAMED = 10
"""How many accounts that moved the scope are named, the others are added up."""
MOVES_NAMED = 6
"""How many accounts whose pattern changed are named."""
ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Stand:
    """One account's numbers and scope over the quarters that its pattern was read from.

    `attainment` is the mean in percent; the scopes are annual, in the client's currency.
    """

    pattern: str
    attainment: Decimal
    scope_start: Decimal
    scope_end: Decimal

    @property
    def growth(self) -> Decimal:
        """What those quarters did to the scope, in percent. A pattern is only read where there was scope."""
        return HUNDRED * (self.scope_end - self.scope_start) / self.scope_start


@dataclass(frozen=True)
class MappedAccount:
    """One account on the map, and where it stood a quarter ago; None: it was too early then, or it had no scope.

    `annual_scope` is in the reporting currency; None: its currency has no rate.
    """

    external_id: str
    name: str
    annual_scope: Decimal | None
    now: Stand
    before: Stand | None


@dataclass(frozen=True)
class PatternMove:
    """One account whose pattern is another than a quarter ago."""

    external_id: str
    name: str
    now: Stand
    before: Stand


@dataclass(frozen=True)
class ScopeMove:
    """What one account did to the scope in the quarter, in the reporting currency, and why.

    `movement` is as stored: expanding, contracting, lost, new or returned. `note` and `kind` are of the largest
    row of the ledger that went the same way; both are blank where there is none, as where a project of a year
    ago has run out.
    """

    external_id: str
    name: str
    movement: str
    change: Decimal
    note: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ScopeFlow:
    """The scope at either end of the quarter and what lies between, at the rates in force at its start.

    `named` are the accounts that moved it most, those that added come first, the largest at the ends; `others`
    moved it by `others_change` altogether. `added_by` and `taken_by` count accounts; `added_new` is the part of
    `added` that accounts without scope at the start brought. `unpriced` moved or not, but have no rate.
    """

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    added: Decimal = ZERO
    added_by: int = 0
    added_new: Decimal = ZERO
    taken: Decimal = ZERO
    taken_by: int = 0
    unpriced: int = 0
    named: tuple[ScopeMove, ...] = ()

    @property
    def moved(self) -> int:
        """How many accounts moved it."""
        return self.added_by + self.taken_by

    @property
    def others(self) -> int:
        """How many of them are not named."""
        return self.moved - len(self.named)

    @property
    def others_change(self) -> Decimal:
        """What those did to it."""
        return self.closing - self.opening - sum((move.change for move in self.named), ZERO)


@dataclass(frozen=True)
class BandCounts:
    """How many accounts with scope at a quarter's end stand in each band of the partnership score."""

    quarter: str
    in_progress: bool = False
    transactional: int = 0
    developing: int = 0
    partnership: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Those that have a score."""
        return self.transactional + self.developing + self.partnership

    @property
    def accounts(self) -> int:
        """All of them."""
        return self.known + self.unknown


@dataclass(frozen=True)
class PortfolioCharts:
    """The rows behind the charts of the quarter shown.

    `mapped` are the largest first, at most DRAWN, of `mappable` accounts that have a pattern and scope. `moves`
    are the largest of `moved` whose pattern changed; none while the quarter is in progress. `bands` are by
    quarter, oldest first.
    """

    mapped: tuple[MappedAccount, ...] = ()
    mappable: int = 0
    moves: tuple[PatternMove, ...] = ()
    moved: int = 0
    flow: ScopeFlow = ScopeFlow()
    bands: tuple[BandCounts, ...] = ()


# Two quarters side by side, from the index that holds what a portfolio adds up; the wide rows are read of those
# alone that are drawn or named. What a quarter begins with is what the one before it ended with. Money is in the
# reporting currency: on the map at the rate where the year window begins, as in the page's other sums; in the
# flow at the rate where the quarter begins, for both ends, so that no exchange rate is read as growth.
_RATES = rates_in_force(of_year="asked.opens_on", of_quarter="asked.starts_on")
_CHARTS = """
WITH visible AS ({clients}),

closed AS MATERIALIZED ({closed}),

asked AS (
    SELECT
        %(starts_on)s::date AS starts_on,
        %(ends_on)s::date AS ends_on,
        %(before)s::date AS before,
        %(opens_on)s::date AS opens_on,
        %(reporting_currency)s::text AS reporting_currency
),

{rates},

account AS MATERIALIZED (
    SELECT
        client.id AS client_id,
        client.external_id,
        client.name,
        stored.pattern,
        stored.pattern IN ('compounding', 'stalling', 'deepening', 'at_risk') AND stored.scope_end > 0 AS is_told,
        before.pattern AS pattern_before,
        before.pattern IN ('compounding', 'stalling', 'deepening', 'at_risk')
        AND before.scope_end > 0 AS was_told,
        stored.scope_end * rate.of_year AS annual_scope,
        coalesce(before.scope_end, 0) * rate.of_quarter AS opening,
        stored.scope_end * rate.of_quarter AS closing,
        rate.of_quarter IS NULL AS unpriced
    FROM metrics_clientquarter AS stored
    JOIN asked ON asked.starts_on = stored.starts_on
    JOIN accounts_client AS client ON client.id = stored.client_id
    JOIN rate ON rate.currency = client.currency
    LEFT JOIN metrics_clientquarter AS before
        ON before.client_id = stored.client_id AND before.starts_on = %(before)s::date
    WHERE stored.listed AND client.id IN (SELECT id FROM visible)
),

stand AS NOT MATERIALIZED (
    SELECT
        stored.client_id,
        stored.starts_on,
        json_build_object(
            'pattern', stored.pattern,
            'attainment', stored.pattern_attainment,
            'scope_start', stored.pattern_scope_start,
            'scope_end', stored.scope_end
        ) AS told
    FROM metrics_clientquarter AS stored
),

mapped AS (
    SELECT *
    FROM account
    WHERE is_told
    ORDER BY annual_scope DESC NULLS LAST, name, client_id
    LIMIT %(drawn)s
),

moved AS (
    SELECT *
    FROM account
    WHERE is_told AND was_told AND pattern <> pattern_before AND NOT %(in_progress)s::boolean
    ORDER BY annual_scope DESC NULLS LAST, name, client_id
    LIMIT %(moves)s
),

flow AS (
    SELECT *, closing - opening AS change
    FROM account
    WHERE closing <> opening
    ORDER BY abs(closing - opening) DESC, name, client_id
    LIMIT %(changes)s
),

band AS (
    SELECT
        stored.starts_on,
        count(*) AS accounts,
        count(told.score) AS known,
        count(*) FILTER (WHERE told.score >= %(developing)s) AS from_developing,
        count(*) FILTER (WHERE told.score >= %(partnership)s) AS from_partnership
    FROM metrics_clientquarter AS stored
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN stored.starts_on = %(starts_on)s::date AND stored.client_id IN (SELECT id FROM closed) THEN NULL
            ELSE stored.partnership_score
        END AS score
    ) AS told
    WHERE
        stored.starts_on = ANY(%(quarters)s::date[])
        AND stored.listed
        AND stored.scope_end > 0
        AND stored.client_id IN (SELECT id FROM visible)
    GROUP BY stored.starts_on
)

SELECT json_build_object(
    'mapped', (
        SELECT json_agg(json_build_object(
            'external_id', mapped.external_id,
            'name', mapped.name,
            'annual_scope', mapped.annual_scope,
            'now', now.told,
            'before', CASE WHEN mapped.was_told THEN past.told END
        ) ORDER BY mapped.annual_scope DESC NULLS LAST, mapped.name, mapped.client_id)
        FROM mapped
        CROSS JOIN asked
        JOIN stand AS now ON now.client_id = mapped.client_id AND now.starts_on = asked.starts_on
        LEFT JOIN stand AS past ON past.client_id = mapped.client_id AND past.starts_on = asked.before
    ),
    'moves', (
        SELECT json_agg(json_build_object(
            'external_id', moved.external_id,
            'name', moved.name,
            'now', now.told,
            'before', past.told
        ) ORDER BY moved.annual_scope DESC NULLS LAST, moved.name, moved.client_id)
        FROM moved
        CROSS JOIN asked
        JOIN stand AS now ON now.client_id = moved.client_id AND now.starts_on = asked.starts_on
        JOIN stand AS past ON past.client_id = moved.client_id AND past.starts_on = asked.before
    ),
    'counts', (
        SELECT json_build_object(
            'mappable', count(*) FILTER (WHERE is_told),
            'moved', count(*) FILTER (
                WHERE is_told AND was_told AND pattern <> pattern_before AND NOT %(in_progress)s::boolean
            )
        )
        FROM account
    ),
    'sums', (
        SELECT json_build_object(
            'opening', coalesce(sum(opening), 0),
            'closing', coalesce(sum(closing), 0),
            'added', coalesce(sum(closing - opening) FILTER (WHERE closing > opening), 0),
            'added_by', count(*) FILTER (WHERE closing > opening),
            'added_new', coalesce(sum(closing) FILTER (WHERE opening = 0), 0),
            'taken', coalesce(sum(opening - closing) FILTER (WHERE closing < opening), 0),
            'taken_by', count(*) FILTER (WHERE closing < opening),
            'unpriced', count(*) FILTER (WHERE unpriced)
        )
        FROM account
    ),
    'named', (
        SELECT json_agg(json_build_object(
            'external_id', flow.external_id,
            'name', flow.name,
            'movement', stored.movement,
            'change', flow.change,
            'note', reason.note,
            'kind', reason.kind
        ) ORDER BY flow.change DESC, flow.name, flow.client_id)
        FROM flow
        CROSS JOIN asked
        JOIN metrics_clientquarter AS stored
            ON stored.client_id = flow.client_id AND stored.starts_on = asked.starts_on
        LEFT JOIN LATERAL (
            SELECT change.note, change.kind
            FROM accounts_scopechange AS change
            JOIN accounts_engagement AS engagement ON engagement.id = change.engagement_id
            WHERE
                change.client_id = flow.client_id
                AND engagement.client_id = flow.client_id
                AND change.effective_on >= asked.starts_on
                AND change.effective_on < asked.ends_on
                AND change.kind <> 'price'
                AND sign(change.value_delta) = sign(flow.change)
                AND change.reverses_id IS NULL
                AND NOT EXISTS (
                    SELECT FROM accounts_scopechange AS reversal
                    WHERE reversal.client_id = flow.client_id AND reversal.reverses_id = change.id
                )
            ORDER BY
                abs(change.value_delta) * CASE engagement.billing WHEN 'retainer' THEN 12 ELSE 1 END DESC,
                change.id
            LIMIT 1
        ) AS reason ON true
    ),
    'bands', (
        SELECT json_agg(json_build_array(starts_on, accounts, known, from_developing, from_partnership)) FROM band
    )
)::text
"""


def portfolio_charts(reader: access.User, clients: QuerySet[Client], calendar: Calendar) -> PortfolioCharts:
    """What the charts show of these clients at the quarter shown, apart from what is closed to who reads. One query."""
    quarter = calendar.shown
    if quarter is None:
        return PortfolioCharts()
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return PortfolioCharts(bands=_bands((), calendar))
    named, values = _named(visible, parameters, "visible")
    hidden, hidden_values = _closed(reader, calendar)
    with connection.cursor() as cursor:
        cursor.execute(
            _CHARTS.format(clients=named, closed=hidden, rates=_RATES),
            {
                **values,
                **hidden_values,
                "starts_on": quarter.start,
                "ends_on": quarter.end,
                "before": quarter.shifted(-1).start,
                "opens_on": calendar.year_start or quarter.start,
                "reporting_currency": calendar.reporting_currency,
                "in_progress": calendar.in_progress,
                "drawn": DRAWN,
                "moves": MOVES_NAMED,
                "changes": CHANGES_NAMED,
                "developing": DEVELOPING,
                "partnership": PARTNERSHIP,
                "quarters": [one.start for one in calendar.last(QUARTERS_DRAWN)],
            },
        )
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return PortfolioCharts(
        mapped=tuple(_mapped(row) for row in found["mapped"] or ()),
        mappable=int(found["counts"]["mappable"]),
        moves=tuple(
            PatternMove(row["external_id"], row["name"], Stand(**row["now"]), Stand(**row["before"]))
            for row in found["moves"] or ()
        ),
        moved=int(found["counts"]["moved"]),
        flow=_flow(found["sums"], found["named"] or ()),
        bands=_bands(found["bands"] or (), calendar),
    )


def _closed(reader: access.User, calendar: Calendar) -> tuple[str, dict[str, Any]]:
    try:
        statement, parameters = closed(reader, calendar).order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint AS id WHERE false", {}
    return _named(statement, parameters, "closed")


def _named(statement: str, parameters: Sequence[Any], word: str) -> tuple[str, dict[str, Any]]:
    """A statement whose parameters stand in a row, with names in their place."""
    values = {f"{word}_{place}": value for place, value in enumerate(parameters)}
    names = iter(values)
    named = re.sub("%[%s]", lambda mark: f"%({next(names)})s" if mark[0] == "%s" else mark[0], statement)
    return named, values


def _mapped(row: Mapping[str, Any]) -> MappedAccount:
    return MappedAccount(
        external_id=row["external_id"],
        name=row["name"],
        annual_scope=row["annual_scope"],
        now=Stand(**row["now"]),
        before=Stand(**row["before"]) if row["before"] else None,
    )


def _flow(sums: Mapping[str, Decimal], named: Sequence[Mapping[str, Any]]) -> ScopeFlow:
    return ScopeFlow(
        opening=sums["opening"],
        closing=sums["closing"],
        added=sums["added"],
        added_by=int(sums["added_by"]),
        added_new=sums["added_new"],
        taken=sums["taken"],
        taken_by=int(sums["taken_by"]),
        unpriced=int(sums["unpriced"]),
        named=tuple(ScopeMove(**{**row, "note": row["note"] or "", "kind": row["kind"] or ""}) for row in named),
    )


def _bands(
    rows: Sequence[tuple[str, Decimal, Decimal, Decimal, Decimal]], calendar: Calendar
) -> tuple[BandCounts, ...]:
    """The rows count accounts, those with a score, and those from the edge of either upper band on."""
    counts = {
        starts_on: {
            "transactional": int(known - developing),
            "developing": int(developing - partnership),
            "partnership": int(partnership),
            "unknown": int(accounts - known),
        }
        for starts_on, accounts, known, developing, partnership in rows
    }
    return tuple(
        BandCounts(quarter.label, _is_in_progress(quarter, calendar), **counts.get(quarter.start.isoformat(), {}))
        for quarter in calendar.last(QUARTERS_DRAWN)
    )


def _is_in_progress(quarter: Quarter, calendar: Calendar) -> bool:
    return calendar.as_of is not None and quarter.in_progress(calendar.as_of)
