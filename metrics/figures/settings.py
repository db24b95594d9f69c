"""Weights and thresholds in force at a quarter's end, typed and read once for all clients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from accounts.periods import Quarter
from accounts.settings_in_force import ATTRIBUTES, SOURCES, SettingHistory

TIERS = ("A", "B", "C", "")


class Weights(NamedTuple):
    """How much each source and each attribute weighs, as set, from 0 to 1000.

    By source in the order of SOURCES (client pulse, evidence, agency pulse), by attribute in the
    order of ATTRIBUTES. Source: DOMAIN.md, 7.
    """

    sources: tuple[Decimal, ...]
    attributes: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class QuarterSettings:
    """What figures of one quarter are computed with: the version in force at its end.

    Thresholds are percent, intervals days. Source: DOMAIN.md, 2 and 7.
    """

    quarter: Quarter
    label: str
    starts_on: date
    ends_on: date
    year_starts_on: date
    version: date | None
    """The newest version of any setting in force; None: the defaults."""
    good_attainment: Decimal
    ready_attainment: Decimal
    ready_partnership: Decimal
    interval_by_tier: Mapping[str, int]
    weights: Weights

    def interval(self, tier: str) -> int:
        """Days between check-ins for a client of this value tier; blank: the one for unset tiers."""
        return self.interval_by_tier[tier]


def quarter_settings(quarter: Quarter, history: SettingHistory) -> QuarterSettings:
    """The settings that figures of this quarter use: effective before its end.

    Source: DOMAIN.md, 7 (weights and thresholds are settings kept as versions).
    """
    end = quarter.end

    def number(name: str) -> Decimal:
        return Decimal(history.at(name, end))

    return QuarterSettings(
        quarter=quarter,
        label=quarter.label,
        starts_on=quarter.start,
        ends_on=end,
        year_starts_on=quarter.year_start,
        version=history.version_at(end),
        good_attainment=number("good_attainment"),
        ready_attainment=number("ready_attainment"),
        ready_partnership=number("ready_partnership"),
        interval_by_tier=MappingProxyType({tier: int(number(f"interval_{tier.lower() or 'unset'}")) for tier in TIERS}),
        weights=Weights(
            tuple(number(f"weight.{source}") for source in SOURCES),
            tuple(number(f"weight.{attribute}") for attribute in ATTRIBUTES),
        ),
    )


def settings_by_quarter(calendar: Iterable[Quarter], history: SettingHistory) -> tuple[QuarterSettings, ...]:
    """The settings of each quarter of the calendar, in its order."""
    return tuple(quarter_settings(quarter, history) for quarter in calendar)
