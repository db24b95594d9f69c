"""The broker is killed, or frozen: every page is there, and what people record is carried on when it is back."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import publishing
from accounts.models import CheckIn, Client, Comment, Mail, Person, Pulse, ScopeChange
from accounts.settings_in_force import ATTRIBUTES
from agency import embedded, processes
from agency.celery import app
from metrics import nightly
from tests import builders
from tests.agency.routes import ROLES, ROUTES
from tests.agency.test_hostile_requests import own
from tests.agency.test_routes import closed, made  # noqa: F401  a fixture
from tests.conftest import Database, published_to
from tests.metrics import agency
from tests.metrics.agency import AS_OF, marks_of, scope_of, wait_until
from tests.smtp_server import MailServer, mail_server

PASSWORD = "harbour-and-pine"


class Broker:
    """A Valkey of the test's own, in one place whether it runs or not."""

    def __init__(self, folder: Path) -> None:
        self._server = embedded.Valkey(folder, durable=False)
        self._server.make_folder()
        self.url = f"unix://{self._server.folder}/valkey?db=0"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._server.command(str(self._server.folder)),
            stdout=subprocess.DEVNULL,
            preexec_fn=processes.die_with_parent,
        )
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A broker to be mistreated, to which this process and its children publish; no test was refused by it yet."""
    monkeypatch.setattr(publishing, "_resting_until", 0.0)
    with tempfile.TemporaryDirectory(prefix="soundings-") as folder:
        found = Broker(Path(folder))
        monkeypatch.setenv("REDIS_URL", found.url)
        with published_to(found.url):
            yield found
        found.kill()


STATES = {"killed": (Broker.kill, Broker.start), "frozen": (Broker.freeze, Broker.thaw)}
"""What happens to the broker, and what ends it."""


@pytest.mark.parametrize("state", STATES)
def test_no_page_asks_anything_of_the_broker(
    state: str,
    made: dict[str, Any],  # noqa: F811
    valkey: Broker,
    request: pytest.FixtureRequest,
) -> None:
    """At the ordinary size, of a broker that is frozen every role's pages; of one that is killed each page once."""
    STATES[state][0](valkey)
    by_every_role = state == "frozen" or request.config.getoption("--full-size")
    wrong, asked = [], set()
    for role in ROLES:
        browser = Browser(raise_request_exception=False)
        if made["people"][role]:
            browser.force_login(made["people"][role])
        for name, route in ROUTES.items():
            if role not in route.who or "GET" not in route.methods or (name in asked and not by_every_role):
                continue
            asked.add(name)
            response: Any = browser.get(reverse(name, kwargs=own(name, made)))
            if response.streaming:
                b"".join(response.streaming_content)
            closed(response)
            if response.status_code >= 500:
                wrong.append(f"{role} {name}: {response.status_code}")
    assert wrong == []
    assert asked == {name for name, route in ROUTES.items() if "GET" in route.methods}
    assert publishing._resting_until == 0, "a page published something, and waited for it"


@pytest.fixture
def mails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        settings.SMTP_URL = found.url
        monkeypatch.setenv("SOUNDINGS_SMTP_URL", found.url)
        monkeypatch.setenv("SOUNDINGS_MAIL_FROM", "soundings@agency.example")
        yield found


@pytest.fixture
def northwind(fresh_database: Database, valkey: Broker) -> Client:
    """With figures, led by Lena; its Dana signs in, and a mail to Omar was refused."""
    client = agency.found(1)[0]
    Person.objects.filter(email="lena@agency.example").update(password=builders.omar(password=PASSWORD).password)
    builders.signs_in(builders.contact(client, "Dana", email="dana@northwind.example"))
    Mail.objects.create(
        key="refused", kind="a", to="omar@agency.example", language="en", subject="A", text="A", state="refused"
    )
    nightly.run(AS_OF)
    return client


def signed_in(email: str) -> Browser:
    """By the password, at the second try."""
    browser = Browser(raise_request_exception=False)
    assert browser.post("/sign-in/", {"login": email, "password": "not-the-password"}).status_code == 200
    assert not browser.session.keys()
    assert browser.post("/sign-in/", {"login": email, "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" in browser.session
    return browser


def signed_in_by_code(email: str) -> Browser:
    """By a code that was written to them: it hasn't left yet."""
    browser = Browser(raise_request_exception=False)
    assert browser.post(reverse("account_request_login_code"), {"email": email}).status_code == 302
    code = re.search(r"\b[A-Z0-9]{3,4}-[A-Z0-9]{3,4}\b", Mail.objects.get(kind="sign_in_code").text)
    assert code
    assert browser.post(reverse("account_confirm_login_code"), {"code": code[0]}).status_code == 302
    assert "_auth_user_id" in browser.session
    return browser


@pytest.mark.parametrize("state", STATES)
def test_people_sign_in_and_record_without_the_broker_and_it_is_carried_on_when_it_is_back(
    state: str,
    northwind: Client,
    valkey: Broker,
    mails: MailServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    leave, come_back = STATES[state]
    assert marks_of(northwind) == 0
    assert scope_of(northwind) == 12_000
    leave(valkey)

    dana = signed_in_by_code("dana@northwind.example")
    lena, omar = signed_in("lena@agency.example"), signed_in("omar@agency.example")

    def on_account(name: str, **given: object) -> int:
        return lena.post(reverse(f"accounts:{name}", args=["northwind"]), given).status_code

    assert on_account("check_in_new", id="talk", held_on="2026-03-04", initiated_by="client") == 303
    expansion = {"kind": "expansion", "effective_on": "2026-02-01", "value_delta": "500"}
    retainer = northwind.engagements.get().external_id
    assert on_account("scope_change_new", engagement=retainer, **expansion) == 303
    answers = {**dict.fromkeys(ATTRIBUTES, "4"), "confidential": "named"}
    assert dana.post(reverse("portal:pulse"), answers).status_code == 303
    words = {"kind": "comment", "body": "We moved the launch"}
    assert dana.post(reverse("portal:comments"), words).status_code == 303
    refused = Mail.objects.get(key="refused")
    assert omar.post(reverse("accounts:mail_sending", args=[refused.pk])).status_code == 302

    tries = [record for record in caplog.records if record.name == publishing.__name__]
    assert len(tries) == 1, "whoever comes after the first who could not reach it waits for nothing"
    assert CheckIn.objects.filter(held_on=date(2026, 3, 4)).exists()
    assert ScopeChange.objects.filter(kind="expansion").exists()
    assert Pulse.objects.filter(respondent="dana@northwind.example").exists()
    assert Comment.objects.filter(body="We moved the launch").exists()
    assert marks_of(northwind) > 0
    written = list(Mail.objects.order_by("to", "kind").values_list("to", "kind", "state"))
    assert written == [
        ("dana@northwind.example", "sign_in_code", "waiting"),
        ("lena@agency.example", "from_client", "waiting"),
        ("lena@agency.example", "from_client", "waiting"),
        ("omar@agency.example", "a", "waiting"),
    ]

    come_back(valkey)
    (worker,) = (one for one in processes.processes("unused") if one.name == "worker")
    started = processes.start(worker, tmp_path / "worker")
    try:
        for entry in app.conf.beat_schedule.values():  # as beat does, every ten seconds
            app.send_task(entry["task"])
        wait_until(lambda: scope_of(northwind) == 18_000 and not marks_of(northwind))
        wait_until(lambda: not Mail.objects.exclude(state="sent").exists())
    finally:
        processes.stop([started])
    assert mails.recipients() == {"dana@northwind.example": 1, "lena@agency.example": 2, "omar@agency.example": 1}
