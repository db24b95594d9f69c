"""Your pulses: the accounts for which somebody answers the agency's pulse of the quarter in progress."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from accounts.models import Client, Person, Pulse, PulseRequest, PulseSheet
from accounts.models.pulses import STATEMENTS
from accounts.periods import Quarter
from accounts.settings_in_force import ATTRIBUTES


@dataclass(frozen=True)
class YourPulse:
    """One account: whether it is answered, begun or still to be, and until when somebody asked for it."""

    external_id: str
    name: str
    asked_by: str
    answer_by: date | None
    is_begun: bool
    is_sent: bool


def your_pulses(clients: QuerySet[Client], person: Person, quarter: Quarter) -> tuple[YourPulse, ...]:
    """Those of these clients: what is still to be answered first, by its day; then by name. One query."""
    of_person = {"client": OuterRef("pk"), "side": Pulse.Side.AGENCY}
    request = PulseRequest.objects.filter(**of_person, person=person, starts_on=quarter.start)
    begun = Q(*((f"{name}__isnull", False) for name in (*ATTRIBUTES, *STATEMENTS)), _connector=Q.OR)
    sheet = PulseSheet.objects.filter(**of_person, person=person, starts_on=quarter.start)
    answered = Pulse.objects.filter(
        **of_person, respondent=person.email, answered_on__gte=quarter.start, answered_on__lt=quarter.end
    )
    found = (
        clients.annotate(
            asked_by=Subquery(request.values("asked_as")[:1]),
            answer_by=Subquery(request.values("answer_by")[:1]),
            is_begun=Exists(sheet.filter(begun)),
            is_sent=Exists(answered),
        )
        .order_by("is_sent", F("answer_by").asc(nulls_last=True), Lower("name"), "pk")
        .values_list("external_id", "name", "asked_by", "answer_by", "is_begun", "is_sent")
    )
    return tuple(
        YourPulse(external_id, name, asked_by or "", answer_by, is_begun, is_sent)
        for external_id, name, asked_by, answer_by, is_begun, is_sent in found
    )
