"""The form for a version of a setting: what it takes, and with which sentence it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.forms.setting import SettingVersionForm
from accounts.setting_words import GROUPS, SETTING_WORDS, described
from accounts.settings_in_force import DEFAULTS, SettingHistory, SettingVersion, is_valid

RECORDED = (
    SettingVersion("good_attainment", date(2025, 1, 1), "75"),
    SettingVersion("good_attainment", date(2026, 1, 1), "80.0"),
    SettingVersion("reporting_currency", date(2026, 6, 1), "EUR"),
)


def form(name: str, day: str, value: str) -> SettingVersionForm:
    return SettingVersionForm({"effective_on": day, "value": value}, name=name, history=SettingHistory(RECORDED))


def errors(name: str, day: str, value: str) -> dict[str, list[str]]:
    return {field: list(map(str, found)) for field, found in form(name, day, value).errors.items()}


def test_a_version_is_taken_as_it_is_given() -> None:
    given = form("good_attainment", "2026-07-01", " 85 ")
    assert given.is_valid()
    assert given.version == SettingVersion("good_attainment", date(2026, 7, 1), "85")


def test_a_currency_is_taken_in_capitals() -> None:
    given = form("reporting_currency", "2026-07-01", "chf")
    assert given.is_valid()
    assert given.version.value == "CHF"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("good_attainment", "101", "a number from 0 to 100"),
        ("good_attainment", "eighty", "a number from 0 to 100"),
        ("good_attainment", "NaN", "a number from 0 to 100"),
        ("good_attainment", "1e1", "a number from 0 to 100"),
        ("good_attainment", "-1", "a number from 0 to 100"),
        ("interval_a", "0", "a whole number from 1 to 3660"),
        ("interval_a", "7.5", "a whole number from 1 to 3660"),
        ("night_hour", "24", "a whole number from 0 to 23"),
        ("weight.trust", "1001", "a number from 0 to 1000"),
        ("reporting_currency", "XYZ", "a currency code of ISO 4217, such as USD"),
        ("time_zone", "Mars/Olympus", "a time zone such as Europe/Berlin"),
    ],
)
def test_a_value_that_can_not_be_is_refused_with_what_can(name: str, value: str, expected: str) -> None:
    assert errors(name, "2026-07-01", value) == {"value": [f"Expected {expected}."]}


@pytest.mark.parametrize("day", ["1899-12-31", "2101-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_far_off_is_refused(day: str) -> None:
    assert errors("good_attainment", day, "50") == {"effective_on": ["Expected a day from 1900 to 2100."]}


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "2026-07-01\x00"])
def test_what_is_no_day_is_refused_beside_the_field(day: str) -> None:
    assert set(errors("good_attainment", day, "50")) == {"effective_on"}


def test_a_setting_can_not_become_what_it_is() -> None:
    for value in ("80", "80.00", "080"):
        found = errors("good_attainment", "2026-07-01", value)
        assert found == {"value": ["It is 80.0 % on that day already: there is nothing to change."]}
    assert errors("good_attainment", "2025-07-01", "75") == {
        "value": ["It is 75 % on that day already: there is nothing to change."]
    }
    assert errors("good_attainment", "2025-07-01", "80") == {}
    assert errors("interval_a", "2026-07-01", "14") == {
        "value": ["It is 14 days on that day already: there is nothing to change."]
    }
    assert errors("time_zone", "2026-07-01", "UTC") == {
        "value": ["It is UTC on that day already: there is nothing to change."]
    }
    assert errors("fiscal_year_month", "2026-07-01", "1") == {
        "value": ["It is January on that day already: there is nothing to change."]
    }


def test_a_version_is_never_replaced() -> None:
    assert errors("good_attainment", "2026-01-01", "90") == {
        "effective_on": [
            "A version from this day is there already, and versions are never replaced: choose another day."
        ]
    }


def test_a_version_that_could_never_count_is_refused() -> None:
    assert errors("reporting_currency", "2026-05-31", "CHF") == {
        "effective_on": [
            "The version from 2026-06-01 is newer, and the newest counts for all quarters: choose a later day."
        ]
    }
    assert errors("good_attainment", "2024-05-31", "70") == {}


def test_the_fiscal_year_is_chosen_from_the_twelve_months() -> None:
    assert len(form("fiscal_year_month", "2026-07-01", "4").fields["value"].choices) == 12  # type: ignore[attr-defined]
    assert errors("fiscal_year_month", "2026-07-01", "13").keys() == {"value"}


# Words


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_setting_has_words_and_a_group(name: str) -> None:
    words = SETTING_WORDS[name]
    assert str(words.name)
    assert str(words.says).endswith(".")
    assert words.group in GROUPS
    assert is_valid(name, DEFAULTS[name])
    assert str(described(name, DEFAULTS[name]))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("good_attainment", "80", "80 %"),
        ("ready_partnership", "50", "50 of 100"),
        ("interval_a", "14", "14 days"),
        ("weight.trust", "0.5", "0.5"),
        ("fiscal_year_month", "4", "April"),
        ("fiscal_year_month", "4.0", "April"),
        ("night_hour", "2", "2:00"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_values_are_written_as_people_write_them(name: str, value: str, text: str) -> None:
    assert str(described(name, value)) == text
