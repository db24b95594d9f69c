"""The expansion rate of the year window by quarter, within its interval, over the bands and beside a benchmark."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.charts import Figure
from metrics.charts.quarters import base_layout, calendar_axis, end_label
from metrics.charts.words import as_text
from metrics.figures.expansion import MODERATE, STRONG
from metrics.printing import number_text, percent_text, quarter_text
from metrics.queries.benchmarks import BenchmarkRow
from metrics.queries.portfolio import RatePoint

HEIGHT = 330
GUTTER, NARROW_GUTTER = 2.9, 4.6
"""Quarters of room before the first one, where the bands are named."""
LOWEST_TOP = Decimal(40)
"""Percent that the scale reaches at least, so that all three bands are seen."""
HEADROOM = Decimal("1.08")
LABELS_APART = 34
"""Pixels between the last rate and the benchmark's name, which stand in the same margin."""
TOP, BOTTOM = 8, 44
LONGEST_NAME = 15


def expansion_rate(
    points: Sequence[RatePoint], benchmark: BenchmarkRow | None = None, *, narrow: bool = False
) -> Figure:
    """Rates in percent as points, a gap where nobody was existing; the ribbon is the 95 % Wilson interval.

    `points` are by quarter without gaps, oldest first; the last one is hollow while its quarter is in progress.
    """
    top = _top(points, benchmark)
    layout = base_layout(height=HEIGHT, left=42, right=84 if narrow else 96, top=TOP)
    axis = calendar_axis([point.quarter for point in points], narrow=narrow)
    axis.update(range=[-(NARROW_GUTTER if narrow else GUTTER), len(points)], ticktext=_alone(axis), tickangle=0)
    ticks = [0, MODERATE, STRONG, *range(40, int(top) + 1, 20)]
    layout.update(
        xaxis=axis,
        yaxis={
            "range": [0, float(top)],
            "tickvals": ticks,
            "ticktext": [percent_text(tick) for tick in ticks],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        shapes=[*_bands(top), *_ribbon(points), *_benchmark_line(benchmark)],
        annotations=[*_band_names(top, narrow=narrow), *_labels(points, benchmark, top, narrow=narrow)],
    )
    return {"data": [_rates(points), _last(points)], "layout": layout}


def description(points: Sequence[RatePoint], benchmark: BenchmarkRow | None = None) -> str:
    """The chart in a sentence, for those who hear the page."""
    known = [point for point in points if point.rate is not None]
    if not known:
        return _("There is no expansion rate in these quarters: it takes a year with accounts in it.")
    last = known[-1]
    told = _(
        "Expansion rate over the year by quarter: in %(quarter)s %(grown)s of %(existing)s, which is %(rate)s,"
        " between %(low)s and %(high)s."
    ) % {
        "quarter": quarter_text(last.quarter),
        "grown": number_text(last.expanding),
        "existing": number_text(last.existing),
        "rate": _percent(last.rate),
        "low": _percent(last.low),
        "high": _percent(last.high),
    }
    if benchmark is None:
        return told
    beside = _("The benchmark %(name)s is %(value)s.")
    return f"{told} {beside % {'name': benchmark.name, 'value': percent_text(benchmark.value)}}"


def _alone(axis: Figure) -> list[str]:
    """The labels of quarters, without the first one's year where that of the next would stand in its way."""
    texts: list[str] = list(axis["ticktext"])
    if len(texts) > 1 and "<br>" in texts[1] and axis["tickvals"][1] - axis["tickvals"][0] == 1:
        texts[0] = texts[0].partition("<br>")[0]
    return texts


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else percent_text(value)


def _top(points: Sequence[RatePoint], benchmark: BenchmarkRow | None) -> Decimal:
    highest = max([LOWEST_TOP, *(point.high for point in points if point.high is not None)])
    if benchmark:
        highest = max(highest, benchmark.value)
    return min(highest * HEADROOM, Decimal(104))


def _rates(points: Sequence[RatePoint]) -> Figure:
    return {
        "type": "scatter",
        "name": _("Expansion rate"),
        "mode": "lines+markers",
        "x": [index + 0.5 for index in range(len(points))],
        "y": [None if point.rate is None else float(point.rate) for point in points],
        "customdata": [
            [
                quarter_text(point.quarter),
                _("%(grown)s of %(existing)s grew: %(rate)s")
                % {"grown": point.expanding, "existing": point.existing, "rate": _percent(point.rate)},
                _("Interval %(low)s to %(high)s") % {"low": _percent(point.low), "high": _percent(point.high)},
            ]
            for point in points
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
    }


def _last(points: Sequence[RatePoint]) -> Figure:
    """The quarter shown, larger; hollow while it is in progress."""
    last = points[-1]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [] if last.rate is None else [len(points) - 0.5],
        "y": [] if last.rate is None else [float(last.rate)],
        "marker": {
            "color": "var(--surface)" if last.in_progress else "var(--numbers)",
            "size": 11,
            "opacity": 1,
            "line": {"color": "var(--numbers)" if last.in_progress else "var(--surface)", "width": 2},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _bands(top: Decimal) -> list[Figure]:
    grounds = (
        (0, MODERATE, "var(--down-soft)"),
        (MODERATE, STRONG, "var(--sunken)"),
        (STRONG, float(top), "var(--up-soft)"),
    )
    return [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": low,
            "y1": high,
            "fillcolor": colour,
            "line": {"width": 1, "color": "var(--surface)"},
            "layer": "below",
        }
        for low, high, colour in grounds
    ]


def _ribbon(points: Sequence[RatePoint]) -> list[Figure]:
    """Between the ends of the intervals; parted where there is no rate."""
    runs: list[list[tuple[float, float, float]]] = [[]]
    for index, point in enumerate(points):
        if point.low is not None and point.high is not None:
            runs[-1].append((index + 0.5, float(point.low), float(point.high)))
        elif runs[-1]:
            runs.append([])
    return [
        {
            "type": "path",
            "path": "M"
            + "L".join(
                [f"{x:.2f},{high:.4f}" for x, _low, high in run] + [f"{x:.2f},{low:.4f}" for x, low, _high in run[::-1]]
            )
            + "Z",
            "fillcolor": "var(--numbers)",
            "opacity": 0.14,
            "line": {"width": 0},
            "layer": "below",
        }
        for run in runs
        if len(run) > 1
    ]


def _benchmark_line(benchmark: BenchmarkRow | None) -> list[Figure]:
    if benchmark is None:
        return []
    value = float(benchmark.value)
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": value,
            "y1": value,
            "line": {"color": "var(--ink-3)", "width": 1.5, "dash": "dash"},
            "layer": "below",
        }
    ]


def _band_names(top: Decimal, *, narrow: bool) -> list[Figure]:
    names = (
        (_("Concerning"), MODERATE / 2, "var(--down)"),
        (_("Moderate"), (MODERATE + STRONG) / 2, "var(--ink-2)"),
        (_("Strong"), STRONG + min(6.0, (float(top) - STRONG) / 2), "var(--up)"),
    )
    return [
        {
            "text": text,
            "xref": "paper",
            "yref": "y",
            "x": 0,
            "y": y,
            "xshift": 5 if narrow else 8,
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": colour, "size": 10 if narrow else 11, "weight": 500},
        }
        for text, y, colour in names
    ]


def _labels(points: Sequence[RatePoint], benchmark: BenchmarkRow | None, top: Decimal, *, narrow: bool) -> list[Figure]:
    """What the last point says, what the benchmark is called, and what the ribbon is."""
    found: list[Figure] = []
    last = points[-1]
    if last.rate is not None:
        rate = end_label(percent_text(last.rate), float(last.rate), "y", "var(--numbers)")
        words = _("%(grown)s of %(existing)s") % {
            "grown": number_text(last.expanding),
            "existing": number_text(last.existing),
        }
        found += [
            {**rate, "yshift": 8},
            {**rate, "text": words, "yshift": -9, "font": {**rate["font"], "size": 12, "weight": 500}},
        ]
    if benchmark is not None:
        label = end_label("", float(benchmark.value), "y", "var(--ink-2)")
        found.append(
            {
                **label,
                "text": f"{as_text(benchmark.name, LONGEST_NAME)}<br>{percent_text(benchmark.value)}",
                "align": "left",
                "yshift": _away(last.rate, benchmark.value, top),
                "font": {"color": "var(--ink-2)", "size": 11 if narrow else 12},
            }
        )
    widest = max(
        (place for place, point in enumerate(points) if point.high is not None and 1 < place < len(points) - 2),
        key=lambda place: float((points[place].high or 0) - (points[place].rate or 0)),
        default=None,
    )
    if widest is not None and not narrow:
        point = points[widest]
        found.append(
            {
                "text": _("95 %% interval") % {},
                "xref": "x",
                "yref": "y",
                "x": widest + 0.5,
                "y": float(((point.high or 0) + (point.rate or 0)) / 2),
                "showarrow": False,
                "font": {"color": "var(--numbers)", "size": 11, "weight": 500},
            }
        )
    return found


def _away(rate: Decimal | None, benchmark: Decimal, top: Decimal) -> float:
    """How many pixels the benchmark's name is moved from its line, so that it stands clear of the last rate."""
    if rate is None:
        return 0
    apart = float((benchmark - rate) / top) * (HEIGHT - TOP - BOTTOM)
    if abs(apart) >= LABELS_APART:
        return 0
    up = apart > 0 or float(benchmark / top) * (HEIGHT - TOP - BOTTOM) + apart < LABELS_APART
    return (LABELS_APART if up else -LABELS_APART) - apart
