"""Tests of how figures are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from metrics import printing


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0"),
        ("860000", "$860k"),
        ("1990000", "$1.99m"),
        ("1100000", "$1.1m"),
        ("1000000", "$1m"),
        ("100000000", "$100m"),
        ("1234567890", "$1.23bn"),
        ("12500", "$12.5k"),
        ("9300", "$9,300"),
        ("9999.49", "$9,999"),
        ("999499", "$999k"),
        ("0.004", "$0"),
        ("-45000", "−$45k"),
        ("-0.4", "$0"),
    ],
)
def test_money_is_printed_in_three_digits(amount: str, text: str) -> None:
    assert printing.money_text(Decimal(amount), "USD") == text


@pytest.mark.parametrize(("amount", "text"), [("999500", "$1m"), ("999999999", "$1bn"), ("10000", "$10k")])
def test_money_that_rounds_up_to_a_larger_unit_is_printed_in_it(amount: str, text: str) -> None:
    assert printing.money_text(Decimal(amount), "USD") == text


@pytest.mark.parametrize(
    ("currency", "text"), [("EUR", "€860k"), ("GBP", "£860k"), ("CAD", "CA$860k"), ("CHF", "CHF\N{NO-BREAK SPACE}860k")]
)
def test_each_currency_has_a_sign_of_its_own_or_its_code(currency: str, text: str) -> None:
    assert printing.money_text(860_000, currency) == text


def test_money_in_full_has_every_digit_and_no_cents() -> None:
    assert printing.full_money_text(Decimal("1120000.5"), "USD") == "$1,120,001"
    assert printing.full_money_text(Decimal("-1120000"), "USD") == "−$1,120,000"


@pytest.mark.parametrize(
    ("amount", "text"), [("120000", "+$120,000"), ("-45000", "−$45,000"), ("0", "$0"), ("0.4", "$0")]
)
def test_a_change_in_money_in_full_has_its_sign(amount: str, text: str) -> None:
    assert printing.signed_full_money_text(Decimal(amount), "USD") == text


@pytest.mark.parametrize(
    ("amount", "text"), [("300000", "+$300k"), ("-45000", "−$45k"), ("0", "$0"), ("0.3", "$0"), ("-0.3", "$0")]
)
def test_a_change_of_money_has_a_sign_unless_it_is_none(amount: str, text: str) -> None:
    assert printing.signed_money_text(Decimal(amount), "USD") == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [("82.5", 0, "83"), ("-0.4", 0, "0"), ("1020", 0, "1,020"), ("4.05", 1, "4.1"), ("-12.5", 0, "−13")],
)
def test_numbers_are_rounded_half_up_and_grouped(value: str, decimals: int, text: str) -> None:
    assert printing.number_text(Decimal(value), decimals) == text


@pytest.mark.parametrize(("value", "text"), [("7", "+7"), ("-21", "−21"), ("0", "0"), ("0.4", "0")])
def test_a_difference_has_a_sign_unless_it_is_none(value: str, text: str) -> None:
    assert printing.signed_text(Decimal(value)) == text


def test_percent_do_not_part_from_their_number_at_the_end_of_a_line() -> None:
    assert printing.percent_text(Decimal("83.3")) == "83\N{NO-BREAK SPACE}%"
    assert printing.signed_percent_text(Decimal("36")) == "+36\N{NO-BREAK SPACE}%"


def test_numbers_are_written_as_the_language_in_use_writes_them() -> None:
    with translation.override("de"):
        assert printing.number_text(Decimal("1020.5"), 1) == "1.020,5"
        assert printing.money_text(Decimal("1990000"), "EUR") == "1,99\xa0Mio.\xa0€"


def test_a_quarter_is_named_with_its_number_first() -> None:
    assert printing.quarter_text("2026-Q3") == "Q3 2026"
    assert printing.quarter_text("") == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.04 s"),
        (0.996, "1.0 s"),
        (1.44, "1.4 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_how_long_something_took_is_said_as_exactly_as_it_matters(seconds: float, text: str) -> None:
    assert printing.seconds_text(seconds) == text
