"""What a reader wants to jump to, as they type it."""

from collections.abc import Mapping
from typing import Any

from django import forms


class JumpForm(forms.Form):
    """One field."""

    q = forms.CharField(required=False, max_length=200)


def asked(query: Mapping[str, Any]) -> str:
    """What was typed, without the spaces around it; blank where it can't be read."""
    form = JumpForm(query)
    form.is_valid()
    return form.cleaned_data.get("q") or ""
