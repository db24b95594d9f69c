"""Who may see what."""

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
