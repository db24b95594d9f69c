"""Marks on quarters: client figures changed there, and the portfolio's have to follow."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from metrics.models import ChangedQuarter


def follow(quarters: Iterable[date | None]) -> None:
    """Says that rates of these quarters, or of all for None, have to follow, and signals."""
    follows = ChangedQuarter.Follows
    ChangedQuarter.objects.bulk_create(
        [
            *(ChangedQuarter(follows=follows.RATES, starts_on=starts_on) for starts_on in quarters),
            ChangedQuarter(follows=follows.SIGNALS),
        ]
    )


def following(follows: str) -> Iterable[tuple[int, date | None]]:
    """The marks of what has to follow, rates or signals: their ids, and the quarters, None for all of them."""
    return ChangedQuarter.objects.filter(follows=follows).values_list("id", "starts_on")


def followed(marks: Iterable[int]) -> None:
    """Deletes exactly the marks that were read: what they ask for has followed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_changedquarter WHERE id = ANY (%s)", [list(marks)])
