"""The names of metrics on a page: each says what it is when it is pointed at, and leads to its definition."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from metrics.catalogue import BY_CODE, Words

register = template.Library()


@register.simple_tag
def metric_name(code: str, place: str = "") -> SafeString:
    """The metric's own name. Where a page names it twice, `place` tells the second from the first."""
    return _named(code, place, BY_CODE[code].name)


@register.simple_block_tag
def metric(content: SafeString, code: str, place: str = "") -> SafeString:
    """What stands between the tags, as the metric's name; the template has escaped it."""
    return _named(code, place, SafeString(content.strip()))


def _named(code: str, place: str, words: Words) -> SafeString:
    """A link to the definition, described by the first line of the metric's card.

    The line opens as a popover, so that no table which scrolls cuts it off; `tips.js` shows it.
    """
    tip = "-".join(filter(None, ("tip", code, place)))
    return format_html(
        '<span class="metric"><a href="{}#metric-{}" aria-describedby="{}">{}</a>'
        '<span class="tip" id="{}" role="tooltip" popover="manual">{}</span></span>',
        reverse("metrics:definitions"),
        code,
        tip,
        words,
        tip,
        BY_CODE[code].line,
    )


@register.filter
def band_word(band: str, code: str) -> Words:
    """What a band of this metric is called; nothing where there is none."""
    return next((one.name for one in BY_CODE[code].bands if one.code == band), "")
