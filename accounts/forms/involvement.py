"""An involvement: a spell in which the client lets us into something of its own."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Choice, Day, RecordForm
from accounts.models import Involvement


class InvolvementForm(RecordForm[Involvement]):
    """Records that we are let in, as from today, and later that it has ended."""

    key = "pk"
    adding = gettext_lazy("Record what we are let into")
    changing = gettext_lazy("Change what we are let into")
    added = gettext_lazy("What we are let into is saved.")
    layout: ClassVar = (("kind",), ("started_on", "ended_on"))

    kind = Choice(Involvement.Kind.choices, label=gettext_lazy("The client lets us into its"))
    started_on = Day(label=gettext_lazy("Since"))
    ended_on = Day(
        required=False, label=gettext_lazy("Ended on"), help_text=gettext_lazy("The day from which it is over.")
    )

    class Meta:
        model = Involvement
        fields = ("kind", "started_on", "ended_on")

    def at_first(self, today: date) -> dict[str, Any]:
        """Since today."""
        return {"started_on": today}

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, and begins once a day."""
        given = super().clean()
        kind, started_on, ended_on = (given.get(name) for name in ("kind", "started_on", "ended_on"))
        if started_on and ended_on and ended_on < started_on:
            self.add_error("ended_on", _("Expected a day on or after the one on which it began."))
        others = Involvement.objects.filter(client=self.client).exclude(pk=self.instance.pk)
        if kind and started_on and others.filter(kind=kind, started_on=started_on).exists():
            self.add_error("started_on", _("Expected another day: this is recorded as begun on this one."))
        return given
