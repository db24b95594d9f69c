"""Every account of a quarter: how the partnerships stand, what moved, and the largest in half a page each."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Client
from accounts.periods import Quarter
from metrics.figures.partnership import score_band
from metrics.queries.calendar import Calendar
from metrics.queries.exchange_rates import rates_in_force
from metrics.queries.portfolio import PATTERNS
from metrics.queries.quarter.halves import AccountHalf, half_of
from metrics.queries.quarter.moves import Moves, Row, moves_of

ACCOUNTS_TOLD = 100
"""How many accounts have their half page: the largest."""


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
class PatternGroup:
    """The accounts of one pattern that have their half page, the largest first, and how many have not."""

    pattern: str
    accounts: tuple[AccountHalf, ...]
    untold: int


@dataclass(frozen=True)
class Accounts:
    """Every account of the quarter: what moved, how the partnerships stand, and the largest one by one."""

    moves: Moves = field(default_factory=Moves)
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

{rates},

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


def accounts(clients: QuerySet[Client], calendar: Calendar, quarter: Quarter, told: int = ACCOUNTS_TOLD) -> Accounts:
    """Every account of the quarter, the first so many of them one by one. One query."""
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return Accounts()
    earlier = quarter.shifted(-1)
    with connection.cursor() as cursor:
        cursor.execute(
            _ACCOUNTS.format(clients=visible, rates=rates_in_force(rate="asked.starts_on")),
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
        moves=moves_of(rows, good_at(earlier.end), good_at(quarter.end)),
        bands=_bands(rows),
        groups=_groups(rows, quarter, good_at),
        accounts=len(rows),
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
        halves = tuple(half_of(row, quarter, good_at) for row in of_pattern if row["is_told"])
        if of_pattern:
            groups.append(PatternGroup(pattern, halves, len(of_pattern) - len(halves)))
    return tuple(groups)
