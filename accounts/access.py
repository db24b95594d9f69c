"""Who may see or change what: every rule, in one place."""

from datetime import date
from typing import TypeGuard

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import CheckIn, CheckInPerson, Client, Person

User = AbstractBaseUser | AnonymousUser
"""Whoever sent a request, signed in or not."""


def is_of_the_agency(user: User) -> TypeGuard[Person]:
    """Whether this is someone of the agency who may sign in; a client's contact is not."""
    return isinstance(user, Person) and user.is_active and user.role != Person.Role.CONTACT


def visible_clients(user: User) -> QuerySet[Client]:
    """The clients this person may see: all of them for people of the agency, none for anyone else."""
    return Client.objects.all() if is_of_the_agency(user) else Client.objects.none()


def own_clients(user: User, since: date) -> QuerySet[Client]:
    """The visible clients this person leads, or works on: was in half or more of the check-ins held since that day."""
    if not is_of_the_agency(user):
        return Client.objects.none()
    was_there = CheckInPerson.objects.filter(check_in=OuterRef("pk"), person=user)
    met = CheckInPerson.objects.filter(person=user, check_in__held_on__gte=since)
    works_on = (
        CheckIn.objects.filter(held_on__gte=since, client_id__in=met.values("client_id"))
        .order_by()
        .values("client_id")
        .annotate(held=Count("pk"), attended=Count("pk", filter=Exists(was_there)))
        .filter(held__lte=2 * F("attended"))
        .values("client_id")
    )
    return visible_clients(user).filter(Q(account_manager=user) | Q(pk__in=works_on))


def arrives_at_own_accounts(user: User) -> bool:
    """Whether their own accounts are what this person sees first; leadership sees all of them first."""
    return is_of_the_agency(user) and not user.leads


def people_of_the_agency() -> QuerySet[Person]:
    """Everyone of the agency who may sign in: whom something can be given to."""
    return Person.objects.filter(is_active=True).exclude(role=Person.Role.CONTACT)


def may_see_accounts(user: User) -> bool:
    """Whether the pages about accounts exist for this person at all, whatever they hold."""
    return is_of_the_agency(user)


def may_see_the_night(user: User) -> bool:
    """Whether the page about the computation of the figures exists for this person: leadership's alone."""
    return is_of_the_agency(user) and user.leads


def may_record(user: User, client: Client) -> bool:
    """Whether this person may record what happens on this account: whoever sees it, being of the agency."""
    return is_of_the_agency(user)


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
