"""What a version of a setting would do to the figures: worked out in memory, with nothing stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TypeVar

from django.db import transaction
from django.db.models import Case, DecimalField, F, Max, OuterRef, QuerySet, Subquery, Value, When

from accounts.models import CheckIn, Client, ExchangeRate, Goal
from accounts.periods import Quarter, months_after
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics.facts import ClientFacts
from metrics.figures.client import ClientQuarterFigures, client_figures
from metrics.figures.expansion import RateFigures, rate_figures
from metrics.figures.partnership import score_band
from metrics.figures.readiness import ReadinessFacts, is_check_in_overdue, unmet_conditions
from metrics.figures.settings import QuarterSettings, quarter_settings, settings_by_quarter
from metrics.gathering import calendar, gather
from metrics.models import ClientQuarter
from metrics.rolling_up import window_sums

T = TypeVar("T")

CLIENTS_AT_MOST = 200
"""So many are worked out while somebody waits, the largest by annual scope."""
QUARTERS_AT_MOST = 4
"""So many of the quarters that change are worked out, the latest."""


@dataclass(frozen=True)
class Account:
    """A client that something changes for."""

    name: str
    external_id: str


@dataclass(frozen=True)
class Turn:
    """Accounts of which the same is said now, and something else then; blank: nothing is said."""

    before: str
    after: str
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class Spread:
    """How far a figure moves for the accounts for which it does, in points."""

    accounts: int
    lowest: Decimal
    middle: Decimal
    highest: Decimal


@dataclass(frozen=True)
class ForeseenQuarter:
    """What becomes of one quarter, over the accounts that have figures in it.

    `was` is what the quarter is called now, where quarters are cut anew.
    """

    label: str
    was: str
    accounts: int
    patterns: tuple[Turn, ...]
    bands: tuple[Turn, ...]
    scores: Spread | None
    rhythms: Spread | None

    @property
    def changes(self) -> bool:
        """Whether anything in it becomes another."""
        return bool(self.patterns or self.bands or self.scores or self.rhythms)


@dataclass(frozen=True)
class ForeseenSums:
    """What becomes of the year's sums when they are added up in another currency."""

    label: str
    before: RateFigures
    after: RateFigures


@dataclass(frozen=True)
class Foreseen:
    """What a version would do.

    `ended` are the quarters that have ended and would use it, oldest first; `first` is the first quarter
    that would. Where none has ended, `supposed` says that the quarters shown are what they would be, were
    it in force already. `ready` and `overdue` are those at the end of the last quarter that has ended.
    """

    version: SettingVersion
    value_before: str
    ended: tuple[str, ...]
    first: str
    supposed: bool
    clients: int
    left_out: int
    quarters: tuple[ForeseenQuarter, ...] = ()
    ready: tuple[Turn, ...] = ()
    overdue: tuple[Turn, ...] = ()
    sums: ForeseenSums | None = None


Figures = Mapping[int, ClientQuarterFigures]
"""One quarter of each client that has figures in it, by client."""


def foresee(
    version: SettingVersion, versions: Iterable[SettingVersion], clients: QuerySet[Client], as_of: date
) -> Foreseen:
    """What this version would change, of these clients' figures.

    `versions` are those recorded; `as_of` is the day that stands in for today in the figures. The number
    of statements does not grow with the clients.
    """
    with transaction.atomic():
        return _foresee(version, tuple(versions), clients, as_of)


def _foresee(
    version: SettingVersion, versions: tuple[SettingVersion, ...], clients: QuerySet[Client], as_of: date
) -> Foreseen:
    now = SettingHistory(versions)
    then = SettingHistory((*versions, version))
    quarters = calendar(as_of, now)
    ended = [quarter for quarter in quarters if not quarter.in_progress(as_of)]
    found = Foreseen(
        version=version,
        value_before=now.on(version.name, version.effective_on),
        ended=(),
        first=Quarter.containing(version.effective_on, now.fiscal_month).label,
        supposed=False,
        clients=0,
        left_out=0,
    )
    if version.name in ("time_zone", "night_hour") or not ended:
        return found
    if version.name == "reporting_currency":
        return replace(found, ended=_labels(ended), sums=_sums(ended[-1], now, then))
    if version.name == "fiscal_year_month":
        quarters_then = calendar(as_of, then)
        ended_then = [quarter for quarter in quarters_then if not quarter.in_progress(as_of)]
        if not ended_then:
            return found
        found = replace(found, ended=_labels(ended), first=quarters_then[0].label)
        return _worked_out(found, clients, as_of, (now, quarters), (then, quarters_then), [(ended[-1], ended_then[-1])])
    touched = [quarter for quarter in ended if now.at(version.name, quarter.end) != then.at(version.name, quarter.end)]
    found = replace(found, ended=_labels(touched))
    if not touched:
        # It begins later: then what it would make of the last quarter is worth knowing all the same.
        last_day = ended[-1].end - timedelta(days=1)
        others = [one for one in versions if (one.name, one.effective_on) != (version.name, last_day)]
        then = SettingHistory((*others, replace(version, effective_on=last_day)))
        found, touched = replace(found, supposed=True), ended[-1:]
    pairs = [(quarter, quarter) for quarter in touched[-QUARTERS_AT_MOST:]]
    return _worked_out(found, clients, as_of, (now, quarters), (then, quarters), pairs)


def _labels(quarters: Iterable[Quarter]) -> tuple[str, ...]:
    return tuple(quarter.label for quarter in quarters)


_Calendar = tuple[SettingHistory, Sequence[Quarter]]


def _worked_out(
    found: Foreseen,
    clients: QuerySet[Client],
    as_of: date,
    now: _Calendar,
    then: _Calendar,
    pairs: Sequence[tuple[Quarter, Quarter]],
) -> Foreseen:
    """The same with the quarters before and after, client by client."""
    last = pairs[-1][0]
    largest = list(_largest(clients, last, now[0])[: CLIENTS_AT_MOST + 1])
    names = {pk: Account(name, external_id) for pk, name, external_id in largest[:CLIENTS_AT_MOST]}
    total = len(largest)
    if total > CLIENTS_AT_MOST:
        total = _largest(clients, last, now[0]).count()
    facts = gather(names, now[1])
    facts_then = facts if now[1] == then[1] else gather(names, then[1])
    before = _by_quarter(facts, now, as_of)
    after = _by_quarter(facts_then, then, as_of)
    last_then = pairs[-1][1]
    heard = _heard(names, last)
    heard_then = heard if last == last_then else _heard(names, last_then)
    states = _states(facts, before[last.start], heard, quarter_settings(last, now[0]))
    states_then = _states(facts_then, after[last_then.start], heard_then, quarter_settings(last_then, then[0]))
    return replace(
        found,
        clients=len(names),
        left_out=total - len(names),
        quarters=tuple(
            _quarter(one, other, before[one.start], after[other.start], names) for one, other in pairs[::-1]
        ),
        ready=_turns(names, states, states_then, lambda state: "ready" if state.is_ready else "not_ready"),
        overdue=_turns(names, states, states_then, lambda state: "overdue" if state.is_overdue else "on_time"),
    )


def _largest(
    clients: QuerySet[Client], quarter: Quarter, history: SettingHistory
) -> QuerySet[Client, tuple[int, str, str]]:
    """Those with figures of a quarter, by annual scope in the reporting currency; without a rate they come last."""
    rate = ExchangeRate.objects.filter(currency=OuterRef("currency"), effective_on__lte=quarter.start)
    stored = ClientQuarter.objects.filter(client=OuterRef("pk"), starts_on=quarter.start, listed=True)
    return (
        clients.annotate(
            scope=Subquery(stored.values("scope_end")[:1]),
            rate=Case(
                When(currency=history.reporting_currency, then=Value(Decimal(1))),
                default=Subquery(rate.order_by("-effective_on").values("rate")[:1]),
                output_field=DecimalField(),
            ),
        )
        .filter(scope__isnull=False)
        .order_by((F("scope") * F("rate")).desc(nulls_last=True), "pk")
        .values_list("pk", "name", "external_id")
    )


def _by_quarter(
    facts: Iterable[ClientFacts], at: _Calendar, as_of: date
) -> dict[date, dict[int, ClientQuarterFigures]]:
    settings = settings_by_quarter(at[1], at[0])
    found: dict[date, dict[int, ClientQuarterFigures]] = defaultdict(dict)
    for client in facts:
        for row in client_figures(client, settings, as_of).quarters:
            if row.listed:
                found[row.starts_on][client.client_id] = row
    return found


def _quarter(
    one: Quarter, other: Quarter, before: Figures, after: Figures, names: Mapping[int, Account]
) -> ForeseenQuarter:
    return ForeseenQuarter(
        label=other.label,
        was=one.label if one != other else "",
        accounts=len(before.keys() | after.keys()),
        patterns=_turns(names, before, after, lambda row: row.pattern),
        bands=_turns(names, before, after, lambda row: _band(row.partnership_score)),
        scores=_spread(before, after, lambda row: row.partnership_score),
        rhythms=_spread(before, after, lambda row: row.check_in_rhythm),
    )


def _band(score: Decimal | None) -> str:
    return "" if score is None else score_band(score)


def _turns(
    names: Mapping[int, Account], before: Mapping[int, T], after: Mapping[int, T], said: Callable[[T], str]
) -> tuple[Turn, ...]:
    found: dict[tuple[str, str], list[Account]] = defaultdict(list)
    for client_id, account in names.items():
        if client_id not in before or client_id not in after:
            continue
        one, other = said(before[client_id]), said(after[client_id])
        if one != other:
            found[one, other].append(account)
    return tuple(
        Turn(one, other, tuple(accounts))
        for (one, other), accounts in sorted(found.items(), key=lambda turn: (-len(turn[1]), turn[0]))
    )


def _spread(before: Figures, after: Figures, figure: Callable[[ClientQuarterFigures], Decimal | None]) -> Spread | None:
    """How far a figure moves where it is known now and then; None where it moves nowhere."""
    moved = []
    for client_id in before.keys() & after.keys():
        one, other = figure(before[client_id]), figure(after[client_id])
        if one is not None and other is not None and one != other:
            moved.append(other - one)
    return Spread(len(moved), min(moved), median(moved), max(moved)) if moved else None


@dataclass(frozen=True)
class _Heard:
    """What is known, at a quarter's end, of talks with clients and goals they reached within the year."""

    day: date
    last_check_in: Mapping[int, date]
    achieved: frozenset[int]


def _heard(client_ids: Iterable[int], quarter: Quarter) -> _Heard:
    """Two queries."""
    ids = list(client_ids)
    held = CheckIn.objects.filter(client__in=ids, held_on__lt=quarter.end)
    goals = Goal.objects.filter(
        client__in=ids,
        status=Goal.Status.ACHIEVED,
        closed_on__gte=months_after(quarter.end, -12),
        closed_on__lt=quarter.end,
    )
    return _Heard(
        quarter.end,
        dict(held.order_by().values_list("client").annotate(last=Max("held_on"))),
        frozenset(goals.values_list("client", flat=True)),
    )


@dataclass(frozen=True)
class _State:
    """Where a client stands at a quarter's end, as far as talking with it goes."""

    is_ready: bool
    is_overdue: bool


def _states(facts: Iterable[ClientFacts], rows: Figures, heard: _Heard, settings: QuarterSettings) -> dict[int, _State]:
    """By client, of those with figures in the quarter."""
    found = {}
    for client in facts:
        row = rows.get(client.client_id)
        if row is None:
            continue
        interval = settings.interval(client.value_tier)
        held = heard.last_check_in.get(client.client_id)
        overdue = is_check_in_overdue(heard.day, interval, held, client.first_start)
        unmet = unmet_conditions(
            ReadinessFacts(
                attainment=row.attainment,
                goal_achieved=client.client_id in heard.achieved,
                partnership_score=row.partnership_score,
                check_in_overdue=overdue,
                movement=row.movement,
            ),
            settings,
        )
        found[client.client_id] = _State(not unmet, overdue)
    return found


def _sums(quarter: Quarter, now: SettingHistory, then: SettingHistory) -> ForeseenSums | None:
    """The year's sums in either currency; None before there is a year. Two queries."""
    before, after = (_year(quarter, history) for history in (now, then))
    return ForeseenSums(quarter.label, before, after) if before and after else None


def _year(quarter: Quarter, history: SettingHistory) -> RateFigures | None:
    for sums in window_sums([quarter], history):
        if (sums.window, sums.segment) == ("year", "all"):
            return rate_figures(sums, quarter.start)
    return None
