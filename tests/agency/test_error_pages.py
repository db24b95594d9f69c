"""Tests of what is said when a page can't be shown."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.test import RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

from tests import builders


@pytest.mark.parametrize("signed_in", [False, True])
def test_an_unknown_page_says_so_in_the_same_look(db: None, signed_in: bool) -> None:
    browser = Browser()
    if signed_in:
        browser.force_login(builders.lena())
    answer = browser.get("/nothing/here/")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "There is no such page" in text
    assert "css/tokens.css" in text
    assert "content-security-policy" in {name.lower() for name in answer.headers}


def test_something_broken_is_told_without_a_database() -> None:
    # No test database is asked for: a query would fail this test.
    answer = defaults.server_error(RequestFactory().get("/portfolio/"))
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "Something broke" in text
    assert "css/tokens.css" in text


def test_a_view_that_breaks_is_answered_in_the_same_look(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the query fell over")

    monkeypatch.setattr("metrics.views.night.recent_runs", breaks)
    browser = Browser(raise_request_exception=False)
    browser.force_login(builders.omar())
    answer = browser.get("/night/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "Something broke" in text
    assert "the query fell over" not in text


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda request: defaults.permission_denied(request, PermissionDenied()), 403, "This is not for you"),
        (lambda request: defaults.bad_request(request, ValueError()), 400, "That was no proper question"),
        (csrf_failure, 403, "The form was too old"),
    ],
)
def test_what_is_refused_is_told_in_the_same_look(db: None, answer: Any, status: int, words: str) -> None:
    request = RequestFactory().get("/")
    given = answer(request)
    assert given.status_code == status
    assert words in given.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
def test_every_error_page_leads_back_and_keeps_to_the_policy(status: int) -> None:
    text = render_to_string(f"{status}.html")
    assert re.search(r'<a class="button[^"]*" href="/">', text)
    assert not re.search(r"\sstyle=|<script>|\son\w+=", text)
