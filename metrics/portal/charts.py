"""A client's targets above its scope, quarter by quarter: the drawing of the account page without what is said of it.

No threshold of ours is drawn in it, and no word stands at the end of a line beyond the amount.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.charts.held_scope import held_scope, scope_axis
from metrics.charts.quarters import base_layout, calendar_axis, end_label
from metrics.portal.queries import QuarterShown
from metrics.printing import Money, percent_text, quarter_text

AXIS_LETTER, LATEST_LETTER = 6.4, 7.8
"""About how wide a letter of an amount is, in pixels: some languages need more of them."""
WIDTH, NARROW_WIDTH = 640, 230
"""About how many pixels the panel has, for deciding what finds room."""


def results_and_scope(rows: Sequence[QuarterShown], money: Money, *, narrow: bool = False) -> Figure:
    """Targets met in percent as points, above the annual scope as held in each quarter, from zero.

    `rows` are quarters without gaps, oldest first, at least one, with their scope. Where none has a target, the
    scope stands alone.
    """
    has_results = any(row.with_target for row in rows)
    top = max(_scope_of(row) for row in rows) or Decimal(1)
    axis = scope_axis(top, money, [0, 0.41] if has_results else [0, 0.86])
    height = (372 if narrow else 404) if has_results else 240
    latest = money(_scope_of(rows[-1]))
    layout = base_layout(
        height=height,
        left=_room(max(axis["ticktext"], key=len), AXIS_LETTER, 52 if narrow else 60),
        right=_room(latest, LATEST_LETTER, 66 if narrow else 82),
    )
    layout.update(
        xaxis={**calendar_axis([row.quarter for row in rows], narrow=narrow), "anchor": "y2"},
        yaxis2=axis,
    )
    apart = (NARROW_WIDTH if narrow else WIDTH) / len(rows)
    data = held_scope(rows, money, top, apart, name=_("Your scope, by the year"), narrow=narrow)
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
