"""Who may see or change what: every rule, in one place."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeGuard

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import DateField, DateTimeField, Exists, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Now, TruncDate

from accounts.models import Agency, Client, Contact, Person, Pulse, PulseSheet, Setting, TeamMember
from accounts.settings_in_force import DEFAULTS

User = AbstractBaseUser | AnonymousUser
"""Whoever sent a request, signed in or not."""


# Who it is


def is_of_the_agency(user: User) -> TypeGuard[Person]:
    """Whether this is someone of the agency who may sign in; a client's contact is not."""
    return isinstance(user, Person) and user.is_active and user.role != Person.Role.CONTACT


def is_contact(user: User) -> TypeGuard[Person]:
    """Whether this is someone of a client who may sign in."""
    return isinstance(user, Person) and user.is_active and user.role == Person.Role.CONTACT


def own_contact(user: User) -> Contact | None:
    """The contact this person is signed in as, with its client; nobody once they have left the client.

    Of both only what a client's people may read of themselves, as this is asked behind the wall as well.
    """
    if not is_contact(user):
        return None
    read = ("name", "email", "role", "left_on", "person_id", "client__external_id", "client__name", "client__currency")
    there = Contact.objects.select_related("client").only(*read).filter(person=user)
    return there.filter(Q(left_on=None) | Q(left_on__gt=_today())).first()


def _today() -> Combinable:
    """The day on the agency's clock now, within a query; elsewhere accounts.queries.clock says it."""
    of_zone = Setting.objects.filter(name="time_zone", effective_on__lte=TruncDate(Now())).order_by("-effective_on")
    zone = Coalesce(Subquery(of_zone.values("value")[:1]), Value(DEFAULTS["time_zone"]))
    return Cast(Func(zone, Now(), function="timezone", output_field=DateTimeField()), DateField())


def people_of_the_agency() -> QuerySet[Person]:
    """Everyone of the agency who may sign in: whom something can be given to."""
    return Person.objects.filter(is_active=True).exclude(role=Person.Role.CONTACT)


# Which clients


def visible_clients(user: User) -> QuerySet[Client]:
    """The clients this person may see.

    Leadership sees all of them, account managers as the agency has it all of them or those whose team they are
    on; nobody else sees any.
    """
    if not is_of_the_agency(user):
        return Client.objects.none()
    if user.leads:
        return Client.objects.all()
    read_all = Agency.objects.filter(pk=Agency.ONLY, managers_read=Agency.Reads.ALL)
    return Client.objects.filter(Exists(read_all) | Q(pk__in=_on_the_team(user).values("client_id")))


def own_clients(user: User) -> QuerySet[Client]:
    """The visible clients whose team this person is on, in whichever role."""
    if not is_of_the_agency(user):
        return Client.objects.none()
    return Client.objects.filter(pk__in=_on_the_team(user).values("client_id"))


def recordable_clients(user: User) -> QuerySet[Client]:
    """The clients on whose accounts this person may record: for leadership all, for others their own."""
    return Client.objects.all() if is_of_the_agency(user) and user.leads else own_clients(user)


def may_record(user: User, client: Client, team: Collection[int] | None = None) -> bool:
    """Whether this person may record what happens on this account: leadership, and whoever is on its team.

    `team` are the numbers of those who are on it, where they have been read already.
    """
    if not is_of_the_agency(user):
        return False
    if user.leads or client.account_manager_id == user.pk:
        return True
    return user.pk in team if team is not None else _on_the_team(user).filter(client=client).exists()


# The pulse


def answers_for(user: User, since: date) -> QuerySet[Client]:
    """The clients for which this person answers the agency's pulse of the quarter that began on that day.

    Those on whose team they are or were within it. Leadership answers only where it was on the team when the quarter
    began: till then it reads the client's answers as they come, and would answer knowing them.
    """
    if not is_of_the_agency(user):
        return Client.objects.none()
    return Client.objects.filter(_answers(user, "pk", since))


def closed_clients(user: User, since: date, until: date) -> QuerySet[Client]:
    """The clients whose own answers of the quarter in progress, [since, until), are closed to this person."""
    return Client.objects.filter(are_answers_closed(user, "pk", since, until))


def are_answers_closed(user: User, client: str, since: Any, until: Any) -> Q:
    """Whether this person may not read yet what a client's own people answered in the quarter in progress.

    Of the rows of a query: `client` names where each says whose it is, `since` and `until`, dates or what the rows
    say of them, when its quarter, [since, until), is. Blind first (DOMAIN.md, 7): whoever answers for the agency has
    sent theirs before. To account managers who are not on the team they open when the quarter has ended: tomorrow
    they may be on it.
    """
    if not is_of_the_agency(user):
        return Q(Value(True))
    of_person = {"client": OuterRef(client), "side": Pulse.Side.AGENCY}
    sheet = PulseSheet.objects.filter(**of_person, person=user, starts_on=since, sent_on__isnull=False)
    answer = Pulse.objects.filter(**of_person, respondent=user.email, answered_on__gte=since, answered_on__lt=until)
    is_closed = ~Exists(sheet) & ~Exists(answer)
    return Q(is_closed & _answers(user, client, since)) if user.leads else Q(is_closed)


def _answers(user: Person, client: str, since: date | OuterRef) -> Q:
    spells = TeamMember.objects.filter(client=OuterRef(client), person=user)
    spells = spells.filter(Q(ended_on=None) | Q(ended_on__gt=since))
    if user.leads:
        spells = spells.filter(Q(started_on=None) | Q(started_on__lte=since))
    return Q(Exists(spells))


def _on_the_team(person: Person) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(person=person, ended_on=None)


# Which pages


def arrives_at_own_accounts(user: User) -> bool:
    """Whether their own accounts are what this person sees first; leadership sees all of them first."""
    return is_of_the_agency(user) and not user.leads


def may_see_accounts(user: User) -> bool:
    """Whether the pages about accounts exist for this person at all, whatever they hold."""
    return is_of_the_agency(user)


def may_see_the_night(user: User) -> bool:
    """Whether the page about the computation of the figures exists for this person: leadership's alone."""
    return is_of_the_agency(user) and user.leads


def may_see_the_outbox(user: User) -> bool:
    """Whether the mail that was written to people exists for this person: leadership's alone."""
    return is_of_the_agency(user) and user.leads


def may_read_definitions(user: User) -> bool:
    """Whether the page that explains the figures exists for this person: for everybody of the agency."""
    return is_of_the_agency(user)


def may_change_settings(user: User) -> TypeGuard[Person]:
    """Whether the settings of the figures exist for this person: leadership's alone."""
    return is_of_the_agency(user) and user.leads


def may_review(user: User) -> TypeGuard[Person]:
    """Whether the quarterly review and its decisions, and the segments, exist for this person: leadership's alone."""
    return is_of_the_agency(user) and user.leads


def may_keep_records(user: User) -> bool:
    """Whether the admin site opens for this person, where any record can be put right."""
    return is_of_the_agency(user) and user.is_staff


def may_add_clients(user: User) -> bool:
    """Whether this person may record a new client: anyone of the agency."""
    return is_of_the_agency(user)


def may_keep_the_sample(user: User) -> bool:
    """Whether this person may fill in the sample agency, and take it out again: leadership alone."""
    return is_of_the_agency(user) and user.leads


def may_keep_people(user: User) -> TypeGuard[Person]:
    """Whether this person invites others, gives them their roles, and ends their access: administrators alone."""
    return is_of_the_agency(user) and user.role == Person.Role.ADMIN


def may_keep_the_agency(user: User) -> TypeGuard[Person]:
    """Whether the settings of the agency itself exist for this person: administrators alone."""
    return is_of_the_agency(user) and user.role == Person.Role.ADMIN


def may_see_audit(user: User) -> TypeGuard[Person]:
    """Whether this person reads who changed what: administrators alone."""
    return is_of_the_agency(user) and user.role == Person.Role.ADMIN
