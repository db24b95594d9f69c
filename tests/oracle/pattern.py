"""DOMAIN.md 5 and 6: the good numbers, and the pattern they make beside scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .arithmetic import mean, share, square_root
from .periods import Quarter, quarter_of, year_window
from .records import Kpi, KpiReading
from .scope import ClientLedger


def is_met(direction: str, reading: KpiReading) -> bool:
    """Whether a month hit its target; exactly on target is a hit.

    DOMAIN.md 5: "A reading with a target is met when value ≥ target (`higher`) or value ≤ target
    (`lower`)."
    """
    if reading.target is None:
        return False
    if direction == "higher":
        return reading.value >= reading.target
    return reading.value <= reading.target


@dataclass(frozen=True)
class Tally:
    """How many readings with a target a quarter has, and how many of them were met."""

    readings: int = 0
    met: int = 0

    def attainment(self) -> Fraction | None:
        """DOMAIN.md 5: "100 × met / readings with a target, by the month's first day; no figure
        without such readings".
        """
        return share(self.met, self.readings)


class Numbers:
    """The good numbers of one client, quarter by quarter.

    DOMAIN.md 13: "KPI readings count whether or not the client had scope then."
    """

    def __init__(self, readings: Iterable[tuple[Kpi, KpiReading]], first_month: int) -> None:
        self.tallies: dict[date, Tally] = {}
        for kpi, reading in readings:
            if reading.target is None:
                continue
            start = quarter_of(reading.month, first_month).start
            so_far = self.tally(start)
            hit = 1 if is_met(kpi.direction, reading) else 0
            self.tallies[start] = Tally(so_far.readings + 1, so_far.met + hit)

    def tally(self, quarter_start: date) -> Tally:
        """DOMAIN.md 5: "by the month's first day"."""
        return self.tallies.get(quarter_start, Tally())

    def attainment(self, quarter: Quarter) -> Fraction | None:
        """The share of targets a client's numbers met in a quarter."""
        return self.tally(quarter.start).attainment()

    def attainments(self, quarters: Iterable[Quarter]) -> list[Fraction]:
        """The attainments of those of the quarters that have one."""
        figures = [self.attainment(quarter) for quarter in quarters]
        return [figure for figure in figures if figure is not None]


def swing(numbers: Numbers, quarter: Quarter, first_month: int) -> Fraction | None:
    """How much the numbers fluctuate over a year.

    DOMAIN.md 5: "population standard deviation of the quarterly attainments in the year window, in
    points; needs three". DOMAIN.md 13: "swing takes all quarters of the window that have an
    attainment".
    """
    attainments = numbers.attainments(year_window(quarter, first_month))
    middle = mean(attainments)
    if len(attainments) < 3 or middle is None:
        return None
    spread = mean([(attainment - middle) ** 2 for attainment in attainments])
    return None if spread is None else square_root(spread)


def pattern(
    ledger: ClientLedger,
    numbers: Numbers,
    quarter: Quarter,
    good_attainment: Fraction,
    first_month: int,
) -> str:
    """What the numbers and the scope say together.

    DOMAIN.md 6: "over the quarters from w to Q, w being the first quarter start in Q's year window
    with S(w) > 0, also across a gap. It needs at least two quarters from w to e, and attainment in
    at least two quarters from w on; else the pattern is *Too early to tell*." "numbers are good
    when the mean of those quarterly attainments is ≥ 80 (setting)"; "scope grows when S(e) > S(w)".
    """
    window = year_window(quarter, first_month)
    while window and ledger.scope(window[0].start) == 0:
        window = window[1:]
    attainments = numbers.attainments(window)
    average = mean(attainments)
    if len(window) < 2 or len(attainments) < 2 or average is None:
        return "too_early"
    is_good = average >= good_attainment
    grows = ledger.scope(quarter.end) > ledger.scope(window[0].start)
    if grows:
        return "compounding" if is_good else "deepening"
    return "stalling" if is_good else "at_risk"
