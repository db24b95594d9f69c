"""Whether clients choose more of the relationship: movements, rates, bands and retention."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from metrics.facts import WindowSums
from metrics.figures.exact import CONTEXT, HUNDRED, exact, money_share, settle, share

Movement = Literal["", "expanding", "flat", "contracting", "lost", "new", "returned"]
Band = Literal["", "strong", "moderate", "concerning"]

STRONG = 20
MODERATE = 10

NORMAL_QUANTILE = Decimal("1.959963984540054")
"""What a 95 % interval reaches to either side, in standard errors. Source: DOMAIN.md, 13."""
_SQUARED = CONTEXT.multiply(NORMAL_QUANTILE, NORMAL_QUANTILE)


def movement(start: Decimal, end: Decimal, *, before: bool) -> Movement:
    """What became of a client's scope between the start and the end of a window.

    Annual scope at either end, and whether it was above 0 at any quarter start before the window.
    Blank where there is scope at neither end. Source: DOMAIN.md, 4: "each existing client is
    expanding when S(b) > S(a), lost when S(b) = 0, contracting when 0 < S(b) < S(a), flat when
    S(b) = S(a). A client with S(a) = 0 and S(b) > 0 is new, or returned when S was above 0 at some
    earlier quarter start".
    """
    if start > 0:
        if end > start:
            return "expanding"
        if end == start:
            return "flat"
        return "contracting" if end > 0 else "lost"
    if end > 0:
        return "returned" if before else "new"
    return ""


def expansion_rate(existing: int, expanding: int) -> Decimal | None:
    """Share of clients in scope at the start of the window whose scope is larger at its end.

    Counts of clients. Percent; None with nobody existing: no figure, not zero.
    Source: DOMAIN.md, 4; Client Relationship Expansion Rate: "100 × expanding / existing".
    """
    return share(expanding, existing)


def is_taken_into_something_new(new_lines: int) -> bool:
    """Whether the client let us into a kind of work that we did not do for it before.

    Counts named service lines with an effective start or expansion in the window, in which scope
    was 0 where the window begins. Source: DOMAIN.md, 4: "whether or not it grew otherwise and
    whether or not that scope is still there at b".
    """
    return new_lines > 0


def has_stayed(renewals: int, end: Decimal) -> bool:
    """Whether the client renewed and is still with us when the window ends.

    Counts effective renewals in the window; `end` is annual scope where it ends. Source: DOMAIN.md,
    4: "an effective renewal, with S(b) > 0".
    """
    return renewals > 0 and end > 0


class Interval(NamedTuple):
    """Where a figure lies with 95 % confidence, in its own unit."""

    low: Decimal
    high: Decimal


@lru_cache(maxsize=1 << 14)
def rate_interval(existing: int, expanding: int) -> Interval | None:
    """Between which bounds the rate may lie: with few clients it says little.

    Counts of clients. Percent, from 0 to 100; None with nobody existing.
    Source: DOMAIN.md, 4: "the 95 % Wilson score interval of that proportion".
    """
    if not existing:
        return None
    return _wilson(existing, expanding)


@exact
def _wilson(trials: int, hits: int) -> Interval:
    widened = trials + _SQUARED
    middle = (hits + _SQUARED / 2) / widened
    reach = NORMAL_QUANTILE * (Decimal(hits * (trials - hits)) / trials + _SQUARED / 4).sqrt() / widened
    return Interval(settle(HUNDRED * (middle - reach)), settle(HUNDRED * (middle + reach)))


def band(rate: Decimal) -> Band:
    """What a rate is called.

    Percent, compared unrounded. Source: DOMAIN.md, 4: "≥ 20 strong, ≥ 10 moderate, below
    concerning".
    """
    if rate >= STRONG:
        return "strong"
    return "moderate" if rate >= MODERATE else "concerning"


def is_settled(interval: Interval) -> bool:
    """Whether the band would be the same at both ends of the interval.

    Source: DOMAIN.md, 4: "where the interval crosses a band's edge, the band is shown as not
    settled"; 13: "settled when both ends of the interval fall in one band".
    """
    return band(interval.low) == band(interval.high)


def fewest_to_move_band(existing: int, expanding: int) -> int | None:
    """The fewest clients that would have to change for the rate to be called something else.

    A change is from not expanding to expanding, or back. None with nobody existing.
    Source: DOMAIN.md, 4: "the fewest clients whose change would move the band".
    """
    if not existing:
        return None
    # The fewest expanding clients with which the rate reaches each edge, rounded up; at least 1.
    to_moderate = -(-MODERATE * existing // 100)
    to_strong = -(-STRONG * existing // 100)
    if expanding >= to_strong:
        return expanding - to_strong + 1
    if expanding >= to_moderate:
        return min(to_strong - expanding, expanding - to_moderate + 1)
    return to_moderate - expanding


def net_scope_retention(scope_start: Decimal, scope_end: Decimal) -> Decimal | None:
    """What is left of the scope we had, growth included, prices apart.

    Sums over existing clients in the reporting currency. Percent; None when there was no scope.
    Source: DOMAIN.md, 4: "NSR = 100 × ΣS(b) / ΣS(a)"; 13: "no NSR when ΣS(a) = 0".
    """
    return money_share(scope_end, scope_start)


def net_revenue_retention(value_start: Decimal, value_end: Decimal) -> Decimal | None:
    """What is left of the money we had, growth and prices included.

    Sums over existing clients in the reporting currency. Percent; None when there was no value.
    Source: DOMAIN.md, 4: "NRR = 100 × ΣV(b) / ΣV(a)"; 13: "no NRR or GRR when ΣV(a) = 0".
    """
    return money_share(value_end, value_start)


def gross_revenue_retention(value_start: Decimal, value_kept: Decimal) -> Decimal | None:
    """What is left of the money we had when nobody's growth makes up for another's loss.

    `value_kept` is the sum of the smaller of each client's two values. Percent; None when there
    was no value. Source: DOMAIN.md, 4: "GRR = 100 × Σmin(V(b), V(a)) / ΣV(a)".
    """
    return money_share(value_kept, value_start)


def pulled_share(growth_known: Decimal, growth_pulled: Decimal) -> Decimal | None:
    """How much of the growth was asked for by the client, or by both, and not sold by us.

    Sums of annual value in the reporting currency. Percent; None when no growth has a known
    origin. Source: DOMAIN.md, 4: "the share with origin client or joint, out of the growth whose
    origin is known".
    """
    return money_share(growth_pulled, growth_known)


@dataclass(slots=True)
class RateFigures:
    """One window of one segment. Fields as in the stored figures; percent; None: no figure."""

    quarter: str
    starts_on: date
    window: str
    segment: str
    existing: int
    expanding: int
    flat: int
    contracting: int
    lost: int
    rate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    band: Band
    settled: bool
    to_next_band: int | None
    nsr: Decimal | None
    nrr: Decimal | None
    grr: Decimal | None
    pulled_share: Decimal | None
    into_new: int
    stayed: int
    without_rate: int


@exact
def rate_figures(sums: WindowSums, starts_on: date) -> RateFigures:
    """All that is said of one window of one segment, from its sums.

    `starts_on` is the start of the quarter, also for the year window that ends with it. With
    nobody existing the rate, its interval and band are blank. Source: DOMAIN.md, 4.
    """
    rate = expansion_rate(sums.existing, sums.expanding)
    interval = rate_interval(sums.existing, sums.expanding)
    return RateFigures(
        quarter=sums.quarter,
        starts_on=starts_on,
        window=sums.window,
        segment=sums.segment,
        existing=sums.existing,
        expanding=sums.expanding,
        flat=sums.flat,
        contracting=sums.contracting,
        lost=sums.lost,
        rate=rate,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        band="" if rate is None else band(rate),
        settled=interval is not None and is_settled(interval),
        to_next_band=fewest_to_move_band(sums.existing, sums.expanding),
        nsr=net_scope_retention(sums.scope_start, sums.scope_end),
        nrr=net_revenue_retention(sums.value_start, sums.value_end),
        grr=gross_revenue_retention(sums.value_start, sums.value_kept),
        pulled_share=pulled_share(sums.growth_known, sums.growth_pulled),
        into_new=sums.into_new,
        stayed=sums.stayed,
        without_rate=sums.without_rate,
    )
