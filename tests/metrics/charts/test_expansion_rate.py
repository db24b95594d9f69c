"""The rate by quarter: its points, its ribbon, the bands and the benchmark beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from metrics.charts.expansion_rate import LABELS_APART, description, expansion_rate
from tests.metrics.charts.portfolio_rows import RETAIL, rates

SHARES = [None, None, None, (3, 19), (4, 19), (5, 19), None, (7, 19)]


def test_each_quarter_has_its_rate_or_a_gap() -> None:
    points, last = expansion_rate(rates(SHARES))["data"]
    assert points["y"][:3] == [None, None, None]
    assert round(points["y"][3], 2) == 15.79
    assert points["y"][6] is None
    assert not points["connectgaps"]
    assert last["x"] == [7.5]


def test_the_ribbon_is_the_interval_and_parted_where_there_is_no_rate() -> None:
    shapes = expansion_rate(rates([(1, 10), (2, 10), None, (3, 10), (4, 10), (5, 10)]))["layout"]["shapes"]
    ribbons = [shape["path"] for shape in shapes if shape["type"] == "path"]
    assert ribbons == [
        "M0.50,20.0000L1.50,30.0000L1.50,10.0000L0.50,0.0000Z",
        "M3.50,40.0000L4.50,50.0000L5.50,60.0000L5.50,40.0000L4.50,30.0000L3.50,20.0000Z",
    ]


def test_the_bands_lie_between_their_edges_and_are_named_before_the_first_quarter() -> None:
    layout = expansion_rate(rates(SHARES))["layout"]
    assert [(shape["y0"], shape["y1"]) for shape in layout["shapes"][:2]] == [(0, 10), (10, 20)]
    assert layout["xaxis"]["range"][0] < 0
    texts = [note["text"] for note in layout["annotations"]]
    assert texts[:3] == ["Concerning", "Moderate", "Strong"]


def test_the_last_point_says_how_many_of_how_many() -> None:
    texts = [note["text"] for note in expansion_rate(rates(SHARES))["layout"]["annotations"]]
    assert "37\N{NO-BREAK SPACE}%" in texts
    assert "7 of 19" in texts


def test_a_benchmark_is_a_line_with_its_name() -> None:
    layout = expansion_rate(rates(SHARES), RETAIL)["layout"]
    assert layout["shapes"][-1]["y0"] == layout["shapes"][-1]["y1"] == 12.0
    assert "Retail<br>12\N{NO-BREAK SPACE}%" in [note["text"] for note in layout["annotations"]]
    assert not any("Retail" in note["text"] for note in expansion_rate(rates(SHARES))["layout"]["annotations"])


def test_a_benchmark_near_the_last_rate_is_named_clear_of_it() -> None:
    for value in (36, 38):
        near = replace(RETAIL, value=Decimal(value))
        layout = expansion_rate(rates(SHARES), near)["layout"]
        (label,) = (note for note in layout["annotations"] if note["text"].startswith("Retail"))
        pixels = (layout["height"] - 52) / layout["yaxis"]["range"][1]
        from_rate = (value - 700 / 19) * pixels + label["yshift"]
        assert abs(from_rate) >= LABELS_APART - 0.01


def test_a_rate_near_the_ground_has_the_benchmark_above_it() -> None:
    layout = expansion_rate(rates([(0, 10)] * 5), replace(RETAIL, value=Decimal(0)))["layout"]
    (label,) = (note for note in layout["annotations"] if note["text"].startswith("Retail"))
    assert label["yshift"] > 0


def test_the_quarter_in_progress_is_hollow() -> None:
    assert expansion_rate(rates(SHARES, in_progress=True))["data"][1]["marker"]["color"] == "var(--surface)"
    assert expansion_rate(rates(SHARES))["data"][1]["marker"]["color"] == "var(--numbers)"


def test_the_scale_reaches_what_is_drawn() -> None:
    assert expansion_rate(rates([(10, 10)] * 4))["layout"]["yaxis"]["range"][1] == 104.0
    assert expansion_rate(rates([None] * 4))["layout"]["yaxis"]["range"][1] > 40


def test_it_is_told_in_a_sentence() -> None:
    told = description(rates(SHARES), RETAIL)
    assert told.startswith("Expansion rate over the year by quarter: in Q4 2025 7 of 19, which is 37")
    assert "The benchmark Retail is 12" in told
    assert description(rates([None])).startswith("There is no expansion rate in these quarters")
