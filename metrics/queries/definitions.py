"""The definitions page: each metric's card, with the settings in force and the verdict of the signal test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Benchmark
from accounts.setting_words import SETTING_WORDS, Words, described
from accounts.settings_in_force import SettingHistory
from metrics.catalogue import GROUPS, METRICS, Band, Metric
from metrics.models import Signal


@dataclass(frozen=True)
class SignalRow:
    """Whether an indicator foretells growth here. AUC and interval from 0 to 1; None: no figure."""

    indicator: str
    cases: int
    growers: int
    clients: int
    auc: Decimal | None
    low: Decimal | None
    high: Decimal | None
    verdict: str


@dataclass(frozen=True)
class SettingRow:
    """One setting that a metric depends on, as it is in force."""

    name: Words
    value: Words
    says: Words


@dataclass(frozen=True)
class BandRow:
    """One band and where it ends; None: it has no end."""

    band: Band
    ends_at: Decimal | None


@dataclass(frozen=True)
class MetricRow:
    """One metric as the page shows it. `signal` is None where it is no indicator, or was never tested."""

    metric: Metric
    bands: tuple[BandRow, ...]
    settings: tuple[SettingRow, ...]
    signal: SignalRow | None

    @property
    def anchor(self) -> str:
        """What its card is called on the page."""
        return f"metric-{self.metric.code}"


@dataclass(frozen=True)
class MetricGroup:
    """Metrics about one thing."""

    code: str
    name: Words
    metrics: tuple[MetricRow, ...]


@dataclass(frozen=True)
class PublishedRate:
    """A benchmark as recorded: percent over a year, and whether anyone said how it was counted (None: not known)."""

    name: str
    value: Decimal
    industry: str
    source: str
    year: int | None
    method_published: bool | None


def signals() -> dict[str, SignalRow]:
    """The verdicts as the last night left them, by indicator. One query."""
    return {
        row.indicator: SignalRow(**{name: getattr(row, name) for name in SignalRow.__dataclass_fields__})
        for row in Signal.objects.all()
    }


def benchmarks() -> tuple[PublishedRate, ...]:
    """Every published rate, the highest first. One query."""
    return tuple(
        PublishedRate(row.name, row.value, row.industry, row.source, row.year, row.method_published)
        for row in Benchmark.objects.order_by("-value", "name")
    )


def groups(history: SettingHistory, today: date, verdicts: Mapping[str, SignalRow]) -> tuple[MetricGroup, ...]:
    """All metrics, group by group, in the order of the catalogue. No query."""
    rows = [metric_row(metric, history, today, verdicts) for metric in METRICS]
    return tuple(
        MetricGroup(code, name, tuple(row for row in rows if row.metric.group == code)) for code, name in GROUPS.items()
    )


def metric_row(metric: Metric, history: SettingHistory, today: date, verdicts: Mapping[str, SignalRow]) -> MetricRow:
    """One metric with the settings in force on that day and its verdict. No query."""
    edges = [band.starts_at for band in metric.bands[1:]]
    return MetricRow(
        metric=metric,
        bands=tuple(map(BandRow, metric.bands, [*edges, None])),
        settings=tuple(
            SettingRow(SETTING_WORDS[name].name, described(name, history.on(name, today)), SETTING_WORDS[name].says)
            for name in metric.settings
        ),
        signal=verdicts.get(metric.indicator),
    )
