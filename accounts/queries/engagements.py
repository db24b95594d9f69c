"""What a client buys from us as it stands on a day: each engagement with its scope, its term and its notice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from accounts.models import Engagement, ScopeChange
from accounts.queries.account_records import EngagementRecord
from accounts.scope import Billing, Entry, annual_scope


class Recorded(Protocol):
    """What is asked of an entry of the ledger here, whoever reads it."""

    @property
    def external_id(self) -> str: ...
    @property
    def engagement_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def value_delta(self) -> Decimal: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def counts(self) -> bool: ...


@dataclass(frozen=True)
class EngagementRow:
    """One engagement at the end of a day.

    `ends_on` is the end of the term in force, None where it never had one; `days_left` runs to it, and is below
    zero once it has passed. `last_notice_on` is the last day on which notice can be given before that.
    """

    external_id: str
    name: str
    service_line: str
    billing_name: str
    pricing_name: str
    notice_days: int | None
    annual_scope: Decimal
    started_on: date | None
    ended_on: date | None
    ends_on: date | None
    days_left: int | None

    @property
    def is_open(self) -> bool:
        """Whether it has begun and has not ended."""
        return self.started_on is not None and self.ended_on is None

    @property
    def last_notice_on(self) -> date | None:
        """None without a term or without a notice period."""
        if self.ends_on is None or self.notice_days is None:
            return None
        return self.ends_on - timedelta(days=self.notice_days)


def engagements(
    records: Iterable[EngagementRecord], ledger: Sequence[Recorded], day: date
) -> tuple[EngagementRow, ...]:
    """All of them, the open ones first, and of those the largest; no query."""
    rows = [_row(record, [row for row in ledger if row.engagement_id == record.id], day) for record in records]
    return tuple(sorted(rows, key=lambda row: (not row.is_open, -row.annual_scope, row.name)))


def _row(record: EngagementRecord, ledger: Sequence[Recorded], day: date) -> EngagementRow:
    counted = [row for row in ledger if row.counts and row.effective_on <= day]
    ends_on = _term(counted)
    entries = [Entry(row.external_id, row.kind, row.effective_on, row.value_delta, row.ends_on) for row in counted]
    return EngagementRow(
        external_id=record.external_id,
        name=record.name,
        service_line=record.service_line,
        billing_name=str(Engagement.Billing(record.billing).label),
        pricing_name=str(Engagement.Pricing(record.pricing).label) if record.pricing else "",
        notice_days=record.notice_days,
        annual_scope=annual_scope(Billing(record.billing), entries, day + timedelta(days=1)),
        started_on=_day_of(counted, ScopeChange.Kind.START),
        ended_on=_day_of(counted, ScopeChange.Kind.END),
        ends_on=ends_on,
        days_left=None if ends_on is None else (ends_on - day).days,
    )


def _term(rows: Iterable[Recorded]) -> date | None:
    """The end of the term in force: of the latest start or renewal that carries one, on one day the later end."""
    terms = [(row.effective_on, row.ends_on) for row in rows if row.ends_on is not None]
    return max(terms)[1] if terms else None


def _day_of(rows: Iterable[Recorded], kind: str) -> date | None:
    return next((row.effective_on for row in rows if row.kind == kind), None)
