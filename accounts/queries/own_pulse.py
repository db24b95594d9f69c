"""What somebody answered in their own name or confidentially: read by nobody but themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet

from accounts.models import Client, Person, Pulse, PulseRequest, PulseSheet
from accounts.models.pulses import STATEMENTS
from accounts.pulse_words import CONFIDENCE, FOR_THE_AGENCY, FOR_THE_CLIENT, Words
from accounts.settings_in_force import ATTRIBUTES

ANSWERS = (*ATTRIBUTES, *STATEMENTS)
KEPT = (*ANSWERS, "comment", "confidential")
"""What is on a sheet."""


@dataclass(frozen=True)
class Whose:
    """Which pulse it is: one person's, on a side, of a client, in the quarter that begins on that day."""

    client: Client
    side: str
    person: Person
    starts_on: date

    @property
    def key(self) -> dict[str, Any]:
        """What names its sheet."""
        return {"client": self.client, "side": self.side, "person": self.person, "starts_on": self.starts_on}

    def sheet(self) -> PulseSheet:
        """The sheet as it is kept; a blank one where nothing is. One query."""
        return PulseSheet.objects.filter(**self.key).first() or PulseSheet(**self.key)


@dataclass(frozen=True)
class Given:
    """One answer: what was asked, what stands at either end, and which place was given; None: none."""

    name: Words
    low: Words
    high: Words
    place: int | None


@dataclass(frozen=True)
class OwnAnswers:
    """What one person answered on one day."""

    answered_on: date
    confidential: bool
    comment: str
    attributes: tuple[Given, ...]
    statements: tuple[Given, ...]


@dataclass(frozen=True)
class Asked:
    """Who asked for it, until when."""

    by: str
    until: date


def days_answered(client: OuterRef, side: str, respondent: str) -> QuerySet[Pulse, Any]:
    """The days on which this person answered, the latest first, for a query that reads more of the client."""
    answers = Pulse.objects.filter(client=client, side=side, respondent=respondent)
    return answers.order_by("-answered_on").values("answered_on")


def own_answers(whose: Whose, until: date) -> OwnAnswers | None:
    """The latest that this person answered for the quarter, which ends on that day. One query."""
    found = _answers_of(whose, until).values("answered_on", "confidential", "comment", *ANSWERS).first()
    if found is None:
        return None
    of_client = whose.side == Pulse.Side.CLIENT
    words = FOR_THE_CLIENT if of_client else FOR_THE_AGENCY
    return OwnAnswers(
        found["answered_on"],
        found["confidential"] is True,
        found["comment"],
        tuple(Given(one.name, one.transactional, one.partnership, found[code]) for code, one in words.items()),
        tuple(Given(one.says, *one.ENDS, found[code]) for code, one in CONFIDENCE.items()) if of_client else (),
    )


def _answers_of(whose: Whose, until: date) -> QuerySet[Pulse]:
    return Pulse.objects.filter(
        client=whose.client,
        side=whose.side,
        respondent=whose.person.email,
        answered_on__gte=whose.starts_on,
        answered_on__lt=until,
    ).order_by("-answered_on", "-id")


def asked(whose: Whose) -> Asked | None:
    """Who asked this person for it, where somebody did. One query."""
    found = (
        PulseRequest.objects.filter(
            client=whose.client, side=whose.side, person=whose.person, starts_on=whose.starts_on
        )
        .values_list("asked_as", "answer_by")
        .first()
    )
    return Asked(*found) if found else None
