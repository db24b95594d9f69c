"""Adding a client on a page of its own, and pinning accounts."""

from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Client, Person, Pin
from tests import builders

pytestmark = pytest.mark.django_db

NEW = "/clients/new/"
PINS = "/pins/"


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def browser_of_lena(client: Browser, lena: Person) -> Browser:
    client.force_login(lena)
    return client


def given(**changes: Any) -> dict[str, Any]:
    fields = {"name": "Northwind", "currency": "eur", "industry": "Retail", "value_tier": "B", "account_manager": ""}
    return fields | changes


def test_a_client_is_added_and_its_account_is_opened(browser_of_lena: Browser, lena: Person) -> None:
    answer = browser_of_lena.post(NEW, given(account_manager=lena.pk))
    made = Client.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/accounts/{made.external_id}/")
    assert (made.name, made.currency, made.industry, made.value_tier, made.account_manager, made.sample) == (
        "Northwind",
        "EUR",
        "Retail",
        "B",
        lena,
        False,
    )
    assert "Northwind is recorded" in browser_of_lena.get(answer["Location"]).content.decode()


def test_the_form_begins_with_what_is_likely(browser_of_lena: Browser, lena: Person) -> None:
    page = browser_of_lena.get(NEW).content.decode()
    assert 'value="USD"' in page
    assert f'<option value="{lena.pk}" selected>' in page


def test_leadership_names_the_manager(client: Browser) -> None:
    omar = builders.omar()
    client.force_login(omar)
    assert f'<option value="{omar.pk}" selected>' not in client.get(NEW).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 301}, "at most 300"),
        ({"name": "a\0b"}, "Null characters are not allowed."),
        ({"currency": "XXY"}, "Expected a currency code of ISO 4217"),
        ({"currency": ""}, "This field is required."),
        ({"value_tier": "Z"}, "Select a valid choice"),
        ({"account_manager": "999999"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(browser_of_lena: Browser, wrong: dict[str, str], said: str) -> None:
    answer = browser_of_lena.post(NEW, given(**wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'aria-invalid="true"' in page
    assert not Client.objects.exists()


def test_a_client_contact_leads_no_account(browser_of_lena: Browser) -> None:
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    assert browser_of_lena.post(NEW, given(account_manager=dana.pk)).status_code == 422


def test_a_client_contact_adds_no_client(client: Browser) -> None:
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, given()).status_code == 404
    assert not Client.objects.exists()


# Pins


def test_an_account_is_pinned_and_taken_off_again(browser_of_lena: Browser, lena: Person) -> None:
    builders.client("Northwind", external_id="a/b")
    for _ in range(2):
        answer = browser_of_lena.post(PINS, {"client": "a/b", "pinned": "yes"})
        assert (answer.status_code, answer["Location"]) == (303, "/accounts/a/~b/")
    assert [pin.person for pin in Pin.objects.all()] == [lena]
    page = browser_of_lena.get("/accounts/a/~b/").content.decode()
    assert "Unpin" in page
    assert 'aria-label="Pinned accounts"' in page
    for _ in range(2):
        browser_of_lena.post(PINS, {"client": "a/b", "pinned": "no"})
    assert not Pin.objects.exists()
    assert "Unpin" not in browser_of_lena.get("/accounts/a/~b/").content.decode()


@pytest.mark.parametrize("asked", [{}, {"client": "nobody"}, {"client": "\0"}, {"client": ""}])
def test_what_is_not_visible_can_not_be_pinned(browser_of_lena: Browser, asked: dict[str, str]) -> None:
    assert browser_of_lena.post(PINS, {**asked, "pinned": "yes"}).status_code == 404
    assert not Pin.objects.exists()


def test_a_client_contact_pins_nothing(client: Browser) -> None:
    builders.client("Northwind")
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.post(PINS, {"client": "northwind", "pinned": "yes"}).status_code == 404
    assert client.get(PINS).status_code == 405


def test_pins_go_with_their_client_and_their_person(lena: Person) -> None:
    northwind = builders.client("Northwind")
    Pin.objects.create(person=lena, client=northwind)
    northwind.delete()
    assert not Pin.objects.exists()
