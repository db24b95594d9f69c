"""The numbers a client measures us by, above the scope it gives us: two panels on one calendar."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.charts import Figure
from metrics.charts.quarters import axis_labels, base_layout, label
from metrics.queries.account import QuarterRow

Money = Callable[[Decimal], str]


def stall(rows: Sequence[QuarterRow]) -> int:
    """How many quarters up to the last one the scope has not moved: 0 when the last one moved it."""
    count = 0
    for row in reversed(rows):
        if row.change:
            break
        count += 1
    return count


def numbers_vs_scope(rows: Sequence[QuarterRow], good: Decimal, money: Money, *, narrow: bool = False) -> Figure:
    """Attainment in percent (0 to 100) as points, annual scope as held in each quarter, from zero.

    `rows` are a client's quarters, oldest first, at least one; `good` is the attainment from which
    numbers count as good; `money` prints an amount. A quarter's change is drawn where it begins.
    """
    count = len(rows)
    top = float(max(row.scope_end for row in rows)) or 1.0
    stalled = stall(rows)
    figure: Figure = {
        "data": [
            _attainment(rows),
            _last_attainment(rows),
            _scope(rows, money),
            _changes(rows, money, 1, top),
            _changes(rows, money, -1, top),
        ],
        "layout": base_layout(narrow=narrow, height=380 if narrow else 430),
    }
    layout = figure["layout"]
    values, texts = axis_labels([row.quarter for row in rows], narrow=narrow)
    steps = [0.0, top / 2, top]
    layout.update(
        xaxis={
            "range": [0, count],
            "tickvals": values,
            "ticktext": texts,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "anchor": "y2",
            "ticks": "",
        },
        yaxis={
            "domain": [0.56, 0.94],
            "range": [0, 106],
            "tickvals": [0, 50, 100],
            "ticktext": ["0 %", "50 %", "100 %"],
            "gridcolor": "var(--line)",
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis2={
            "domain": [0, 0.4],
            "range": [0, top * 1.22],
            "tickvals": steps,
            "ticktext": ["0", money(Decimal(steps[1])), money(Decimal(steps[2]))],
            "gridcolor": "var(--line)",
            "zeroline": False,
            "fixedrange": True,
            "anchor": "x",
        },
        shapes=[
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
        ],
        annotations=_annotations(rows, good, money, stalled, narrow=narrow),
    )
    if 1 < stalled < count:
        layout["shapes"].append(
            {
                "type": "line",
                "xref": "x",
                "x0": count - stalled,
                "x1": count - stalled,
                "yref": "paper",
                "y0": 0,
                "y1": 0.94,
                "line": {"color": "var(--ink-3)", "width": 1, "dash": "dot"},
            }
        )
    return figure


def _attainment(rows: Sequence[QuarterRow]) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [None if row.attainment is None else float(row.attainment) for row in rows],
        "customdata": [
            [label(row.quarter), f"{row.attainment:.0f} %" if row.attainment is not None else "–",
             _("%(met)s of %(all)s targets met") % {"met": row.kpi_met, "all": row.kpi_readings}]
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
        "xaxis": "x",
        "yaxis": "y",
    }  # fmt: skip


def _last_attainment(rows: Sequence[QuarterRow]) -> Figure:
    known = [(index + 0.5, row.attainment) for index, row in enumerate(rows) if row.attainment is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _value in known[-1:]],
        "y": [float(value) for _x, value in known[-1:]],
        "marker": {"color": "var(--numbers)", "size": 11, "opacity": 1},
        "hoverinfo": "skip",
        "xaxis": "x",
        "yaxis": "y",
    }


def _scope(rows: Sequence[QuarterRow], money: Money) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(rows) + 1)),
        "y": [float(row.scope_end) for row in (*rows, rows[-1])],
        "customdata": [
            [label(row.quarter), _("%(amount)s a year") % {"amount": money(row.scope_end)}] for row in (*rows, rows[-1])
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "line": {"color": "var(--scope)", "width": 2.5, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": "var(--scope-soft)",
        "xaxis": "x",
        "yaxis": "y2",
    }


def _changes(rows: Sequence[QuarterRow], money: Money, sign: int, top: float) -> Figure:
    """Triangles where the scope went up (sign 1) or down (sign −1), with the amount."""
    found = [(index, row) for index, row in enumerate(rows) if row.change * sign > 0 and index > 0]
    colour = "var(--up)" if sign > 0 else "var(--down)"
    mark = "+" if sign > 0 else "−"
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [index for index, _row in found],
        "y": [float(max(row.scope_end, row.scope_start)) + top * 0.03 for _index, row in found],
        "text": [f"{mark}{money(abs(row.change))}" for _index, row in found],
        "textposition": "top center",
        "textfont": {"color": colour, "weight": 600, "size": 12},
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


def _annotations(
    rows: Sequence[QuarterRow], good: Decimal, money: Money, stalled: int, *, narrow: bool
) -> list[Figure]:
    count = len(rows)
    titles = [(_("KPI attainment"), 1.0), (_("Scope, annual"), 0.47)]
    found: list[Figure] = [
        {
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
        for text, y in titles
    ]
    found.append(
        {
            "text": _("Good from %(good)s %%") % {"good": f"{good:.0f}"},
            "xref": "paper",
            "yref": "y",
            "x": 0.995,
            "y": float(good) + 1,
            "xanchor": "right",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": "var(--ink-3)", "size": 11},
        }
    )
    last = rows[-1]
    ends = [("y2", float(last.scope_end), money(last.scope_end), "var(--scope)")]
    if last.attainment is not None:
        ends.append(("y", float(last.attainment), f"{last.attainment:.0f} %", "var(--numbers)"))
    found.extend(
        {
            "text": text,
            "xref": "paper",
            "yref": axis,
            "x": 1,
            "xshift": 8,
            "y": y,
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": colour, "size": 14, "weight": 650},
        }
        for axis, y, text, colour in ends
    )
    if stalled > 1 and last.scope_end > 0:
        words = ngettext("%(count)s quarter<br>without a change", "%(count)s quarters<br>without a change", stalled) % {
            "count": stalled
        }
        found.append(
            {
                "text": words,
                "xref": "x",
                "yref": "y2",
                "x": count - stalled / 2,
                "y": float(last.scope_end) * 0.45,
                "showarrow": False,
                "font": {"color": "var(--scope)", "size": 12 if narrow else 13, "weight": 500},
            }
        )
    return found
