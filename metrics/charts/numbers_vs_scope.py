"""The numbers a client measures us by, above the scope it gives us: two panels on one calendar."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.charts import Figure
from metrics.charts.held_scope import held_scope, scope_axis
from metrics.charts.quarters import base_layout, calendar_axis, end_label
from metrics.printing import Money, percent_text, quarter_text
from metrics.queries.account import QuarterRow

WIDTH, NARROW_WIDTH = 560, 230
"""About how many pixels the panels have, for deciding what finds room."""
ROOM_FOR_WORDS = 120


def stall(rows: Sequence[QuarterRow]) -> int:
    """How many quarters up to the last one the scope has not moved.

    0 when the last one moved it, or is in progress and still may.
    """
    count = 0
    if rows[-1].in_progress:
        return count
    for row in reversed(rows):
        if row.change:
            break
        count += 1
    return count


def numbers_vs_scope(rows: Sequence[QuarterRow], money: Money, *, narrow: bool = False) -> Figure:
    """Attainment in percent (0 to 100) as points, annual scope as held in each quarter, from zero.

    `rows` are a client's quarters without gaps, oldest first, at least one. A quarter's change is drawn
    where it begins; the band is the attainment that counts as good at the end of the last one.
    """
    top = max(row.scope_end for row in rows) or Decimal(1)
    good = rows[-1].good_attainment
    apart = (NARROW_WIDTH if narrow else WIDTH) / len(rows)
    layout = base_layout(height=372 if narrow else 424, left=52 if narrow else 60, right=62 if narrow else 78)
    layout.update(
        xaxis={**calendar_axis([row.quarter for row in rows], narrow=narrow), "anchor": "y2"},
        yaxis={
            "domain": [0.57, 0.93],
            "range": [0, 106],
            "tickvals": [0, 50, float(good), 100] if abs(good - 50) > 12 and good < 90 else [0, 50, 100],
            "tickformat": ".0f",
            "gridcolor": "var(--line)",
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis2=scope_axis(top, money, [0, 0.41]),
    )
    layout["yaxis"]["ticktext"] = [percent_text(tick) for tick in layout["yaxis"]["tickvals"]]
    layout["shapes"] = _shapes(rows, good)
    layout["annotations"] = _annotations(rows, good, top, money, narrow=narrow)
    return {
        "data": [
            *held_scope(rows, money, top, apart, name=_("Annual scope"), narrow=narrow),
            _attainment(rows),
            _last_attainment(rows),
        ],
        "layout": layout,
    }


def description(rows: Sequence[QuarterRow], money: Money) -> str:
    """The chart in a sentence, for those who hear the page."""
    known = [row.attainment for row in rows if row.attainment is not None]
    words = {
        "first": quarter_text(rows[0].quarter),
        "last": quarter_text(rows[-1].quarter),
        "from": money(rows[0].scope_end),
        "to": money(rows[-1].scope_end),
    }
    scope = _("Annual scope from %(first)s to %(last)s: from %(from)s to %(to)s.") % words
    if not known:
        return " ".join([_("There is no KPI attainment in these quarters."), scope])
    words = {"low": percent_text(min(known)), "high": percent_text(max(known)), "latest": percent_text(known[-1])}
    return " ".join([_("KPI attainment between %(low)s and %(high)s, latest %(latest)s.") % words, scope])


def _attainment(rows: Sequence[QuarterRow]) -> Figure:
    return {
        "type": "scatter",
        "name": _("KPI attainment"),
        "mode": "lines+markers",
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [None if row.attainment is None else float(row.attainment) for row in rows],
        "customdata": [
            [
                quarter_text(row.quarter),
                "–" if row.attainment is None else percent_text(row.attainment),
                _("%(met)s of %(all)s targets met") % {"met": row.kpi_met, "all": row.kpi_readings},
            ]
            for row in rows
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "line": {"color": "var(--numbers)", "width": 2.5},
        "marker": {
            "color": "var(--numbers)",
            "size": 8,
            "opacity": 1,
            "line": {"color": "var(--surface)", "width": 1.5},
        },
        "connectgaps": False,
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y",
    }


def _last_attainment(rows: Sequence[QuarterRow]) -> Figure:
    """The quarter shown, larger; hollow while it is in progress."""
    last = rows[-1]
    known = last.attainment is not None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [len(rows) - 0.5] if known else [],
        "y": [float(last.attainment)] if last.attainment is not None else [],
        "marker": {
            "color": "var(--surface)" if last.in_progress else "var(--numbers)",
            "size": 11,
            "opacity": 1,
            "line": {"color": "var(--numbers)", "width": 2.5 if last.in_progress else 0},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
        "xaxis": "x",
        "yaxis": "y",
    }


def _shapes(rows: Sequence[QuarterRow], good: Decimal) -> list[Figure]:
    shapes: list[Figure] = [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": float(good),
            "y1": 100,
            "fillcolor": "var(--numbers-soft)",
            "line": {"width": 0},
            "layer": "below",
        }
    ]
    stalled = stall(rows)
    if 1 < stalled < len(rows):
        shapes.append(
            {
                "type": "line",
                "xref": "x",
                "x0": len(rows) - stalled,
                "x1": len(rows) - stalled,
                "yref": "paper",
                "y0": 0,
                "y1": 0.93,
                "line": {"color": "var(--line-2)", "width": 1.5, "dash": "dot"},
            }
        )
    return shapes


def _annotations(
    rows: Sequence[QuarterRow], good: Decimal, top: Decimal, money: Money, *, narrow: bool
) -> list[Figure]:
    titles = [
        (_("KPI attainment"), _("Good from %(good)s") % {"good": percent_text(good)}, 1.0),
        (_("Annual scope"), "" if narrow else _("As held in the quarter"), 0.475),
    ]
    found: list[Figure] = []
    for title, aside, y in titles:
        place = {"xref": "paper", "yref": "paper", "y": y, "yanchor": "middle", "showarrow": False}
        found.append({**place, "text": title, "x": 0, "xanchor": "left", "font": _title_font()})
        if aside:
            found.append({**place, "text": aside, "x": 1, "xanchor": "right", "font": _aside_font()})
    last = rows[-1]
    found.append(end_label(money(last.scope_end), float(last.scope_end), "y2", "var(--scope)"))
    if last.attainment is not None:
        found.append(end_label(percent_text(last.attainment), float(last.attainment), "y", "var(--numbers)"))
    stalled = stall(rows)
    if (
        1 < stalled < len(rows)
        and last.scope_end
        and (NARROW_WIDTH if narrow else WIDTH) / len(rows) * stalled > ROOM_FOR_WORDS
    ):
        tall = last.scope_end * 2 > top
        found.append(
            {
                "text": ngettext(
                    "%(count)s quarter<br>without a change", "%(count)s quarters<br>without a change", stalled
                )
                % {"count": stalled},
                "xref": "x",
                "yref": "y2",
                "x": len(rows) - stalled / 2,
                "y": float(last.scope_end) * (0.46 if tall else 1.06),
                "yanchor": "middle" if tall else "bottom",
                "showarrow": False,
                "font": {"color": "var(--scope)", "size": 12 if narrow else 13, "weight": 500},
            }
        )
    return found


def _aside_font() -> Figure:
    return {"color": "var(--ink-3)", "size": 11}


def _title_font() -> Figure:
    return {"color": "var(--ink)", "size": 13, "weight": 600}
