"""The engagements of a client with their whole ledgers: what a form that writes the ledger asks first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import Engagement, ScopeChange
from accounts.scope import Billing, Entry
from accounts.scope_effect import Ledger


@dataclass(frozen=True)
class EngagementLedger:
    """One engagement with its ledger. `newest` is the primary key of the row recorded last, 0 without rows."""

    engagement: Engagement
    ledger: Ledger
    newest: int

    def state(self, day: date) -> str:
        """Where it stands on that day: `open`, `not_begun` or `ended`."""
        ended_on = self.ledger.ended_on
        if ended_on is not None and ended_on < day:
            return "ended"
        return "not_begun" if self.ledger.started_on is None else "open"


STATES = {"open": _("Running"), "not_begun": _("Without a start yet"), "ended": _("Ended")}
"""What the states are called, in the order of lists."""


def engagement_ledgers(client_id: int) -> tuple[EngagementLedger, ...]:
    """All engagements of one client, by name. Two queries."""
    entries: dict[int, list[Entry]] = defaultdict(list)
    newest: dict[int, int] = {}
    for pk, engagement_id, external_id, kind, effective_on, value_delta, ends_on, reverses in (
        ScopeChange.objects.filter(client_id=client_id)
        .order_by("id")
        .values_list(
            "id",
            "engagement_id",
            "external_id",
            "kind",
            "effective_on",
            "value_delta",
            "ends_on",
            "reverses__external_id",
        )
    ):
        entries[engagement_id].append(Entry(external_id, kind, effective_on, value_delta, ends_on, reverses))
        newest[engagement_id] = pk
    return tuple(
        EngagementLedger(
            engagement,
            Ledger(Billing(engagement.billing), tuple(entries[engagement.pk])),
            newest.get(engagement.pk, 0),
        )
        for engagement in Engagement.objects.filter(client_id=client_id)
    )
