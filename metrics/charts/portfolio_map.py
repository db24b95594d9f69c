"""Where each account stands: its numbers across, the growth of its scope upwards, its scope as the area of a dot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, pi, sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.charts import Figure
from metrics.charts.places import Box, Dot, Line, name_spots, spread, text_width
from metrics.charts.quarters import base_layout
from metrics.charts.words import as_text
from metrics.printing import NO_BREAK, Money, percent_text, signed_percent_text
from metrics.queries.portfolio_charts import MappedAccount, Stand

Words = Callable[[str], str]
"""What a pattern is called."""
Told = Mapping[str, tuple[list[str], list[str]]]
"""What is said of an account when one points at its dot, and at where it stood before, by its id."""

HEIGHT, NARROW_HEIGHT = 600, 460
LEFT, NARROW_LEFT = 66, 48
RIGHT, TOP, BOTTOM = 10, 8, 50
WIDTH = 640
"""About how wide the chart is where it is not narrow: places are found for this one, and wider ones have more room."""
AREA = Box(0, 0, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
LARGEST_RADIUS, SMALLEST_RADIUS = 13.0, 4.0
NARROW_SIZES = 0.72
"""How much smaller dots are where it is narrow."""
TITLE = 40
"""Pixels above and below that belong to the titles in the corners."""
OFF_THE_LINE = 3
"""Pixels between the line of no growth and the dots beside it."""
MOST_GROWTH = Decimal(100)
"""Percent from which on all growth is drawn at the upper edge, so that one account doesn't flatten the others."""
LEAST_SPAN = Decimal(20)
"""Points of attainment drawn below the threshold at least."""
NAMED = 40
"""How many of the largest accounts are named at most."""
LONGEST_NAME = 24
NAME_SIZE, TITLE_SIZE, NARROW_TITLE_SIZE = 12, 13, 11
SHORTEST_BROKEN = 12
TAIL_RADIUS = 2.5


@dataclass(frozen=True)
class _Kind:
    """How a pattern is drawn: its shape, what makes shapes of one size alike in area, its colours and corner."""

    symbol: str
    size: float
    colour: str
    ground: str
    is_good: bool
    grows: bool


KINDS = {
    "compounding": _Kind("circle", 1.0, "var(--up)", "var(--up-soft)", True, True),
    "stalling": _Kind("square", sqrt(pi / 4), "var(--stalling)", "var(--stalling-soft)", True, False),
    "deepening": _Kind("diamond", sqrt(pi / 3.38), "var(--numbers)", "var(--deepening-soft)", False, True),
    "at_risk": _Kind("triangle-down", sqrt(pi / sqrt(3)), "var(--down)", "var(--down-soft)", False, False),
}


@dataclass(frozen=True)
class Placed:
    """One account where it is drawn, in the units of the axes; the tail begins where it stood a quarter ago."""

    account: MappedAccount
    x: float
    y: float
    radius: float
    tail: tuple[float, float] | None
    spot: str


@dataclass(frozen=True)
class PortfolioMap:
    """Everything that is drawn, and in how many cases otherwise than the figures alone would have it.

    `spread` accounts were set beside others of the same place; `beyond` grew more than the drawing reaches.
    """

    good: float
    xs: tuple[float, float]
    ys: tuple[float, float]
    placed: tuple[Placed, ...]
    spread: int
    beyond: int


def lay_out(accounts: Sequence[MappedAccount], good: Decimal, *, tails: bool = True) -> PortfolioMap:
    """Finds a place for each account and its name. The first come first: the largest.

    `good` is the attainment from which numbers are good, in percent. Without `tails` nothing is drawn of the
    quarter before.
    """
    stands = [stand for account in accounts for stand in _stands(account, tails=tails)]
    scale = _Scale(stands, good)
    largest = max((account.annual_scope or Decimal(0) for account in accounts), default=Decimal(0))
    own = [scale.dot(account.now, _radius(account.annual_scope, largest)) for account in accounts]
    dots = spread(own)
    begins = [_tail(scale, account, dot) if tails else None for account, dot in zip(accounts, dots, strict=True)]
    lines = [Line(begin, (dot.x, dot.y)) for begin, dot in zip(begins, dots, strict=True) if begin]
    spots = name_spots(
        dots,
        [text_width(_name(account), NAME_SIZE) for account in accounts[:NAMED]],
        NAME_SIZE,
        AREA,
        [*_title_boxes(), *(Dot(*begin, TAIL_RADIUS, AREA).box for begin in begins if begin)],
        [*lines, *scale.split_lines()],
    )
    return PortfolioMap(
        good=float(good),
        xs=scale.xs,
        ys=scale.ys,
        placed=tuple(
            Placed(account, *scale.units(dot.x, dot.y), dot.radius, scale.units(*begin) if begin else None, spot)
            for account, dot, begin, spot in zip(accounts, dots, begins, spots, strict=True)
        ),
        spread=sum(dot != at for dot, at in zip(dots, own, strict=True)),
        beyond=sum(account.now.growth > MOST_GROWTH for account in accounts),
    )


class _Scale:
    """From figures to pixels and back: the spans of both axes, with room for dots, titles and both sides."""

    def __init__(self, stands: Sequence[Stand], good: Decimal) -> None:
        self._good = float(good)
        growths = [float(min(stand.growth, MOST_GROWTH)) for stand in stands]
        up, down = max([0.0, *growths]), min([0.0, *growths])
        up, down = max(up, -0.4 * down, 10.0), min(down, -0.5 * up, -10.0)
        tall = AREA.bottom - 2 * (TITLE + LARGEST_RADIUS)
        edge = (up - down) / tall * (TITLE + LARGEST_RADIUS)
        self.ys = (down - edge, up + edge)
        low = min([good - LEAST_SPAN, *(stand.attainment for stand in stands)])
        start = max(0.0, 10.0 * floor(low / 10))
        pad = (100.0 - start) / (AREA.right - 2 * LARGEST_RADIUS - 8) * (LARGEST_RADIUS + 4)
        self.xs = (start - pad, 100.0 + pad)

    def pixels(self, stand: Stand) -> tuple[float, float]:
        """Where the figures lie."""
        return self._x(float(stand.attainment)), self._y(float(min(stand.growth, MOST_GROWTH)))

    def units(self, x: float, y: float) -> tuple[float, float]:
        """What lies at a place, in the units of the axes."""
        across, up = self.xs[1] - self.xs[0], self.ys[1] - self.ys[0]
        return self.xs[0] + x / AREA.right * across, self.ys[1] - y / AREA.bottom * up

    def dot(self, stand: Stand, radius: float) -> Dot:
        """An account's dot, off the line of no growth, and the quarter of the drawing in which it may lie."""
        x, y = self.pixels(stand)
        split_x, split_y = self._x(self._good), self._y(0.0)
        clear = radius + OFF_THE_LINE
        kind = KINDS[stand.pattern]
        room = Box(
            left=split_x if kind.is_good else AREA.left + radius,
            top=TITLE + radius if kind.grows else split_y + clear,
            right=AREA.right - radius if kind.is_good else split_x - OFF_THE_LINE,
            bottom=split_y - clear if kind.grows else AREA.bottom - TITLE - radius,
        )
        return Dot(x, min(y, split_y - clear) if kind.grows else max(y, split_y + clear), radius, room)

    def split_lines(self) -> tuple[Line, Line]:
        """The two thresholds, across the drawing."""
        x, y = self._x(self._good), self._y(0.0)
        return Line((x, AREA.top), (x, AREA.bottom)), Line((AREA.left, y), (AREA.right, y))

    def _x(self, attainment: float) -> float:
        return (attainment - self.xs[0]) / (self.xs[1] - self.xs[0]) * AREA.right

    def _y(self, growth: float) -> float:
        return (self.ys[1] - growth) / (self.ys[1] - self.ys[0]) * AREA.bottom


def _stands(account: MappedAccount, *, tails: bool) -> Iterator[Stand]:
    yield account.now
    if tails and account.before:
        yield account.before


def _radius(annual_scope: Decimal | None, largest: Decimal) -> float:
    """So that areas are to each other as scopes; the smallest are drawn as large as can be seen."""
    if not annual_scope or not largest:
        return SMALLEST_RADIUS
    return max(SMALLEST_RADIUS, LARGEST_RADIUS * sqrt(annual_scope / largest))


def _tail(scale: _Scale, account: MappedAccount, dot: Dot) -> tuple[float, float] | None:
    """Where the tail begins; None where that would lie within the dot itself."""
    if account.before is None:
        return None
    begin = scale.dot(account.before, TAIL_RADIUS)
    apart = sqrt((begin.x - dot.x) ** 2 + (begin.y - dot.y) ** 2)
    return (begin.x, begin.y) if apart > dot.radius + 2 * TAIL_RADIUS else None


# The drawing


def portfolio_map(
    drawn: PortfolioMap, counts: Mapping[str, int], word: Words, told: Told, *, narrow: bool = False
) -> Figure:
    """Mean attainment in percent against the growth of scope in percent, over the quarters of each pattern.

    `counts` are all accounts of a pattern, drawn or not; `told` is said wide and narrow alike. Narrow: without
    names, the list beside it has them.
    """
    layout = base_layout(
        height=NARROW_HEIGHT if narrow else HEIGHT, left=NARROW_LEFT if narrow else LEFT, right=RIGHT, top=TOP
    )
    layout["margin"]["b"] = BOTTOM
    layout.update(xaxis=_x_axis(drawn, narrow=narrow), yaxis=_y_axis(drawn, narrow=narrow))
    layout["shapes"] = [*_grounds(drawn), *_splits(drawn)]
    layout["annotations"] = _titles(counts, word, narrow=narrow)
    return {
        "data": [
            *(_tails(drawn, code) for code in KINDS),
            *(_beginnings(drawn, code, told) for code in KINDS),
            *(_dots(drawn, code, word, told, narrow=narrow) for code in KINDS),
        ],
        "layout": layout,
    }


def description(drawn: PortfolioMap, counts: Mapping[str, int], word: Words) -> str:
    """The chart in a sentence, for those who hear the page."""
    named = ", ".join(f"{word(code)} {counts.get(code, 0)}" for code in KINDS)
    return ngettext(
        "%(count)s account by targets met and by growth of scope: %(patterns)s.",
        "%(count)s accounts by targets met and by growth of scope: %(patterns)s.",
        len(drawn.placed),
    ) % {"count": len(drawn.placed), "patterns": named}


def _of(drawn: PortfolioMap, code: str) -> list[Placed]:
    return [placed for placed in drawn.placed if placed.account.now.pattern == code]


def _dots(drawn: PortfolioMap, code: str, word: Words, told: Told, *, narrow: bool) -> Figure:
    kind = KINDS[code]
    placed = _of(drawn, code)
    scale = 2 * kind.size * (NARROW_SIZES if narrow else 1)
    return {
        "type": "scatter",
        "name": word(code),
        "mode": "markers" if narrow else "markers+text",
        "x": [one.x for one in placed],
        "y": [one.y for one in placed],
        "text": [_name(one.account) if one.spot else "" for one in placed],
        "textposition": [one.spot or "middle right" for one in placed],
        "textfont": {"color": "var(--ink)", "size": NAME_SIZE, "weight": 500},
        "customdata": [told[one.account.external_id][0] for one in placed],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "marker": {
            "symbol": kind.symbol,
            "color": kind.colour,
            "size": [round(one.radius * scale, 2) for one in placed],
            "opacity": 1,
            "line": {"color": "var(--surface)", "width": 1.5},
        },
        "cliponaxis": False,
    }


def _name(account: MappedAccount) -> str:
    """An account's name as it stands beside its dot, with air to either side."""
    return f"{NO_BREAK}{as_text(account.name, LONGEST_NAME)}{NO_BREAK}"


def in_words(drawn: PortfolioMap, money: Money) -> Told:
    """Each account that is drawn, in words."""
    return {one.account.external_id: (_now(one.account, money), _before(one.account)) for one in drawn.placed}


def _now(account: MappedAccount, money: Money) -> list[str]:
    amount = (
        _("no exchange rate")
        if account.annual_scope is None
        else _("%(amount)s a year") % {"amount": money(account.annual_scope)}
    )
    return [
        as_text(account.name),
        _("%(share)s of targets met") % {"share": percent_text(account.now.attainment)},
        _("Scope %(growth)s, %(amount)s") % {"growth": signed_percent_text(account.now.growth), "amount": amount},
    ]


def _before(account: MappedAccount) -> list[str]:
    if account.before is None:
        return []
    return [
        as_text(account.name),
        _("A quarter ago: %(share)s of targets met, scope %(growth)s")
        % {
            "share": percent_text(account.before.attainment),
            "growth": signed_percent_text(account.before.growth),
        },
    ]


def _tails(drawn: PortfolioMap, code: str) -> Figure:
    """From where each account stood to where it stands."""
    tails = [(one.tail, one) for one in _of(drawn, code) if one.tail]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for tail, one in tails for x in (tail[0], one.x, None)],
        "y": [y for tail, one in tails for y in (tail[1], one.y, None)],
        "line": {"color": KINDS[code].colour, "width": 1.5},
        "opacity": 0.6,
        "connectgaps": False,
        "hoverinfo": "skip",
    }


def _beginnings(drawn: PortfolioMap, code: str, told: Told) -> Figure:
    """Where each account stood a quarter ago, hollow."""
    tails = [(one.tail, one.account.external_id) for one in _of(drawn, code) if one.tail]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [tail[0] for tail, _account in tails],
        "y": [tail[1] for tail, _account in tails],
        "customdata": [told[external_id][1] for _tail, external_id in tails],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "marker": {
            "color": "var(--surface)",
            "size": 2 * TAIL_RADIUS + 1,
            "opacity": 1,
            "line": {"color": KINDS[code].colour, "width": 1.25},
        },
    }


def _x_axis(drawn: PortfolioMap, *, narrow: bool) -> Figure:
    start, end = drawn.xs
    step = 20 if narrow or end - start > 70 else 10
    ticks = [tick for tick in range(0, 101, step) if tick >= start]
    title = _("Targets met, mean") if narrow else _("Targets met, mean of the quarters read") + " →"
    return _axis(title, drawn.xs, [float(tick) for tick in ticks], [percent_text(tick) for tick in ticks])


def _y_axis(drawn: PortfolioMap, *, narrow: bool) -> Figure:
    low, high = drawn.ys
    step = next((step for step in (5, 10, 20, 25, 50) if (high - low) / step <= 8), 100)
    ticks = [tick for tick in range(step * ceil(low / step), floor(high) + 1, step) if -100 <= tick <= MOST_GROWTH]
    title = "" if narrow else _("Change of scope over the same quarters") + " →"
    return _axis(title, drawn.ys, [float(tick) for tick in ticks], [signed_percent_text(tick) for tick in ticks])


def _axis(title: str, span: tuple[float, float], ticks: list[float], texts: list[str]) -> Figure:
    return {
        "range": list(span),
        "tickvals": ticks,
        "ticktext": texts,
        "title": {"text": title, "font": {"color": "var(--ink-2)", "size": 12}, "standoff": 8},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _grounds(drawn: PortfolioMap) -> list[Figure]:
    return [
        {
            "type": "rect",
            "xref": "x",
            "x0": drawn.good if kind.is_good else drawn.xs[0],
            "x1": drawn.xs[1] if kind.is_good else drawn.good,
            "yref": "y",
            "y0": 0 if kind.grows else drawn.ys[0],
            "y1": drawn.ys[1] if kind.grows else 0,
            "fillcolor": kind.ground,
            "line": {"width": 0},
            "layer": "below",
        }
        for kind in KINDS.values()
    ]


def _splits(drawn: PortfolioMap) -> list[Figure]:
    line = {
        "type": "line",
        "xref": "x",
        "yref": "y",
        "line": {"color": "var(--line-2)", "width": 1},
        "layer": "below",
    }
    return [
        {**line, "x0": drawn.good, "x1": drawn.good, "y0": drawn.ys[0], "y1": drawn.ys[1]},
        {**line, "x0": drawn.xs[0], "x1": drawn.xs[1], "y0": 0, "y1": 0},
    ]


def _titles(counts: Mapping[str, int], word: Words, *, narrow: bool) -> list[Figure]:
    """What each quarter of the drawing is called, in its corner, with how many accounts are of it."""
    return [
        {
            "text": f"{_in_two(word(code)) if narrow else word(code)} · {counts.get(code, 0)}",
            "xref": "paper",
            "yref": "paper",
            "x": 1 if kind.is_good else 0,
            "y": 1 if kind.grows else 0,
            "xanchor": "right" if kind.is_good else "left",
            "yanchor": "top" if kind.grows else "bottom",
            "xshift": (-1 if kind.is_good else 1) * (5 if narrow else 8),
            "yshift": -4 if kind.grows else 4,
            "align": "right" if kind.is_good else "left",
            "showarrow": False,
            "font": {"color": kind.colour, "size": NARROW_TITLE_SIZE if narrow else TITLE_SIZE, "weight": 600},
        }
        for code, kind in KINDS.items()
    ]


def _in_two(words: str) -> str:
    """Broken near the middle, where there is a space; what is short stays whole."""
    if len(words) < SHORTEST_BROKEN:
        return words
    spaces = [place for place, letter in enumerate(words) if letter == " "]
    if not spaces:
        return words
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}<br>{words[middle + 1 :]}"


def _title_boxes() -> tuple[Box, Box]:
    """Where the titles are: nobody's name is set there."""
    return (
        Box(AREA.left, AREA.top, AREA.right, AREA.top + 2 * TITLE_SIZE),
        Box(AREA.left, AREA.bottom - 2 * TITLE_SIZE, AREA.right, AREA.bottom),
    )
