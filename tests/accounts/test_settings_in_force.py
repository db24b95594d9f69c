"""Settings: which values they may have, and which version is in force on a day."""

from datetime import date

import pytest

from accounts.settings_in_force import (
    ATTRIBUTES,
    DEFAULTS,
    SOURCES,
    SettingHistory,
    SettingVersion,
    expected,
    is_currency,
    is_valid,
)


def history(*versions: tuple[str, date, str]) -> SettingHistory:
    return SettingHistory(SettingVersion(*version) for version in versions)


def test_every_default_is_a_value_its_setting_may_have() -> None:
    assert [name for name, value in DEFAULTS.items() if not is_valid(name, value)] == []


def test_each_source_and_each_attribute_has_a_weight() -> None:
    weights = {name.removeprefix("weight.") for name in DEFAULTS if name.startswith("weight.")}
    assert weights == {*ATTRIBUTES, *SOURCES}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fiscal_year_month", "0"),
        ("fiscal_year_month", "13"),
        ("fiscal_year_month", "1.5"),
        ("fiscal_year_month", "January"),
        ("fiscal_year_month", "1_0"),
        ("fiscal_year_month", "1e1"),
        ("fiscal_year_month", "４"),
        ("fiscal_year_month", ""),
        ("reporting_currency", "XXZ"),
        ("reporting_currency", "usd"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("night_hour", "24"),
        ("night_hour", "-1"),
        ("good_attainment", "100.1"),
        ("good_attainment", "-0.1"),
        ("good_attainment", "NaN"),
        ("interval_a", "0"),
        ("interval_unset", "Infinity"),
        ("weight.trust", "-1"),
        ("weight.trust", "NaN"),
        ("weight.client_pulse", "1001"),
        ("ready_partnership", "101"),
    ],
)
def test_a_value_out_of_its_range_is_not_valid(name: str, value: str) -> None:
    assert not is_valid(name, value)
    assert expected(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fiscal_year_month", "4"),
        ("fiscal_year_month", "12"),
        ("reporting_currency", "EUR"),
        ("time_zone", "Europe/Berlin"),
        ("night_hour", "0"),
        ("good_attainment", "0"),
        ("good_attainment", "82.5"),
        ("interval_c", "90"),
        ("interval_c", "90.0"),
        ("weight.trust", "0"),
        ("weight.agency_pulse", "0.05"),
    ],
)
def test_a_value_within_its_range_is_valid(name: str, value: str) -> None:
    assert is_valid(name, value)


def test_an_unknown_setting_is_an_error_and_not_a_wrong_value() -> None:
    with pytest.raises(KeyError):
        is_valid("colour", "blue")


def test_currencies_are_those_of_iso_4217() -> None:
    assert is_currency("SEK")
    assert not is_currency("sek")
    assert not is_currency("ZZZ")


def test_what_was_never_set_has_its_default() -> None:
    empty = history()
    assert empty.at("good_attainment", date(2026, 7, 1)) == "80"
    assert empty.newest("reporting_currency") == "USD"
    assert empty.version_at(date(2026, 7, 1)) is None


def test_a_version_is_in_force_from_the_day_after_it_took_effect() -> None:
    # "At t" is the start of day t: what takes effect on t has not happened yet.
    found = history(("good_attainment", date(2026, 7, 1), "70"))
    assert found.at("good_attainment", date(2026, 7, 1)) == "80"
    assert found.at("good_attainment", date(2026, 7, 2)) == "70"


def test_a_whole_number_is_read_however_it_is_written() -> None:
    found = history(("interval_a", date(2026, 7, 1), "10.0"))
    assert found.whole_at("interval_a", date(2026, 7, 1)) == 14
    assert found.whole_at("interval_a", date(2026, 7, 2)) == 10


def test_a_later_version_takes_over_whatever_the_order_they_came_in() -> None:
    found = history(
        ("weight.trust", date(2026, 4, 15), "3"),
        ("weight.trust", date(2025, 4, 15), "2"),
    )
    assert found.at("weight.trust", date(2025, 7, 1)) == "2"
    assert found.at("weight.trust", date(2026, 4, 15)) == "2"
    assert found.at("weight.trust", date(2026, 7, 1)) == "3"
    assert found.newest("weight.trust") == "3"


def test_the_fiscal_year_and_the_reporting_currency_are_read_from_the_newest_whatever_its_date() -> None:
    found = history(
        ("fiscal_year_month", date(2020, 1, 1), "1"),
        ("fiscal_year_month", date(2031, 1, 1), "4"),
        ("reporting_currency", date(2031, 1, 1), "EUR"),
    )
    assert found.fiscal_month == 4
    assert found.reporting_currency == "EUR"


def test_the_version_of_a_day_is_the_newest_change_of_any_setting_before_it() -> None:
    found = history(
        ("good_attainment", date(2026, 1, 10), "70"),
        ("weight.trust", date(2026, 5, 20), "2"),
    )
    assert found.version_at(date(2026, 1, 10)) is None
    assert found.version_at(date(2026, 4, 1)) == date(2026, 1, 10)
    assert found.version_at(date(2026, 7, 1)) == date(2026, 5, 20)
