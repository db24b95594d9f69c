"""Cutting what changed into batches: what a run has to compute, and nobody has planned."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from metrics.models import Batch, ChangedClient, Run
from metrics.night.horizon import mark_all, reach


@contextmanager
def planning() -> Iterator[None]:
    """A transaction in which nobody else plans, nor moves the horizon."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE metrics_horizon IN SHARE ROW EXCLUSIVE MODE")
        yield


def open_runs() -> QuerySet[Run]:
    """Runs over everything that are not done."""
    return Run.objects.filter(state=Run.State.OPEN).exclude(kind=Run.Kind.EDIT)


def plan_all(begun: Run, *, chosen: bool, everyone: bool) -> None:
    """Plans a run over everything that is marked, in place of every other that is open."""
    others = open_runs().exclude(id=begun.id)
    Batch.objects.filter(run__in=others, state__in=Batch.OPEN).update(state=Batch.State.SUPERSEDED)
    others.update(state=Run.State.SUPERSEDED)
    if not reach(begun.as_of, chosen) and everyone:
        mark_all()
    running = begun.batches.filter(state=Batch.State.RUNNING)
    left = list(running.select_for_update(skip_locked=True).values_list("id", flat=True))
    running.filter(id__in=left).update(state=Batch.State.WAITING)
    waiting = {
        client_id
        for ids in begun.batches.filter(state=Batch.State.WAITING).values_list("client_ids", flat=True)
        for client_id in ids
    }
    marked = set(ChangedClient.objects.values_list("client_id", flat=True).distinct())
    plan(begun, sorted(marked - waiting))


def plan(begun: Run, client_ids: Sequence[int]) -> None:
    """Cuts these clients into batches of the run."""
    size = settings.CLIENTS_AT_ONCE
    Batch.objects.bulk_create(
        Batch(run=begun, client_ids=client_ids[start : start + size]) for start in range(0, len(client_ids), size)
    )


# A mark that a batch still has to read, or reads from a later moment than the mark's, is planned
# for. One that a client's failure has seen waits for a later one, or for the night.
_UNPLANNED = """
WITH planned AS (
    SELECT
        client_id,
        max(CASE batch.state WHEN 'waiting' THEN 'infinity' ELSE batch.begun_at END) AS reads_at
    FROM metrics_batch AS batch
    JOIN metrics_run AS run ON run.id = batch.run_id AND run.state = 'open'
    CROSS JOIN LATERAL unnest(batch.client_ids) AS client_id
    WHERE batch.state IN ('waiting', 'running')
    GROUP BY client_id
)

SELECT DISTINCT mark.client_id
FROM metrics_changedclient AS mark
LEFT JOIN planned ON planned.client_id = mark.client_id
LEFT JOIN metrics_clientfault AS fault ON fault.client_id = mark.client_id
WHERE
    (planned.reads_at IS NULL OR mark.marked_at >= planned.reads_at)
    AND (fault.newest_mark IS NULL OR mark.id > fault.newest_mark)
ORDER BY mark.client_id
LIMIT %(limit)s
"""


def unplanned(limit: int | None = None) -> list[int]:
    """Clients whose records changed and that nobody has planned to compute, or the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(_UNPLANNED, {"limit": limit})
        return [client_id for (client_id,) in cursor.fetchall()]
