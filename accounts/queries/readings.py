"""A client's KPIs with the readings of a quarter, as people read them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Kpi, KpiReading


@dataclass(frozen=True)
class Reading:
    """One month of one KPI. `is_met` is None where no target was set."""

    month: date
    value: Decimal
    target: Decimal | None
    is_met: bool | None


@dataclass(frozen=True)
class KpiRow:
    """One KPI and its readings in the span asked for, oldest first."""

    name: str
    unit: str
    direction: str
    direction_name: str
    readings: tuple[Reading, ...]


def kpi_readings(client_id: int, start: date, end: date) -> tuple[KpiRow, ...]:
    """The KPIs of one client that have readings for months in [start, end), by name. One query."""
    rows: dict[Kpi, list[Reading]] = {}
    for reading in (
        KpiReading.objects.filter(client_id=client_id, month__gte=start, month__lt=end)
        .select_related("kpi")
        .order_by("kpi__name", "kpi_id", "month")
    ):
        rows.setdefault(reading.kpi, []).append(
            Reading(reading.month, reading.value, reading.target, is_met(reading.value, reading.target, reading.kpi))
        )
    return tuple(
        KpiRow(kpi.name, kpi.unit, kpi.direction, kpi.get_direction_display(), tuple(readings))
        for kpi, readings in rows.items()
    )


def is_met(value: Decimal, target: Decimal | None, kpi: Kpi) -> bool | None:
    """Whether a month's value reached its target; None without one. Source: DOMAIN.md, 5."""
    if target is None:
        return None
    return value >= target if kpi.direction == Kpi.Direction.HIGHER else value <= target
