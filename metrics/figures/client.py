"""All figures of one client, quarter by quarter, from all that is known of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from accounts.settings_in_force import ATTRIBUTES
from metrics.facts import ZERO, ClientFacts, ClientQuarter, LineQuarter
from metrics.figures.attainment import attainment, swing
from metrics.figures.candour import defended_share
from metrics.figures.exact import exact
from metrics.figures.expansion import Movement, has_stayed, is_taken_into_something_new, movement
from metrics.figures.partnership import (
    Score,
    Sources,
    attribute_scores,
    confidence,
    coverage,
    evidence,
    means_to_show,
    partnership_score,
    pulse_means,
    trust_signs,
)
from metrics.figures.pattern import pattern
from metrics.figures.settings import QuarterSettings

YEAR = 4
"""Quarters in a year window."""
PATIENCE = 8
"""How many quarters back a failure still tells of trust."""
FAILURE = 50
"""Below this attainment, in percent, a quarter was a failure."""
COMMUNICATION = ATTRIBUTES.index("communication")


@dataclass(slots=True)
class ClientQuarterFigures:
    """One client in one quarter. Fields as in the stored figures; None: no figure.

    Money in the client's currency, annual. Where `listed` is False the client had scope at the
    start of the year window only: such a row says what the year window needs, and nothing else.
    """

    client_id: int
    quarter: str
    starts_on: date
    ends_on: date
    in_progress: bool
    listed: bool
    settings_version: date | None

    scope_start: Decimal
    scope_end: Decimal
    value_start: Decimal
    value_end: Decimal
    movement: Movement

    year_starts_on: date | None
    scope_year_start: Decimal
    value_year_start: Decimal
    movement_year: Movement

    growth_known: Decimal
    growth_pulled: Decimal
    growth_known_year: Decimal
    growth_pulled_year: Decimal
    into_new: bool
    into_new_year: bool
    stayed: bool
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
    client_pulse: list[Score]
    client_pulse_to_show: list[Score]
    agency_pulse: list[Score]
    evidence: list[Score]
    score: list[Score]


@dataclass(slots=True)
class LineQuarterFigures:
    """One client's scope in one service line in one quarter. Fields as in the stored figures."""

    client_id: int
    service_line: str
    quarter: str
    starts_on: date
    scope_start: Decimal
    scope_end: Decimal
    value_start: Decimal
    value_end: Decimal
    movement: Movement
    year_starts_on: date | None
    scope_year_start: Decimal
    value_year_start: Decimal
    movement_year: Movement
    growth_known: Decimal
    growth_pulled: Decimal
    growth_known_year: Decimal
    growth_pulled_year: Decimal
    stayed: bool
    stayed_year: bool


@dataclass(slots=True)
class ClientCandourFigures:
    """One client's contested advice of all time. Fields as in the stored figures."""

    client_id: int
    contested: int
    defended: int
    compromised: int
    withdrawn: int
    defended_share: Decimal | None


@dataclass(slots=True)
class ClientFigures:
    """All figures of one client, as they are stored."""

    client_id: int
    quarters: list[ClientQuarterFigures]
    """In order; where there is scope at either end, or at the start of the year window."""
    lines: list[LineQuarterFigures]
    """By service line, then in order; where there is scope, likewise, in that line."""
    candour: ClientCandourFigures | None
    """None without contested advice."""


@exact
def client_figures(facts: ClientFacts, settings: Sequence[QuarterSettings], as_of: date) -> ClientFigures:
    """Everything that is said of one client.

    `settings` has one entry for each quarter of the calendar, in order, as `facts.quarters` has;
    ValueError otherwise. The as-of date decides which quarters are in progress and nothing else.
    Source: DOMAIN.md, 3 to 9 and 13.
    """
    if len(facts.quarters) != len(settings):
        raise ValueError(
            f"{len(facts.quarters)} quarters of facts and {len(settings)} of settings for client {facts.client_id}"
        )
    return ClientFigures(
        facts.client_id,
        list(_quarters(facts, settings, as_of)),
        [
            row
            for service_line, rows in groupby(facts.lines, attrgetter("service_line"))
            for row in _line(facts.client_id, service_line, rows, settings)
        ],
        _candour(facts) if facts.contested else None,
    )


def _candour(facts: ClientFacts) -> ClientCandourFigures:
    return ClientCandourFigures(
        facts.client_id,
        facts.contested,
        facts.defended,
        facts.compromised,
        facts.withdrawn,
        defended_share(facts.contested, facts.defended),
    )


def _quarters(facts: ClientFacts, settings: Sequence[QuarterSettings], as_of: date) -> Iterator[ClientQuarterFigures]:
    quarters = facts.quarters
    attainments = [attainment(quarter.kpi_met, quarter.kpi_readings) for quarter in quarters]
    # The year windows of the first quarters reach back before the calendar.
    before = [attainment(met, readings) for readings, met in facts.readings_before]
    swings_from = [*[None] * (YEAR - 1 - len(before)), *before, *attainments]
    scope_starts = [quarter.scope_start for quarter in quarters]
    failures, kept = _permissions_to_fail(quarters, attainments)
    first_scope = _first_scope(scope_starts)

    for position, quarter in enumerate(quarters):
        in_force = settings[position]
        year = position - YEAR + 1
        has_year = year >= 0
        scope_start, scope_end = quarter.scope_start, quarter.scope_end
        listed = scope_start > 0 or scope_end > 0
        if not listed and not (has_year and scope_starts[year] > 0):
            continue

        row = ClientQuarterFigures(
            client_id=facts.client_id,
            quarter=in_force.label,
            starts_on=in_force.starts_on,
            ends_on=in_force.ends_on,
            in_progress=in_force.ends_on > as_of,
            listed=listed,
            settings_version=in_force.version,
            scope_start=scope_start,
            scope_end=scope_end,
            value_start=quarter.value_start,
            value_end=quarter.value_end,
            movement=movement(scope_start, scope_end, before=first_scope < position),
            year_starts_on=None,
            scope_year_start=ZERO,
            value_year_start=ZERO,
            movement_year="",
            growth_known=quarter.growth_known,
            growth_pulled=quarter.growth_pulled,
            growth_known_year=ZERO,
            growth_pulled_year=ZERO,
            into_new=is_taken_into_something_new(quarter.new_lines),
            into_new_year=False,
            stayed=has_stayed(quarter.renewals, scope_end),
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
            client_pulse=[None] * len(ATTRIBUTES),
            client_pulse_to_show=[None] * len(ATTRIBUTES),
            agency_pulse=[None] * len(ATTRIBUTES),
            evidence=[None] * len(ATTRIBUTES),
            score=[None] * len(ATTRIBUTES),
        )
        if has_year:
            start = quarters[year]
            row.year_starts_on = in_force.year_starts_on
            row.scope_year_start = start.scope_start
            row.value_year_start = start.value_start
            row.movement_year = movement(start.scope_start, scope_end, before=first_scope < year)
            row.into_new_year = is_taken_into_something_new(quarter.new_lines_year)
            for part in quarters[year : position + 1]:
                row.growth_known_year += part.growth_known
                row.growth_pulled_year += part.growth_pulled
                if has_stayed(part.renewals, scope_end):
                    row.stayed_year = True
        if listed:
            window = slice(max(year, 0), position + 1)
            row.kpi_readings = quarter.kpi_readings
            row.kpi_met = quarter.kpi_met
            row.attainment = attainments[position]
            row.swing = swing(swings_from[position : position + YEAR])
            _tell_pattern(row, scope_starts[window], attainments[window], position, settings)
            since = max(position - PATIENCE, 0)
            _tell_partnership(
                row,
                quarter,
                in_force,
                in_force.interval(facts.value_tier),
                failures[position] - failures[since],
                kept[position] - kept[since],
            )
        yield row


def _first_scope(scope_starts: Sequence[Decimal]) -> int:
    """The position of the first quarter start with scope; behind the last one where there is none."""
    for position, scope_start in enumerate(scope_starts):
        if scope_start > 0:
            return position
    return len(scope_starts)


def _permissions_to_fail(
    quarters: Sequence[ClientQuarter], attainments: Sequence[Decimal | None]
) -> tuple[list[int], list[int]]:
    """How many failures, and how many after which scope held, there were before each quarter.

    A failure in the last quarter is nowhere counted: what came after it is not known.
    Source: DOMAIN.md, 7, trust.
    """
    failures, kept = [0], [0]
    for position in range(len(quarters) - 1):
        quarter, met = quarters[position], attainments[position]
        failed = met is not None and met < FAILURE and quarter.scope_start > 0
        held = failed and quarters[position + 1].scope_end >= quarter.scope_start
        failures.append(failures[-1] + failed)
        kept.append(kept[-1] + held)
    return failures, kept


def _tell_pattern(
    row: ClientQuarterFigures,
    scope_starts: Sequence[Decimal],
    attainments: Sequence[Decimal | None],
    position: int,
    settings: Sequence[QuarterSettings],
) -> None:
    found = pattern(scope_starts, attainments, row.scope_end, settings[position].good_attainment)
    row.pattern = found.code
    if found.since is not None:
        row.pattern_from = settings[position - found.since].starts_on
        row.pattern_attainment = found.attainment
        row.pattern_scope_start = found.scope_start


def _tell_partnership(
    row: ClientQuarterFigures,
    quarter: ClientQuarter,
    in_force: QuarterSettings,
    interval: int,
    failures: int,
    kept: int,
) -> None:
    weights = in_force.weights
    row.client_pulse = pulse_means(quarter.client_answers)
    row.client_pulse_to_show = means_to_show(quarter.client_answers)
    row.agency_pulse = pulse_means(quarter.agency_answers)
    row.evidence = evidence(quarter, interval, failures, kept)
    row.score = attribute_scores(Sources(row.client_pulse, row.evidence, row.agency_pulse), weights.sources)
    row.coverage = coverage(row.score)
    row.partnership_score = partnership_score(row.score, weights.attributes)
    row.check_in_rhythm = row.evidence[COMMUNICATION]
    row.trust_signs = trust_signs(quarter.ticks, quarter.trust_ticks)
    row.candour = defended_share(quarter.contested, quarter.contested_defended)
    if quarter.statements is not None:
        row.confidence = confidence(quarter.statements)


def _line(
    client_id: int,
    service_line: str,
    rows: Iterable[LineQuarter],
    settings: Sequence[QuarterSettings],
) -> Iterator[LineQuarterFigures]:
    """The rows of one service line; what was gathered is sparse, quarters without amounts are 0."""
    gathered = {row.quarter.start: row for row in rows}
    before: list[LineQuarter | None] = []
    had_scope = [False]
    """Whether there was scope at any quarter start before the one at that position."""
    for position, in_force in enumerate(settings):
        here = gathered.get(in_force.starts_on)
        before.append(here)
        had_scope.append(had_scope[-1] or (here is not None and here.scope_start > 0))
        year = position - YEAR + 1
        start = before[year] if year >= 0 else None
        if not _has_scope(here) and (start is None or not start.scope_start > 0):
            continue
        window = [part for part in before[max(year, 0) :] if part is not None]
        scope_start = here.scope_start if here else ZERO
        scope_end = here.scope_end if here else ZERO
        row = LineQuarterFigures(
            client_id=client_id,
            service_line=service_line,
            quarter=in_force.label,
            starts_on=in_force.starts_on,
            scope_start=scope_start,
            scope_end=scope_end,
            value_start=here.value_start if here else ZERO,
            value_end=here.value_end if here else ZERO,
            movement=movement(scope_start, scope_end, before=had_scope[position]),
            year_starts_on=None,
            scope_year_start=ZERO,
            value_year_start=ZERO,
            movement_year="",
            growth_known=here.growth_known if here else ZERO,
            growth_pulled=here.growth_pulled if here else ZERO,
            growth_known_year=ZERO,
            growth_pulled_year=ZERO,
            stayed=here is not None and has_stayed(here.renewals, scope_end),
            stayed_year=False,
        )
        if year >= 0:
            row.year_starts_on = in_force.year_starts_on
            if start is not None:
                row.scope_year_start = start.scope_start
                row.value_year_start = start.value_start
            row.movement_year = movement(row.scope_year_start, scope_end, before=had_scope[year])
            for part in window:
                row.growth_known_year += part.growth_known
                row.growth_pulled_year += part.growth_pulled
                if has_stayed(part.renewals, scope_end):
                    row.stayed_year = True
        yield row


def _has_scope(row: LineQuarter | None) -> bool:
    return row is not None and (row.scope_start > 0 or row.scope_end > 0)
