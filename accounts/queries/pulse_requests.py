"""Whom one may ask for the pulse of a client, and who was asked and answered by name."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Lower

from accounts.models import Client, Contact, Person, Pulse, PulseRequest, TeamMember
from accounts.periods import Quarter


@dataclass(frozen=True)
class Askable:
    """One person: until when they were asked, and when they answered by name. Whoever did so confidentially did not."""

    person_id: int
    name: str
    asked_until: date | None
    answered_on: date | None


def askable(client: Client, quarter: Quarter) -> tuple[tuple[Askable, ...], tuple[Askable, ...], tuple[str, ...]]:
    """Those of the client who can sign in, those of its team, and the names of contacts who can't. Three queries."""
    of_quarter = {"client": client, "answered_on__gte": quarter.start, "answered_on__lt": quarter.end}
    by_name = Pulse.objects.filter(**of_quarter, respondent=Lower(OuterRef("email"))).exclude(confidential=True)
    request = PulseRequest.objects.filter(client=client, starts_on=quarter.start, person=OuterRef("pk"))

    def found(people_ids: list[int], side: str) -> tuple[Askable, ...]:
        rows = (
            Person.objects.filter(pk__in=people_ids, is_active=True)
            .annotate(
                asked_until=Subquery(request.filter(side=side).values("answer_by")[:1]),
                answered=Subquery(by_name.filter(side=side).order_by("-answered_on").values("answered_on")[:1]),
            )
            .order_by("name", "email")
        )
        return tuple(Askable(row.pk, str(row), row.asked_until, row.answered) for row in rows)

    there = Contact.objects.filter(client=client, left_on=None)
    contacts = list(there.filter(person__is_active=True).values_list("person_id", flat=True))
    without = tuple(there.filter(person=None).order_by("name").values_list("name", flat=True))
    team = list(TeamMember.objects.filter(client=client, ended_on=None).values_list(F("person_id"), flat=True))
    return found([pk for pk in contacts if pk], Pulse.Side.CLIENT), found(team, Pulse.Side.AGENCY), without
