"""One run of the night: which clients changed, gather, compute, replace, unmark, then add up the portfolio.

The truth is in Postgres: the marks say what is to be done, and runs and batches how far it has come.
Whoever dies on the way leaves marks and open batches behind, and whoever comes next goes on from
there. A batch is one REPEATABLE READ transaction: what it gathers and the marks it deletes are of
the same moment, so a mark that is gone was read, and one that came later stays. Of two that compute
one client at once, the database lets one commit, and the other begins again.

A worker holds its batch by the lock on the batch's row: the lock is gone as soon as the worker is.
The same functions serve the command in the foreground, the workers, and what follows an edit.
"""

import gc
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Now

from accounts.periods import Quarter
from accounts.periods import quarters as quarters_between
from accounts.settings_in_force import SettingHistory
from metrics.figures.client import client_figures
from metrics.figures.settings import settings_by_quarter
from metrics.gathering import calendar, gather, settings_history
from metrics.models import (
    Batch,
    ChangedClient,
    ChangedQuarter,
    ClientFault,
    Heartbeat,
    Horizon,
    Run,
)
from metrics.rolling_up import roll_up_rates, roll_up_signals
from metrics.writing import replace

logger = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[str], None]

ATTEMPTS = 3
"""After so many that failed for its own reasons, a batch is split."""
BEGINNINGS = 12
"""After so many for whatever reason it is split as well: a database that a client brings down each time."""
CONFLICTS = 8
"""How often a transaction that met another one begins again before it is left for later."""
HANDOVER = timedelta(seconds=5)
"""How long a batch may be between two hands before it counts as left alone."""
QUIET = timedelta(seconds=10)
"""When nothing was begun or ended for so long and nobody is at work, messages were lost."""
FORGOTTEN = timedelta(minutes=10)
"""A batch told to the workers so long ago is told again, even while others are being worked on."""
KEPT = timedelta(days=30)
"""How long the bookkeeping of runs after an edit is kept."""


class CalendarMovedError(Exception):
    """The quarters that exist are no longer those the figures were computed for."""


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


# When a night is due


def local_time(now: datetime, history: SettingHistory) -> datetime:
    """The moment on the agency's clock, by the time zone in force on that day."""
    tomorrow = now.date() + timedelta(days=1)
    return now.astimezone(ZoneInfo(history.at("time_zone", tomorrow)))


def due_on(now: datetime, history: SettingHistory) -> date | None:
    """The local date whose night is due at this moment; None before the hour of the night.

    From that hour to the end of the day, so that a night that was slept through is made up for. An
    hour that the clock skips is passed by the one after it.
    """
    local = local_time(now, history)
    hour = int(history.at("night_hour", local.date() + timedelta(days=1)))
    return local.date() if local.hour >= hour else None


def begin_night(now: datetime) -> Run | None:
    """Begins the night of the local date, once, whoever asks how often; None when there is nothing to begin."""
    day = due_on(now, settings_history())
    if day is None or Run.objects.filter(kind=Run.Kind.NIGHTLY, as_of=day).exists():
        return None
    with _planning():
        run, is_new = Run.objects.get_or_create(kind=Run.Kind.NIGHTLY, as_of=day)
        if not is_new:
            return None
        _plan_all(run, chosen=False, everyone=False)
    return run


# In the foreground


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
    with _planning():
        found = _open_runs().filter(as_of=as_of).order_by("id").last()
        begun = found or Run.objects.create(kind=Run.Kind.MANUAL, as_of=as_of)
        _plan_all(begun, chosen=chosen, everyone=everyone)
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
    report(f"As of {begun.as_of}: {_in_words(begun)}")
    while begun.state == Run.State.OPEN:
        try:
            done = work_next(begun.id)
        except OperationalError as error:
            if not _is_conflict(error):
                raise
            continue
        if done is not None:
            report(_told(done))
        elif has_open_batches(begun.id) or not finish(begun.id, report):
            time.sleep(0.1)  # somebody else is at it
        if done is None:
            begun.refresh_from_db()
    return begun


def _in_words(begun: Run) -> str:
    sizes = [len(ids) for ids in begun.batches.filter(state__in=Batch.OPEN).values_list("client_ids", flat=True)]
    if not sizes:
        return "no client changed"
    return f"{sum(sizes)} changed {_word(sum(sizes), 'client')} in {len(sizes)} {_word(len(sizes), 'batch', 'batches')}"


def _told(done: Worked) -> str:
    text = f"Batch {done.batch_id}: {done.computed} of {done.clients} {_word(done.clients, 'client')}, {done.state}"
    return f"{text}, {done.seconds:.2f} s" + (f": {done.error}" if done.error else "")


def _word(count: int, one: str, many: str = "") -> str:
    return one if count == 1 else many or f"{one}s"


# After an edit


def begin_edit(today: date) -> Run | None:
    """Begins a run over what changed and nobody has planned yet; None when there is nothing.

    As of the day the figures are of; `today` only before anything was ever computed.
    """
    with _planning():
        waits = bool(_unplanned()) or _rates_wait()
        if not waits:
            return None
        horizon = Horizon.objects.first()
        as_of, chosen = (horizon.as_of, horizon.chosen) if horizon else (today, False)
        begun = Run.objects.create(kind=Run.Kind.EDIT, as_of=as_of)
        _reach(as_of, chosen)
        _plan(begun, _unplanned())
    return begun


def waits_for_an_edit() -> bool:
    """Whether records changed and nobody has planned to compute them."""
    return bool(_unplanned(limit=1)) or _rates_wait()


def _rates_wait() -> bool:
    """Whether client figures changed and no run is open that would add them up."""
    if not ChangedQuarter.objects.filter(follows=ChangedQuarter.Follows.RATES).exists():
        return False
    # After a run that failed at it, the next night or edit tries again.
    last = Run.objects.order_by("-id").values_list("state", flat=True).first()
    return last != Run.State.FAILED and not Run.objects.filter(state=Run.State.OPEN).exists()


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


def _unplanned(limit: int | None = None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_UNPLANNED, {"limit": limit})
        return [client_id for (client_id,) in cursor.fetchall()]


# Planning


@contextmanager
def _planning() -> Iterator[None]:
    """A transaction in which nobody else plans, nor moves the horizon."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE metrics_horizon IN SHARE ROW EXCLUSIVE MODE")
        yield


def _open_runs() -> QuerySet[Run]:
    """Runs over everything that are not done."""
    return Run.objects.filter(state=Run.State.OPEN).exclude(kind=Run.Kind.EDIT)


def _plan_all(begun: Run, *, chosen: bool, everyone: bool) -> None:
    """Plans a run over everything that is marked, in place of every other that is open."""
    others = _open_runs().exclude(id=begun.id)
    Batch.objects.filter(run__in=others, state__in=Batch.OPEN).update(state=Batch.State.SUPERSEDED)
    others.update(state=Run.State.SUPERSEDED)
    if not _reach(begun.as_of, chosen) and everyone:
        _mark_all()
    running = begun.batches.filter(state=Batch.State.RUNNING)
    left = list(running.select_for_update(skip_locked=True).values_list("id", flat=True))
    running.filter(id__in=left).update(state=Batch.State.WAITING)
    waiting = {
        client_id
        for ids in begun.batches.filter(state=Batch.State.WAITING).values_list("client_ids", flat=True)
        for client_id in ids
    }
    marked = set(ChangedClient.objects.values_list("client_id", flat=True).distinct())
    _plan(begun, sorted(marked - waiting))


def _plan(begun: Run, client_ids: Sequence[int]) -> None:
    size = settings.CLIENTS_AT_ONCE
    Batch.objects.bulk_create(
        Batch(run=begun, client_ids=client_ids[start : start + size]) for start in range(0, len(client_ids), size)
    )


def _mark_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT metrics_mark_all()")


def _reach(as_of: date, chosen: bool) -> bool:
    """Makes the figures those of this day; returns whether that marked every client.

    It does when there are other quarters than before: one more, one less, or other ones. Figures
    of quarters that are no more go at once.
    """
    history = settings_history()
    quarters = calendar(as_of, history)
    horizon = Horizon.objects.first()
    moved = horizon is None or _span(quarters, history) != _span_of(horizon)
    first, last, fiscal_month = _span(quarters, history)
    Horizon.objects.update_or_create(
        id=1,
        defaults={
            "as_of": as_of,
            "chosen": chosen,
            "fiscal_month": fiscal_month,
            "first_starts_on": first,
            "last_starts_on": last,
        },
    )
    if moved:
        _mark_all()
        starts = [quarter.start for quarter in quarters]
        with connection.cursor() as cursor:
            for table in ("metrics_clientquarter", "metrics_linequarter", "metrics_expansionrate"):
                cursor.execute(f"DELETE FROM {table} WHERE starts_on <> ALL (%s::date[])", [starts])  # noqa: S608
        _follow([None])
    return moved


_Span = tuple[date | None, date | None, int]


def _span(quarters: Sequence[Quarter], history: SettingHistory) -> _Span:
    if not quarters:
        return None, None, history.fiscal_month
    return quarters[0].start, quarters[-1].start, history.fiscal_month


def _span_of(horizon: Horizon) -> _Span:
    return horizon.first_starts_on, horizon.last_starts_on, horizon.fiscal_month


# One batch


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
        return _fail(begun.id, _sentence(error), time.perf_counter() - started)
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
        with _snapshot():
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
            return _undisturbed(attempt)
        except CalendarMovedError:
            _follow_calendar()
    return _undisturbed(attempt)


def compute(client_ids: Sequence[int]) -> int:
    """Computes those of the clients that are marked, as the transaction sees them, and unmarks them.

    Returns how many. Must run in a REPEATABLE READ transaction. CalendarMovedError when the quarters are
    no longer those the figures are of.
    """
    marks = list(ChangedClient.objects.filter(client_id__in=client_ids).values_list("id", "client_id", "every_rate"))
    changed = {client_id for _, client_id, _ in marks}
    if not changed:
        return 0
    horizon = Horizon.objects.get()
    history = settings_history()
    quarters = calendar(horizon.as_of, history)
    if _span(quarters, history) != _span_of(horizon):
        raise CalendarMovedError
    in_force = settings_by_quarter(quarters, history)
    with _without_collector():
        figures = [client_figures(facts, in_force, horizon.as_of) for facts in gather(changed, quarters)]
        written = replace(changed, figures)
    if any(every_rate for _, _, every_rate in marks):
        _follow([None])
    elif written.rows:
        _follow(sorted(written.quarters))
    ClientFault.objects.filter(client_id__in=changed).delete()
    _unmark([mark_id for mark_id, _, _ in marks])
    return len(changed)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Facts and figures are many and hold no cycles: looking for some took a third of the computing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _follow(quarters: Iterable[date | None]) -> None:
    """Says that rates of these quarters, or of all for None, have to follow, and signals."""
    follows = ChangedQuarter.Follows
    ChangedQuarter.objects.bulk_create(
        [
            *(ChangedQuarter(follows=follows.RATES, starts_on=starts_on) for starts_on in quarters),
            ChangedQuarter(follows=follows.SIGNALS),
        ]
    )


def _unmark(mark_ids: list[int]) -> None:
    """Deletes exactly the marks that were read; one that somebody else deleted meanwhile is a conflict."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_changedclient WHERE id = ANY (%s)", [mark_ids])


def _follow_calendar() -> None:
    with _planning():
        horizon = Horizon.objects.get()
        _reach(horizon.as_of, horizon.chosen)


@contextmanager
def _snapshot(*locks: str) -> Iterator[None]:
    """A transaction that sees the database as of one moment: after it got these tables for itself."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Else the locks of a worker that was killed last as long as the statement it had sent.
            cursor.execute("SET LOCAL client_connection_check_interval = '2s'")
            for table in locks:
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        yield


def _undisturbed(attempt: Callable[[], T]) -> T:
    """Makes the attempt again when another transaction got in its way, after a moment that grows."""
    for count in range(CONFLICTS):
        try:
            return attempt()
        except OperationalError as error:
            if not _is_conflict(error):
                raise
            time.sleep(random.uniform(0, min(0.02 * 2**count, 1)))  # noqa: S311  not a secret
    return attempt()


def _is_conflict(error: OperationalError) -> bool:
    """Whether another transaction was in the way: a serialization failure or a deadlock."""
    return getattr(error.__cause__, "sqlstate", None) in ("40001", "40P01")


# What goes wrong


def _sentence(error: Exception) -> str:
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


# The portfolio


def open_batches(run_id: int) -> tuple[int, ...]:
    """Batches of the run that are to be computed, in their order."""
    found = Batch.objects.filter(run_id=run_id, state=Batch.State.WAITING)
    return tuple(found.order_by("id").values_list("id", flat=True))


def has_open_batches(run_id: int) -> bool:
    """Whether clients of the run are still to be computed."""
    return Batch.objects.filter(run_id=run_id, state__in=Batch.OPEN).exists()


def finish(run_id: int, report: Report = logger.info) -> bool:
    """Adds up the portfolio after the last batch, and ends the run; returns whether this call did.

    Exactly one of many that try does it: the others find the run locked, or ended. What goes wrong
    is written down with the run, which fails at the third time. Raises as `work` does.
    """
    if not _begin_finish(run_id):
        return False
    try:
        rated = _undisturbed(lambda: _finish_rates(run_id, report))
        if rated is None:
            return False
        return rated.kind == Run.Kind.EDIT or _undisturbed(lambda: _finish_signals(run_id, report))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # the client figures are done and stay
        logger.exception("Run %s could not be finished", run_id)
        Run.objects.filter(id=run_id, state=Run.State.OPEN).update(error=_sentence(error))
        report(f"The portfolio's figures failed: {_sentence(error)}")
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
    with _snapshot("metrics_expansionrate"):
        ready = _finishing(run_id)
        if ready is None:
            return None
        if ready.rates_at is None:
            started = time.perf_counter()
            marks = dict(_following(ChangedQuarter.Follows.RATES))
            horizon = Horizon.objects.first()
            if marks and horizon is not None:
                only = None if None in marks.values() else {day for day in marks.values() if day}
                roll_up_rates(_quarters(horizon), only=only)
                ready.rated_quarters = len(_quarters(horizon) if only is None else only)
            _followed(marks)
            ready.rates_seconds = time.perf_counter() - started
            ready.save(update_fields=["rated_quarters", "rates_seconds"])
            Run.objects.filter(id=run_id).update(rates_at=Now())
        if ready.kind == Run.Kind.EDIT:
            _end(ready)
    quarters = ready.rated_quarters
    report(f"Expansion rates of {quarters} {_word(quarters, 'quarter')}, {ready.rates_seconds:.2f} s")
    return ready


def _finish_signals(run_id: int, report: Report) -> bool:
    """The signals, where any client figure changed, and the end of the run."""
    with _snapshot("metrics_signal"):
        ready = _finishing(run_id)
        if ready is None:
            return False
        started = time.perf_counter()
        marks = dict(_following(ChangedQuarter.Follows.SIGNALS))
        horizon = Horizon.objects.first()
        if marks and horizon is not None:
            roll_up_signals(horizon.as_of)
        _followed(marks)
        ready.signals_seconds = time.perf_counter() - started
        ready.save(update_fields=["signals_seconds"])
        Run.objects.filter(id=run_id).update(signals_at=Now())
        _end(ready)
        Run.objects.filter(kind=Run.Kind.EDIT, begun_at__lt=Now() - KEPT).delete()
    report(f"Signals {'computed' if marks else 'unchanged'}, {ready.signals_seconds:.2f} s")
    return True


def _following(follows: str) -> Iterable[tuple[int, date | None]]:
    return ChangedQuarter.objects.filter(follows=follows).values_list("id", "starts_on")


def _followed(marks: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_changedquarter WHERE id = ANY (%s)", [list(marks)])


def _quarters(horizon: Horizon) -> tuple[Quarter, ...]:
    """The quarters that stored client figures are of."""
    if horizon.first_starts_on is None or horizon.last_starts_on is None:
        return ()
    return quarters_between(horizon.first_starts_on, horizon.last_starts_on, horizon.fiscal_month)


def _end(ready: Run) -> None:
    batches = ready.batches.all()
    ready.clients = batches.aggregate(computed=Sum("computed", default=0))["computed"]
    ready.failed_clients = batches.filter(state=Batch.State.FAILED).count()
    ready.state = Run.State.FINISHED
    ready.error = ""
    ready.save(update_fields=["clients", "failed_clients", "state", "error"])
    Run.objects.filter(id=ready.id).update(finished_at=Now())


# What was left lying


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
