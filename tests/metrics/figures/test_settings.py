from datetime import date
from decimal import Decimal

import pytest

from accounts.settings_in_force import SettingVersion
from tests.metrics.figures.by_fractions import decimals
from tests.metrics.figures.northwind import default_settings


def test_a_new_database_has_the_settings_of_the_domain() -> None:
    settings = default_settings(count=1)[0]
    assert (settings.label, settings.starts_on, settings.ends_on, settings.year_starts_on) == (
        "2024-Q1",
        date(2024, 1, 1),
        date(2024, 4, 1),
        date(2023, 4, 1),
    )
    assert settings.version is None
    assert [settings.interval(tier) for tier in ("A", "B", "C", "")] == [14, 30, 60, 30]
    assert settings.weights.sources == (Decimal("0.4"), Decimal("0.4"), Decimal("0.2"))
    assert settings.weights.attributes == (Decimal(1),) * 10
    assert (settings.good_attainment, settings.ready_attainment, settings.ready_partnership) == decimals(80, 60, 50)


def test_a_quarter_uses_the_version_in_force_at_its_end() -> None:
    first, second = default_settings(
        SettingVersion("good_attainment", date(2024, 3, 31), "70"),
        SettingVersion("good_attainment", date(2024, 4, 1), "75"),
        SettingVersion("interval_a", date(2024, 5, 5), "7.0"),
        count=2,
    )
    assert (first.good_attainment, first.version) == (Decimal(70), date(2024, 3, 31))
    assert (second.good_attainment, second.version) == (Decimal(75), date(2024, 5, 5))
    assert (first.interval("A"), second.interval("A")) == (14, 7)


def test_a_tier_nobody_knows_has_no_interval() -> None:
    with pytest.raises(KeyError):
        default_settings(count=1)[0].interval("D")
