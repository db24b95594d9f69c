"""Who came in by which way, who did not, and what was changed in who may: each is in the audit, and read there."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from accounts.models import Agency, AuditEntry, Invitation, Mail, Person
from accounts.queries.happenings import Happening, Wanted, happenings
from tests import builders
from tests.accounts.test_people_pages import given, picture

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
FROM = "192.0.2.7"


def signs_in(person: Person, *, code: str = "") -> Browser:
    browser = Browser(REMOTE_ADDR=FROM)
    browser.post("/sign-in/", {"login": person.email, "password": builders.PASSWORD})
    if code:
        browser.post("/sign-in/second-factor/", {"code": code})
    return browser


def mailed(kind: str, pattern: str) -> str:
    found = re.search(pattern, Mail.objects.filter(kind=kind).latest("id").text)
    assert found
    return found[1]


def told(kind: str) -> list[Happening]:
    """What the audit tells of this kind, the latest first."""
    return list(happenings(Wanted(kinds=frozenset([kind])), 100))


def latest(kind: str) -> Happening:
    return told(kind)[0]


def totp() -> str:
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


# Coming in, by each way


def test_by_password(ines: Person) -> None:
    signs_in(ines)
    came = latest("signed_in")
    assert (came.who, came.said, came.address) == ("Ines", "by password", FROM)


def test_by_a_code_that_was_mailed(cast: builders.Cast) -> None:
    dana = builders.signs_in(cast.dana)
    browser = Browser(REMOTE_ADDR=FROM)
    browser.post("/sign-in/code/", {"email": dana.email})
    browser.post("/sign-in/code/enter/", {"code": "wrong"})
    browser.post("/sign-in/code/enter/", {"code": mailed("sign_in_code", r"\n\s+(\S+)\n")})
    came, failed = latest("signed_in"), latest("sign_in_failed")
    assert (came.who, came.said, came.address) == (str(dana), "by a code sent by mail", FROM)
    assert (failed.who, failed.said) == (str(dana), "a wrong code")


def test_with_an_authenticator_and_with_a_recovery_code(ines: Person) -> None:
    TOTP.activate(ines, SECRET)
    codes = RecoveryCodes.activate(ines)
    signs_in(ines, code="000000")
    assert latest("sign_in_failed").said == "a wrong code"
    assert not told("signed_in")
    signs_in(ines, code=totp())
    assert latest("signed_in").said == "by password, with an authenticator"
    signs_in(ines, code=codes.get_unused_codes()[0])
    assert latest("signed_in").said == "by password, with a recovery code"


def test_by_an_invitation(ines: Person) -> None:
    signs_in(ines).post("/people/invite/", {"email": "new@agency.example", "role": "account_manager", "name": "New"})
    link = mailed("invitation", r"(/invitation/\S+)")
    Browser(REMOTE_ADDR=FROM).post(link, {"name": "New", "password": "another-quiet-harbour"})
    came = latest("signed_in")
    assert (came.who, came.said) == ("New", "by an invitation")
    added, accepted, came_as = reversed(told("accounts.invitation"))
    assert (added.what, added.who, added.name) == ("Invitation added", "Ines", "New")
    assert [change.words for one in (accepted, came_as) for change in one.changes] == ["Accepted", "Person"]
    token = link.removeprefix("/invitation/").strip("/")
    assert token not in str(happenings(Wanted(), 100))
    assert token not in str(list(AuditEntry.objects.values()))
    assert accepted.path == "POST /invitation/…/"


WRONG = {
    "a list": [1],
    "a text": "x",
    "half of one": {"id": "x", "rawId": "eA", "type": "public-key", "response": {}},
    "no text": {"id": 1, "rawId": 1, "type": "public-key", "response": {"userHandle": 1}},
    "of nobody": {
        "id": "eA",
        "rawId": "eA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "eA",
            "signature": "eA",
            "userHandle": "OTk5OTk5OTk5",
        },
    },
}
"""What somebody sends who has no passkey."""


@pytest.mark.parametrize("credential", [json.dumps(one) for one in WRONG.values()], ids=WRONG)
def test_a_passkey_that_is_nobody_s(ines: Person, credential: str) -> None:
    browser = Browser(REMOTE_ADDR=FROM)
    browser.get("/sign-in/passkey/", headers={"x-requested-with": "XMLHttpRequest"})
    answer = browser.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert "Incorrect code." in browser.get("/sign-in/").content.decode()
    failed = latest("sign_in_failed")
    assert (failed.who, failed.said, failed.address) == (
        "Somebody who was not signed in",
        "a passkey that is nobody’s here",
        FROM,
    )


def test_who_goes_on_trying_after_the_door_was_shut(ines: Person) -> None:
    for _ in range(5):
        Browser(REMOTE_ADDR=FROM).post("/sign-in/", {"login": ines.email, "password": "wrong"})
    assert [one.said for one in told("sign_in_failed")] == ["a wrong password"] * 5
    for _ in range(10):
        signs_in(ines)
    assert not told("signed_in")
    tenth, first, *_ = told("sign_in_failed")
    assert (first.who, first.said) == ("Ines", "too many tries")
    assert tenth.said == "too many tries; 10 times in a row"
    assert len(told("sign_in_failed")) == 7


# Going out


def test_going_out_and_where_else_one_is_signed_out(ines: Person) -> None:
    browser, *_others = (signs_in(ines) for _ in range(3))
    browser.post("/you/sessions/others/end/")
    ended = latest("sessions_ended")
    assert (ended.who, ended.name, ended.said, ended.address) == ("Ines", "Ines", "2 sessions", FROM)
    browser.post("/sign-in/out/")
    assert latest("signed_out").who == "Ines"
    signs_in(ines).post("/you/sessions/others/end/")
    assert len(told("sessions_ended")) == 1  # there was none


def test_a_new_password_and_the_sessions_it_ends(ines: Person) -> None:
    signs_in(ines)
    signs_in(ines).post("/you/password/", {"password": "another-quiet-harbour"})
    assert latest("access").said == "password changed"
    assert latest("sessions_ended").said == "1 session"
    assert "another-quiet-harbour" not in str(list(AuditEntry.objects.values()))


def test_an_administrator_ends_another_s_sessions_and_takes_a_second_factor_away(
    cast: builders.Cast, ines: Person
) -> None:
    cast.lena.set_password(builders.PASSWORD)
    cast.lena.save()
    signs_in(cast.lena)
    TOTP.activate(cast.lena, SECRET)
    browser = signs_in(ines)
    browser.post(f"/people/{cast.lena.pk}/sessions/end/")
    browser.post(f"/people/{cast.lena.pk}/second-factor/removal/")
    ended, removed = latest("sessions_ended"), latest("access")
    assert (ended.who, ended.name, ended.said) == ("Ines", "Lena", "1 session")
    assert (removed.who, removed.name, removed.said) == ("Ines", "Lena", "second factors taken away · totp")
    assert not Authenticator.objects.exists()


# What lets somebody in


def test_an_authenticator_and_recovery_codes_are_added_and_removed(
    ines: Person, django_capture_on_commit_callbacks: Any
) -> None:
    browser = signs_in(ines)
    secret = browser.get("/you/authenticator/").context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/you/authenticator/", {"code": format_hotp_value(hotp_value(secret, counter))})
    assert {one.said for one in told("access")} == {
        "second factor added · totp",
        "second factor added · recovery_codes",
    }
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/you/recovery-codes/new/")
    assert latest("access").said == "second factor made anew · recovery_codes"
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/you/authenticator/removal/")
    assert {one.said for one in told("access")[:2]} >= {"second factor removed · totp"}
    assert {one.who for one in told("access")} == {"Ines"}
    assert secret not in str(list(AuditEntry.objects.values()))


def test_an_invitation_is_sent_again_and_taken_back(ines: Person) -> None:
    browser = signs_in(ines)
    browser.post("/people/invite/", {"email": "new@agency.example", "role": "account_manager", "name": "New"})
    browser.post(f"/people/invitations/{Invitation.objects.get().pk}/link/")
    second = Invitation.objects.unanswered().get()
    browser.post(f"/people/invitations/{second.pk}/revocation/")
    whats = [(one.what, one.who) for one in reversed(told("accounts.invitation"))]
    assert whats == [
        ("Invitation added", "Ines"),
        ("Invitation changed", "Ines"),  # the first is taken back
        ("Invitation added", "Ines"),
        ("Invitation changed", "Ines"),
    ]
    assert [change.words for change in latest("accounts.invitation").changes] == ["Taken back"]


# Who may what


def test_a_role_is_given_and_somebody_is_let_go_and_comes_back(cast: builders.Cast, ines: Person) -> None:
    browser = signs_in(ines)

    def changes() -> dict[str, tuple[str, str]]:
        found = latest("accounts.person")
        assert (found.what, found.who, found.name) == ("Person changed", "Ines", "Sam")
        return {change.words: (change.before, change.after) for change in found.changes}

    browser.post(f"/people/{cast.sam.pk}/role/", {"role": "leadership"})
    assert changes() == {"Role": ("Account manager", "Leadership")}
    browser.post(f"/people/{cast.sam.pk}/departure/", {"left_on": "2026-03-01"})
    assert changes() == {"May sign in": ("Yes", "No"), "Left on": ("", "1 Mar 2026")}
    browser.post(f"/people/{cast.sam.pk}/return/")
    assert changes() == {"May sign in": ("No", "Yes"), "Left on": ("1 Mar 2026", "")}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ({"name": "Pine & Harbour"}, ("Name", "Harbour & Pine", "Pine & Harbour")),
        ({"language": "de"}, ("Language", "Français", "Deutsch")),
        ({"managers_read": "all"}, ("Account managers read", "The accounts whose team they are on", "All accounts")),
    ],
    ids=["name", "language", "who reads what"],
)
def test_what_is_said_of_the_agency_is_changed(
    ines: Person, field: dict[str, str], changed: tuple[str, str, str]
) -> None:
    browser = signs_in(ines)
    browser.post("/agency/", given())
    browser.post("/agency/", given(**field))
    found = latest("accounts.agency")
    assert (found.what, found.who) == ("Agency changed", "Ines")
    assert [(change.words, change.before, change.after) for change in found.changes] == [changed]


def test_another_logo_and_none(ines: Person) -> None:
    browser = signs_in(ines)
    browser.post("/agency/", given())

    def changed(**more: object) -> list[tuple[str, str, str]]:
        assert browser.post("/agency/", given(**more)).status_code == 303
        found = latest("accounts.agency")
        return [(change.words, change.before, change.after) for change in found.changes]

    def upload(width: int) -> SimpleUploadedFile:
        return SimpleUploadedFile("logo.png", picture((width, 50), "PNG"))

    ((words, before, first),) = changed(upload=upload(100))
    assert (words, before) == ("Logo", "")
    assert first == Agency.objects.get().logo_hash
    assert re.fullmatch("[0-9a-f]{64}", first)
    ((_, before, second),) = changed(upload=upload(120))
    assert before == first != second
    assert changed(without_logo="on") == [("Logo", second, "")]


def test_what_a_client_is_shown_and_that_somebody_looked_at_it(cast: builders.Cast) -> None:
    goal = builders.goal(cast.northwind, date(2026, 1, 1), title="More leads")
    browser = Browser(REMOTE_ADDR=FROM)
    browser.force_login(cast.lena)
    browser.post("/accounts/northwind/client-view/", {"noun": "section", "record": "goals", "shown": "yes"})
    added = latest("accounts.sharedsection")
    assert (added.who, added.client, added.what) == ("Lena", "Northwind", "Shared section added")
    goal.shared = True
    goal.save()
    (change,) = latest("accounts.goal").changes
    assert (change.before, change.after) == ("No", "Yes")
    browser.get("/accounts/northwind/as-client/")
    seen = latest("seen_as_client")
    assert (seen.who, seen.client, seen.address) == ("Lena", "Northwind", FROM)
    browser.post("/accounts/northwind/client-view/", {"noun": "section", "record": "goals", "shown": "no"})
    assert latest("accounts.sharedsection").what == "Shared section removed"


# Taken along


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_audit_is_taken_along(ines: Person, form: str) -> None:
    browser = signs_in(ines)
    answer: Any = browser.get(f"/audit/audit.{form}?who=lena")
    assert b"".join(answer.streaming_content)
    found = latest("taken_along")
    assert (found.who, found.said, found.address) == ("Ines", f"Audit, {form.upper()}", FROM)
    assert AuditEntry.objects.get(kind="taken_along").details["asked"] == "who=lena"
