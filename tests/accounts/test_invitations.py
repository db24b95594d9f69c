"""Tests of inviting: the link lets in once, within a week, as who was invited; and what it refuses."""

from __future__ import annotations

import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse

from accounts import access, invitations
from accounts.invitations import InvitationClosed, InvitationRefused
from accounts.models import Invitation, Mail, Person
from tests import builders
from tests.conftest import Database

NOW = datetime(2026, 5, 26, 9, tzinfo=UTC)


@pytest.fixture
def ines(cast: builders.Cast) -> Person:
    return builders.ines()


def token() -> str:
    """The token in the mail that was posted last."""
    found = re.search(r"/invitation/([\w-]{43})/", Mail.objects.latest("id").text)
    assert found
    return found[1]


def invited(by: Person, **given: Any) -> str:
    invitations.invite(
        given.pop("email", "Kim@Agency.example"),
        given.pop("role", Person.Role.ACCOUNT_MANAGER),
        by=by,
        now=NOW,
        **given,
    )
    return token()


# Coming in


def test_whoever_is_invited_comes_in_as_who_they_were_invited_as(ines: Person) -> None:
    link = invited(ines, role=Person.Role.LEADERSHIP, name="Kim")
    mail = Mail.objects.get()
    assert (mail.to, mail.kind, mail.secret, mail.good_until) == (
        "kim@agency.example", "invitation", True, NOW + invitations.LASTS,
    )  # fmt: skip
    kim = invitations.accept(link, now=NOW + timedelta(days=6), name="Kim Berg", password=builders.PASSWORD)
    assert (kim.email, kim.name, kim.role, kim.is_active) == ("kim@agency.example", "Kim Berg", "leadership", True)
    assert kim.check_password(builders.PASSWORD)
    assert Invitation.objects.get().person == kim


def test_a_link_lets_in_once(ines: Person) -> None:
    link = invited(ines)
    invitations.accept(link, now=NOW, name="Kim", password=builders.PASSWORD)
    with pytest.raises(InvitationClosed):
        invitations.accept(link, now=NOW, name="Kim", password="another-quiet-harbour")
    with pytest.raises(InvitationClosed):
        invitations.found(link, NOW)
    assert Person.objects.get(email="kim@agency.example").check_password(builders.PASSWORD)


def test_a_link_lets_in_for_seven_days(ines: Person) -> None:
    link = invited(ines)
    assert invitations.found(link, NOW + timedelta(days=7) - timedelta(seconds=1))
    with pytest.raises(InvitationClosed):
        invitations.found(link, NOW + timedelta(days=7))
    with pytest.raises(InvitationClosed):
        invitations.accept(link, now=NOW + timedelta(days=7))


def test_an_invitation_is_taken_back(ines: Person) -> None:
    link = invited(ines)
    assert invitations.revoke(Invitation.objects.get(), by=ines, now=NOW)
    assert not invitations.revoke(Invitation.objects.get(), by=ines, now=NOW)
    with pytest.raises(InvitationClosed):
        invitations.accept(link, now=NOW)
    assert not Person.objects.filter(email="kim@agency.example").exists()


def test_another_link_takes_the_place_of_the_first(ines: Person) -> None:
    first = invited(ines)
    second = invited(ines, role=Person.Role.ADMIN)
    with pytest.raises(InvitationClosed):
        invitations.accept(first, now=NOW)
    assert invitations.accept(second, now=NOW, name="Kim").role == Person.Role.ADMIN


def test_of_a_link_nothing_but_its_hash_is_kept(ines: Person) -> None:
    link = invited(ines)
    row = Invitation.objects.values_list().get()
    assert all(link not in str(value) for value in row)
    assert len(bytes(Invitation.objects.get().token_hash)) == 32


def test_someone_known_by_name_alone_comes_in_as_themselves(ines: Person, cast: builders.Cast) -> None:
    link = invited(ines, email=cast.noor.email, role=Person.Role.LEADERSHIP)
    assert invitations.accept(link, now=NOW, name="Noor", password=builders.PASSWORD) == cast.noor
    cast.noor.refresh_from_db()
    assert (cast.noor.role, cast.noor.has_usable_password()) == ("leadership", True)


def test_whoever_signs_in_already_is_not_invited(ines: Person) -> None:
    builders.person("Robin", password=builders.PASSWORD)
    with pytest.raises(InvitationRefused, match=r"Robin signs in already\."):
        invited(ines, email="robin@agency.example")


def test_a_link_ends_where_its_address_has_come_to_somebody_meanwhile(ines: Person) -> None:
    link = invited(ines)
    Person.objects.create_user("kim@agency.example", builders.PASSWORD, name="Kim")
    with pytest.raises(InvitationClosed):
        invitations.accept(link, now=NOW, password="another-quiet-harbour")
    assert Person.objects.get(email="kim@agency.example").check_password(builders.PASSWORD)


def test_of_many_who_use_one_link_at_once_one_gets_in(fresh_database: Database) -> None:
    ines = builders.ines()
    link = invited(ines)
    outcomes: list[str] = []
    begin = threading.Barrier(40)

    def comes() -> None:
        try:
            begin.wait(30)
            invitations.accept(link, now=NOW, name="Kim", password=None)
            outcomes.append("in")
        except InvitationClosed:
            outcomes.append("closed")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=comes) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["closed"] * 39 + ["in"]


# A client's people


def test_a_contact_comes_in_as_the_contact_they_are(ines: Person, cast: builders.Cast) -> None:
    invitations.invite_contact(cast.dana, by=cast.lena, now=NOW)
    mail = Mail.objects.get()
    assert (mail.to, mail.client) == ("dana@northwind.example", cast.northwind)
    dana = invitations.accept(token(), now=NOW)
    assert (dana.role, dana.name, dana.has_usable_password()) == ("contact", "Dana", False)
    assert access.own_contact(dana) == cast.dana
    with pytest.raises(InvitationRefused, match="signs in already"):
        invitations.invite_contact(cast.dana, by=cast.lena, now=NOW)


def test_nobody_is_invited_who_has_left_or_has_no_address(cast: builders.Cast) -> None:
    type(cast.dana).objects.update(left_on=date(2026, 5, 1))
    with pytest.raises(InvitationRefused, match="has left"):
        invitations.invite_contact(cast.dana, by=cast.lena, now=NOW)
    kim = builders.contact(cast.northwind, "Kim", email="")
    with pytest.raises(InvitationRefused, match="not recorded"):
        invitations.invite_contact(kim, by=cast.lena, now=NOW)


def test_who_leaves_today_has_left_where_the_agency_is(cast: builders.Cast) -> None:
    builders.setting("time_zone", date(2026, 1, 1), "Pacific/Auckland")
    evening, noon = (datetime(2026, 5, 25, hour, tzinfo=UTC) for hour in (11, 13))
    type(cast.dana).objects.update(left_on=date(2026, 5, 26))
    invitations.invite_contact(cast.dana, by=cast.lena, now=evening)
    link = token()
    assert invitations.found(link, evening).contact == cast.dana
    with pytest.raises(InvitationClosed):
        invitations.found(link, noon)
    with pytest.raises(InvitationRefused, match="has left"):
        invitations.invite_contact(cast.dana, by=cast.lena, now=noon)


def test_a_contact_who_leaves_meanwhile_does_not_come_in(cast: builders.Cast) -> None:
    invitations.invite_contact(cast.dana, by=cast.lena, now=NOW)
    link = token()
    type(cast.dana).objects.update(left_on=date(2026, 5, 26))
    with pytest.raises(InvitationClosed):
        invitations.found(link, NOW)
    with pytest.raises(InvitationClosed):
        invitations.accept(link, now=NOW)
    assert not Person.objects.filter(email=cast.dana.email).exists()


def test_the_address_of_somebody_of_the_agency_or_of_another_client_invites_no_contact(cast: builders.Cast) -> None:
    both = builders.contact(cast.northwind, "Lena", email=cast.lena.email)
    with pytest.raises(InvitationRefused, match="somebody else"):
        invitations.invite_contact(both, by=cast.lena, now=NOW)
    builders.signs_in(cast.dana)
    twin = builders.contact(builders.client("Contoso"), "Dana", email=cast.dana.email)
    with pytest.raises(InvitationRefused, match="somebody else"):
        invitations.invite_contact(twin, by=cast.lena, now=NOW)
    with pytest.raises(InvitationRefused, match="signs in for a client"):
        invitations.invite(cast.dana.email, Person.Role.ADMIN, by=cast.lena, now=NOW)


# The page


@pytest.mark.django_db
def test_the_link_shows_a_button_and_the_button_lets_in(ines: Person) -> None:
    invitations.invite("kim@agency.example", Person.Role.ADMIN, by=ines, now=datetime.now(UTC), name="Kim")
    address = reverse("accounts:invitation", args=[token()])
    browser = Browser()
    shown = browser.get(address)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert "kim@agency.example" in shown.content.decode()
    assert not Person.objects.filter(email="kim@agency.example").exists()
    weak = browser.post(address, {"name": "Kim", "password": "kim"})
    assert weak.status_code == 422
    assert "_auth_user_id" not in browser.session
    assert browser.post(address, {"name": "Kim", "password": builders.PASSWORD}).status_code == 302
    assert browser.session["_auth_user_id"] == str(Person.objects.get(email="kim@agency.example").pk)
    assert browser.get(address).status_code == 404


@pytest.mark.django_db
def test_what_is_over_and_what_never_was_are_told_alike(ines: Person) -> None:
    invitations.invite("kim@agency.example", Person.Role.ADMIN, by=ines, now=datetime.now(UTC) - timedelta(days=8))
    answers = [Browser().get(reverse("accounts:invitation", args=[link])) for link in (token(), "a" * 43, "short")]
    assert {answer.status_code for answer in answers} == {404}
    said = {re.sub(r"<form.*?</form>", "", answer.content.decode(), flags=re.S) for answer in answers}
    assert len(said) == 1


@pytest.mark.django_db
def test_whoever_comes_in_takes_the_place_of_who_was_signed_in(ines: Person, cast: builders.Cast) -> None:
    invitations.invite_contact(cast.dana, by=cast.lena, now=datetime.now(UTC))
    browser = Browser()
    browser.force_login(cast.lena)
    address = reverse("accounts:invitation", args=[token()])
    assert "Lena is signed in" in browser.get(address).content.decode()
    browser.post(address)
    assert browser.session["_auth_user_id"] == str(Person.objects.get(email=cast.dana.email).pk)


@pytest.mark.django_db
def test_a_contact_is_invited_from_the_account_by_who_records_on_it(cast: builders.Cast) -> None:
    address = reverse("accounts:contact_access", args=["northwind", cast.dana.external_id])
    invite = reverse("accounts:contact_invitation", args=["northwind", cast.dana.external_id])
    end = reverse("accounts:contact_access_end", args=["northwind", cast.dana.external_id])
    noor, sam = Browser(), Browser()
    noor.force_login(cast.noor)
    sam.force_login(cast.sam)
    assert [noor.get(address).status_code, noor.post(invite).status_code, noor.post(end).status_code] == [404] * 3
    assert "Send the invitation" in sam.get(address).content.decode()
    assert sam.post(invite).status_code == 303
    assert "Send another link" in sam.get(address).content.decode()
    link = token()
    assert sam.post(end).status_code == 303
    assert Browser().get(reverse("accounts:invitation", args=[link])).status_code == 404
    assert sam.post(invite).status_code == 303
    dana = Browser()
    dana.post(reverse("accounts:invitation", args=[token()]))
    assert "_auth_user_id" in dana.session
    assert "sees the page of Northwind" in sam.get(address).content.decode()
    assert "is invited" not in sam.post(invite).content.decode()
    sam.post(end)
    cast.dana.refresh_from_db()
    assert cast.dana.person is not None
    assert not cast.dana.person.is_active
    assert not Browser().login(username=cast.dana.email, password="")
    assert "_auth_user_id" not in dana.session or dana.get("/you/").status_code == 302
