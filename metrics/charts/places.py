"""Where dots and their names find room on a drawing, in pixels from its top left: no chart, no database.

Both are greedy: whoever comes first gets the best place that is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, inf, pi, sin

RINGS = 16
"""How many circles around its own place a dot may be moved to, each a dot further out."""
TOUCH = 0.85
"""How near two dots may come, as a share of the distance at which they touch."""
PLOTLY_OFFSET = 0.8
"""Plotly sets a name so many times further off than the dot's edge, and one pixel more."""
LINE_HEIGHT = 1.2

SPOTS = (
    ("middle right", 1, 0),
    ("middle left", -1, 0),
    ("top center", 0, -1),
    ("bottom center", 0, 1),
    ("top right", 1, -1),
    ("bottom right", 1, 1),
    ("top left", -1, -1),
    ("bottom left", -1, 1),
)
"""The places of a name around its dot, the best first, by plotly's words: right of it (1), below it (1)."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> "Box":
        """Its middle, which is a box without an extent."""
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Box(x, y, x, y)

    def overlaps(self, *others: "Box") -> bool:
        """Whether it shares more than an edge with any of them."""
        left, top, right, bottom = self.left, self.top, self.right, self.bottom
        for other in others:
            if left < other.right and other.left < right and top < other.bottom and other.top < bottom:
                return True
        return False

    def holds(self, other: "Box") -> bool:
        """Whether all of the other lies within this one."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def is_crossed_by(self, line: "Line") -> bool:
        """Whether a straight line between two points enters it."""
        (x, y), (to_x, to_y) = line.start, line.end
        if x <= self.left >= to_x or x >= self.right <= to_x or y <= self.top >= to_y or y >= self.bottom <= to_y:
            return False
        dx, dy = to_x - x, to_y - y
        entered, left = 0.0, 1.0
        for way, room in (
            (-dx, x - self.left),
            (dx, self.right - x),
            (-dy, y - self.top),
            (dy, self.bottom - y),
        ):
            if way == 0:
                if room <= 0:
                    return False
            elif way < 0:
                entered = max(entered, room / way)
            else:
                left = min(left, room / way)
        return entered < left


@dataclass(frozen=True)
class Line:
    """A straight line between two points."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True)
class Dot:
    """A dot, and where it may lie: its middle stays within `room`."""

    x: float
    y: float
    radius: float
    room: Box

    @property
    def box(self) -> Box:
        """The square around it."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


def spread(dots: Sequence[Dot]) -> list[Dot]:
    """The same dots, moved as little as it takes for none to hide another; where no place is free, one stays."""
    placed: list[Dot] = []
    for dot in dots:
        # A hair less than what a circle is wide, so that its neighbours on it don't refuse each other.
        near = [(other.x, other.y, TOUCH * 0.999 * (dot.radius + other.radius)) for other in placed]
        x, y = next(
            (
                (x, y)
                for x, y in _places(dot)
                if all(hypot(x - other_x, y - other_y) >= reach for other_x, other_y, reach in near)
            ),
            (dot.x, dot.y),
        )
        placed.append(dot if (x, y) == (dot.x, dot.y) else replace(dot, x=x, y=y))
    return placed


def _places(dot: Dot) -> Iterator[tuple[float, float]]:
    """A dot's own place, then wider and wider circles around it, as far as its room goes."""
    yield dot.x, dot.y
    room, step = dot.room, 2 * dot.radius * TOUCH
    for ring in range(1, RINGS + 1):
        for part in range(6 * ring):
            turn = 2 * pi * part / (6 * ring)
            x, y = dot.x + ring * step * cos(turn), dot.y + ring * step * sin(turn)
            if room.left <= x <= room.right and room.top <= y <= room.bottom:
                yield x, y


def name_spots(
    dots: Sequence[Dot],
    widths: Sequence[float],
    size: float,
    area: Box,
    taken: Sequence[Box] = (),
    lines: Sequence[Line] = (),
) -> list[str]:
    """For each dot the spot of SPOTS at which its name stands, blank where there is no room for it.

    `widths` are those of the names, of the first dots alone where there are fewer; `size` is that of the type.
    A name covers no dot, no other name and nothing `taken`, and stays within the `area`; better is a spot in the
    dot's own room that no line crosses.
    """
    covered = [*(dot.box for dot in dots), *taken]
    spots = []
    for dot, width in zip(dots, widths, strict=False):
        best, least = "", inf
        for spot, across, down in SPOTS:
            box = _name_box(dot, width, size, across, down)
            if not area.holds(box) or box.overlaps(*covered):
                continue
            wrong = sum(box.is_crossed_by(line) for line in lines) + (not dot.room.holds(box.middle))
            if wrong < least:
                best, least, found = spot, wrong, box
            if not wrong:
                break
        if best:
            covered.append(found)
        spots.append(best)
    return spots + [""] * (len(dots) - len(spots))


def _name_box(dot: Dot, width: float, size: float, across: int, down: int) -> Box:
    """What a name covers at a spot, as plotly sets it."""
    off = dot.radius / PLOTLY_OFFSET + 1
    x = dot.x + across * off
    y = dot.y + down * off
    left = x - width / 2 if across == 0 else x if across > 0 else x - width
    height = size * LINE_HEIGHT
    top = y - height / 2 if down == 0 else y if down > 0 else y - height
    return Box(left, top, left + width, top + height)


_NARROW = frozenset("fijlrtI.,:;'|!()[] -\N{NO-BREAK SPACE}")
_WIDE = frozenset("mwMWOQG@%&")
_FIRST_IDEOGRAPH = 0x2E80


def text_width(text: str, size: float) -> float:
    """About how wide a text is in the page's type; rather too wide than too narrow."""
    return size * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    """A share of the type's size."""
    if letter in _NARROW:
        return 0.33
    if letter in _WIDE:
        return 0.88
    if ord(letter) >= _FIRST_IDEOGRAPH:
        return 1.0
    return 0.67 if letter.isupper() else 0.57
