"""How far the figures reach: the day they are of, and the quarters it gives."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from accounts.periods import Quarter
from accounts.periods import quarters as quarters_between
from accounts.settings_in_force import SettingHistory
from metrics.gathering import calendar, settings_history
from metrics.models import Horizon
from metrics.night.following import follow

_Span = tuple[date | None, date | None, int]


def reach(as_of: date, chosen: bool) -> bool:
    """Makes the figures those of this day; returns whether that marked every client.

    It does when there are other quarters than before: one more, one less, or other ones. Figures
    of quarters that are no more go at once.
    """
    history = settings_history()
    quarters = calendar(as_of, history)
    horizon = Horizon.objects.first()
    moved = horizon is None or span(quarters, history) != span_of(horizon)
    first, last, fiscal_month = span(quarters, history)
    Horizon.objects.update_or_create(
        id=1,
        defaults={
            "as_of": as_of,
            "chosen": chosen,
            "fiscal_month": fiscal_month,
            "first_starts_on": first,
            "last_starts_on": last,
        },
    )
    if moved:
        mark_all()
        starts = [quarter.start for quarter in quarters]
        with connection.cursor() as cursor:
            for table in ("metrics_clientquarter", "metrics_linequarter", "metrics_expansionrate"):
                cursor.execute(f"DELETE FROM {table} WHERE starts_on <> ALL (%s::date[])", [starts])  # noqa: S608
        follow([None])
    return moved


def mark_all() -> None:
    """Marks every client, so that all are computed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT metrics_mark_all()")


def span(quarters: Sequence[Quarter], history: SettingHistory) -> _Span:
    """First and last quarter, by their first days, and the fiscal calendar they are cut by: they exist as of now."""
    if not quarters:
        return None, None, history.fiscal_month
    return quarters[0].start, quarters[-1].start, history.fiscal_month


def span_of(horizon: Horizon) -> _Span:
    """The same of the quarters that the figures were computed for."""
    return horizon.first_starts_on, horizon.last_starts_on, horizon.fiscal_month


def quarters_of(horizon: Horizon) -> tuple[Quarter, ...]:
    """The quarters that stored client figures are of."""
    if horizon.first_starts_on is None or horizon.last_starts_on is None:
        return ()
    return quarters_between(horizon.first_starts_on, horizon.last_starts_on, horizon.fiscal_month)
