"""The night's transactions: of one moment, and begun again when another one got in the way."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

T = TypeVar("T")

CONFLICTS = 8
"""How often a transaction that met another one begins again before it is left for later."""


@contextmanager
def snapshot(*locks: str) -> Iterator[None]:
    """A transaction that sees the database as of one moment: after it got these tables for itself."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Else the locks of a worker that was killed last as long as the statement it had sent.
            cursor.execute("SET LOCAL client_connection_check_interval = '2s'")
            for table in locks:
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        yield


def undisturbed(attempt: Callable[[], T]) -> T:
    """Makes the attempt again when another transaction got in its way, after a moment that grows."""
    for count in range(CONFLICTS):
        try:
            return attempt()
        except OperationalError as error:
            if not is_conflict(error):
                raise
            time.sleep(random.uniform(0, min(0.02 * 2**count, 1)))  # noqa: S311  not a secret
    return attempt()


def is_conflict(error: OperationalError) -> bool:
    """Whether another transaction was in the way: a serialization failure or a deadlock."""
    return getattr(error.__cause__, "sqlstate", None) in ("40001", "40P01")
