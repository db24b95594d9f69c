"""What authenticators and recovery codes are made from is kept encrypted, and outlives a change of the key."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser

from accounts import factor_secrets
from accounts.models import Person
from tests import builders
from tests.conftest import Database, pointed_to

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def ines(db: None) -> Person:
    """Ines, who has an authenticator and recovery codes."""
    ines = builders.ines(password=builders.PASSWORD)
    TOTP.activate(ines, SECRET)
    RecoveryCodes.activate(ines)
    return ines


def in_the_table() -> dict[str, Any]:
    """What lies there, as SQL reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, data::text FROM mfa_authenticator")
        return {kind: json.loads(data) for kind, data in cursor.fetchall()}


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def comes_in(code: str) -> bool:
    browser = Browser()
    browser.post("/sign-in/", {"login": "ines@agency.example", "password": builders.PASSWORD})
    browser.post("/sign-in/second-factor/", {"code": code})
    return "_auth_user_id" in browser.session


def test_what_lies_in_the_table_is_not_the_secret(ines: Person) -> None:
    (seed,) = (one.data["seed"] for one in Authenticator.objects.filter(type="recovery_codes"))
    assert SECRET not in str(in_the_table())
    assert factor_secrets.decrypted(in_the_table()["totp"]["secret"]) == SECRET
    assert re.fullmatch("[0-9a-f]{80}", factor_secrets.decrypted(seed))
    assert not re.search("[0-9a-f]{80}", str(in_the_table()))


def test_no_two_who_have_one_secret_have_it_kept_alike(ines: Person) -> None:
    TOTP.activate(builders.lena(), SECRET)
    assert len(set(Authenticator.objects.filter(type="totp").values_list("data__secret", flat=True))) == 2


def test_an_authenticator_and_a_recovery_code_let_in(ines: Person) -> None:
    assert comes_in(code_of(SECRET))
    (codes,) = Authenticator.objects.filter(type="recovery_codes")
    assert comes_in(codes.wrap().get_unused_codes()[3])


def test_after_the_key_was_changed_both_still_let_in_and_are_written_anew(ines: Person, settings: Any) -> None:
    former = settings.SECRET_KEY
    before = in_the_table()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" * 6, [former]
    assert comes_in(code_of(SECRET))
    assert factor_secrets.write_anew() == 2
    assert factor_secrets.write_anew() == 0
    settings.SECRET_KEY_FALLBACKS = []
    after = in_the_table()
    assert factor_secrets.decrypted(after["totp"]["secret"]) == SECRET
    assert after["totp"]["secret"] != before["totp"]["secret"]
    (codes,) = Authenticator.objects.filter(type="recovery_codes")
    assert comes_in(codes.wrap().get_unused_codes()[0])


def test_without_its_key_a_secret_lets_nobody_in_and_is_left_as_it_is(ines: Person, settings: Any) -> None:
    before = in_the_table()
    settings.SECRET_KEY = "another-key-" * 6
    assert factor_secrets.write_anew() == 0
    browser = Browser()
    browser.post("/sign-in/", {"login": ines.email, "password": builders.PASSWORD})
    answer = browser.post("/sign-in/second-factor/", {"code": code_of(SECRET)})
    assert answer.status_code == 200
    assert "can’t be read any more: ask an administrator" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    assert in_the_table() == before


def test_what_was_kept_as_it_is_is_encrypted_by_the_next_migration(fresh_database: Database) -> None:
    ines = builders.ines(password=builders.PASSWORD)
    Authenticator.objects.create(user=ines, type="totp", data={"secret": SECRET})
    seed = "0123456789abcdef" * 5
    Authenticator.objects.create(user=ines, type="recovery_codes", data={"seed": seed, "used_mask": 4})
    Authenticator.objects.create(user=ines, type="webauthn", data={"name": "Laptop", "credential": {"id": "x"}})
    with pointed_to(fresh_database.url, "owner"):
        call_command("migrate", verbosity=0)
    kept = in_the_table()
    assert factor_secrets.decrypted(kept["totp"]["secret"]) == SECRET
    assert factor_secrets.decrypted(kept["recovery_codes"]["seed"]) == seed
    assert kept["recovery_codes"]["used_mask"] == 4
    assert kept["webauthn"] == {"name": "Laptop", "credential": {"id": "x"}}
