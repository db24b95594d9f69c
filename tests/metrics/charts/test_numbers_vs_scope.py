"""The two panels: what is drawn where, and what finds no room."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metrics.charts.numbers_vs_scope import description, numbers_vs_scope, stall
from metrics.printing import money_text
from metrics.queries.account import QuarterRow
from tests.metrics.charts.rows import quarters


def money(amount: Decimal) -> str:
    return money_text(amount, "USD")


def texts(rows: tuple[QuarterRow, ...], *, narrow: bool = False) -> list[str]:
    return [note["text"] for note in numbers_vs_scope(rows, money, narrow=narrow)["layout"]["annotations"]]


def test_each_quarter_has_its_point_and_its_step() -> None:
    rows = quarters([600, 600, 720], [75, None, 83])
    scope, _up, _down, attainment, last = numbers_vs_scope(rows, money)["data"]
    assert attainment["x"] == [0.5, 1.5, 2.5]
    assert attainment["y"] == [75.0, None, 83.0]
    assert not attainment["connectgaps"]
    assert (last["x"], last["y"]) == ([2.5], [83.0])
    assert scope["x"] == [0, 1, 2, 3]
    assert scope["y"] == [600.0, 600.0, 720.0, 720.0]
    assert scope["line"]["shape"] == "hv"


def test_a_change_is_marked_where_its_quarter_begins_with_sign_shape_and_amount() -> None:
    rows = quarters([600_000, 720_000, 720_000, 700_000])
    _scope, up, down, *_rest = numbers_vs_scope(rows, money)["data"]
    assert (up["x"], up["text"], up["marker"]["symbol"]) == ([1], ["+$120k"], "triangle-up")
    assert (down["x"], down["text"], down["marker"]["symbol"]) == ([3], ["−$20k"], "triangle-down")


def test_amounts_that_would_lie_on_each_other_are_left_to_the_table() -> None:
    rows = quarters(list(range(100_000, 1_300_000, 100_000)))
    assert set(numbers_vs_scope(rows, money, narrow=True)["data"][1]["text"]) == {""}
    assert "" not in numbers_vs_scope(rows, money)["data"][1]["text"]


def test_scope_is_drawn_from_zero_and_attainment_on_one_scale_for_all() -> None:
    layout = numbers_vs_scope(quarters([600, 720], [10, 20]), money)["layout"]
    assert layout["yaxis2"]["range"][0] == 0
    assert layout["yaxis"]["range"] == [0, 106]


def test_the_scale_of_scope_has_round_amounts() -> None:
    axis = numbers_vs_scope(quarters([762_000, 720_000]), money)["layout"]["yaxis2"]
    assert axis["ticktext"] == ["0", "$250k", "$500k"]
    axis = numbers_vs_scope(quarters([860_000]), money)["layout"]["yaxis2"]
    assert axis["ticktext"] == ["0", "$400k", "$800k"]


def test_the_band_begins_where_numbers_count_as_good() -> None:
    rows = quarters([600], [83], good_attainment=Decimal(75))
    layout = numbers_vs_scope(rows, money)["layout"]
    assert (layout["shapes"][0]["y0"], layout["shapes"][0]["y1"]) == (75.0, 100)
    assert "Good from 75\N{NO-BREAK SPACE}%" in texts(rows)
    assert 75.0 in layout["yaxis"]["tickvals"]


@pytest.mark.parametrize(
    ("scopes", "quarters_without_a_change"),
    [([600, 720], 0), ([600, 720, 720], 1), ([600, 720, 720, 720], 2), ([600, 600], 2)],
)
def test_a_stall_is_counted_back_from_the_last_quarter(scopes: list[int], quarters_without_a_change: int) -> None:
    assert stall(quarters(scopes)) == quarters_without_a_change


def test_a_stall_is_drawn_from_two_quarters_on_where_it_began() -> None:
    assert len(numbers_vs_scope(quarters([600, 720, 720]), money)["layout"]["shapes"]) == 1
    rows = quarters([600, 720, 720, 720])
    line = numbers_vs_scope(rows, money)["layout"]["shapes"][1]
    assert line["x0"] == line["x1"] == 2
    assert "2 quarters<br>without a change" in texts(rows)


def test_nothing_is_made_of_a_quarter_in_progress() -> None:
    rows = quarters([600, 720, 720, 720], [80, 80, 80, 80], in_progress=True)
    assert stall(rows) == 0
    assert numbers_vs_scope(rows, money)["data"][4]["marker"]["color"] == "var(--surface)"


def test_a_client_that_is_gone_did_not_stall() -> None:
    assert not any("without a change" in text for text in texts(quarters([600, 0, 0, 0])))


def test_the_last_of_each_panel_is_written_beside_it() -> None:
    assert {"$720k", "83\N{NO-BREAK SPACE}%"} <= set(texts(quarters([600_000, 720_000], [75, 83])))
    assert not any("%" in text for text in texts(quarters([600, 720]))[4:])


def test_it_is_told_in_a_sentence() -> None:
    rows = quarters([600_000, 720_000], [75, 83])
    assert description(rows, money) == (
        "KPI attainment between 75\N{NO-BREAK SPACE}% and 83\N{NO-BREAK SPACE}%, latest 83\N{NO-BREAK SPACE}%."
        " Annual scope from Q1 2024 to Q2 2024: from $600k to $720k."
    )
    assert description(quarters([600_000]), money).startswith("There is no KPI attainment in these quarters.")
