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
    """One KPI: what is stored of the month, and of the month before; None where nothing is."""

    kpi_id: int
    name: str
    unit: str
    direction: str
    stored: Measured | None
    before: Measured | None

    @property
    def offered_target(self) -> Decimal | None:
        """The target to begin with where nothing is stored yet: the one of the month before."""
        return self.before.target if self.stored is None and self.before is not None else None


def month_readings(client_id: int, month: date) -> tuple[KpiMonth, ...]:
    """All KPIs of one client, by name, with a month's readings. Two queries."""
    before = months_after(month, -1)
    found: dict[tuple[int, date], Measured] = {
        (kpi_id, day): Measured(value, target)
        for kpi_id, day, value, target in KpiReading.objects.filter(
            client_id=client_id, month__in=(before, month)
        ).values_list("kpi_id", "month", "value", "target")
    }
    return tuple(
        KpiMonth(
            kpi_id=kpi.pk,
            name=kpi.name,
            unit=kpi.unit,
            direction=kpi.direction,
            stored=found.get((kpi.pk, month)),
            before=found.get((kpi.pk, before)),
        )
        for kpi in Kpi.objects.filter(client_id=client_id).order_by("name", "id")
    )
