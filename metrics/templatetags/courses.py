"""What a sparkline says, in words: for those who hear the page, and for its title."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from django import template
from django.utils.translation import ngettext

from metrics.printing import money_text, number_text, percent_text

register = template.Library()

Course = Sequence[float | None]


@register.filter
def attainment_course(points: Course) -> str:
    """`Attainment over 12 quarters: from 75 % to 83 %, lowest 60 %, highest 92 %`."""
    known = [point for point in points if point is not None]
    words = ngettext(
        "Attainment of one quarter: %(last)s",
        "Attainment over %(count)s quarters: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s",
        len(known),
    )
    return _course(words, known, percent_text)


@register.filter
def score_course(points: Course) -> str:
    """`Partnership score over 12 quarters: from 40 to 52, lowest 38, highest 52`."""
    known = [point for point in points if point is not None]
    words = ngettext(
        "Partnership score of one quarter: %(last)s",
        "Partnership score over %(count)s quarters: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s",
        len(known),
    )
    return _course(words, known, number_text)


@register.filter
def scope_course(points: Course, currency: str) -> str:
    """`Annual scope over 12 quarters: from $800k to $860k, larger in 3, smaller in 1`."""
    known = [point for point in points if point is not None]
    if not known:
        return ""
    steps = [later - earlier for earlier, later in pairwise(known)]
    words = ngettext(
        "Annual scope of one quarter: %(last)s",
        "Annual scope over %(count)s quarters: from %(first)s to %(last)s, larger in %(up)s, smaller in %(down)s",
        len(known),
    )
    return words % {
        "count": len(known),
        "first": money_text(known[0], currency),
        "last": money_text(known[-1], currency),
        "up": sum(step > 0 for step in steps),
        "down": sum(step < 0 for step in steps),
    }


def _course(words: str, known: Sequence[float], text: Callable[[float], str]) -> str:
    if not known:
        return ""
    return words % {
        "count": len(known),
        "first": text(known[0]),
        "last": text(known[-1]),
        "low": text(min(known)),
        "high": text(max(known)),
    }
