"""Tests of intervals drawn by the server."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from metrics.templatetags.intervals import interval, interval_scale, top_of


@dataclass(frozen=True)
class All:
    rate: Decimal = Decimal(40)
    low: Decimal = Decimal(20)
    high: Decimal = Decimal(60)


def test_a_rate_stands_within_its_interval_on_the_scale() -> None:
    drawn = interval(Decimal(40), Decimal(20), Decimal(60), 80)
    assert '<circle class="rate" cx="50.00%"' in drawn
    assert 'class="whisker" x1="25.00%" x2="75.00%"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert "benchmark" not in drawn
    assert 'class="whole"' not in drawn


def test_a_benchmark_and_all_accounts_stand_beside_it() -> None:
    drawn = interval(Decimal(40), Decimal(20), Decimal(60), 100, Decimal(15), All())
    assert '<svg x="15.00%" overflow="visible"><path class="benchmark"' in drawn
    assert '<line class="whole" x1="40.00%"' in drawn
    assert '<rect class="reach" x="20.00%" width="40.00%"' in drawn


def test_what_lies_beyond_the_scale_stands_at_its_end() -> None:
    assert 'x="100.00%"' in interval(Decimal(10), Decimal(5), Decimal(20), 20, Decimal(30))


def test_without_a_rate_nothing_is_drawn() -> None:
    assert interval(None, None, None, 100) == ""


@pytest.mark.parametrize(
    ("highs", "top"),
    [([], 20), ([None], 20), (["19.9"], 20), (["20"], 40), (["65", "3"], 80), (["99"], 100), (["100"], 100)],
)
def test_the_scale_ends_at_the_first_line_above_all(highs: list[str | None], top: int) -> None:
    assert top_of(None if high is None else Decimal(high) for high in highs) == top


def test_the_scale_names_its_lines() -> None:
    scale = interval_scale(40).replace("\N{NO-BREAK SPACE}", " ")
    assert [f">{percent} %<" in scale for percent in (0, 20, 40)] == [True] * 3
    assert 'text-anchor="start">0 %' in scale
    assert 'text-anchor="end">40 %' in scale
