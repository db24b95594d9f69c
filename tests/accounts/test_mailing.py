"""Mail leaves the outbox once or not at all, whatever happens to whoever sends it; a mail server of its own listens."""

from __future__ import annotations

import os
import random
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import mailing, outbox, publishing
from accounts.models import Mail
from accounts.tasks import forget_mail
from agency import environment, processes
from agency.celery import app
from tests.conftest import Database
from tests.metrics.agency import wait_until
from tests.smtp_server import MailServer, mail_server

SENDER = "import django; django.setup(); from accounts import mailing; mailing.send_due()"


@pytest.fixture
def server(fresh_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        settings.SMTP_URL = found.url
        settings.DEFAULT_FROM_EMAIL = "Harbour & Pine <soundings@harbourandpine.example>"
        monkeypatch.setenv("SOUNDINGS_SMTP_URL", found.url)
        monkeypatch.setenv("SOUNDINGS_MAIL_FROM", settings.DEFAULT_FROM_EMAIL)
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "agency.settings")
        yield found


def post(to: str = "dana@northwind.example", key: str = "", **fields: Any) -> Mail:
    key = key or f"code:{to}"
    code = {"code": "K7QX-2MDP", "minutes": 15}
    assert outbox.post(key, "sign_in_code", to, "en", code, **fields)
    return Mail.objects.get(key=key)


def post_many(count: int) -> list[str]:
    addresses = [f"reader-{number}@northwind.example" for number in range(count)]
    with transaction.atomic():
        for to in addresses:
            post(to)
    return addresses


def sender() -> subprocess.Popen[bytes]:
    """A process of its own that sends what is due, and ends."""
    return subprocess.Popen([sys.executable, "-c", SENDER], cwd=environment.ROOT, start_new_session=True)


def kill(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def some_time_later() -> None:
    """Let all that is claimed have been claimed long ago, and all that waits have waited."""
    long_ago = timezone.now() - timedelta(hours=2)
    Mail.objects.filter(claimed_at__isnull=False).update(claimed_at=long_ago)
    Mail.objects.filter(handed_at__isnull=False).update(handed_at=long_ago)
    Mail.objects.filter(state="waiting").update(not_before=long_ago)


# What arrives


def test_a_mail_arrives_in_both_its_forms_with_an_id_made_of_its_key(server: MailServer) -> None:
    mail = post()
    assert not mailing.send_due()
    (message,) = server.received
    assert message["From"] == "Harbour & Pine <soundings@harbourandpine.example>"
    assert (message["To"], message["Subject"]) == (mail.to, mail.subject)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert str(message["Message-ID"]).endswith("@harbourandpine.example>")
    plain, html = (message.get_body([kind]) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == mail.text
    assert html.get_content().replace("\r\n", "\n") == mail.html
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)
    assert mail.sent_at is not None


def test_many_mails_go_over_one_line(server: MailServer) -> None:
    addresses = post_many(5)
    mailing.send_due()
    assert server.recipients() == dict.fromkeys(addresses, 1)
    assert server.connections == 1
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_what_let_its_reader_in_is_cleared_once_it_was_sent(server: MailServer, settings: Settings) -> None:
    post()
    mailing.send_due()
    assert list(Mail.objects.values_list("text", "html")) == [("", "")]
    settings.DEMO = True
    post(key="in the demo")
    mailing.send_due()
    assert "K7QX-2MDP" in Mail.objects.get(key="in the demo").text


@pytest.mark.parametrize("state", Mail.State.values)
def test_what_a_mail_said_is_forgotten_after_ninety_days_where_nothing_more_happens_to_it(
    fresh_database: Database, state: str
) -> None:
    now = datetime(2026, 6, 1, 3, 20, tzinfo=UTC)
    at = {"claimed_at": now, "sent_at": now if state == "sent" else None}
    for key, days in (("old", 91), ("young", 89)):
        outbox.post(key, "sign_in_change", "dana@northwind.example", "en", {"what": "A passkey.", "at": None})
        Mail.objects.filter(key=key).update(state=state, posted_at=now - timedelta(days=days), **at)
    is_over = state not in ("waiting", "sending")
    assert mailing.forget_words(now) == int(is_over)
    assert mailing.forget_words(now) == 0
    old, young = Mail.objects.get(key="old"), Mail.objects.get(key="young")
    assert bool(old.text) == bool(old.html) == (not is_over)
    assert "A passkey." in young.text
    assert (old.to, old.subject, old.state) == ("dana@northwind.example", "How you sign in has changed", state)
    assert not outbox.post("old", "sign_in_change", "dana@northwind.example", "en", {"what": "A passkey.", "at": None})
    assert not (is_over and mailing.send_again(old))


def test_each_night_what_old_mail_said_is_forgotten(fresh_database: Database) -> None:
    outbox.post("old", "sign_in_change", "dana@northwind.example", "en", {"what": "A passkey.", "at": None})
    long_ago = timezone.now() - mailing.WORDS_KEPT - timedelta(days=1)
    Mail.objects.update(state="refused", posted_at=long_ago)
    (told,) = (entry for entry in app.conf.beat_schedule.values() if entry["task"] == forget_mail.name)
    assert (told["schedule"].hour, told["schedule"].minute) == ({3}, {20})
    app.tasks[told["task"]].apply(throw=True)
    assert Mail.objects.get().text == ""


def test_without_a_mail_server_mail_stays(fresh_database: Database, settings: Settings) -> None:
    settings.SMTP_URL = ""
    post()
    assert not mailing.send_due()
    assert Mail.objects.get().state == "waiting"


def test_a_mail_that_is_late_never_leaves(server: MailServer) -> None:
    mail = post(good_until=datetime(2026, 1, 1, tzinfo=UTC))
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.text) == ("late", "")
    assert server.connections == 0


def test_a_worker_sends_what_was_committed_and_beat_what_nobody_told_of(
    broker: str, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_resting_until", 0.0)
    listed = {process.name: process for process in processes.processes("unused")}
    started = [processes.start(listed["worker"], tmp_path / "worker")]
    try:
        with transaction.atomic():
            post("told@northwind.example")
            time.sleep(0.5)
            assert not server.received
        wait_until(lambda: Mail.objects.get(to="told@northwind.example").state == "sent")
        monkeypatch.setattr(publishing, "_resting_until", time.monotonic() + 60)  # as if the broker were away
        post("untold@northwind.example")
        started.append(processes.start(listed["beat"], tmp_path / "beat"))
        wait_until(lambda: Mail.objects.get(to="untold@northwind.example").state == "sent")
    finally:
        processes.stop(started)
    assert server.recipients() == {"told@northwind.example": 1, "untold@northwind.example": 1}


# What is refused


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "WORDS"])
def test_what_is_refused_for_good_is_not_tried_again(server: MailServer, step: str) -> None:
    server.behaviour.answers[step] = "550 5.1.1 nobody of that name"
    mail = post()
    mailing.send_due()
    some_time_later()
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.failed_with, mail.attempts) == ("refused", "550 5.1.1 nobody of that name", 1)
    assert not server.received


@pytest.mark.parametrize("step", ["CONNECT", "MAIL", "RCPT", "DATA", "WORDS"])
def test_what_is_refused_for_now_is_tried_again_later(server: MailServer, step: str) -> None:
    server.behaviour.answers[step] = "451 4.3.0 too busy"
    mail = post()
    mailing.send_due()
    mailing.send_due()  # too early
    mail.refresh_from_db()
    assert (mail.state, mail.failed_with, mail.attempts) == ("waiting", "451 4.3.0 too busy", 1)
    assert 50 < (mail.not_before - timezone.now()).total_seconds() <= 60
    server.behaviour.answers.clear()
    some_time_later()
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.failed_with) == ("sent", 2, "")
    assert server.recipients() == {mail.to: 1}


def test_one_that_is_refused_does_not_stand_in_the_way_of_others(server: MailServer) -> None:
    server.behaviour.answers["RCPT"] = "550 nobody"
    first = post("first@northwind.example")
    with mailing.Line(server.url) as line:
        claimed = mailing.claim()
        assert claimed == first
        mailing.send(first_of(claimed), line)
        server.behaviour.answers.clear()
        post("second@northwind.example")
        mailing.send(first_of(mailing.claim()), line)
    assert server.recipients() == {"second@northwind.example": 1}
    assert server.connections == 1
    assert "rset" in server.heard


def first_of(mail: Mail | None) -> Mail:
    assert mail is not None
    return mail


def test_intervals_grow_to_an_hour_and_after_a_day_it_is_given_up(server: MailServer) -> None:
    server.behaviour.answers["CONNECT"] = "421 not today"
    mail = post()
    intervals = []
    for _ in range(mailing.ATTEMPTS - 1):
        mailing.send_due()
        mail.refresh_from_db()
        intervals.append(round((mail.not_before - timezone.now()).total_seconds() / 60))
        some_time_later()
    assert intervals[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert timedelta(hours=22) < timedelta(minutes=sum(intervals)) < timedelta(hours=26)
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.failed_with, mail.text) == ("refused", "421 not today", "")


def test_a_server_that_is_not_there_is_tried_again(server: MailServer, settings: Settings) -> None:
    mail = post()
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 1)
    assert "refused" in mail.failed_with


def test_what_was_refused_may_be_sent_again_by_hand_but_not_what_was_sent(server: MailServer) -> None:
    mail = post()
    Mail.objects.update(secret=False)
    server.behaviour.answers["RCPT"] = "550 nobody"
    mailing.send_due()
    server.behaviour.answers.clear()
    assert mailing.send_again(mail)
    mailing.send_due()
    assert server.recipients() == {mail.to: 1}
    assert not mailing.send_again(mail)


# Secrets on the way


def test_a_password_is_never_said_in_the_clear(server: MailServer, settings: Settings) -> None:
    server.behaviour.offers_auth = True
    settings.SMTP_URL = server.url.replace("smtp://", "smtp://soundings:secret@")
    mail = post()
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.failed_with) == ("waiting", "STARTTLS extension not supported by server.")
    settings.SMTP_URL += "?tls=off"
    some_time_later()
    mailing.send_due()
    assert not [line for line in server.heard if line.startswith("AUTH")]
    assert not server.received


def test_a_password_is_said_under_tls(
    server: MailServer, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for_this_machine(tmp_path)
    server.behaviour.offers_auth = True
    server.behaviour.offers_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.behaviour.offers_tls.load_cert_chain(certificate)
    settings.SMTP_URL = server.url.replace("smtp://127.0.0.1", "smtp://soundings:a%40b@localhost")
    mail = post()
    mailing.send_due()
    mail.refresh_from_db()
    assert mail.state == "waiting", "a certificate that nobody vouches for is not trusted"
    assert "certificate verify failed" in mail.failed_with
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    some_time_later()
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.failed_with) == ("sent", "")
    assert [line for line in server.heard if line.startswith("AUTH")] == ["AUTH PLAIN AHNvdW5kaW5ncwBhQGI="]


def certificate_for_this_machine(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "certificate.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


# Whoever sends ends in the middle of it


def test_two_who_send_at_once_send_each_mail_once(server: MailServer) -> None:
    addresses = post_many(60)
    server.behaviour.hold_at = "CONNECT"
    children = [sender() for _ in range(3)]
    wait_until(lambda: server.connections == 3)
    server.behaviour.hold_at = ""
    server.go_on.set()
    assert [child.wait(60) for child in children] == [0, 0, 0]
    assert server.recipients() == dict.fromkeys(addresses, 1)
    assert set(Mail.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.parametrize("step", ["CONNECT", "RCPT"])
def test_a_worker_killed_before_it_handed_the_mail_over_loses_nothing(server: MailServer, step: str) -> None:
    mail = post()
    server.behaviour.hold_at = step
    child = sender()
    assert server.reached.wait(30)
    kill(child)
    server.behaviour.hold_at = ""
    mailing.send_due()
    assert Mail.objects.get().state == "sending", "its claim lasts"
    some_time_later()
    mailing.send_due()
    assert Mail.objects.get().state == "sent"
    assert server.recipients() == {mail.to: 1}


def test_a_worker_killed_while_the_server_takes_the_mail_leaves_it_in_doubt_and_sends_nothing_twice(
    server: MailServer,
) -> None:
    mail = post()
    Mail.objects.update(secret=False)
    server.behaviour.hold_at = "WORDS"
    child = sender()
    assert server.reached.wait(30)
    kill(child)
    server.behaviour.hold_at = ""
    some_time_later()
    mailing.send_due()
    mailing.send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("in_doubt", 1)
    assert "ended before the mail server had answered" in mail.failed_with
    assert server.recipients() == {mail.to: 1}
    assert mailing.send_again(mail)
    mailing.send_due()
    assert len({str(message["Message-ID"]) for message in server.received}) == 1, "which tells that it is the same"


@pytest.mark.parametrize(("step", "state", "arrived"), [("DATA", "in_doubt", 0), ("WORDS", "in_doubt", 1)])
def test_a_line_that_breaks_after_the_mail_was_handed_over_leaves_it_in_doubt(
    server: MailServer, step: str, state: str, arrived: int
) -> None:
    mail = post()
    server.behaviour.hang_up_at = step
    mailing.send_due()
    server.behaviour.hang_up_at = ""
    some_time_later()
    mailing.send_due()
    mail.refresh_from_db()
    assert mail.state == state
    assert len(server.received) == arrived


def test_a_worker_that_was_away_for_too_long_finds_that_the_mail_is_not_its_own_any_more(server: MailServer) -> None:
    post()
    away = mailing.claim()
    assert away is not None
    some_time_later()
    mailing.send_due()
    with mailing.Line(server.url) as line:
        mailing.send(away, line)
    assert len(server.received) == 1
    assert Mail.objects.get().state == "sent"


def test_workers_killed_at_any_moment_send_nothing_twice_and_lose_nothing_without_saying_so(
    server: MailServer, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    full = request.config.getoption("--full-size")
    kills, chance = (60 if full else 5), random.Random(os.environ.get("PYTEST_RANDOMLY_SEED"))
    addresses = post_many(600 if full else 80)
    for _ in range(kills):
        before = len(server.received)
        child = sender()
        wait_until(lambda before=before, child=child: len(server.received) > before or child.poll() is not None)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.03))
        kill(child)
        some_time_later()
    while mailing.send_due() or Mail.objects.filter(state__in=["waiting", "sending"]).exists():
        some_time_later()
    arrived = server.recipients()
    states = dict(Mail.objects.values_list("to", "state"))
    doubtful = [to for to in addresses if states[to] == "in_doubt"]
    record_property("told", f"{kills} kills, {len(addresses)} mails, {len(doubtful)} in doubt")
    assert set(arrived.values()) == {1}
    assert [to for to in addresses if states[to] != "in_doubt" and (states[to], arrived[to]) != ("sent", 1)] == []
    assert len(doubtful) <= kills
