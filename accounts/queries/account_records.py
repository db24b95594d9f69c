"""The records of one client beside its ledger and its readings: people, talks, advice, goals, terms. One query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.models import (
    CheckIn,
    CheckInContact,
    CheckInPerson,
    Client,
    Contact,
    Engagement,
    Goal,
    Involvement,
    Note,
    Opportunity,
    Pulse,
    Recommendation,
    Standing,
)


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


def account_records(client_id: int) -> AccountRecords:
    """What is recorded of one client. One query, however much there is.

    Of pulses only those that were answered by name: of a confidential answer not even its day is told.
    """
    of_client = OuterRef("pk")
    seen_contacts = CheckInContact.objects.filter(client_id=client_id, check_in=OuterRef("pk"))
    seen_people = CheckInPerson.objects.filter(client_id=client_id, check_in=OuterRef("pk"))
    named = Pulse.objects.filter(client=of_client).exclude(confidential=True)
    found = (
        Client.objects.filter(pk=client_id)
        .values(
            contacts_found=_rows(Contact.objects.filter(client=of_client).order_by("name", "id"), ContactRecord),
            check_ins_found=_rows(
                CheckIn.objects.filter(client=of_client).order_by("-held_on", "-id"),
                CheckInRecord,
                contacts=ArraySubquery(
                    seen_contacts.order_by("contact__name", "contact_id").values(
                        row=JSONObject(id="contact_id", name="contact__name")
                    )
                ),
                people=ArraySubquery(
                    seen_people.order_by("person__name", "person__email").values(
                        row=JSONObject(id="person_id", name="person__name", email="person__email")
                    )
                ),
            ),
            advice_found=_rows(
                Recommendation.objects.filter(client=of_client).order_by("-made_on", "-id"),
                AdviceRecord,
            ),
            goals_found=_rows(
                Goal.objects.filter(client=of_client).order_by(F("due_on").asc(nulls_last=True), "id"), GoalRecord
            ),
            opportunities_found=_rows(
                Opportunity.objects.filter(client=of_client).order_by("title", "id"),
                OpportunityRecord,
                goal=F("goal__title"),
            ),
            pulses_found=ArraySubquery(
                named.order_by("-answered_on", "side")
                .values("answered_on", "side")
                .annotate(answers=Count("pk"))
                .values(row=JSONObject(answered_on="answered_on", side="side", answers="answers"))
            ),
            standings_found=_rows(Standing.objects.filter(client=of_client).order_by("-effective_on"), StandingRecord),
            involvements_found=_rows(
                Involvement.objects.filter(client=of_client).order_by("started_on", "id"),
                InvolvementRecord,
            ),
            engagements_found=_rows(
                Engagement.objects.filter(client=of_client).order_by("name", "id"), EngagementRecord
            ),
            notes_found=_rows(
                Note.objects.filter(client=of_client).order_by("-written_on", "-id"),
                NoteRecord,
                written_by=Coalesce(NullIf("written_by__name", Value("")), "written_by__email"),
            ),
        )
        .first()
    )
    if found is None:
        return AccountRecords()
    return AccountRecords(
        contacts=_read(found["contacts_found"], ContactRecord),
        check_ins=_read(found["check_ins_found"], CheckInRecord),
        advice=_read(found["advice_found"], AdviceRecord),
        goals=_read(found["goals_found"], GoalRecord),
        opportunities=_read(found["opportunities_found"], OpportunityRecord),
        pulses=_read(found["pulses_found"], PulseDay),
        standings=_read(found["standings_found"], StandingRecord),
        involvements=_read(found["involvements_found"], InvolvementRecord),
        engagements=_read(found["engagements_found"], EngagementRecord),
        notes=_read(found["notes_found"], NoteRecord),
    )


Record = TypeVar("Record")


def _rows(rows: Any, record: type[Any], **others: Any) -> ArraySubquery:
    """Rows as JSON, a column for each field of their record; `others` are those that come from elsewhere."""
    columns = {name: others.get(name, name) for name in record.__dataclass_fields__}
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def _read(rows: list[Mapping[str, Any]], record: Callable[..., Record]) -> tuple[Record, ...]:
    return tuple(record(**{name: _value(name, value) for name, value in row.items()}) for row in rows)


def _value(name: str, value: Any) -> Any:
    """What came as JSON: days are text there, and sequences lists."""
    if name.endswith("_on") or name == "expected_by":
        return None if value is None else date.fromisoformat(value)
    if name in ("contacts", "people"):
        return tuple(Someone(one["id"], one["name"] or one["email"]) for one in value)
    return tuple(value) if isinstance(value, list) else value
