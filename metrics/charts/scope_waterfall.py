"""What a quarter did to the scope, account by account: from where it opened to where it closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ScopeChange
from metrics.charts import Figure
from metrics.charts.places import text_width
from metrics.charts.quarters import base_layout
from metrics.charts.words import as_text
from metrics.printing import full_money_text, signed_full_money_text, signed_text
from metrics.queries.portfolio_charts import ScopeFlow, ScopeMove

LOWEST_ROW, HIGHEST_ROW, FILLED = 27, 40, 300
"""Pixels of a row, which is as high as it takes to fill so many with all of them."""
LEFT, NARROW_LEFT = 138, 116
WIDTH, NARROW_WIDTH = 490, 300
"""About how many pixels the chart has, for deciding what finds room."""
RIGHT, TOP, BOTTOM = 8, 6, 10
GAP = 8
LONGEST_NAME, NARROW_LONGEST_NAME, LONGEST_REASON = 19, 17, 30
SIZE, NARROW_SIZE = 12, 11
LEAST_ROOM = 40.0
"""Pixels that a bar may reach to, however long the words beside it."""
BAR = 0.62
THOUSANDS_FROM, MILLIONS_FROM = Decimal(10_000), Decimal(1_000_000_000)
"""From which largest change on amounts are told in thousands, and in millions."""


@dataclass(frozen=True)
class Step:
    """One bar: whose it is, what it says, and from where to where it reaches."""

    name: str
    change: Decimal
    said: int
    """The change in the unit of the chart, rounded so that all of them add up to the closing."""
    reason: str
    start: Decimal

    @property
    def end(self) -> Decimal:
        """Where the next one begins."""
        return self.start + self.change


@dataclass(frozen=True)
class Waterfall:
    """The steps between opening and closing. `opening` and `closing` are also said in the chart's `unit`."""

    steps: tuple[Step, ...]
    opening: Decimal
    closing: Decimal
    unit: Decimal
    opening_said: int
    closing_said: int


def reason_text(move: ScopeMove) -> str:
    """Why an account moved the scope: that it came, came back or left, and what the ledger says of it."""
    said = move.note.strip()
    came = {"new": _("New"), "returned": _("Returned"), "lost": _("Left")}.get(move.movement)
    if came:
        return _("%(came)s: %(note)s") % {"came": came, "note": said} if said else came
    if not move.kind:
        return _("A project of a year ago ran out")
    return said or str(ScopeChange.Kind(move.kind).label)


def steps(flow: ScopeFlow) -> Waterfall:
    """The quarter as steps whose rounded amounts add up to the rounded closing.

    Where plain rounding would miss it, the amounts that it changed most are rounded the other way.
    """
    moves = [(move.name, move.change, reason_text(move)) for move in flow.named]
    if flow.others:
        moves.append((others_text(flow.others), flow.others_change, ""))
    unit = _unit([change for _name, change, _reason in moves])
    opening, closing = _in(unit, flow.opening), _in(unit, flow.closing)
    said = _adding_up([change / unit for _name, change, _reason in moves], closing - opening)
    level, found = flow.opening, []
    for (name, change, why), amount in zip(moves, said, strict=True):
        found.append(Step(name, change, amount, why, level))
        level += change
    return Waterfall(tuple(found), flow.opening, flow.closing, unit, opening, closing)


def _adding_up(amounts: Sequence[Decimal], total: int) -> list[int]:
    """The amounts as whole numbers whose sum is the total."""
    whole = [_in(Decimal(1), amount) for amount in amounts]
    missing = total - sum(whole)
    way = 1 if missing > 0 else -1
    worst_first = sorted(range(len(whole)), key=lambda place: way * (whole[place] - amounts[place]))
    for place in worst_first[: abs(missing)]:
        whole[place] += way
    return whole


def others_text(count: int) -> str:
    """`3 others`: those that are not named."""
    return ngettext("%(count)s other", "%(count)s others", count) % {"count": count}


def unit_text(waterfall: Waterfall, currency: str) -> str:
    """In what the amounts are told: `EUR thousand`, or the currency alone."""
    words = {
        Decimal(1_000): _("%(currency)s thousand"),
        Decimal(1_000_000): _("%(currency)s million"),
    }
    return words.get(waterfall.unit, "%(currency)s") % {"currency": currency}


def level_text(said: int, unit: Decimal, currency: str) -> str:
    """`$9,543k`: a level to the last digit of the chart's unit, so that what stands between adds up."""
    letters = {Decimal(1_000): _("%(amount)sk"), Decimal(1_000_000): _("%(amount)sm")}
    return letters.get(unit, "%(amount)s") % {"amount": full_money_text(said, currency)}


def scope_waterfall(waterfall: Waterfall, currency: str, *, narrow: bool = False) -> Figure:
    """Annual scope in the reporting currency; opening and closing are lines, so the axis may start above zero."""
    count = len(waterfall.steps) + 2
    left = NARROW_LEFT if narrow else LEFT
    layout = base_layout(
        height=count * min(HIGHEST_ROW, max(LOWEST_ROW, FILLED // count)) + TOP + BOTTOM,
        left=left,
        right=RIGHT,
        top=TOP,
    )
    layout["margin"]["b"] = BOTTOM
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True}
    layout.update(
        bargap=1 - BAR,
        barmode="overlay",
        xaxis={**hidden, "range": _range(waterfall, currency, narrow=narrow)},
        yaxis={**hidden, "range": [count - 0.5, -0.5]},
        shapes=_lines(waterfall, count),
        annotations=_notes(waterfall, currency, count, narrow=narrow),
    )
    return {"data": [_bars(waterfall, currency, 1), _bars(waterfall, currency, -1)], "layout": layout}


def description(waterfall: Waterfall, currency: str) -> str:
    """The chart in a sentence, for those who hear the page."""
    return ngettext(
        "Annual scope from %(opening)s at the start of the quarter to %(closing)s at its end, in %(count)s step.",
        "Annual scope from %(opening)s at the start of the quarter to %(closing)s at its end, in %(count)s steps.",
        len(waterfall.steps),
    ) % {
        "opening": full_money_text(waterfall.opening, currency),
        "closing": full_money_text(waterfall.closing, currency),
        "count": len(waterfall.steps),
    }


def _unit(changes: Sequence[Decimal]) -> Decimal:
    largest = max((abs(change) for change in changes), default=Decimal(0))
    if largest >= MILLIONS_FROM:
        return Decimal(1_000_000)
    return Decimal(1_000) if largest >= THOUSANDS_FROM else Decimal(1)


def _in(unit: Decimal, amount: Decimal) -> int:
    return int((amount / unit).quantize(Decimal(1), ROUND_HALF_UP))


def _bars(waterfall: Waterfall, currency: str, sign: int) -> Figure:
    found = [(place, step) for place, step in enumerate(waterfall.steps, start=1) if step.change * sign > 0]
    return {
        "type": "bar",
        "name": _("Added") if sign > 0 else _("Taken away"),
        "orientation": "h",
        "x": [float(step.change) for _place, step in found],
        "y": [place for place, _step in found],
        "base": [float(step.start) for _place, step in found],
        "width": BAR,
        "customdata": [
            [as_text(step.name), signed_full_money_text(step.change, currency), as_text(step.reason, 80)]
            for _place, step in found
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "marker": {
            "color": "var(--up)" if sign > 0 else "var(--down)",
            "line": {"width": 0, "color": "var(--surface)"},
            "cornerradius": 2,
        },
    }


def _range(waterfall: Waterfall, currency: str, *, narrow: bool) -> list[float]:
    """So wide that the words beside each bar find room within the drawing."""
    room = float(NARROW_WIDTH - NARROW_LEFT - RIGHT if narrow else WIDTH - LEFT - RIGHT)
    size = NARROW_SIZE if narrow else SIZE
    ends = [
        (waterfall.opening, text_width(level_text(waterfall.opening_said, waterfall.unit, currency), 13)),
        (waterfall.closing, text_width(level_text(waterfall.closing_said, waterfall.unit, currency), 13)),
        *(
            (max(step.start, step.end), text_width(signed_text(step.said), size) + _reason_width(step, narrow=narrow))
            for step in waterfall.steps
        ),
    ]
    lowest = float(min([waterfall.opening, *(step.end for step in waterfall.steps)]))
    highest = max(float(end) for end, _width in ends)
    low = lowest - (highest - lowest) * 0.03
    spans = [(float(end) - low) * room / max(room - width - 3 * GAP, LEAST_ROOM) for end, width in ends]
    return [low, low + (max(spans) or 1.0)]


def _reason_width(step: Step, *, narrow: bool) -> float:
    return 0 if narrow or not step.reason else GAP + text_width(step.reason[:LONGEST_REASON], SIZE)


def _lines(waterfall: Waterfall, count: int) -> list[Figure]:
    """Opening and closing, and a hair between each bar and the next."""
    levels: list[tuple[Decimal, float, float, str, float]] = [
        (waterfall.opening, -0.42, 0.42, "var(--ink)", 3),
        (waterfall.closing, count - 1.42, count - 0.58, "var(--ink)", 3),
        *(
            (step.end, place + BAR / 2, place + 1 - BAR / 2, "var(--line-2)", 1)
            for place, step in enumerate(waterfall.steps[:-1], start=1)
        ),
    ]
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "y",
            "x0": float(level),
            "x1": float(level),
            "y0": start,
            "y1": end,
            "line": {"color": colour, "width": width},
        }
        for level, start, end, colour, width in levels
    ]


def _notes(waterfall: Waterfall, currency: str, count: int, *, narrow: bool) -> list[Figure]:
    """Names to the left; to the right of each bar what it did, and why."""
    size = NARROW_SIZE if narrow else SIZE
    longest = NARROW_LONGEST_NAME if narrow else LONGEST_NAME

    def name(text: str, place: int, **font: Any) -> Figure:
        return {
            **_note(as_text(text, longest), place, size, **font),
            "xref": "paper",
            "x": 0,
            "xshift": -GAP,
            "xanchor": "right",
        }

    found = [name(_("Opening"), 0, weight=600), name(_("Closing"), count - 1, weight=600)]
    for level, said, place in (
        (waterfall.opening, waterfall.opening_said, 0),
        (waterfall.closing, waterfall.closing_said, count - 1),
    ):
        text = level_text(said, waterfall.unit, currency)
        found.append({**_note(text, place, 13, weight=650), "x": float(level), "xshift": 10})
    for place, step in enumerate(waterfall.steps, start=1):
        colour = "var(--up)" if step.change > 0 else "var(--down)"
        at = float(max(step.start, step.end))
        amount = signed_text(step.said)
        found.append(name(step.name, place))
        found.append({**_note(amount, place, size, color=colour, weight=600), "x": at, "xshift": GAP})
        if step.reason and not narrow:
            found.append(
                {
                    **_note(as_text(step.reason, LONGEST_REASON), place, SIZE, color="var(--ink-3)"),
                    "x": at,
                    "xshift": 2 * GAP + text_width(amount, size),
                }
            )
    return found


def _note(text: str, place: int, size: int, **font: Any) -> Figure:
    return {
        "text": text,
        "xref": "x",
        "yref": "y",
        "y": place,
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": "var(--ink)", "size": size, **font},
    }
