"""Who comes in and as what: inviting, taking in, a role, and leaving."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access
from accounts.forms.recording import Day
from accounts.models import Invitation, Person

OF_THE_AGENCY = [choice for choice in Person.Role.choices if choice[0] != Person.Role.CONTACT]


class InviteForm(forms.Form):
    """Whom to invite: someone of the agency, into a role."""

    email = forms.EmailField(max_length=254, label=gettext_lazy("E-mail"))
    name = forms.CharField(max_length=200, required=False, label=gettext_lazy("Name"))
    role = forms.ChoiceField(
        choices=[(value, label) for value, label in reversed(OF_THE_AGENCY)], label=gettext_lazy("Role")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["email"].help_text = _("The invitation is sent there, and is good for a week.")


class ComeInForm(forms.Form):
    """How somebody of the agency is called, and the password they come in with."""

    name = forms.CharField(
        max_length=200,
        label=gettext_lazy("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        strip=False,
        label=gettext_lazy("A password"),
        help_text=gettext_lazy("At least twelve characters. Three or four words in a row are easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        kwargs["initial"] = {"name": invitation.name}
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """One that can't be guessed from who they are, nor is among those everybody uses."""
        password = str(self.cleaned_data["password"])
        validate_password(password, Person(email=self.invitation.email, name=self.cleaned_data.get("name", "")))
        return password


class PasswordForm(forms.Form):
    """A new password of somebody who has just shown who they are."""

    password = forms.CharField(
        strip=False,
        label=gettext_lazy("A new password"),
        help_text=gettext_lazy("At least twelve characters. Three or four words in a row are easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """One that can't be guessed from who they are, nor is among those everybody uses."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


class NameForm(forms.Form):
    """How one is called here."""

    name = forms.CharField(
        max_length=200, label=gettext_lazy("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class RoleForm(forms.Form):
    """What somebody of the agency may do."""

    role = forms.ChoiceField(choices=OF_THE_AGENCY, label=gettext_lazy("Role"))


class LeavingForm(forms.Form):
    """From which day somebody is gone, and who has their accounts."""

    left_on = Day(label=gettext_lazy("Left on"), help_text=gettext_lazy("They are signed out at once in any case."))
    successor: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        label=gettext_lazy("Who leads their accounts"),
    )

    def __init__(self, *args: Any, person: Person, leads: bool, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs["initial"] = {"left_on": today}
        super().__init__(*args, **kwargs)
        if leads:
            field = self.fields["successor"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = access.people_of_the_agency().exclude(pk=person.pk)
        else:
            del self.fields["successor"]

    def clean_left_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["left_on"]
        if day > self.today + timedelta(days=1):
            raise ValidationError(_("Expected a day that is not ahead of us."))
        return day
