"""The agency's settings, kept as versions (DOMAIN.md 7 and 13, DATA.md settings.csv)."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from .records import ATTRIBUTES, Setting

DEFAULTS: dict[str, str] = {
    "fiscal_year_month": "1",
    "reporting_currency": "USD",
    "good_attainment": "80",
    "interval_a": "14",
    "interval_b": "30",
    "interval_c": "60",
    "interval_unset": "30",
    "weight.client_pulse": "0.4",
    "weight.evidence": "0.4",
    "weight.agency_pulse": "0.2",
    **{f"weight.{attribute}": "1" for attribute in ATTRIBUTES},
}
"""DATA.md, settings.csv: what holds before the first version of a name."""


class Settings:
    """Every version of every setting."""

    def __init__(self, versions: Iterable[Setting]) -> None:
        self.versions = sorted(versions, key=lambda version: version.effective_on)

    def newest(self, name: str) -> str:
        """The latest version there is, for all quarters alike.

        DOMAIN.md 7: "the fiscal year and the reporting currency use the newest for all quarters".
        """
        value = DEFAULTS[name]
        for version in self.versions:
            if version.name == name:
                value = version.value
        return value

    def in_force(self, name: str, quarter_end: date) -> Fraction:
        """The number that holds for the quarter that ends then.

        DOMAIN.md 7: "quarter Q uses the version in force at e (effective before e)".
        """
        value = DEFAULTS[name]
        for version in self.versions:
            if version.name == name and version.effective_on < quarter_end:
                value = version.value
        return Fraction(value)

    def first_month(self) -> int:
        """DOMAIN.md 2: "first month of the fiscal year, January unless set"."""
        return int(Fraction(self.newest("fiscal_year_month")))

    def reporting_currency(self) -> str:
        """The currency in which clients are added up."""
        return self.newest("reporting_currency")
