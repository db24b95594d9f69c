"""Which settings the figures have, what each may be, and which version is in force on a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

import pycountry

ATTRIBUTES = (
    "commitment",
    "approach",
    "action",
    "loyalty",
    "trust",
    "ownership",
    "value",
    "involvement",
    "communication",
    "collaboration",
)
SOURCES = ("client_pulse", "evidence", "agency_pulse")

DEFAULTS: dict[str, str] = {
    "fiscal_year_month": "1",
    "reporting_currency": "USD",
    "time_zone": "UTC",
    "night_hour": "2",
    "good_attainment": "80",
    "interval_a": "14",
    "interval_b": "30",
    "interval_c": "60",
    "interval_unset": "30",
    "weight.client_pulse": "0.4",
    "weight.evidence": "0.4",
    "weight.agency_pulse": "0.2",
    **{f"weight.{attribute}": "1" for attribute in ATTRIBUTES},
    "ready_attainment": "60",
    "ready_partnership": "50",
}

_WHOLE = {
    "fiscal_year_month": (1, 12),
    "night_hour": (0, 23),
    "interval_a": (1, 3660),
    "interval_b": (1, 3660),
    "interval_c": (1, 3660),
    "interval_unset": (1, 3660),
}
_PERCENT = ("good_attainment", "ready_attainment", "ready_partnership")
FOR_ALL_QUARTERS = ("fiscal_year_month", "reporting_currency")
"""Settings whose newest version counts for every quarter, whatever its date."""


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code, in capitals as it writes them."""
    found = pycountry.currencies.get(alpha_3=code)
    return found is not None and found.alpha_3 == code


@cache
def _time_zones() -> frozenset[str]:
    """All of them, looked up once: it reads many files."""
    return frozenset(available_timezones())


def expected(name: str) -> str:
    """What a setting's value may be, in words."""
    if name in _WHOLE:
        low, high = _WHOLE[name]
        return f"a whole number from {low} to {high}"
    if name in _PERCENT:
        return "a number from 0 to 100"
    if name == "reporting_currency":
        return "a currency code of ISO 4217, such as USD"
    if name == "time_zone":
        return "a time zone such as Europe/Berlin"
    return "a number from 0 to 1000"


def is_valid(name: str, value: str) -> bool:
    """Whether the value is one that this setting may have. KeyError for an unknown name."""
    if name not in DEFAULTS:
        raise KeyError(name)
    if name == "reporting_currency":
        return is_currency(value)
    if name == "time_zone":
        return value in _time_zones()
    # Decimal alone would take 1_0, 1e1 and other scripts' digits, which nothing else here reads.
    if re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?", value) is None:
        return False
    number = Decimal(value)
    if name in _WHOLE:
        low, high = _WHOLE[name]
        return number == number.to_integral_value() and low <= number <= high
    if name in _PERCENT:
        return 0 <= number <= 100
    return 0 <= number <= 1000


@dataclass(frozen=True)
class SettingVersion:
    """One value of a setting, from a date on."""

    name: str
    effective_on: date
    value: str


class SettingHistory:
    """All versions of all settings; answers which value was in force when."""

    def __init__(self, versions: Iterable[SettingVersion]) -> None:
        self._versions: dict[str, list[tuple[date, str]]] = {}
        for version in versions:
            self._versions.setdefault(version.name, []).append((version.effective_on, version.value))
        for rows in self._versions.values():
            rows.sort()

    def newest(self, name: str) -> str:
        """The newest value whatever its date: how the fiscal year and reporting currency are read."""
        rows = self._versions.get(name)
        return rows[-1][1] if rows else DEFAULTS[name]

    def at(self, name: str, day: date) -> str:
        """The value in force at the start of that day: effective before it."""
        value = DEFAULTS[name]
        for effective_on, text in self._versions.get(name, ()):
            if effective_on >= day:
                break
            value = text
        return value

    def whole_at(self, name: str, day: date) -> int:
        """The same of a setting that is a whole number, which may be written 14.0 as well."""
        return int(Decimal(self.at(name, day)))

    def on(self, name: str, day: date) -> str:
        """The value in force on that day, a version of that very day included; the newest where that counts for all."""
        if name in FOR_ALL_QUARTERS:
            return self.newest(name)
        return self.at(name, day + timedelta(days=1))

    def versions(self, name: str) -> tuple[SettingVersion, ...]:
        """All versions of one setting, the latest first."""
        return tuple(
            SettingVersion(name, effective_on, value) for effective_on, value in reversed(self._versions.get(name, []))
        )

    def version_at(self, day: date) -> date | None:
        """The date of the newest version of any setting in force at that day; None for the defaults."""
        dates = [effective_on for rows in self._versions.values() for effective_on, _ in rows if effective_on < day]
        return max(dates, default=None)

    @property
    def fiscal_month(self) -> int:
        """The fiscal year's first month, 1 to 12."""
        return int(Decimal(self.newest("fiscal_year_month")))

    @property
    def reporting_currency(self) -> str:
        """The currency in which the agency adds up."""
        return self.newest("reporting_currency")
