"""Who may see what."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import access
from accounts.models import Person
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> builders.Cast:
    return builders.cast()


@pytest.mark.parametrize("name", ["lena", "sam", "noor", "omar"])
def test_people_of_the_agency_see_all_clients(cast: builders.Cast, name: str) -> None:
    builders.client("Contoso")
    assert access.visible_clients(getattr(cast, name)).count() == 2
    assert access.may_see_accounts(getattr(cast, name))


def test_a_client_contact_sees_no_account_not_even_their_own(cast: builders.Cast) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    cast.dana.person = dana
    cast.dana.save()
    assert not access.visible_clients(dana).exists()
    assert not access.may_see_accounts(dana)
    assert not access.may_see_the_night(dana)


def test_an_administrator_who_became_a_contact_sees_nothing(cast: builders.Cast) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT, is_superuser=True)
    assert not access.visible_clients(dana).exists()
    assert not access.may_see_the_night(dana)


def test_nobody_who_is_not_signed_in_sees_anything(cast: builders.Cast) -> None:
    assert not access.visible_clients(AnonymousUser()).exists()
    assert not access.may_see_accounts(AnonymousUser())
    assert not access.may_see_the_night(AnonymousUser())


def test_someone_who_left_the_agency_sees_nothing(cast: builders.Cast) -> None:
    cast.omar.is_active = False
    assert not access.visible_clients(cast.omar).exists()
    assert not access.may_see_accounts(cast.omar)
    assert not access.may_see_the_night(cast.omar)


def test_the_night_is_for_leadership(cast: builders.Cast) -> None:
    assert access.may_see_the_night(cast.omar)
    assert access.may_see_the_night(builders.person("Ada", role=Person.Role.ADMIN))
    assert not access.may_see_the_night(cast.lena)
    assert not access.may_see_the_night(cast.noor)


# Own accounts

SINCE = date(2026, 5, 26)


def names(person: Person) -> set[str]:
    return {client.name for client in access.own_clients(person, SINCE)}


def test_whoever_leads_an_account_has_it_for_their_own(cast: builders.Cast) -> None:
    builders.client("Contoso", account_manager=cast.sam)
    assert names(cast.lena) == {"Northwind"}
    assert names(cast.sam) == {"Contoso"}
    assert names(cast.omar) == names(cast.noor) == set()


def test_whoever_was_in_half_of_the_check_ins_works_on_the_account(cast: builders.Cast) -> None:
    builders.check_in(cast.northwind, SINCE, people=[cast.sam, cast.lena])
    assert names(cast.sam) == {"Northwind"}
    builders.check_in(cast.northwind, date(2026, 7, 1), people=[cast.lena])
    assert names(cast.sam) == {"Northwind"}
    builders.check_in(cast.northwind, date(2026, 8, 1), people=[cast.lena])
    assert names(cast.sam) == set()
    assert names(cast.lena) == {"Northwind"}


def test_check_ins_of_long_ago_make_nobody_work_on_an_account(cast: builders.Cast) -> None:
    builders.check_in(cast.northwind, date(2026, 5, 25), people=[cast.sam])
    assert names(cast.sam) == set()


def test_who_is_not_of_the_agency_has_no_own_accounts(cast: builders.Cast) -> None:
    cast.northwind.account_manager = builders.person("Dana", role=Person.Role.CONTACT)
    cast.northwind.save()
    assert names(cast.northwind.account_manager) == set()
    assert not access.own_clients(AnonymousUser(), SINCE).exists()


def test_own_accounts_come_first_for_all_but_leadership(cast: builders.Cast) -> None:
    assert access.arrives_at_own_accounts(cast.lena)
    assert not access.arrives_at_own_accounts(cast.omar)
    assert not access.arrives_at_own_accounts(builders.person("Dana", role=Person.Role.CONTACT))


def test_anyone_of_the_agency_adds_clients_and_leadership_alone_keeps_the_sample(cast: builders.Cast) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    ada = builders.person("Ada", role=Person.Role.ADMIN)
    assert [access.may_add_clients(one) for one in (cast.noor, cast.omar, ada, dana)] == [True, True, True, False]
    assert [access.may_keep_the_sample(one) for one in (cast.noor, cast.omar, ada, dana)] == [False, True, True, False]


def test_reviews_are_for_leadership(cast: builders.Cast) -> None:
    assert access.may_review(cast.omar)
    assert access.may_review(builders.person("Ada", role=Person.Role.ADMIN))
    assert not access.may_review(cast.lena)
    assert not access.may_review(builders.person("Dana", role=Person.Role.CONTACT, is_superuser=True))
    assert not access.may_review(AnonymousUser())
    cast.omar.is_active = False
    assert not access.may_review(cast.omar)


def test_people_of_the_agency_are_those_who_may_sign_in(cast: builders.Cast) -> None:
    builders.person("Dana", role=Person.Role.CONTACT)
    builders.person("Ugo", is_active=False)
    assert {person.name for person in access.people_of_the_agency()} == {"Lena", "Sam", "Noor", "Omar"}
