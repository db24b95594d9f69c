"""The outbox: what is posted is one mail, in its reader's language, once what it tells of is committed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import outbox
from accounts.models import Mail
from agency.environment import ROOT
from tests import builders
from tests.conftest import Database

CODE = {"code": "K7QX-2MDP", "minutes": 15}
TO = "dana@northwind.example"


def post(key: str = "code:1", **fields: Any) -> bool:
    return outbox.post(key, **{"template": "sign_in_code", "to": TO, "language": "en", "context": CODE, **fields})


def test_what_is_posted_waits_to_be_sent_as_plain_text_and_as_html(db: None) -> None:
    northwind = builders.client()
    until = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert post(client=northwind, good_until=until)
    mail = Mail.objects.get()
    assert (mail.state, mail.kind, mail.to, mail.language) == ("waiting", "sign_in_code", TO, "en")
    assert (mail.client, mail.good_until, mail.attempts) == (northwind, until, 0)
    assert mail.subject == "Your code to sign in"
    assert "    K7QX-2MDP\n\nEnter it on the page" in mail.text
    assert f"to {TO}." in mail.text
    assert "<p" not in mail.text
    assert "K7QX-2MDP" in mail.html
    assert mail.html.startswith("<!DOCTYPE html>")


def test_what_is_posted_twice_is_one_mail(db: None) -> None:
    assert post()
    assert not post(context={"code": "another", "minutes": 15})
    assert "K7QX-2MDP" in Mail.objects.get().text
    assert post("code:2")
    assert Mail.objects.count() == 2


def test_what_was_not_committed_was_not_posted(fresh_database: Database) -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_plain_text_says_an_ampersand_and_html_escapes_it(db: None) -> None:
    post(context={"code": "<b>&", "minutes": 15, "agency": "Harbour & Pine"})
    mail = Mail.objects.get()
    assert "<b>&" in mail.text
    assert "Harbour & Pine" in mail.text
    assert "&lt;b&gt;&amp;" in mail.html
    assert "Harbour &amp; Pine" in mail.html


@pytest.mark.parametrize("to", ["", "nobody", "a@b.example\nBcc: c@d.example"])
def test_what_can_t_be_an_address_is_not_written_to(db: None, to: str) -> None:
    with pytest.raises(ValidationError):
        post(to=to)
    assert not Mail.objects.exists()


def test_what_lets_its_reader_in_is_known_as_such(db: None) -> None:
    post()
    assert Mail.objects.get().secret


@pytest.mark.parametrize(
    ("column", "value"),
    [("state", "gone"), ("state", "sent"), ("state", "sending"), ("sent_at", datetime(2026, 5, 1, tzinfo=UTC))],
)
def test_a_state_without_its_moment_is_refused(db: None, column: str, value: str) -> None:
    post()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(**{column: value})


# The wall


def posted_as(client_of: int, over: psycopg.Connection[Any], **columns: object) -> int:
    """How many mails a client's person has posted by this."""
    names = ", ".join(f'"{name}"' for name in columns)
    with over.transaction():
        over.execute("SELECT set_config('soundings.client_id', %s, true)", [str(client_of)])
        return over.execute(
            f"INSERT INTO accounts_mail ({names}) VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT DO NOTHING",
            list(columns.values()),
        ).rowcount


def test_a_client_s_people_post_for_their_own_client_alone_and_read_nothing(
    fresh_database: Database, connection_as: Callable[[str], psycopg.Connection[Any]]
) -> None:
    northwind, other = builders.client(), builders.client("Fjord")
    told = {"kind": "comment", "to": TO, "language": "en", "subject": "s", "text": "t", "html": "h"}
    portal = connection_as("portal")
    mine = {"key": "comment:1", "secret": False, "client_id": northwind.pk, **told}
    assert posted_as(northwind.pk, portal, **mine) == 1
    assert posted_as(northwind.pk, portal, **mine) == 0
    for foreign in ({"client_id": other.pk}, {"client_id": None}, {"secret": True}, {"state": "sent"}):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            posted_as(northwind.pk, portal, **{**mine, "key": "comment:2", **foreign})
    for statement in (
        "SELECT key FROM accounts_mail",
        "DELETE FROM accounts_mail",
        "UPDATE accounts_mail SET key = ''",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute(statement)
    assert Mail.objects.get().client == northwind


def test_what_a_client_s_people_post_to_nobody_reaches_their_own_team_alone(
    fresh_database: Database, connection_as: Callable[[str], psycopg.Connection[Any]]
) -> None:
    lena = builders.lena()
    northwind, other = builders.client(account_manager=lena), builders.client("Fjord", account_manager=builders.noor())
    told = {"kind": "comment", "to": "", "language": "en", "subject": "s", "text": "t", "html": "h", "secret": True}
    portal = connection_as("portal")
    for _again in range(2):
        posted_as(northwind.pk, portal, key="comment:1", client_id=other.pk, **told)
    mail = Mail.objects.get()
    assert (mail.to, mail.client, mail.secret, mail.key) == (lena.email, northwind, False, f"comment:1:{lena.pk}")
    connection_as("app").execute(
        'INSERT INTO accounts_mail (key, kind, "to", language, subject, text, html, client_id)'
        " VALUES ('comment:2', 'comment', '', 'en', 's', 't', 'h', %s)",
        [northwind.pk],
    )
    assert Mail.objects.count() == 1, "who is no client's person writes to nobody this way"


# The templates


MAIL = ROOT / "templates" / "mail"
KINDS = sorted({path.name.partition(".")[0] for path in MAIL.iterdir() if not path.name.startswith("_")})


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_has_a_subject_and_is_said_as_plain_text_and_as_html(kind: str) -> None:
    subject, plain, html = ((MAIL / f"{kind}.{end}").read_text() for end in ("subject.txt", "txt", "html"))
    assert '{% extends "mail/_base.txt" %}' in plain
    assert '{% extends "mail/_base.html" %}' in html
    for text in (subject, plain):
        # Days and moments are marked up where they are printed for a page.
        assert re.findall(r"\|(?:day|moment|count)\b(?!\|striptags)", text) == []
        assert re.findall(r"</?[a-z]+\b", text) == []
    assert re.findall(r"<(?:img|script|link|style|iframe|form)\b", html) == []


def test_what_lets_in_is_among_the_mail_there_is() -> None:
    assert set(KINDS) >= outbox.LET_IN
