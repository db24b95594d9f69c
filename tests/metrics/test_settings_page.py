"""The settings: who changes them, what is shown, what a version would do, and that it is recorded once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Client, Person, Setting
from accounts.settings_in_force import DEFAULTS
from metrics.models import ChangedClient
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/settings/"
GOOD = "/settings/good_attainment/"
CHANGE = "/settings/good_attainment/change/"
ASKED = {"effective_on": "2026-01-01", "value": "75"}


@pytest.fixture
def omar() -> Person:
    return builders.omar()


@pytest.fixture
def browser(client: Browser, omar: Person) -> Browser:
    client.force_login(omar)
    return client


@pytest.fixture
def clients() -> dict[str, Client]:
    """One of each pattern; Northwind misses a quarter of its targets."""
    found = portfolios.one_of_each(builders.lena(), builders.sam())
    shares = builders.kpi(found["Northwind"], name="Shares")
    for month in range(1, 13):
        builders.reading(shares, date(2025, month, 1), 110 if month % 2 else 90)
    portfolios.store_figures()
    return found


def page(browser: Browser, path: str, **query: str) -> str:
    answer = browser.get(path, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


# Who


@pytest.mark.parametrize("path", [PAGE, GOOD, CHANGE])
def test_settings_exist_for_leadership_alone(path: str, omar: Person) -> None:
    for person, status in (
        (omar, 200),
        (builders.person("Ada", role=Person.Role.ADMIN), 200),
        (builders.lena(), 404),
        (builders.person("Dana", role=Person.Role.CONTACT), 404),
    ):
        browser = Browser()
        browser.force_login(person)
        assert browser.get(path).status_code == status
    assert Browser().get(path).status_code == 302


def test_nobody_else_records_one() -> None:
    browser = Browser()
    browser.force_login(builders.lena())
    assert browser.post(GOOD, ASKED).status_code == 404
    assert not Setting.objects.exists()


def test_a_setting_that_is_not_there_is_not_found(browser: Browser) -> None:
    for name in ("nothing", "weight.", "Good_attainment", "weight.trust/x"):
        assert browser.get(f"/settings/{name}/").status_code == 404
        assert browser.get(f"/settings/{name}/change/").status_code == 404
        assert browser.post(f"/settings/{name}/", ASKED).status_code == 404


# The list


def test_every_setting_is_listed_once_with_its_value_and_leads_to_its_page(browser: Browser) -> None:
    text = page(browser, PAGE)
    for name in DEFAULTS:
        assert text.count(f'id="setting-{name}"') == 1
        assert text.count(f'href="/settings/{name}/"') == 1
        assert browser.get(f"/settings/{name}/").status_code == 200
    assert "Tier A 14 days as Soundings comes" in plain(text)
    assert "Hour of the night From this hour on, figures are computed, once a day. 2:00" in plain(text)


def test_what_is_in_force_what_was_and_what_is_to_come_are_told_apart(browser: Browser, omar: Person) -> None:
    builders.setting("interval_b", date(2021, 1, 1), "21")
    builders.setting("interval_b", date(2022, 1, 1), "28")
    builders.setting("interval_b", date(2190, 1, 1), "35")
    text = plain(page(browser, PAGE))
    assert "Tier B 28 days from 1 Jan 2022 to come: 35 days from 1 Jan 2190 before: 21 days from 1 Jan 2021" in text
    text = plain(page(browser, "/settings/interval_b/"))
    assert "1 Jan 2190 35 days to come" in text
    assert "1 Jan 2022 28 days in force" in text
    assert "1 Jan 2021 21 days before" in text
    assert "from the beginning 30 days before as Soundings comes" in text


def test_of_the_currency_the_newest_version_is_in_force_whatever_its_date(browser: Browser) -> None:
    builders.setting("reporting_currency", date(2021, 1, 1), "EUR")
    builders.setting("reporting_currency", date(2190, 1, 1), "CHF")
    assert "Reporting currency The currency in which the agency adds up." in plain(page(browser, PAGE))
    assert "CHF from 1 Jan 2190 before: EUR from 1 Jan 2021" in plain(page(browser, PAGE))


# The form, and what a version would do


def test_the_form_opens_with_what_is_in_force(browser: Browser) -> None:
    builders.setting("good_attainment", date(2021, 1, 1), "75")
    text = page(browser, GOOD)
    assert re.search(r'name="value" value="75"', text)
    assert "foreseen-title" not in text


def test_the_page_holds_the_form_once_and_the_fragment_is_no_page(browser: Browser, clients: dict[str, Client]) -> None:
    for query in ({}, ASKED, {"value": "101"}):
        whole = page(browser, GOOD, **query)
        fragment = page(browser, CHANGE, **query)
        assert whole.count('id="setting-change"') == fragment.count('id="setting-change"') == 1
        assert "<html" not in fragment
        assert "<script" not in fragment


def test_the_fragment_pushes_the_address_of_the_page(browser: Browser) -> None:
    assert browser.get(CHANGE, ASKED)["HX-Push-Url"] == f"{GOOD}?effective_on=2026-01-01&value=75"
    assert browser.get(CHANGE)["HX-Push-Url"] == GOOD


def test_what_would_change_is_said_before_anything_is_recorded(browser: Browser, clients: dict[str, Client]) -> None:
    text = plain(page(browser, GOOD, **ASKED))
    assert "From 80 % to 75 %" in text
    assert "It changes figures of the past: Q1 2026 has ended and is computed anew with it." in text
    assert "Q1 2026 Pattern" in text
    assert "At risk → becomes Good numbers, stalling 1 account: Northwind" in text
    assert "Expansion rates, retention, signs of choice, attainment and the ledger are computed without it" in text
    assert "Record 75 % from 1 Jan 2026" in text
    assert not Setting.objects.exists()


def test_several_past_quarters_are_counted(browser: Browser, clients: dict[str, Client]) -> None:
    text = plain(page(browser, GOOD, effective_on="2025-01-01", value="75"))
    assert "5 quarters that have ended are computed anew with it, Q1 2025 to Q1 2026. The latest 4 are worked" in text


def test_a_change_to_come_is_said_to_touch_nothing_that_has_ended(browser: Browser, clients: dict[str, Client]) -> None:
    text = plain(page(browser, GOOD, effective_on="2026-12-01", value="75"))
    assert "No quarter that has ended changes: Q4 2026 is the first to use it." in text


def test_where_nothing_changes_that_is_said(browser: Browser, clients: dict[str, Client]) -> None:
    text = plain(page(browser, GOOD, effective_on="2026-01-01", value="80.5"))
    assert "Nothing changes for the 5 accounts: no pattern, no score." in text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("fiscal_year_month", "4", "Quarters are cut and named anew, and every figure is computed over the new ones."),
        ("fiscal_year_month", "4", "All quarters change, those long past included:"),
        ("reporting_currency", "EUR", "Exchange rates are recorded against the reporting currency"),
        ("reporting_currency", "EUR", "All quarters change, those long past included:"),
        ("time_zone", "Europe/Berlin", "No figure is computed with it. The next night comes by the new clock."),
        ("night_hour", "4", "No figure is computed with it."),
        ("weight.trust", "3", "Expansion rates, retention"),
    ],
)
def test_what_a_setting_reaches_is_said_plainly(
    browser: Browser, clients: dict[str, Client], name: str, value: str, sentence: str
) -> None:
    assert sentence in plain(page(browser, f"/settings/{name}/", effective_on="2026-01-01", value=value))


def test_before_the_first_figures_there_is_nothing_to_foresee(browser: Browser) -> None:
    assert "Nothing has been computed yet" in plain(page(browser, GOOD, **ASKED))


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_foreseen(browser: Browser) -> None:
    for path in (GOOD, CHANGE):
        text = page(browser, path, effective_on="2026-01-01", value="80")
        assert "It is 80 % on that day already: there is nothing to change." in unescape(text)
        assert re.search(r'aria-invalid="true"[^>]*aria-describedby="[^"]*id_value_error', text)
        assert "foreseen-title" not in text


@pytest.mark.parametrize(
    "query",
    [
        {"effective_on": "\x00", "value": "75"},
        {"effective_on": "2026-01-01", "value": "\x00"},
        {"effective_on": "9" * 5000, "value": "9" * 5000},
        {"effective_on": "9999-12-31", "value": "75"},
        {"value": "<script>alert(1)</script>"},
        {"effective_on": "0001-01-01", "value": ""},
    ],
    ids=repr,
)
def test_any_question_is_answered(browser: Browser, clients: dict[str, Client], query: dict[str, str]) -> None:
    for path in (GOOD, CHANGE, "/settings/fiscal_year_month/", "/settings/time_zone/"):
        answer = browser.get(path, query)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
    assert browser.post(GOOD, query).status_code == 200
    assert not Setting.objects.exists()


# Recording


def test_a_recorded_version_is_in_the_list_with_who_and_every_client_is_marked(
    browser: Browser, clients: dict[str, Client]
) -> None:
    ChangedClient.objects.all().delete()
    answer = browser.post(GOOD, ASKED)
    assert (answer.status_code, answer["Location"]) == (303, "/settings/#setting-good_attainment")
    assert list(Setting.objects.values_list("name", "effective_on", "value")) == [
        ("good_attainment", date(2026, 1, 1), "75")
    ]
    assert set(ChangedClient.objects.values_list("client_id", flat=True)) == {one.pk for one in clients.values()}
    text = plain(page(browser, PAGE))
    assert "Good numbers is recorded: 75 %." in text
    assert "75 % from 1 Jan 2026 , recorded by Omar on" in text


def test_the_figures_are_told_when_a_version_is_recorded(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr("metrics.receivers.records_have_changed", lambda: told.append("told"))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(GOOD, ASKED)
    assert told == ["told"]


def test_a_version_is_not_recorded_twice(browser: Browser) -> None:
    assert browser.post(GOOD, ASKED).status_code == 303
    answer = browser.post(GOOD, {**ASKED, "value": "70"})
    assert answer.status_code == 200
    assert "A version from this day is there already" in answer.content.decode()
    assert Setting.objects.count() == 1


def test_of_two_who_record_at_once_the_second_is_told(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    builders.setting("good_attainment", date(2026, 1, 1), "70")
    monkeypatch.setattr("accounts.forms.setting.SettingVersionForm.clean_effective_on", lambda self: date(2026, 1, 1))
    answer = browser.post(GOOD, ASKED)
    assert answer.status_code == 200
    assert "Somebody recorded a version from this day meanwhile" in answer.content.decode()
    assert Setting.objects.get().value == "70"


# What it costs


@pytest.mark.parametrize("count", [3, 30])
def test_pages_cost_the_same_however_many_clients_and_versions(
    browser: Browser, omar: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, builders.lena())
    portfolios.store_figures()
    for number in range(count):
        builders.setting("weight.trust", date(2020, 1, 1) + timedelta(days=number), str(number % 5 + 2))
    with django_assert_num_queries(4):
        browser.get(PAGE)
    with django_assert_num_queries(4):
        browser.get(GOOD)
    with django_assert_num_queries(FORESEEN):
        browser.get(GOOD, ASKED)
    with django_assert_num_queries(FORESEEN - 1):
        browser.get(CHANGE, ASKED)


FORESEEN = 24
"""Session, person, settings, as-of date and frame; the calendar; the largest; all facts; check-ins and goals, twice."""
