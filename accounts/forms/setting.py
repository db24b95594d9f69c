"""A new version of a setting: from which day on, and what it is then."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms.recording import Day
from accounts.setting_words import described
from accounts.settings_in_force import FOR_ALL_QUARTERS, SettingHistory, SettingVersion, expected, is_currency, is_valid

_HELP = {
    **dict.fromkeys(FOR_ALL_QUARTERS, _("The newest version counts for all quarters, whatever its day.")),
    **dict.fromkeys(("time_zone", "night_hour"), _("Nights from this day on use it.")),
}


class SettingVersionForm(forms.Form):
    """One version of the setting `name`, which must change something; `history` is what was recorded so far."""

    effective_on = Day(label=_("From"))
    value = forms.CharField(label=_("Value"), max_length=100)

    def __init__(self, *args: Any, name: str, history: SettingHistory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name = name
        self._history = history
        self.fields["effective_on"].help_text = _HELP.get(name, _("Quarters that end after this day use it."))
        value = self.fields["value"]
        if name == "fiscal_year_month":
            months = [(str(number), words) for number, words in MONTHS.items()]
            self.fields["value"] = forms.ChoiceField(label=value.label, choices=months)
            return
        value.help_text = f"{capfirst(expected(name))}."
        if name not in ("reporting_currency", "time_zone"):
            value.widget.attrs["inputmode"] = "decimal"
        value.widget.attrs["autocomplete"] = "off"

    def clean_effective_on(self) -> date:
        """A day on which no version begins yet, and from which this one can count."""
        day: date = self.cleaned_data["effective_on"]
        versions = self._history.versions(self._name)
        if any(version.effective_on == day for version in versions):
            raise forms.ValidationError(
                _("A version from this day is there already, and versions are never replaced: choose another day.")
            )
        if self._name in FOR_ALL_QUARTERS and versions and day < versions[0].effective_on:
            raise forms.ValidationError(
                _("The version from %(day)s is newer, and the newest counts for all quarters: choose a later day."),
                params={"day": versions[0].effective_on.isoformat()},
            )
        return day

    def clean_value(self) -> str:
        """A value that the setting can have; currencies in capitals."""
        value = str(self.cleaned_data["value"])
        if self._name == "reporting_currency" and is_currency(value.upper()):
            return value.upper()
        if not is_valid(self._name, value):
            raise forms.ValidationError(_("Expected %(what)s."), params={"what": expected(self._name)})
        return value

    def clean(self) -> dict[str, Any]:
        """Refuses what would change nothing."""
        given = super().clean() or self.cleaned_data
        day, value = given.get("effective_on"), given.get("value")
        if day is None or value is None:
            return given
        in_force = self._history.on(self._name, day)
        if _is_the_same(self._name, value, in_force):
            self.add_error(
                "value",
                _("It is %(value)s on that day already: there is nothing to change.")
                % {"value": described(self._name, in_force)},
            )
        return given

    @property
    def version(self) -> SettingVersion:
        """What a valid form asks for."""
        return SettingVersion(self._name, self.cleaned_data["effective_on"], self.cleaned_data["value"])


def _is_the_same(name: str, one: str, other: str) -> bool:
    if name in ("reporting_currency", "time_zone"):
        return one == other
    return Decimal(one) == Decimal(other)
