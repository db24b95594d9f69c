"""Blind first: which figures of the quarter in progress are closed to a reader (DOMAIN.md, 7).

What follows from a client's own answers opens to somebody who answers for the agency once they have sent theirs, or
when the quarter has ended. Only of the quarter in progress is anything closed: figures of a quarter count nothing
that was answered after it.
"""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from accounts import access
from accounts.models import Client
from accounts.periods import Quarter
from metrics.queries.calendar import Calendar

FIGURES = ("partnership_score", "coverage", "confidence")
"""Those of a client and quarter that its people's answers are in, apart from the attributes'."""


def closed(reader: access.User, calendar: Calendar, quarter: Quarter | None = None) -> QuerySet[Client]:
    """The clients whose answers of this quarter, or the one shown, are closed; none where it has ended."""
    quarter = quarter or calendar.shown
    if quarter is None or calendar.as_of is None or not quarter.in_progress(calendar.as_of):
        return Client.objects.none()
    return access.closed_clients(reader, quarter.start, quarter.end)


def unless_closed(name: str, clients: QuerySet[Client], quarter: Quarter) -> Combinable:
    """A figure of ClientQuarter, as these clients' are closed for that quarter: unknown, or 0 of coverage."""
    if clients.query.is_empty():
        return F(name)
    hidden = Value(0) if name == "coverage" else Value(None)
    is_closed: Any = Q(starts_on=quarter.start) & Q(client__in=clients)
    return Case(When(is_closed, then=hidden), default=F(name))
