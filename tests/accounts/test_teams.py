"""Tests of the acts of a team and of its page: joining, leaving, handing over, and what of it stays."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import teams
from accounts.models import Agency, Client, Person
from accounts.queries.teams import team
from accounts.teams import TeamRefused
from tests import builders

pytestmark = pytest.mark.django_db

PAGE = "/accounts/northwind/team/"
DAY = date(2026, 4, 1)


@pytest.fixture
def browser(cast: builders.Cast) -> Browser:
    """Lena's."""
    found = Browser()
    found.force_login(cast.lena)
    return found


def now(client: Client) -> list[tuple[str, str]]:
    return [(row.name, row.role) for row in team(client.pk).now]


def test_somebody_joins_and_leaves_and_is_remembered(cast: builders.Cast) -> None:
    teams.join(cast.northwind, cast.noor, "growth", DAY, by=cast.lena)
    assert now(cast.northwind) == [("Lena", "lead"), ("Sam", "support"), ("Noor", "growth")]
    member = cast.northwind.team.get(person=cast.noor)
    teams.leave(member, date(2026, 5, 1), by=cast.lena)
    assert now(cast.northwind) == [("Lena", "lead"), ("Sam", "support")]
    gone = team(cast.northwind.pk).before[0]
    assert (gone.name, gone.started_on, gone.ended_on, gone.recorded_by) == ("Noor", DAY, date(2026, 5, 1), "Lena")
    with pytest.raises(TeamRefused, match="left the team already"):
        teams.leave(member, date(2026, 5, 2), by=cast.lena)


def test_a_spell_that_would_have_no_day_is_none(cast: builders.Cast) -> None:
    teams.join(cast.northwind, cast.noor, "growth", DAY, by=cast.lena)
    member = cast.northwind.team.get(person=cast.noor)
    with pytest.raises(TeamRefused, match="joined on"):
        teams.leave(member, date(2026, 3, 1), by=cast.lena)
    teams.leave(member, DAY, by=cast.lena)
    assert not cast.northwind.team.filter(person=cast.noor).exists()


def test_nobody_is_twice_in_one_role(cast: builders.Cast) -> None:
    with pytest.raises(TeamRefused, match="already"):
        teams.join(cast.northwind, cast.sam, "support", DAY, by=cast.lena)
    teams.join(cast.northwind, cast.sam, "growth", DAY, by=cast.lena)
    assert now(cast.northwind)[1:] == [("Sam", "support"), ("Sam", "growth")]


def test_an_account_is_handed_over_and_its_history_says_when_and_why(cast: builders.Cast) -> None:
    teams.hand_over(cast.northwind, cast.sam, DAY, by=cast.omar, reason="Lena takes on Contoso")
    cast.northwind.refresh_from_db()
    assert cast.northwind.account_manager == cast.sam
    found = team(cast.northwind.pk)
    assert found.lead is not None
    assert (found.lead.name, found.lead.started_on, found.lead.reason, found.lead.recorded_by) == (
        "Sam", DAY, "Lena takes on Contoso", "Omar",
    )  # fmt: skip
    assert [(row.name, row.ended_on) for row in found.before] == [("Lena", DAY)]


def test_an_account_does_not_change_hands_before_it_last_did(cast: builders.Cast) -> None:
    teams.hand_over(cast.northwind, cast.sam, DAY, by=cast.omar)
    with pytest.raises(TeamRefused, match="changed hands on"):
        teams.hand_over(cast.northwind, cast.noor, date(2026, 3, 31), by=cast.omar)
    with pytest.raises(TeamRefused, match="leads the account already"):
        teams.hand_over(cast.northwind, cast.sam, date(2026, 5, 1), by=cast.omar)
    teams.hand_over(cast.northwind, None, date(2026, 5, 1), by=cast.omar)
    assert team(cast.northwind.pk).lead is None


def test_what_a_handover_says_goes_for_that_one_alone(cast: builders.Cast) -> None:
    teams.hand_over(cast.northwind, cast.sam, DAY, by=cast.omar, reason="A reason")
    contoso = builders.client("Contoso", account_manager=cast.lena)
    Client.objects.filter(pk=contoso.pk).update(account_manager=cast.noor)
    lead = team(contoso.pk).lead
    assert lead is not None
    assert (lead.reason, lead.started_on == DAY) == ("", False)


# The page


def test_the_page_exists_for_who_records_on_the_account(cast: builders.Cast, browser: Browser) -> None:
    assert browser.get(PAGE).status_code == 200
    noor = Browser()
    noor.force_login(cast.noor)
    for address in ("", "joining/", "handover/", f"{cast.northwind.team.first().pk}/leaving/"):  # type: ignore[union-attr]
        ask: Any = noor.post if address else noor.get
        assert ask(PAGE + address).status_code == 404


def test_the_team_is_changed_on_its_page(cast: builders.Cast, browser: Browser) -> None:
    assert (
        browser.post(PAGE + "joining/", {"person": cast.noor.pk, "role": "growth", "on": "2026-04-01"}).status_code
        == 303
    )
    member = cast.northwind.team.get(person=cast.noor)
    assert browser.post(f"{PAGE}{member.pk}/leaving/", {"on": "2026-03-01"}).status_code == 422
    assert browser.post(f"{PAGE}{member.pk}/leaving/", {"on": "2026-05-01"}).status_code == 303
    assert browser.post(f"{PAGE}{member.pk}/leaving/", {"on": "2026-05-01"}).status_code == 404
    again = browser.post(PAGE + "joining/", {"person": cast.noor.pk, "role": "growth", "on": "2026-04-15"})
    assert again.status_code == 422
    assert "was in that role until" in again.content.decode()
    answer = browser.post(PAGE + "handover/", {"to": cast.sam.pk, "on": "2026-05-02", "reason": "A long leave"})
    assert answer.status_code == 303


def test_who_hands_an_account_away_and_is_no_longer_on_it_is_led_on(cast: builders.Cast, browser: Browser) -> None:
    answer = browser.post(PAGE + "handover/", {"to": cast.sam.pk, "on": "2026-05-02"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert browser.get(PAGE).status_code == 404
    Agency.objects.update(managers_read=Agency.Reads.OWN)
    assert browser.get("/accounts/northwind/").status_code == 404


def test_an_account_is_not_handed_to_nobody_by_a_button_pressed_too_early(
    cast: builders.Cast, browser: Browser
) -> None:
    answer = browser.post(PAGE + "handover/", {"on": "2026-05-02"})
    assert answer.status_code == 422
    # One goes on where something is missing: the form is at the end of the page.
    assert re.search(r'<select name="to"[^>]* autofocus', answer.content.decode())
    cast.northwind.refresh_from_db()
    assert cast.northwind.account_manager == cast.lena


def test_days_ahead_and_people_who_left_are_refused(cast: builders.Cast, browser: Browser) -> None:
    gone = builders.person("Gus", is_active=False)
    contact = builders.person("Kim", role=Person.Role.CONTACT)
    for given in ({"on": "2200-01-01", "person": cast.noor.pk}, {"person": gone.pk}, {"person": contact.pk}):
        answer = browser.post(PAGE + "joining/", {"on": "2026-04-01", "role": "growth", **given})
        assert answer.status_code == 422
    assert now(cast.northwind) == [("Lena", "lead"), ("Sam", "support")]


def test_the_account_shows_its_team_with_the_way_to_change_it(cast: builders.Cast, browser: Browser) -> None:
    page = browser.get("/accounts/northwind/").content.decode()
    assert f'href="{reverse("accounts:team", args=["northwind"])}"' in page
    assert "Lead" in page
    assert "Support" in page
    noor = Browser()
    noor.force_login(cast.noor)
    page = noor.get("/accounts/northwind/").content.decode()
    assert "Change the team" not in page
    assert "Support" in page


def test_whoever_adds_a_client_that_another_leads_is_on_its_team(cast: builders.Cast, browser: Browser) -> None:
    given = {"name": "Contoso", "currency": "USD", "account_manager": cast.noor.pk}
    browser.post("/clients/new/", given)
    contoso = Client.objects.get(name="Contoso")
    assert now(contoso) == [("Noor", "lead"), ("Lena", "support")]
    browser.post("/clients/new/", {**given, "name": "Fabrikam", "account_manager": cast.lena.pk})
    assert now(Client.objects.get(name="Fabrikam")) == [("Lena", "lead")]


def test_the_page_costs_the_same_however_many_are_on_the_team(cast: builders.Cast, browser: Browser) -> None:
    costs = []
    for number in (3, 30):
        for each in range(number):
            builders.team_member(cast.northwind, builders.person(f"Person {number} {each}"))
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PAGE).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 8
