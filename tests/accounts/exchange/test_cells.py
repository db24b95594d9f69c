"""What single cells may hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.exchange import cells
from accounts.exchange.cells import Kind, Unexpected
from accounts.exchange.formats import FORMATS

DAY = "a date such as 2026-11-22, from the year 1900 on"
MONTH = "the first day of a month, such as 2026-11-01, from the year 1900 on"
AMOUNT = "a plain decimal such as 1234.5, of at most 4 digits before the point and 2 after it"

READ: list[tuple[Kind, str, str]] = [
    (cells.text(5), "=1+1", "=1+1"),
    (cells.text(5), "\t-x", "\t-x"),
    (cells.text(2), "漢字", "漢字"),
    (cells.DAY, "2024-02-29", "2024-02-29"),
    (cells.DAY, "9999-12-31", "9999-12-31"),
    (cells.DAY, "1900-01-01", "1900-01-01"),
    (cells.MONTH, "2026-11-01", "2026-11-01"),
    (cells.amount(6, 2), "1234.5", "1234.5"),
    (cells.amount(6, 2), "-0.25", "-0.25"),
    (cells.amount(6, 2), "+3", "+3"),
    (cells.amount(6, 2), ".5", ".5"),
    (cells.amount(6, 2), "5.", "5."),
    (cells.amount(6, 2), "1.2500000000", "1.25"),
    (cells.amount(6, 2), "-0000000012.50", "-12.5"),
    (cells.whole(32767), "007", "7"),
    (cells.whole(32767), "32767", "32767"),
    (cells.whole(32767), "0", "0"),
    (cells.CURRENCY, "USD", "USD"),
    (cells.EMAIL, "Dana@Northwind.Example", "dana@northwind.example"),
    (cells.EMAIL, "o'neil+x@sub.domain-name.example", "o'neil+x@sub.domain-name.example"),
    (cells.YES_NO, "yes", "yes"),
    (cells.PLACED, "5", "5"),
    (cells.several(cells.EMAIL, "e-mails"), "B@x.example; a@x.example ;;b@x.example", "b@x.example;a@x.example"),
    (cells.several(cells.choice("a", "b"), "signs"), ";", ""),
    (cells.LISTED_KEY, "a,b", "a,b"),
]

REFUSED: list[tuple[Kind, str, str]] = [
    (cells.text(5), "longer", "5 characters at most"),
    (cells.text(5), "a\0b", "text without a NUL byte"),
    (cells.text(5), "a\udcff", "text in UTF-8"),
    (cells.DAY, "2025-02-29", f"a day that exists: {DAY}"),
    (cells.DAY, "2024-13-01", f"a day that exists: {DAY}"),
    (cells.DAY, "0000-01-01", f"a day that exists: {DAY}"),
    (cells.DAY, "0202-01-01", DAY),
    (cells.DAY, "1899-12-31", DAY),
    (cells.DAY, "22/11/2026", DAY),
    (cells.DAY, "20261122", DAY),
    (cells.DAY, "2026-W47-1", DAY),
    (cells.DAY, "2026-11-22T00:00", DAY),
    (cells.DAY, "٢٠٢٤-٠١-٠١", DAY),
    (cells.DAY, "today", DAY),
    (cells.MONTH, "2026-11-02", MONTH),
    (cells.MONTH, "2026-11", MONTH),
    (cells.MONTH, "2026-13-01", f"a day that exists: {MONTH}"),
    (cells.amount(6, 2), "NaN", AMOUNT),
    (cells.amount(6, 2), "Infinity", AMOUNT),
    (cells.amount(6, 2), "-inf", AMOUNT),
    (cells.amount(6, 2), "1e3", AMOUNT),
    (cells.amount(6, 2), "1,000", AMOUNT),
    (cells.amount(6, 2), "1_000", AMOUNT),
    (cells.amount(6, 2), "0x1F", AMOUNT),
    (cells.amount(6, 2), "١٢", AMOUNT),
    (cells.amount(6, 2), "12345", AMOUNT),
    (cells.amount(6, 2), "0.125", AMOUNT),
    (cells.amount(6, 2), "-", AMOUNT),
    (cells.amount(6, 2), ".", AMOUNT),
    (cells.amount(6, 2), "$5", AMOUNT),
    (cells.amount(6, 2, above_zero=True), "0.00", f"{AMOUNT}, above 0"),
    (cells.amount(6, 2, above_zero=True), "-1", f"{AMOUNT}, above 0"),
    (cells.whole(32767), "32768", "a whole number from 0 to 32767"),
    (cells.whole(32767), "9" * 5000, "a whole number from 0 to 32767"),
    (cells.whole(32767), "-1", "a whole number from 0 to 32767"),
    (cells.whole(32767), "1.0", "a whole number from 0 to 32767"),
    (cells.whole(32767), "²", "a whole number from 0 to 32767"),
    (cells.CURRENCY, "XXQ", "a currency code of ISO 4217, such as USD"),
    (cells.CURRENCY, "usd", "a currency code of ISO 4217, such as USD"),
    (cells.CURRENCY, "US Dollar", "a currency code of ISO 4217, such as USD"),
    (cells.EMAIL, "dana", "an e-mail address such as dana@northwind.example"),
    (cells.EMAIL, "dana@northwind", "an e-mail address such as dana@northwind.example"),
    (cells.EMAIL, "a b@x.example", "an e-mail address such as dana@northwind.example"),
    (cells.EMAIL, "a" * 250 + "@x.example", "254 characters at most"),
    (cells.YES_NO, "Yes", "yes or no"),
    (cells.YES_NO, "true", "yes or no"),
    (cells.PLACED, "0", "a whole number from 1 to 5"),
    (cells.PLACED, "6", "a whole number from 1 to 5"),
    (cells.PLACED, "3.5", "a whole number from 1 to 5"),
    (cells.choice("sole", "lead", "several"), "many", "sole, lead or several"),
    (cells.several(cells.choice("a", "b"), "signs"), "a;c", "signs, each a or b, with a semicolon between them"),
    (cells.LISTED_KEY, "a;b", "a key without a semicolon, which separates the values of a list"),
]


@pytest.mark.parametrize(("kind", "cell", "expected"), READ, ids=lambda found: ascii(found)[:40])
def test_a_good_cell_is_read(kind: Kind, cell: str, expected: str) -> None:
    assert kind.read(cell) == expected


@pytest.mark.parametrize(("kind", "cell", "expected"), REFUSED, ids=lambda found: ascii(found)[:40])
def test_a_bad_cell_is_refused_with_what_was_expected(kind: Kind, cell: str, expected: str) -> None:
    with pytest.raises(Unexpected) as refusal:
        kind.read(cell)
    assert str(refusal.value) == expected


PLAIN = sorted(
    {(column.name, column.kind.plain): column.kind for form in FORMATS for column in form.columns}.items(),
    key=lambda item: item[0][0],
)
LETTERS = st.sampled_from(
    [*'ab19052-.+@;" \t\n\r\0,\x0b', "é", "\udcff", "yes", "start", "2024", "00", "2024-02-", "30"]
)


@given(st.lists(LETTERS, max_size=12).map("".join))
def test_a_cell_that_passes_unread_is_what_reading_it_would_give(raw: str) -> None:
    encoded = raw.encode("utf-8", "surrogateescape")
    if b"\xff" in encoded:
        return  # a block that is no UTF-8 is read cell by cell
    for (_, pattern), kind in PLAIN:
        if pattern is not None and re.fullmatch(pattern.encode(), encoded):
            cell = raw[1:-1].replace('""', '"') if raw.startswith('"') else raw
            read = kind.read(cell)
            assert read == cell or (kind.sql == "bigint" and int(read) == int(cell))
            assert cell == cell.strip(" ")
            assert cell


def test_every_column_says_what_it_expects() -> None:
    for form in FORMATS:
        for column in form.columns:
            assert len(column.kind.expected) > 5, (form.file, column.name)
