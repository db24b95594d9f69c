"""What the sample agency does not hold and pages show: pulses begun and sent, talk, a logo, invitations, languages.

manage.py shell -c "from tests.browser.states import fill; fill()"
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO

from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from accounts import answering, conversation, logos
from accounts.models import (
    Agency,
    Client,
    Contact,
    Goal,
    Invitation,
    Person,
    Pulse,
    PulseRequest,
    PulseSheet,
)
from accounts.models.pulses import STATEMENTS
from accounts.queries.clock import quarter_in_progress
from accounts.queries.own_pulse import ANSWERS, Whose
from accounts.sample_agency import DEEPENING, LENA, OMAR, PASSWORD, STALLING
from accounts.settings_in_force import ATTRIBUTES
from tests.browser.pages import ADDRESSES, INVITED_COLLEAGUE, INVITED_CONTACT


def fill() -> None:
    """All of it, once."""
    merrow, larkfield = (Client.objects.get(external_id=name) for name in (DEEPENING, STALLING))
    lena, omar = Person.objects.get(email=LENA), Person.objects.get(email=OMAR)
    oda, nils = Person.objects.get(email=ADDRESSES["oda"]), Person.objects.get(email=ADDRESSES["nils"])
    Person.objects.filter(pk=nils.pk).update(language="fr")
    _let_in(merrow, ADDRESSES["ada"], "Ada Brandt", language="de")
    _let_in(Client.objects.get(external_id="aldwater"), ADDRESSES["ella"], "Ella Frost")
    _pulses(merrow, larkfield, nils, oda, lena, omar)
    _talk(merrow, nils, lena)
    _invitations(larkfield, lena)
    Agency.objects.update(logo=_logo())
    call_command("recompute", verbosity=0)


def _let_in(client: Client, email: str, name: str, language: str = "") -> None:
    person = Person.objects.create_user(email, PASSWORD, name=name, role=Person.Role.CONTACT, language=language)
    Contact.objects.create(client=client, name=name, email=email, role="Operations", person=person)


def _pulses(merrow: Client, larkfield: Client, nils: Person, oda: Person, lena: Person, omar: Person) -> None:
    quarter, today = quarter_in_progress(timezone.now())
    answers = {
        **dict.fromkeys(ANSWERS, 4),
        "trust": None,
        "comment": "The new films came quickly.",
        "confidential": None,
    }
    answering.send(Whose(merrow, Pulse.Side.CLIENT, nils, quarter.start), answers, quarter, today)
    PulseSheet.objects.create(
        client=larkfield, side=Pulse.Side.CLIENT, person=oda, starts_on=quarter.start, commitment=2, approach=3
    )
    places = {**dict.fromkeys(ATTRIBUTES, 4), **dict.fromkeys(STATEMENTS), "comment": "", "confidential": True}
    answering.send(Whose(merrow, Pulse.Side.AGENCY, lena, quarter.start), places, quarter, today)
    PulseRequest.objects.create(
        client=larkfield,
        side=Pulse.Side.AGENCY,
        person=lena,
        starts_on=quarter.start,
        answer_by=today + timedelta(days=5),
        asked_by=omar,
        asked_as=str(omar),
    )


def _talk(merrow: Client, nils: Person, lena: Person) -> None:
    speaker = conversation.Speaker(merrow, nils, "Nils Lund")
    goal = Goal.objects.filter(client=merrow, shared=True).order_by("pk").first()
    first = conversation.comment(
        speaker, conversation.About(goal_id=goal.pk if goal else None), "Can we bring the films forward?\nMay suits us."
    )
    conversation.reply(first, lena, "By two weeks, yes.")
    conversation.comment(speaker, conversation.About(), "The store visits helped. More of that, please.")
    settled = conversation.ask_follow_up(speaker, "The budget of the second line")
    conversation.answer_follow_up(settled, lena, "I call you on Thursday.")
    conversation.ask_follow_up(speaker, "Who looks after us in the summer")


def _invitations(larkfield: Client, lena: Person) -> None:
    now = timezone.now()
    contact = Contact.objects.filter(client=larkfield, person=None, left_on=None).exclude(email="").order_by("pk")[0]
    for token, email, more in (
        (INVITED_COLLEAGUE, "kim@harbourandpine.example", {"role": Person.Role.ACCOUNT_MANAGER}),
        (
            INVITED_CONTACT,
            contact.email,
            {"role": Person.Role.CONTACT, "client": larkfield, "contact": contact, "name": contact.name},
        ),
    ):
        Invitation.objects.create(
            token_hash=hashlib.sha256(token.encode()).digest(),
            email=email,
            invited_by=lena,
            invited_at=now,
            expires_at=now + timedelta(days=7),
            **more,
        )


def _logo() -> bytes:
    """A mark beside a word's worth of lines, as an agency would upload it."""
    picture = Image.new("RGBA", (480, 120), (0, 0, 0, 0))
    picture.paste((20, 70, 120, 255), (0, 0, 120, 120))
    for row, width in enumerate((320, 240, 280)):
        picture.paste((20, 70, 120, 255), (150, 20 + 32 * row, 150 + width, 36 + 32 * row))
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return logos.drawn_anew(file)
