"""What a reader asked of the outbox. Whatever an address holds, something sensible is shown."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import Mail


class OutboxForm(forms.Form):
    """Which mail: its state, words of its reader or subject, and the page of the list."""

    state = forms.ChoiceField(required=False, choices=Mail.State.choices)
    q = forms.CharField(required=False, max_length=200)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


def asked(query: Mapping[str, Any]) -> tuple[str, str, int]:
    """The state and the words, blank for all, and the number of the page."""
    form = OutboxForm(query)
    form.is_valid()
    found = form.cleaned_data
    return found.get("state") or "", found.get("q") or "", found.get("page") or 1
