"""A client's targets above its scope, quarter by quarter: the drawing of the account page without what is said of it.

No threshold of ours is drawn in it, and no word stands at the end of a line beyond the amount.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.charts.quarters import base_layout, calendar_axis, end_label
from metrics.portal.queries import QuarterShown
from metrics.portal.sentences import Money
from metrics.printing import MINUS, percent_text, quarter_text

AXIS_LETTER, CHANGE_LETTER, LATEST_LETTER = 6.4, 6.6, 7.8
"""About how wide a letter of an amount is, in pixels: some languages need more of them."""
WIDTH, NARROW_WIDTH = 640, 230
"""About how many pixels the panel has, for deciding what finds room."""
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(4), Decimal(5), Decimal(8))


def results_and_scope(rows: Sequence[QuarterShown], money: Money, *, narrow: bool = False) -> Figure:
    """Targets met in percent as points, above the annual scope as held in each quarter, from zero.

    `rows` are quarters without gaps, oldest first, at least one, with their scope. Where none has a target, the
    scope stands alone.
    """
    has_results = any(row.with_target for row in rows)
    top = max(_scope_of(row) for row in rows) or Decimal(1)
    step = _step(top)
    ticks = [step * number for number in range(3) if step * number <= top]
    height = (372 if narrow else 404) if has_results else 240
    amounts = [money(tick) if tick else "0" for tick in ticks]
    latest = money(_scope_of(rows[-1]))
    layout = base_layout(
        height=height,
        left=_room(max(amounts, key=len), AXIS_LETTER, 52 if narrow else 60),
        right=_room(latest, LATEST_LETTER, 66 if narrow else 82),
    )
    layout.update(
        xaxis={**calendar_axis([row.quarter for row in rows], narrow=narrow), "anchor": "y2"},
        yaxis2={
            "domain": [0, 0.41] if has_results else [0, 0.86],
            "range": [0, float(top) * 1.24],
            "tickvals": [float(tick) for tick in ticks],
            "ticktext": amounts,
            "gridcolor": "var(--line)",
            "zeroline": False,
            "fixedrange": True,
            "anchor": "x",
        },
    )
    data = [
        _scope(rows, money),
        _changes(rows, money, 1, top, narrow=narrow),
        _changes(rows, money, -1, top, narrow=narrow),
    ]
    layout["annotations"] = [
        _title(_("Your scope, by the year"), 0.475 if has_results else 0.97),
        end_label(latest, float(_scope_of(rows[-1])), "y2", "var(--scope)"),
    ]
    if has_results:
        layout["yaxis"] = {
            "domain": [0.57, 0.93],
            "range": [0, 106],
            "tickvals": [0, 50, 100],
            "ticktext": [percent_text(tick) for tick in (0, 50, 100)],
            "gridcolor": "var(--line)",
            "zeroline": False,
            "fixedrange": True,
        }
        layout["annotations"].append(_title(_("Targets met"), 1.0))
        last = rows[-1].attainment
        if last is not None:
            layout["annotations"].append(end_label(percent_text(last), float(last), "y", "var(--numbers)"))
        data.append(_results(rows))
    return {"data": data, "layout": layout}


def description(rows: Sequence[QuarterShown], money: Money) -> str:
    """The drawing in a sentence, for those who hear the page."""
    known = [row.attainment for row in rows if row.attainment is not None]
    words = {
        "first": quarter_text(rows[0].quarter),
        "last": quarter_text(rows[-1].quarter),
        "from": money(_scope_of(rows[0])),
        "to": money(_scope_of(rows[-1])),
    }
    scope = _("Your scope from %(first)s to %(last)s: from %(from)s to %(to)s a year.") % words
    if not known:
        return scope
    words = {"low": percent_text(min(known)), "high": percent_text(max(known)), "latest": percent_text(known[-1])}
    return " ".join([_("Targets met: between %(low)s and %(high)s, latest %(latest)s.") % words, scope])


def _scope_of(row: QuarterShown) -> Decimal:
    return row.scope_end or Decimal(0)


def _room(text: str, letter: float, least: int) -> int:
    """How many pixels a margin needs for this text."""
    return max(least, round(14 + letter * len(text)))


def _step(top: Decimal) -> Decimal:
    """A round amount of which one or two fit below the top."""
    half = top / 2
    unit = Decimal(1).scaleb(half.adjusted())
    return max((unit * step for step in STEPS if unit * step <= half), default=half)


def _title(text: str, y: float) -> Figure:
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": "var(--ink)", "size": 13, "weight": 600},
    }


def _results(rows: Sequence[QuarterShown]) -> Figure:
    return {
        "type": "scatter",
        "name": _("Targets met"),
        "mode": "lines+markers",
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [None if row.attainment is None else float(row.attainment) for row in rows],
        "customdata": [
            [
                quarter_text(row.quarter),
                "–" if row.attainment is None else percent_text(row.attainment),
                _("%(met)s of %(all)s targets met") % {"met": row.met, "all": row.with_target},
            ]
            for row in rows
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "line": {"color": "var(--numbers)", "width": 2.5},
        "marker": {
            "color": [
                "var(--surface)" if row.in_progress and index == len(rows) - 1 else "var(--numbers)"
                for index, row in enumerate(rows)
            ],
            "size": 8,
            "opacity": 1,
            "line": {"color": "var(--numbers)", "width": 1.5},
        },
        "connectgaps": False,
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y",
    }


def _scope(rows: Sequence[QuarterShown], money: Money) -> Figure:
    held = (*rows, rows[-1])  # the last one is drawn to its end
    return {
        "type": "scatter",
        "name": _("Your scope, by the year"),
        "mode": "lines",
        "x": list(range(len(held))),
        "y": [float(_scope_of(row)) for row in held],
        "customdata": [
            [quarter_text(row.quarter), _("%(amount)s a year") % {"amount": money(_scope_of(row))}] for row in held
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": "var(--scope)", "width": 2.5, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "var(--scope-soft)",
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y2",
    }


def _changes(rows: Sequence[QuarterShown], money: Money, sign: int, top: Decimal, *, narrow: bool) -> Figure:
    """Triangles where the scope went up (sign 1) or down (sign −1), with the amount where there is room."""
    moved = [index for index, row in enumerate(rows) if row.change and index > 0]
    found = [index for index in moved if rows[index].change * sign > 0]
    colour = "var(--up)" if sign > 0 else "var(--down)"
    mark = "+" if sign > 0 else MINUS
    apart = (NARROW_WIDTH if narrow else WIDTH) / len(rows)

    def amount(index: int) -> str:
        nearest = min((abs(index - other) for other in moved if other != index), default=len(rows))
        text = f"{mark}{money(abs(rows[index].change))}"
        return text if nearest * apart >= CHANGE_LETTER * len(text) else ""

    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": found,
        "y": [float(max(_scope_of(rows[index]), rows[index].scope_start or Decimal(0)) + top / 30) for index in found],
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
