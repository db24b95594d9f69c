"""The facts about a client that it is filed under."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Choice, RecordForm, Suggesting
from accounts.models import Client, Person, ScopeChange
from accounts.queries.words import industries
from accounts.settings_in_force import is_currency


class ClientForm(RecordForm[Client]):
    """Changes a client's facts. Its currency stays once amounts in it are in the ledger."""

    changing = gettext_lazy("Change the facts")
    changed = gettext_lazy("The facts are saved.")
    layout: ClassVar = (("name",), ("industry", "account_manager"), ("value_tier", "currency"))

    industry = Suggesting(required=False, max_length=200, label=gettext_lazy("Industry"))
    account_manager: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
        label=gettext_lazy("Account manager"),
    )
    value_tier = Choice(Client.Tier.choices, open_=gettext_lazy("None"), label=gettext_lazy("Value tier"))

    class Meta:
        model = Client
        fields = ("name", "industry", "account_manager", "value_tier", "currency")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert self.record is not None
        manager = self.fields["account_manager"]
        assert isinstance(manager, forms.ModelChoiceField)
        manager.queryset = Person.objects.exclude(role=Person.Role.CONTACT).filter(
            Q(is_active=True) | Q(pk=self.record.account_manager_id)
        )
        self.suggest("industry", industries())
        currency = self.fields["currency"]
        currency.help_text = _("As ISO 4217 writes it, such as USD.")
        if vars(self.record)["has_ledger"]:
            currency.disabled = True
            currency.help_text = _("It stays: the ledger holds amounts in it.")

    @classmethod
    def find(cls, clients: QuerySet[Client], external_id: str, record_id: str) -> Client | None:
        """The client itself."""
        ledger = ScopeChange.objects.filter(client=OuterRef("pk"))
        found = clients.filter(external_id=external_id).annotate(has_ledger=Exists(ledger))
        return found.select_related("account_manager", "changed_by").first()

    def clean_currency(self) -> str:
        """The code in capitals, which ISO 4217 knows."""
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise ValidationError(_("Expected a currency code of ISO 4217, such as USD."))
        return code
