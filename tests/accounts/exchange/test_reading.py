"""From bytes nobody vouches for to rows."""

import csv
import io
import random
from collections.abc import Callable, Iterator
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from accounts.exchange import reading
from accounts.exchange.formats import BY_FILE, CHECK_INS, CLIENTS, FORMATS, KPI_READINGS, Format
from accounts.exchange.reading import SheetReader
from accounts.exchange.report import Problems
from tests.proofs.hostile_files import VALID, mutated

HEADER = "external_id,name,currency\n"
COLUMNS = "external_id, name, industry, value_tier, currency, account_manager"


def read(content: str | bytes, form: Format = CLIENTS) -> tuple[list[list[str]], list[str]]:
    """The rows that are handed on, cell by cell, and what is said to be wrong."""
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    problems = Problems()
    reader = SheetReader(stream, form, problems)
    sheet = reader.header()
    handed: list[bytes] = []
    if sheet is not None:
        reader.rows(sheet, handed.append)
    lines = io.StringIO(b"".join(handed).decode(), newline="")
    return list(csv.reader(lines)), [str(problem) for problem in problems.shown]


def test_rows_are_handed_on_in_their_order() -> None:
    rows, said = read(HEADER + 'a,A,USD\nb,"B, ""b""",EUR\n')
    assert rows == [["a", "A", "USD"], ["b", 'B, "b"', "EUR"]]
    assert said == []


def test_columns_may_stand_in_any_order() -> None:
    rows, said = read("currency,external_id,name\nUSD,a,A\n")
    assert (rows, said) == ([["USD", "a", "A"]], [])


def test_spaces_at_either_end_of_a_cell_are_dropped_and_others_kept() -> None:
    rows, said = read(" external_id , name,currency\n a ,  A  B  ,USD \nb,\tB,USD\nc,\xa0C,EUR\n")
    assert (rows, said) == ([["a", "A  B", "USD"], ["b", "\tB", "USD"], ["c", "\xa0C", "EUR"]], [])


def test_a_cell_that_starts_like_a_formula_is_kept_as_it_is() -> None:
    names = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|'/c calc'!A0"]
    rows, said = read(HEADER + "".join(f'c{i},"{name}",USD\n' for i, name in enumerate(names)))
    assert [row[1] for row in rows] == names
    assert said == []


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_may_end_as_on_any_system(ends: str, last: bool) -> None:
    text = HEADER + 'a,A,USD\nb,"B",EUR'
    rows, said = read((text + "\n" * last).replace("\n", ends))
    assert (rows, said) == ([["a", "A", "USD"], ["b", "B", "EUR"]], [])


def test_lines_may_even_end_in_several_ways() -> None:
    rows, said = read("external_id,name,currency\r\na,A,USD\nb,B,USD\r\nc,C,USD\rd,D,USD\r\n")
    assert ([row[0] for row in rows], said) == (["a", "b", "c", "d"], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_which_unicode_it_is(encoding: str) -> None:
    rows, said = read((HEADER + "a,Müller 漢字,USD\n").encode(encoding))
    assert (rows, said) == ([["a", "Müller 漢字", "USD"]], [])


def test_a_row_number_is_what_a_spreadsheet_shows() -> None:
    rows, said = read(HEADER + 'a,"A\nA",USD\n\nb,B,xyz\n,,\n  , ,\nc,C,XYZ\n')
    assert said == [
        'clients.csv, row 4, column currency: "xyz"; expected a currency code of ISO 4217, such as USD',
        'clients.csv, row 7, column currency: "XYZ"; expected a currency code of ISO 4217, such as USD',
    ]
    assert [row[0] for row in rows] == ["a", "", "b", "", "", "c"]


SENTENCES: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": (b"", ["clients.csv: an empty file; expected a header row"]),
    "a missing required column": (
        "external_id,name\na,A\n",
        [
            "clients.csv, row 1, column currency: the column is missing; "
            "expected a column of this name, as it is required"
        ],
    ),
    "an unknown column with a near name": (
        "external_id,name,currency,valuetier\na,A,USD,A\n",
        [
            "clients.csv, row 1, column valuetier: no such column is known; "
            "expected the name of a column, perhaps value_tier"
        ],
    ),
    "an unknown column with no near name": (
        "external_id,name,currency,zzz\na,A,USD,A\n",
        [f"clients.csv, row 1, column zzz: no such column is known; expected one of {COLUMNS}"],
    ),
    "a column twice": (
        "external_id,name,currency,name\na,A,USD,A\n",
        ["clients.csv, row 1, column name: the column is there twice; expected each column once"],
    ),
    "a column without a name": (
        "external_id,name,currency,\na,A,USD,\n",
        [f"clients.csv, row 1: column 4 has no name; expected columns out of {COLUMNS}"],
    ),
    "too few cells": (HEADER + "a,A\n", ["clients.csv, row 2: 2 cells; expected 3, as many as the header has"]),
    "too many cells": (
        HEADER + "a,A,USD,x\n",
        ["clients.csv, row 2: 4 cells; expected 3, as many as the header has"],
    ),
    "one cell": (HEADER + "a\n", ["clients.csv, row 2: 1 cell; expected 3, as many as the header has"]),
    "a blank in a required column": (
        HEADER + "a, ,USD\n",
        ["clients.csv, row 2, column name: blank; expected text of 300 characters at most, as it is required"],
    ),
    "white space in a required column": (
        HEADER + 'a,"\t\n",USD\n',
        ['clients.csv, row 2, column name: "\\t\\n"; expected text of 300 characters at most, as it is required'],
    ),
    "a NUL byte": (
        HEADER + "a,A\0A,USD\n",
        ['clients.csv, row 2, column name: "A\\x00A"; expected text without a NUL byte'],
    ),
    "text that is not UTF-8": (
        HEADER.encode() + "a,Müller,USD\n".encode("latin-1"),
        ['clients.csv, row 2, column name: "M\\xfcller"; expected text in UTF-8'],
    ),
    "UTF-16 that breaks off": (
        (HEADER + "a,A,USD\n").encode("utf-16")[:-1],
        ["clients.csv, row 2: text that is not UTF-16; expected UTF-16, as its first bytes promise, or UTF-8"],
    ),
    "a quotation mark never closed": (
        HEADER + 'a,A,USD\nb,"B,USD\nc,C,USD\n',
        ["clients.csv, row 3: a quotation mark that is never closed; expected a closing quotation mark"],
    ),
    "text behind a quotation mark": (
        HEADER + 'a,"A"B,USD\nb,B,usd\n',
        [
            "clients.csv, row 2: a quotation mark with more text behind it; expected a cell to end with its closing "
            "quotation mark, and quotation marks in it to be doubled",
            'clients.csv, row 3, column currency: "usd"; expected a currency code of ISO 4217, such as USD',
        ],
    ),
    "a cell too long for any column": (
        HEADER + f"a,{'n' * 200_000},USD\n",
        [
            "clients.csv, row 2: a cell of more than 131,072 characters; "
            "expected shorter cells; perhaps a closing quotation mark is missing"
        ],
    ),
    "a cell too long for its column": (
        HEADER + f"a,{'n' * 301},USD\n",
        [f'clients.csv, row 2, column name: "{"n" * 80}…"; expected 300 characters at most'],
    ),
    "a row without end": (
        HEADER + "a" * 3_000_000,
        ["clients.csv, row 2: a row of more than 1,000,000 bytes; expected shorter rows"],
    ),
    "a row of many lines without end": (
        HEADER + '"\n",' * 400_000,
        ["clients.csv, row 2: a row of more than 1,000,000 bytes; expected shorter rows"],
    ),
    "blank rows without end": (
        HEADER + "\n" * 200_000,
        ["clients.csv, row 100002: more than 100,000 blank rows; expected rows with something in them"],
    ),
    "several things in one row": (
        "external_id,name,value_tier,currency,account_manager\n,A,D,US,lena\n",
        [
            "clients.csv, row 2, column external_id: blank; expected text of 200 characters at most, as it is required",
            'clients.csv, row 2, column value_tier: "D"; expected A, B or C',
            'clients.csv, row 2, column currency: "US"; expected a currency code of ISO 4217, such as USD',
            'clients.csv, row 2, column account_manager: "lena"; '
            "expected an e-mail address such as dana@northwind.example",
        ],
    ),
}


@pytest.mark.parametrize("what", SENTENCES)
def test_what_is_wrong_is_said_with_file_row_column_value_and_what_was_expected(what: str) -> None:
    content, expected = SENTENCES[what]
    assert read(content)[1] == expected


def test_of_a_row_with_a_bad_cell_the_good_ones_are_handed_on() -> None:
    assert read(HEADER + "a,A,xyz\n")[0] == [["a", "A", ""]]


def test_a_list_is_handed_on_without_what_is_in_it_twice() -> None:
    rows, said = read("external_id,client,held_on,client_contacts\nm,c,2024-01-01, b ;a;;b; \n", CHECK_INS)
    assert (rows, said) == ([["m", "c", "2024-01-01", "b;a"]], [])


def test_the_first_thousand_are_told_in_full_and_the_rest_counted() -> None:
    problems = Problems()
    reader = SheetReader(io.BytesIO((HEADER + "a,,xyz\n" * 900).encode()), CLIENTS, problems)
    sheet = reader.header()
    assert sheet is not None
    reader.rows(sheet, lambda lines: None)
    assert (len(problems.shown), problems.count, problems.refused("clients.csv")) == (1000, 1800, 900)


def _slowly(columns: object, line_end: bytes) -> None:
    return None


@pytest.mark.parametrize("seed", range(150))
def test_lines_that_pass_unread_are_what_reading_each_cell_gives(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    name = chance.choice(sorted(VALID))
    content = VALID[name].encode()
    if seed % 3:
        content = mutated(chance, content)
    rows, said = read(content, BY_FILE[name])
    monkeypatch.setattr(reading, "_plain_lines", _slowly)
    slow_rows, slow_said = read(content, BY_FILE[name])
    assert said == slow_said
    assert rows == slow_rows


@pytest.mark.parametrize("size", [7, 64, 1000])
def test_blocks_end_where_lines_do(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "kpi,month,value,target\r\n" + "".join(
        f'"k{i}\r\n",2024-01-01,{i},\r\nk,2024-02-01,{i}.5,1\r\n' for i in range(100)
    )
    whole = read(content, KPI_READINGS)
    monkeypatch.setattr(reading, "BLOCK", size)
    assert read(content, KPI_READINGS) == whole
    assert (len(whole[0]), whole[1]) == (200, [])


def test_progress_counts_the_files_bytes() -> None:
    content = (HEADER + "a,A,USD\n" * 50_000).encode()
    read_so_far: list[int] = []
    note: Callable[[int], object] = read_so_far.append
    reader = SheetReader(io.BytesIO(content), CLIENTS, Problems(), note)
    sheet = reader.header()
    assert sheet is not None
    reader.rows(sheet, lambda lines: None)
    assert sum(read_so_far) == len(content)
    assert len(read_so_far) > 2


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.file)
def test_nothing_but_sets_of_characters_is_repeated_possessively(form: Format) -> None:
    """Before Python 3.11.5 whole groups that are and hold a choice match what they should not: rows ran together."""
    pattern = reading._plain_lines(form.columns, b"\n")
    if pattern is None:
        return
    repeated = list(_possessively(parser.parse(pattern.pattern.decode())))
    assert repeated
    assert all(len(items) == 1 and items[0][0] in _SINGLE for items in repeated), repeated


_SINGLE = {constants.IN, constants.LITERAL, constants.NOT_LITERAL, constants.ANY}


def _possessively(tree: Any) -> Iterator[Any]:
    """What is repeated possessively anywhere in a pattern."""
    if isinstance(tree, parser.SubPattern):
        for op, argument in tree:
            if op is constants.POSSESSIVE_REPEAT:
                yield list(argument[2])
            yield from _possessively(argument)
    elif isinstance(tree, tuple | list):
        for part in tree:
            yield from _possessively(part)
