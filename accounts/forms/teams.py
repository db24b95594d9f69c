"""An account's team: who joins it, who leaves it, and to whom it is handed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.forms.recording import Day
from accounts.models import Person, TeamMember


class OnADay(forms.Form):
    """Something that happens on a day, which has come."""

    on = Day(label=gettext_lazy("From"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs["initial"] = {"on": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        """In places east of the agency it is tomorrow already."""
        day: date = self.cleaned_data["on"]
        if day > self.today + timedelta(days=1):
            raise ValidationError(_("Expected a day that is not ahead of us."))
        return day


class JoinForm(OnADay):
    """Who joins the team, and as what. Whoever is to lead is handed the account."""

    person: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who"), empty_label=gettext_lazy("Choose somebody")
    )
    role = forms.ChoiceField(
        choices=[choice for choice in TeamMember.Role.choices if choice[0] != TeamMember.Role.LEAD],
        label=gettext_lazy("As"),
    )
    field_order = ("person", "role", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = access.people_of_the_agency()


class LeaveForm(OnADay):
    """From which day somebody is no longer on the team."""


class HandOverForm(OnADay):
    """To whom the account is handed, and why."""

    to: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("To"), empty_label=gettext_lazy("Choose somebody")
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It stays in the account's history."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("to", "on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with those who join.
        super().__init__(*args, auto_id="handing_%s", **kwargs)
        people = self.fields["to"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = access.people_of_the_agency()
