"""The frame around a page, as its templates ask for it."""

from django import template
from django.template import Context

from metrics.queries.frame import Framed

register = template.Library()


@register.simple_tag(takes_context=True)
def framed(context: Context) -> Framed:
    """What the frame shows: as the page has read it, under this name, or read now."""
    frame = context["frame"]
    if "framed" in context:
        frame.framed = context["framed"]
    found: Framed = frame.framed
    return found
