"""A share with its interval, drawn by the server on a scale from 0 to 100 % of the room there is."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from metrics.printing import percent_text

register = template.Library()

STEP = 20
"""Percent between two lines of a scale."""


class Whole(Protocol):
    """All accounts together: their rate and its interval, in percent."""

    @property
    def rate(self) -> Decimal: ...
    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...


@register.simple_tag
def interval(
    rate: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    top: int,
    benchmark: Decimal | None = None,
    whole: Whole | None = None,
) -> str:
    """A dot at the rate and a whisker from `low` to `high`, on the scale from 0 to `top` percent.

    `benchmark` stands as a diamond, `whole` (all accounts together) as an upright line within its interval. It is
    hidden from those who hear the page: the figures stand beside it.
    """
    if rate is None or low is None or high is None:
        return ""
    parts = []
    if whole is not None:
        parts.append(
            format_html(
                '<rect class="reach" x="{}" width="{}" y="0" height="22"/>',
                _place(whole.low, top),
                _place(whole.high - whole.low, top),
            )
        )
    parts.append(_lines(top))
    if whole is not None:
        parts.append(format_html('<line class="whole" x1="{0}" x2="{0}" y1="0" y2="22"/>', _place(whole.rate, top)))
    parts.append(
        format_html(
            '<line class="whisker" x1="{0}" x2="{1}" y1="11" y2="11"/>'
            '<line class="whisker" x1="{0}" x2="{0}" y1="7" y2="15"/>'
            '<line class="whisker" x1="{1}" x2="{1}" y1="7" y2="15"/>',
            _place(low, top),
            _place(high, top),
        )
    )
    if benchmark is not None:
        parts.append(
            format_html(
                '<svg x="{}" overflow="visible"><path class="benchmark" d="M0 6l5 5-5 5-5-5z"/></svg>',
                _place(benchmark, top),
            )
        )
    parts.append(format_html('<circle class="rate" cx="{}" cy="11" r="5"/>', _place(rate, top)))
    return format_html(
        '<svg class="interval-drawn" height="22" aria-hidden="true">{}</svg>', format_html_join("", "{}", _each(parts))
    )


@register.simple_tag
def interval_scale(top: int) -> str:
    """The percentages above such intervals."""
    marks = [
        (_place(Decimal(percent), top), "start" if percent == 0 else "end" if percent == top else "middle", text)
        for percent in range(0, top + 1, STEP)
        for text in [percent_text(percent)]
    ]
    return format_html(
        '<svg class="interval-scale" height="14" aria-hidden="true">{}</svg>',
        format_html_join("", '<text x="{}" y="11" text-anchor="{}">{}</text>', marks),
    )


def top_of(highs: Iterable[Decimal | None]) -> int:
    """Where the scale ends: at the first line that lies above all of them, at most at 100 %."""
    highest = max((high for high in highs if high is not None), default=Decimal(0))
    return min(100, (int(highest) // STEP + 1) * STEP)


def _lines(top: int) -> SafeString:
    places = [(_place(Decimal(percent), top),) for percent in range(0, top + 1, STEP)]
    return format_html_join("", '<line class="scale" x1="{0}" x2="{0}" y1="0" y2="22"/>', places)


def _each(parts: Sequence[SafeString]) -> list[tuple[SafeString]]:
    return [(part,) for part in parts]


def _place(percent: Decimal, top: int) -> str:
    """A percentage as a place on the line, in the language of SVG and not of the reader."""
    return f"{min(max(percent * 100 / top, Decimal(0)), Decimal(100)):.2f}%"
