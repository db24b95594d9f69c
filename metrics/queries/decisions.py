"""Decisions taken in quarterly reviews: those of one quarter, and what earlier ones have left open."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Client
from accounts.periods import Quarter
from metrics.models import Decision


@dataclass(frozen=True)
class DecisionRow:
    """One decision as a review lists it. `decided_in` is a quarter's label; `client` is blank where it is of none."""

    external_id: str
    text: str
    owner: str
    due_on: date | None
    state: str
    state_name: str
    closed_on: date | None
    decided_in: str
    client: str
    client_external_id: str
    version: int

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.state == Decision.State.OPEN and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Decisions:
    """What a review lists: the quarter's own decisions, and those that earlier quarters had left open at its end."""

    taken: tuple[DecisionRow, ...]
    carried: tuple[DecisionRow, ...]

    @property
    def open(self) -> int:
        """How many are open today."""
        return sum(row.state == Decision.State.OPEN for row in (*self.taken, *self.carried))


def visible_decisions(clients: QuerySet[Client]) -> QuerySet[Decision]:
    """Those about one of these clients, or about none."""
    return Decision.objects.filter(Q(client=None) | Q(client__in=clients.order_by()))


def decisions(clients: QuerySet[Client], quarter: Quarter) -> Decisions:
    """The decisions of a quarter's review, the oldest first. One query.

    What was closed only after the quarter had ended was open when it was reviewed, and stays on its page.
    """
    open_then = Q(decided_in__lt=quarter.start) & (Q(closed_on=None) | Q(closed_on__gte=quarter.end))
    own = Q(decided_in__gte=quarter.start, decided_in__lt=quarter.end)
    found = visible_decisions(clients).filter(own | open_then).select_related("owner", "client")
    rows = [(row.decided_in >= quarter.start, _row(row, quarter)) for row in found.order_by("decided_in", "id")]
    return Decisions(
        taken=tuple(row for is_own, row in rows if is_own),
        carried=tuple(row for is_own, row in rows if not is_own),
    )


def _row(decision: Decision, quarter: Quarter) -> DecisionRow:
    return DecisionRow(
        external_id=decision.external_id,
        text=decision.text,
        owner=str(decision.owner),
        due_on=decision.due_on,
        state=decision.state,
        state_name=decision.get_state_display(),
        closed_on=decision.closed_on,
        decided_in=Quarter.containing(decision.decided_in, quarter.fiscal_month).label,
        client=decision.client.name if decision.client else "",
        client_external_id=decision.client.external_id if decision.client else "",
        version=decision.version,
    )
