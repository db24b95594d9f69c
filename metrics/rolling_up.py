"""Figures of the whole agency, from the stored figures of its clients: expansion rates and signals."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from accounts.periods import Quarter
from accounts.settings_in_force import SettingHistory
from metrics.facts import WindowSums
from metrics.figures.expansion import rate_figures
from metrics.figures.signal import INDICATORS, ClientRanks, Ranking, ranked_signal
from metrics.gathering import settings_history
from metrics.sql import statement
from metrics.writing import Written, replace_rates, replace_signals

WORK_MEM = "64MB"
"""What a statement over all clients may use to sort and add up before it turns to the disk."""
ROWS_AT_ONCE = 2_000

NO_CASES = Ranking(growers=0, others=0, wins=0, clients=())


def roll_up_rates(
    quarters: Sequence[Quarter],
    *,
    only: Collection[date] | None = None,
    history: SettingHistory | None = None,
) -> Written:
    """Expansion rates of the agency and its segments, from stored client figures.

    `quarters` are all those of the calendar; rates of others are removed. `only` limits the work to
    quarters that start on these days, such as those that `writing.replace` says it touched: enough
    after a change to records of clients, not after one to exchange rates, the reporting currency or
    what a client is called, led by or worth. What is stored and equal stays untouched.
    Source: DOMAIN.md, 4.
    """
    chosen = [quarter for quarter in quarters if only is None or quarter.start in only]
    starts = {quarter.label: quarter.start for quarter in chosen}
    figures = [rate_figures(sums, starts[sums.quarter]) for sums in window_sums(chosen, history)]
    return replace_rates(figures, only)


def window_sums(quarters: Iterable[Quarter], history: SettingHistory | None = None) -> list[WindowSums]:
    """Counts and sums of these quarters, by window and segment, where somebody is existing.

    Source: DOMAIN.md, 4 and 13.
    """
    history = history or settings_history()
    labels = {quarter.start: quarter.label for quarter in quarters}
    rows = _rows("expansion_sums", {"quarters": sorted(labels), "reporting_currency": history.reporting_currency})
    return [WindowSums(labels[starts_on], *sums) for starts_on, *sums in rows]


def roll_up_signals(as_of: date) -> Written:
    """Which indicators foretell growth, over all clients and all quarters that can be judged.

    Source: DOMAIN.md, 8.
    """
    found = {indicator: ranked_signal(indicator, ranks) for indicator, ranks in signal_ranks(as_of)}
    return replace_signals([found.get(indicator) or ranked_signal(indicator, NO_CASES) for indicator in INDICATORS])


def signal_ranks(as_of: date) -> Iterator[tuple[str, Ranking]]:
    """How growers and others rank, by each indicator that has a case, from stored client figures.

    As `figures.signal.ranking` ranks cases one by one. One indicator at a time, so that memory
    grows with the clients only. Source: DOMAIN.md, 8 and 13.
    """
    for place, of_indicator in groupby(_rows("signal_ranks", {"as_of": as_of}), itemgetter(0)):
        clients = [ClientRanks(*row[1:]) for row in of_indicator]
        yield (
            INDICATORS[place],
            Ranking(
                growers=sum(client.growers for client in clients),
                others=sum(client.others for client in clients),
                wins=sum(client.wins for client in clients),
                clients=clients,
            ),
        )


def _rows(name: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What a statement over all clients returns, a few rows at a time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('work_mem', %s, true), set_config('jit', 'off', true)", [WORK_MEM])
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement(name), parameters)
            while batch := cursor.fetchmany(ROWS_AT_ONCE):
                yield from batch
