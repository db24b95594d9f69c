"""The ledger of one client as people read it: newest first, with who, when and why."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.models import Engagement, ScopeChange


@dataclass(frozen=True)
class LedgerRow:
    """One entry: what changed, by how much, and who said so.

    `annual_delta` is what it does to a year's scope or price, in the client's currency: twelve times a
    retainer's monthly change, a project's as it is; `value_delta` is as recorded. Blank words were not recorded.
    """

    external_id: str
    engagement_id: int
    engagement: str
    service_line: str
    kind: str
    kind_name: str
    effective_on: date
    value_delta: Decimal
    annual_delta: Decimal
    ends_on: date | None
    origin: str
    origin_name: str
    involved_from_name: str
    note: str
    is_reversal: bool
    is_reversed: bool
    recorded_at: datetime
    recorded_by: str

    @property
    def counts(self) -> bool:
        """Whether it enters any figure."""
        return not (self.is_reversal or self.is_reversed)


# What each code is called: a model works that out anew for every row.
_KINDS = dict(ScopeChange.Kind.choices)
_ORIGINS = dict(ScopeChange.Origin.choices)
_INVOLVED_FROM = dict(ScopeChange.InvolvedFrom.choices)


def ledger(client_id: int) -> tuple[LedgerRow, ...]:
    """All entries of one client, the latest to take effect first. One query."""
    changes = (
        ScopeChange.objects.filter(client_id=client_id)
        .select_related("engagement", "recorded_by", "reversal")
        .order_by("-effective_on", "-id")
    )
    return tuple(_row(change) for change in changes)


def _row(change: ScopeChange) -> LedgerRow:
    engagement = change.engagement
    return LedgerRow(
        external_id=change.external_id,
        engagement_id=engagement.pk,
        engagement=engagement.name,
        service_line=engagement.service_line,
        kind=change.kind,
        kind_name=str(_KINDS[change.kind]),
        effective_on=change.effective_on,
        value_delta=change.value_delta,
        annual_delta=change.value_delta * (12 if engagement.billing == Engagement.Billing.RETAINER else 1),
        ends_on=change.ends_on,
        origin=change.origin,
        origin_name=str(_ORIGINS[change.origin]) if change.origin else "",
        involved_from_name=str(_INVOLVED_FROM[change.involved_from]) if change.involved_from else "",
        note=change.note,
        is_reversal=change.reverses_id is not None,
        is_reversed=hasattr(change, "reversal"),
        recorded_at=change.recorded_at,
        recorded_by=str(change.recorded_by) if change.recorded_by else "",
    )
