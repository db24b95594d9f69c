"""Tests of what templates say figures with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from metrics.figures.pattern import PatternCode
from metrics.templatetags import figures


def rendered(source: str, **context: Any) -> str:
    return Template("{% load figures %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "filter_",
    [
        "percent",
        "signed_percent",
        "points",
        "signed_points",
        "count",
        "decimal1",
        "seconds",
        "day",
        "moment",
        "money:'USD'",
        "signed_money:'USD'",
        "signed_full_money:'USD'",
        "full_money:'USD'",
    ],
)
def test_what_cannot_be_known_is_a_dash_with_a_word_for_those_who_listen(filter_: str) -> None:
    text = rendered("{{ value|" + filter_ + " }}", value=None)
    assert text == '<span aria-hidden="true">–</span><span class="visually-hidden">not known</span>'


@pytest.mark.parametrize(
    ("filter_", "text"),
    [
        ("percent", "0\N{NO-BREAK SPACE}%"),
        ("points", "0"),
        ("count", "0"),
        ("decimal1", "0.0"),
        ("money:'USD'", "$0"),
        ("signed_money:'USD'", "$0"),
    ],
)
def test_zero_is_a_result(filter_: str, text: str) -> None:
    assert rendered("{{ value|" + filter_ + " }}", value=Decimal(0)) == text


def test_figures_are_printed() -> None:
    assert rendered("{{ value|percent }}", value=Decimal("83.3")) == "83\N{NO-BREAK SPACE}%"
    assert rendered("{{ value|percent:1 }}", value=Decimal("36.3636")) == "36.4\N{NO-BREAK SPACE}%"
    assert rendered("{{ value|signed_percent }}", value=Decimal(-21)) == "−21\N{NO-BREAK SPACE}%"
    assert rendered("{{ value|points }}", value=Decimal("61.5")) == "62"
    assert rendered("{{ value|signed_points }}", value=Decimal("12.4")) == "+12"
    assert rendered("{{ value|decimal1 }}", value=Decimal("4.14")) == "4.1"
    assert rendered("{{ value|money:currency }}", value=Decimal(1990000), currency="USD") == "$1.99m"
    assert rendered("{{ value|signed_money:'GBP' }}", value=300000) == "+£300k"
    assert rendered("{{ value|signed_full_money:'GBP' }}", value=-300000) == "−£300,000"
    assert rendered("{{ value|full_money:'USD' }}", value=1120000) == "$1,120,000"
    assert rendered("{{ '2026-Q3'|quarter_name }}") == "Q3 2026"


def test_the_class_of_a_signed_number_goes_with_its_sign() -> None:
    assert [figures.sign(value) for value in (Decimal(3), Decimal(-3), Decimal(0), None)] == ["up", "down", "", ""]


def test_a_day_is_for_eyes_and_machines() -> None:
    assert rendered("{{ value|day }}", value=date(2026, 9, 30)) == '<time datetime="2026-09-30">30 Sept 2026</time>'


def test_a_moment_is_told_by_the_clock_in_force() -> None:
    moment = datetime(2026, 9, 30, 23, 14, 5, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        text = rendered("{{ value|moment }}", value=moment)
    assert text == '<time datetime="2026-10-01T01:14:05+02:00">1 Oct 2026, 01:14</time>'


# Patterns


@pytest.mark.parametrize("code", PatternCode.__args__)  # type: ignore[attr-defined]
def test_each_pattern_has_a_shape_and_a_word(code: str) -> None:
    tag = rendered("{% pattern_tag code %}", code=code)
    word = str(figures.PATTERNS[code])
    assert re.fullmatch(rf'<span class="tag {code}"><svg .*</svg>{re.escape(word)}</span>', tag)
    assert 'aria-hidden="true"' in tag
    glyph = rendered("{% pattern_glyph code %}", code=code)
    assert f'role="img" aria-label="{word}"' in glyph
    assert rendered("{{ code|pattern_word }}", code=code) == word


def test_no_two_patterns_share_a_shape() -> None:
    shapes = {re.sub(r'class="[^"]*"', "", figures._SHAPES[code]) for code in figures.PATTERNS}
    assert len(shapes) == len(figures.PATTERNS) == 5


def test_no_pattern_is_a_dash_and_no_shape() -> None:
    assert "not known" in rendered("{% pattern_tag '' %}")
    assert rendered("{% pattern_glyph '' %}") == ""
    assert rendered("{{ ''|pattern_word }}") == ""


# Sparklines


def drawn(points: Sequence[float | None], high: float | None = 100, **more: Any) -> str:
    return figures.sparkline(points, 0, high, "From 10 to 60 %", **more)


def coordinates(svg: str, name: str) -> list[list[tuple[float, float]]]:
    found = re.findall(rf'class="{name}" points="([^"]*)"', svg)
    return [[(float(x), float(y)) for x, y in (pair.split(",") for pair in run.split())] for run in found]


def test_a_course_is_a_picture_with_words() -> None:
    svg = drawn([10, 60])
    assert 'role="img" aria-label="From 10 to 60 %"' in svg
    assert 'style="' not in svg


def test_numbers_are_a_line_on_a_fixed_scale_with_its_last_point() -> None:
    svg = drawn([0, 50, 100])
    assert coordinates(svg, "line") == [[(3, 25), (60, 14), (117, 3)]]
    assert '<circle class="dot" cx="117" cy="3" ' in svg


def test_a_line_breaks_where_nothing_is_known() -> None:
    svg = drawn([10, 20, None, 40, 50])
    assert [len(run) for run in coordinates(svg, "line")] == [2, 2]


def test_a_point_alone_is_seen() -> None:
    (run,) = coordinates(drawn([None, 40, None]), "line")
    assert run == [run[0], run[0]]


def test_a_course_that_ended_has_no_last_point() -> None:
    assert "<circle" not in drawn([10, 20, None])


def test_what_lies_outside_the_scale_is_drawn_at_its_edge() -> None:
    (run,) = coordinates(drawn([-20, 130]), "line")
    assert [y for _x, y in run] == [25, 3]


def test_scope_is_steps_with_an_area_from_zero() -> None:
    svg = drawn([100, 200], None, kind="scope")
    assert coordinates(svg, "line") == [[(0, 14), (60, 14), (60, 3), (120, 3)]]
    assert coordinates(svg, "area") == [[(0, 25), (0, 14), (60, 14), (60, 3), (120, 3), (120, 25)]]
    assert "<circle" not in svg


def test_scope_of_nothing_lies_on_the_ground() -> None:
    assert coordinates(drawn([0, 0], None, kind="scope"), "line") == [[(0, 25), (60, 25), (60, 25), (120, 25)]]


def test_good_numbers_are_a_band() -> None:
    assert '<rect class="band" x="0" y="3" width="120" height="4.4"/>' in drawn([10, 60], good=80)
    assert "band" not in drawn([10, 60])


def test_no_known_point_is_a_dash() -> None:
    assert "not known" in drawn([None, None])
    assert "not known" in drawn([])


# Charts


def test_a_figure_travels_in_an_escaped_attribute_with_its_words() -> None:
    figure = {"data": [{"name": 'A "quoted" <name> & more'}], "layout": {"height": 430}}
    narrow = {"data": [], "layout": {"height": 380}}
    element = rendered("{% chart figure narrow words %}", figure=figure, narrow=narrow, words="Numbers & scope")
    assert 'role="img" aria-label="Numbers &amp; scope"' in element
    found = re.search(r'data-figure="([^"]*)" data-figure-narrow="([^"]*)"', element)
    assert found
    assert [json.loads(unescape(text)) for text in found.groups()] == [figure, narrow]
    assert re.findall(r'class="room[^"]*" width="1" height="(\d+)"', element) == ["430", "380"]


def test_a_figure_is_its_own_narrow_one_unless_another_is_given() -> None:
    figure = {"data": [], "layout": {"height": 240}}
    element = rendered("{% chart figure None 'Words' %}", figure=figure)
    assert element.count('height="240"') == 2


def test_a_figure_that_no_browser_could_read_is_refused() -> None:
    with pytest.raises(ValueError):
        figures.chart({"data": [{"y": [float("nan")]}], "layout": {"height": 240}}, None, "Words")
