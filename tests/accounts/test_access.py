"""Who may see what."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import access
from accounts.models import Agency, Contact, Person, TeamMember
from tests import builders

pytestmark = pytest.mark.django_db


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


def names(person: Person) -> set[str]:
    return {client.name for client in access.own_clients(person)}


def test_own_accounts_are_those_whose_team_one_is_on(cast: builders.Cast) -> None:
    contoso = builders.client("Contoso", account_manager=cast.sam)
    builders.team_member(contoso, cast.omar, "sponsor")
    assert names(cast.lena) == {"Northwind"}
    assert names(cast.sam) == {"Northwind", "Contoso"}
    assert names(cast.omar) == {"Contoso"}
    assert names(cast.noor) == set()


def test_a_spell_that_is_over_makes_no_account_ones_own(cast: builders.Cast) -> None:
    TeamMember.objects.filter(person=cast.sam).update(ended_on=date(2026, 5, 26))
    assert names(cast.sam) == set()
    assert not access.may_record(cast.sam, cast.northwind)


def test_who_is_not_of_the_agency_has_no_own_accounts(cast: builders.Cast) -> None:
    cast.northwind.account_manager = builders.person("Dana", role=Person.Role.CONTACT)
    cast.northwind.save()
    assert names(cast.northwind.account_manager) == set()
    assert not access.own_clients(AnonymousUser()).exists()


def test_account_managers_read_all_accounts_or_their_own_as_the_agency_has_it(cast: builders.Cast) -> None:
    builders.client("Contoso")
    assert access.visible_clients(cast.sam).count() == 2
    Agency.objects.update(managers_read=Agency.Reads.OWN)
    seen = {person.name: access.visible_clients(person).count() for person in (cast.lena, cast.sam, cast.noor)}
    assert seen == {"Lena": 1, "Sam": 1, "Noor": 0}
    assert access.visible_clients(cast.omar).count() == access.visible_clients(builders.ines()).count() == 2


def test_leadership_and_the_team_record_on_an_account(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana)
    recording = {
        person.name: access.may_record(person, cast.northwind)
        for person in (cast.lena, cast.sam, cast.noor, cast.omar, builders.ines(), dana)
    }
    assert recording == {"Lena": True, "Sam": True, "Noor": False, "Omar": True, "Ines": True, "Dana": False}
    assert not access.may_record(AnonymousUser(), cast.northwind)


def test_a_contact_is_signed_in_as_the_contact_of_their_own_client_until_they_leave(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana)
    assert access.is_contact(dana)
    assert access.own_contact(dana) == cast.dana
    Contact.objects.update(left_on=date(2200, 1, 1))
    assert access.own_contact(dana) == cast.dana
    Contact.objects.update(left_on=date(2026, 1, 1))
    assert access.own_contact(dana) is None
    # In one of them it is not the day it is in Greenwich.
    for month, zone in enumerate(("Pacific/Kiritimati", "Etc/GMT+12"), start=1):
        builders.setting("time_zone", date(2026, month, 1), zone)
        today = datetime.now(ZoneInfo(zone)).date()
        Contact.objects.update(left_on=today + timedelta(days=1))
        assert access.own_contact(dana) == cast.dana
        Contact.objects.update(left_on=today)
        assert access.own_contact(dana) is None
    Contact.objects.update(left_on=None)
    dana.is_active = False
    assert not access.is_contact(dana)
    assert access.own_contact(dana) is None
    assert access.own_contact(cast.lena) is None
    assert access.own_contact(AnonymousUser()) is None


def test_people_the_agency_and_the_audit_are_for_administrators_alone(cast: builders.Cast) -> None:
    rules = (access.may_keep_people, access.may_keep_the_agency, access.may_see_audit)
    ines = builders.ines()
    assert all(rule(ines) for rule in rules)
    assert not any(rule(person) for rule in rules for person in (cast.lena, cast.omar, AnonymousUser()))


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
