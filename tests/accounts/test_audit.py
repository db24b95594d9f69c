"""The audit: who came in and who was refused is in it, administrators read and filter it, and take it along."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pghistory
import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone

from accounts import audit
from accounts.audited_requests import about
from accounts.forms.audit import asked
from accounts.models import AuditEntry, Client, Goal, Person
from accounts.queries.happenings import Counts, Place, Wanted, all_happenings, happenings
from accounts.views.audit import story
from tests import builders

pytestmark = pytest.mark.django_db

PAGE = "/audit/"


@pytest.fixture
def ines() -> Person:
    return builders.ines(password=builders.PASSWORD)


@pytest.fixture
def browser_of_ines(ines: Person) -> Browser:
    browser = Browser()
    browser.force_login(ines)
    return browser


def read(browser: Browser, address: str = PAGE) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def entries(kind: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(kind=kind).order_by("id"))


def sign_in(email: str, password: str, **more: str) -> Browser:
    browser = Browser(REMOTE_ADDR="192.0.2.7")
    browser.post("/sign-in/", {"login": email, "password": password, **more})
    return browser


def letter(request: HttpRequest, token: str = "") -> HttpResponse:
    """What an address with a secret in it leads to."""
    return HttpResponse()


portal = [path("", letter, name="home"), path("pulse/<str:token>/", letter, name="pulse_answer")]
urlpatterns = [path("letters/<str:token>/", letter), path("portal/", include((portal, "portal")))]


# Who came in, and who did not


def test_coming_in_and_going_out_are_noted(ines: Person) -> None:
    browser = sign_in("ines@agency.example", builders.PASSWORD)
    browser.post("/sign-in/out/")
    came, went = AuditEntry.objects.order_by("id")
    assert (came.kind, came.person_id, came.context["address"]) == ("signed_in", ines.pk, "192.0.2.7")
    assert came.details == {"ways": ["password"]}
    assert (went.kind, went.person_id, went.context["name"]) == ("signed_out", ines.pk, "Ines")


def test_what_was_typed_at_a_failed_sign_in_is_kept_nowhere(ines: Person) -> None:
    sign_in("ines@agency.example", "my-other-password")
    sign_in("my-password-by-mistake@agency.example", builders.PASSWORD)
    known, unknown = entries(AuditEntry.Kind.SIGN_IN_FAILED)
    assert (known.person_id, known.details) == (ines.pk, {"known": True})
    assert (unknown.person_id, unknown.details) == (None, {"known": False})
    kept = str(list(AuditEntry.objects.values()))
    assert "password-by-mistake" not in kept
    assert "my-other-password" not in kept


# Who was refused


def test_what_is_another_s_and_what_is_nobody_s_are_noted_alike_and_told_apart(ines: Person) -> None:
    lena = builders.lena()
    builders.client("Southwind")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_agency SET managers_read = 'own'")
    browser = Browser()
    browser.force_login(lena)
    with CaptureQueriesContext(connection) as foreign:
        first = browser.get("/accounts/southwind/")
    with CaptureQueriesContext(connection) as absent:
        second = browser.get("/accounts/westwind/")
    assert first.status_code == second.status_code == 404
    assert len(foreign) == len(absent)
    another, nobody = entries(AuditEntry.Kind.REFUSED)
    assert (another.person_id, another.details["of_another"]) == (lena.pk, True)
    assert another.client is not None
    assert another.client.external_id == "southwind"
    assert (nobody.client_id, nobody.details["of_another"], nobody.details["status"]) == (None, False, 404)
    assert nobody.context["path"] == "GET /accounts/westwind/"


def test_a_page_that_is_not_for_somebody_is_a_refusal_and_a_page_that_is_for_nobody_is_none(ines: Person) -> None:
    browser = Browser()
    browser.force_login(builders.lena())
    assert browser.get(PAGE).status_code == 404
    assert browser.get("/nothing/here/").status_code == 404
    assert [entry.context["path"] for entry in entries(AuditEntry.Kind.REFUSED)] == ["GET /audit/"]


def test_a_stranger_is_refused_many_times_and_noted_once_a_minute() -> None:
    browser = Browser(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.8")
    for number in range(5):
        assert browser.post(f"/accounts/{number}/", {}).status_code == 403
    (entry,) = entries(AuditEntry.Kind.REFUSED)
    assert (entry.person_id, entry.details["status"], entry.context["address"]) == (None, 403, "192.0.2.8")
    assert Browser().get("/accounts/westwind/").status_code == 302
    assert len(entries(AuditEntry.Kind.REFUSED)) == 1


def test_a_person_is_refused_many_times_and_the_first_are_noted_and_how_many_there_were(
    browser_of_ines: Browser,
) -> None:
    browser = Browser()
    lena = builders.lena()
    browser.force_login(lena)
    for number in range(25):
        assert browser.get(f"/accounts/none-{number}/").status_code == 404
    assert [entry.details["times"] for entry in entries(AuditEntry.Kind.REFUSED)] == list(range(1, 11))
    for number in range(25, 100):
        browser.get(f"/accounts/none-{number}/")
    (*_, last) = entries(AuditEntry.Kind.REFUSED)
    assert (last.person_id, last.details["times"], last.context["path"]) == (lena.pk, 100, "GET /accounts/none-99/")
    assert len(entries(AuditEntry.Kind.REFUSED)) == 11
    other = Browser()
    other.force_login(builders.sam())
    other.get("/accounts/none/")
    assert entries(AuditEntry.Kind.REFUSED)[-1].details["times"] == 1
    assert "a page that is not there for them; 100 times in a row" in read(browser_of_ines, f"{PAGE}?what=refused")


def test_what_happens_again_after_a_quiet_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [audit.times_in_one_go("this") for _ in range(3)] == [1, 2, 3]
    assert audit.times_in_one_go("that") == 1
    later = timezone.now() + audit.A_SPELL
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: later)
    assert audit.times_in_one_go("this") == 1


def test_what_lets_somebody_in_is_not_in_it(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.accounts.test_audit"
    said = about(RequestFactory().post("/letters/a-secret-token/"))
    assert said["path"] == "POST /letters/…/"


def test_of_a_pulse_nothing_is_in_it_but_the_portal(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.accounts.test_audit"
    assert about(RequestFactory().post("/portal/pulse/81/"))["path"] == "POST /portal/"


# The page


@pytest.mark.parametrize("role", [role for role in Person.Role if role != Person.Role.ADMIN])
@pytest.mark.parametrize("address", [PAGE, "/audit/list/", "/audit/audit.csv", "/audit/audit.xlsx"])
def test_it_is_for_administrators_alone(role: str, address: str) -> None:
    browser = Browser()
    browser.force_login(builders.person("Robin", role=role))
    assert browser.get(address).status_code == 404


def test_it_says_who_changed_what_and_why(browser_of_ines: Browser) -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1), title="More leads")
    with pghistory.context(program="web", person=cast.lena.pk, name="Lena", address="192.0.2.7", path="POST /x/"):
        audit.because("The board asked for it.")
        Goal.objects.filter(pk=goal.pk).update(title="Better leads", status="achieved")
    page = read(browser_of_ines)
    for said in ("Goal changed", "Better leads", "More leads", "Achieved", "The board asked for it.", "192.0.2.7"):
        assert said in page
    assert 'href="/accounts/northwind/"' in page


def test_each_filter_narrows_it(browser_of_ines: Browser) -> None:
    cast = builders.cast()
    southwind = builders.client("Southwind")
    with pghistory.context(person=cast.lena.pk, name="Lena"):
        builders.goal(cast.northwind, date(2026, 1, 1), title="Of Lena")
    with pghistory.context(person=cast.sam.pk, name="Sam"):
        builders.goal(southwind, date(2026, 1, 1), title="Of Sam")

    def shown(**query: str) -> tuple[bool, bool]:
        page = browser_of_ines.get("/audit/list/", query).content.decode()
        return "Of Lena" in page, "Of Sam" in page

    assert shown() == (True, True)
    assert shown(who="lena@agency") == (True, False)
    assert shown(account="southw") == (False, True)
    assert shown(account="100%") == shown(account="_") == (False, False)
    assert shown(what="accounts.goal") == (True, True)
    assert shown(what="signed_in") == shown(what="accounts.kpi") == (False, False)
    assert shown(until="2020-01-01") == (False, False)
    assert shown(what="no such kind", since="soon", after="x|y|z") == (True, True)


@pytest.mark.parametrize(
    "query",
    [
        {"who": "\x00"},
        {"account": "a\x00b"},
        {"what": "\x00"},
        {"since": "9999-12-31", "until": "0001-01-01"},
        {"after": "2026-01-01T00:00:00+00:00|accounts.goal|99999999999999999999999"},
        {"after": "2026-13-41T00:00:00+00:00|entry|1"},
        {"after": "\x00"},
        {"who": "%" * 200},
    ],
)
def test_whatever_an_address_holds_something_is_shown(browser_of_ines: Browser, query: dict[str, str]) -> None:
    assert browser_of_ines.get(PAGE, query).status_code == 200


def test_one_goes_on_to_what_is_older_until_the_end_and_sees_each_once(browser_of_ines: Browser) -> None:
    client = builders.client()
    Goal.objects.bulk_create(
        [Goal(client=client, title=f"Goal no. {number}.", set_on=date(2026, 1, 1)) for number in range(120)]
    )
    seen: list[str] = []
    address, pages = PAGE, 0
    while address:
        page = read(browser_of_ines, address)
        seen += set(re.findall(r"Goal no\. (\d+)\.", page))
        pages += 1
        _before, _link, rest = page.partition('<a class="button" href="/audit/?after=')
        address = f"/audit/?after={rest.partition(chr(34))[0]}".replace("&amp;", "&") if rest else ""
    assert pages == 3
    assert sorted(seen) == sorted(str(number) for number in range(120))


def test_happenings_of_many_tables_come_in_one_order() -> None:
    cast = builders.cast()
    for number in range(30):
        builders.goal(cast.northwind, date(2026, 1, 1), title=f"Goal {number}")
        builders.note(cast.northwind, date(2026, 1, 1), cast.lena)
        audit.note(AuditEntry.Kind.REFUSED, status=404)
    everything = happenings(Wanted(), 1000)
    assert [one.at for one in everything] == sorted((one.at for one in everything), reverse=True)
    assert list(all_happenings(Wanted(), at_once=7)) == list(everything)
    places = [Place.read(one.place) for one in everything]
    assert len(set(places)) == len(everything)


def test_three_clients_and_thirty_cost_the_same_queries(browser_of_ines: Browser) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(browser_of_ines)
        return len(queries)

    def fill(many: int) -> None:
        for number in range(many):
            of = builders.client(f"Client {Client.objects.count()} {number}", account_manager=None)
            builders.goal(of, date(2026, 1, 1))
            builders.check_in(of, date(2026, 1, 1), people=[], contacts=[builders.contact(of)])

    fill(3)
    read(browser_of_ines)
    few = cost()
    fill(27)
    assert cost() == few <= 8


# Taken along


def rows(browser: Browser, **query: str) -> list[dict[str, str]]:
    answer: Any = browser.get("/audit/audit.csv", query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_is_taken_along_with_a_row_for_each_field(browser_of_ines: Browser) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1), title="More leads")
    Goal.objects.filter(pk=goal.pk).update(title='=HYPERLINK("http://evil.example")', due_on=date(2026, 9, 1))
    changed = [row for row in rows(browser_of_ines, what="accounts.goal") if row["what"] == "Goal changed"]
    assert {(row["field"], row["before"]) for row in changed} == {("Title", "More leads"), ("Due on", "")}
    (title,) = (row for row in changed if row["field"] == "Title")
    assert title["after"] == '\'=HYPERLINK("http://evil.example")'
    assert title["account_id"] == "northwind"
    answer: Any = browser_of_ines.get("/audit/audit.xlsx", {"what": "accounts.goal"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    assert sheet.max_row == 1 + len(rows(browser_of_ines, what="accounts.goal"))


def test_whoever_takes_it_along_is_in_it(browser_of_ines: Browser, ines: Person) -> None:
    rows(browser_of_ines, who="lena")
    (entry,) = entries(AuditEntry.Kind.TAKEN_ALONG)
    assert (entry.person_id, entry.details["asked"]) == (ines.pk, "who=lena")


# On the records themselves


def test_a_record_s_page_shows_its_history_to_who_records_and_its_own_page_to_who_reads() -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1), title="More leads")
    with pghistory.context(program="web", person=cast.lena.pk, name="Lena", address="192.0.2.7", why="As agreed."):
        Goal.objects.filter(pk=goal.pk).update(title="Better leads")
    address = f"/accounts/northwind/goals/{goal.external_id}/"
    browser = Browser()
    browser.force_login(cast.lena)
    page = read(browser, address)
    assert "As agreed." in page
    assert "More leads" in page
    browser.force_login(cast.noor)
    assert browser.get(address).status_code == 404  # she is not on the team
    page = read(browser, f"{address}history/")
    assert "As agreed." in page
    assert "192.0.2.7" not in page  # where it came from is for administrators
    assert "As agreed." in read(browser, "/accounts/northwind/history/")
    assert browser.get("/accounts/northwind/goals/none/history/").status_code == 404


def test_a_check_in_s_history_says_who_was_seen() -> None:
    cast = builders.cast()
    held = builders.check_in(cast.northwind, date(2026, 3, 1), people=[cast.sam], contacts=[cast.dana])
    browser = Browser()
    browser.force_login(cast.lena)
    page = read(browser, f"/accounts/northwind/check-ins/{held.external_id}/history/")
    assert "Colleague seen added" in page
    assert "Contact seen added" in page


def test_a_client_s_people_have_no_history_and_no_audit() -> None:
    cast = builders.cast()
    browser = Browser()
    browser.force_login(builders.signs_in(cast.dana))
    for address in ("/accounts/northwind/history/", "/accounts/northwind/facts/history/", PAGE):
        assert browser.get(address).status_code == 404


def test_decisions_of_reviews_are_in_an_account_s_history_for_who_reviews() -> None:
    cast = builders.cast()
    builders.decision(cast.omar, client=cast.northwind, text="Talk about the fee")
    browser = Browser()
    browser.force_login(cast.omar)
    assert "Talk about the fee" in read(browser, "/accounts/northwind/history/")
    browser.force_login(cast.lena)
    assert "Talk about the fee" not in read(browser, "/accounts/northwind/history/")


# What must not be in it


def test_answers_to_pulses_are_not_in_it(browser_of_ines: Browser) -> None:
    cast = builders.cast()
    with pghistory.context(program="web", person=cast.lena.pk, name="Lena"):
        pulse = builders.pulse(cast.northwind, date(2026, 3, 1), "client", respondent=cast.dana.email, trust=1)
        type(pulse)._default_manager.filter(pk=pulse.pk).update(trust=2, comment="A confidence")
        pulse.delete()
    found = [one for one in happenings(Wanted(), 1000) if "pulse" in one.kind or "confidence" in str(one)]
    assert found == []


def test_a_day_is_the_agency_s(browser_of_ines: Browser) -> None:
    builders.setting("time_zone", date(2020, 1, 1), "Pacific/Auckland")
    builders.goal(builders.client(), date(2026, 1, 1), title="Far east")
    day = timezone.now().astimezone(ZoneInfo("Pacific/Auckland")).date()

    def shown(on: date) -> bool:
        query = {"since": on.isoformat(), "until": on.isoformat()}
        return "Far east" in browser_of_ines.get(PAGE, query).content.decode()

    assert [shown(day + timedelta(days=ahead)) for ahead in (-1, 0, 1)] == [False, True, False]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Counts(1, 1, 0, 0, 0), "One change was made to what is recorded, by one person."),
        (
            Counts(1200, 2, 9, 0, 1),
            "1,200 changes were made to what is recorded, by two people. One request was refused.",
        ),
        (Counts(2, 0, 0, 3, 0), "Two changes were made to what is recorded. Three sign-ins failed."),
        (Counts(0, 0, 9, 0, 0), "Nine sign-ins, and no change."),
        (Counts(0, 0, 0, 0, 0), "Nothing happened in these days."),
    ],
)
def test_the_audit_begins_with_how_much_there_was_in_words(found: Counts, said: str) -> None:
    assert story(found, asked({}, date(2026, 5, 4))) == said
