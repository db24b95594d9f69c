"""The act of leaving: somebody signs in no more, and all they recorded stays as it is.

Their accounts are handed over, to one colleague or to nobody; their other places on teams end, and their sessions
at once. Somebody who comes back signs in again, and finds their name where it was.
"""

from datetime import date, datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit, recording, teams
from accounts.models import AuditEntry, Client, Invitation, Person, TeamMember


class LeavingRefused(Exception):
    """They stay as they are; says why in a sentence."""


@transaction.atomic
def let_go(person: Person, on: date, now: datetime, *, by: Person, successor: Person | None = None) -> None:
    """Ends what somebody may do here. Raises LeavingRefused for oneself, and for the last administrator."""
    if person == by:
        raise LeavingRefused(_("Nobody ends their own access: ask another administrator."))
    _keep_an_administrator(person)
    recording.sign(by)
    for client in Client.objects.filter(account_manager=person).order_by("pk"):
        try:
            teams.hand_over(client, successor, on, by=by, reason=_("%(name)s left.") % {"name": person})
        except teams.TeamRefused as refused:
            raise LeavingRefused(f"{client}: {refused}") from refused
    for member in TeamMember.objects.filter(person=person, ended_on=None).select_related("client", "person"):
        teams.leave(member, max(on, member.started_on or on), by=by)
    Person.objects.filter(pk=person.pk).update(is_active=False, left_on=on)
    Invitation.objects.unanswered().filter(email=person.email).update(revoked_at=now)
    end_sessions(person, UserSession.objects.all())


@transaction.atomic
def take_back(person: Person, *, by: Person) -> None:
    """Lets somebody who left sign in again, as they did."""
    recording.sign(by)
    Person.objects.filter(pk=person.pk).update(is_active=True, left_on=None)


@transaction.atomic
def give_role(person: Person, role: str, *, by: Person) -> None:
    """Gives somebody of the agency another role. Raises LeavingRefused where no administrator would be left."""
    if role not in (Person.Role.ADMIN, Person.Role.LEADERSHIP, Person.Role.ACCOUNT_MANAGER):
        raise ValueError(role)
    if role != Person.Role.ADMIN:
        _keep_an_administrator(person)
    recording.sign(by)
    Person.objects.filter(pk=person.pk).exclude(role=Person.Role.CONTACT).update(role=role)


@transaction.atomic
def end_sessions(person: Person, sessions: QuerySet[UserSession]) -> int:
    """Ends sessions of somebody, wherever they are open, and notes it; says how many."""
    engine = import_module(settings.SESSION_ENGINE)
    ended = 0
    for session in sessions.filter(user=person):
        store = engine.SessionStore(session.session_key)
        # One that came to an end by itself is left in the list until somebody looks.
        ended += store.exists(session.session_key)
        store.delete()
        session.delete()
    if ended:
        audit.note(AuditEntry.Kind.SESSIONS_ENDED, of=str(person), sessions=ended)
    return ended


@transaction.atomic
def without_second_factor(person: Person) -> None:
    """Takes second factors away, of somebody who has lost what they kept them on, and notes it."""
    there = Authenticator.objects.filter(user=person)
    ways = sorted(set(there.values_list("type", flat=True)))
    if ways:
        there.delete()
        audit.note(AuditEntry.Kind.ACCESS, of=str(person), change="second factors taken away", way=", ".join(ways))


def _keep_an_administrator(person: Person) -> None:
    if person.role != Person.Role.ADMIN:
        return
    # Held until the transaction ends, so that two who let each other go can't both succeed.
    there = Person.objects.select_for_update().filter(role=Person.Role.ADMIN, is_active=True).order_by("pk")
    if not [one for one in there if one.pk != person.pk]:
        raise LeavingRefused(_("%(name)s is the only administrator: name another one first.") % {"name": person})
