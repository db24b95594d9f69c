"""What a reader asked of their own accounts: which page of the table."""

from collections.abc import Mapping
from typing import Any

from django import forms

LAST_PAGE = 1_000_000


class MyAccountsForm(forms.Form):
    """The page of the table."""

    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)


def asked_page(query: Mapping[str, Any]) -> int:
    """The page asked for, the first where that can't be read."""
    form = MyAccountsForm(query)
    form.is_valid()
    return form.cleaned_data.get("page") or 1
