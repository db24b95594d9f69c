"""Who may see or change what: every rule, in one place."""

from typing import TypeGuard

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Client, Person

User = AbstractBaseUser | AnonymousUser
"""Whoever sent a request, signed in or not."""


def is_of_the_agency(user: User) -> TypeGuard[Person]:
    """Whether this is someone of the agency who may sign in; a client's contact is not."""
    return isinstance(user, Person) and user.is_active and user.role != Person.Role.CONTACT


def visible_clients(user: User) -> QuerySet[Client]:
    """The clients this person may see: all of them for people of the agency, none for anyone else."""
    return Client.objects.all() if is_of_the_agency(user) else Client.objects.none()


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


def may_keep_records(user: User) -> bool:
    """Whether the admin site opens for this person, where any record can be put right."""
    return is_of_the_agency(user) and user.is_staff
