"""A calendar of quarters as an axis, and the layout all charts over it share."""

from collections.abc import Sequence

from metrics.charts import Figure
from metrics.printing import quarter_number_text


def axis_labels(quarters: Sequence[str], *, narrow: bool) -> tuple[list[float], list[str]]:
    """Where a label stands, the middle of its quarter, and what it says: the year once, below its first.

    Narrow: one label a year, for its first quarter.
    """
    values: list[float] = []
    texts: list[str] = []
    seen = ""
    for index, quarter in enumerate(quarters):
        year, number = quarter.split("-")
        if narrow and len(quarters) > FEW and number != "Q1":
            continue
        values.append(index + 0.5)
        text = quarter_number_text(number)
        texts.append(text if year == seen else f"{text}<br>{year}")
        seen = year
    return values, texts


FEW = 6
"""Quarters that find room for a label each also where it is narrow."""


def calendar_axis(quarters: Sequence[str], *, narrow: bool) -> Figure:
    """The axis on which quarter n lies between n and n + 1."""
    values, texts = axis_labels(quarters, narrow=narrow)
    return {
        "range": [0, len(quarters)],
        "tickvals": values,
        "ticktext": texts,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def base_layout(*, height: int, left: int, right: int, top: int = 8) -> Figure:
    """Margins, type and hover of a chart over quarters."""
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 24,
        "font": {"color": "var(--ink-3)", "size": 12},
        "hoverlabel": {
            "bgcolor": "var(--ink)",
            "bordercolor": "var(--ink)",
            "font": {"color": "var(--surface)", "size": 12},
        },
    }


def end_label(text: str, y: float, axis: str, colour: str) -> Figure:
    """What the last point says, in the margin beside it."""
    return {
        "text": text,
        "xref": "paper",
        "yref": axis,
        "x": 1,
        "xshift": 10,
        "y": y,
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"color": colour, "size": 14, "weight": 650},
    }
