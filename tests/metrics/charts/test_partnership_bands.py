"""The bands by quarter: stacked from the nearest relationship up, and named where there is somebody."""

from __future__ import annotations

from itertools import pairwise

import pytest

from metrics.charts.partnership_bands import BANDS, LABELS_APART, description, partnership_bands
from tests.metrics.charts.portfolio_rows import bands

ROWS = bands((3, 9, 2, 5), (2, 8, 4, 3), (1, 1, 10, 0))


def test_each_band_is_a_part_of_each_bar_the_nearest_at_the_ground() -> None:
    found = partnership_bands(ROWS)["data"]
    assert [trace["name"] for trace in found] == ["Partnership", "Developing", "Transactional", "Not known"]
    assert [trace["y"] for trace in found] == [[2, 4, 10], [9, 8, 1], [3, 2, 1], [5, 3, None]]
    assert partnership_bands(ROWS)["layout"]["barmode"] == "stack"


def test_those_that_are_not_known_are_hollow() -> None:
    assert partnership_bands(ROWS)["data"][3]["marker"]["color"] == "var(--surface)"


def test_the_parts_of_the_last_bar_are_named_without_lying_on_each_other() -> None:
    layout = partnership_bands(ROWS)["layout"]
    notes = layout["annotations"]
    assert [note["text"] for note in notes] == ["10 Partnership", "1 Developing", "1 Transactional"]
    pixels = (layout["height"] - 52) / layout["yaxis"]["range"][1]
    heights = [note["y"] * pixels + note["yshift"] for note in notes]
    for lower, upper in pairwise(heights):
        assert upper - lower >= LABELS_APART - 0.2


@pytest.mark.parametrize(
    ("accounts", "ticks"),
    [
        (0, ["0", "1"]),
        (4, ["0", "1", "2", "3", "4"]),
        (22, ["0", "5", "10", "15", "20"]),
        (3000, ["0", "1,000", "2,000", "3,000"]),
    ],
)
def test_the_scale_counts_in_round_numbers(accounts: int, ticks: list[str]) -> None:
    assert partnership_bands(bands((0, accounts, 0, 0)))["layout"]["yaxis"]["ticktext"] == ticks


def test_a_quarter_without_accounts_has_no_names() -> None:
    assert partnership_bands(bands((0, 0, 0, 0)))["layout"]["annotations"] == []


def test_it_is_told_in_a_sentence() -> None:
    assert description(ROWS) == (
        "Accounts by band of the partnership score, by quarter: in Q3 2024 10 partnership, 1 developing,"
        " 1 transactional, 0 not known."
    )
    assert len(BANDS) == 4
