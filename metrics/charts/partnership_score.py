"""The partnership score by quarter, with the bands it moves through and how many attributes it rests on."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.charts.quarters import axis_labels, base_layout, label
from metrics.queries.account import QuarterRow

BANDS = ((0, 40), (40, 70), (70, 100))


def partnership_score(rows: Sequence[QuarterRow], *, narrow: bool = False) -> Figure:
    """Scores from 0 to 100 as points; a gap where fewer than six attributes are known.

    `rows` are a client's quarters, oldest first. Coverage is the number at each point's foot.
    """
    figure: Figure = {"data": [], "layout": base_layout(narrow=narrow, height=240)}
    layout = figure["layout"]
    values, texts = axis_labels([row.quarter for row in rows], narrow=narrow)
    figure["data"].append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [index + 0.5 for index in range(len(rows))],
            "y": [None if row.partnership_score is None else float(row.partnership_score) for row in rows],
            "customdata": [
                [
                    label(row.quarter),
                    "–" if row.partnership_score is None else f"{row.partnership_score:.0f}",
                    _("%(count)s of 10 attributes known") % {"count": row.coverage},
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
        }
    )
    names = (_("Transactional"), _("Developing"), _("Partnership"))
    layout.update(
        xaxis={
            "range": [0, max(1, len(rows))],
            "tickvals": values,
            "ticktext": texts,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [0, 100],
            "tickvals": [0, 40, 70, 100],
            "ticktext": ["0", "40", "70", "100"],
            "gridcolor": "var(--line-2)",
            "zeroline": False,
            "fixedrange": True,
        },
        annotations=[
            {
                "text": name,
                "xref": "paper",
                "yref": "y",
                "x": 0.005,
                "y": high - 1,
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
                "font": {"color": "var(--ink-3)", "size": 11},
            }
            for name, (_low, high) in zip(names, BANDS, strict=True)
        ],
    )
    last = next((row for row in reversed(rows) if row.partnership_score is not None), None)
    if last is not None and last is rows[-1] and last.partnership_score is not None:
        layout["annotations"].append(
            {
                "text": f"{last.partnership_score:.0f}",
                "xref": "paper",
                "yref": "y",
                "x": 1,
                "xshift": 8,
                "y": float(last.partnership_score),
                "xanchor": "left",
                "yanchor": "middle",
                "showarrow": False,
                "font": {"color": "var(--accent)", "size": 14, "weight": 650},
            }
        )
    return figure
