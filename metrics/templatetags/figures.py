"""Figures on a page: filters that print them, and tags that draw them. What cannot be known is a dash, with a word."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.reader_locale import day_text
from metrics.printing import (
    Number,
    full_money_text,
    money_text,
    number_text,
    percent_text,
    quarter_text,
    seconds_text,
    signed_full_money_text,
    signed_money_text,
    signed_percent_text,
    signed_text,
)

register = template.Library()

PATTERNS = {
    "compounding": gettext_lazy("Compounding trust"),
    "stalling": gettext_lazy("Good numbers, stalling"),
    "deepening": gettext_lazy("Deepening through fluctuation"),
    "at_risk": gettext_lazy("At risk"),
    "too_early": gettext_lazy("Too early to tell"),
}
"""The word of each pattern."""

_SHAPES = {
    "compounding": '<circle cx="5" cy="5" r="4.5"/>',
    "stalling": '<path d="M1 1h8v8H1z"/>',
    "deepening": '<path d="M5 0l5 5-5 5-5-5z"/>',
    "at_risk": '<path d="M0 1h10L5 9.5z"/>',
    "too_early": '<circle class="hollow" cx="5" cy="5" r="3.75"/>',
}
"""Its shape, which says the same where colour can't, in a square of ten."""


# Numbers


def dash() -> SafeString:
    """What cannot be known: a dash for the eye, a word for the ear."""
    return _dash(get_language())


@cache
def _dash(_language: str | None) -> SafeString:
    return format_html(
        '<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>',
        _("not known"),
    )


def _told(value: Number | None, text: Callable[..., str], *arguments: Any) -> str:
    return dash() if value is None or value == "" else text(value, *arguments)


@register.filter
def percent(value: Number | None, decimals: int = 0) -> str:
    """`83 %`."""
    return _told(value, percent_text, decimals)


@register.filter
def signed_percent(value: Number | None, decimals: int = 0) -> str:
    """`+36 %`."""
    return _told(value, signed_percent_text, decimals)


@register.filter
def points(value: Number | None) -> str:
    """A score from 0 to 100, whole."""
    return _told(value, number_text)


@register.filter
def signed_points(value: Number | None) -> str:
    """How far two scores are apart: `+12`."""
    return _told(value, signed_text)


@register.filter
def signed1(value: Number | None) -> str:
    """How far two scores are apart, to a tenth: `+0.4`."""
    return _told(value, signed_text, 1)


@register.filter
def count(value: Number | None) -> str:
    """`1,020`."""
    return _told(value, number_text)


@register.filter
def coverage_words(known: int) -> str:
    """`from 7 of 10 attributes`."""
    return _("from %(known)s of 10 attributes") % {"known": known}


@register.filter
def decimal1(value: Number | None) -> str:
    """`4.1`."""
    return _told(value, number_text, 1)


@register.filter
def decimal2(value: Number | None) -> str:
    """`0.62`."""
    return _told(value, number_text, 2)


@register.filter
def money(value: Number | None, currency: str) -> str:
    """`$1.99m`."""
    return _told(value, money_text, currency)


@register.filter
def signed_money(value: Number | None, currency: str) -> str:
    """`+$300k`."""
    return _told(value, signed_money_text, currency)


@register.filter
def full_money(value: Number | None, currency: str) -> str:
    """`$1,120,000`."""
    return _told(value, full_money_text, currency)


@register.filter
def signed_full_money(value: Number | None, currency: str) -> str:
    """`+$120,000`."""
    return _told(value, signed_full_money_text, currency)


@register.filter
def seconds(value: float | None) -> str:
    """`3 min 20 s`."""
    return _told(value, seconds_text)


@register.filter
def sign(value: Number | None) -> str:
    """`up`, `down` or nothing: the class that goes with a signed number, beside its sign."""
    return "" if not value else "up" if value > 0 else "down"


# Days


@register.filter
def day(value: date | datetime | None) -> str:
    """`30 Sep 2026`."""
    if value is None:
        return dash()
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return _time(local.isoformat(), day_text(local))
    return _time(value.isoformat(), day_text(value))


@lru_cache(maxsize=10_000)
def _time(exact: str, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', exact, words)


@register.filter
def moment(value: datetime | None) -> str:
    """`30 Sep 2026, 02:14`, on the clock in force."""
    if value is None:
        return dash()
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat(timespec="seconds"),
        day_text(local.date()),
        local.strftime("%H:%M"),
    )


@register.filter
def quarter_name(label: str) -> str:
    """`Q3 2026` of `2026-Q3`."""
    return quarter_text(label)


# Patterns


@register.filter
def pattern_word(code: str) -> str:
    """What the pattern is called; nothing where there is none."""
    return str(PATTERNS.get(code, ""))


@register.simple_tag
def pattern_glyph(code: str) -> str:
    """The pattern's shape alone, which is read out as its word."""
    if code not in PATTERNS:
        return ""
    return format_html('<span role="img" aria-label="{}">{}</span>', PATTERNS[code], _glyph(code))


@register.simple_tag
def pattern_tag(code: str) -> str:
    """The pattern's shape and word; a dash where there is none."""
    return _tag(code, get_language()) if code in PATTERNS else dash()


@cache
def _tag(code: str, _language: str | None) -> SafeString:
    return format_html('<span class="tag {}">{}{}</span>', code, _glyph(code), PATTERNS[code])


@cache
def _glyph(code: str) -> SafeString:
    shape = SafeString(_SHAPES[code])
    return format_html('<svg class="glyph {}" viewBox="0 0 10 10" aria-hidden="true">{}</svg>', code, shape)


# Sparklines

_WIDTH = 120.0
_HEIGHT = 28.0
_MARGIN = 3.0
_FLOOR = _HEIGHT - _MARGIN


@register.simple_tag
def sparkline(
    points: Sequence[Decimal | float | None],
    low: Number,
    high: Number | None,
    label: str,
    kind: str = "numbers",
    good: Number | None = None,
) -> str:
    """A course in the height of a line of text, on the scale from `low` to `high`.

    `kind` is `numbers` or `score` (a line with its last point) or `scope` (steps, with an area down to `low`);
    `high` None means the largest point. `good` draws the band from there to `high`. None in `points` breaks
    the line. `label` says the course in words.
    """
    known = [float(point) for point in points if point is not None]
    if not known:
        return dash()
    bottom = float(low)
    top = float(high) if high is not None else max(known)
    span = top - bottom or 1.0

    def height(value: Decimal | float | Number) -> str:
        inside = min(max(float(value), bottom), top)
        return _coordinate(_FLOOR - (inside - bottom) / span * (_FLOOR - _MARGIN))

    heights = [None if point is None else height(point) for point in points]
    drawn = _steps(heights) if kind == "scope" else _line(heights)
    if good is not None:
        share = min(max(float(good), bottom), top)
        thick = (top - share) / span * (_FLOOR - _MARGIN)
        drawn = f'<rect class="band" x="0" y="{height(top)}" width="120" height="{_coordinate(thick)}"/>{drawn}'
    return format_html(
        '<svg class="spark {}" viewBox="0 0 120 28" role="img" aria-label="{}">{}</svg>',
        kind,
        label,
        SafeString(drawn),
    )


def _runs(heights: Sequence[str | None]) -> list[list[tuple[int, str]]]:
    """The known heights with their places, parted where one is not known."""
    runs: list[list[tuple[int, str]]] = [[]]
    for place, height in enumerate(heights):
        if height is not None:
            runs[-1].append((place, height))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _line(heights: Sequence[str | None]) -> str:
    across = _across(_MARGIN, _WIDTH - _MARGIN, max(1, len(heights) - 1))
    runs = _runs(heights)
    lines = "".join(
        # A line of one point is drawn as a dot: round ends make it one.
        f'<polyline class="line" points="{_points(across, run * 2 if len(run) == 1 else run)}"/>'
        for run in runs
    )
    place, height = runs[-1][-1]
    if place != len(heights) - 1:
        return lines
    return f'{lines}<circle class="dot" cx="{across[place]}" cy="{height}" r="2.6"/>'


def _points(across: Sequence[str], run: Sequence[tuple[int, str]]) -> str:
    return " ".join([f"{across[place]},{height}" for place, height in run])


def _steps(heights: Sequence[str | None]) -> str:
    """Each point held over its own width."""
    across = _across(0, _WIDTH, len(heights))
    floor = _coordinate(_FLOOR)
    parts = []
    for run in _runs(heights):
        line = " ".join([f"{across[place]},{height} {across[place + 1]},{height}" for place, height in run])
        area = f"{across[run[0][0]]},{floor} {line} {across[run[-1][0] + 1]},{floor}"
        parts.append(f'<polygon class="area" points="{area}"/><polyline class="line" points="{line}"/>')
    return "".join(parts)


@lru_cache(maxsize=100)
def _across(start: float, end: float, steps: int) -> tuple[str, ...]:
    """The places from start to end, so many steps apart: the same in every row of a table."""
    step = (end - start) / steps
    return tuple(_coordinate(start + number * step) for number in range(steps + 1))


def _coordinate(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# Charts


@register.simple_tag
def chart(figure: dict[str, Any], narrow_figure: dict[str, Any] | None, label: str) -> str:
    """A Plotly figure as an element that draws itself when it comes into view; `label` says it in words.

    Its height is kept free until then, so that nothing on the page moves.
    """
    narrow = narrow_figure or figure
    return format_html(
        '<plot-figure role="img" aria-label="{}" data-figure="{}" data-figure-narrow="{}" data-failed="{}">'
        '<svg class="room" width="1" height="{}" aria-hidden="true"></svg>'
        '<svg class="room narrow" width="1" height="{}" aria-hidden="true"></svg>'
        "</plot-figure>",
        label,
        _as_json(figure),
        _as_json(narrow),
        _("The chart could not be drawn. The table below says the same."),
        figure["layout"]["height"],
        narrow["layout"]["height"],
    )


def _as_json(figure: dict[str, Any]) -> str:
    return json.dumps(figure, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
