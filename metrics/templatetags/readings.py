"""KPI readings on a page, with as many places as they were recorded with."""

from decimal import Decimal

from django import template

from metrics.printing import number_text

register = template.Library()

MOST_PLACES = 2
MOST_PLACES_OF_A_FRACTION = 4


@register.filter
def reading(value: Decimal) -> str:
    """`4,310`, `38.5` or `0.0345`."""
    exponent = value.normalize().as_tuple().exponent
    recorded = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return number_text(value, min(recorded, MOST_PLACES if abs(value) >= 1 else MOST_PLACES_OF_A_FRACTION))
