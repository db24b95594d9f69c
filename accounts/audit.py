"""The act of noting what happened, and of saying why: what a history and the audit know beside the record itself.

The histories write themselves (accounts.models.history). What they are told of the moment is django-pghistory's
context: a request sets it (accounts.audited_requests) and a task (accounts.audited_tasks), and outside of both it is
the name of the program, which each connection says from its beginning (agency.settings).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from pghistory import runtime

from accounts.models import AuditEntry, Client, Person

LONGEST_REASON = 500
"""Letters of a reason."""
A_SPELL = timedelta(minutes=1)
"""What happens again within it happens in one go."""

ASKED_BY = "asked_by"
"""The header of a message to the workers that says who asks."""

_work: ContextVar[Mapping[str, Any] | None] = ContextVar("work", default=None)


def because(reason: str) -> None:
    """Says why the changes that follow are made, until the request ends; outside of one it is said to nobody."""
    if reason.strip():
        pghistory.context(why=reason.strip()[:LONGEST_REASON])


def moment() -> dict[str, Any]:
    """What is known of this moment."""
    tracked = getattr(runtime._tracker, "value", None)
    if tracked is not None:
        return dict(tracked.metadata)
    return dict(_work.get() or {"program": settings.PROGRAM})


def asks() -> dict[str, Any]:
    """Who asks for something in this moment: the person, where there is one."""
    return {name: value for name, value in moment().items() if name in ("person", "name")}


@contextmanager
def as_work(context: Mapping[str, Any]) -> Iterator[None]:
    """What a worker changes within is known to be done in this.

    It is told to the connection, and not with each statement as in a request: one more before the first of a
    transaction would be the moment that the transaction sees, and the night has to lock tables before that.
    """
    before = _work.set(context)
    try:
        _tell(connection)
        yield
    finally:
        _work.reset(before)
        _tell(connection)


def _tell(to: BaseDatabaseWrapper) -> None:
    """Tells an open connection. One that has broken is told when it is opened again."""
    if to.connection is None:
        return
    context = _work.get()
    with suppress(DatabaseError), to.cursor() as cursor:
        if context is None:
            cursor.execute("RESET pghistory.context_metadata")
        else:
            cursor.execute("SELECT set_config('pghistory.context_metadata', %s, false)", [json.dumps(context)])


@receiver(connection_created, dispatch_uid="audit")
def tell_a_new_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """A connection that opens in the middle of a task is told as well."""
    if _work.get() is not None:
        _tell(connection)


def note(
    kind: str,
    *,
    person: Person | None = None,
    client: Client | None = None,
    context: Mapping[str, Any] | None = None,
    **details: Any,
) -> AuditEntry:
    """Writes an entry of what happened. `person` is whom it is about, where that is not who did it."""
    about = {**moment(), **(context or {})}
    if person is not None:
        about |= {"person": person.pk, "name": str(person)}
    return AuditEntry.objects.create(
        kind=kind, person_id=about.get("person"), client=client, context=about, details=details
    )


def times_in_one_go(what: str) -> int:
    """How often it has happened by now, with never more than a minute between, this time included.

    The cache, a table of the database, reads and writes apart: whoever counts the same at the same moment waits here
    until the transaction of the one before is over.
    """
    key = f"audit:{sha256(what.encode()).hexdigest()}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        times = int(cache.get(key, 0)) + 1
        cache.set(key, times, A_SPELL.total_seconds())
    return times


def is_worth_noting(times: int, singly: int) -> bool:
    """Of what happens in one go the first are noted singly, and then the tenth, hundredth, thousandth and so on.

    So nobody fills a disk by pressing a key, and how much it was is told all the same.
    """
    return times <= singly or str(times).rstrip("0") == "1"


@contextmanager
def as_one_entry() -> Iterator[None]:
    """What changes within has no rows in the histories: whoever changes that much notes it as one entry.

    It is said to the triggers for the length of the transaction, so that nothing of it stays on the connection. It
    has to be in one, and opens none within it: what a row was written by is asked for by a trigger (0005_versions).
    """
    names = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered() if _is_of_a_history(trigger)]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("This is said to a transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{','.join(names)}}}"])
        yield
        if not connection.needs_rollback:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [before or "{}"])


def _is_of_a_history(trigger: pgtrigger.Trigger) -> bool:
    return str(trigger.name).startswith("history_")
