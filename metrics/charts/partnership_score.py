"""The partnership score by quarter, with the bands it moves through and how many attributes it rests on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.charts.quarters import base_layout, calendar_axis, end_label
from metrics.figures.partnership import DEVELOPING, PARTNERSHIP
from metrics.printing import number_text, quarter_text
from metrics.queries.account import QuarterRow

FOOT = 7
"""Where on the scale of 0 to 100 the coverage is written."""


def partnership_score(rows: Sequence[QuarterRow], *, narrow: bool = False) -> Figure:
    """Scores from 0 to 100 as points; a gap where fewer than six attributes are known.

    `rows` are a client's quarters without gaps, oldest first. Coverage is the number below each point.
    """
    layout = base_layout(height=262, left=86, right=34)
    layout.update(
        xaxis=calendar_axis([row.quarter for row in rows], narrow=narrow),
        yaxis={
            "range": [0, 100],
            "tickvals": [DEVELOPING / 2, (DEVELOPING + PARTNERSHIP) / 2, (PARTNERSHIP + 100) / 2],
            "ticktext": [
                f"{_('Transactional')}<br>0–{DEVELOPING}",
                f"{_('Developing')}<br>{DEVELOPING}–{PARTNERSHIP}",
                f"{_('Partnership')}<br>{PARTNERSHIP}–100",
            ],
            "tickfont": {"size": 11},
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": "y",
                "y0": edge,
                "y1": edge,
                "line": {"color": "var(--line)", "width": 1},
                "layer": "below",
            }
            for edge in (0, DEVELOPING, PARTNERSHIP, 100)
        ],
        annotations=[],
    )
    last = rows[-1]
    if last.partnership_score is not None:
        layout["annotations"].append(
            end_label(number_text(last.partnership_score), float(last.partnership_score), "y", "var(--accent)")
        )
    return {"data": [_scores(rows), _coverage(rows)], "layout": layout}


def description(rows: Sequence[QuarterRow]) -> str:
    """The chart in a sentence, for those who hear the page."""
    known = [row.partnership_score for row in rows if row.partnership_score is not None]
    if not known:
        return _("There is no partnership score in these quarters: it takes six attributes.")
    return _(
        "Partnership score from %(first)s to %(last)s: between %(low)s and %(high)s of 100, latest %(latest)s."
    ) % {
        "first": quarter_text(rows[0].quarter),
        "last": quarter_text(rows[-1].quarter),
        "low": number_text(min(known)),
        "high": number_text(max(known)),
        "latest": number_text(known[-1]),
    }


def _scores(rows: Sequence[QuarterRow]) -> Figure:
    return {
        "type": "scatter",
        "name": _("Partnership score"),
        "mode": "lines+markers",
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [None if row.partnership_score is None else float(row.partnership_score) for row in rows],
        "customdata": [
            [
                quarter_text(row.quarter),
                "–" if row.partnership_score is None else number_text(row.partnership_score),
                _("%(count)s of 10 attributes known") % {"count": row.coverage} if row.listed else _("no scope"),
            ]
            for row in rows
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        "line": {"color": "var(--accent)", "width": 2.5},
        "marker": {
            "color": "var(--accent)",
            "size": 8,
            "opacity": 1,
            "line": {"color": "var(--surface)", "width": 1.5},
        },
        "connectgaps": False,
        "cliponaxis": False,
    }


def _coverage(rows: Sequence[QuarterRow]) -> Figure:
    """How many of the ten are known, at each quarter's foot."""
    return {
        "type": "scatter",
        "name": _("Attributes known"),
        "mode": "text",
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [FOOT] * len(rows),
        "text": [str(row.coverage) if row.listed else "" for row in rows],
        "textfont": {"color": "var(--ink-3)", "size": 11},
        "hoverinfo": "skip",
    }
