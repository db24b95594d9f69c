"""How the machinery of the figures is, in ages and counts, for machines that watch it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from metrics.queries.freshness import STALE_AFTER

_STATUS = """
SELECT
    (SELECT as_of FROM metrics_horizon),
    last.finished_at,
    last.failed_clients,
    mark.clients,
    mark.oldest,
    (SELECT count(*) FROM metrics_clientfault),
    (SELECT count(*) FROM metrics_run WHERE state = 'open'),
    (
        SELECT count(*) FROM metrics_batch AS batch
        JOIN metrics_run AS run ON run.id = batch.run_id AND run.state = 'open'
        WHERE batch.state IN ('waiting', 'running')
    ),
    (SELECT beaten_at FROM metrics_heartbeat)
FROM (
    SELECT count(DISTINCT waiting.client_id) AS clients, min(waiting.marked_at) AS oldest
    FROM metrics_changedclient AS waiting
    LEFT JOIN metrics_clientfault AS fault ON fault.client_id = waiting.client_id
    WHERE waiting.id > coalesce(fault.newest_mark, 0)
) AS mark
LEFT JOIN (
    SELECT finished_at, failed_clients FROM metrics_run
    WHERE state = 'finished' AND kind IN ('nightly', 'manual')
    ORDER BY finished_at DESC
    LIMIT 1
) AS last ON true
"""


@dataclass(frozen=True)
class Status:
    """Ages are in seconds, or hours where they say so; None: it never was, or nothing waits."""

    figures_as_of: date | None
    last_run_finished_at: datetime | None
    last_run_age_hours: float | None
    last_run_failed_clients: int | None
    stale: bool
    """Whether the last run over everything ended more than 26 hours ago, or never was."""
    clients_waiting: int
    """Clients whose records changed and whose figures have not followed yet."""
    longest_wait_seconds: float | None
    clients_failed: int
    open_runs: int
    open_batches: int
    heartbeat_age_seconds: float | None
    """Since the timetable last reached a worker through the broker, and the worker the database."""


def status(now: datetime) -> Status:
    """How the machinery is at this moment. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUS)
        as_of, finished_at, failed, waiting, oldest, faults, runs, batches, beaten_at = cursor.fetchone()
    run_age = _age(now, finished_at)
    return Status(
        figures_as_of=as_of,
        last_run_finished_at=finished_at,
        last_run_age_hours=None if run_age is None else round(run_age / 3600, 2),
        last_run_failed_clients=failed,
        stale=finished_at is None or now - finished_at > STALE_AFTER,
        clients_waiting=waiting,
        longest_wait_seconds=_age(now, oldest),
        clients_failed=faults,
        open_runs=runs,
        open_batches=batches,
        heartbeat_age_seconds=_age(now, beaten_at),
    )


def _age(now: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 1)
