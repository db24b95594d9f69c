"""What stands against a row of the ledger, in words for the one who fills it in, beside the field it concerns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.reader_locale import day_text, number_in_digits
from accounts.scope import ZERO, Entry, Rule, Violation, effective
from accounts.scope_effect import Ledger

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Refused:
    """What was to be written: `engagement` is its name, `ledger` what was there, `added` the rows that were refused."""

    engagement: str
    currency: str
    ledger: Ledger
    added: tuple[Entry, ...]

    @property
    def own(self) -> Entry:
        """The row that the form asked for: the new one, or the reversal where there is no other."""
        return self.added[-1]

    @property
    def rows(self) -> list[Entry]:
        """What would count, had it been written."""
        return effective([*self.ledger.entries, *self.added])


def refusals(refused: Refused, violations: Iterable[Violation]) -> list[tuple[str, str]]:
    """Each violation as the name of a field and a sentence, once each. A reversal's are all said of its reason."""
    found: dict[tuple[str, str], None] = {}
    for violation in violations:
        field, sentence = _WORDS[violation.rule](refused, violation)
        if refused.own.reverses is not None:
            field = "reason"
        found[field, sentence] = None
    return list(found)


def amount_text(amount: Decimal, currency: str) -> str:
    """`1,530.50 USD`, with every digit that was recorded."""
    decimals = f"{abs(amount):f}".partition(".")[2].rstrip("0")
    text = number_in_digits(abs(amount), max(len(decimals), 2) if decimals else 0)
    return f"{'−' if amount < 0 else ''}{text}{NO_BREAK}{currency}"


def entry_text(entry: Entry) -> str:
    """`the expansion of 1 Jun 2026`."""
    words = {
        "start": _("the start of %(day)s"),
        "expansion": _("the expansion of %(day)s"),
        "contraction": _("the contraction of %(day)s"),
        "price": _("the price change of %(day)s"),
        "renewal": _("the renewal of %(day)s"),
        "end": _("the end of %(day)s"),
    }
    return words[entry.kind] % {"day": day_text(entry.effective_on)}


def _of_kind(refused: Refused, kind: str) -> Entry:
    """The first row of a kind that was in force, else of what was to be written."""
    rows = [*effective(refused.ledger.entries), *refused.added]
    return min((row for row in rows if row.kind == kind), key=lambda row: row.effective_on)


def _named(refused: Refused, violation: Violation) -> Entry:
    """The row that breaks the rule."""
    rows = [*refused.ledger.entries, *refused.added]
    return next(row for row in rows if row.external_id == violation.external_id)


def _value_missing(refused: Refused, violation: Violation) -> tuple[str, str]:
    if refused.own.kind == "end":
        return "value_delta", _("Enter what was cut from the project when it ended, or 0.")
    return "value_delta", _("Enter the amount.")


def _sign(refused: Refused, violation: Violation) -> tuple[str, str]:
    words = {
        "start": _("A start begins with 0 or more."),
        "expansion": _("An expansion adds scope: enter an amount above 0. For less, choose contraction."),
        "contraction": _("A contraction takes scope away: enter an amount other than 0."),
        "price": _("A price change is another amount than 0: above 0 for dearer, below 0 for cheaper."),
        "renewal": _("A renewal extends the term and changes no amount: leave this blank, and record a price apart."),
        "end": _("An end takes away: enter 0, or what was cut."),
    }
    return "value_delta", words[refused.own.kind]


def _term(refused: Refused, violation: Violation) -> tuple[str, str]:
    return "ends_on", _("Only a start or a renewal sets a term: leave this blank, or choose one of those.")


def _one_start(refused: Refused, violation: Violation) -> tuple[str, str]:
    name = refused.engagement
    if refused.own.reverses is not None:
        first = min(refused.rows, key=lambda row: row.effective_on)
        return "kind", _(
            "%(engagement)s can't lose its start while %(entry)s stands on it. Correct the start instead, which undoes "
            "it and enters it anew; or reverse the other entries first."
        ) % {"engagement": name, "entry": entry_text(first)}
    if refused.own.kind == "start":
        start = _of_kind(refused, "start")
        return "kind", _("%(engagement)s has begun already: %(entry)s. Correct that one if it is wrong.") % {
            "engagement": name,
            "entry": entry_text(start),
        }
    return "kind", _("%(engagement)s has not begun: record its start first.") % {"engagement": name}


def _one_end(refused: Refused, violation: Violation) -> tuple[str, str]:
    end = _of_kind(refused, "end")
    return "kind", _("%(engagement)s has ended already: %(entry)s. Reverse that one to record another.") % {
        "engagement": refused.engagement,
        "entry": entry_text(end),
    }


def _not_before_start(refused: Refused, violation: Violation) -> tuple[str, str]:
    if violation.external_id == refused.own.external_id:
        start = next(row for row in refused.rows if row.kind == "start")
        return "effective_on", _("%(engagement)s begins on %(day)s: choose that day or a later one.") % {
            "engagement": refused.engagement,
            "day": day_text(start.effective_on),
        }
    entry = _named(refused, violation)
    return "effective_on", _(
        "Then %(entry)s would stand before the start: choose its day or an earlier one, or reverse it first."
    ) % {"entry": entry_text(entry)}


def _not_after_end(refused: Refused, violation: Violation) -> tuple[str, str]:
    if violation.external_id == refused.own.external_id:
        end = _of_kind(refused, "end")
        return "effective_on", _("%(engagement)s ended on %(day)s: choose that day or an earlier one.") % {
            "engagement": refused.engagement,
            "day": day_text(end.effective_on),
        }
    entry = _named(refused, violation)
    return "effective_on", _(
        "Then %(entry)s would stand after the end: choose its day or a later one, or reverse it first."
    ) % {"entry": entry_text(entry)}


def _not_below_zero(refused: Refused, violation: Violation) -> tuple[str, str]:
    left, day = _lowest(refused.rows)
    words = {
        "engagement": refused.engagement,
        "amount": amount_text(left, refused.currency),
        "day": day_text(day),
    }
    if refused.own.reverses is not None:
        return "value_delta", _(
            "Without it %(engagement)s would stand at %(amount)s a month on %(day)s, and it can't go below 0. Reverse "
            "what was taken away later first."
        ) % words
    return "value_delta", _(
        "This would leave %(engagement)s at %(amount)s a month on %(day)s; it can't go below 0."
    ) % words


def _lowest(rows: Iterable[Entry]) -> tuple[Decimal, date]:
    """The first balance of a retainer that is below 0, at the end of its day."""
    by_day: dict[date, Decimal] = {}
    for row in rows:
        if row.kind != "end":
            by_day[row.effective_on] = by_day.get(row.effective_on, ZERO) + (row.value_delta or ZERO)
    left = ZERO
    for day in sorted(by_day):
        left += by_day[day]
        if left < 0:
            return left, day
    raise ValueError("The balance never falls below 0.")


def _whole_balance(refused: Refused, violation: Violation) -> tuple[str, str]:
    if refused.own.kind == "end" and refused.own.reverses is None:
        return "value_delta", _("The end of a retainer takes its whole balance: leave this blank.")
    end = _of_kind(refused, "end")
    return "effective_on", _(
        "%(engagement)s has ended, and %(entry)s took its whole balance as it was. Reverse the end, make this change, "
        "and record the end again."
    ) % {"engagement": refused.engagement, "entry": entry_text(end)}


def _reversal(refused: Refused, violation: Violation) -> tuple[str, str]:
    words = {
        Rule.REVERSED_ONCE: _("This entry has been reversed already; nothing more was written."),
        Rule.REVERSAL_OF_REVERSAL: _("This entry is a reversal itself: what it undid is entered anew instead."),
    }
    return "reason", words.get(violation.rule) or violation.sentence


def _kind(refused: Refused, violation: Violation) -> tuple[str, str]:
    return "kind", _("Choose what happened.")


_WORDS: dict[Rule, Callable[[Refused, Violation], tuple[str, str]]] = {
    Rule.KIND: _kind,
    Rule.VALUE_MISSING: _value_missing,
    Rule.SIGN: _sign,
    Rule.TERM: _term,
    Rule.REVERSAL_OF_SAME_ENGAGEMENT: _reversal,
    Rule.REVERSAL_OF_REVERSAL: _reversal,
    Rule.REVERSED_ONCE: _reversal,
    Rule.REVERSAL_MIRRORS: _reversal,
    Rule.ONE_START: _one_start,
    Rule.ONE_END: _one_end,
    Rule.NOT_BEFORE_START: _not_before_start,
    Rule.NOT_AFTER_END: _not_after_end,
    Rule.NOT_BELOW_ZERO: _not_below_zero,
    Rule.WHOLE_BALANCE: _whole_balance,
}
