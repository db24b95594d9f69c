"""Which quarters the figures have, which of them a page shows, and the settings it shows them by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from accounts.models import Setting
from accounts.periods import Quarter, quarters
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics.models import Horizon

_SHOWN_BY = ("good_attainment", "reporting_currency")


@dataclass(frozen=True)
class Calendar:
    """The quarters up to the as-of date, newest first, and the one that is shown."""

    as_of: date | None
    """The day that stands in for today; None: nothing was ever computed."""
    quarters: tuple[Quarter, ...]
    shown: Quarter | None
    """None: there are no quarters."""
    settings: SettingHistory

    @property
    def reporting_currency(self) -> str:
        """The currency in which sums are shown."""
        return self.settings.reporting_currency

    @property
    def good_attainment(self) -> Decimal:
        """From which attainment on numbers were good when the quarter shown ended, in percent."""
        return Decimal(self.settings.at("good_attainment", self.shown.end if self.shown else date.max))

    @property
    def in_progress(self) -> bool:
        """Whether the quarter shown has not ended."""
        return self.shown is not None and self.as_of is not None and self.shown.in_progress(self.as_of)

    @property
    def opens_on(self) -> Quarter | None:
        """The quarter that pages open on: the last that has ended, else the one in progress."""
        return _opens_on(self.quarters, self.as_of)

    @property
    def year_start(self) -> date | None:
        """Where the year window of the quarter shown begins; None before the fourth quarter."""
        if self.shown is None or self.shown.year_start < self.quarters[-1].start:
            return None
        return self.shown.year_start

    def last(self, count: int) -> tuple[Quarter, ...]:
        """So many quarters up to the one shown, oldest first, also from before the first."""
        return tuple(self.shown.shifted(back) for back in range(1 - count, 1)) if self.shown else ()


def calendar(label: str = "") -> Calendar:
    """The quarters, showing the one with this label, or the one that pages open on where none has it. One query."""
    versions = (
        Setting.objects.filter(name__in=_SHOWN_BY)
        .order_by("name", "effective_on")
        .values(version=JSONObject(name="name", effective_on="effective_on", value="value"))
    )
    horizon = Horizon.objects.annotate(versions=ArraySubquery(versions)).first()
    if horizon is None:
        return Calendar(None, (), None, SettingHistory(()))
    settings = SettingHistory(
        SettingVersion(version["name"], date.fromisoformat(version["effective_on"]), version["value"])
        for version in horizon.versions
    )
    if horizon.first_starts_on is None or horizon.last_starts_on is None:
        return Calendar(horizon.as_of, (), None, settings)
    newest_first = quarters(horizon.first_starts_on, horizon.last_starts_on, horizon.fiscal_month)[::-1]
    asked = next((quarter for quarter in newest_first if quarter.label == label), None)
    return Calendar(horizon.as_of, newest_first, asked or _opens_on(newest_first, horizon.as_of), settings)


def _opens_on(newest_first: tuple[Quarter, ...], as_of: date | None) -> Quarter | None:
    ended = (quarter for quarter in newest_first if as_of is None or not quarter.in_progress(as_of))
    return next(ended, newest_first[0] if newest_first else None)
