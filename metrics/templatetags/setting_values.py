"""Settings on a page: their values as they are written."""

from django import template

from accounts.setting_words import Words, described

register = template.Library()


@register.filter
def setting_value(value: str, name: str) -> Words:
    """`80 %`, `14 days`, `April`."""
    return described(name, value)
