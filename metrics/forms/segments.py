"""What a reader asked of the segments. Whatever an address holds, something sensible is shown."""

from collections.abc import Mapping
from typing import Any

from django import forms

from metrics.queries.segments import WINDOWS


class SegmentsForm(forms.Form):
    """Which quarter, and whether it alone or the year window that ends with it."""

    quarter = forms.CharField(required=False, max_length=7)
    window = forms.ChoiceField(required=False, choices=[(window, window) for window in WINDOWS])


def asked(query: Mapping[str, Any]) -> tuple[str, str]:
    """The label of a quarter, blank where none is named, and the window: `year` unless the quarter alone is meant."""
    form = SegmentsForm(query)
    form.is_valid()
    return form.cleaned_data.get("quarter") or "", form.cleaned_data.get("window") or WINDOWS[0]
