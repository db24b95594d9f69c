"""A client's pages, as their templates ask for them: the frame, and what the portal's own words are."""

from decimal import Decimal

from django import template
from django.template import Context
from django.utils.functional import Promise

from accounts.attributes import ATTRIBUTE_WORDS
from metrics.portal.frame import PortalFrame, frame_of
from metrics.portal.sentences import AGREED_WORDS, DECISION_WORDS, OUTCOME_WORDS, ROLE_WORDS, STATUS_WORDS, VISIT_WORDS
from metrics.printing import number_text

register = template.Library()

STEP = Decimal(25)
"""Each answer above 1, on the scale of 0 to 100. Source: DOMAIN.md, 7."""


@register.simple_tag(takes_context=True)
def portal_frame(context: Context) -> PortalFrame:
    """The frame: as the page has read it, under the name `portal`, or read now."""
    found = context.get("portal")
    return found if isinstance(found, PortalFrame) else frame_of(context["request"].user)


@register.filter
def of_five(place: Decimal) -> str:
    """`3.8`: a place from 0 to 100, on the scale on which people answered."""
    return number_text(place / STEP + 1, 1)


@register.filter
def along(place: Decimal) -> str:
    """`62.5%`: how far along a line a place from 0 to 100 is."""
    return f"{float(place):.1f}%"


@register.filter
def status_word(status: str) -> str | Promise:
    """How a goal stands."""
    return STATUS_WORDS.get(status, "")


@register.filter
def decision_word(decision: str) -> str | Promise:
    """What became of a piece of advice."""
    return DECISION_WORDS.get(decision, "")


@register.filter
def outcome_word(outcome: str) -> str | Promise:
    """What came of it; blank where nobody has said."""
    return OUTCOME_WORDS.get(outcome, "")


@register.filter
def agreed_word(kind: str) -> str | Promise:
    """What was agreed."""
    return AGREED_WORDS.get(kind, "")


@register.filter
def role_word(role: str) -> str | Promise:
    """What one of the agency's people does on the account."""
    return ROLE_WORDS.get(role, "")


@register.filter
def attribute_word(attribute: str) -> str | Promise:
    """What one of the ten is called."""
    return ATTRIBUTE_WORDS[attribute].name


@register.filter
def visit_word(what: str) -> str | Promise:
    """What is kept of a visit."""
    return VISIT_WORDS[what]
