"""The act of asking for the pulse: each person who is asked has a request, and a mail that leads to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import languages
from accounts.models import Client, Person, Pulse, PulseRequest
from accounts.outbox import post


@dataclass(frozen=True)
class Asking:
    """What is asked: of which client, in the quarter from that day on, until when, by whom."""

    client: Client
    starts_on: date
    answer_by: date
    by: Person


@transaction.atomic
def ask(asking: Asking, of_client: Iterable[Person], of_agency: Iterable[Person], language: str) -> None:
    """Asks these people, each once: whoever was asked before is given the new day, and reminded.

    `language` is what the client's people are written to in; blank: what each of them chose, or else the agency's.
    """
    for side, people in ((Pulse.Side.CLIENT, of_client), (Pulse.Side.AGENCY, of_agency)):
        for person in people:
            chosen = language if side == Pulse.Side.CLIENT else ""
            _ask(asking, side, person, chosen or languages.written_to(person))


def _ask(asking: Asking, side: str, person: Person, language: str) -> None:
    request, is_new = PulseRequest.objects.update_or_create(
        client=asking.client,
        side=side,
        person=person,
        starts_on=asking.starts_on,
        defaults={
            "answer_by": asking.answer_by,
            "language": language,
            "asked_by": asking.by,
            "asked_as": str(asking.by),
        },
    )
    of_client = side == Pulse.Side.CLIENT
    page = reverse("portal:pulse") if of_client else reverse("accounts:your_pulse", args=[asking.client.external_id])
    post(
        f"pulse-request:{request.pk}" if is_new else f"pulse-request:{request.pk}:{asking.answer_by}",
        "pulse_request" if of_client else "pulse_request_agency",
        person.email,
        language,
        {
            "name": person.name,
            "by": str(asking.by),
            "client_name": asking.client.name,
            "answer_by": asking.answer_by,
            "is_reminder": not is_new,
            "url": f"{settings.SITE_ADDRESS}{page}",
        },
        asking.client,
    )
