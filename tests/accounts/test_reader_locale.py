"""Tests of how numbers, amounts and days are written for different readers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.utils import translation

from accounts.reader_locale import (
    ReaderLocaleMiddleware,
    beside_currency,
    day_text,
    in_locale,
    number_in_digits,
    preferred,
    reader_locale,
)

SEPTEMBER = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", ""),
        ("en-GB,en;q=0.8", "en_GB"),
        ("en-US,en;q=0.9", "en_US"),
        ("de-CH,de;q=0.9,en;q=0.8", "de_CH"),
        ("fr;q=0.5,de;q=0.9", "de"),
        ("de-ZZ", "de"),
        ("*", ""),
        ("tlh,sv;q=0.5", "sv"),
        ("../../etc/passwd", ""),
        ("a" * 5000, ""),
    ],
)
def test_the_first_language_that_is_known_decides(header: str, locale: str) -> None:
    assert preferred(header) == locale


@pytest.mark.parametrize(
    ("locale", "number", "amount", "day"),
    [
        ("en_GB", "1,234,567.50", "$1.99m", "30 Sept 2026"),
        ("en_US", "1,234,567.50", "$1.99m", "Sep 30, 2026"),
        ("de", "1.234.567,50", "1.99m\xa0$", "30. Sept. 2026"),
        ("fr", "1\u202f234\u202f567,50", "1.99m\xa0$", "30 sept. 2026"),
        ("hi", "12,34,567.50", "$1.99m", "30 सित॰ 2026"),
    ],
)
def test_each_reader_has_their_own_forms(locale: str, number: str, amount: str, day: str) -> None:
    with in_locale(locale):
        assert number_in_digits(Decimal("1234567.50"), 2) == number
        assert beside_currency("1.99m", "$") == amount
        assert day_text(SEPTEMBER) == day


def test_the_first_of_a_month_is_counted_in_french() -> None:
    for locale, day in (
        ("fr", "1er mai 2026"),
        ("fr_CA", "1er mai 2026"),
        ("de", "1. Mai 2026"),
        ("en_GB", "1 May 2026"),
    ):
        with in_locale(locale):
            assert day_text(date(2026, 5, 1)) == day
    with in_locale("fr"):
        assert day_text(date(2026, 5, 11)) == "11 mai 2026"


def test_a_currency_without_a_sign_keeps_its_space_on_one_side_only() -> None:
    with in_locale("en_GB"):
        assert beside_currency("20", "CHF\xa0") == "CHF\xa020"
    with in_locale("de"):
        assert beside_currency("20", "CHF\xa0") == "20\xa0CHF"


def test_who_says_nothing_reads_as_the_language_in_use() -> None:
    assert reader_locale() == "en_GB"
    with translation.override("de"):
        assert reader_locale() == "de"
    with translation.override(None):
        assert reader_locale() == "en_GB"


def test_the_locale_is_the_request_s_and_gone_after_it(rf: RequestFactory) -> None:
    seen = []

    def answer(request: object) -> object:
        seen.append(reader_locale())
        return None

    ReaderLocaleMiddleware(answer)(rf.get("/", headers={"accept-language": "sv-SE"}))  # type: ignore[arg-type]
    assert (seen, reader_locale()) == (["sv_SE"], "en_GB")
