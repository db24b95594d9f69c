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
from metrics.charts.expansion_rate import expansion_rate
from metrics.charts.numbers_vs_scope import numbers_vs_scope
from metrics.charts.partnership_bands import partnership_bands
from metrics.charts.partnership_score import partnership_score
from metrics.charts.portfolio_map import in_words, lay_out, portfolio_map
from metrics.charts.scope_waterfall import scope_waterfall, steps
from metrics.printing import money_text
from metrics.queries.account import QuarterRow
from metrics.queries.benchmarks import BenchmarkRow
from metrics.queries.portfolio_charts import MappedAccount, ScopeFlow
from metrics.templatetags.figures import pattern_word
from tests.metrics.charts.portfolio_rows import RETAIL, account, bands, crowd, flow, rates
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

Build = Callable[[bool], Figure]


def money(amount: Decimal) -> str:
    return money_text(amount, "EUR")


def _of_an_account(name: str, rows: tuple[QuarterRow, ...]) -> dict[str, Build]:
    return {
        f"numbers_vs_scope of {name}": lambda narrow: numbers_vs_scope(rows, money, narrow=narrow),
        f"partnership_score of {name}": lambda narrow: partnership_score(rows, narrow=narrow),
    }


def _map(*accounts: MappedAccount, good: int = 80) -> Build:
    drawn = lay_out(accounts, Decimal(good))
    counts = {"compounding": 1, "stalling": 20}
    return lambda narrow: portfolio_map(drawn, counts, pattern_word, in_words(drawn, money), narrow=narrow)


def _rate(shares: Sequence[tuple[int, int] | None], benchmark: BenchmarkRow | None = None, **fields: bool) -> Build:
    return lambda narrow: expansion_rate(rates(shares, **fields), benchmark, narrow=narrow)


def _flow(of: ScopeFlow) -> Build:
    return lambda narrow: scope_waterfall(steps(of), "EUR", narrow=narrow)


FIGURES: dict[str, Build] = {
    **{name: build for told, rows in COURSES.items() for name, build in _of_an_account(told, rows).items()},
    "portfolio_map of nobody": _map(),
    "portfolio_map of one": _map(account("Contoso", "compounding", 90, 25)),
    "portfolio_map of a crowd": _map(*crowd(100)),
    "portfolio_map of hostile names": _map(
        account("<b onclick=x>&amp;%{y}</b>", "stalling", 100, 0, scope=None), account("=1+1", "at_risk", 0, -99)
    ),
    "portfolio_map with a low bar": _map(account("A", "compounding", 90, 900), good=0),
    "portfolio_map with a high bar": _map(account("A", "stalling", 100, 0), good=100),
    "expansion_rate of nothing": _rate([None] * 12),
    "expansion_rate of a first year": _rate([None, None, None, (3, 9)], RETAIL),
    "expansion_rate of twelve quarters": _rate([(number, 14) for number in range(12)], RETAIL),
    "expansion_rate with a gap": _rate([(1, 4), None, (2, 4), (4, 4)]),
    "expansion_rate so far": _rate([(1, 4), (2, 4)], in_progress=True),
    "scope_waterfall of nothing": _flow(flow(0)),
    "scope_waterfall of no change": _flow(flow(5_000)),
    "scope_waterfall of a quarter": _flow(
        flow(900_000, ("<i>A</i> & " + "long " * 20, 90_000, "new"), ("B", -5, "lost"), others=4, others_change=-7)
    ),
    "scope_waterfall of a first quarter": _flow(flow(0, ("A", "0.01", "new"))),
    "partnership_bands": lambda narrow: partnership_bands(bands((3, 9, 2, 5), (2, 8, 4, 3)), narrow=narrow),
    "partnership_bands of nobody": lambda narrow: partnership_bands(bands((0, 0, 0, 0)), narrow=narrow),
}


@pytest.fixture(params=FIGURES)
def build(request: pytest.FixtureRequest) -> Build:
    return FIGURES[request.param]


@pytest.fixture(params=[False, True], ids=["wide", "narrow"])
def figure(build: Build, request: pytest.FixtureRequest) -> Figure:
    return build(request.param)


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
        mode = "markers" if trace["type"] == "bar" else trace["mode"]
        assert "lines" not in mode or trace["line"]["color"]
        assert "markers" not in mode or trace["marker"]["color"]
        assert "text" not in mode or trace["textfont"]["color"]
        assert "fill" not in trace or trace["fillcolor"]


def test_its_words_hold_no_markup_but_line_breaks(figure: Figure) -> None:
    for _name, text in told(figure):
        assert "<" not in text.replace("<br>", "").replace("<extra></extra>", ""), text


def test_narrow_says_the_same(build: Build) -> None:
    wide, narrow = build(False), build(True)
    for one, other in zip(wide["data"], narrow["data"], strict=True):
        assert (one["x"], one["y"]) == (other["x"], other["y"])
