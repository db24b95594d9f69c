"""What comes out of a spreadsheet, and the lines it falls on."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.pasted import Filling, cells, filling

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\n\n", []),
        ("a", [["a"]]),
        ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\rb", [["a"], ["b"]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
        ("\t1\n2\t", [["", "1"], ["2", ""]]),
        ('"two\nlines"\t"says ""yes"""', [["two lines", 'says "yes"']]),
        ('"never closed\t1', [['"never closed', "1"]]),
        ("  1 234 \t x", [["1 234", "x"]]),
    ],
)
def test_rows_and_cells_are_told_apart(text: str, rows: list[list[str]]) -> None:
    assert cells(text) == rows


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5).filter(lambda rows: any(rows[-1])))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    assert cells(written.getvalue()) == rows


@given(st.text(max_size=200))
def test_any_text_is_rows(text: str) -> None:
    rows = cells(text)
    assert not rows or any(rows[-1])


def test_rows_fall_on_the_lines_in_their_order() -> None:
    assert filling([["1", "2"], ["3"]], ["Leads", "Cost"]) == Filling({0: ("1", "2"), 1: ("3",)}, ())


def test_rows_fall_on_the_lines_they_name_whatever_their_order() -> None:
    rows = [["KPI", "Value", "Target"], ["cost  PER lead", "38", "40"], ["Leads", "120", "100"], ["Reach", "9", "9"]]
    assert filling(rows, ["Leads", "Cost per lead"], ["KPI", "value", "target"]) == Filling(
        {1: ("38", "40"), 0: ("120", "100")}, ("Reach 9 9",)
    )


def test_a_name_two_lines_have_stands_for_one_after_the_other() -> None:
    assert filling([["Leads", "1"], ["Leads", "2"], ["Leads", "3"]], ["Leads", "Leads"]) == Filling(
        {0: ("1",), 1: ("2",)}, ("Leads 3",)
    )


def test_an_empty_row_leaves_its_line_as_it_is() -> None:
    assert filling([["1"], [""], ["3"]], ["a", "b", "c"]).placed == {0: ("1",), 2: ("3",)}


def test_what_is_more_than_there_are_lines_is_named() -> None:
    assert filling([["1"], ["2", "5"]], ["a"]) == Filling({0: ("1",)}, ("2 5",))
