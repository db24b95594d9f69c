"""Links of which a page has many."""

from __future__ import annotations

from typing import Any

from django.template import Context, Template

from accounts.models import Client


def rendered(source: str, **context: Any) -> str:
    return Template("{% load addresses %}" + source).render(Context(context))


def test_a_record_leads_to_where_it_is_changed() -> None:
    text = rendered(
        '{% recorded words "accounts:check_in" "c/1" %}',
        words="A & B",
        may_record=True,
        page=Client(external_id="acme"),
    )
    assert text == (
        '<a class="recorded" href="/accounts/acme/check-ins/c/~1/" hx-get="/accounts/acme/check-ins/c/~1/form/"'
        ' hx-target="#recording" hx-swap="innerHTML show:#recording:top">A &amp; B</a>'
    )


def test_it_stands_alone_for_who_may_not_change_it_and_where_it_can_not_be_changed() -> None:
    page = Client(external_id="acme")
    assert rendered('{% recorded words "accounts:check_in" "1" %}', words="A & B", page=page) == "A &amp; B"
    for noun, record in (("", "1"), ("accounts:check_in", ""), ("accounts:no_such_page", "1")):
        text = rendered(
            "{% recorded words noun record %}", may_record=True, page=page, words="A", noun=noun, record=record
        )
        assert text == "A"
