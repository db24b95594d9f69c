"""Expansion rates of the segments: each industry, tier, manager and service line, beside all accounts."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Substr

from accounts.models import Benchmark, Person
from accounts.periods import Quarter
from metrics.models import ExpansionRate
from metrics.queries.benchmarks import beside

KINDS = ("industry", "tier", "manager", "service")
"""What accounts are told apart by, in the order in which it is shown."""
WINDOWS = ("year", "quarter")


@dataclass(frozen=True)
class SegmentRow:
    """The rate of one segment in one window, in percent, and what is published for it over a year; None: nothing.

    `beside` says where the rate lies beside that benchmark with its whole interval: `below`, `within`, `above`.
    """

    name: str
    existing: int
    expanding: int
    rate: Decimal
    low: Decimal
    high: Decimal
    band: str
    settled: bool
    benchmark: Decimal | None = None
    benchmark_name: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Segments:
    """All segments of one window by kind, each kind by name, and all accounts together."""

    whole: SegmentRow | None
    kinds: dict[str, tuple[SegmentRow, ...]]

    @property
    def rows(self) -> tuple[SegmentRow, ...]:
        """Every segment, all accounts first."""
        found = [row for kind in KINDS for row in self.kinds[kind]]
        return (self.whole, *found) if self.whole else tuple(found)


def segments(quarter: Quarter, window: str) -> Segments:
    """The segments of a quarter's window, `quarter` or `year`. Two queries.

    Benchmarks are of a year, and stand beside the rates of a year window alone, in the industry they are recorded for.
    """
    # A manager's segment goes by e-mail, in lower case, as people are kept.
    managers = Person.objects.filter(email=Substr(OuterRef("segment"), len("manager:") + 1))
    stored = ExpansionRate.objects.filter(starts_on=quarter.start, window=window).annotate(
        manager=Case(
            When(segment__startswith="manager:", then=Subquery(managers.values("name")[:1])),
            default=Value(""),
        )
    )
    # The newest of an industry stands last, and holds.
    recorded = Benchmark.objects.exclude(industry="").order_by(F("year").asc(nulls_first=True), "-name")
    published = {row.industry.casefold(): row for row in recorded} if window == "year" else {}
    found: dict[str, list[SegmentRow]] = {kind: [] for kind in ("all", *KINDS)}
    for rate in stored:
        kind, _colon, name = rate.segment.partition(":")
        benchmark = published.get(name.casefold()) if kind == "industry" else None
        if kind in found and rate.rate is not None and rate.low is not None and rate.high is not None:
            found[kind].append(
                SegmentRow(
                    name=rate.manager or name,
                    existing=rate.existing,
                    expanding=rate.expanding,
                    rate=rate.rate,
                    low=rate.low,
                    high=rate.high,
                    band=rate.band,
                    settled=rate.settled,
                    benchmark=benchmark.value if benchmark else None,
                    benchmark_name=benchmark.name if benchmark else "",
                    beside=beside(benchmark.value, rate.low, rate.high) if benchmark else "",
                )
            )
    by_name = {kind: tuple(sorted(rows, key=lambda row: row.name.casefold())) for kind, rows in found.items()}
    whole = by_name.pop("all")
    return Segments(whole[0] if whole else None, by_name)
