"""The quarter's steps: they lead from opening to closing, and what they say adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.scope_waterfall import (
    description,
    level_text,
    reason_text,
    scope_waterfall,
    steps,
    unit_text,
)
from metrics.queries.portfolio_charts import ScopeMove
from tests.metrics.charts.portfolio_rows import flow

FLOW = flow(
    9_540_000,
    ("Kestrel Air", 210_000, "expanding"),
    ("Litware", 60_000, "new"),
    ("Junipero", -45_000, "contracting"),
    ("Palisade", -160_000, "lost"),
)


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    found = steps(FLOW)
    assert found.steps[0].start == found.opening
    assert [step.start for step in found.steps[1:]] == [step.end for step in found.steps[:-1]]
    assert found.steps[-1].end == found.closing


def test_amounts_in_thousands_add_up_where_each_alone_would_be_rounded_elsewhere() -> None:
    found = steps(flow(0, ("A", 10_400, "new"), ("B", 10_400, "new"), ("C", 10_400, "new")))
    assert (found.opening_said, [step.said for step in found.steps], found.closing_said) == (0, [11, 10, 10], 31)
    found = steps(flow("500.4", ("A", "-10600", "contracting"), ("B", "10900", "expanding")))
    assert found.opening_said + sum(step.said for step in found.steps) == found.closing_said


def test_amounts_that_add_up_are_rounded_plainly() -> None:
    assert [step.said for step in steps(FLOW).steps] == [210, 60, -45, -160]


@given(
    st.integers(0, 10**9),
    st.lists(st.decimals(-(10**6), 10**6, places=2, allow_nan=False), min_size=1, max_size=11),
)
def test_what_is_said_always_adds_up_and_is_never_off_by_more_than_one(opening: int, changes: list[Decimal]) -> None:
    found = steps(flow(opening, *(("A", str(change), "expanding") for change in changes)))
    assert found.opening_said + sum(step.said for step in found.steps) == found.closing_said
    for step in found.steps:
        assert abs(step.said - step.change / found.unit) < Decimal("1.5")


def test_those_that_are_not_named_are_added_up_as_others() -> None:
    found = steps(flow(1_000_000, ("A", 50_000, "expanding"), others=3, others_change=-2_000))
    assert [(step.name, step.change) for step in found.steps] == [("A", Decimal(50_000)), ("3 others", Decimal(-2_000))]
    found = steps(flow(1_000_000, ("A", 50_000, "expanding"), others=1, others_change=5))
    assert found.steps[-1].name == "1 other"


@pytest.mark.parametrize(
    ("largest", "unit", "words", "level"),
    [
        (9_999, 1, "EUR", "€9,999"),
        (10_000, 1_000, "EUR thousand", "€10k"),
        (999_999_999, 1_000, "EUR thousand", "€1,000,000k"),
        (1_000_000_000, 1_000_000, "EUR million", "€1,000m"),
    ],
)
def test_amounts_are_told_in_the_unit_of_the_largest(largest: int, unit: int, words: str, level: str) -> None:
    found = steps(flow(0, ("A", largest, "new")))
    assert found.unit == unit
    assert unit_text(found, "EUR") == words
    assert level_text(found.closing_said, found.unit, "EUR") == level


@pytest.mark.parametrize(
    ("movement", "note", "kind", "reason"),
    [
        ("expanding", "Loyalty launch", "expansion", "Loyalty launch"),
        ("expanding", "", "expansion", "Expansion"),
        ("contracting", " ", "contraction", "Contraction"),
        ("contracting", "", "", "A project of a year ago ran out"),
        ("new", "Won", "start", "New: Won"),
        ("new", "", "start", "New"),
        ("returned", "", "start", "Returned"),
        ("lost", "Not renewed", "end", "Left: Not renewed"),
        ("lost", "", "", "Left"),
    ],
)
def test_why_an_account_moved_the_scope(movement: str, note: str, kind: str, reason: str) -> None:
    assert reason_text(ScopeMove("a", "A", movement, Decimal(1), note, kind)) == reason


def test_bars_lie_between_the_levels_and_opening_and_closing_are_lines() -> None:
    figure = scope_waterfall(steps(FLOW), "USD")
    added, taken = figure["data"]
    assert (added["base"], added["x"]) == ([9_540_000.0, 9_750_000.0], [210_000.0, 60_000.0])
    assert (taken["base"], taken["x"]) == ([9_810_000.0, 9_765_000.0], [-45_000.0, -160_000.0])
    opening, closing = figure["layout"]["shapes"][:2]
    assert (opening["x0"], closing["x0"]) == (9_540_000.0, 9_605_000.0)
    assert figure["layout"]["xaxis"]["range"][0] > 9_000_000


def test_names_amounts_and_reasons_stand_beside_the_bars_and_reasons_only_where_there_is_room() -> None:
    wide = [note["text"] for note in scope_waterfall(steps(FLOW), "USD")["layout"]["annotations"]]
    assert {"Opening", "$9,540k", "Kestrel Air", "+210", "−160", "New", "Left", "Closing", "$9,605k"} <= set(wide)
    narrow = [note["text"] for note in scope_waterfall(steps(FLOW), "USD", narrow=True)["layout"]["annotations"]]
    assert "Left" not in narrow
    assert "−160" in narrow


def test_a_quarter_without_a_change_is_two_lines() -> None:
    figure = scope_waterfall(steps(flow(100_000)), "USD")
    assert [trace["x"] for trace in figure["data"]] == [[], []]
    low, high = figure["layout"]["xaxis"]["range"]
    assert low <= 100_000 < high


def test_it_is_told_in_a_sentence() -> None:
    assert description(steps(FLOW), "USD") == (
        "Annual scope from $9,540,000 at the start of the quarter to $9,605,000 at its end, in 4 steps."
    )
