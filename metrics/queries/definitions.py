"""The definitions page: each metric's card, with the settings in force and the verdict of the signal test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.setting_words import SETTING_WORDS, Words, described
from accounts.settings_in_force import SettingHistory
from metrics.catalogue import GROUPS, METRICS, Band, Metric
from metrics.queries.signals import SignalRow


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
