"""Filling in the sample agency and taking it out: all of it goes, and nothing that is not of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client as Browser

from accounts import sample_agency, sample_records
from accounts.models import AuditEntry, Client, ExchangeRate, History, Person, Pin, ScopeChange, Setting
from accounts.sample_records import SampleRefused
from metrics import nightly
from metrics.models import ClientQuarter, ExpansionRate
from tests import builders
from tests.conftest import Database

TODAY = date(2026, 11, 24)


def counts() -> dict[str, int]:
    """How many rows each table of records has; what happened to them stays."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_app_config("accounts").get_models(include_auto_created=True)
        if not issubclass(model, History | AuditEntry)
    }


@pytest.mark.django_db
def test_everything_that_was_filled_in_goes_and_all_else_stays() -> None:
    lena = builders.lena()
    builders.exchange_rate("CHF", date(2025, 1, 1), "1.1")
    builders.setting("good_attainment", date(2025, 1, 1), "75")
    before = counts()
    sample_records.fill(TODAY, with_passwords=False)
    assert Client.objects.filter(sample=True).count() == Client.objects.count() == 24
    assert sample_records.is_there()
    assert Setting.objects.count() == 1
    # What somebody records while looking around goes as well; what they record of their own clients does not.
    invented = Client.objects.get(external_id=sample_agency.STALLING)
    Pin.objects.create(person=lena, client=invented)
    builders.check_in(invented, TODAY, people=[lena])
    builders.retainer_since(invented, TODAY, name="Tried out")
    own = builders.retainer_since(builders.client("Northwind", account_manager=lena), date(2025, 1, 1)).client
    assert sample_records.remove() == 24
    assert list(Client.objects.all()) == [own]
    assert list(ScopeChange.objects.values_list("client_id", flat=True)) == [own.pk]
    with_own = {"accounts.Client": 1, "accounts.Engagement": 1, "accounts.ScopeChange": 1, "accounts.TeamMember": 1}
    assert counts() == {name: count + with_own.get(name, 0) for name, count in before.items()}
    assert not sample_records.is_there()
    assert sample_records.remove() == 0


@pytest.mark.django_db
def test_it_can_be_filled_in_again_after_it_was_removed() -> None:
    sample_records.fill(TODAY, with_passwords=False)
    sample_records.remove()
    sample_records.fill(TODAY, with_passwords=False)
    assert Client.objects.filter(sample=True).count() == 24


@pytest.mark.django_db
def test_it_is_for_a_soundings_without_clients() -> None:
    builders.client("Northwind")
    with pytest.raises(SampleRefused, match="clients here already"):
        sample_records.fill(TODAY, with_passwords=False)
    assert Client.objects.count() == 1
    # Nothing that is added afterwards carries the mark.
    assert not Client.objects.filter(pk=builders.client("Contoso").pk, sample=True).exists()


@pytest.mark.django_db
def test_a_client_added_after_it_is_no_sample() -> None:
    sample_records.fill(TODAY, with_passwords=False)
    assert not Client.objects.get(pk=builders.client("Northwind").pk).sample


@pytest.mark.django_db
def test_rates_that_the_agency_keeps_are_not_touched() -> None:
    own = builders.exchange_rate("EUR", date(2026, 10, 1), "1.5")
    sample_records.fill(TODAY, with_passwords=False)
    assert list(ExchangeRate.objects.filter(currency="EUR")) == [own]
    assert ExchangeRate.objects.filter(currency="GBP", sample=True).exists()
    sample_records.remove()
    assert list(ExchangeRate.objects.all()) == [own]


@pytest.mark.django_db
def test_its_people_can_sign_in_only_where_that_was_asked_for() -> None:
    sample_records.fill(TODAY, with_passwords=False)
    people = Person.objects.filter(email__in=sample_agency.PEOPLE)
    assert [person.has_usable_password() for person in people] == [False] * 4
    assert not people.filter(is_superuser=True).exists()
    assert {person.name for person in people} == set(sample_agency.PEOPLE.values())
    sample_records.remove()
    assert not people.all().exists()
    sample_records.fill(TODAY, with_passwords=True)
    assert all(person.check_password(sample_agency.PASSWORD) for person in people.all())
    sample_records.remove()
    assert people.all().count() == 4


@pytest.mark.django_db
def test_someone_of_the_sample_whom_other_records_name_stays() -> None:
    sample_records.fill(TODAY, with_passwords=False)
    lena = Person.objects.get(email=sample_agency.LENA)
    builders.client("Northwind", account_manager=lena)
    sample_records.remove()
    assert list(Person.objects.filter(email__in=sample_agency.PEOPLE)) == [lena]


@pytest.mark.django_db
def test_what_is_kept_for_good_keeps_the_sample_and_says_so() -> None:
    sample_records.fill(TODAY, with_passwords=False)
    before = counts()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE soundings_owner")
        cursor.execute("CREATE TABLE kept (client_id bigint REFERENCES accounts_client)")
        cursor.execute("INSERT INTO kept SELECT id FROM accounts_client LIMIT 1")
        cursor.execute("SET LOCAL ROLE soundings_app")
    with pytest.raises(SampleRefused, match="The sample agency stays"):
        sample_records.remove()
    assert counts() == before


def test_once_it_is_gone_so_are_its_figures(fresh_database: Database) -> None:
    sample_records.fill(TODAY, with_passwords=False)
    nightly.run(TODAY)
    own = builders.retainer_since(builders.client("Northwind"), date(2026, 1, 1)).client
    assert ExpansionRate.objects.filter(segment="all", existing__gt=20).exists()
    sample_records.remove()
    nightly.run(TODAY)
    assert set(ClientQuarter.objects.values_list("client_id", flat=True)) == {own.pk}
    assert not ExpansionRate.objects.filter(existing__gt=1).exists()


# On pages


@pytest.fixture
def browser_of_omar(db: None, client: Browser) -> Browser:
    client.force_login(builders.omar())
    return client


def test_leadership_fills_it_in_and_takes_it_out(browser_of_omar: Browser) -> None:
    answer = browser_of_omar.post("/sample-agency/")
    assert (answer.status_code, answer["Location"]) == (303, "/portfolio/")
    assert Client.objects.filter(sample=True).count() == 24
    assert "Remove the sample agency" in browser_of_omar.get("/portfolio/").content.decode()
    builders.client("Northwind")
    page = " ".join(browser_of_omar.get("/sample-agency/removal/").content.decode().split())
    assert "24 invented clients go" in page
    assert "1 client of your own stays as it is." in page
    assert Client.objects.count() == 25  # asking changes nothing
    answer = browser_of_omar.post("/sample-agency/removal/")
    assert (answer.status_code, answer["Location"]) == (303, "/portfolio/")
    assert [one.name for one in Client.objects.all()] == ["Northwind"]
    assert "Remove the sample agency" not in browser_of_omar.get("/portfolio/").content.decode()


def test_where_there_are_clients_it_is_refused_in_a_sentence(browser_of_omar: Browser) -> None:
    builders.client("Northwind")
    page = browser_of_omar.post("/sample-agency/", follow=True).content.decode()
    assert "There are clients here already" in page
    assert Client.objects.count() == 1


def test_there_is_nothing_to_remove_where_it_is_not(browser_of_omar: Browser) -> None:
    assert browser_of_omar.get("/sample-agency/removal/").status_code == 404
    assert browser_of_omar.post("/sample-agency/removal/").status_code == 404
    assert browser_of_omar.get("/sample-agency/").status_code == 405


@pytest.mark.parametrize("role", [Person.Role.ACCOUNT_MANAGER, Person.Role.CONTACT])
def test_nobody_but_leadership_may(db: None, client: Browser, role: str) -> None:
    sample_records.fill(TODAY, with_passwords=False)
    client.force_login(builders.person("Robin", role=role))
    asked: list[Any] = [
        client.post("/sample-agency/"),
        client.get("/sample-agency/removal/"),
        client.post("/sample-agency/removal/"),
    ]
    assert [answer.status_code for answer in asked] == [404] * 3
    assert Client.objects.count() == 24
