"""The rules of the scope ledger, and what an engagement's scope and value come to on a day.

Everything here works on plain rows of one engagement and knows neither the database nor the clock.
The database holds the same rules against every other writer (migration 0002_ledger); a test keeps
the two in agreement. Source: DOMAIN.md, 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accounts.periods import year_before

ZERO = Decimal(0)
MONTHS_IN_A_YEAR = 12


class Billing(StrEnum):
    """A retainer runs by the month, a project has a total."""

    RETAINER = "retainer"
    PROJECT = "project"


@dataclass(slots=True)
class Entry:
    """One row of the ledger.

    `value_delta` is in the client's currency, per month for a retainer and in total for a project;
    None where the row leaves it blank. `reverses` is the external_id of the row this one undoes,
    None for a row that is no reversal.
    """

    external_id: str
    kind: str
    effective_on: date
    value_delta: Decimal | None
    ends_on: date | None = None
    reverses: str | None = None


class Rule(StrEnum):
    """The rules a ledger can break."""

    KIND = "kind"
    VALUE_MISSING = "value_missing"
    SIGN = "sign_by_kind"
    TERM = "term_on_start_or_renewal"
    REVERSAL_OF_SAME_ENGAGEMENT = "reversal_of_same_engagement"
    REVERSAL_OF_REVERSAL = "reversal_of_reversal"
    REVERSED_ONCE = "reversed_once"
    REVERSAL_MIRRORS = "reversal_mirrors"
    ONE_START = "one_start"
    ONE_END = "one_end"
    NOT_BEFORE_START = "not_before_start"
    NOT_AFTER_END = "not_after_end"
    NOT_BELOW_ZERO = "not_below_zero"
    WHOLE_BALANCE = "whole_balance"


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks one rule.

    `column` is the column of the row at fault, `found` what stands there and `expected` what the
    rule asks for, both in words.
    """

    external_id: str
    rule: Rule
    column: str
    found: str
    expected: str

    @property
    def sentence(self) -> str:
        """What is wrong, in one sentence that names the row and the rule."""
        return f"Row {self.external_id} breaks the rule {self.rule.value}: {self.found}; expected {self.expected}."


_WORDS = {
    "start": "a start",
    "expansion": "an expansion",
    "contraction": "a contraction",
    "price": "a price change",
    "renewal": "a renewal",
    "end": "an end",
}
_SIGNS = {
    "start": "0 or more on a start",
    "expansion": "more than 0 on an expansion",
    "contraction": "less than 0 on a contraction",
    "price": "another amount than 0 on a price change",
    "renewal": "0 or blank on a renewal",
    "end": "0 or less on an end",
}
_WITH_A_TERM = ("start", "renewal")


def effective(entries: Iterable[Entry]) -> list[Entry]:
    """The rows that count: neither reversed nor reversals, in the order given."""
    rows = list(entries)
    reversed_ids = {entry.reverses for entry in rows if entry.reverses is not None}
    if not reversed_ids:
        return rows
    return [entry for entry in rows if entry.reverses is None and entry.external_id not in reversed_ids]


def balance(entries: Iterable[Entry]) -> Decimal:
    """What the engagement's effective rows add up to, price changes included.

    Per month for a retainer, in total for a project; 0 without rows. Blank deltas count as 0.
    """
    return sum((entry.value_delta or ZERO for entry in effective(entries)), ZERO)


def with_balance_taken(billing: Billing, entries: Iterable[Entry]) -> list[Entry]:
    """The same rows with the deltas filled in that may be left blank.

    The end of a retainer takes minus the balance, a renewal 0, and a reversal the opposite of the
    row it undoes. A retainer's end that was itself reversed takes the opposite of its reversal, or
    minus the balance of its own day where both are blank: it counts for nothing, and should read as
    it did when it was in force. Other blanks stay, for `violations` to name.
    """
    rows = list(entries)
    if all(entry.value_delta is not None for entry in rows):
        return rows
    counted = [entry for entry in effective(rows) if entry.kind != "end"]
    kept_ends = {id(entry) for entry in effective(rows) if entry.kind == "end"}
    given_back = {
        entry.reverses: entry.value_delta
        for entry in rows
        if entry.reverses is not None and entry.value_delta is not None
    }
    filled: dict[str, Entry] = {}
    for entry in rows:
        if entry.value_delta is None and entry.reverses is None:
            if entry.kind == "renewal":
                filled[entry.external_id] = replace(entry, value_delta=ZERO)
            elif entry.kind == "end" and billing == Billing.RETAINER:
                taken = given_back.get(entry.external_id) or sum(
                    (
                        row.value_delta or ZERO
                        for row in counted
                        if id(entry) in kept_ends or row.effective_on <= entry.effective_on
                    ),
                    ZERO,
                )
                filled[entry.external_id] = replace(entry, value_delta=ZERO - taken)
    by_id = {entry.external_id: entry for entry in rows} | filled
    for entry in rows:
        if entry.value_delta is None and entry.reverses is not None:
            undone = by_id.get(entry.reverses)
            if undone is not None and undone.value_delta is not None:
                filled[entry.external_id] = replace(entry, value_delta=ZERO - undone.value_delta)
    return [filled.get(entry.external_id, entry) for entry in rows]


def violations(billing: Billing, entries: Sequence[Entry]) -> list[Violation]:
    """Everything that is wrong with the ledger of one engagement, row by row; empty when it is sound.

    `entries` are all rows of the engagement, in any order, with external_ids that differ. A blank
    delta is in order on a renewal, on a retainer's end and on the reversal of a row that is blank
    itself (see `with_balance_taken`). The balance of a retainer is judged at the end of each day,
    rows of one day together. A reversal may repeat the `ends_on` of its row or leave it blank.
    """
    if any(entry.reverses is not None for entry in entries):
        found = _reversal_violations(entries)
        rows = effective(entries)
    else:
        found = []
        rows = list(entries)
    retainer = billing == Billing.RETAINER
    for entry in entries:
        kind, delta = entry.kind, entry.value_delta
        if entry.ends_on is not None and kind not in _WITH_A_TERM:
            found.append(
                Violation(
                    entry.external_id,
                    Rule.TERM,
                    "ends_on",
                    f"{_word(kind)} carries ends_on {entry.ends_on}",
                    "blank: only a start or a renewal sets a term",
                )
            )
        if entry.reverses is not None:
            continue
        if kind not in _SIGNS:
            found.append(Violation(entry.external_id, Rule.KIND, "kind", f"kind is {kind!r}", _KINDS))
        elif delta is None:
            if not (kind == "renewal" or (kind == "end" and retainer)):
                found.append(
                    Violation(
                        entry.external_id,
                        Rule.VALUE_MISSING,
                        "value_delta",
                        f"value_delta of {_word(kind)} is blank",
                        "0, or less when the project was cut short" if kind == "end" else _SIGNS[kind],
                    )
                )
        elif not _sign_is_right(kind, delta):
            found.append(
                Violation(
                    entry.external_id,
                    Rule.SIGN,
                    "value_delta",
                    f"value_delta is {delta}",
                    _SIGNS[kind],
                )
            )
    if rows:
        found.extend(_span_violations(rows))
        if retainer:
            found.extend(_balance_violations(rows))
    return found


def annual_scope(billing: Billing, entries: Iterable[Entry], day: date) -> Decimal:
    """What the engagement is worth a year at constant prices, at the start of that day: S(t).

    In the client's currency, never below 0. A retainer counts twelve months of its balance until it
    has ended; a project counts its rows of the last year, or all of them while it is open.
    """
    return _annual(billing, [e for e in effective(entries) if e.kind != "price"], day)


def annual_value(billing: Billing, entries: Iterable[Entry], day: date) -> Decimal:
    """What the engagement is worth a year at today's prices: V(t), scope with price changes counted."""
    return _annual(billing, effective(entries), day)


_KINDS = "start, expansion, contraction, price, renewal or end"


def _word(kind: str) -> str:
    return _WORDS.get(kind, kind)


def _sign_is_right(kind: str, delta: Decimal) -> bool:
    if kind == "expansion":
        return delta > 0
    if kind == "start":
        return delta >= 0
    if kind == "contraction":
        return delta < 0
    if kind == "price":
        return delta != 0
    if kind == "renewal":
        return delta == 0
    return delta <= 0


def _reversal_violations(entries: Sequence[Entry]) -> list[Violation]:
    """What is wrong with the reversals: what they point at and how they mirror it."""
    found: list[Violation] = []
    by_id = {entry.external_id: entry for entry in entries}
    undone_already: set[str] = set()
    for entry in entries:
        if entry.reverses is None:
            continue
        undone = by_id.get(entry.reverses)
        if undone is None:
            rule = Rule.REVERSAL_OF_SAME_ENGAGEMENT
            said = f"reverses {entry.reverses}, which is no row of this engagement"
            expected = "a row of the same engagement"
        elif undone.reverses is not None:
            rule = Rule.REVERSAL_OF_REVERSAL
            said = f"reverses {entry.reverses}, which is a reversal itself"
            expected = "a row that is no reversal: enter the row anew"
        elif entry.reverses in undone_already:
            rule = Rule.REVERSED_ONCE
            said = f"reverses {entry.reverses}, which another row reverses already"
            expected = "one reversal for a row"
        else:
            undone_already.add(entry.reverses)
            found.extend(_mirror_violations(entry, undone))
            continue
        found.append(Violation(entry.external_id, rule, "reverses", said, expected))
    return found


def _mirror_violations(entry: Entry, undone: Entry) -> list[Violation]:
    """Where a reversal is not the mirror image of the row it undoes."""
    found: list[Violation] = []
    given, opposite = _mirrored_deltas(entry, undone)
    for column, there, expected in (
        ("kind", entry.kind, undone.kind),
        ("effective_on", entry.effective_on, undone.effective_on),
        ("value_delta", given, opposite),
    ):
        if there != expected:
            found.append(
                Violation(
                    entry.external_id,
                    Rule.REVERSAL_MIRRORS,
                    column,
                    f"{column} is {'blank' if there is None else there}",
                    f"{'blank' if expected is None else expected}, to undo {undone.external_id}",
                )
            )
    return found


def _mirrored_deltas(entry: Entry, undone: Entry) -> tuple[Decimal | None, Decimal | None]:
    """The delta of a reversal and the one it should have; on a renewal blank is 0."""
    if undone.kind == "renewal":
        return entry.value_delta or ZERO, ZERO - (undone.value_delta or ZERO)
    return entry.value_delta, None if undone.value_delta is None else ZERO - undone.value_delta


def _span_violations(rows: Sequence[Entry]) -> list[Violation]:
    """What is wrong with the start, the end and the rows around them; `rows` are effective."""
    found: list[Violation] = []
    starts = [entry for entry in rows if entry.kind == "start"]
    ends = [entry for entry in rows if entry.kind == "end"]
    if len(starts) == 1:
        start = starts[0]
    elif starts:
        starts.sort(key=lambda entry: entry.effective_on)
        start = starts[0]
        found.extend(
            Violation(
                entry.external_id,
                Rule.ONE_START,
                "kind",
                f"the engagement has a start already, {start.external_id} of {start.effective_on}",
                "exactly one start that is not reversed",
            )
            for entry in starts[1:]
        )
    else:
        first = min(rows, key=lambda entry: entry.effective_on)
        return [
            Violation(
                first.external_id,
                Rule.ONE_START,
                "kind",
                f"{_word(first.kind)} of {first.effective_on} stands without a start",
                "exactly one start that is not reversed",
            )
        ]
    begun = start.effective_on
    for entry in rows:
        if entry.effective_on < begun:
            found.append(
                Violation(
                    entry.external_id,
                    Rule.NOT_BEFORE_START,
                    "effective_on",
                    f"effective_on is {entry.effective_on}",
                    f"{begun} or later, as the engagement starts then ({start.external_id})",
                )
            )
    if not ends:
        return found
    ends.sort(key=lambda entry: entry.effective_on)
    end = ends[0]
    found.extend(
        Violation(
            entry.external_id,
            Rule.ONE_END,
            "kind",
            f"the engagement has an end already, {end.external_id} of {end.effective_on}",
            "at most one end that is not reversed",
        )
        for entry in ends[1:]
    )
    over = end.effective_on
    for entry in rows:
        if entry.effective_on > over and entry.kind != "end":
            found.append(
                Violation(
                    entry.external_id,
                    Rule.NOT_AFTER_END,
                    "effective_on",
                    f"effective_on is {entry.effective_on}",
                    f"{over} or earlier, as the engagement ends then ({end.external_id})",
                )
            )
    return found


def _balance_violations(rows: Sequence[Entry]) -> list[Violation]:
    """What is wrong with a retainer's balance; `rows` are its effective rows."""
    found: list[Violation] = []
    ends = [entry for entry in rows if entry.kind == "end"]
    others = [entry for entry in rows if entry.kind != "end"] if ends else rows
    # Without a row that takes away nothing can fall below zero, and most retainers have none.
    if any(entry.value_delta is not None and entry.value_delta < 0 for entry in others):
        ordered = sorted(others, key=lambda entry: entry.effective_on)
        left = ZERO
        last = len(ordered) - 1
        for index, entry in enumerate(ordered):
            left += entry.value_delta or ZERO
            day = entry.effective_on
            if left < 0 and (index == last or ordered[index + 1].effective_on != day):
                at_fault = min(
                    (row for row in ordered if row.effective_on == day),
                    key=lambda row: row.value_delta or ZERO,
                )
                found.append(
                    Violation(
                        at_fault.external_id,
                        Rule.NOT_BELOW_ZERO,
                        "value_delta",
                        f"the retainer's balance is {left} at the end of {day}",
                        "a balance that never falls below 0",
                    )
                )
                break
    if len(ends) == 1:
        given = ends[0].value_delta
        if given is not None and given <= 0:
            taken = sum((entry.value_delta or ZERO for entry in others), ZERO)
            if given != -taken:
                found.append(
                    Violation(
                        ends[0].external_id,
                        Rule.WHOLE_BALANCE,
                        "value_delta",
                        f"value_delta is {given}",
                        f"{ZERO - taken}, the whole balance of the retainer, or blank",
                    )
                )
    return found


def _annual(billing: Billing, rows: Sequence[Entry], day: date) -> Decimal:
    begun = [entry for entry in rows if entry.effective_on < day]
    ended = any(entry.kind == "end" for entry in begun)
    if billing == Billing.RETAINER:
        if ended:
            return ZERO
        months = sum((entry.value_delta or ZERO for entry in begun), ZERO)
        return max(MONTHS_IN_A_YEAR * months, ZERO)
    since = year_before(day) if ended else date.min
    total = sum((entry.value_delta or ZERO for entry in begun if entry.effective_on >= since), ZERO)
    return max(total, ZERO)
