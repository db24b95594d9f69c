"""A client's annual scope as it was held, quarter by quarter, with what changed it: drawn from zero, on the axis y2."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.printing import MINUS, Money, quarter_text

LETTER = 6.6
"""About how wide a letter of an amount is, in pixels."""
LEAST_ROOM = 36
"""How many pixels the shortest amount wants."""
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(4), Decimal(5), Decimal(8))


class Held(Protocol):
    """One quarter, with the annual scope at its ends, None or zero for none, and what changed it between them."""

    @property
    def quarter(self) -> str:
        """Its label."""

    @property
    def scope_start(self) -> Decimal | None:
        """At its start."""

    @property
    def scope_end(self) -> Decimal | None:
        """At its end."""

    @property
    def change(self) -> Decimal:
        """What changed it within."""


def scope_axis(top: Decimal, money: Money, domain: list[float]) -> Figure:
    """The axis, from zero to a little above the largest scope, with one or two round amounts."""
    step = _step(top)
    ticks = [step * number for number in range(3) if step * number <= top]
    return {
        "domain": domain,
        "range": [0, float(top) * 1.24],
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [money(tick) if tick else "0" for tick in ticks],
        "gridcolor": "var(--line)",
        "zeroline": False,
        "fixedrange": True,
        "anchor": "x",
    }


def held_scope(
    rows: Sequence[Held], money: Money, top: Decimal, apart: float, *, name: str, narrow: bool
) -> list[Figure]:
    """The line, and the marks where it went up and down. `apart` is how many pixels there are for a quarter."""
    return [
        _line(rows, money, name),
        _changes(rows, money, 1, top, apart, narrow=narrow),
        _changes(rows, money, -1, top, apart, narrow=narrow),
    ]


def _step(top: Decimal) -> Decimal:
    """A round amount of which one or two fit below the top."""
    half = top / 2
    unit = Decimal(1).scaleb(half.adjusted())
    return max((unit * step for step in STEPS if unit * step <= half), default=half)


def _line(rows: Sequence[Held], money: Money, name: str) -> Figure:
    held = (*rows, rows[-1])  # the last one is drawn to its end
    amounts = [row.scope_end or Decimal(0) for row in held]
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": list(range(len(held))),
        "y": [float(amount) for amount in amounts],
        "customdata": [
            [quarter_text(row.quarter), _("%(amount)s a year") % {"amount": money(amount)}]
            for row, amount in zip(held, amounts, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": "var(--scope)", "width": 2.5, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "var(--scope-soft)",
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y2",
    }


def _changes(rows: Sequence[Held], money: Money, sign: int, top: Decimal, apart: float, *, narrow: bool) -> Figure:
    """Triangles where the scope went up (sign 1) or down (sign −1), with the amount where there is room."""
    moved = [index for index, row in enumerate(rows) if row.change and index > 0]
    found = [index for index in moved if rows[index].change * sign > 0]
    colour = "var(--up)" if sign > 0 else "var(--down)"
    mark = "+" if sign > 0 else MINUS

    def amount(index: int) -> str:
        nearest = min((abs(index - other) for other in moved if other != index), default=len(rows))
        text = f"{mark}{money(abs(rows[index].change))}"
        return text if nearest * apart >= max(LEAST_ROOM, LETTER * len(text)) else ""

    def height(row: Held) -> float:
        return float(max(row.scope_end or Decimal(0), row.scope_start or Decimal(0)) + top / 30)

    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": found,
        "y": [height(rows[index]) for index in found],
        "text": [amount(index) for index in found],
        "textposition": "top center",
        "textfont": {"color": colour, "weight": 600, "size": 11 if narrow else 12},
        "marker": {
            "color": colour,
            "size": 9,
            "opacity": 1,
            "symbol": "triangle-up" if sign > 0 else "triangle-down",
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y2",
    }
