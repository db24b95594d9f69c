"""What the workers are asked to do: ids in, one call of the night, and whom to tell next.

Messages carry no truth (accounts.publishing): the next tick finds what was lost, and work that is done stays done.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from typing import ParamSpec

from celery import Task, shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from accounts.publishing import publish
from metrics.gathering import settings_history
from metrics.models import Run
from metrics.night.attending import beat, told, unattended, unfinished
from metrics.night.batches import has_open_batches, open_batches, work
from metrics.night.beginning import begin_edit, begin_night, waits_for_an_edit
from metrics.night.due import local_time
from metrics.night.finishing import finish

logger = logging.getLogger(__name__)

PING_SECONDS = 5

P = ParamSpec("P")


def _task(function: Callable[P, None]) -> Task[P, None]:
    """A task that is tried again when the database or the network failed it, and for nothing else.

    They may be back in a moment. With an end, since the next tick finds what was left.
    """
    return shared_task(
        autoretry_for=(OperationalError, InterfaceError, BrokerError, ConnectionError),
        retry_backoff=1,
        retry_backoff_max=60,
        retry_jitter=True,
        max_retries=5,
    )(function)


@shared_task
def tick() -> None:
    """Begins the night when it is due, and sends on its way again what was left lying.

    Never tried again: the next one is as good.
    """
    now = timezone.now()
    beat(now)
    begun = begin_night(now)
    if begun is not None:
        _tell(open_batches(begun.id))
    _tell(unattended(now))
    for run_id in unfinished():
        publish(finish_run, run_id)
    if waits_for_an_edit():
        publish(recompute_changed)


@_task
def run_batch(batch_id: int) -> None:
    """Computes one batch of clients; after a run's last one somebody adds up the portfolio."""
    done = work(batch_id)
    if done is None:
        return
    _tell(done.to_send)
    if not has_open_batches(done.run_id):
        publish(finish_run, done.run_id)


@_task
def finish_run(run_id: int) -> None:
    """Adds up the portfolio after the last batch of a run."""
    if finish(run_id):
        finished = Run.objects.get(id=run_id)
        if finished.kind == Run.Kind.NIGHTLY and not finished.failed_clients:
            _ping()


@_task
def recompute_changed() -> None:
    """Computes the clients whose records changed and that no run has planned yet."""
    today = local_time(timezone.now(), settings_history()).date()
    begun = begin_edit(today)
    if begun is None:
        return
    batches = open_batches(begun.id)
    if len(batches) > 1:
        _tell(batches)
        return
    # A single batch is computed as soon as somebody else is told of it.
    for batch_id in batches:
        done = work(batch_id)
        _tell(done.to_send if done else ())
    finish(begun.id)


def records_have_changed() -> None:
    """Tells a worker that committed records await their figures; the next tick would find them as well."""
    publish(recompute_changed)


def _tell(batch_ids: Iterable[int]) -> None:
    """Tells the workers of batches, and notes of which they were told."""
    sent = []
    for batch_id in batch_ids:
        if not publish(run_batch, batch_id):
            break
        sent.append(batch_id)
    if sent:
        told(sent, timezone.now())


def _ping() -> None:
    """Tells a dead man's switch that a night went well; it raises the alarm when nobody does."""
    address = settings.HEARTBEAT_URL
    if not address:
        return
    try:
        with urllib.request.urlopen(address, timeout=PING_SECONDS):  # noqa: S310  http or https, says its setting
            pass
    except (urllib.error.URLError, OSError) as error:
        logger.warning("The dead man's switch could not be told: %s", error)
