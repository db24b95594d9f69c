"""Tests of the one door: who comes in, what they are told when they don't, and what stands open without it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Person
from tests import builders

pytestmark = pytest.mark.django_db

DOOR = "/sign-in/"

PUBLIC = {
    "healthz": "a machine asks whether the process answers",
    "readyz": "a machine asks whether the database answers",
    "status": "a machine asks for ages and counts",
    "sign-in/": "the door",
    "sign-in/code/": "asks for a code by mail",
    "sign-in/code/enter/": "takes the code",
    "sign-in/second-factor/": "takes the second factor, between the door and the house",
    "sign-in/passkey/": "takes a passkey",
    "invitation/<slug:token>/": "lets in who was invited, once",
    "agency/logo.png": "stands on invitations",
    "sign-in/out/": "ends a session, and leads to the door where there is none",
    "sign-in/closed/": "says that someone may not come in any more",
    ".well-known/security.txt": "says whom to tell of a weakness",
    "language/": "keeps in which language the door speaks to this browser",
}
"""What answers without signing in, and why. Nothing joins it by accident."""


@pytest.fixture
def lena() -> Person:
    return builders.lena(password=builders.PASSWORD)


def try_to_sign_in(browser: Browser, email: str, password: str, **more: str) -> HttpResponse:
    return browser.post(DOOR, {"login": email, "password": password, **more})  # type: ignore[return-value]


def is_signed_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session


def errors(answer: HttpResponse) -> list[str]:
    return re.findall(r"<li>([^<]*)</li>", answer.content.decode())


# Coming in and going out


def test_a_person_signs_in_with_e_mail_and_password(lena: Person) -> None:
    browser = Browser()
    answer = try_to_sign_in(browser, "lena@agency.example", builders.PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(browser)


def test_the_case_of_an_e_mail_does_not_matter(lena: Person) -> None:
    browser = Browser()
    try_to_sign_in(browser, "Lena@Agency.example", builders.PASSWORD)
    assert is_signed_in(browser)


def test_after_signing_in_one_is_where_one_wanted_to_go(lena: Person) -> None:
    browser = Browser()
    sent = browser.get("/portfolio/?quarter=2026-Q3")
    assert sent["Location"] == "/sign-in/?next=/portfolio/%3Fquarter%3D2026-Q3"
    assert 'name="next" value="/portfolio/?quarter=2026-Q3"' in browser.get(sent["Location"]).content.decode()
    answer = try_to_sign_in(browser, "lena@agency.example", builders.PASSWORD, next="/portfolio/?quarter=2026-Q3")
    assert answer["Location"] == "/portfolio/?quarter=2026-Q3"


def test_nobody_is_sent_to_another_site_after_signing_in(lena: Person) -> None:
    answer = try_to_sign_in(Browser(), "lena@agency.example", builders.PASSWORD, next="https://elsewhere.example/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"), [("lena@agency.example", "wrong"), ("nobody@agency.example", builders.PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_e_mail_are_told_alike(lena: Person, email: str, password: str) -> None:
    browser = Browser()
    answer = try_to_sign_in(browser, email, password)
    assert answer.status_code == 200
    assert errors(answer) == ["The email address and/or password you specified are not correct."]
    assert not is_signed_in(browser)


def test_what_is_missing_is_said_beside_its_field() -> None:
    text = try_to_sign_in(Browser(), "", "").content.decode()
    for name in ("login", "password"):
        control = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
        assert control
        assert 'aria-invalid="true"' in control[0]
        assert f'aria-describedby="id_{name}_error"' in control[0]
        assert re.search(rf'<ul class="errorlist" id="id_{name}_error"><li>This field is required.</li></ul>', text)


def test_the_page_asks_for_e_mail_and_password_and_offers_nothing_else() -> None:
    text = Browser().get(DOOR).content.decode()
    form = text.partition("</form>")[0]
    assert re.findall(r'<input[^>]*name="(\w+)"', form) == ["csrfmiddlewaretoken", "login", "password"]
    assert 'autocomplete="current-password"' in text
    assert 'autocomplete="email"' in text
    assert "placeholder" not in text
    assert set(re.findall(r'<a [^>]*href="([^"]*)"', text)) == {"/", "/sign-in/code/"}


def test_five_wrong_passwords_shut_the_door_for_a_while(lena: Person) -> None:
    browser = Browser()
    for _ in range(5):
        assert errors(try_to_sign_in(browser, "lena@agency.example", "wrong")) != []
    answer = try_to_sign_in(browser, "lena@agency.example", builders.PASSWORD)
    assert errors(answer) == ["Too many failed login attempts. Try again later."]
    assert not is_signed_in(browser)


def test_someone_else_still_comes_in_while_the_door_is_shut_for_one(lena: Person) -> None:
    builders.sam(password=builders.PASSWORD)
    for _ in range(6):
        try_to_sign_in(Browser(), "lena@agency.example", "wrong")
    browser = Browser()
    try_to_sign_in(browser, "sam@agency.example", builders.PASSWORD)
    assert is_signed_in(browser)


def test_asking_again_and_again_is_answered_with_a_page_that_says_so() -> None:
    browser = Browser()
    answers = [try_to_sign_in(browser, f"{number}@agency.example", "x") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode()


def test_a_password_is_kept_as_argon2id(lena: Person) -> None:
    lena.refresh_from_db()
    assert lena.password.startswith("argon2$argon2id$")


def test_who_may_not_sign_in_any_more_is_told_so(lena: Person) -> None:
    lena.is_active = False
    lena.save()
    browser = Browser()
    answer = try_to_sign_in(browser, "lena@agency.example", builders.PASSWORD)
    assert not is_signed_in(browser)
    assert answer["Location"] == "/sign-in/closed/"
    assert "You can’t sign in any more" in browser.get(answer["Location"]).content.decode()


def test_who_was_never_invited_has_no_password_that_works() -> None:
    builders.noor()
    browser = Browser()
    for password in ("", "None", "!"):
        try_to_sign_in(browser, "noor@agency.example", password)
    assert not is_signed_in(browser)


def test_signing_out_is_a_button_and_never_a_link(lena: Person) -> None:
    browser = Browser()
    browser.force_login(lena)
    assert "Sign out?" in browser.get("/sign-in/out/").content.decode()
    assert is_signed_in(browser)
    answer = browser.post("/sign-in/out/")
    assert answer["Location"] == DOOR
    assert not is_signed_in(browser)
    assert "You have signed out." in browser.get(DOOR).content.decode()


def test_signing_in_leaves_no_message_behind(lena: Person) -> None:
    browser = Browser()
    try_to_sign_in(browser, "lena@agency.example", builders.PASSWORD)
    assert 'class="notice' not in browser.get("/portfolio/").content.decode()


# What stands open


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def test_what_answers_without_signing_in_is_counted() -> None:
    found = {
        path
        for path, pattern in routes(get_resolver().url_patterns)
        if not getattr(pattern.callback, "login_required", True)
    }
    assert found == PUBLIC.keys()
    assert len(found) == 14


def test_every_other_address_leads_to_the_door(lena: Person) -> None:
    browser = Browser()
    asked = 0
    for path, _pattern in routes(get_resolver().url_patterns):
        if path in PUBLIC:
            continue
        address = "/" + re.sub(r"<[^>]+>|\(\?P?[^)]*\)", "1", path).replace("^", "").replace("$", "")
        answer = browser.get(address, follow=True)
        way = [step for step, status in answer.redirect_chain if status == 302]
        assert way != [], address
        assert way[-1].startswith(DOOR), f"{address} led {way}, {answer.status_code}"
        asked += 1
    assert asked > 50


def test_there_is_no_signing_up(lena: Person) -> None:
    assert not get_adapter().is_open_for_signup(RequestFactory().get("/"))
    browser = Browser()
    for address in ("signup/", "sign-up/", "login/", "email/", "password/reset/", "confirm-email/"):
        assert browser.get(DOOR + address).status_code == 404


def test_the_admin_site_has_no_door_of_its_own(lena: Person) -> None:
    browser = Browser()
    answer = browser.post("/admin/login/", {"username": "lena@agency.example", "password": builders.PASSWORD})
    assert answer["Location"].startswith(DOOR)
    assert not is_signed_in(browser)
    browser.force_login(lena)
    assert browser.get("/admin/login/").status_code == browser.get("/admin/").status_code == 404
