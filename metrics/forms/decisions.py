"""What is recorded of a decision taken in a quarterly review."""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import recording
from accounts.forms.recording import VersionedForm
from accounts.models import Client, Person
from metrics.models import Decision


class DecisionForm(VersionedForm[Decision]):
    """A decision as fields; its state only once it exists.

    `decided_in` is the first day of the quarter in whose review a new one is taken.
    """

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

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        record: Decision | None,
        decided_in: date,
        clients: QuerySet[Client],
        people: QuerySet[Person],
    ) -> None:
        self.record = record
        super().__init__(
            data,
            instance=copy(record) if record else Decision(decided_in=decided_in),
            auto_id=f"decision-{record.external_id if record else 'new'}-%s",
        )
        owner, client = self.fields["owner"], self.fields["client"]
        if isinstance(owner, forms.ModelChoiceField) and isinstance(client, forms.ModelChoiceField):
            owner.queryset = people
            owner.empty_label = _("Choose a person")
            client.queryset = clients
            client.empty_label = _("The agency as a whole")
        if record is None:
            del self.fields["state"]

    def focus(self, marked_by: str) -> None:
        """Marks where one goes on: the first field that is wrong, or the first of all."""
        names = list(self.fields)
        wrong = (name for name in names if self.is_bound and self.has_error(name))
        self.fields[next(wrong, names[0])].widget.attrs[marked_by] = True

    def write(self, *, by: Person, on: date) -> Decision:
        """Records the decision, or changes it where it differs; what is closed now was closed on that day.

        Raises recording.Overtaken where somebody has changed it since it was shown.
        """
        given = self.instance
        given.becomes(given.state, on)
        if self.record is None:
            recording.add(given, by=by)
        elif self.differences():
            recording.change(self.record, self.version, self.values() | {"closed_on": given.closed_on}, by=by)
        return given


class StateForm(forms.Form):
    """What a decision becomes, pressed beside it as it stood then."""

    state = forms.ChoiceField(choices=Decision.State.choices)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
