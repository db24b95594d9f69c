"""What an account asks of those who lead it today: each rule a function, and the order in which they come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from accounts.periods import months_after
from metrics.figures.blind_spots import is_comment_unanswered
from metrics.figures.readiness import is_check_in_overdue

Kind = Literal[
    "term_over",
    "term_ending",
    "contact_left",
    "contact_leaving",
    "check_in_overdue",
    "pattern_changed",
    "advice_due",
    "comment",
    "pulse_comment",
    "follow_up",
    "goal_agreed",
    "pulse_asked",
]

TERM_DAYS = 90
"""Within so many days the end of a term is close enough to speak of what follows."""
TERM_NEAR_DAYS = 30
"""Within so many days it comes before nearly everything else."""
CONTACT_DAYS = 90
"""Within so many days somebody's leaving is close enough to find out who follows."""
PULSE_NEAR_DAYS = 7
"""Within so many days of the day it was asked for by, one's own pulse grows worse by waiting."""

TOLD = ("compounding", "stalling", "deepening", "at_risk")
GROWING = ("compounding", "deepening")


@dataclass(frozen=True, slots=True)
class Term:
    """One open engagement: begun, and no end of it recorded. `ends_on` None: it never carried a term."""

    engagement: str
    name: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ContactAtClient:
    """Somebody on the client's side. `left_on` None: nobody said that they leave."""

    name: str
    decides: bool
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice whose outcome is not recorded."""

    external_id: str
    subject: str
    expected_by: date


@dataclass(frozen=True, slots=True)
class Word:
    """What a client's person said on a day: a comment, also beside a pulse, a follow-up asked for, a goal agreed to."""

    kind: Literal["comment", "pulse_comment", "follow_up", "goal_agreed"]
    on: date
    who: str
    words: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class AskedPulse:
    """One's own pulse of the quarter in progress, which somebody asked for and which is not sent.

    `asked_by` is blank where it was oneself.
    """

    answer_by: date
    asked_by: str


@dataclass(frozen=True, slots=True)
class PatternAt:
    """The pattern at the end of a quarter that has ended, and from which day on it is known."""

    quarter: str
    starts_on: date
    ends_on: date
    pattern: str


@dataclass(frozen=True, slots=True)
class AccountAtHand:
    """What is known today of one account. `interval` between check-ins in days; `patterns` the latest first."""

    external_id: str
    name: str
    in_scope: bool
    interval: int
    first_start: date | None = None
    last_check_in: date | None = None
    terms: tuple[Term, ...] = ()
    contacts: tuple[ContactAtClient, ...] = ()
    advice: tuple[Advice, ...] = ()
    patterns: tuple[PatternAt, ...] = ()
    words: tuple[Word, ...] = ()
    """What the client's people said that nobody has answered, and goals they agreed to of late."""
    pulse: AskedPulse | None = None
    """What whoever asks has still to answer for the agency; None: nobody asked, or it is sent."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing an account asks for.

    `urgency`: 1 the account may be lost over it, 2 it grows worse by waiting, 3 it is to be settled. `day` is
    when it fell or falls due. `about` is an engagement, a contact or advice by name, and `record` its id.
    `since` is what the day was counted from, `interval` by how many days. `before` and `after` are patterns; of what
    somebody said, `before` is their words.
    """

    kind: Kind
    urgency: int
    day: date
    external_id: str
    account: str
    about: str = ""
    record: str = ""
    since: date | None = None
    interval: int = 0
    decides: bool = False
    quarter: str = ""
    before: str = ""
    after: str = ""


def needs(accounts: Iterable[AccountAtHand], today: date) -> tuple[Need, ...]:
    """What all of them ask for today, the most urgent first.

    By urgency; within one, what fell due longest ago comes first; on one day by the account's name.
    """
    found = [need for account in accounts for need in needs_of(account, today)]
    return tuple(sorted(found, key=lambda need: (need.urgency, need.day, need.account.casefold(), need.about)))


def needs_of(account: AccountAtHand, today: date) -> list[Need]:
    """What one account asks for today. Without scope, only what was promised is left: to judge our advice."""
    found = [*_advice(account, today), *_words(account, today), *_pulse(account, today)]
    if account.in_scope:
        found += [*_check_in(account, today), *_contact(account, today), *_pattern(account, today)]
    return found + _terms(account, today)


def _check_in(account: AccountAtHand, today: date) -> list[Need]:
    """Source: DOMAIN.md, 11: "clients with an overdue check-in (interval by tier, from the last one held, …)"."""
    since = account.last_check_in or account.first_start
    if since is None or not is_check_in_overdue(today, account.interval, account.last_check_in, account.first_start):
        return []
    due = since + timedelta(days=account.interval)
    return [
        Need(
            "check_in_overdue",
            2,
            due,
            account.external_id,
            account.name,
            about="" if account.last_check_in is None else "held",
            since=since,
            interval=account.interval,
        )
    ]


def _terms(account: AccountAtHand, today: date) -> list[Need]:
    """Terms that end within 90 days, the ninetieth included, and those that ended with nothing to follow.

    On its last day, `ends_on`, a term still runs.
    """
    found = []
    for term in account.terms:
        if term.ends_on is None or (term.ends_on - today).days > TERM_DAYS:
            continue
        is_over = term.ends_on < today
        near = (term.ends_on - today).days <= TERM_NEAR_DAYS
        found.append(
            Need(
                "term_over" if is_over else "term_ending",
                1 if near else 3,
                term.ends_on,
                account.external_id,
                account.name,
                about=term.name,
                record=term.engagement,
            )
        )
    return found


def _contact(account: AccountAtHand, today: date) -> list[Need]:
    """Whoever decides has left or leaves within 90 days, and nobody who decides is known to stay.

    Where nobody is known to decide, it is the only contact that counts, if there is only one. The day somebody
    has left on is the first without them. Told of the one who went, or goes, last.
    """
    deciding = [contact for contact in account.contacts if contact.decides]
    main: Sequence[ContactAtClient] = deciding or (account.contacts if len(account.contacts) == 1 else ())
    leaving = [
        (contact.left_on, contact)
        for contact in main
        if contact.left_on is not None and (contact.left_on - today).days <= CONTACT_DAYS
    ]
    if not main or len(leaving) < len(main):
        return []
    left_on, last = max(leaving, key=lambda one: (one[0], one[1].name))
    return [
        Need(
            "contact_left" if left_on <= today else "contact_leaving",
            1 if left_on <= today else 2,
            left_on,
            account.external_id,
            account.name,
            about=last.name,
            decides=last.decides,
        )
    ]


def _pattern(account: AccountAtHand, today: date) -> list[Need]:
    """The pattern at the end of the last quarter is another than a quarter before.

    A first pattern is no change, and neither is one that is too early to tell. `patterns` older than the
    last quarter that has ended say nothing of today.
    """
    if len(account.patterns) < 2:
        return []
    now, before = account.patterns[:2]
    follow = before.ends_on == now.starts_on and now.ends_on <= today < months_after(now.ends_on, 3)
    if not follow or now.pattern not in TOLD or before.pattern not in TOLD or now.pattern == before.pattern:
        return []
    return [
        Need(
            "pattern_changed",
            3 if now.pattern in GROWING else 2,
            now.ends_on,
            account.external_id,
            account.name,
            quarter=now.quarter,
            before=before.pattern,
            after=now.pattern,
        )
    ]


def _advice(account: AccountAtHand, today: date) -> list[Need]:
    """Advice whose day has come, and nobody has said what came of it. Source: DOMAIN.md, 9."""
    return [
        Need(
            "advice_due",
            3,
            advice.expected_by,
            account.external_id,
            account.name,
            about=advice.subject,
            record=advice.external_id,
        )
        for advice in account.advice
        if advice.expected_by <= today
    ]


def _pulse(account: AccountAtHand, today: date) -> list[Need]:
    """One's own pulse that somebody asked for. Source: DOMAIN.md, 7: who answers for the agency answers first."""
    if account.pulse is None:
        return []
    near = (account.pulse.answer_by - today).days <= PULSE_NEAR_DAYS
    return [
        Need(
            "pulse_asked",
            2 if near else 3,
            account.pulse.answer_by,
            account.external_id,
            account.name,
            about=account.pulse.asked_by,
        )
    ]


def _words(account: AccountAtHand, today: date) -> list[Need]:
    """What the client's people said, at once. A comment without an answer for two weeks is a blind spot.

    Source: DOMAIN.md, 11: "a client's comment unanswered for 14 days".
    """
    return [
        Need(
            word.kind,
            1 if word.kind == "follow_up" or is_comment_unanswered(today, word.on) else 2,
            word.on,
            account.external_id,
            account.name,
            about=word.who,
            record=word.record,
            before=word.words,
        )
        if word.kind != "goal_agreed"
        else Need(word.kind, 3, word.on, account.external_id, account.name, about=word.who, before=word.words)
        for word in account.words
    ]
