"""What is recorded of a decision taken in a quarterly review."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Person
from metrics.models import Decision


class DecisionForm(forms.ModelForm[Decision]):
    """A decision as fields; its state only once it exists."""

    class Meta:
        model = Decision
        fields = ("text", "owner", "due_on", "client", "state")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"text": _("What was decided")}
        help_texts = {
            "due_on": _("May stay open."),
            "client": _("Where it is about one account."),
        }

    def __init__(self, *arguments: Any, clients: QuerySet[Client], people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*arguments, **options)
        owner, client = self.fields["owner"], self.fields["client"]
        if isinstance(owner, forms.ModelChoiceField) and isinstance(client, forms.ModelChoiceField):
            owner.queryset = people
            owner.empty_label = _("Choose a person")
            client.queryset = clients
            client.empty_label = _("The agency as a whole")
        if self.instance.pk is None:
            del self.fields["state"]


class StateForm(forms.Form):
    """What a decision becomes, pressed beside it."""

    state = forms.ChoiceField(choices=Decision.State.choices)
