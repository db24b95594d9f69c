"""Many who try at the same moment: no more guesses are checked than of one after the other, and each is counted."""

from __future__ import annotations

import threading

from django.db import connections
from django.test import Client as Browser

from accounts import audit
from accounts.models import AuditEntry, Person
from tests import builders
from tests.conftest import Database

AT_ONCE = 40


def test_of_forty_wrong_guesses_at_once_exactly_five_are_checked(fresh_database: Database) -> None:
    lena = builders.lena(password=builders.PASSWORD)
    answers: list[str] = []
    begin = threading.Barrier(AT_ONCE)

    def guesses(number: int) -> None:
        try:
            begin.wait(60)
            # Each from another place and by another name of the site: the address guessed at is what counts.
            browser = Browser(REMOTE_ADDR=f"192.0.2.{number}", HTTP_HOST=f"localhost:{8000 + number}")
            answer = browser.post("/sign-in/", {"login": lena.email, "password": f"guess-{number}"})
            answers.append(answer.content.decode())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guesses, args=[number]) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answers) == AT_ONCE
    assert sum("not correct" in answer for answer in answers) == 5
    assert sum("Too many failed login attempts" in answer for answer in answers) == AT_ONCE - 5
    failed = AuditEntry.objects.filter(kind=AuditEntry.Kind.SIGN_IN_FAILED)
    assert failed.exclude(details__has_key="shut").count() == 5
    browser = Browser()
    browser.post("/sign-in/", {"login": lena.email, "password": builders.PASSWORD})
    assert "_auth_user_id" not in browser.session
    assert Person.objects.get(pk=lena.pk).last_login is None


def test_of_forty_refused_at_once_each_is_counted(fresh_database: Database) -> None:
    counted: list[int] = []
    begin = threading.Barrier(AT_ONCE)

    def is_refused() -> None:
        try:
            begin.wait(60)
            counted.append(audit.times_in_one_go("this"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=is_refused) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(counted) == list(range(1, AT_ONCE + 1))
    assert audit.times_in_one_go("this") == AT_ONCE + 1


def test_attempts_at_many_addresses_do_not_push_out_those_that_count(fresh_database: Database) -> None:
    lena = builders.lena(password=builders.PASSWORD)
    for number in range(5):
        Browser(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", {"login": lena.email, "password": "wrong"})
    for number in range(200):
        address = f"198.51.100.{number}"
        Browser(REMOTE_ADDR=address).post("/sign-in/", {"login": f"{number}@agency.example", "password": "wrong"})
    browser = Browser()
    answer = browser.post("/sign-in/", {"login": lena.email, "password": builders.PASSWORD})
    assert "Too many failed login attempts" in answer.content.decode()
    assert "_auth_user_id" not in browser.session
