"""The outbox as leadership reads it: who sees it, what it tells, what it keeps to itself, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import invitations, outbox
from accounts.models import Mail, Person
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def omar(client: Browser) -> Browser:
    client.force_login(builders.omar())
    return client


def post(key: str = "1", to: str = "dana@northwind.example", **fields: Any) -> Mail:
    outbox.post(key, "sign_in_change", to, "en", {"what": "<A passkey> & more.", "at": None}, **fields)
    return Mail.objects.get(key=key)


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/outbox/", "/outbox/table/", "/outbox/{}/", "/outbox/{}/html/"])
def test_the_outbox_exists_for_leadership_and_admins_alone(client: Browser, path: str) -> None:
    path = path.format(post().pk)
    statuses = {}
    for who in (builders.lena(), builders.omar(), person("admin"), person("contact")):
        client.force_login(who)
        statuses[who.role] = client.get(path).status_code
    assert statuses == {"account_manager": 404, "leadership": 200, "admin": 200, "contact": 404}


def person(role: str) -> Person:
    return Person.objects.create_user(f"{role}@agency.example", role=role)


def test_nobody_else_sends_again(client: Browser) -> None:
    client.force_login(builders.lena())
    assert client.post(f"/outbox/{post().pk}/sending/").status_code == 404


def test_the_rail_leads_to_it(omar: Browser) -> None:
    assert 'href="/outbox/"' in text(omar, "/definitions/")


def test_it_says_how_the_mail_stands(omar: Browser, settings: Settings) -> None:
    assert "Nothing has been written yet." in text(omar, "/outbox/")
    mail = post()
    assert "No mail server is set up, so mail stays here." in text(omar, "/outbox/")
    settings.SMTP_URL = "smtp://mail.example"
    assert "One mail is on its way." in text(omar, "/outbox/")
    Mail.objects.update(state="sent", sent_at=Now())
    assert "All mail has left." in text(omar, "/outbox/")
    Mail.objects.update(state="refused", sent_at=None, failed_with="550 nobody")
    assert "One mail did not reach its reader, or may not have." in text(omar, "/outbox/")
    assert "550 nobody" in text(omar, f"/outbox/{mail.pk}/")


def test_the_list_is_narrowed_by_state_and_by_words(omar: Browser) -> None:
    post("1", "dana@northwind.example", client=builders.client())
    post("2", "eve@fjord.example")
    Mail.objects.filter(key="2").update(state="late")
    assert "eve@" not in text(omar, "/outbox/table/?q=northwind")
    assert "dana@" in text(omar, "/outbox/table/?q=Northwind%20changed")
    assert "dana@" not in text(omar, "/outbox/table/?state=late")
    assert "No mail like that" in text(omar, "/outbox/table/?q=nobody")
    answer = omar.get("/outbox/table/?state=late&q=eve&page=1&other=x")
    assert answer["HX-Push-Url"] == "/outbox/?state=late&q=eve"
    assert "<html" not in answer.content.decode()
    assert text(omar, "/outbox/").count('id="outbox-table"') == 1
    for nonsense in ("state=gone", "page=x", "page=0", "page=99999999999999999999", "q=%00"):
        assert "dana@" in text(omar, f"/outbox/?{nonsense}")


def test_times_are_those_of_the_agency(omar: Browser) -> None:
    builders.setting("time_zone", date(2026, 1, 1), "Pacific/Auckland")
    mail = post()
    late = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
    Mail.objects.update(posted_at=late, state="sent", sent_at=late)
    for path in ("/outbox/", f"/outbox/{mail.pk}/"):
        page = text(omar, path)
        assert "1 Apr 2026, 01:30" in page
        assert "Times are those of Pacific/Auckland" in page
    Mail.objects.update(state="waiting", sent_at=None, failed_with="450 not now", not_before=late)
    assert page.count("1 Apr 2026, 01:30") == 2
    assert text(omar, f"/outbox/{mail.pk}/").count("1 Apr 2026, 01:30") == 2


def test_long_lists_come_in_pages(omar: Browser) -> None:
    for number in range(51):
        post(str(number), f"reader-{number}@northwind.example")
    first, second = text(omar, "/outbox/"), text(omar, "/outbox/?page=2")
    assert first.count('<th scope="row">') == 50
    assert "page=2" in first
    assert second.count('<th scope="row">') == 1
    assert "reader-0@" in second


def test_a_mail_opens_as_html_in_a_frame_where_nothing_runs_and_as_plain_text(omar: Browser) -> None:
    mail = post()
    page = omar.get(f"/outbox/{mail.pk}/")
    content = page.content.decode()
    assert f'src="/outbox/{mail.pk}/html/"' in content
    assert "&lt;A passkey&gt; &amp; more." in content
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    framed = omar.get(f"/outbox/{mail.pk}/html/")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src 'none'" in policy
    assert "img-src 'none'" in policy
    assert "&lt;A passkey&gt; &amp; more." in framed.content.decode()


def test_a_code_is_read_by_nobody_else_but_in_the_demo(omar: Browser, settings: Settings) -> None:
    outbox.post("code", "sign_in_code", "dana@northwind.example", "en", {"code": "K7QX-2MDP", "minutes": 15})
    path = f"/outbox/{Mail.objects.get().pk}/"
    assert "K7QX" not in text(omar, path)
    assert "For its reader alone" in text(omar, path)
    assert omar.get(f"{path}html/").status_code == 404
    settings.DEMO = True
    assert "K7QX-2MDP" in text(omar, path)
    assert "K7QX-2MDP" in text(omar, f"{path}html/")


@pytest.mark.parametrize("state", Mail.State.values)
def test_no_link_and_no_code_of_anybody_is_read_in_whatever_state_it_is(omar: Browser, state: str) -> None:
    ines = builders.ines()
    invitations.invite("new@agency.example", "account_manager", by=ines, now=timezone.now())
    outbox.post("code", "sign_in_code", "dana@northwind.example", "en", {"code": "K7QX-2MDP", "minutes": 15})
    now = timezone.now()
    Mail.objects.update(state=state, claimed_at=now, sent_at=now if state == "sent" else None)
    found = re.search(r"/invitation/([\w-]+)/", Mail.objects.get(kind="invitation").text)
    assert found
    browser_of_ines = Browser()
    browser_of_ines.force_login(ines)
    paths = ["/outbox/", "/outbox/?q=K7QX", *(f"/outbox/{mail.pk}/" for mail in Mail.objects.all()), "/audit/"]
    shown = "".join(text(browser_of_ines, path) for path in paths)
    assert found[1] not in shown
    assert "K7QX" not in shown.replace('value="K7QX"', "")
    assert text(omar, "/outbox/table/?q=K7QX").count("<tr") == text(omar, "/outbox/table/?q=nothing-like-it").count(
        "<tr"
    )
    for mail in Mail.objects.all():
        assert omar.get(f"/outbox/{mail.pk}/html/").status_code == 404


def test_of_old_mail_it_is_said_that_its_words_are_cleared(omar: Browser) -> None:
    mail = post()
    Mail.objects.update(state="refused", text="", html="")
    page = text(omar, f"/outbox/{mail.pk}/")
    assert "What it said is cleared" in page
    assert "Send it again" not in page
    assert omar.get(f"/outbox/{mail.pk}/html/").status_code == 404


def test_what_was_refused_is_sent_again_by_a_button(omar: Browser) -> None:
    mail = post()
    path = f"/outbox/{mail.pk}/"
    assert "Send it again" not in text(omar, path)
    Mail.objects.update(state="refused", failed_with="550 nobody")
    assert "Send it again" in text(omar, path)
    answer = omar.post(f"{path}sending/", follow=True)
    assert "It is on its way again." in answer.content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 0)
    assert "There is nothing to send" in omar.post(f"{path}sending/", follow=True).content.decode()


@pytest.mark.parametrize("path", ["/outbox/9/", "/outbox/9/html/", "/outbox/99999999999999999999999/"])
def test_a_mail_that_is_not_there_is_not_found(omar: Browser, path: str) -> None:
    assert omar.get(path).status_code == 404


def test_three_mails_and_thirty_cost_the_same(omar: Browser) -> None:
    costs = []
    for number in range(30):
        post(str(number), client=builders.client(f"Client {number}"))
        if number in (2, 29):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                text(omar, "/outbox/")
            costs.append(len(queries))
    assert costs[0] == costs[1] <= 6
