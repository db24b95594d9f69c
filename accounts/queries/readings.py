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
        rows.setdefault(reading.kpi, []).append(Reading(reading.month, reading.value, reading.target, _is_met(reading)))
    return tuple(
        KpiRow(kpi.name, kpi.unit, kpi.direction, kpi.get_direction_display(), tuple(readings))
        for kpi, readings in rows.items()
    )


def _is_met(reading: KpiReading) -> bool | None:
    if reading.target is None:
        return None
    if reading.kpi.direction == Kpi.Direction.HIGHER:
        return reading.value >= reading.target
    return reading.value <= reading.target
