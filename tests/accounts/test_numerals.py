"""Numbers as people write them, and what each spelling comes to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.numerals import NotANumber, Spelling, TwoNumbers, currencies, number, plain

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1\u2009234\u00a0567", "1234567"),
        ("1'234.50", "1234.5"),
        ("1’234’567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("12,34,567.25", "1234567.25"),
        ("38,5", "38.5"),
        ("0,345", "0.345"),
        ("0.345", "0.345"),
        ("1234.567", "1234.567"),
        ("1 234,567", "1234.567"),
        (".5", "0.5"),
        ("  42\t", "42"),
        ("38.5 %", "38.5"),
        ("12%", "12"),
        ("$1,234.50", "1234.50"),
        ("€ 1.234,50", "1234.50"),
        ("1.234,50 €", "1234.50"),
        ("1.234,50 EUR", "1234.50"),
        ("CHF 1'234.50", "1234.50"),
        ("A$ 1,234,567", "1234567"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("+5", "5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("(1,234.5)", "-1234.5"),
        ("-0", "0"),
    ],
)
def test_every_spelling_of_a_number_is_read(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", ".", "5.", "five", "5k", "5 TSD", "1e5", "1,2,3", "1.2.3", "1 23", "12 34", "1,234.567.8"),
        *("--5", "(5", "(-5)", "5 % EUR", "$5 EUR", "5-", "١٢", "1.234 567,8", "NaN", "Infinity", "0x1F", "=1+1"),
        *("9" * 61, "1\x002"),
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    for spelling in Spelling:
        with pytest.raises(NotANumber):
            number(text, spelling)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12.500", "-999,999", "$1,234"])
def test_what_could_be_two_numbers_is_not_guessed(text: str) -> None:
    with pytest.raises(TwoNumbers) as refused:
        number(text)
    assert Decimal(refused.value.with_groups) == 1000 * Decimal(refused.value.with_decimals)


def test_who_says_how_they_write_is_not_asked() -> None:
    assert number("1,234", Spelling.POINT) == 1234
    assert number("1,234", Spelling.COMMA) == Decimal("1.234")
    assert number("1.234", Spelling.COMMA) == 1234
    assert number("1.234", Spelling.POINT) == Decimal("1.234")
    with pytest.raises(NotANumber):
        number("38.5", Spelling.COMMA)


def test_money_has_no_third_decimal() -> None:
    assert number("1,234", decimals_of_three=False) == 1234
    assert number("1.234", decimals_of_three=False) == 1234
    assert number("1.23", decimals_of_three=False) == Decimal("1.23")


def in_groups(value: Decimal, group: str, mark: str) -> str:
    return f"{value:,f}".replace(",", "\0").replace(".", mark).replace("\0", group)


@given(AMOUNTS, st.sampled_from([(",", "."), (".", ","), (" ", ","), (" ", "."), ("\u202f", ","), ("'", ".")]))
def test_a_number_with_groups_and_decimals_reads_back_as_itself(value: Decimal, marks: tuple[str, str]) -> None:
    group, mark = marks
    text = in_groups(value, group, mark)
    said = Spelling.POINT if mark == "." else Spelling.COMMA
    assert number(text, said) == value
    # Four decimals are no group: it shows by itself.
    assert number(text) == value


@given(AMOUNTS)
def test_what_is_printed_plainly_is_read_by_everybody_alike(value: Decimal) -> None:
    text = plain(value)
    assert number(text) == number(text, Spelling.POINT) == value
    assert "E" not in text


@given(st.text(max_size=70))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for spelling in Spelling:
        try:
            assert number(text, spelling).is_finite()
        except (NotANumber, TwoNumbers):
            continue


def test_a_plain_number_never_ends_with_three_decimals() -> None:
    assert [plain(Decimal(value)) for value in ("1.234", "1.5", "10", "1E+3", "-0.00", "0.0345", "1.2000")] == [
        "1.2340",
        "1.5",
        "10",
        "1000",
        "0",
        "0.0345",
        "1.2",
    ]


def test_a_plain_number_takes_the_mark_of_its_reader() -> None:
    assert plain(Decimal("1234.5"), ",") == "1234,5"
    assert plain(Decimal("1.234"), ",") == "1,2340"


def test_currencies_are_known_by_their_codes() -> None:
    assert currencies("1.234,50 EUR") == {"EUR"}
    assert currencies("1,234 ABC") == frozenset()
