"""What must hold of every figure, wide and narrow: it is valid, its colours are tokens, its words no markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from metrics.charts import Figure
from metrics.charts.numbers_vs_scope import numbers_vs_scope
from metrics.charts.partnership_score import partnership_score
from metrics.printing import money_text
from metrics.queries.account import QuarterRow
from tests.metrics.charts.rows import quarters

TOKENS = Path(__file__).parents[3] / "static" / "css" / "tokens.css"

COURSES: dict[str, tuple[QuarterRow, ...]] = {
    "a first quarter": quarters([12_000]),
    "nothing known": quarters([12_000] * 3),
    "twelve quarters": quarters(
        [640, 720, 700, 700, 760, 900, 900, 900, 900, 900, 900, 900],
        [60, 70, 90, 100, 0, 83, 75, 85, 90, 95, 100, 82],
        [31, 35, 39, 40, 44, 52, 58, 63, 69, 70, 74, 78],
    ),
    "parts unknown": quarters(
        [500, 500, 0, 0, 0, 300], [50, None, None, None, 70, None], [None, 40, 50, None, 60, None]
    ),
    "gone": quarters([800_000, 800_000, 0], [90, 40, 20], [70, 60, 30]),
    "never anything": quarters([0, 0, 0, 0]),
    "so far": quarters([800, 800, 900], [90, 40, 20], [70, 60, 30], in_progress=True),
    "cents": quarters([1, 2, 3]),
    "a low bar": quarters([500, 600], [10, 20], [1, 2], good_attainment=Decimal(45)),
    "a high bar": quarters([500, 600], [10, 20], [1, 2], good_attainment=Decimal(100)),
    "five years of steps": quarters(list(range(1_000_000, 3_000_000, 100_000)), [88] * 20, [66] * 20),
}

Build = Callable[[Sequence[QuarterRow], bool], Figure]


def _numbers(rows: Sequence[QuarterRow], narrow: bool) -> Figure:
    return numbers_vs_scope(rows, lambda amount: money_text(amount, "EUR"), narrow=narrow)


def _score(rows: Sequence[QuarterRow], narrow: bool) -> Figure:
    return partnership_score(rows, narrow=narrow)


BUILDERS: dict[str, Build] = {"numbers_vs_scope": _numbers, "partnership_score": _score}


@pytest.fixture(params=BUILDERS)
def build(request: pytest.FixtureRequest) -> Build:
    return BUILDERS[request.param]


@pytest.fixture(params=COURSES)
def rows(request: pytest.FixtureRequest) -> tuple[QuarterRow, ...]:
    return COURSES[request.param]


@pytest.fixture(params=[False, True], ids=["wide", "narrow"])
def figure(build: Build, rows: tuple[QuarterRow, ...], request: pytest.FixtureRequest) -> Figure:
    return build(rows, request.param)


def told(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a figure, with the name it stands under."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from told(item, key)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from told(item, name)
    elif isinstance(value, str):
        yield name, value


def test_plotly_takes_it(figure: Figure) -> None:
    go.Figure(figure)


def test_it_travels_as_json(figure: Figure) -> None:
    assert json.loads(json.dumps(figure, allow_nan=False)) is not None


def test_its_colours_are_tokens_that_exist(figure: Figure) -> None:
    tokens = set(re.findall(r"--([a-z0-9-]+):", TOKENS.read_text()))
    colours = [text for name, text in told(figure) if name.endswith("color")]
    assert colours
    for colour in colours:
        if colour != "rgba(0,0,0,0)":
            assert re.fullmatch(r"var\(--[a-z0-9-]+\)", colour), colour
            assert colour[6:-1] in tokens


def test_nothing_is_drawn_in_a_colour_that_plotly_chooses(figure: Figure) -> None:
    for trace in figure["data"]:
        mode = trace["mode"]
        assert "lines" not in mode or trace["line"]["color"]
        assert "markers" not in mode or trace["marker"]["color"]
        assert "text" not in mode or trace["textfont"]["color"]
        assert "fill" not in trace or trace["fillcolor"]


def test_its_words_hold_no_markup_but_line_breaks(figure: Figure) -> None:
    for _name, text in told(figure):
        assert "<" not in text.replace("<br>", "").replace("<extra></extra>", ""), text


def test_narrow_says_the_same(build: Build, rows: tuple[QuarterRow, ...]) -> None:
    wide, narrow = build(rows, False), build(rows, True)
    for one, other in zip(wide["data"], narrow["data"], strict=True):
        assert (one["x"], one["y"]) == (other["x"], other["y"])
