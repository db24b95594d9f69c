"""Links of which a page has many, each drawn by one tag."""

from django import template
from django.template import Context
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html

from accounts.addresses import address

register = template.Library()


register.simple_tag(address)


@register.simple_tag(takes_context=True)
def recorded(context: Context, words: str, noun: str, record: str) -> str:
    """A record in its own words, which lead to where it is changed: for who may, and where it can be.

    `noun` is the name of that page, `record` the id there.
    """
    if not (context.get("may_record") and noun and record):
        return conditional_escape(words)
    account = context["page"].external_id
    try:
        page, form = address(noun, account, record), address(f"{noun}_form", account, record)
    except NoReverseMatch:
        return conditional_escape(words)
    return format_html(
        '<a class="recorded" href="{}" hx-get="{}" hx-target="#recording"'
        ' hx-swap="innerHTML show:#recording:top">{}</a>',
        page,
        form,
        words,
    )
