"""What a client is filed under, and the smaller nouns: each with the rules of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import Client, Contact, Goal, Involvement, Note, Person, Standing
from accounts.queries.notes import NoteRow, notes
from tests import builders
from tests.accounts.recording.conftest import Fills, errors, plain

# The client's own facts


def test_the_facts_are_put_right(fills: Fills, cast: builders.Cast) -> None:
    given = {"name": "Northwind Traders", "industry": "Retail", "value_tier": "A", "currency": "eur"}
    answer = fills("client", account_manager=cast.sam.pk, **given)
    assert answer.status_code == 200
    cast.northwind.refresh_from_db()
    found = cast.northwind
    assert (found.name, found.industry, found.value_tier, found.currency) == ("Northwind Traders", "Retail", "A", "EUR")
    assert (found.account_manager, found.version, found.changed_by) == (cast.sam, 2, cast.lena)


def test_the_currency_stays_once_the_ledger_has_amounts_in_it(fills: Fills, northwind: Client) -> None:
    assert errors(fills("client", currency="XXZ")) == {
        "currency": ["Expected a currency code of ISO 4217, such as USD."]
    }
    builders.retainer_since(northwind, date(2026, 1, 5))
    assert fills("client", currency="EUR", industry="Retail").status_code == 200
    northwind.refresh_from_db()
    assert (northwind.currency, northwind.industry) == ("USD", "Retail")


def test_nobody_but_people_of_the_agency_leads_an_account(fills: Fills, cast: builders.Cast, northwind: Client) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    assert "account_manager" in errors(fills("client", account_manager=dana.pk))
    gone = builders.person("Gus", is_active=False)
    assert "account_manager" in errors(fills("client", account_manager=gone.pk))
    Client.objects.filter(pk=northwind.pk).update(account_manager=gone)
    builders.team_member(northwind, cast.lena)
    assert fills("client", industry="Retail").status_code == 200
    northwind.refresh_from_db()
    assert northwind.account_manager == gone


def test_the_facts_cost_the_same_however_many_clients_there_are(browser: Browser, northwind: Client) -> None:
    costs = []
    for number in (3, 30):
        for each in range(number):
            builders.client(f"Client {number} {each}", industry=f"Industry {each}")
            builders.person(f"Person {number} {each}")
        for address in ("/accounts/northwind/facts/", "/accounts/northwind/facts/form/"):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 10


def test_who_may_not_see_the_account_finds_no_facts_of_it(cast: builders.Cast) -> None:
    dana = Browser()
    dana.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    for address in ("/accounts/northwind/facts/", "/accounts/northwind/facts/form/"):
        assert dana.get(address).status_code == 404
        assert dana.post(address, {"name": "Mine"}).status_code == 404
    cast.northwind.refresh_from_db()
    assert cast.northwind.name == "Northwind"


# Contacts


def test_an_e_mail_is_kept_in_lower_case_and_once_a_client(fills: Fills, cast: builders.Cast) -> None:
    assert fills("contact_new", name="Petra", email="Petra@Northwind.example").status_code == 200
    petra = Contact.objects.get(name="Petra")
    assert (petra.email, petra.decision_maker) == ("petra@northwind.example", None)
    said = errors(fills("contact_new", name="Another", email="PETRA@northwind.example"))
    assert said == {"email": ["Petra has this e-mail already."]}
    assert fills("contact", petra.external_id, decision_maker="no", left_on="2026-05-01").status_code == 200
    petra.refresh_from_db()
    assert (petra.decision_maker, petra.left_on) == (False, date(2026, 5, 1))


# Goals


def test_a_goal_that_is_over_says_since_when(fills: Fills, northwind: Client) -> None:
    goal = builders.goal(northwind, date(2026, 1, 5))
    assert list(errors(fills("goal", goal.external_id, status="achieved"))) == ["closed_on"]
    assert list(errors(fills("goal", goal.external_id, closed_on="2026-03-01"))) == ["closed_on"]
    assert fills("goal", goal.external_id, status="achieved", closed_on="2026-03-01").status_code == 200
    goal.refresh_from_db()
    assert (goal.status, goal.closed_on, goal.title) == ("achieved", date(2026, 3, 1), "Open the Nordic market")


@pytest.mark.parametrize("name", ["set_on", "agreed_on"])
def test_what_is_said_to_have_happened_does_not_lie_ahead(name: str, fills: Fills) -> None:
    ahead = (date.today() + timedelta(days=9)).isoformat()
    assert list(errors(fills("goal_new", title="Grow", **{name: ahead}))) == [name]
    assert fills("goal_new", title="Grow", due_on=ahead).status_code == 200
    assert Goal.objects.count() == 1


# Standings and involvements


def test_there_is_one_standing_a_day(fills: Fills, northwind: Client) -> None:
    there = builders.standing(northwind, date(2026, 1, 5))
    answer = fills("standing_new", effective_on="2026-01-05", standing="sole")
    assert list(errors(answer)) == ["effective_on"]
    assert fills("standing", there.pk, standing="sole", exclusive="yes").status_code == 200
    assert [(row.standing, row.exclusive) for row in Standing.objects.all()] == [("sole", True)]


def test_an_involvement_begins_and_later_ends(fills: Fills, northwind: Client) -> None:
    assert fills("involvement_new", kind="planning", started_on="2026-01-05").status_code == 200
    begun = Involvement.objects.get()
    assert list(errors(fills("involvement", begun.pk, ended_on="2026-01-04"))) == ["ended_on"]
    assert list(errors(fills("involvement_new", kind="planning", started_on="2026-01-05"))) == ["started_on"]
    assert fills("involvement", begun.pk, ended_on="2026-03-01").status_code == 200
    begun.refresh_from_db()
    assert (begun.kind, begun.started_on, begun.ended_on) == ("planning", date(2026, 1, 5), date(2026, 3, 1))


# Notes


def test_a_note_is_signed_by_whoever_writes_it_and_says_who_changed_it(
    fills: Fills, cast: builders.Cast, northwind: Client
) -> None:
    assert fills("note_new", text="They are hiring", written_on="2026-01-05").status_code == 200
    written = Note.objects.get()
    assert (written.written_by, written.changed_by) == (cast.lena, None)
    sam = Browser()
    sam.force_login(cast.sam)
    assert fills("note", written.external_id, by=sam, text="They hired").status_code == 200
    builders.note(northwind, date(2025, 1, 1), cast.omar, "Before")
    builders.note(builders.client("Contoso"), date(2026, 1, 1), cast.omar, "Elsewhere")
    with CaptureQueriesContext(connection) as asked:
        rows = notes(northwind.pk)
    assert len(asked) == 1
    assert [(row.text, row.written_by, row.changed_by) for row in rows] == [
        ("They hired", "Lena", "Sam"),
        ("Before", "Omar", ""),
    ]
    assert isinstance(rows[0], NoteRow)


def test_a_note_is_said_to_be_for_the_agency_alone(browser: Browser) -> None:
    assert "clients never see it" in plain(browser.get("/accounts/northwind/notes/new/"))


def test_the_portal_can_not_read_notes_whatever_it_asks(connection_as: object) -> None:
    import psycopg

    assert callable(connection_as)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection_as("portal").execute("SELECT text FROM accounts_note")
