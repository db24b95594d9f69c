"""A new client: what it is called, what it pays in, and who leads the account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Person
from accounts.settings_in_force import is_currency


class NewClientForm(forms.ModelForm[Client]):
    """A client as it is added; the rest of it is recorded on its account."""

    currency = forms.CharField(
        max_length=3,
        label=_("Currency"),
        help_text=_("Three letters, such as USD. All amounts of this client are in it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    class Meta:
        model = Client
        fields = ("name", "currency", "industry", "value_tier", "account_manager")
        labels = {
            "name": _("Name"),
            "industry": _("Industry"),
            "value_tier": _("Tier"),
            "account_manager": _("Account manager"),
        }
        help_texts = {
            "industry": _("Accounts of one industry are compared with each other."),
            "value_tier": _("How much attention was promised: how often there is to be a check-in."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autofocus": True}
        self.fields["industry"].widget.attrs |= {"autocomplete": "off"}
        people = self.fields["account_manager"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Person.objects.filter(is_active=True).exclude(role=Person.Role.CONTACT)
        people.empty_label = _("Nobody yet")
        tiers = self.fields["value_tier"]
        assert isinstance(tiers, forms.TypedChoiceField)
        tiers.choices = [("", _("Not set")), *Client.Tier.choices]

    def clean_currency(self) -> str:
        """The code in capitals, if ISO 4217 knows it."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise ValidationError(_("Expected a currency code of ISO 4217, such as USD."))
        return code
