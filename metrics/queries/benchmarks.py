"""Published rates, and where ours lies beside them."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Benchmark


@dataclass(frozen=True)
class PublishedRate:
    """A benchmark as recorded: percent over a year, and whether anyone said how it was counted (None: not known)."""

    name: str
    value: Decimal
    industry: str
    source: str
    year: int | None
    method_published: bool | None


@dataclass(frozen=True)
class BenchmarkRow(PublishedRate):
    """A published rate, and where ours lies: `below`, `within` or `above` it, or blank.

    Ours is its interval: above where all of it lies above the benchmark, within where it covers it.
    """

    ours: str


def benchmarks() -> tuple[PublishedRate, ...]:
    """Every published rate, the highest first. One query."""
    return tuple(
        PublishedRate(row.name, row.value, row.industry, row.source, row.year, row.method_published)
        for row in Benchmark.objects.order_by("-value", "name")
    )


def beside(benchmark: Decimal, low: Decimal | None, high: Decimal | None) -> str:
    """Where a rate lies beside a benchmark with its whole interval: `below`, `within` or `above`, or blank."""
    if low is None or high is None:
        return ""
    return "above" if low > benchmark else "below" if high < benchmark else "within"
