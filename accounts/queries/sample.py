"""How much of the sample agency there is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Client, ScopeChange


@dataclass(frozen=True)
class SampleRecorded:
    """What goes with the sample agency, and what stays."""

    clients: int
    others: int
    """Clients that are none of it."""
    entries: int
    """Rows in their ledgers."""
    by_hand: int
    """Rows among those that somebody entered: the sample's own have nobody who recorded them."""


def sample_recorded() -> SampleRecorded:
    """Counted at this moment. Two queries."""
    clients = Client.objects.aggregate(
        of_it=Count("pk", filter=Q(sample=True)), others=Count("pk", filter=Q(sample=False))
    )
    entries = ScopeChange.objects.filter(client__sample=True).aggregate(
        all=Count("pk"), by_hand=Count("pk", filter=Q(recorded_by__isnull=False))
    )
    return SampleRecorded(clients["of_it"], clients["others"], entries["all"], entries["by_hand"])
