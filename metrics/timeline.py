"""What happened on one account, day by day: scope, check-ins, advice, pulses, goals and notes as one row of entries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import CheckIn, Goal, Pulse, Recommendation
from accounts.queries.account_records import (
    AccountRecords,
    AdviceRecord,
    CheckInRecord,
    GoalRecord,
    NoteRecord,
    PulseDay,
)
from accounts.queries.ledger import LedgerRow
from accounts.reader_locale import day_text
from metrics.printing import Money

KINDS: dict[str, str | Promise] = {
    "scope": gettext_lazy("Scope"),
    "check-ins": gettext_lazy("Check-ins"),
    "advice": gettext_lazy("Advice"),
    "pulses": gettext_lazy("Pulses"),
    "goals": gettext_lazy("Goals"),
    "notes": gettext_lazy("Notes"),
}
"""What entries can be, in the order of the chips, as addresses name it and as people do."""

TRUST_SIGNS = ("brought_in_early", "new_channel", "long_term_budget")
"""Signs of trust; the others are signs of stalling."""

SAME_ROUND = timedelta(days=14)
"""How far apart the answers of one side may lie to be of one round."""

_SCOPE_TITLES = {
    "start": gettext_lazy("%(engagement)s begins"),
    "expansion": gettext_lazy("%(engagement)s grows"),
    "contraction": gettext_lazy("%(engagement)s shrinks"),
    "price": gettext_lazy("The price of %(engagement)s changes"),
    "renewal": gettext_lazy("%(engagement)s is renewed"),
    "end": gettext_lazy("%(engagement)s ends"),
}
_STANCES = {
    "defended": gettext_lazy("we stood by it"),
    "compromised": gettext_lazy("a half-measure"),
    "withdrawn": gettext_lazy("withdrawn"),
}


@dataclass(frozen=True)
class Mark:
    """A word or two below an entry; `tone` is `up` or `down` for what is good or bad news, else blank."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. `says` is what was written of it; `undone` scope counts for nothing any more."""

    kind: str
    icon: str
    tone: str
    on: date
    title: str
    says: str = ""
    marks: tuple[Mark, ...] = ()
    undone: bool = False
    noun: str = ""
    """By which name the addresses are called at which it is changed; blank where it can't be."""
    record: str = ""
    """Its id in them."""


def timeline(
    records: AccountRecords, ledger: Sequence[LedgerRow], money: Money, kind: str = ""
) -> tuple[TimelineEntry, ...]:
    """All entries, or those of one kind, the latest first; of one day in the order of KINDS."""
    sources: dict[str, Callable[[], Iterator[TimelineEntry]]] = {
        "scope": lambda: (_scope(row, money) for row in ledger),
        "check-ins": lambda: map(_check_in, records.check_ins),
        "advice": lambda: map(_advice, records.advice),
        "pulses": lambda: _rounds(records.pulses),
        "goals": lambda: (entry for goal in records.goals for entry in _goal(goal)),
        "notes": lambda: map(_note, records.notes),
    }
    found = [entry for name in KINDS if name == kind or kind not in KINDS for entry in sources[name]()]
    return tuple(sorted(found, key=lambda entry: entry.on, reverse=True))


def _scope(row: LedgerRow, money: Money) -> TimelineEntry:
    title = str(_SCOPE_TITLES[row.kind]) % {"engagement": row.engagement}
    marks = []
    if row.is_reversal:
        marks.append(Mark(_("Reversal")))
    elif row.is_reversed:
        marks.append(Mark(_("Reversed")))
    if row.annual_delta:
        tone = "" if not row.counts else "up" if row.annual_delta > 0 else "down"
        marks.append(Mark(_("%(amount)s a year") % {"amount": money(row.annual_delta)}, tone))
    if row.origin_name:
        marks.append(Mark(_("started by: %(origin)s") % {"origin": row.origin_name}))
    smaller = row.annual_delta < 0 or row.kind == "end"
    return TimelineEntry(
        kind="scope",
        icon="undo-2" if not row.counts else "arrow-down-right" if smaller else "arrow-up-right",
        tone="" if not row.counts else "down" if smaller else "up",
        on=row.effective_on,
        title=title,
        says=row.note,
        marks=tuple(marks),
        undone=not row.counts,
    )


def _check_in(row: CheckInRecord) -> TimelineEntry:
    names = [someone.name for someone in row.contacts]
    title = _("Check-in with %(names)s") % {"names": ", ".join(names)} if names else _("Check-in")
    marks = []
    if row.people:
        marks.append(Mark(_("from us: %(names)s") % {"names": ", ".join(someone.name for someone in row.people)}))
    if row.initiated_by == CheckIn.Side.CLIENT:
        marks.append(Mark(_("asked for by the client")))
    marks.extend(Mark(str(CheckIn.Sign(sign).label), "up" if sign in TRUST_SIGNS else "down") for sign in row.signs)
    return TimelineEntry(
        kind="check-ins",
        icon="message-circle",
        tone="talk",
        on=row.held_on,
        title=title,
        says=row.summary,
        marks=tuple(marks),
        noun="accounts:check_in",
        record=row.external_id,
    )


def _advice(row: AdviceRecord) -> TimelineEntry:
    marks = []
    if row.reception:
        marks.append(Mark(str(Recommendation.Reception(row.reception).label)))
    if row.stance:
        marks.append(Mark(str(_STANCES[row.stance])))
    if row.decision:
        marks.append(Mark(str(Recommendation.Decision(row.decision).label)))
    if row.outcome and row.outcome != Recommendation.Outcome.UNKNOWN:
        tones = {"better": "up", "worse": "down"}
        marks.append(Mark(str(Recommendation.Outcome(row.outcome).label), tones.get(row.outcome, "")))
    return TimelineEntry(
        kind="advice",
        icon="lightbulb",
        tone="advice",
        on=row.made_on,
        title=row.subject,
        marks=tuple(marks),
        noun="accounts:recommendation",
        record=row.external_id,
    )


def _rounds(days: Sequence[PulseDay]) -> Iterator[TimelineEntry]:
    """The days of one round as one entry, on its last day: of a side's answers those few days apart."""
    for side in Pulse.Side.values:
        found: list[PulseDay] = []
        for day in (day for day in days if day.side == side):
            if found and found[-1].answered_on - day.answered_on > SAME_ROUND:
                yield _round(found)
                found = []
            found.append(day)
        if found:
            yield _round(found)


def _round(days: Sequence[PulseDay]) -> TimelineEntry:
    """One round of one side, its days the latest first."""
    last, first = days[0].answered_on, days[-1].answered_on
    answers = sum(day.answers for day in days)
    if days[0].side == Pulse.Side.CLIENT:
        title = ngettext(
            "The client answered the pulse: %(count)s answer",
            "The client answered the pulse: %(count)s answers",
            answers,
        )
    else:
        title = ngettext("We answered the pulse: %(count)s answer", "We answered the pulse: %(count)s answers", answers)
    says = "" if first == last else _("since %(day)s") % {"day": day_text(first)}
    return TimelineEntry("pulses", "clipboard-list", "numbers", last, title % {"count": answers}, says)


def _goal(row: GoalRecord) -> Iterator[TimelineEntry]:
    """A goal is set, agreed and closed on days of their own."""

    def entry(on: date, title: str, icon: str, tone: str = "numbers") -> TimelineEntry:
        return TimelineEntry(
            kind="goals",
            icon=icon,
            tone=tone,
            on=on,
            title=title % {"title": row.title},
            noun="accounts:goal",
            record=row.external_id,
        )

    yield entry(row.set_on, _("Goal set: %(title)s"), "target")
    if row.agreed_on:
        yield entry(row.agreed_on, _("Goal agreed by the client: %(title)s"), "handshake")
    if row.closed_on:
        closings = {
            Goal.Status.ACHIEVED: (_("Goal achieved: %(title)s"), "up"),
            Goal.Status.MISSED: (_("Goal missed: %(title)s"), "down"),
            Goal.Status.DROPPED: (_("Goal dropped: %(title)s"), ""),
        }
        status = Goal.Status(row.status) if row.status else Goal.Status.OPEN
        title, tone = closings.get(status, (_("Goal closed: %(title)s"), ""))
        yield entry(row.closed_on, title, "flag", tone)


def _note(row: NoteRecord) -> TimelineEntry:
    return TimelineEntry(
        kind="notes",
        icon="sticky-note",
        tone="",
        on=row.written_on,
        title=_("Note by %(name)s") % {"name": row.written_by},
        says=row.text,
        noun="accounts:note",
        record=row.external_id,
    )
