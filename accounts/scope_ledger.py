"""The act of writing the scope ledger: a row is recorded, a mistake reversed, a row corrected.

Beside the importer, which writes in bulk, these are the only ways to write it. The rules are judged
here first, for a clear sentence, and by the database after, for whatever else may write.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from accounts.models import Engagement, Person, ScopeChange
from accounts.models.identifiers import new_external_id
from accounts.scope import Billing, Entry, Violation, violations, with_balance_taken
from accounts.signals import records_changed


class LedgerRefused(Exception):
    """The ledger would break a rule; nothing was written.

    `violations` says what and where. Rows that were to be added have the external_ids in
    `new_rows`, so that a form can tell what is wrong with its own row from what is wrong elsewhere.
    """

    def __init__(self, violations: Sequence[Violation], new_rows: Sequence[str]) -> None:
        self.violations = tuple(violations)
        self.new_rows = tuple(new_rows)
        super().__init__(" ".join(violation.sentence for violation in self.violations))


def record(
    engagement: Engagement,
    kind: str,
    effective_on: date,
    value_delta: Decimal | None = None,
    ends_on: date | None = None,
    origin: str = "",
    involved_from: str = "",
    note: str = "",
    *,
    by: Person | None,
) -> ScopeChange:
    """Adds one row to an engagement's ledger, and returns it as stored.

    `value_delta` is in the client's currency, per month for a retainer and in total for a project;
    it may be None on a renewal and on a retainer's end, which takes the whole balance. `by` is None
    where no person is behind it.

    Raises LedgerRefused when a rule would be broken, ValidationError when a value is none of its
    column (an unknown kind, more than four decimal places). Source: DOMAIN.md, 3.
    """
    row = ScopeChange(
        external_id=new_external_id(),
        kind=kind,
        effective_on=effective_on,
        ends_on=ends_on,
        origin=origin,
        involved_from=involved_from,
        note=note,
        recorded_by=by,
    )
    return _add(engagement.pk, [(row, value_delta)])[0]


def reverse(scope_change: ScopeChange, reason: str, by: Person | None) -> ScopeChange:
    """Undoes a row: adds its reversal, and returns that. From then on neither counts for anything.

    Raises LedgerRefused when the row is a reversal or reversed already, or when what stays would
    break a rule: the start of an engagement goes last, or by `correct`. ValueError without a reason.
    """
    return _add(scope_change.engagement_id, [_reversal(scope_change, reason, by)])[0]


def correct(
    scope_change: ScopeChange,
    kind: str,
    effective_on: date,
    value_delta: Decimal | None = None,
    ends_on: date | None = None,
    origin: str = "",
    involved_from: str = "",
    note: str = "",
    *,
    reason: str,
    by: Person | None,
) -> ScopeChange:
    """Undoes a row and enters it anew in one statement, and returns the new row.

    It is how a start is put right while other rows stand on it. `reason` becomes the note of the
    reversal, `note` that of the new row. Raises as `record` and `reverse` do.
    """
    row = ScopeChange(
        external_id=new_external_id(),
        kind=kind,
        effective_on=effective_on,
        ends_on=ends_on,
        origin=origin,
        involved_from=involved_from,
        note=note,
        recorded_by=by,
    )
    undone = _reversal(scope_change, reason, by)
    return _add(scope_change.engagement_id, [undone, (row, value_delta)])[1]


def _reversal(scope_change: ScopeChange, reason: str, by: Person | None) -> tuple[ScopeChange, Decimal | None]:
    if not reason.strip():
        raise ValueError("A reversal says why: the reason is blank.")
    row = ScopeChange(
        external_id=new_external_id(),
        kind=scope_change.kind,
        effective_on=scope_change.effective_on,
        reverses=scope_change,
        note=reason,
        recorded_by=by,
    )
    return row, Decimal(0) - scope_change.value_delta


@transaction.atomic
def _add(engagement_id: int, rows: Sequence[tuple[ScopeChange, Decimal | None]]) -> list[ScopeChange]:
    """Adds rows to one engagement's ledger in one statement; all or none."""
    # The lock the database's own check takes: a second writer waits here and then reads what we wrote.
    engagement = Engagement.objects.select_for_update(no_key=True).get(pk=engagement_id)
    billing = Billing(engagement.billing)
    for row, value_delta in rows:
        row.client_id = engagement.client_id
        row.engagement_id = engagement.pk
        # The column has no blanks; what is blank here is taken below.
        row.value_delta = Decimal(0) if value_delta is None else value_delta
        row.clean_fields(exclude={"client", "engagement", "reverses", "recorded_by"})
    entries = [
        *_stored(engagement.pk),
        *(
            Entry(
                row.external_id,
                row.kind,
                row.effective_on,
                value_delta,
                row.ends_on,
                row.reverses.external_id if row.reverses is not None else None,
            )
            for row, value_delta in rows
        ),
    ]
    entries = with_balance_taken(billing, entries)
    new_ids = [row.external_id for row, _ in rows]
    found = violations(billing, entries)
    if found:
        raise LedgerRefused(found, new_ids)
    taken = {entry.external_id: entry.value_delta for entry in entries}
    for row, _ in rows:
        row.value_delta = taken[row.external_id] or Decimal(0)
    # Past the model's refusal, which keeps everyone else from writing.
    writing: models.QuerySet[ScopeChange] = models.QuerySet(ScopeChange)
    writing.bulk_create([row for row, _ in rows])
    for row, _ in rows:
        row.refresh_from_db()  # recorded_at is the database's

    def tell() -> None:
        records_changed.send(sender=ScopeChange, client_ids=(engagement.client_id,))

    # The row is there whether or not those who are told can do anything about it now.
    transaction.on_commit(tell, robust=True)
    return [row for row, _ in rows]


def _stored(engagement_id: int) -> list[Entry]:
    rows: Any = ScopeChange.objects.filter(engagement_id=engagement_id).values_list(
        "external_id", "kind", "effective_on", "value_delta", "ends_on", "reverses__external_id"
    )
    return [Entry(*row) for row in rows.order_by("id")]
