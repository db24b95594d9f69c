"""What a reader asked of the night's page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NightForm(forms.Form):
    """Which run is opened, and whether those after an edit are listed too."""

    run = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    edits = forms.BooleanField(required=False, label=_("Also those after an edit"))


def asked(query: Mapping[str, Any]) -> tuple[int | None, bool]:
    """The id of a run, None where none is named, and whether edits are listed. What can't be read is left out."""
    form = NightForm(query)
    form.is_valid()
    return form.cleaned_data.get("run"), bool(form.cleaned_data.get("edits"))
