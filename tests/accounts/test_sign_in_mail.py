"""What signing in writes: codes that are soon of no use, and changes of how one signs in, by the outbox alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core import mail
from django.test import RequestFactory
from django.utils import timezone

from accounts import sign_in_mail
from accounts.models import Agency, Mail, Person
from tests import builders

pytestmark = pytest.mark.django_db

CODE = "account/email/login_code"


def written(name: str, to: str, **context: object) -> Mail:
    get_adapter(RequestFactory().get("/")).send_mail(name, to, context)
    return Mail.objects.latest("pk")


def contact(**fields: Any) -> Person:
    return Person.objects.create_user("dana@northwind.example", role=Person.Role.CONTACT, **fields)


def test_a_code_goes_by_the_outbox_and_is_of_use_for_a_quarter_of_an_hour() -> None:
    contact()
    found = written(CODE, "dana@northwind.example", code="K7QX-2MDP")
    assert "K7QX-2MDP" in found.text
    assert "15 minutes" in found.text
    assert found.secret
    assert found.good_until is not None
    assert timedelta(minutes=14) < found.good_until - timezone.now() <= timedelta(minutes=15)
    assert mail.outbox == []


def test_each_code_is_a_mail_of_its_own() -> None:
    contact()
    for code in ("first", "second"):
        written(CODE, "dana@northwind.example", code=code)
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("chosen", "of_the_agency", "spoken"), [("de", "fr", "de"), ("", "fr", "fr"), ("", "en", "en")]
)
def test_a_client_s_person_is_written_to_in_their_language(chosen: str, of_the_agency: str, spoken: str) -> None:
    contact(language=chosen)
    Agency.objects.update(language=of_the_agency)
    assert written(CODE, "Dana@Northwind.example", code="x").language == spoken


def test_people_of_the_agency_are_written_to_in_english() -> None:
    Agency.objects.update(language="fr")
    assert written(CODE, builders.lena().email, code="x").language == "en"


@pytest.mark.parametrize("name", sign_in_mail.CHANGES)
def test_each_change_of_how_one_signs_in_is_said_with_when_and_from_where(name: str) -> None:
    lena = builders.lena()
    at = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
    found = written(name, lena.email, timestamp=at, ip="192.0.2.7", user_agent="A <browser>", user=lena)
    assert str(sign_in_mail.CHANGES[name]) in found.text
    assert "1 May 2026, 12:30 UTC" in found.text
    assert "From the address: 192.0.2.7" in found.text
    assert "With the browser: A <browser>" in found.text
    assert "A &lt;browser&gt;" in found.html
    assert not found.secret


def test_what_we_have_no_words_for_is_an_error_and_not_allauth_s_words() -> None:
    with pytest.raises(sign_in_mail.UnknownMail):
        written("account/email/unknown_account", "nobody@nowhere.example")
    assert not Mail.objects.exists()
