"""The records of one client beside its ledger and its readings: people, talks, advice, goals, terms. One query."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from accounts.models import Goal, Opportunity, Recommendation
from accounts.models.settings import ZONE_AT


@dataclass(frozen=True)
class Someone:
    """One person of either side, by the number of their row."""

    id: int
    name: str


@dataclass(frozen=True)
class ContactRecord:
    """One person of the client. `decision_maker` None: not known; `left_on` None: still there."""

    id: int
    external_id: str
    name: str
    role: str
    decision_maker: bool | None
    left_on: date | None
    access: str = ""
    """Whether they see the client's page: `in`, `invited`, or blank; `unreachable` without an address to invite."""


@dataclass(frozen=True)
class CheckInRecord:
    """One conversation, with those who were there by name, and the codes of the signs they ticked."""

    external_id: str
    held_on: date
    initiated_by: str
    summary: str
    signs: tuple[str, ...]
    contacts: tuple[Someone, ...]
    people: tuple[Someone, ...]


@dataclass(frozen=True)
class AdviceRecord:
    """One piece of advice; blank codes were not recorded."""

    external_id: str
    made_on: date
    subject: str
    proactive: bool | None
    reception: str
    stance: str
    decision: str
    outcome: str
    outcome_on: date | None
    expected: str
    expected_by: date | None

    def is_due(self, day: date) -> bool:
        """Whether it is to be judged: its day has come, and nobody has said what came of it."""
        judged = self.outcome not in ("", Recommendation.Outcome.UNKNOWN) or self.outcome_on is not None
        return self.expected_by is not None and self.expected_by <= day and not judged


@dataclass(frozen=True)
class GoalRecord:
    """One outcome the client wants."""

    id: int
    external_id: str
    title: str
    set_on: date
    agreed_on: date | None
    due_on: date | None
    status: str
    closed_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether it is still worked towards: neither closed nor said to be over."""
        return self.closed_on is None and self.status in ("", Goal.Status.OPEN)


@dataclass(frozen=True)
class OpportunityRecord:
    """One idea of what more would serve a goal, named by its title."""

    external_id: str
    title: str
    goal: str
    service_line: str
    stage: str
    raised_on: date | None
    closed_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has agreed to it or declined it yet."""
        return self.closed_on is None and self.stage in ("", Opportunity.Stage.IDEA, Opportunity.Stage.RAISED)


@dataclass(frozen=True)
class PulseDay:
    """How many answers one side gave on one day by name. What was answered is not here."""

    answered_on: date
    side: str
    answers: int


@dataclass(frozen=True)
class StandingRecord:
    """Our place on the client's roster from a day on. `exclusive` None: not known."""

    id: int
    effective_on: date
    standing: str
    exclusive: bool | None


@dataclass(frozen=True)
class InvolvementRecord:
    """One spell in which the client let us into something."""

    id: int
    kind: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class EngagementRecord:
    """One retainer or project; its scope is in the ledger."""

    id: int
    external_id: str
    name: str
    service_line: str
    billing: str
    pricing: str
    notice_days: int | None


@dataclass(frozen=True)
class NoteRecord:
    """One note of the agency's own, with the name of who wrote it."""

    external_id: str
    written_on: date
    text: str
    written_by: str


@dataclass(frozen=True)
class TeamRecord:
    """One of us who is on the account's team."""

    person_id: int
    name: str
    role: str
    started_on: date | None


@dataclass(frozen=True)
class CommentRecord:
    """One comment of the client's, or a reply to one, with the number of what it replies to; and what it is about."""

    id: int
    external_id: str
    replies_to_id: int | None
    side: str
    signature: str
    body: str
    written_on: date
    about: str


@dataclass(frozen=True)
class FollowUpRecord:
    """One request of the client's to be spoken to; `answered_on` None: nobody has answered."""

    external_id: str
    subject: str
    asked_as: str
    asked_on: date
    answer: str
    answered_as: str
    answered_on: date | None


@dataclass(frozen=True)
class PulseComment:
    """What one respondent of the client's wrote beside their answers, by name."""

    answered_on: date
    name: str
    comment: str


@dataclass(frozen=True)
class AccountRecords:
    """All of them: check-ins, advice and pulses the latest first, the others in the order people look for them."""

    contacts: tuple[ContactRecord, ...] = ()
    check_ins: tuple[CheckInRecord, ...] = ()
    advice: tuple[AdviceRecord, ...] = ()
    goals: tuple[GoalRecord, ...] = ()
    opportunities: tuple[OpportunityRecord, ...] = ()
    pulses: tuple[PulseDay, ...] = ()
    standings: tuple[StandingRecord, ...] = ()
    involvements: tuple[InvolvementRecord, ...] = ()
    engagements: tuple[EngagementRecord, ...] = ()
    notes: tuple[NoteRecord, ...] = ()
    team: tuple[TeamRecord, ...] = ()
    comments: tuple[CommentRecord, ...] = ()
    follow_ups: tuple[FollowUpRecord, ...] = ()
    pulse_comments: tuple[PulseComment, ...] = ()


Record = TypeVar("Record")


def _rows(record: type[Any], table: str, order: str, **others: str) -> str:
    """All rows of a client's table as JSON, a field for each of their record; `others` come from elsewhere."""
    fields = ", ".join(f"'{name}', {others.get(name, f'one.{name}')}" for name in record.__dataclass_fields__)
    return (
        f"(SELECT json_agg(json_build_object({fields}) ORDER BY {order})"  # noqa: S608  nothing in it was typed by anyone
        f" FROM {table} AS one WHERE one.client_id = %(client)s)"
    )


# Who was at a check-in: by name, our own people who have none by their address.
_CONTACTS = """(
    SELECT json_agg(json_build_array(contact.id, contact.name) ORDER BY contact.name, contact.id)
    FROM accounts_checkincontact AS there
    JOIN accounts_contact AS contact ON contact.id = there.contact_id
    WHERE there.client_id = %(client)s AND there.check_in_id = one.id
)"""
_PEOPLE = """(
    SELECT json_agg(
        json_build_array(person.id, coalesce(nullif(person.name, ''), person.email)) ORDER BY person.name, person.email
    )
    FROM accounts_checkinperson AS there
    JOIN accounts_person AS person ON person.id = there.person_id
    WHERE there.client_id = %(client)s AND there.check_in_id = one.id
)"""
_GOAL = "(SELECT goal.title FROM accounts_goal AS goal WHERE goal.id = one.goal_id)"
_WRITTEN_BY = """(
    SELECT coalesce(nullif(person.name, ''), person.email)
    FROM accounts_person AS person
    WHERE person.id = one.written_by_id
)"""
_NAMED_PULSES = """(
    SELECT answered_on, side, count(*) AS answers, client_id
    FROM accounts_pulse
    WHERE confidential IS NOT TRUE AND client_id = %(client)s
    GROUP BY answered_on, side, client_id
)"""
# What was commented on; a reply says it by what it replies to.
_ABOUT = """coalesce(
    (SELECT goal.title FROM accounts_goal AS goal WHERE goal.id = one.goal_id),
    (SELECT advice.subject FROM accounts_recommendation AS advice WHERE advice.id = one.recommendation_id),
    (SELECT kpi.name FROM accounts_kpi AS kpi WHERE kpi.id = one.kpi_id),
    ''
)"""
_PULSE_COMMENTS = """(
    SELECT id, client_id, answered_on, respondent, comment
    FROM accounts_pulse
    WHERE
        client_id = %(client)s AND side = 'client' AND confidential IS NOT TRUE
        AND comment <> '' AND answered_on < %(closed_from)s
)"""
_RESPONDENT = """coalesce(
    (
        SELECT contact.name FROM accounts_contact AS contact
        WHERE contact.client_id = %(client)s AND contact.email = one.respondent
        ORDER BY contact.id
        LIMIT 1
    ),
    one.respondent
)"""

_ACCESS = """(
    CASE
        WHEN EXISTS (
            SELECT FROM accounts_person AS person WHERE person.id = one.person_id AND person.is_active
        ) THEN 'in'
        WHEN EXISTS (
            SELECT FROM accounts_invitation AS sent
            WHERE
                sent.client_id = %(client)s AND sent.contact_id = one.id
                AND sent.accepted_at IS NULL AND sent.revoked_at IS NULL AND sent.expires_at > now()
        ) THEN 'invited'
        WHEN one.email = '' THEN 'unreachable'
        ELSE ''
    END
)"""
_TEAM = "(SELECT * FROM accounts_teammember WHERE client_id = %(client)s AND ended_on IS NULL)"
_MEMBER = """(
    SELECT coalesce(nullif(person.name, ''), person.email)
    FROM accounts_person AS person
    WHERE person.id = one.person_id
)"""

_ZONE = ZONE_AT.format(moment="now()")

_RECORDS: dict[str, tuple[Callable[..., Any], str]] = {
    "contacts": (ContactRecord, _rows(ContactRecord, "accounts_contact", "one.name, one.id", access=_ACCESS)),
    "check_ins": (
        CheckInRecord,
        _rows(CheckInRecord, "accounts_checkin", "one.held_on DESC, one.id DESC", contacts=_CONTACTS, people=_PEOPLE),
    ),
    "advice": (AdviceRecord, _rows(AdviceRecord, "accounts_recommendation", "one.made_on DESC, one.id DESC")),
    "goals": (GoalRecord, _rows(GoalRecord, "accounts_goal", "one.due_on NULLS LAST, one.id")),
    "opportunities": (
        OpportunityRecord,
        _rows(OpportunityRecord, "accounts_opportunity", "one.title, one.id", goal=_GOAL),
    ),
    "pulses": (PulseDay, _rows(PulseDay, _NAMED_PULSES, "one.answered_on DESC, one.side")),
    "standings": (StandingRecord, _rows(StandingRecord, "accounts_standing", "one.effective_on DESC")),
    "involvements": (InvolvementRecord, _rows(InvolvementRecord, "accounts_involvement", "one.started_on, one.id")),
    "engagements": (EngagementRecord, _rows(EngagementRecord, "accounts_engagement", "one.name, one.id")),
    "notes": (
        NoteRecord,
        _rows(NoteRecord, "accounts_note", "one.written_on DESC, one.id DESC", written_by=_WRITTEN_BY),
    ),
    "team": (TeamRecord, _rows(TeamRecord, _TEAM, "one.id", name=_MEMBER)),
    "comments": (
        CommentRecord,
        _rows(
            CommentRecord,
            "accounts_comment",
            "one.written_at, one.id",
            written_on=f"(one.written_at AT TIME ZONE {_ZONE})::date",
            about=_ABOUT,
        ),
    ),
    "follow_ups": (
        FollowUpRecord,
        _rows(
            FollowUpRecord,
            "accounts_followup",
            "one.asked_at DESC, one.id DESC",
            asked_on=f"(one.asked_at AT TIME ZONE {_ZONE})::date",
            answered_on=f"(one.answered_at AT TIME ZONE {_ZONE})::date",
        ),
    ),
    "pulse_comments": (
        PulseComment,
        _rows(PulseComment, _PULSE_COMMENTS, "one.answered_on DESC, one.id DESC", name=_RESPONDENT),
    ),
}
_STATEMENT = "SELECT " + ", ".join(rows for _record, rows in _RECORDS.values())


def account_records(client_id: int, closed_from: date = date.min) -> AccountRecords:
    """What is recorded of one client. One query, however much there is.

    What the client's people wrote beside their pulses is there up to `closed_from`: from that day on it is closed to
    whoever reads. Of pulses only those that were answered by name: of a confidential answer not even its day is told.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"client": client_id, "closed_from": closed_from})
        found = cursor.fetchone()
    return AccountRecords(
        **{
            name: _read(rows or (), record)
            for (name, (record, _rows_of_it)), rows in zip(_RECORDS.items(), found, strict=True)
        }
    )


def _read(rows: Iterable[Mapping[str, Any]], record: Callable[..., Record]) -> tuple[Record, ...]:
    return tuple(record(**{name: _value(name, value) for name, value in row.items()}) for row in rows)


def _value(name: str, value: Any) -> Any:
    """What came as JSON: days are text there, and sequences lists."""
    if name.endswith("_on") or name == "expected_by":
        return None if value is None else date.fromisoformat(value)
    if name in ("contacts", "people"):
        return tuple(Someone(*one) for one in value or ())
    return tuple(value) if isinstance(value, list) else value
