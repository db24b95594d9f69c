"""What rows that are about to be written do to annual scope: of their engagement, and of its client.

Pure, as accounts.scope is, whose rules it applies twice: without the rows and with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.scope import ZERO, Billing, Entry, annual_scope, annual_value, effective, with_balance_taken


@dataclass(frozen=True)
class Ledger:
    """All rows of one engagement."""

    billing: Billing
    entries: tuple[Entry, ...] = ()

    @property
    def started_on(self) -> date | None:
        """The day of its start; None before there is one."""
        return next((entry.effective_on for entry in effective(self.entries) if entry.kind == "start"), None)

    @property
    def ended_on(self) -> date | None:
        """The day of its end; None while it has none."""
        return next((entry.effective_on for entry in effective(self.entries) if entry.kind == "end"), None)

    def with_rows(self, added: Sequence[Entry]) -> "Ledger":
        """The same ledger with rows added to it."""
        return Ledger(self.billing, (*self.entries, *added))

    @property
    def term(self) -> date | None:
        """Until when it was last agreed; None where no start and no renewal says. Source: DOMAIN.md, 7."""
        terms = [(e.effective_on, e.ends_on) for e in effective(self.entries) if e.ends_on is not None]
        return max(terms)[1] if terms else None


@dataclass(frozen=True)
class Change:
    """An amount a year before and after."""

    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """What came on top; below 0 what was taken away."""
        return self.after - self.before

    @property
    def loss(self) -> Decimal:
        """The difference the other way round."""
        return self.before - self.after


@dataclass(frozen=True)
class Effect:
    """Annual scope and annual value once the rows are in force: at the start of `day`, in the client's currency."""

    day: date
    engagement_scope: Change
    engagement_value: Change
    client_scope: Change
    client_value: Change

    @property
    def since(self) -> date:
        """The day at whose end they are in force."""
        return self.day - timedelta(days=1)

    @property
    def reprices(self) -> bool:
        """Whether prices change, and with them value otherwise than scope."""
        return self.engagement_value.difference != self.engagement_scope.difference


def effect(ledger: Ledger, others: Iterable[Ledger], added: Sequence[Entry], day: date) -> Effect:
    """What `added` does to an engagement and, with the client's `others`, to the client, at the start of that day.

    Deltas that may be left blank are filled in as the ledger would. Source: DOMAIN.md, 3.
    """
    with_added = with_balance_taken(ledger.billing, [*ledger.entries, *added])
    rest = [(other.billing, other.entries) for other in others]
    scope_beside = sum((annual_scope(*other, day) for other in rest), ZERO)
    value_beside = sum((annual_value(*other, day) for other in rest), ZERO)
    scope = Change(annual_scope(ledger.billing, ledger.entries, day), annual_scope(ledger.billing, with_added, day))
    value = Change(annual_value(ledger.billing, ledger.entries, day), annual_value(ledger.billing, with_added, day))
    return Effect(
        day=day,
        engagement_scope=scope,
        engagement_value=value,
        client_scope=Change(scope.before + scope_beside, scope.after + scope_beside),
        client_value=Change(value.before + value_beside, value.after + value_beside),
    )


def effects(
    ledger: Ledger, others: Sequence[Ledger], added: Sequence[Entry], effective_on: date, today: date
) -> tuple[Effect, ...]:
    """The effect from the day after `effective_on` on, and today's beside it where that has come to differ."""
    first = effect(ledger, others, added, effective_on + timedelta(days=1))
    if effective_on >= today:
        return (first,)
    now = effect(ledger, others, added, today + timedelta(days=1))
    same = (now.engagement_scope, now.client_scope, now.engagement_value, now.client_value) == (
        first.engagement_scope,
        first.client_scope,
        first.engagement_value,
        first.client_value,
    )
    return (first,) if same else (first, now)
