"""The page of definitions: who reads it, what each card holds, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Person
from accounts.settings_in_force import SettingHistory
from metrics.catalogue import METRICS, PARTS
from metrics.models import Signal
from metrics.queries.definitions import groups
from metrics.views.definitions import story
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/definitions/"


def signed_in(person: Person) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def opened(person: Person, path: str = PAGE) -> str:
    answer = signed_in(person).get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def card(page: str, code: str) -> str:
    """The part of a page that is one metric's card."""
    return page.partition(f'id="metric-{code}"')[2].partition("</article>")[0]


def verdict(indicator: str, found: str, **fields: object) -> Signal:
    counts = {"cases": 60, "growers": 24, "clients": 15, "auc": "0.7123", "low": "0.6", "high": "0.8"}
    return Signal.objects.create(indicator=indicator, verdict=found, **{**counts, **fields})


# Who reads it


def test_everybody_of_the_agency_reads_it_and_nobody_else() -> None:
    for path in (PAGE, "/definitions/coverage/"):
        assert signed_in(builders.person(f"Lena {path}")).get(path).status_code == 200
        dana = builders.person(f"Dana {path}", role=Person.Role.CONTACT)
        assert signed_in(dana).get(path).status_code == 404
        assert Browser().get(path).status_code == 302


def test_it_is_only_read() -> None:
    assert signed_in(builders.lena()).post(PAGE).status_code == 405


@pytest.mark.parametrize("code", ["nothing", "expansion-rate", "EXPANSION_RATE"])
def test_a_metric_that_is_not_there_is_not_found(code: str) -> None:
    assert signed_in(builders.lena()).get(f"/definitions/{code}/").status_code == 404


# What it holds


def test_every_metric_has_its_card_with_all_twelve_parts_and_its_place_in_the_index() -> None:
    page = opened(builders.lena())
    for metric in METRICS:
        text = plain(card(page, metric.code))
        assert str(metric.line) in text
        for part in metric.card:
            assert str(PARTS[part.code]) in text
            assert all(str(words) in text for words in part.words)
        assert page.count(f'href="#metric-{metric.code}"') == 1
    assert page.count("<article") == len(METRICS)


def test_a_card_alone_is_the_one_on_the_page() -> None:
    lena = builders.lena()
    page = opened(lena)
    for metric in METRICS:
        fragment = opened(lena, f"/definitions/{metric.code}/")
        assert fragment.count(f'id="metric-{metric.code}"') == 1
        assert "<html" not in fragment
        assert fragment.partition("%}")[0].strip() in page


def test_a_card_shows_the_settings_in_force_today() -> None:
    builders.setting("good_attainment", date(2020, 1, 1), "75")
    builders.setting("good_attainment", date(2190, 1, 1), "99")
    page = opened(builders.lena())
    assert "Good numbers 75 %" in plain(card(page, "pattern"))
    text = plain(card(page, "communication"))
    assert "Tier A 14 days" in text
    assert "Evidence 0.4" in text
    assert "Settings in force" not in card(page, "swing")


def test_only_who_may_change_settings_is_led_to_them() -> None:
    assert 'href="/settings/"' not in card(opened(builders.lena()), "pattern")
    assert 'href="/settings/"' in card(opened(builders.omar()), "pattern")


def test_bands_are_shown_from_edge_to_edge() -> None:
    page = opened(builders.lena())
    assert "Concerning below 10 Moderate from 10 to below 20 Strong from 20" in plain(card(page, "expansion_rate"))
    assert "Developing from 40 to below 70" in plain(card(page, "partnership_score"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("tells", "It tells AUC 0.71, between 0.60 and 0.80; 24 of 60 cases grew, 15 clients"),
        ("misleads", "It misleads AUC 0.71"),
        ("coin", "No better than a coin AUC 0.71"),
    ],
)
def test_the_verdict_stands_on_the_card_of_its_indicator(found: str, words: str) -> None:
    verdict("attainment", found)
    page = opened(builders.lena())
    assert words in plain(card(page, "attainment"))
    assert "Not tested yet" in plain(card(page, "trust"))
    assert "foretell growth here" not in card(page, "swing")


def test_with_too_few_cases_there_is_no_interval_and_the_auc_where_there_is_one() -> None:
    verdict("trust", "too_few", cases=4, growers=1, clients=2, auc="0.5", low=None, high=None)
    verdict("value", "too_few", cases=0, growers=0, clients=0, auc=None, low=None, high=None)
    page = opened(builders.lena())
    assert "Too few cases AUC 0.50; 1 of 4 cases grew, 2 clients" in plain(card(page, "trust"))
    assert "Too few cases 0 of 0 cases grew, 0 clients" in plain(card(page, "value"))


def test_benchmarks_have_their_source_year_and_whether_a_method_was_published() -> None:
    builders.benchmark("Shops", 42, industry="Retail", source="A <survey>", year=2024, method_published=False)
    builders.benchmark("Banks", 43, source="Someone", year=None, method_published=None)
    table = opened(builders.lena()).partition('id="benchmarks"')[2]
    assert "Shops Retail 42 % A <survey> 2024 not published" in plain(table)
    assert "Banks all 43 % Someone – not known – not known" in plain(table)


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ([], "Whether any figure foretells growth here can’t be said yet: there are too few cases."),
        (["too_few"], "Whether any figure foretells growth here can’t be said yet: there are too few cases."),
        (["tells", "too_few"], "Whether any figure foretells growth here can’t be said yet: there are too few cases."),
        (["tells", "coin"], "Of two indicators with enough cases, one foretells growth here."),
        (["tells"] * 11 + ["misleads"], "Of 12 indicators with enough cases, 11 foretell growth here. One misleads."),
        (["misleads"] * 2, "Of two indicators with enough cases, none foretell growth here. Two mislead."),
    ],
)
def test_the_page_begins_with_what_the_signal_test_found(verdicts: Sequence[str], sentence: str) -> None:
    assert story(verdicts) == sentence


def test_a_metric_without_an_indicator_has_no_verdict() -> None:
    rows = {row.metric.code: row for group in groups(SettingHistory(()), date(2026, 1, 1), {}) for row in group.metrics}
    assert len(rows) == len(METRICS)
    assert rows["swing"].signal is None
    assert [row.ends_at for row in rows["expansion_rate"].bands] == [Decimal(10), Decimal(20), None]


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_six_queries_however_many_clients(count: int, django_assert_num_queries: Any) -> None:
    lena = builders.lena()
    portfolios.many(count, lena)
    portfolios.store_figures()
    browser = signed_in(lena)
    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(4):
        browser.get("/definitions/attainment/")
