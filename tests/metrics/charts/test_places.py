"""Where dots and names find room: nothing hides another, and everyone stays where they belong."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.places import SPOTS, TOUCH, Box, Dot, Line, name_spots, spread, text_width

AREA = Box(0, 0, 400, 300)


def dot(x: float, y: float, radius: float = 8, room: Box = AREA) -> Dot:
    return Dot(x, y, radius, room)


# Boxes


def test_boxes_that_share_an_edge_do_not_overlap() -> None:
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 20, 20))
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 20, 10))


@pytest.mark.parametrize(
    ("line", "crosses"),
    [
        (Line((0, 5), (20, 5)), True),
        (Line((5, 20), (5, -20)), True),
        (Line((0, 0), (10, 10)), True),
        (Line((4, 4), (6, 6)), True),
        (Line((0, 12), (12, 24)), False),
        (Line((0, 11), (20, 11)), False),
        (Line((20, 0), (30, 10)), False),
        (Line((-9, 5), (-1, 5)), False),
    ],
)
def test_a_line_crosses_a_box_when_it_enters_it(line: Line, crosses: bool) -> None:
    assert Box(0, 0, 10, 10).is_crossed_by(line) is crosses


# Dots


def test_a_dot_that_hides_nobody_stays_where_its_figures_are() -> None:
    dots = [dot(100, 100), dot(130, 100)]
    assert spread(dots) == dots


def test_dots_of_one_place_are_set_beside_each_other_the_first_one_staying() -> None:
    first, second, third = spread([dot(100, 100)] * 3)
    assert first == dot(100, 100)
    assert len({(one.x, one.y) for one in (first, second, third)}) == 3
    assert hypot(second.x - 100, second.y - 100) == pytest.approx(2 * 8 * TOUCH)


def test_a_dot_without_any_free_place_stays() -> None:
    cell = Box(95, 95, 105, 105)
    assert spread([dot(100, 100, 8, cell)] * 2) == [dot(100, 100, 8, cell)] * 2


@given(st.lists(st.tuples(st.integers(60, 340), st.integers(60, 240), st.integers(4, 12)), min_size=1, max_size=30))
def test_none_is_moved_onto_another_or_out_of_its_room(places: list[tuple[int, int, int]]) -> None:
    own = [dot(x, y, radius, Box(50, 50, 350, 250)) for x, y, radius in places]
    moved = spread(own)
    for place, one in enumerate(moved):
        assert 50 <= one.x <= 350
        assert 50 <= one.y <= 250
        if one != own[place]:
            for other in moved[:place]:
                apart = hypot(one.x - other.x, one.y - other.y)
                assert apart >= TOUCH * 0.998 * (one.radius + other.radius)


# Names


def test_a_name_stands_to_the_right_where_there_is_room_and_else_to_the_left() -> None:
    assert name_spots([dot(100, 100)], [60], 12, AREA) == ["middle right"]
    assert name_spots([dot(370, 100)], [60], 12, AREA) == ["middle left"]


def test_a_name_covers_no_dot_no_other_name_and_nothing_that_is_taken() -> None:
    assert name_spots([dot(100, 100), dot(130, 100)], [60], 12, AREA) == ["middle left", ""]
    taken = [Box(0, 90, 400, 110)]
    assert name_spots([dot(100, 100)], [60], 12, AREA, taken) == ["top center"]


def test_a_name_prefers_a_spot_that_no_line_crosses_and_takes_one_that_is_crossed_else() -> None:
    line = Line((120, 0), (120, 300))
    assert name_spots([dot(100, 100)], [60], 12, AREA, lines=[line]) == ["middle left"]
    everywhere = [Line((0, y), (400, y)) for y in range(0, 300, 5)]
    assert name_spots([dot(100, 100)], [60], 12, AREA, lines=everywhere) == ["middle right"]


def test_a_name_prefers_the_part_of_the_drawing_its_dot_belongs_to() -> None:
    below = Box(0, 95, 400, 300)
    right_is_taken = [Box(105, 60, 400, 120), Box(0, 60, 95, 105)]
    assert name_spots([dot(100, 106, 8, below)], [60], 12, AREA, right_is_taken) == ["bottom left"]


def test_a_name_without_room_is_left_out() -> None:
    assert name_spots([dot(100, 100)], [500], 12, AREA) == [""]


def test_the_first_ones_alone_are_named_where_there_are_fewer_widths() -> None:
    assert name_spots([dot(100, 100), dot(200, 200)], [40], 12, AREA) == ["middle right", ""]


def test_every_spot_is_one_that_plotly_knows() -> None:
    assert len({spot for spot, *_place in SPOTS}) == 8
    for spot, across, down in SPOTS:
        assert spot == " ".join((("top", "middle", "bottom")[down + 1], ("left", "center", "right")[across + 1]))


def test_a_text_is_wider_with_more_and_with_wider_letters() -> None:
    assert text_width("", 12) == 0
    assert text_width("ill", 12) < text_width("abc", 12) < text_width("WWW", 12) < text_width("漢字漢", 12)
    assert text_width("abc", 24) == 2 * text_width("abc", 12)
