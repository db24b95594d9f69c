"""The acts by which a client's people speak to the agency and are answered: comments, follow-ups, agreement to goals.

What a client's person does reaches the account manager at once, on their page and by mail; what the agency answers
reaches whoever asked by mail. Either is posted in the transaction of what it tells of: the one is not there without
the other.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import languages, visits
from accounts.models import Client, Comment, FollowUp, GoalAgreement, Person, PortalVisit, Pulse
from accounts.outbox import post, post_to_team
from accounts.signals import tell_changed


@dataclass(frozen=True)
class Speaker:
    """Somebody of a client, and what they are called there."""

    client: Client
    person: Person
    name: str


@dataclass(frozen=True)
class About:
    """What a comment is about, by the numbers of rows; nothing: the work as a whole."""

    goal_id: int | None = None
    recommendation_id: int | None = None
    kpi_id: int | None = None
    replies_to_id: int | None = None


# What a client's people do


@transaction.atomic
def comment(speaker: Speaker, about: About, body: str) -> Comment:
    """Writes a comment, or answers in a thread."""
    found = Comment.objects.create(
        client=speaker.client,
        side=Pulse.Side.CLIENT,
        written_by=speaker.person,
        signature=speaker.name,
        body=body,
        **vars(about),
    )
    _done(speaker, PortalVisit.What.COMMENTED, f"comment:{found.pk}", "comment", body)
    return found


@transaction.atomic
def ask_follow_up(speaker: Speaker, subject: str) -> FollowUp:
    """Asks the agency to get in touch."""
    found = FollowUp.objects.create(
        client=speaker.client, subject=subject, asked_by=speaker.person, asked_as=speaker.name
    )
    _done(speaker, PortalVisit.What.FOLLOW_UP, f"follow-up:{found.pk}", "follow_up", subject)
    return found


@transaction.atomic
def agree(speaker: Speaker, goal_id: int, title: str, today: date) -> bool:
    """Agrees to a goal, whose day of agreement follows. False where somebody has."""
    if GoalAgreement.objects.filter(client=speaker.client, goal_id=goal_id).exists():
        return False
    found = GoalAgreement.objects.create(
        client=speaker.client, goal_id=goal_id, agreed_by=speaker.person, agreed_on=today
    )
    _done(speaker, PortalVisit.What.GOAL_AGREED, f"goal-agreement:{found.pk}", "goal_agreed", title)
    tell_changed(GoalAgreement, speaker.client.pk)
    return True


def tell_of_pulse(speaker: Speaker, pulse: Pulse) -> None:
    """Tells that somebody answered the pulse by name, and not what: of a confidential answer nobody is told.

    In the transaction of the answer, as whatever is done behind the wall.
    """
    if not pulse.confidential:
        _reach(speaker, f"pulse:{pulse.pk}", "pulse", "")


def _done(speaker: Speaker, what: PortalVisit.What, key: str, kind: str, words: str) -> None:
    visits.keep(speaker.client.pk, speaker.person.pk, what)
    _reach(speaker, key, kind, words)


def _reach(speaker: Speaker, key: str, kind: str, words: str) -> None:
    """Writes to whoever leads the account, or else to everybody on its team."""
    page = reverse("metrics:account", args=[speaker.client.external_id])
    post_to_team(
        key,
        "from_client",
        {
            "kind": kind,
            "who": speaker.name,
            "client_name": speaker.client.name,
            "words": words,
            "url": f"{settings.SITE_ADDRESS}{page}#conversation",
        },
        speaker.client,
    )


# What the agency answers


@transaction.atomic
def reply(to: Comment, by: Person, body: str) -> Comment:
    """Replies in a thread, and writes to whoever wrote the comment."""
    found = Comment.objects.create(
        client_id=to.client_id,
        side=Pulse.Side.AGENCY,
        replies_to_id=to.replies_to_id or to.pk,
        written_by=by,
        signature=str(by),
        body=body,
    )
    _answer(to.written_by, to.client, f"comment:{found.pk}", str(by), to.body, body)
    return found


@transaction.atomic
def answer_follow_up(follow_up: FollowUp, by: Person, answer: str) -> bool:
    """Says when or how it is settled, and writes to whoever asked. False where somebody has."""
    now = timezone.now()
    changed = FollowUp.objects.filter(pk=follow_up.pk, answered_at=None).update(
        answer=answer, answered_by=by, answered_as=str(by), answered_at=now
    )
    if changed:
        key = f"follow-up:{follow_up.pk}:answer"
        _answer(follow_up.asked_by, follow_up.client, key, str(by), follow_up.subject, answer)
    return bool(changed)


def _answer(to: Person, client: Client, key: str, by: str, said: str, answer: str) -> None:
    if not to.is_active:
        return
    url = f"{settings.SITE_ADDRESS}{reverse('portal:comments')}"
    post(
        key,
        "answer",
        to.email,
        languages.written_to(to),
        {"by": by, "said": said, "answer": answer, "url": url},
        client,
    )
