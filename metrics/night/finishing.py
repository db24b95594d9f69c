"""Finishing a run after its last batch: the portfolio's rates and signals follow, and the run ends."""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Sum
from django.db.models.functions import Now

from metrics.models import Batch, ChangedQuarter, Horizon, Run
from metrics.night.batches import ATTEMPTS, BEGINNINGS, has_open_batches, sentence
from metrics.night.following import followed, following
from metrics.night.horizon import quarters_of
from metrics.night.reporting import Report, word
from metrics.night.transactions import snapshot, undisturbed
from metrics.rolling_up import roll_up_rates, roll_up_signals

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long the bookkeeping of runs after an edit is kept."""


def finish(run_id: int, report: Report = logger.info) -> bool:
    """Adds up the portfolio after the last batch, and ends the run; returns whether this call did.

    Exactly one of many that try does it: the others find the run locked, or ended. What goes wrong
    is written down with the run, which fails at the third time. Raises as `work` does.
    """
    if not _begin_finish(run_id):
        return False
    try:
        rated = undisturbed(lambda: _finish_rates(run_id, report))
        if rated is None:
            return False
        return rated.kind == Run.Kind.EDIT or undisturbed(lambda: _finish_signals(run_id, report))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # the client figures are done and stay
        logger.exception("Run %s could not be finished", run_id)
        Run.objects.filter(id=run_id, state=Run.State.OPEN).update(error=sentence(error))
        report(f"The portfolio's figures failed: {sentence(error)}")
        return False


def _finishing(run_id: int) -> Run | None:
    """The run, locked until the transaction ends; None when it is not ready, ended, or somebody else's."""
    found = Run.objects.select_for_update(skip_locked=True).filter(id=run_id, state=Run.State.OPEN).first()
    return None if found is None or has_open_batches(run_id) else found


def _begin_finish(run_id: int) -> bool:
    """Counts the attempt, in a transaction of its own."""
    with transaction.atomic(durable=True):
        ready = _finishing(run_id)
        if ready is None:
            return False
        # An attempt that says nothing was cut short by a lost worker or database.
        if ready.attempts >= (ATTEMPTS if ready.error else BEGINNINGS):
            ready.state = Run.State.FAILED
            ready.save(update_fields=["state"])
            return False
        ready.attempts += 1
        ready.save(update_fields=["attempts"])
        return True


def _finish_rates(run_id: int, report: Report) -> Run | None:
    """The rates of the quarters that client figures changed in; after an edit that is all."""
    with snapshot("metrics_expansionrate"):
        ready = _finishing(run_id)
        if ready is None:
            return None
        if ready.rates_at is None:
            started = time.perf_counter()
            marks = dict(following(ChangedQuarter.Follows.RATES))
            horizon = Horizon.objects.first()
            if marks and horizon is not None:
                only = None if None in marks.values() else {day for day in marks.values() if day}
                roll_up_rates(quarters_of(horizon), only=only)
                ready.rated_quarters = len(quarters_of(horizon) if only is None else only)
            followed(marks)
            ready.rates_seconds = time.perf_counter() - started
            ready.save(update_fields=["rated_quarters", "rates_seconds"])
            Run.objects.filter(id=run_id).update(rates_at=Now())
        if ready.kind == Run.Kind.EDIT:
            _end(ready)
    quarters = ready.rated_quarters
    report(f"Expansion rates of {quarters} {word(quarters, 'quarter')}, {ready.rates_seconds:.2f} s")
    return ready


def _finish_signals(run_id: int, report: Report) -> bool:
    """The signals, where any client figure changed, and the end of the run."""
    with snapshot("metrics_signal"):
        ready = _finishing(run_id)
        if ready is None:
            return False
        started = time.perf_counter()
        marks = dict(following(ChangedQuarter.Follows.SIGNALS))
        horizon = Horizon.objects.first()
        if marks and horizon is not None:
            roll_up_signals(horizon.as_of)
        followed(marks)
        ready.signals_seconds = time.perf_counter() - started
        ready.save(update_fields=["signals_seconds"])
        Run.objects.filter(id=run_id).update(signals_at=Now())
        _end(ready)
        Run.objects.filter(kind=Run.Kind.EDIT, begun_at__lt=Now() - KEPT).delete()
    report(f"Signals {'computed' if marks else 'unchanged'}, {ready.signals_seconds:.2f} s")
    return True


def _end(ready: Run) -> None:
    batches = ready.batches.all()
    ready.clients = batches.aggregate(computed=Sum("computed", default=0))["computed"]
    ready.failed_clients = batches.filter(state=Batch.State.FAILED).count()
    ready.state = Run.State.FINISHED
    ready.error = ""
    ready.save(update_fields=["clients", "failed_clients", "state", "error"])
    Run.objects.filter(id=ready.id).update(finished_at=Now())
