"""Every metric there is, a file each: its name, unit, bands, figure, and the card that explains it, in order."""

from accounts.settings_in_force import ATTRIBUTES
from metrics.catalogue import (
    action,
    annual_scope,
    annual_value,
    approach,
    attainment,
    candour,
    check_in_rhythm,
    collaboration,
    commitment,
    communication,
    confidence,
    coverage,
    expansion_rate,
    gross_revenue_retention,
    into_new,
    involvement,
    loyalty,
    movement,
    net_revenue_retention,
    net_scope_retention,
    ownership,
    partnership_score,
    pattern,
    perception_gap,
    pulled_share,
    readiness,
    signal,
    stayed,
    swing,
    trust,
    trust_signs,
    value,
)
from metrics.catalogue.card import GROUPS, PARTS, Band, Card, Metric, Part, Words

__all__ = [
    "BY_CODE",
    "BY_INDICATOR",
    "GROUPS",
    "METRICS",
    "PARTS",
    "Band",
    "Card",
    "Metric",
    "Part",
    "Words",
]

_OF_ATTRIBUTES = {
    entry.METRIC.code: entry.METRIC
    for entry in (
        commitment,
        approach,
        action,
        loyalty,
        trust,
        ownership,
        value,
        involvement,
        communication,
        collaboration,
    )
}

METRICS: tuple[Metric, ...] = (
    expansion_rate.METRIC,
    net_scope_retention.METRIC,
    net_revenue_retention.METRIC,
    gross_revenue_retention.METRIC,
    annual_scope.METRIC,
    annual_value.METRIC,
    movement.METRIC,
    into_new.METRIC,
    stayed.METRIC,
    pulled_share.METRIC,
    attainment.METRIC,
    swing.METRIC,
    pattern.METRIC,
    readiness.METRIC,
    partnership_score.METRIC,
    coverage.METRIC,
    perception_gap.METRIC,
    *(_OF_ATTRIBUTES[attribute] for attribute in ATTRIBUTES),
    confidence.METRIC,
    trust_signs.METRIC,
    check_in_rhythm.METRIC,
    candour.METRIC,
    signal.METRIC,
)
"""In the order in which they are shown, group by group."""

BY_CODE: dict[str, Metric] = {metric.code: metric for metric in METRICS}
BY_INDICATOR: dict[str, Metric] = {metric.indicator: metric for metric in METRICS if metric.indicator}
