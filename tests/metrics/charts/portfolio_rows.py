"""Portfolios as a page has them, for the tests of charts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from metrics.queries.benchmarks import BenchmarkRow
from metrics.queries.portfolio import RatePoint
from metrics.queries.portfolio_charts import BandCounts, MappedAccount, ScopeFlow, ScopeMove, Stand


def label(place: int) -> str:
    """Quarters from the first of 2024 on."""
    return f"{2024 + place // 4}-Q{place % 4 + 1}"


def stand(pattern: str, attainment: float | str, growth: float | str) -> Stand:
    """A hundred of scope, grown by so many percent."""
    return Stand(pattern, Decimal(str(attainment)), Decimal(100), Decimal(100) + Decimal(str(growth)))


def account(
    name: str,
    pattern: str,
    attainment: float | str,
    growth: float | str,
    *,
    scope: int | None = 100_000,
    before: Stand | None = None,
) -> MappedAccount:
    """An account of that pattern, whose annual scope is this; None: its currency has no rate."""
    return MappedAccount(
        external_id=name.lower(),
        name=name,
        annual_scope=None if scope is None else Decimal(scope),
        now=stand(pattern, attainment, growth),
        before=before,
    )


def crowd(count: int) -> tuple[MappedAccount, ...]:
    """So many accounts, the largest first, of which many share a place."""
    kinds = (("stalling", 100, 0), ("compounding", 92, 20), ("at_risk", 55, 0), ("deepening", 70, 35))
    return tuple(
        account(
            f"Account number {place}",
            kinds[place % 4][0],
            kinds[place % 4][1],
            kinds[place % 4][2],
            scope=2_000_000 - 15_000 * place,
            before=stand("at_risk", 60, -5) if place % 3 else None,
        )
        for place in range(count)
    )


def rates(shares: Sequence[tuple[int, int] | None], *, in_progress: bool = False) -> tuple[RatePoint, ...]:
    """By quarter: so many of so many grew; None: nobody was existing. The interval is ten points to either side."""
    points = []
    for place, share in enumerate(shares):
        if share is None:
            points.append(RatePoint(label(place)))
            continue
        expanding, existing = share
        rate = Decimal(100 * expanding) / existing
        points.append(
            RatePoint(
                label(place),
                in_progress and place == len(shares) - 1,
                existing,
                expanding,
                rate,
                max(rate - 10, Decimal(0)),
                min(rate + 10, Decimal(100)),
            )
        )
    return tuple(points)


RETAIL = BenchmarkRow("Retail", Decimal(12), "Retail", "A survey", 2024, False, "within")


def flow(
    opening: int | str, *changes: tuple[str, int | str, str], others: int = 0, others_change: int | str = 0
) -> ScopeFlow:
    """What accounts did to the scope: name, change and movement of each, and of how many more."""
    named = tuple(ScopeMove(name.lower(), name, movement, Decimal(change)) for name, change, movement in changes)
    amounts = [move.change for move in named]
    return ScopeFlow(
        opening=Decimal(opening),
        closing=Decimal(opening) + sum(amounts, Decimal(0)) + Decimal(others_change),
        added=sum((amount for amount in amounts if amount > 0), Decimal(0)),
        added_by=sum(amount > 0 for amount in amounts) + others,
        taken=-sum((amount for amount in amounts if amount < 0), Decimal(0)),
        taken_by=sum(amount < 0 for amount in amounts),
        named=named,
    )


def bands(*counts: tuple[int, int, int, int]) -> tuple[BandCounts, ...]:
    """By quarter: transactional, developing, partnership, not known."""
    return tuple(BandCounts(label(place), False, *count) for place, count in enumerate(counts))
