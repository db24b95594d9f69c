"""Looking after runs that nobody works on: what was left lying is found, and told of again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from metrics.models import Batch, Heartbeat, Run
from metrics.night.batches import HANDOVER

QUIET = timedelta(seconds=10)
"""When nothing was begun or ended for so long and nobody is at work, messages were lost."""
FORGOTTEN = timedelta(minutes=10)
"""A batch told to the workers so long ago is told again, even while others are being worked on."""


def beat(now: datetime) -> None:
    """Notes that the timetable reached a worker, and the worker the database."""
    Heartbeat.objects.update_or_create(id=1, defaults={"beaten_at": now})


def unattended(now: datetime) -> tuple[int, ...]:
    """Open batches that nobody works on and nobody will: the workers have to be told of them again.

    Those nobody was told of; those whose worker died, which the lock on the row tells; and, when
    all is quiet or long after they were told of, those that wait: messages are lost with a broker.
    Telling twice does no harm.
    """
    with transaction.atomic(durable=True):
        batches = Batch.objects.filter(run__state=Run.State.OPEN, state__in=Batch.OPEN)
        running = batches.filter(state=Batch.State.RUNNING)
        left = set(running.select_for_update(skip_locked=True, of=("self",)).values_list("id", flat=True))
        at_work = running.exclude(id__in=left).exists()
        recent = Batch.objects.filter(run__state=Run.State.OPEN).filter(
            Q(begun_at__gt=now - QUIET) | Q(ended_at__gt=now - QUIET)
        )
        patience = FORGOTTEN if at_work or recent.exists() else QUIET
        untold = Q(published_at=None, created_at__lt=now - HANDOVER)
        lost = Q(id__in=left, begun_at__lt=now - HANDOVER)
        found = batches.filter(
            Q(state=Batch.State.WAITING) & (untold | Q(published_at__lt=now - patience))
            | lost & (Q(published_at=None) | Q(published_at__lt=now - QUIET))
        )
        return tuple(found.order_by("id").values_list("id", flat=True))


def told(batch_ids: Iterable[int], now: datetime) -> None:
    """Notes that the workers were told of these batches."""
    Batch.objects.filter(id__in=list(batch_ids)).update(published_at=now)


def unfinished() -> tuple[int, ...]:
    """Open runs whose batches are all done, and that nobody is finishing."""
    with transaction.atomic(durable=True):
        runs = Run.objects.filter(state=Run.State.OPEN).exclude(batches__state__in=Batch.OPEN)
        ids = runs.select_for_update(skip_locked=True, of=("self",)).order_by("id").values_list("id", flat=True)
        return tuple(ids)
