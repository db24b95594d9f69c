"""The act of inviting somebody in: a link that is sent by mail, lets in once, and within a week.

An invitation is bound to an address and a role, and for a client's people to the contact they are. The link is in
the mail alone; what is kept of it is its hash. Whoever holds it has shown that the address is theirs.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import languages, outbox, recording
from accounts.models import Agency, Contact, Invitation, Person
from accounts.queries.clock import today

LASTS = timedelta(days=7)


class InvitationRefused(Exception):
    """Nobody was invited; says why in a sentence."""


class InvitationClosed(Exception):
    """The link lets nobody in: it was used, taken back, has run out, or never was one."""


@transaction.atomic
def invite(email: str, role: str, *, by: Person, now: datetime, name: str = "") -> Invitation:
    """Invites someone of the agency; whoever has not come yet gets another link in place of the first."""
    email = email.strip().lower()
    there = Person.objects.filter(email=email).first()
    if there is not None and there.role == Person.Role.CONTACT:
        raise InvitationRefused(_("%(email)s signs in for a client.") % {"email": email})
    if there is not None and _comes_in(there):
        raise InvitationRefused(_("%(name)s signs in already.") % {"name": there})
    recording.sign(by)
    return _sent(Invitation(email=email, name=name.strip(), role=role), by, now, languages.ENGLISH)


@transaction.atomic
def invite_contact(contact: Contact, *, by: Person, now: datetime) -> Invitation:
    """Invites a client's person, by the address that is recorded of them."""
    contact = Contact.objects.select_related("client", "person").get(pk=contact.pk)
    if not contact.email:
        raise InvitationRefused(_("An e-mail of %(name)s is not recorded.") % {"name": contact})
    if _has_left(contact, now):
        raise InvitationRefused(_("%(name)s has left.") % {"name": contact})
    if contact.person is not None and contact.person.is_active:
        raise InvitationRefused(_("%(name)s signs in already.") % {"name": contact})
    there = Person.objects.filter(email=contact.email).first()
    if there is not None and there != contact.person and not _is_free(there):
        raise InvitationRefused(_("%(email)s signs in as somebody else.") % {"email": contact.email})
    recording.sign(by)
    made = Invitation(
        email=contact.email, name=contact.name[:200], role=Person.Role.CONTACT, client=contact.client, contact=contact
    )
    return _sent(made, by, now, languages.written_to(there))


@transaction.atomic
def revoke(invitation: Invitation, *, by: Person, now: datetime) -> bool:
    """Takes an invitation back, unless it was accepted meanwhile; says whether it did."""
    recording.sign(by)
    return bool(Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=now))


def found(token: str, now: datetime) -> Invitation:
    """The invitation that a link names, while it lets in. Raises InvitationClosed."""
    open_ones = Invitation.objects.open(now).select_related("invited_by", "client", "contact")
    invitation = open_ones.filter(token_hash=_hash(token)).first()
    if invitation is None or (invitation.contact is not None and _has_left(invitation.contact, now)):
        raise InvitationClosed
    return invitation


@transaction.atomic
def accept(token: str, *, now: datetime, name: str = "", password: str | None = None) -> Person:
    """Lets the invited person in. Of several who try with one link at once, one gets in.

    Raises InvitationClosed, also where the address has come to somebody else meanwhile.
    """
    # One UPDATE on the row's own columns: a condition that looks elsewhere could hold for two at once.
    open_one = Invitation.objects.filter(token_hash=_hash(token), accepted_at=None, revoked_at=None, expires_at__gt=now)
    if not open_one.update(accepted_at=now):
        raise InvitationClosed
    invitation = Invitation.objects.select_related("contact").get(token_hash=_hash(token))
    person = Person.objects.select_for_update().filter(email=invitation.email).first()
    if person is None:
        person = Person(email=invitation.email)
        person.set_unusable_password()
    elif not _may_become(person, invitation):
        raise InvitationClosed
    contact = invitation.contact
    if contact is not None and _has_left(contact, now):
        raise InvitationClosed
    person.name = (name or person.name or invitation.name).strip()
    person.role = invitation.role
    person.is_active, person.left_on = True, None
    if password is not None:
        person.set_password(password)
    person.save()
    recording.sign(person)
    if contact is not None:
        Contact.objects.filter(pk=contact.pk).update(person=person)
    Invitation.objects.filter(pk=invitation.pk).update(person=person)
    return person


def _sent(invitation: Invitation, by: Person, now: datetime, language: str) -> Invitation:
    Invitation.objects.unanswered().filter(email=invitation.email).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(token)
    invitation.invited_by, invitation.invited_at, invitation.expires_at = by, now, now + LASTS
    invitation.save(force_insert=True)
    agency = Agency.objects.current()
    outbox.post(
        f"invitation:{invitation.pk}",
        "invitation",
        invitation.email,
        language,
        {
            "agency": agency.name,
            "name": invitation.name,
            "by": str(by),
            "client": str(invitation.client) if invitation.client else "",
            "token": token,
            "days": LASTS.days,
        },
        client=invitation.client,
        good_until=invitation.expires_at,
    )
    return invitation


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _comes_in(person: Person) -> bool:
    """Whether they can sign in as it is."""
    return person.is_active and person.has_usable_password()


def _is_free(person: Person) -> bool:
    """Whether an address that is known signs in for nobody: someone of a client who was let go."""
    return person.role == Person.Role.CONTACT and not Contact.objects.filter(person=person).exists()


def _may_become(person: Person, invitation: Invitation) -> bool:
    """Whether the person with this address may come in as who was invited; it may have changed since."""
    if invitation.contact is None:
        return person.role != Person.Role.CONTACT and not _comes_in(person)
    return invitation.contact.person_id == person.pk or _is_free(person)


def _has_left(contact: Contact, now: datetime) -> bool:
    return contact.left_on is not None and contact.left_on <= today(now)
