"""The act of noting what happened, and of saying why: what a history and the audit know beside the record itself.

The histories write themselves (accounts.models.history). What they are told of the moment is django-pghistory's
context: a request sets it (accounts.audited_requests), and outside of one it is the name of the program, which each
connection says from its beginning (agency.settings).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from pghistory import runtime

from accounts.models import AuditEntry, Client, Person

LONGEST_REASON = 500
"""Letters of a reason."""


def because(reason: str) -> None:
    """Says why the changes that follow are made, until the request ends; outside of one it is said to nobody."""
    if reason.strip():
        pghistory.context(why=reason.strip()[:LONGEST_REASON])


def moment() -> dict[str, Any]:
    """What is known of this moment."""
    tracked = getattr(runtime._tracker, "value", None)
    return dict(tracked.metadata) if tracked is not None else {"program": settings.PROGRAM}


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
