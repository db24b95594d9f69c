"""Languages: a client's people choose theirs, strangers are spoken to as their browser asks, the agency in English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError
from django.test import Client as Browser
from django.urls import reverse

from accounts import languages, outbox
from accounts.models import Agency, Contact, Mail, Person
from accounts.portal_wall import as_portal
from accounts.reader_locale import number_in_digits, preferred_within
from tests import builders

SIGN_IN = {"en": "Sign in", "fr": "Se connecter", "de": "Anmelden"}
FRENCH_FIRST = "fr-CH, fr;q=0.9, en;q=0.8"


def heading(browser: Browser, **headers: str) -> str:
    page = browser.get(reverse("account_login"), headers=headers).content.decode()
    return page.partition("<h1>")[2].partition("</h1>")[0].strip()


def person(**fields: Any) -> Person:
    """Dana, who may sign in as Northwind's contact."""
    dana = Person.objects.create_user("dana@northwind.example", role=Person.Role.CONTACT, **fields)
    builders.dana(builders.client(), person=dana)
    return dana


def agency_in(language: str) -> None:
    Agency.objects.update(language=language)


@pytest.mark.parametrize(
    ("asked", "heard"),
    [(FRENCH_FIRST, "fr"), ("de-AT", "de"), ("en-GB, de", "en"), ("it, de;q=0.5", "de"), ("it", "en"), ("", "en")],
)
def test_a_stranger_is_spoken_to_as_their_browser_asks(db: None, client: Browser, asked: str, heard: str) -> None:
    assert heading(client, accept_language=asked) == SIGN_IN[heard]


def test_a_stranger_whose_browser_asks_for_nothing_we_speak_is_spoken_to_as_the_agency_has_it(
    db: None, client: Browser
) -> None:
    agency_in("de")
    assert heading(client, accept_language="it") == SIGN_IN["de"]
    assert heading(client, accept_language="en") == SIGN_IN["en"]


def test_a_stranger_s_choice_is_remembered_by_the_browser(db: None, client: Browser) -> None:
    response = client.post(reverse("accounts:language"), {"language": "de", "next": "/sign-in/?next=/portal/"})
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/portal/")
    assert heading(client, accept_language="fr") == SIGN_IN["de"]


def test_a_client_s_person_chooses_for_good(db: None, client: Browser) -> None:
    dana = person()
    client.force_login(dana)
    client.post(reverse("accounts:language"), {"language": "fr", "next": "/"})
    dana.refresh_from_db()
    assert dana.language == "fr"
    assert languages.written_to(dana) == "fr"
    agency_in("de")
    assert languages.written_to(dana) == "fr"
    Person.objects.update(language="")
    assert languages.written_to(Person.objects.get()) == "de"


def test_a_client_s_person_changes_nobody_else_s_language_and_nothing_else_of_themselves(db: None) -> None:
    dana, lena = person(), builders.lena()
    with as_portal(Contact.objects.get().client_id, dana.pk):
        assert Person.objects.filter(pk__in=[dana.pk, lena.pk]).update(language="de") == 1
    with pytest.raises(ProgrammingError), as_portal(Contact.objects.get().client_id, dana.pk):
        Person.objects.filter(pk=dana.pk).update(role="admin")
    assert set(Person.objects.values_list("email", "language", "role")) == {
        (dana.email, "de", "contact"),
        (lena.email, "", "account_manager"),
    }


def test_a_client_s_person_is_answered_in_their_language_whatever_the_browser_asks(db: None, client: Browser) -> None:
    client.force_login(person(language="de"))
    response = client.get("/nowhere/", headers={"accept-language": "fr"})
    assert response["Content-Language"] == "de"
    assert '<html lang="de"' in response.content.decode()


def test_the_agency_reads_english(db: None, client: Browser) -> None:
    lena = builders.lena()
    agency_in("fr")
    client.force_login(lena)
    response = client.get("/definitions/", headers={"accept-language": FRENCH_FIRST})
    assert '<html lang="en"' in response.content.decode()
    assert client.post(reverse("accounts:language"), {"language": "fr"}).status_code == 404
    assert languages.written_to(lena) == "en"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_choice_leads_back_to_pages_of_ours_alone(db: None, client: Browser, back: str) -> None:
    response = client.post(reverse("accounts:language"), {"language": "fr", "next": back})
    assert response["Location"] == "/"


@pytest.mark.parametrize("language", ["", "it", "fr\0", "fr-CH"])
def test_what_is_not_spoken_can_t_be_chosen(db: None, client: Browser, language: str) -> None:
    assert client.post(reverse("accounts:language"), {"language": language}).status_code == 404


def test_a_choice_is_no_link(db: None, client: Browser) -> None:
    assert client.get(reverse("accounts:language")).status_code == 405


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("fr", FRENCH_FIRST, "1\u202f020,5"),
        ("fr", "de", "1\u202f020,5"),
        ("de", FRENCH_FIRST, "1.020,5"),
        ("en", "de", "1,020.5"),
    ],
)
def test_numbers_are_written_as_the_language_spoken_does_in_the_reader_s_region(
    language: str, asked: str, written: str
) -> None:
    with languages.speaking(language, asked):
        assert number_in_digits(Decimal("1020.5"), 1) == written
    assert preferred_within("fr", "de-CH, fr-CH") == "fr_CH"


def test_mail_is_written_in_its_reader_s_language(db: None) -> None:
    Agency.objects.update(name="Harbour & Pine")
    for language in ("en", "fr", "de", ""):
        outbox.post(f"code:{language}", "sign_in_code", "d@n.example", language, {"code": "K7QX", "minutes": 15})
    written = dict(Mail.objects.values_list("key", "subject"))
    assert written["code:"] == written["code:en"] == "Your code to sign in"
    assert written["code:fr"] == "Votre code de connexion"
    assert written["code:de"] == "Ihr Code zum Anmelden"
    assert '<html lang="de">' in Mail.objects.get(key="code:de").html
    assert "Harbour &amp; Pine" in Mail.objects.get(key="code:de").html
