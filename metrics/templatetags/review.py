"""Words of the quarterly review that are no figures."""

from datetime import date
from decimal import Decimal

from django import template

from accounts.attributes import ATTRIBUTE_WORDS
from metrics.printing import number_text
from metrics.queries.decisions import DecisionRow

register = template.Library()


@register.filter
def attribute_word(code: str) -> str:
    """What one of the ten attributes is called."""
    return str(ATTRIBUTE_WORDS[code].name)


@register.filter
def of_one(value: Decimal) -> str:
    """`0.62`: a share of one, such as an AUC, where the second place tells."""
    return number_text(value, 2)


@register.filter
def is_overdue(decision: DecisionRow, today: date) -> bool:
    """Whether a decision should have been done by now."""
    return decision.is_overdue(today)
