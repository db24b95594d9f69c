"""Answering the pulse: kept as one goes, sent once, and nobody else's until then."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client, Mail, Person, PortalVisit, Pulse, PulseRequest, PulseSheet
from accounts.periods import Quarter
from accounts.portal_wall import as_portal
from accounts.queries.own_pulse import ANSWERS
from accounts.settings_in_force import ATTRIBUTES
from accounts.signals import records_changed
from metrics.models import ChangedClient
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
QUARTER = Quarter.containing(TODAY)
FILLED: dict[str, Any] = {**dict.fromkeys(ATTRIBUTES, "4"), "reduces_risk": "5", "comment": "Call more", "trust": ""}


@pytest.fixture
def northwind() -> Client:
    return builders.client("Northwind", account_manager=builders.lena())


@pytest.fixture
def dana(northwind: Client) -> Person:
    return builders.signs_in(builders.contact(northwind, "Dana", email="dana@northwind.example"))


@pytest.fixture
def browser(dana: Person) -> Browser:
    browser = Browser()
    browser.force_login(dana)
    return browser


def page(browser: Browser) -> str:
    response = browser.get(reverse("portal:pulse"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_what_is_ticked_is_kept_as_one_goes_and_is_no_answer_yet(browser: Browser, dana: Person) -> None:
    kept = browser.post(reverse("portal:pulse_kept"), {"approach": "2", "confidential": "confidential"})
    assert kept.status_code == 200
    assert "1 of 13 answered" in " ".join(kept.content.decode().split())
    sheet = PulseSheet.objects.get(person=dana, side="client", starts_on=QUARTER.start)
    assert (sheet.approach, sheet.trust, sheet.confidential, sheet.sent_on) == (2, None, True, None)
    shown = page(browser)
    assert 'id="pulse_approach_2" value="2" checked' in shown
    assert not Pulse.objects.exists()


def test_what_was_ticked_can_be_taken_back(browser: Browser) -> None:
    browser.post(reverse("portal:pulse_kept"), {"approach": "2"})
    browser.post(reverse("portal:pulse_kept"), {"approach": ""})
    assert PulseSheet.objects.get().approach is None


def test_sent_by_name_it_is_an_answer_a_visit_and_a_change(
    browser: Browser, dana: Person, northwind: Client, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Any] = []

    def listen(**given: Any) -> None:
        told.append(given["client_ids"])

    records_changed.connect(listen)
    ChangedClient.objects.all().delete()
    try:
        with django_capture_on_commit_callbacks(execute=True):
            sent = browser.post(reverse("portal:pulse"), FILLED | {"confidential": "named"})
    finally:
        records_changed.disconnect(listen)
    assert sent.status_code == 303
    pulse = Pulse.objects.get()
    assert (pulse.client, pulse.side, pulse.respondent) == (northwind, "client", "dana@northwind.example")
    assert (pulse.answered_on, pulse.commitment, pulse.trust, pulse.reduces_risk) == (TODAY, 4, None, 5)
    assert (pulse.comment, pulse.confidential) == ("Call more", False)
    sheet = PulseSheet.objects.get()
    assert sheet.sent_on == TODAY
    assert all(getattr(sheet, name) is None for name in ANSWERS)
    assert PortalVisit.objects.filter(what="pulse_answered", person=dana).count() == 1
    assert told == [(northwind.pk,)]
    mail = Mail.objects.get(kind="from_client")
    assert (mail.to, mail.subject) == ("lena@agency.example", "Dana of Northwind answered the pulse")
    assert "opens to you once you have sent yours" in mail.text
    assert "opens to you once you have sent yours" in mail.html
    assert "Call more" not in mail.text + mail.html
    assert ChangedClient.objects.filter(client_id=northwind.pk).exists()
    shown = page(browser)
    assert "Thank you" in shown
    assert "4 of 5" in shown
    assert "Call more" in shown


def test_sent_confidentially_it_leaves_no_trace_among_the_visits_and_in_the_mail(
    browser: Browser, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("portal:pulse"), FILLED | {"confidential": "confidential"})
    assert Pulse.objects.get().confidential is True
    assert not PortalVisit.objects.filter(what="pulse_answered").exists()
    assert not Mail.objects.exists()
    assert "Confidentially. Only you see this." in page(browser)


def test_how_one_answers_has_to_be_said_and_nothing_is_lost_by_it(browser: Browser) -> None:
    refused = browser.post(reverse("portal:pulse"), FILLED)
    assert refused.status_code == 422
    text = " ".join(refused.content.decode().split())
    assert "Choose how you answer: by name, or confidentially." in text
    assert 'id="pulse_commitment_4" value="4" checked' in text
    assert not Pulse.objects.exists()


def test_a_sheet_without_an_answer_is_not_sent(browser: Browser) -> None:
    refused = browser.post(reverse("portal:pulse"), {"confidential": "named", "comment": "Hello"})
    assert refused.status_code == 422
    assert "Answer at least one question." in refused.content.decode()
    assert not Pulse.objects.exists()


@pytest.mark.parametrize("wrong", ["0", "6", "-1", "9223372036854775808", "x", "\x00", "5 OR 1=1"])
def test_a_place_that_there_is_not_is_refused(browser: Browser, wrong: str) -> None:
    for name in ("portal:pulse", "portal:pulse_kept"):
        assert browser.post(reverse(name), FILLED | {"trust": wrong, "confidential": "named"}).status_code == 422
    assert not Pulse.objects.exists()


def test_what_is_sent_twice_is_one_answer(browser: Browser) -> None:
    for _again in range(2):
        assert browser.post(reverse("portal:pulse"), FILLED | {"confidential": "named"}).status_code == 303
    assert Pulse.objects.count() == 1


def test_a_colleague_s_sheet_and_answers_are_not_seen_behind_the_wall(
    browser: Browser, northwind: Client, dana: Person
) -> None:
    colin = builders.signs_in(builders.contact(northwind, "Colin", email="colin@northwind.example"))
    PulseSheet.objects.create(client=northwind, side="client", person=colin, starts_on=QUARTER.start, trust=2)
    builders.pulse(northwind, TODAY, respondent="colin@northwind.example", trust=2)
    with as_portal(northwind.pk, dana.pk):
        assert not PulseSheet.objects.exists()
        assert not Pulse.objects.values("trust").exists()
    assert "0 of 13 answered" in page(browser)


def test_the_page_says_who_asked_until_when(browser: Browser, northwind: Client, dana: Person) -> None:
    lena = northwind.account_manager
    assert lena is not None
    PulseRequest.objects.create(
        client=northwind,
        side="client",
        person=dana,
        starts_on=QUARTER.start,
        answer_by=QUARTER.end,
        asked_by=lena,
        asked_as="Lena",
    )
    assert "Lena asks for your answers by" in page(browser)


def test_the_pulse_of_a_client_is_for_its_people_alone(northwind: Client) -> None:
    lena = northwind.account_manager
    assert lena is not None
    browser = Browser()
    browser.force_login(lena)
    assert browser.get(reverse("portal:pulse")).status_code == 404
    assert browser.post(reverse("portal:pulse_kept"), FILLED).status_code == 404


def test_whoever_has_no_part_in_an_account_does_not_answer_for_the_agency(northwind: Client, browser: Browser) -> None:
    address = reverse("accounts:your_pulse", args=[northwind.external_id])
    noor = Browser()
    noor.force_login(builders.noor())
    assert noor.get(address).status_code == 404
    assert browser.get(address).status_code == 404


def test_the_agency_is_asked_ten_things_and_no_statements(northwind: Client) -> None:
    lena = northwind.account_manager
    assert lena is not None
    browser = Browser()
    browser.force_login(lena)
    address = reverse("accounts:your_pulse", args=[northwind.external_id])
    text = " ".join(browser.get(address).content.decode().split())
    assert "0 of 10 answered" in text
    assert "reduces_risk" not in text
    sent = browser.post(address, FILLED | {"confidential": "named"})
    assert sent.status_code == 303
    assert Pulse.objects.get().reduces_risk is None
    assert "What you answered" in browser.get(address).content.decode()


def test_your_pulses_lists_what_is_to_be_answered_at_the_same_cost_for_three_and_thirty() -> None:
    lena = builders.lena()
    browser = Browser()
    browser.force_login(lena)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("metrics:your_pulses")).status_code == 200
        return len(queries)

    for number in range(3):
        builders.client(f"Client {number}", account_manager=lena)
    of_three = cost()
    for number in range(3, 30):
        builders.client(f"Client {number}", account_manager=lena)
    assert cost() == of_three <= 6
    assert "30 accounts wait for your pulse." in browser.get(reverse("metrics:your_pulses")).content.decode()
