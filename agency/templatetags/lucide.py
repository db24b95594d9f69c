"""The icons of Lucide, each drawn once for all pages: some show the same few a hundred times."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
register.simple_tag(lru_cache(maxsize=1000)(lucide), name="lucide")
