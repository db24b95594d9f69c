"""The act of writing the scope ledger: a row is recorded, a mistake reversed, a row corrected.

Beside the importer, which writes in bulk, these are the only ways to write it. The rules are judged
here first, for a clear sentence, and by the database after, for whatever else may write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models, transaction

from accounts.models import Engagement, Person, ScopeChange
from accounts.models.identifiers import new_external_id
from accounts.scope import Billing, Entry, Violation, violations, with_balance_taken
from accounts.signals import tell_changed


class LedgerRefused(Exception):
    """The ledger would break a rule; nothing was written.

    `violations` says what and where. Rows that were to be added have the external_ids in
    `new_rows`, so that a form can tell what is wrong with its own row from what is wrong elsewhere.
    """

    def __init__(self, violations: Sequence[Violation], new_rows: Sequence[str]) -> None:
        self.violations = tuple(violations)
        self.new_rows = tuple(new_rows)
        super().__init__(" ".join(violation.sentence for violation in self.violations))


class LedgerMovedOn(Exception):
    """Someone recorded on the engagement after the writer looked; nothing was written. `rows` are theirs, in order."""

    def __init__(self, rows: Sequence[ScopeChange]) -> None:
        self.rows = tuple(rows)
        super().__init__(f"{len(self.rows)} rows were recorded since.")


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
    seen: int | None = None,
) -> ScopeChange:
    """Adds one row to an engagement's ledger, and returns it as stored.

    `value_delta` is in the client's currency, per month for a retainer and in total for a project;
    it may be None on a renewal and on a retainer's end, which takes the whole balance. `by` is None
    where no person is behind it. `seen` is the primary key of the newest row of the engagement that
    the writer knew of, 0 for none: so that a form sent twice writes once.

    Raises LedgerRefused when a rule would be broken, LedgerMovedOn when there are rows after the one
    `seen`, ValidationError when a value is none of its column (an unknown kind, more than four
    decimal places). Source: DOMAIN.md, 3.
    """
    row = _new(kind, effective_on, ends_on, origin, involved_from, note, by)
    return _add(engagement.pk, [_Row(row, value_delta)], seen)[0]


def check(
    engagement: Engagement,
    kind: str,
    effective_on: date,
    value_delta: Decimal | None = None,
    ends_on: date | None = None,
    origin: str = "",
    involved_from: str = "",
    note: str = "",
    *,
    instead_of: ScopeChange | None = None,
) -> None:
    """Raises what `record` would raise at this moment, and writes nothing: for a form to ask first.

    With `instead_of`, what `correct` would raise.
    """
    row = _Row(_new(kind, effective_on, ends_on, origin, involved_from, note, None), value_delta)
    _judge(engagement, [row] if instead_of is None else [_reversal(instead_of, "?", None), row])


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
    row = _new(kind, effective_on, ends_on, origin, involved_from, note, by)
    undone = _reversal(scope_change, reason, by)
    return _add(scope_change.engagement_id, [undone, _Row(row, value_delta)])[1]


@dataclass(frozen=True)
class _Row:
    """A row to be added: the delta it was given, which the column can't leave blank, and what it undoes."""

    change: ScopeChange
    value_delta: Decimal | None
    undoes: str | None = None

    @property
    def entry(self) -> Entry:
        """The row as the rules see it."""
        change = self.change
        return Entry(
            change.external_id, change.kind, change.effective_on, self.value_delta, change.ends_on, self.undoes
        )


def _new(
    kind: str,
    effective_on: date,
    ends_on: date | None,
    origin: str,
    involved_from: str,
    note: str,
    by: Person | None,
) -> ScopeChange:
    return ScopeChange(
        external_id=new_external_id(),
        kind=kind,
        effective_on=effective_on,
        ends_on=ends_on,
        origin=origin,
        involved_from=involved_from,
        note=note,
        recorded_by=by,
    )


def _reversal(scope_change: ScopeChange, reason: str, by: Person | None) -> _Row:
    if not reason.strip():
        raise ValueError("A reversal says why: the reason is blank.")
    row = _new(scope_change.kind, scope_change.effective_on, None, "", "", reason, by)
    row.reverses_id = scope_change.pk
    return _Row(row, Decimal(0) - scope_change.value_delta, scope_change.external_id)


@transaction.atomic
def _add(engagement_id: int, rows: Sequence[_Row], seen: int | None = None) -> list[ScopeChange]:
    """Adds rows to one engagement's ledger in one statement; all or none."""
    # The lock the database's own check takes: a second writer waits here and then reads what we wrote.
    engagement = Engagement.objects.select_for_update(no_key=True).get(pk=engagement_id)
    if seen is not None:
        # Keys are given out under the lock: within an engagement a later row has a higher one.
        since = ScopeChange.objects.filter(engagement_id=engagement_id, pk__gt=seen).order_by("id")
        if rows_since := list(since.select_related("recorded_by")):
            raise LedgerMovedOn(rows_since)
    _judge(engagement, rows)
    # Past the model's refusal, which keeps everyone else from writing.
    writing: models.QuerySet[ScopeChange] = models.QuerySet(ScopeChange)
    changes = writing.bulk_create([row.change for row in rows])
    for change in changes:
        change.refresh_from_db()  # recorded_at is the database's
    tell_changed(ScopeChange, engagement.client_id)
    return changes


def _judge(engagement: Engagement, rows: Sequence[_Row]) -> None:
    """Fills in what follows from the engagement's ledger, or raises what stands against the rows."""
    for row in rows:
        row.change.client_id = engagement.client_id
        row.change.engagement_id = engagement.pk
        row.change.value_delta = Decimal(0) if row.value_delta is None else row.value_delta
        row.change.clean_fields(exclude={"client", "engagement", "reverses", "recorded_by"})
    billing = Billing(engagement.billing)
    entries = with_balance_taken(billing, [*_stored(engagement.pk), *(row.entry for row in rows)])
    found = violations(billing, entries)
    if found:
        raise LedgerRefused(found, [row.change.external_id for row in rows])
    taken = {entry.external_id: entry.value_delta for entry in entries}
    for row in rows:
        row.change.value_delta = taken[row.change.external_id] or Decimal(0)


def _stored(engagement_id: int) -> list[Entry]:
    rows = ScopeChange.objects.filter(engagement_id=engagement_id).order_by("id")
    columns = ("external_id", "kind", "effective_on", "value_delta", "ends_on", "reverses__external_id")
    return [Entry(*row) for row in rows.values_list(*columns)]
