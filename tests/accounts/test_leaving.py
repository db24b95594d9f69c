"""Tests of leaving: nobody signs in any more, and everything they recorded stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client as Browser

from accounts import invitations, leaving
from accounts.leaving import LeavingRefused
from accounts.models import Invitation, Person, TeamMember
from accounts.queries.teams import team
from tests import builders

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 26)
NOW = datetime(2026, 5, 26, 9, tzinfo=UTC)


@pytest.fixture
def ines(cast: builders.Cast) -> Person:
    return builders.ines()


def signed_in(person: Person) -> Browser:
    if not person.has_usable_password():
        person.set_password(builders.PASSWORD)
        person.save()
    browser = Browser()
    browser.post("/sign-in/", {"login": person.email, "password": builders.PASSWORD})
    assert "_auth_user_id" in browser.session
    return browser


def test_who_leaves_is_signed_out_everywhere_and_comes_in_no_more(cast: builders.Cast, ines: Person) -> None:
    here, there = signed_in(cast.lena), signed_in(cast.lena)
    others = signed_in(cast.sam)
    assert UserSession.objects.filter(user=cast.lena).count() == 2
    leaving.let_go(cast.lena, DAY, NOW, by=ines)
    assert here.get("/my-accounts/").status_code == there.get("/my-accounts/").status_code == 302
    assert others.get("/my-accounts/").status_code == 200
    assert not UserSession.objects.filter(user=cast.lena).exists()
    assert Session.objects.count() >= 1
    assert (
        here.post("/sign-in/", {"login": cast.lena.email, "password": builders.PASSWORD})["Location"]
        == "/sign-in/closed/"
    )


def test_accounts_are_handed_over_and_records_stay(cast: builders.Cast, ines: Person) -> None:
    check_in = builders.check_in(cast.northwind, DAY, people=[cast.lena])
    leaving.let_go(cast.lena, DAY, NOW, by=ines, successor=cast.sam)
    cast.lena.refresh_from_db()
    assert (cast.lena.is_active, cast.lena.left_on) == (False, DAY)
    found = team(cast.northwind.pk)
    assert found.lead is not None
    assert (found.lead.name, found.lead.reason) == ("Sam", "Lena left.")
    assert [row.name for row in found.before] == ["Lena"]
    assert list(check_in.agency_people.all()) == [cast.lena]


def test_other_places_on_teams_end(cast: builders.Cast, ines: Person) -> None:
    builders.team_member(cast.northwind, cast.sam, "growth", started_on=date(2026, 6, 1))
    leaving.let_go(cast.sam, DAY, NOW, by=ines)
    assert not TeamMember.objects.filter(person=cast.sam, ended_on=None).exists()


def test_open_invitations_end(cast: builders.Cast, ines: Person) -> None:
    invitations.invite(cast.noor.email, Person.Role.ADMIN, by=ines, now=NOW)
    leaving.let_go(cast.noor, DAY, NOW, by=ines)
    assert not Invitation.objects.unanswered().exists()


def test_an_administrator_stays(cast: builders.Cast, ines: Person) -> None:
    with pytest.raises(LeavingRefused, match="own access"):
        leaving.let_go(ines, DAY, NOW, by=ines)
    with pytest.raises(LeavingRefused, match="only administrator"):
        leaving.let_go(ines, DAY, NOW, by=cast.omar)
    with pytest.raises(LeavingRefused, match="only administrator"):
        leaving.give_role(ines, Person.Role.LEADERSHIP, by=ines)
    builders.person("Ada", role=Person.Role.ADMIN)
    leaving.give_role(ines, Person.Role.LEADERSHIP, by=ines)
    ines.refresh_from_db()
    assert ines.role == Person.Role.LEADERSHIP


def test_a_refused_handover_lets_nobody_go(cast: builders.Cast, ines: Person) -> None:
    cast.northwind.team.filter(role="lead").update(started_on=date(2026, 6, 1))
    with pytest.raises(LeavingRefused, match="Northwind"):
        leaving.let_go(cast.lena, DAY, NOW, by=ines, successor=cast.sam)
    cast.lena.refresh_from_db()
    assert cast.lena.is_active


def test_who_comes_back_signs_in_as_they_did(cast: builders.Cast, ines: Person) -> None:
    signed_in(cast.lena)
    leaving.let_go(cast.lena, DAY, NOW, by=ines)
    leaving.take_back(cast.lena, by=ines)
    cast.lena.refresh_from_db()
    signed_in(cast.lena)
    assert cast.lena.left_on is None


def test_a_contact_who_left_the_client_is_told_so_at_the_door(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana, password=builders.PASSWORD)
    type(cast.dana).objects.update(left_on=date(2026, 1, 1))
    answer = Browser().post("/sign-in/", {"login": dana.email, "password": builders.PASSWORD})
    assert answer["Location"] == "/sign-in/closed/"
