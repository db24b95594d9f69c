"""A client's KPIs with what is stored of one month, and of the month before: what the grid of readings shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Kpi, KpiReading
from accounts.periods import months_after


@dataclass(frozen=True)
class Measured:
    """A reading as it is stored: the month's value, and the target that was set for it, if one was."""

    value: Decimal
    target: Decimal | None


@dataclass(frozen=True)
class KpiMonth:
    """One KPI: what is stored of the month, and of the month before; None where nothing is.

    `recorded_by` is who wrote what is stored of the month; blank where nobody is known to have.
    """

    kpi_id: int
    name: str
    unit: str
    direction: str
    stored: Measured | None
    before: Measured | None
    recorded_by: str

    @property
    def offered_target(self) -> Decimal | None:
        """The target to begin with where nothing is stored yet: the one of the month before."""
        return self.before.target if self.stored is None and self.before is not None else None


def month_readings(client_id: int, month: date) -> tuple[KpiMonth, ...]:
    """All KPIs of one client, by name, with a month's readings. Two queries."""
    before = months_after(month, -1)
    readings = KpiReading.objects.filter(client_id=client_id, month__in=(before, month)).select_related("recorded_by")
    found = {(reading.kpi_id, reading.month): reading for reading in readings}

    def measured(kpi_id: int, day: date) -> Measured | None:
        reading = found.get((kpi_id, day))
        return None if reading is None else Measured(reading.value, reading.target)

    def writer(kpi_id: int) -> str:
        reading = found.get((kpi_id, month))
        return str(reading.recorded_by) if reading and reading.recorded_by else ""

    return tuple(
        KpiMonth(
            kpi_id=kpi.pk,
            name=kpi.name,
            unit=kpi.unit,
            direction=kpi.direction,
            stored=measured(kpi.pk, month),
            before=measured(kpi.pk, before),
            recorded_by=writer(kpi.pk),
        )
        for kpi in Kpi.objects.filter(client_id=client_id).order_by("name", "id")
    )
