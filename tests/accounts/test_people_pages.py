"""Tests of the pages of people, of the agency, and of one's own account."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts import logos, second_factor
from accounts.models import Agency, Invitation, Mail, Person, Setting
from tests import builders

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Browser:
    browser = Browser()
    answer = browser.post("/sign-in/", {"login": person.email, "password": builders.PASSWORD})
    assert answer.status_code == 302
    return browser


@pytest.fixture
def browser(ines: Person) -> Browser:
    """Ines', who has just signed in."""
    return signed_in(ines)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def age(browser: Browser, seconds: int) -> None:
    """Lets the session's proofs of who it is be older."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


# People


def test_the_people_are_for_administrators_alone(cast: builders.Cast, ines: Person) -> None:
    for person in (cast.lena, cast.omar, builders.signs_in(cast.dana)):
        browser = Browser()
        browser.force_login(person)
        for address in ("/people/", "/people/invite/", f"/people/{ines.pk}/", "/agency/"):
            assert browser.get(address).status_code == 404, (person, address)
        assert browser.post(f"/people/{ines.pk}/role/", {"role": "contact"}).status_code == 404
        assert 'href="/people/"' not in browser.get("/portfolio/").content.decode()


def test_everyone_is_listed_with_what_lets_them_in(cast: builders.Cast, browser: Browser) -> None:
    builders.signs_in(cast.dana)
    page = text(browser.get("/people/"))
    assert "Five people of the agency sign in." in page
    assert "Two of them have no second factor yet, and are asked for one." in page
    assert "dana@northwind.example Client contact Northwind" in page
    assert "Not invited yet" in page


def test_somebody_is_invited_sent_another_link_and_taken_back(browser: Browser) -> None:
    given = {"email": "kim@agency.example", "name": "Kim", "role": "account_manager"}
    assert browser.post("/people/invite/", given).status_code == 303
    first = Invitation.objects.get()
    assert "kim@agency.example" in text(browser.get("/people/"))
    assert browser.post(f"/people/invitations/{first.pk}/link/").status_code == 303
    second = Invitation.objects.unanswered().get()
    assert second.pk != first.pk
    assert Mail.objects.count() == 2
    assert browser.post(f"/people/invitations/{second.pk}/revocation/").status_code == 303
    assert not Invitation.objects.unanswered().exists()
    assert browser.post(f"/people/invitations/{second.pk}/revocation/").status_code == 404


def test_who_signs_in_already_is_said_beside_the_address(browser: Browser, ines: Person) -> None:
    answer = browser.post("/people/invite/", {"email": ines.email, "role": "leadership"})
    assert answer.status_code == 422
    assert "Ines signs in already." in text(answer)
    assert browser.post("/people/invite/", {"email": "kim@x.example", "role": "contact"}).status_code == 422


def test_a_role_is_given_and_access_ended_on_the_persons_page(cast: builders.Cast, browser: Browser) -> None:
    page = f"/people/{cast.lena.pk}/"
    assert "They lead Northwind, which is handed over." in text(browser.get(page))
    assert browser.post(page + "role/", {"role": "leadership"}).status_code == 303
    assert browser.post(page + "role/", {"role": "contact"}).status_code == 422
    answer = browser.post(page + "departure/", {"left_on": "2026-05-26", "successor": cast.sam.pk})
    assert answer.status_code == 303
    cast.lena.refresh_from_db()
    cast.northwind.refresh_from_db()
    assert (cast.lena.is_active, cast.lena.role, cast.northwind.account_manager) == (False, "leadership", cast.sam)
    assert "Let them sign in again" in text(browser.get(page))
    assert browser.post(page + "return/").status_code == 303
    assert browser.get("/people/999999999999999999999/").status_code == 404


def test_the_last_administrator_is_kept(browser: Browser, ines: Person) -> None:
    answer = browser.post(f"/people/{ines.pk}/role/", {"role": "leadership"})
    assert answer.status_code == 422
    assert "Ines is the only administrator" in text(answer)
    assert "own access" in text(browser.post(f"/people/{ines.pk}/departure/", {"left_on": "2026-05-26"}))


def test_a_lost_second_factor_is_taken_away(cast: builders.Cast, browser: Browser) -> None:
    TOTP.activate(cast.omar, "JBSWY3DPEHPK3PXP")
    assert browser.post(f"/people/{cast.omar.pk}/second-factor/removal/").status_code == 303
    assert not Authenticator.objects.exists()


def test_the_list_costs_the_same_however_many_there_are(browser: Browser) -> None:
    costs = []
    for number in (3, 30):
        for each in range(number):
            client = builders.client(f"Client {number} {each}")
            builders.team_member(client, builders.person(f"Person {number} {each}"))
            builders.signs_in(builders.contact(client, f"Contact {number} {each}"))
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/people/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 6


# Showing once more who one is


@pytest.mark.parametrize("address", ["/people/", "/agency/", "/people/invite/", "/you/password/", "/you/passkeys/new/"])
def test_after_a_while_one_shows_again_who_one_is(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 200
    age(browser, 16 * 60)
    asked = browser.get(address)
    assert asked["Location"].startswith("/sign-in/again/?next=")
    assert "Is it still you?" in text(browser.get(asked["Location"]))
    assert browser.post(asked["Location"], {"password": "wrong", "next": address}).status_code == 200
    assert browser.post(asked["Location"], {"password": builders.PASSWORD, "next": address})["Location"] == address
    assert browser.get(address).status_code == 200


def test_people_in_the_admin_site_and_a_change_of_a_setting_ask_as_well(browser: Browser, ines: Person) -> None:
    change = f"/admin/accounts/person/{ines.pk}/change/"
    setting = "/settings/good_attainment/"
    assert browser.get(change).status_code == 200
    age(browser, 16 * 60)
    assert browser.get(change)["Location"].startswith("/sign-in/again/")
    assert browser.get("/admin/accounts/client/").status_code == browser.get(setting).status_code == 200
    asked = browser.post(setting, {"value": "75", "effective_on": "2026-01-01"})
    assert asked["Location"].startswith("/sign-in/again/")
    assert not Setting.objects.exists()


def test_what_was_about_to_be_done_is_done_once_one_has_shown_it(cast: builders.Cast, browser: Browser) -> None:
    age(browser, 16 * 60)
    address = f"/people/{cast.sam.pk}/role/"
    asked = browser.post(address, {"role": "leadership"})
    cast.sam.refresh_from_db()
    assert cast.sam.role == "account_manager"
    browser.post(asked["Location"], {"password": builders.PASSWORD, "next": address})
    cast.sam.refresh_from_db()
    assert cast.sam.role == "leadership"


# A code by mail


def code() -> str:
    found = re.search(r"\n\s+(\S+)\n", Mail.objects.filter(kind="sign_in_code").latest("id").text)
    assert found
    return found[1]


def test_a_contact_signs_in_by_a_code_that_is_mailed(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana)
    browser = Browser()
    answer = browser.post("/sign-in/code/", {"email": "Dana@Northwind.example"})
    assert answer["Location"] == "/sign-in/code/enter/"
    assert Mail.objects.get().to == dana.email
    assert browser.post("/sign-in/code/enter/", {"code": "wrong"}).status_code == 200
    assert browser.post("/sign-in/code/enter/", {"code": code()}).status_code == 302
    assert browser.session["_auth_user_id"] == str(dana.pk)


def test_a_code_is_good_for_fifteen_minutes_and_three_tries(
    cast: builders.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.signs_in(cast.dana)
    browser = Browser()
    browser.post("/sign-in/code/", {"email": cast.dana.email})
    sent = code()
    later = time.time() + 15 * 60 + 1
    with monkeypatch.context() as patched:
        patched.setattr("time.time", lambda: later)
        assert browser.post("/sign-in/code/enter/", {"code": sent})["Location"] == "/sign-in/code/"
    browser.post("/sign-in/code/", {"email": cast.dana.email})
    sent = code()
    for _ in range(3):
        browser.post("/sign-in/code/enter/", {"code": "wrong"})
    browser.post("/sign-in/code/enter/", {"code": sent})
    assert "_auth_user_id" not in browser.session


def test_a_code_lets_in_once_and_only_where_it_was_asked_for(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana)
    first, second = Browser(), Browser()
    first.post("/sign-in/code/", {"email": dana.email})
    sent = code()
    second.post("/sign-in/code/", {"email": dana.email})
    second.post("/sign-in/code/enter/", {"code": sent})
    assert "_auth_user_id" not in second.session
    first.post("/sign-in/code/enter/", {"code": sent})
    assert first.session["_auth_user_id"] == str(dana.pk)
    first.post("/sign-in/out/")
    assert first.post("/sign-in/code/enter/", {"code": sent}).status_code == 302
    assert "_auth_user_id" not in first.session


def test_nobody_learns_at_the_door_who_comes_in(cast: builders.Cast) -> None:
    builders.signs_in(cast.dana)
    known, unknown = Browser(), Browser()
    answers = [
        (known.post("/sign-in/code/", {"email": cast.dana.email}), known),
        (unknown.post("/sign-in/code/", {"email": "nobody@northwind.example"}), unknown),
    ]
    assert {(answer.status_code, answer["Location"]) for answer, _browser in answers} == {(302, "/sign-in/code/enter/")}
    assert Mail.objects.count() == 1
    pages = [text(browser.get("/sign-in/code/enter/")) for _answer, browser in answers]
    assert pages[0].replace("dana@", "nobody@") == pages[1]


def test_who_forgot_a_password_comes_in_by_a_code_and_sets_another(cast: builders.Cast) -> None:
    cast.lena.set_password(builders.PASSWORD)
    cast.lena.save()
    browser = Browser()
    browser.post("/sign-in/code/", {"email": cast.lena.email})
    browser.post("/sign-in/code/enter/", {"code": code()})
    other = signed_in(cast.lena)
    assert browser.post("/you/password/", {"password": "short"}).status_code == 422
    assert browser.post("/you/password/", {"password": "another-quiet-harbour"}).status_code == 303
    cast.lena.refresh_from_db()
    assert cast.lena.check_password("another-quiet-harbour")
    assert browser.get("/you/").status_code == 200
    assert other.get("/you/").status_code == 302


# The second factor


def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_an_authenticator_is_added_and_asked_for(browser: Browser, ines: Person) -> None:
    shown = browser.get("/you/authenticator/")
    assert '<svg class="qr"' in shown.content.decode()
    assert " style=" not in shown.content.decode()
    secret = shown.context["form"].secret
    assert browser.post("/you/authenticator/", {"code": "000000"}).status_code == 200
    answer = browser.post("/you/authenticator/", {"code": totp_code(secret)})
    assert answer["Location"] == "/you/recovery-codes/"
    codes = re.findall(r"<code>(\S+)</code>", browser.get("/you/recovery-codes/").content.decode())
    assert len(codes) == 10
    ines.refresh_from_db()
    assert ines.has_second_factor
    again = Browser()
    answer = again.post("/sign-in/", {"login": ines.email, "password": builders.PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/"
    assert "_auth_user_id" not in again.session
    assert again.get("/people/").status_code == 302
    assert again.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 200
    assert again.post("/sign-in/second-factor/", {"code": codes[0]}).status_code == 302
    assert again.session["_auth_user_id"] == str(ines.pk)
    third = Browser()
    third.post("/sign-in/", {"login": ines.email, "password": builders.PASSWORD})
    assert third.post("/sign-in/second-factor/", {"code": codes[0]}).status_code == 200


def test_leadership_is_asked_for_a_second_factor_and_after_two_weeks_goes_on_with_one(
    cast: builders.Cast, settings: Any
) -> None:
    omar = Browser()
    omar.force_login(cast.omar)
    page = text(omar.get("/portfolio/"))
    assert "Add a passkey or an authenticator" in page
    Person.objects.filter(pk=cast.omar.pk).update(joined_at=datetime.now(UTC) - second_factor.GRACE)
    answer = omar.get("/portfolio/")
    assert (answer.status_code, answer["Location"]) == (303, "/you/?second-factor=asked")
    assert omar.get("/you/").status_code == 200
    assert omar.get("/sign-in/out/").status_code == 200
    settings.DEMO = True
    assert omar.get("/portfolio/").status_code == 200
    settings.DEMO = False
    TOTP.activate(cast.omar, "JBSWY3DPEHPK3PXP")
    assert "Add a passkey or an authenticator" not in text(omar.get("/portfolio/"))


def test_account_managers_and_contacts_are_not_asked_for_one(cast: builders.Cast) -> None:
    Person.objects.update(joined_at=datetime.now(UTC) - timedelta(days=400))
    for person in (cast.lena, builders.signs_in(cast.dana)):
        assert second_factor.due_at(person) is None
    lena = Browser()
    lena.force_login(cast.lena)
    assert lena.get("/my-accounts/").status_code == 200


# One's own account


def test_ones_own_account_is_for_everybody(cast: builders.Cast) -> None:
    for person in (cast.lena, cast.omar, builders.signs_in(cast.dana)):
        browser = Browser()
        browser.force_login(person)
        page = text(browser.get("/you/"))
        assert person.email in page
        assert browser.post("/you/name/", {"name": f"{person.name} the Second"}).status_code == 303
        assert browser.post("/you/name/", {"name": ""}).status_code == 422
        person.refresh_from_db()
        assert person.name.endswith("the Second")


def test_sessions_are_listed_and_ended_by_their_owner(browser: Browser, ines: Person, cast: builders.Cast) -> None:
    other = signed_in(ines)
    cast.lena.set_password(builders.PASSWORD)
    cast.lena.save()
    lena = signed_in(cast.lena)
    there = UserSession.objects.get(session_key=other.session.session_key)
    foreign = UserSession.objects.get(session_key=lena.session.session_key)
    assert browser.post(f"/you/sessions/{foreign.pk}/end/").status_code == 404
    assert browser.post(f"/you/sessions/{there.pk}/end/").status_code == 303
    assert other.get("/you/").status_code == 302
    assert lena.get("/you/").status_code == browser.get("/you/").status_code == 200
    third = signed_in(ines)
    assert browser.post("/you/sessions/others/end/").status_code == 303
    assert third.get("/you/").status_code == 302
    assert browser.get("/you/").status_code == 200


def test_a_session_in_use_is_seen_now_and_then(browser: Browser, ines: Person) -> None:
    UserSession.objects.update(last_seen_at=datetime(2026, 1, 1, tzinfo=UTC))
    browser.get("/you/")
    assert UserSession.objects.get().last_seen_at == datetime(2026, 1, 1, tzinfo=UTC)
    session = browser.session
    session["seen"] -= 700
    session.save()
    browser.get("/you/")
    assert UserSession.objects.get().last_seen_at > datetime(2026, 1, 2, tzinfo=UTC)


def test_ones_own_account_costs_no_more_with_many_sessions(browser: Browser, ines: Person) -> None:
    for _ in range(5):
        signed_in(ines)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/you/").status_code == 200
    assert len(asked) <= 8


# The agency


def picture(size: tuple[int, int] = (1200, 300), kind: str = "JPEG") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#123456").save(written, kind)
    return written.getvalue()


def given(**more: object) -> dict[str, Any]:
    return {"name": "Harbour & Pine", "language": "fr", "managers_read": "own", **more}


def test_the_agency_is_named_and_its_logo_drawn_anew(browser: Browser) -> None:
    assert Browser().get("/agency/logo.png").status_code == 404
    sent = picture()
    logo = SimpleUploadedFile("logo.jpg", sent + b"<script>alert(1)</script>", "image/jpeg")
    assert browser.post("/agency/", given(upload=logo)).status_code == 303
    agency = Agency.objects.current()
    assert (agency.name, agency.language, agency.managers_read) == ("Harbour & Pine", "fr", "own")
    served = Browser().get("/agency/logo.png")
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    assert b"script" not in served.content
    with Image.open(BytesIO(served.content)) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", logos.WIDTH)
    assert Browser().get("/agency/logo.png", headers={"if-none-match": served["ETag"]}).status_code == 304
    assert browser.post("/agency/", given()).status_code == 303
    assert bytes(Agency.objects.current().logo or b"") == served.content
    assert browser.post("/agency/", given(without_logo="on")).status_code == 303
    assert Agency.objects.current().logo is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Expected a picture"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "Expected a picture"),
        (picture()[:200], "Expected a picture"),
        (b"x" * (logos.BYTES + 1), "2 MB"),
        (picture((5000, 4000), "PNG"), "16 million pixels"),
    ],
    ids=["SVG", "nothing", "no PNG", "cut off", "too large", "too many pixels"],
)
def test_what_is_no_fair_picture_is_refused_with_a_sentence(browser: Browser, content: bytes, said: str) -> None:
    answer = browser.post("/agency/", given(upload=SimpleUploadedFile("logo.png", content)))
    assert answer.status_code == 422
    assert said in text(answer)
    assert Agency.objects.current().logo is None


def test_when_somebody_was_seen_is_said_by_the_agencys_clock(
    cast: builders.Cast, browser: Browser, ines: Person
) -> None:
    builders.setting("time_zone", date(2020, 1, 1), "Pacific/Auckland")
    signed_in(ines)
    moment = datetime(2026, 1, 31, 18, 30, tzinfo=UTC)
    UserSession.objects.update(last_seen_at=moment)
    Person.objects.update(last_login=moment)
    for address in ("/people/", f"/people/{ines.pk}/", "/you/"):
        page = text(browser.get(address))
        assert "1 Feb 2026, 07:30" in page, address
        assert "31 Jan 2026" not in page, address
