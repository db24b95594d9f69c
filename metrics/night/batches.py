"""Working one batch: who takes it, what becomes of it, and what to do when that goes wrong.

A worker holds its batch by the lock on the batch's row: the lock is gone as soon as the worker is.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Now

from metrics.models import Batch, ChangedClient, ClientFault, Horizon, Run
from metrics.night.computing import CalendarMovedError, compute
from metrics.night.horizon import reach
from metrics.night.planning import planning
from metrics.night.transactions import snapshot, undisturbed

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""After so many that failed for its own reasons, a batch is split."""
BEGINNINGS = 12
"""After so many for whatever reason it is split as well: a database that a client brings down each time."""
HANDOVER = timedelta(seconds=5)
"""How long a batch may be between two hands before it counts as left alone."""


@dataclass(frozen=True)
class Worked:
    """What became of one batch."""

    batch_id: int
    run_id: int
    state: str
    clients: int
    computed: int
    seconds: float
    error: str = ""
    to_send: tuple[int, ...] = ()
    """Batches that somebody should be told of: itself again, or its parts."""


def open_batches(run_id: int) -> tuple[int, ...]:
    """Batches of the run that are to be computed, in their order."""
    found = Batch.objects.filter(run_id=run_id, state=Batch.State.WAITING)
    return tuple(found.order_by("id").values_list("id", flat=True))


def has_open_batches(run_id: int) -> bool:
    """Whether clients of the run are still to be computed."""
    return Batch.objects.filter(run_id=run_id, state__in=Batch.OPEN).exists()


def work(batch_id: int) -> Worked | None:
    """Computes the clients of one batch, unless it is done or somebody else is at it: then None.

    What goes wrong is written down with the batch. Only when the database or the network failed it
    is raised as well, OperationalError or InterfaceError: trying again later may help.
    """
    return _work(_open_batches().filter(id=batch_id))


def work_next(run_id: int) -> Worked | None:
    """Does so with a batch of the run that waits, or whose worker is gone; None when there is none."""
    left = Q(state=Batch.State.RUNNING, begun_at__lt=Now() - HANDOVER)
    batches = _open_batches().filter(Q(state=Batch.State.WAITING) | left, run_id=run_id)
    return _work(batches.order_by("id"))


def _work(batches: QuerySet[Batch]) -> Worked | None:
    begun = _begin(batches)
    if begun is None or isinstance(begun, Worked):
        return begun
    started = time.perf_counter()
    try:
        computed = _compute_batch(begun.id)
    except (OperationalError, InterfaceError):
        _excuse(begun.id)
        raise
    except Exception as error:  # whatever a client's records bring about must not stop the others
        logger.exception("Batch %s failed", begun.id)
        return _fail(begun.id, sentence(error), time.perf_counter() - started)
    if computed is None:
        return None
    seconds = time.perf_counter() - started
    return Worked(begun.id, begun.run_id, Batch.State.DONE, len(begun.client_ids), computed, seconds)


def _open_batches() -> QuerySet[Batch]:
    return Batch.objects.filter(run__state=Run.State.OPEN, state__in=Batch.OPEN)


def _claimed(batches: QuerySet[Batch]) -> Batch | None:
    """The first of them that nobody holds, locked until the transaction ends; None when there is none."""
    return batches.select_for_update(skip_locked=True, of=("self",)).first()


def _begin(batches: QuerySet[Batch]) -> Batch | Worked | None:
    """Takes one of them and counts the attempt, in a transaction of its own: who is killed at it has still made it."""
    with transaction.atomic(durable=True):
        batch = _claimed(batches)
        if batch is None:
            return None
        if _is_given_up(batch):
            return _give_up(batch, batch.error or f"Its worker was lost {batch.attempts} times.", 0.0)
        batch.attempts += 1
        batch.state = Batch.State.RUNNING
        batch.save(update_fields=["attempts", "state"])
        Batch.objects.filter(id=batch.id).update(begun_at=Now())
        return batch


def _compute_batch(batch_id: int) -> int | None:
    """One attempt; returns how many clients it computed, or None when somebody else has the batch."""

    def attempt() -> int | None:
        with snapshot():
            started = time.perf_counter()
            # Not skipped when locked: who looks for a batch that waits may hold this one for a moment,
            # having seen it before it was taken; left alone, it would lie until somebody takes it over.
            batch = _open_batches().filter(id=batch_id).select_for_update(of=("self",)).first()
            if batch is None:
                return None
            computed = compute(batch.client_ids)
            batch.state = Batch.State.DONE
            batch.computed = computed
            batch.error = ""
            batch.seconds = time.perf_counter() - started
            batch.save(update_fields=["state", "computed", "error", "seconds"])
            Batch.objects.filter(id=batch_id).update(ended_at=Now())
            return computed

    for _ in range(ATTEMPTS):
        try:
            return undisturbed(attempt)
        except CalendarMovedError:
            _follow_calendar()
    return undisturbed(attempt)


def _follow_calendar() -> None:
    with planning():
        horizon = Horizon.objects.get()
        reach(horizon.as_of, horizon.chosen)


# What goes wrong


def sentence(error: Exception) -> str:
    """What went wrong, as it is written down with a batch or a run."""
    return f"{type(error).__name__}: {error}".strip()[:2000]


def _is_given_up(batch: Batch) -> bool:
    return batch.attempts - batch.excused >= ATTEMPTS or batch.attempts >= BEGINNINGS


def _excuse(batch_id: int) -> None:
    """Notes that the database or network ended the attempt; says nothing when it is still away."""
    try:
        connection.close_if_unusable_or_obsolete()
        Batch.objects.filter(id=batch_id, state=Batch.State.RUNNING).update(
            excused=F("excused") + 1, state=Batch.State.WAITING, published_at=None
        )
    except DatabaseError:
        connection.close()


def _fail(batch_id: int, error: str, seconds: float) -> Worked | None:
    """Notes what went wrong, and splits the batch when it was the last attempt."""
    with transaction.atomic(durable=True):
        batch = _claimed(_open_batches().filter(id=batch_id))
        if batch is None:
            return None
        if _is_given_up(batch):
            return _give_up(batch, error, seconds)
        batch.state = Batch.State.WAITING
        batch.error = error
        batch.published_at = None
        batch.save(update_fields=["state", "error", "published_at"])
        return Worked(
            batch.id, batch.run_id, batch.state, len(batch.client_ids), 0, seconds, error, to_send=(batch.id,)
        )


def _give_up(batch: Batch, error: str, seconds: float) -> Worked:
    """Halves the batch; where it is a single client, names it."""
    ids = batch.client_ids
    parts: list[Batch] = []
    if len(ids) > 1:
        batch.state = Batch.State.SPLIT
        middle = len(ids) // 2
        parts = Batch.objects.bulk_create(
            Batch(run_id=batch.run_id, client_ids=part) for part in (ids[:middle], ids[middle:])
        )
    else:
        batch.state = Batch.State.FAILED
        seen = ChangedClient.objects.filter(client_id=ids[0])
        if batch.begun_at is not None:
            seen = seen.filter(marked_at__lt=batch.begun_at)
        ClientFault.objects.update_or_create(
            client_id=ids[0],
            defaults={
                "error": error,
                "newest_mark": seen.aggregate(newest=Max("id"))["newest"] or 0,
                "run_id": batch.run_id,
                "failed_at": Now(),
            },
        )
        logger.error("Client %s can't be computed: %s", ids[0], error)
    batch.error = error
    batch.save(update_fields=["state", "error"])
    Batch.objects.filter(id=batch.id).update(ended_at=Now())
    return Worked(
        batch.id, batch.run_id, batch.state, len(ids), 0, seconds, error, to_send=tuple(part.id for part in parts)
    )
