"""Who comes in: the people of the agency and of its clients, their invitations, and where one person is signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest, Now

from accounts.models import Client, Invitation, Person, TeamMember

INVITATIONS_SHOWN = 200


@dataclass(frozen=True)
class PersonRow:
    """One person as the list of people shows them."""

    id: int
    name: str
    email: str
    role: str
    role_name: str
    client: str
    """The name of the client they are of; blank for people of the agency."""
    client_id: str
    seen_at: datetime | None
    has_second_factor: bool
    owes_second_factor: bool
    accounts: int
    """On how many teams they are."""
    comes_in: bool
    """Whether they have what it takes to sign in: a client's person, or a password."""
    left_on: date | None
    is_active: bool


@dataclass(frozen=True)
class InvitationRow:
    """One invitation that nobody has answered."""

    id: int
    email: str
    name: str
    role_name: str
    client: str
    by: str
    invited_at: datetime
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True)
class People:
    """Everyone, those who may come in before those who may not."""

    colleagues: tuple[PersonRow, ...]
    contacts: tuple[PersonRow, ...]
    gone: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]


def people(now: datetime) -> People:
    """All of them; two queries."""
    rows = [_row(person) for person in _with_what_is_shown()]
    waiting = Invitation.objects.unanswered().select_related("invited_by", "client").order_by("-invited_at", "-id")
    return People(
        colleagues=tuple(row for row in rows if row.is_active and row.role != Person.Role.CONTACT),
        contacts=tuple(row for row in rows if row.is_active and row.role == Person.Role.CONTACT),
        gone=tuple(row for row in rows if not row.is_active),
        invitations=tuple(
            InvitationRow(
                id=one.pk,
                email=one.email,
                name=one.name,
                role_name=one.get_role_display(),
                client=str(one.client) if one.client else "",
                by=str(one.invited_by),
                invited_at=one.invited_at,
                expires_at=one.expires_at,
                is_open=one.expires_at > now,
            )
            for one in waiting[:INVITATIONS_SHOWN]
        ),
    )


def person_row(pk: int) -> PersonRow | None:
    """One of them."""
    person = _with_what_is_shown().filter(pk=pk).first()
    return None if person is None else _row(person)


def _with_what_is_shown() -> QuerySet[Person]:
    teams = Count("teams__client", filter=Q(teams__ended_on=None), distinct=True)
    # Counted apart, as either would multiply the other.
    seen = Person.objects.filter(pk=OuterRef("pk")).annotate(at=Max("usersession__last_seen_at")).values("at")
    return (
        Person.objects.annotate(accounts=teams, seen_at=Greatest(seen, "last_login"))
        .select_related("contact__client")
        .order_by("name", "email")
    )


def _row(person: Person) -> PersonRow:
    found: Any = vars(person)
    contact = getattr(person, "contact", None)
    is_of_client = person.role == Person.Role.CONTACT
    return PersonRow(
        id=person.pk,
        name=str(person),
        email=person.email,
        role=person.role,
        role_name=person.get_role_display(),
        client=contact.client.name if contact else "",
        client_id=contact.client.external_id if contact else "",
        seen_at=found["seen_at"],
        has_second_factor=person.has_second_factor,
        owes_second_factor=person.leads and not person.has_second_factor,
        accounts=found["accounts"],
        comes_in=is_of_client or person.has_usable_password(),
        left_on=person.left_on,
        is_active=person.is_active,
    )


# One person


@dataclass(frozen=True)
class Spell:
    """One spell on one team."""

    client: str
    client_id: str
    role: str
    role_name: str
    started_on: date | None
    ended_on: date | None


def spells(person_id: int) -> tuple[Spell, ...]:
    """The teams somebody is and was on, those of today first."""
    rows = TeamMember.objects.filter(person=person_id).select_related("client")
    found = [
        Spell(row.client.name, row.client.external_id, row.role, row.get_role_display(), row.started_on, row.ended_on)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.ended_on is not None, one.client, one.role)))


def led_by(person_id: int) -> tuple[str, ...]:
    """The names of the accounts somebody leads."""
    return tuple(Client.objects.filter(account_manager=person_id).order_by("name").values_list("name", flat=True))


@dataclass(frozen=True)
class SessionRow:
    """One place where somebody is signed in."""

    id: int
    began_at: datetime
    seen_at: datetime
    ip: str
    browser: str
    is_this: bool


def sessions(person_id: int, this: str | None) -> tuple[SessionRow, ...]:
    """Where somebody is signed in, this place first and then the one seen latest."""
    open_one = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    rows = UserSession.objects.filter(Exists(open_one), user_id=person_id)
    found = [
        SessionRow(
            row.pk, row.created_at, row.last_seen_at, row.ip, browser_name(row.user_agent), row.session_key == this
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_this, -one.seen_at.timestamp())))


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(said: str) -> str:
    """What a browser calls itself, in two words; blank where it says nothing known."""
    browser = next((name for mark, name in _BROWSERS if mark in said), "")
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return ", ".join(word for word in (browser, system) if word)


@dataclass(frozen=True)
class PasskeyRow:
    """One passkey."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What somebody keeps beside a password."""

    passkeys: tuple[PasskeyRow, ...]
    authenticator_since: datetime | None
    has_recovery_codes: bool


def factors(person_id: int) -> Factors:
    """Of one person."""
    rows = list(Authenticator.objects.filter(user_id=person_id).order_by("created_at", "pk"))
    authenticator = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    return Factors(
        passkeys=tuple(
            PasskeyRow(row.pk, str(row), row.created_at, row.last_used_at)
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        authenticator_since=authenticator.created_at if authenticator else None,
        has_recovery_codes=any(row.type == Authenticator.Type.RECOVERY_CODES for row in rows),
    )
