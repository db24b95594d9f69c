"""Tests of what the database keeps alike: the lead of a team and the client's account manager, whatever writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction

from accounts.models import Agency, Client, Person, TeamMember
from tests import builders

pytestmark = pytest.mark.django_db


def on(day: str) -> None:
    """The day on which what follows is said to happen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('soundings.on', %s, true)", [day])


def leads(client: Client) -> list[tuple[str, date | None, date | None]]:
    rows = client.team.filter(role="lead").order_by("started_on", "id").select_related("person")
    found = [(row.person.name, row.started_on, row.ended_on) for row in rows]
    return sorted(found, key=lambda row: row[1] or date.min)


def manager(client: Client) -> Person | None:
    client.refresh_from_db()
    return client.account_manager


def test_a_client_recorded_with_an_account_manager_has_a_lead_since_nobody_said_when(cast: builders.Cast) -> None:
    assert leads(cast.northwind) == [("Lena", None, None)]
    assert leads(builders.client("Contoso")) == []


def test_another_account_manager_is_another_lead_and_the_first_one_is_remembered(cast: builders.Cast) -> None:
    on("2026-04-01")
    Client.objects.update(account_manager=cast.sam)
    assert leads(cast.northwind) == [("Lena", None, date(2026, 4, 1)), ("Sam", date(2026, 4, 1), None)]
    on("2026-06-01")
    Client.objects.update(account_manager=None)
    assert leads(cast.northwind) == [("Lena", None, date(2026, 4, 1)), ("Sam", date(2026, 4, 1), date(2026, 6, 1))]


def test_without_a_day_it_is_today(cast: builders.Cast) -> None:
    Client.objects.update(account_manager=cast.sam)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_date")
        assert leads(cast.northwind)[-1] == ("Sam", cursor.fetchone()[0], None)


def test_what_is_changed_twice_on_a_day_leaves_one_lead_of_that_day(cast: builders.Cast) -> None:
    on("2026-04-01")
    Client.objects.update(account_manager=cast.sam)
    Client.objects.update(account_manager=cast.noor)
    assert leads(cast.northwind) == [("Lena", None, date(2026, 4, 1)), ("Noor", date(2026, 4, 1), None)]


def test_other_changes_of_a_client_leave_its_team_alone(cast: builders.Cast) -> None:
    before = list(TeamMember.objects.values())
    Client.objects.update(name="Northwind Traders")
    assert list(TeamMember.objects.values()) == before


def test_the_account_manager_follows_the_lead_of_the_team(cast: builders.Cast) -> None:
    lead = cast.northwind.team.get(role="lead")
    lead.ended_on = date(2026, 4, 1)
    lead.save()
    assert manager(cast.northwind) is None
    builders.team_member(cast.northwind, cast.omar, "lead", started_on=date(2026, 4, 1))
    assert manager(cast.northwind) == cast.omar
    cast.northwind.team.filter(person=cast.omar).update(person=cast.noor)
    assert manager(cast.northwind) == cast.noor
    cast.northwind.team.filter(role="lead").delete()
    assert manager(cast.northwind) is None


def test_whoever_else_joins_or_leaves_moves_no_account_manager(cast: builders.Cast) -> None:
    before = Client.objects.values("version").get()
    builders.team_member(cast.northwind, cast.noor, "growth")
    TeamMember.objects.filter(person=cast.noor).delete()
    assert Client.objects.values("version").get() == before


def test_many_clients_change_hands_in_one_statement(cast: builders.Cast) -> None:
    builders.client("Contoso", account_manager=cast.sam)
    builders.client("Fabrikam")
    on("2026-04-01")
    Client.objects.update(account_manager=cast.noor)
    lead = TeamMember.objects.filter(role="lead", ended_on=None)
    assert {row.client.name: row.person.name for row in lead} == dict.fromkeys(
        ("Northwind", "Contoso", "Fabrikam"), "Noor"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "lead"},
        {"role": "owner"},
        {"role": "growth", "started_on": date(2026, 4, 1), "ended_on": date(2026, 4, 1)},
        {"role": "support"},
    ],
    ids=["a second lead", "an unknown role", "a spell without a day", "the same twice"],
)
def test_a_team_holds_to_its_rules(cast: builders.Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.create(client=cast.northwind, person=cast.sam, **fields)


def test_there_is_one_agency() -> None:
    assert Agency.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(pk=2)
    for wrong in ({"managers_read": "none"}, {"language": "xx"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agency.objects.update(**wrong)


def test_who_has_left_may_not_sign_in(cast: builders.Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.sam.pk).update(left_on=date(2026, 1, 1))


def test_a_second_factor_is_known_of_whoever_keeps_one(cast: builders.Cast) -> None:
    def has() -> bool:
        cast.lena.refresh_from_db()
        return cast.lena.has_second_factor

    codes = Authenticator.objects.create(user=cast.lena, type="recovery_codes", data={})
    assert not has()
    first = Authenticator.objects.create(user=cast.lena, type="totp", data={})
    second = Authenticator.objects.create(user=cast.lena, type="webauthn", data={})
    assert has()
    first.delete()
    assert has()
    second.delete()
    assert not has()
    codes.delete()
    assert not has()
