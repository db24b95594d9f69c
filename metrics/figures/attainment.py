"""The good numbers: how often targets were met, and how much that swings."""

from collections.abc import Iterable
from decimal import Decimal

from metrics.figures.exact import deviation, share

FEWEST_FOR_SWING = 3


def attainment(met: int, readings: int) -> Decimal | None:
    """How many of the targets that were set were met.

    Counts of KPI readings that have a target, by their month's first day. Percent; None without
    such readings. Source: DOMAIN.md, 5: "100 × met / readings with a target".
    """
    return share(met, readings)


def swing(attainments: Iterable[Decimal | None]) -> Decimal | None:
    """How far the numbers went up and down within the year.

    The quarterly attainments of the year window, None where a quarter has none. Points; None with
    fewer than three. Source: DOMAIN.md, 5: "population standard deviation of the quarterly
    attainments in the year window, in points; needs three"; 13: "swing takes all quarters of the
    window that have an attainment".
    """
    known = [number for number in attainments if number is not None]
    return deviation(known) if len(known) >= FEWEST_FOR_SWING else None
