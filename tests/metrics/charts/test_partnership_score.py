"""The score by quarter: its points, its gaps, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

from metrics.charts.partnership_score import description, partnership_score
from tests.metrics.charts.rows import quarters

ROWS = quarters([600] * 4, None, [38, None, 62, 70])


def test_each_quarter_has_its_score_or_a_gap() -> None:
    scores, _coverage = partnership_score(ROWS)["data"]
    assert scores["y"] == [38.0, None, 62.0, 70.0]
    assert not scores["connectgaps"]


def test_each_quarter_says_how_many_attributes_are_known() -> None:
    assert partnership_score(ROWS)["data"][1]["text"] == ["8", "0", "8", "8"]


def test_a_quarter_without_scope_says_nothing() -> None:
    rows = (ROWS[0], replace(ROWS[1], listed=False), *ROWS[2:])
    assert partnership_score(rows)["data"][1]["text"][1] == ""


def test_the_bands_are_named_with_their_edges() -> None:
    axis = partnership_score(ROWS)["layout"]["yaxis"]
    assert axis["range"] == [0, 100]
    assert axis["ticktext"] == ["Transactional<br>0–40", "Developing<br>40–70", "Partnership<br>70–100"]
    assert [shape["y0"] for shape in partnership_score(ROWS)["layout"]["shapes"]] == [0, 40, 70, 100]


def test_the_last_score_is_written_beside_it_when_it_is_known() -> None:
    assert [note["text"] for note in partnership_score(ROWS)["layout"]["annotations"]] == ["70"]
    assert partnership_score(ROWS[:2])["layout"]["annotations"] == []


def test_it_is_told_in_a_sentence() -> None:
    assert description(ROWS) == ("Partnership score from Q1 2024 to Q4 2024: between 38 and 70 of 100, latest 70.")
    assert description(ROWS[1:2]) == "There is no partnership score in these quarters: it takes six attributes."
