"""A switch on the page of what a client sees: one section or one record, on or off."""

from typing import Any

from django import forms

from accounts import sharing
from accounts.models import Client, Person, SharedSection

SECTION = "section"


class SwitchForm(forms.Form):
    """What is switched, by noun and id (of a section its code), and whether it is shown from now on."""

    noun = forms.ChoiceField(choices=[(noun, noun) for noun in (SECTION, *sharing.SHAREABLE)])
    record = forms.CharField(max_length=200)
    shown = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes")

    def clean(self) -> dict[str, Any]:
        """A section is one of those there are."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("noun") == SECTION and found.get("record") not in SharedSection.Section.values:
            self.add_error("record", forms.ValidationError("There is no such section.", code="invalid"))
        return found

    def save(self, client: Client, by: Person) -> None:
        """Switches it. accounts.sharing.NothingToShow where the client has no such record."""
        noun, record, shown = (self.cleaned_data[name] for name in ("noun", "record", "shown"))
        if noun == SECTION:
            sharing.show_section(client, record, shown=shown, by=by)
        else:
            sharing.show_record(client, noun, record, shown=shown, by=by)
