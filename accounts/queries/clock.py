"""What day it is where the agency is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Setting
from accounts.periods import Quarter
from accounts.settings_in_force import SettingHistory, SettingVersion

OF_THE_QUARTER = ("time_zone", "fiscal_year_month")
"""The settings that say which day it is, and which quarter."""


def today(now: datetime) -> date:
    """The day on the agency's clock at that moment, by the time zone in force. One query. Source: DOMAIN.md, 2."""
    return clock(now).date()


def clock(now: datetime) -> datetime:
    """That moment on the agency's clock. One query."""
    rows = Setting.objects.filter(name="time_zone").values_list("name", "effective_on", "value")
    zone = SettingHistory(SettingVersion(*row) for row in rows).at("time_zone", now.date() + timedelta(days=1))
    return now.astimezone(ZoneInfo(zone))


def quarter_in_progress(now: datetime) -> tuple[Quarter, date]:
    """The quarter that holds the day on the agency's clock, and that day. One query. Source: DOMAIN.md, 2."""
    rows = Setting.objects.filter(name__in=OF_THE_QUARTER).values_list("name", "effective_on", "value")
    return quarter_by(SettingHistory(SettingVersion(*row) for row in rows), now)


def quarter_by(history: SettingHistory, now: datetime) -> tuple[Quarter, date]:
    """The same, where the versions of these settings have been read already."""
    zone = history.at("time_zone", now.date() + timedelta(days=1))
    day = now.astimezone(ZoneInfo(zone)).date()
    return Quarter.containing(day, history.fiscal_month), day
