"""A calendar of quarters as an axis, and the layout all charts over it share."""

from collections.abc import Sequence

from metrics.charts import Figure


def label(quarter: str) -> str:
    """`Q3 2026` of `2026-Q3`."""
    year, number = quarter.split("-")
    return f"{number} {year}"


def axis_labels(quarters: Sequence[str], *, narrow: bool) -> tuple[list[float], list[str]]:
    """Where a label stands, the middle of its quarter, and what it says: the year once, below its first."""
    values: list[float] = []
    texts: list[str] = []
    seen = ""
    for index, quarter in enumerate(quarters):
        year, number = quarter.split("-")
        if narrow and number != "Q1":
            continue
        values.append(index + 0.5)
        texts.append(number if year == seen else f"{number}<br>{year}")
        seen = year
    return values, texts


def base_layout(*, narrow: bool, height: int) -> Figure:
    """Margins, type and hover of a chart over quarters."""
    return {
        "height": height,
        "margin": {"l": 52 if narrow else 60, "r": 64 if narrow else 76, "t": 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": -1,
        "font": {"color": "var(--ink-3)", "size": 12},
        "hoverlabel": {"bgcolor": "var(--ink)", "font": {"color": "var(--surface)", "size": 12}},
    }
