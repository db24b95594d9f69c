"""The act of answering the pulse: a sheet is kept as one goes, and becomes an answer when it is sent.

What is on a sheet is in no figure and on nobody else's page, so that an answer half given opens nothing, on either
side. Once sent it stays as it is: whoever answers for the agency may read the client's answers from then on, and what
they change after that would no longer be blind (DOMAIN.md, 7).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts import visits
from accounts.models import PortalVisit, Pulse, PulseSheet
from accounts.periods import Quarter
from accounts.queries.own_pulse import ANSWERS, KEPT, Whose, own_answers
from accounts.signals import tell_changed


class PulseRefused(Exception):
    """The pulse is not sent; nothing was changed."""


class AlreadySent(PulseRefused):
    """This person has sent theirs for this client and quarter."""


class NothingAnswered(PulseRefused):
    """There is no answer on the sheet."""


@transaction.atomic
def keep(whose: Whose, answers: Mapping[str, Any]) -> None:
    """Keeps what is filled in so far. Raises AlreadySent where it was."""
    sheet, _ = PulseSheet.objects.get_or_create(**whose.key)
    if not PulseSheet.objects.filter(pk=sheet.pk, sent_on=None).update(**{name: answers[name] for name in KEPT}):
        raise AlreadySent


@transaction.atomic
def send(whose: Whose, answers: Mapping[str, Any], quarter: Quarter, today: date) -> Pulse:
    """Makes an answer of what is filled in, which counts from now on, and tells those who compute.

    Raises AlreadySent, or NothingAnswered. That there is an answer is noted among the visits of a client's person
    only where it is by name: of a confidential one nothing is told.
    """
    if all(answers[name] is None for name in ANSWERS):
        raise NothingAnswered
    # An answer may have come in a file as well.
    if own_answers(whose, quarter.end) is not None:
        raise AlreadySent
    sheet, _ = PulseSheet.objects.get_or_create(**whose.key)
    blank = {**dict.fromkeys(ANSWERS), "comment": "", "confidential": None}
    # Of two that are sent at once, one finds it sent.
    if not PulseSheet.objects.filter(pk=sheet.pk, sent_on=None).update(sent_on=today, **blank):
        raise AlreadySent
    pulse = Pulse(
        client=whose.client,
        side=whose.side,
        respondent=whose.person.email,
        answered_on=today,
        **{name: answers[name] for name in KEPT},
    )
    pulse.save(force_insert=True)
    if whose.side == Pulse.Side.CLIENT and not answers["confidential"]:
        visits.keep(whose.client.pk, whose.person.pk, PortalVisit.What.PULSE_ANSWERED)
    tell_changed(Pulse, whose.client.pk)
    return pulse
