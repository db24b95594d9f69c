"""One run of the night: which clients changed, gather, compute, replace, unmark, then add up the portfolio.

Here it runs in the foreground, as the command asks for it. The workers (metrics.tasks) go through the
same rooms (metrics.night) a message at a time, and so does what follows an edit.
"""

import logging
import time
from datetime import date

from django.db import OperationalError

from metrics.models import Run
from metrics.night.batches import has_open_batches, work_next
from metrics.night.beginning import begin_edit
from metrics.night.finishing import finish
from metrics.night.planning import open_runs, plan_all, planning
from metrics.night.reporting import Report, batch_in_words, run_in_words
from metrics.night.transactions import CONFLICTS, is_conflict

logger = logging.getLogger(__name__)


def run(
    as_of: date,
    *,
    chosen: bool = False,
    everyone: bool = False,
    report: Report = logger.info,
) -> Run:
    """Brings all figures up to date, as of a day, and returns when they are.

    `chosen` says that somebody asked for that day; pages then say so. `everyone` computes all
    clients, whether or not they changed. An open run of the same day is finished instead of begun
    anew, together with whoever else is at it. DatabaseError when the database goes away: what was
    not done stays open.
    """
    with planning():
        found = open_runs().filter(as_of=as_of).order_by("id").last()
        begun = found or Run.objects.create(kind=Run.Kind.MANUAL, as_of=as_of)
        plan_all(begun, chosen=chosen, everyone=everyone)
    if found:
        report(f"Going on with the run begun at {found.begun_at:%Y-%m-%d %H:%M}")
    begun = complete(begun, report)
    # Records that changed meanwhile, or a first start that made the calendar longer.
    for _ in range(CONFLICTS):
        later = begin_edit(as_of)
        if later is None:
            break
        report("Records changed meanwhile")
        complete(later, report)
    return begun


def complete(begun: Run, report: Report = logger.info) -> Run:
    """Works through a run until it is done, beside whoever else works on it."""
    report(f"As of {begun.as_of}: {run_in_words(begun)}")
    while begun.state == Run.State.OPEN:
        try:
            done = work_next(begun.id)
        except OperationalError as error:
            if not is_conflict(error):
                raise
            continue
        if done is not None:
            report(batch_in_words(done))
        elif has_open_batches(begun.id) or not finish(begun.id, report):
            time.sleep(0.1)  # somebody else is at it
        if done is None:
            begun.refresh_from_db()
    return begun
