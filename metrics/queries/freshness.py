"""How fresh the figures on a page are: as of which day, computed when, and what still waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from metrics.models import Horizon

STALE_AFTER = timedelta(hours=26)
"""A night comes every 24 hours; two hours are for it to run in."""

FRESHNESS = """
SELECT
    (SELECT as_of FROM metrics_horizon) AS as_of,
    coalesce((SELECT chosen FROM metrics_horizon), false) AS chosen,
    coalesce(
        (
            SELECT max(finished_at) FROM metrics_run
            WHERE state = 'finished' AND kind IN ('nightly', 'manual')
        ),
        -- Before the first run over everything, the first of all: it had all there was.
        (SELECT min(finished_at) FROM metrics_run WHERE state = 'finished')
    ) AS finished_at,
    EXISTS (
        SELECT FROM metrics_changedclient AS mark
        WHERE mark.client_id = %(client)s AND mark.id > coalesce(fault.newest_mark, 0)
    ) AS waiting,
    fault.newest_mark IS NOT NULL AS failed
FROM (VALUES (1)) AS one
LEFT JOIN metrics_clientfault AS fault ON fault.client_id = %(client)s
"""


@dataclass(frozen=True)
class Freshness:
    """What a page says of the figures it shows."""

    as_of: date | None
    """The day that stands in for today in all figures; None: nothing was ever computed."""
    chosen: bool
    """Whether somebody asked for that day: later quarters are left out until the next night."""
    finished_at: datetime | None
    """When the last run over everything ended; before the first such run, when anything was first computed."""
    stale: bool
    """Whether that is more than 26 hours ago, or never was."""
    being_computed: bool
    """Whether a change of the client's records is not yet in its figures."""
    failed: bool
    """Whether the client's figures could not be computed; its older ones are shown."""


def figures_as_of() -> date | None:
    """The as-of date in force: it decides which quarters exist and have ended. None: nothing computed."""
    return Horizon.objects.values_list("as_of", flat=True).first()


def freshness(now: datetime, client_id: int | None = None) -> Freshness:
    """How fresh the figures are; with a client, also whether its own are still to follow. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(FRESHNESS, {"client": client_id})
        return told(cursor.fetchone(), now)


def told(row: Sequence[Any], now: datetime) -> Freshness:
    """What the statement has answered, at this moment."""
    as_of, chosen, finished_at, waiting, failed = row
    return Freshness(
        as_of=as_of,
        chosen=chosen,
        finished_at=finished_at,
        stale=finished_at is None or now - finished_at > STALE_AFTER,
        being_computed=waiting,
        failed=failed and not waiting,
    )


def being_computed(client_ids: list[int]) -> frozenset[int]:
    """Which of these clients have a change that is not yet in their figures."""
    if not client_ids:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT mark.client_id FROM metrics_changedclient AS mark"
            " LEFT JOIN metrics_clientfault AS fault ON fault.client_id = mark.client_id"
            " WHERE mark.client_id = ANY (%s) AND mark.id > coalesce(fault.newest_mark, 0)",
            [client_ids],
        )
        return frozenset(client_id for (client_id,) in cursor)


def is_being_computed(client_id: int) -> bool:
    """Whether a change of the client's records is not yet in its figures."""
    return bool(being_computed([client_id]))
