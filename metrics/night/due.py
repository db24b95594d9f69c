"""When a night is due, on the agency's clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.settings_in_force import SettingHistory


def local_time(now: datetime, history: SettingHistory) -> datetime:
    """The moment on the agency's clock, by the time zone in force on that day."""
    tomorrow = now.date() + timedelta(days=1)
    return now.astimezone(ZoneInfo(history.at("time_zone", tomorrow)))


def due_on(now: datetime, history: SettingHistory) -> date | None:
    """The local date whose night is due at this moment; None before the hour of the night.

    From that hour to the end of the day, so that a night that was slept through is made up for. An
    hour that the clock skips is passed by the one after it.
    """
    local = local_time(now, history)
    hour = history.whole_at("night_hour", local.date() + timedelta(days=1))
    return local.date() if local.hour >= hour else None
