"""What day it is where the agency is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Setting
from accounts.settings_in_force import SettingHistory, SettingVersion


def today(now: datetime) -> date:
    """The day on the agency's clock at that moment, by the time zone in force. One query. Source: DOMAIN.md, 2."""
    return clock(now).date()


def clock(now: datetime) -> datetime:
    """That moment on the agency's clock. One query."""
    rows = Setting.objects.filter(name="time_zone").values_list("name", "effective_on", "value")
    zone = SettingHistory(SettingVersion(*row) for row in rows).at("time_zone", now.date() + timedelta(days=1))
    return now.astimezone(ZoneInfo(zone))
