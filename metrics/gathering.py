"""Facts for a set of clients: runs the statements in sql/ and lays what they return side by side.

The only reader of raw records for figures. Each statement is told the clients and the quarters'
ends, and names a quarter by its position in the calendar, from 0: a date counts first at the first
quarter end after it, whose position is the number of quarter ends on or before the date.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db import connection

from accounts.models import Setting
from accounts.periods import Quarter, months_after
from accounts.periods import quarters as quarters_between
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics.facts import ZERO, Answers, ClientFacts, ClientQuarter, LineQuarter, Statements
from metrics.sql import statement

MODESTLY = "SELECT set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)"
"""Until the transaction ends: a chunk is small, and others compute beside it, so helpers don't pay."""
QUARTERS_OF_YEAR = 4
QUARTERS_BEFORE = QUARTERS_OF_YEAR - 1
"""How far the year window of the calendar's first quarter reaches back before it."""
ATTRIBUTES_ASKED = 10
STATEMENTS_ASKED = 3

Row = tuple[Any, ...]
QuartersOf = Mapping[int, list[ClientQuarter]]
_Amounts = Mapping[int, Sequence[Any]]
"""What a statement says of one client and line, by quarter."""
_ByLine = dict[int, dict[str, dict[int, Sequence[Any]]]]
_NO_GROWTH = (ZERO, ZERO, 0)


def settings_history() -> SettingHistory:
    """All versions of the settings, as recorded."""
    return SettingHistory(
        SettingVersion(name, effective_on, value)
        for name, effective_on, value in Setting.objects.values_list("name", "effective_on", "value")
    )


def calendar(as_of: date, history: SettingHistory | None = None) -> tuple[Quarter, ...]:
    """The quarters that exist on a day: from the first start of any client to the day's own.

    In order, without gaps; empty when nobody had started by the end of the day's quarter.
    `history` saves reading the settings again. Source: DOMAIN.md, 2 and 13.
    """
    if history is None:
        history = settings_history()
    with connection.cursor() as cursor:
        cursor.execute(statement("first_effective_start"))
        found = cursor.fetchone()
    if found is None:
        return ()
    return quarters_between(found[0], as_of, history.fiscal_month)


def gather(client_ids: Iterable[int], quarters: Sequence[Quarter]) -> list[ClientFacts]:
    """All that is known of these clients in these quarters.

    One entry a client that exists, ordered by id, each with every quarter given. `quarters` are
    those of `calendar`. One client takes as many statements as a thousand do.
    """
    ends = [quarter.end for quarter in quarters]
    parameters: dict[str, Any] = {"clients": sorted(set(client_ids))}
    with connection.cursor() as cursor:

        def rows(name: str) -> list[Row]:
            cursor.execute(statement(name), parameters)
            found: list[Row] = cursor.fetchall()
            return found

        cursor.execute(MODESTLY)
        clients = rows("clients")
        facts = [_client(row, quarters) for row in clients]
        if not clients or not quarters:
            return facts
        parameters |= {
            "clients": [row[0] for row in clients],
            "first_starts": [row[3] for row in clients],
            "ends": ends,
            "years": [months_after(end, -12) for end in ends],
            "last_end": ends[-1],
            "year_before": quarters[0].year_start,
            "earlier_ends": [*_ends_before(quarters[0]), *ends],
        }
        by_id = {client.client_id: client for client in facts}
        quarters_of = {client.client_id: client.quarters for client in facts}
        _lay_ledger(rows("scope"), rows("growth"), by_id)
        _lay_kpi_readings(rows("kpi_readings"), by_id)
        for name, lay in _BY_QUARTER:
            lay(rows(name), quarters_of)
    return facts


def _ends_before(first: Quarter) -> list[date]:
    return [first.shifted(position).end for position in range(-QUARTERS_BEFORE, 0)]


def _client(row: Row, quarters: Sequence[Quarter]) -> ClientFacts:
    client_id, external_id, tier, first_start, first_check_in, first_involvement, *candour = row
    found = [ClientQuarter(client_id, quarter) for quarter in quarters]
    for quarter in found:
        end = quarter.quarter.end
        quarter.ever_checked_in = first_check_in is not None and first_check_in < end
        quarter.ever_involved = first_involvement is not None and first_involvement < end
        if first_start is not None and first_start < end:
            quarter.check_in_days = (end - max(months_after(end, -12), first_start)).days
    contested, defended, compromised, withdrawn = candour
    return ClientFacts(
        client_id=client_id,
        external_id=external_id,
        value_tier=tier,
        first_start=first_start,
        quarters=found,
        lines=[],
        contested=contested,
        defended=defended,
        compromised=compromised,
        withdrawn=withdrawn,
        readings_before=((0, 0),) * QUARTERS_BEFORE,
    )


def _lay_ledger(scope_rows: Iterable[Row], growth_rows: Iterable[Row], by_id: Mapping[int, ClientFacts]) -> None:
    """Scope and growth of each client, and of each named line it buys."""
    steps: _ByLine = defaultdict(lambda: defaultdict(dict))
    growth: _ByLine = defaultdict(lambda: defaultdict(dict))
    for client_id, line, quarter, *amounts in scope_rows:
        steps[client_id][line][quarter] = amounts
    for client_id, line, quarter, *amounts in growth_rows:
        growth[client_id][line][quarter] = amounts
    for client_id, client in by_id.items():
        steps_of, growth_of = steps[client_id], growth[client_id]
        _lay_scope(client.quarters, steps_of.values())
        _lay_growth(client.quarters, growth_of.values())
        for line in sorted(steps_of.keys() | growth_of.keys()):
            if line:
                _lay_line(client, line, steps_of[line], growth_of[line])


def _levels(steps: Iterable[_Amounts], column: int, count: int) -> list[Decimal]:
    """What an amount is at each quarter end, from what it changes by in each quarter."""
    changes = [ZERO] * count
    for by_quarter in steps:
        for quarter, amounts in by_quarter.items():
            changes[quarter] += amounts[column]
    return list(accumulate(changes))


def _lay_scope(quarters: Sequence[ClientQuarter], steps: Collection[_Amounts]) -> None:
    if not steps:
        return
    scope, value, priced, by_value = (_levels(steps, column, len(quarters)) for column in range(4))
    scope_start = value_start = ZERO
    for position, quarter in enumerate(quarters):
        quarter.scope_start = scope_start
        quarter.value_start = value_start
        quarter.scope_end = scope_start = scope[position]
        quarter.value_end = value_start = value[position]
        quarter.scope_pricing_known = priced[position]
        quarter.scope_value_priced = by_value[position]


def _lay_growth(quarters: Sequence[ClientQuarter], growth: Iterable[_Amounts]) -> None:
    for by_quarter in growth:
        for position, amounts in by_quarter.items():
            known, pulled, renewals, _, involvement_known, involved_early = amounts
            quarter = quarters[position]
            quarter.growth_known += known
            quarter.growth_pulled += pulled
            quarter.renewals += renewals
            if involvement_known:
                for within in quarters[position : position + QUARTERS_OF_YEAR]:
                    within.involvement_known += involvement_known
                    within.involved_early += involved_early


def _lay_line(client: ClientFacts, line: str, steps: _Amounts, growth: _Amounts) -> None:
    quarters = client.quarters
    scope, value = (_levels([steps], column, len(quarters)) for column in range(2))
    scope_start = value_start = ZERO
    for position, (scope_end, value_end) in enumerate(zip(scope, value, strict=True)):
        known, pulled, renewals = growth[position][:3] if position in growth else _NO_GROWTH
        if scope_start or scope_end or value_start or value_end or known or renewals:
            client.lines.append(
                LineQuarter(
                    client.client_id,
                    line,
                    quarters[position].quarter,
                    scope_start,
                    scope_end,
                    value_start,
                    value_end,
                    known,
                    pulled,
                    renewals,
                )
            )
        scope_start, value_start = scope_end, value_end
    _count_new_line(quarters, scope, [position for position in growth if growth[position][3]])


def _count_new_line(quarters: Sequence[ClientQuarter], scope: Sequence[Decimal], additions: Iterable[int]) -> None:
    """Counts a line as new where a window has a start or expansion and began without scope in it."""
    years: set[int] = set()
    for position in additions:
        if position == 0 or not scope[position - 1]:
            quarters[position].new_lines += 1
        years.update(range(position, min(position + QUARTERS_OF_YEAR, len(quarters))))
    for position in years:
        before = position - QUARTERS_OF_YEAR
        if before < 0 or not scope[before]:
            quarters[position].new_lines_year += 1


def _lay_terms(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, days in rows:
        quarters_of[client_id][position].committed_days = days


def _lay_kpi_readings(rows: Iterable[Row], by_id: Mapping[int, ClientFacts]) -> None:
    """Positions below 0 are the quarters before the calendar."""
    for client_id, position, readings, met in rows:
        client = by_id[client_id]
        if position < 0:
            before = list(client.readings_before)
            before[position] = (readings, met)
            client.readings_before = tuple(before)
        else:
            quarter = client.quarters[position]
            quarter.kpi_readings = readings
            quarter.kpi_met = met


def _lay_standings(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    """Each standing holds from its quarter on; rows come in order, so a later one overwrites."""
    for client_id, position, standing in rows:
        for quarter in quarters_of[client_id][position:]:
            quarter.standing = standing


def _lay_involvements(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, kinds in rows:
        quarters_of[client_id][position].kinds_active = kinds


def _lay_goals(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, is_open, agreed in rows:
        quarter = quarters_of[client_id][position]
        quarter.goals_open = is_open
        quarter.goals_agreed = agreed


def _lay_advice(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, known, proactive, contested, defended in rows:
        quarter = quarters_of[client_id][position]
        quarter.advice_known = known
        quarter.advice_proactive = proactive
        quarter.contested = contested
        quarter.contested_defended = defended


def _lay_check_ins(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, half_year, held, ticks, trust_ticks in rows:
        quarter = quarters_of[client_id][position]
        quarter.half_year_check_ins = half_year
        quarter.check_ins_held = held
        quarter.ticks = ticks
        quarter.trust_ticks = trust_ticks


def _lay_people_seen(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    for client_id, position, contacts, people in rows:
        quarter = quarters_of[client_id][position]
        quarter.contacts_seen = contacts
        quarter.people_seen = people


_NOBODY = (0,) * (2 * (ATTRIBUTES_ASKED + STATEMENTS_ASKED))
_COUNTS = slice(0, 10)
_SUMS = slice(10, 20)
_STATEMENT_COUNTS = slice(20, 23)
_STATEMENT_SUMS = slice(23, 26)


class _Known(dict[tuple[int, int, int, int], Answers]):
    """The same few counts come again and again: each is made once."""

    def __missing__(self, counts: tuple[int, int, int, int]) -> Answers:
        answers = self[counts] = Answers(*counts)
        return answers


def _lay_pulses(rows: Iterable[Row], quarters_of: QuartersOf) -> None:
    """Named and confidential answers come as rows of their own, and are laid into one."""
    found: dict[tuple[int, int, bool], list[Row]] = defaultdict(lambda: [_NOBODY, _NOBODY])
    for row in rows:
        client_id, position, theirs, confidential = row[:4]
        found[client_id, position, theirs][confidential] = row[4:]
    known = _Known().__getitem__
    for (client_id, position, theirs), (named, hidden) in found.items():
        quarter = quarters_of[client_id][position]
        answers = tuple(map(known, zip(named[_COUNTS], named[_SUMS], hidden[_COUNTS], hidden[_SUMS], strict=True)))
        if theirs:
            quarter.client_answers = answers
            quarter.statements = Statements(
                named[_STATEMENT_COUNTS], named[_STATEMENT_SUMS], hidden[_STATEMENT_COUNTS], hidden[_STATEMENT_SUMS]
            )
        else:
            quarter.agency_answers = answers


_BY_QUARTER: tuple[tuple[str, Callable[[Iterable[Row], QuartersOf], None]], ...] = (
    ("terms", _lay_terms),
    ("standings", _lay_standings),
    ("involvements", _lay_involvements),
    ("goals", _lay_goals),
    ("advice", _lay_advice),
    ("check_ins", _lay_check_ins),
    ("people_seen", _lay_people_seen),
    ("pulses", _lay_pulses),
)
