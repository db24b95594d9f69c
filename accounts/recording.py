"""The act of recording: a record is added, or changed unless somebody else has changed it in the meantime.

The ledger has its own act, accounts.scope_ledger. Whoever listens is told once it is committed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models, transaction

from accounts.models import CheckIn, CheckInContact, CheckInPerson, Client, Person
from accounts.models.versions import Versioned
from accounts.signals import tell_changed


class Overtaken(Exception):
    """Somebody has changed the record since it was read; nothing was written."""


@transaction.atomic
def add(record: models.Model, *, by: Person) -> None:
    """Adds a record."""
    sign(by)
    record.save(force_insert=True)
    tell(record)


@transaction.atomic
def change(record: Versioned, version: int, values: Mapping[str, Any], *, by: Person) -> None:
    """Gives a stored record other values, if it is still in that version. Raises Overtaken if it isn't."""
    sign(by)
    # The trigger raises the version by one; asking for it here says that something changes in any case, as who was
    # seen in a check-in is stored beside it.
    stored = type(record)._default_manager.filter(pk=record.pk, version=version)
    if not stored.update(**values, version=models.F("version") + 1):
        raise Overtaken
    tell(record)


@transaction.atomic
def see(check_in: CheckIn, contacts: Iterable[int], people: Iterable[int]) -> None:
    """Says who was there: the ids of contacts of the check-in's client, and of people of the agency.

    It comes after the check-in itself was added or changed, in the same transaction.
    """
    links: tuple[tuple[type[models.Model], str, frozenset[int]], ...] = (
        (CheckInContact, "contact_id", frozenset(contacts)),
        (CheckInPerson, "person_id", frozenset(people)),
    )
    for model, column, wanted in links:
        rows: models.QuerySet[Any] = model._default_manager.filter(check_in=check_in)
        there = frozenset(rows.values_list(column, flat=True))
        if there - wanted:
            rows.filter(**{f"{column}__in": there - wanted}).delete()
        model._default_manager.bulk_create(
            [model(client_id=check_in.client_id, check_in=check_in, **{column: one}) for one in sorted(wanted - there)]
        )


def sign(person: Person) -> None:
    """Until the transaction ends, what changes is marked as changed by them. It has to be in one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('soundings.person', %s, true)", [str(person.pk)])


def tell(record: models.Model) -> None:
    """Tells, once it is committed, that a record changed, came or went."""
    client_id = record.pk if isinstance(record, Client) else getattr(record, "client_id", None)
    tell_changed(type(record), *(() if client_id is None else (client_id,)))
