"""Files that people take away: no text becomes a formula, numbers stay numbers, and memory doesn't grow."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.downloads import csv_download, csv_text, guarded, write_xlsx, xlsx_download

COLUMNS = ("name", "amount", "count", "settled", "on")


def in_csv(*rows: tuple[Any, ...]) -> list[list[str]]:
    text = "".join(csv_text(COLUMNS, rows))
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def in_xlsx(*rows: tuple[Any, ...]) -> list[list[Any]]:
    file = io.BytesIO()
    write_xlsx(file, "Accounts", COLUMNS, rows)
    sheet = load_workbook(file).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tplain", "  =1", "\N{NO-BREAK SPACE}=1",
        "\N{ZERO WIDTH SPACE}=1", "\N{IDEOGRAPHIC SPACE}@A", "＝1+1", "＋1", "－1", "＠A", " ＝1", "﹦1", "-",
        "\x0b=1", "\x7f=1", "=cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_a_text_that_could_be_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Northwind", "A=B", "Bramble & Vane", "'=1", "5 - 3", "Ünal", "漢字"])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_csv_file_guards_text_and_leaves_numbers_alone() -> None:
    assert in_csv(("=HYPERLINK(1)", Decimal("-5.25"), -3, True, date(2026, 9, 30))) == [
        list(COLUMNS),
        ["'=HYPERLINK(1)", "-5.2500", "-3", "yes", "2026-09-30"],
    ]


def test_a_csv_file_has_four_places_rounded_half_away_from_zero_and_blank_for_what_is_not_known() -> None:
    assert in_csv(("A", Decimal("83.33335"), 0, False, None))[1] == ["A", "83.3334", "0", "no", ""]
    assert in_csv(("A", Decimal("-0.00001"), None, None, None))[1] == ["A", "0.0000", "", "", ""]
    exact = Decimal("12345678901234567890.12345")
    assert in_csv(("A", exact, 0, False, None))[1][1] == "12345678901234567890.1235"


def test_commas_quotes_and_lines_within_a_cell_stay_within_it() -> None:
    assert in_csv(('A, "B"\nC', None, None, None, None))[1][0] == 'A, "B"\nC'


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    _columns, row = in_xlsx(("=1+1", Decimal("-5.25"), 3, True, date(2026, 9, 30)))
    assert [cell.value for cell in row][:4] == ["'=1+1", -5.25, 3, "yes"]
    assert [cell.data_type for cell in row][:4] == ["s", "n", "n", "s"]
    assert row[4].value.date() == date(2026, 9, 30)


@pytest.mark.parametrize("text", ["#N/A", "12", "2026-01-01", "TRUE"])
def test_a_workbook_makes_nothing_else_of_a_text(text: str) -> None:
    (cell, *_others) = in_xlsx((text, None, None, None, None))[1]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_workbook_takes_any_text() -> None:
    (cell, *_others) = in_xlsx(("A\x00\x0bB" + "x" * 40_000, None, None, None, None))[1]
    assert cell.value.startswith("ABxx")
    assert len(cell.value) == 32_767


def test_the_first_row_of_a_workbook_stays_in_view() -> None:
    file = io.BytesIO()
    write_xlsx(file, "A title that is much longer than a sheet's may be", COLUMNS, [])
    book = load_workbook(file)
    assert book.sheetnames == ["A title that is much longer tha"]
    assert book.active is not None
    assert book.active.freeze_panes == "A2"


def test_rows_are_read_as_they_are_sent() -> None:
    read = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(5_000):
            read.append(number)
            yield (number,)

    lines = csv_text(("n",), rows())
    assert next(lines) == "\N{ZERO WIDTH NO-BREAK SPACE}n\r\n"
    assert read == []
    next(lines)
    assert len(read) == 500
    assert sum(part.count("\n") for part in lines) == 4_500


def test_the_files_say_what_they_are() -> None:
    text = csv_download("accounts-2026-Q3.csv", ("a",), [("b",)])
    assert text["Content-Type"] == "text/csv; charset=utf-8"
    assert text["Content-Disposition"] == 'attachment; filename="accounts-2026-Q3.csv"'
    book = xlsx_download("accounts-2026-Q3.xlsx", "Accounts", ("a",), [("b",)])
    assert "spreadsheetml" in book["Content-Type"]
    assert book["Content-Disposition"] == 'attachment; filename="accounts-2026-Q3.xlsx"'
    assert b"".join(book)[:2] == b"PK"
    for close in book._resource_closers:  # type: ignore[attr-defined]
        close()
