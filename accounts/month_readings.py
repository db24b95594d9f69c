"""The act of recording a month's KPI readings: all of them or none, and nothing over what somebody else wrote since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import Client, Kpi, KpiReading, Person
from accounts.queries.month_readings import Measured
from accounts.signals import tell_changed

ATTEMPTS = 3


@dataclass(frozen=True)
class Wish:
    """What one reading was when its writer looked, and what it shall be. None: there is none."""

    seen: Measured | None
    wanted: Measured | None


@dataclass(frozen=True)
class Written:
    """How many readings were added or changed, and how many taken away."""

    kept: int
    removed: int


class ReadingsMovedOn(Exception):
    """Somebody wrote other readings since the writer looked; nothing was written.

    `theirs` has them by KPI, and `by` who wrote each, where that is known.
    """

    def __init__(self, theirs: Mapping[int, Measured | None], by: Mapping[int, Person]) -> None:
        self.theirs = dict(theirs)
        self.by = dict(by)
        super().__init__(f"{len(self.theirs)} readings were written by somebody else since.")


def write(client: Client, month: date, wishes: Mapping[int, Wish], *, by: Person) -> Written:
    """Writes a month's readings of one client, by the id of their KPI. A wish for what was seen changes nothing.

    Where what is stored is neither what was seen nor what is wanted, nothing at all is written, and
    ReadingsMovedOn says what is there. KpiReading's own checks hold: a month is its first day.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _write(client, month, wishes, by)
        except IntegrityError:
            # A file that is being loaded has added one of them in between: now it is there to be seen.
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("Each attempt returns or raises.")


@transaction.atomic
def _write(client: Client, month: date, wishes: Mapping[int, Wish], by: Person) -> Written:
    changes = {kpi_id: wish for kpi_id, wish in wishes.items() if wish.wanted != wish.seen}
    kpis = Kpi.objects.filter(client=client, pk__in=changes)
    # Who writes the same readings at this moment waits here, and then sees ours.
    known = set(kpis.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    unknown = changes.keys() - known
    if unknown:
        raise Kpi.DoesNotExist(f"{client} has no KPI {min(unknown)}.")
    stored = {
        reading.kpi_id: reading
        for reading in KpiReading.objects.select_for_update().filter(client=client, kpi__in=known, month=month)
    }
    there = {kpi_id: Measured(reading.value, reading.target) for kpi_id, reading in stored.items()}
    theirs = {
        kpi_id: there.get(kpi_id)
        for kpi_id, wish in changes.items()
        if there.get(kpi_id) not in (wish.seen, wish.wanted)
    }
    if theirs:
        writers = {kpi_id: stored[kpi_id].recorded_by for kpi_id in theirs if kpi_id in stored}
        raise ReadingsMovedOn(theirs, {kpi_id: writer for kpi_id, writer in writers.items() if writer})
    added: list[KpiReading] = []
    changed: list[KpiReading] = []
    removed: list[int] = []
    for kpi_id, wish in changes.items():
        if wish.wanted == there.get(kpi_id):
            continue
        if wish.wanted is None:
            removed.append(stored[kpi_id].pk)
        elif kpi_id in stored:
            reading = stored[kpi_id]
            reading.value, reading.target = wish.wanted.value, wish.wanted.target
            reading.recorded_by = by
            changed.append(reading)
        else:
            added.append(
                KpiReading(
                    client=client,
                    kpi_id=kpi_id,
                    month=month,
                    value=wish.wanted.value,
                    target=wish.wanted.target,
                    recorded_by=by,
                )
            )
    KpiReading.objects.bulk_create(added)
    KpiReading.objects.bulk_update(changed, ["value", "target", "recorded_by"])
    KpiReading.objects.filter(client=client, pk__in=removed).delete()
    if added or changed or removed:
        tell_changed(KpiReading, client.pk)
    return Written(len(added) + len(changed), len(removed))
