"""How many accounts stand in each band of the partnership score, by quarter."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.charts import Figure
from metrics.charts.quarters import base_layout, calendar_axis
from metrics.printing import number_text, quarter_text
from metrics.queries.portfolio_charts import BandCounts

HEIGHT = 290
TOP, BOTTOM = 8, 44
LABELS_APART = 17
"""Pixels between the names in the margin."""
HEADROOM = 1.05
MOST_TICKS = 5

BANDS = ("partnership", "developing", "transactional", "unknown")
"""From the ground up."""
SHADES = {"partnership": 1.0, "developing": 0.55, "transactional": 0.25}
"""How strong the colour of a band is: the nearer the relationship, the stronger."""


_WORDS = {
    "partnership": gettext_lazy("Partnership"),
    "developing": gettext_lazy("Developing"),
    "transactional": gettext_lazy("Transactional"),
    "unknown": gettext_lazy("Not known"),
}


def band_word(band: str) -> str:
    """What a band is called, and what those are called that have no score."""
    return str(_WORDS[band])


def partnership_bands(rows: Sequence[BandCounts], *, narrow: bool = False) -> Figure:
    """Accounts with scope at each quarter's end, stacked by band; hollow: those without a score.

    `rows` are by quarter without gaps, oldest first.
    """
    top = max([1.0, *(float(row.accounts) for row in rows)]) * HEADROOM
    layout = base_layout(height=HEIGHT, left=36, right=104 if narrow else 122, top=TOP)
    axis = calendar_axis([row.quarter for row in rows], narrow=narrow)
    ticks = list(range(0, int(top) + 1, _step(top)))
    layout.update(
        barmode="stack",
        bargap=0.3,
        xaxis=axis,
        yaxis={
            "range": [0, top],
            "tickvals": ticks,
            "ticktext": [number_text(tick) for tick in ticks],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        annotations=_names(rows[-1], top, narrow=narrow),
    )
    return {"data": [_bars(rows, band) for band in BANDS], "layout": layout}


def description(rows: Sequence[BandCounts]) -> str:
    """The chart in a sentence, for those who hear the page."""
    last = rows[-1]
    return _(
        "Accounts by band of the partnership score, by quarter: in %(quarter)s %(partnership)s partnership,"
        " %(developing)s developing, %(transactional)s transactional, %(unknown)s not known."
    ) % {
        "quarter": quarter_text(last.quarter),
        **{band: number_text(getattr(last, band)) for band in BANDS},
    }


def _step(top: float) -> int:
    """A round number of accounts of which at most five fit below the top."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if top / step <= MOST_TICKS:
                return step
        unit *= 10


def _bars(rows: Sequence[BandCounts], band: str) -> Figure:
    is_known, word, words = band in SHADES, band_word(band), _("%(band)s: %(count)s of %(all)s")
    return {
        "type": "bar",
        "name": word,
        "x": [index + 0.5 for index in range(len(rows))],
        "y": [getattr(row, band) or None for row in rows],  # a bar of nothing would still have an edge
        "customdata": [
            [
                quarter_text(row.quarter),
                words % {"band": word, "count": getattr(row, band), "all": row.accounts},
            ]
            for row in rows
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "marker": {
            "color": "var(--accent)" if is_known else "var(--surface)",
            "opacity": SHADES.get(band, 1.0),
            "line": {"color": "var(--surface)" if is_known else "var(--line-2)", "width": 1},
        },
    }


def _names(row: BandCounts, top: float, *, narrow: bool) -> list[Figure]:
    """What the parts of the last bar are called, with how many they are; those that are none are left out."""
    pixels = (HEIGHT - TOP - BOTTOM) / top
    found: list[Figure] = []
    ground, free_from = 0, 0.0
    for band in BANDS:
        count = getattr(row, band)
        middle = (ground + count / 2) * pixels
        ground += count
        if not count:
            continue
        at = max(middle, free_from)
        free_from = at + LABELS_APART
        found.append(
            {
                "text": f"{number_text(count)} {band_word(band)}",
                "xref": "paper",
                "yref": "y",
                "x": 1,
                "y": middle / pixels,
                "xshift": 6 if narrow else 10,
                "yshift": round(at - middle, 1),
                "xanchor": "left",
                "yanchor": "middle",
                "showarrow": False,
                "font": {
                    "color": "var(--ink-3)" if band == "unknown" else "var(--ink-2)",
                    "size": 11 if narrow else 12,
                    "weight": 500,
                },
            }
        )
    return found
