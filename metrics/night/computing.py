"""Computing clients within a batch's transaction: gather, compute, replace, unmark."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from metrics.figures.client import client_figures
from metrics.figures.settings import settings_by_quarter
from metrics.gathering import calendar, gather, settings_history
from metrics.models import ChangedClient, ClientFault, Horizon
from metrics.night.following import follow
from metrics.night.horizon import span, span_of
from metrics.writing import replace


class CalendarMovedError(Exception):
    """The quarters that exist are no longer those the figures were computed for."""


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
    if span(quarters, history) != span_of(horizon):
        raise CalendarMovedError
    in_force = settings_by_quarter(quarters, history)
    with _without_collector():
        figures = [client_figures(facts, in_force, horizon.as_of) for facts in gather(changed, quarters)]
        written = replace(changed, figures)
    if any(every_rate for _, _, every_rate in marks):
        follow([None])
    elif written.rows:
        follow(sorted(written.quarters))
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


def _unmark(mark_ids: list[int]) -> None:
    """Deletes exactly the marks that were read; one that somebody else deleted meanwhile is a conflict."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_changedclient WHERE id = ANY (%s)", [mark_ids])
