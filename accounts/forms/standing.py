"""A standing: our place on the client's roster, from a day on."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Choice, Day, RecordForm, YesNo
from accounts.models import Standing


class StandingForm(RecordForm[Standing]):
    """Records where we stand. It begins as from today on."""

    key = "pk"
    adding = gettext_lazy("Record where we stand")
    changing = gettext_lazy("Change where we stand")
    added = gettext_lazy("Where we stand is saved.")
    layout: ClassVar = (("effective_on",), ("standing",), ("exclusive",))

    effective_on = Day(label=gettext_lazy("From"))
    standing = Choice(Standing.Place.choices, label=gettext_lazy("Our place with the client"))
    exclusive = YesNo(
        label=gettext_lazy("Exclusive"), help_text=gettext_lazy("Whether we work for none of its direct competitors.")
    )

    class Meta:
        model = Standing
        fields = ("effective_on", "standing", "exclusive")

    def at_first(self, today: date) -> dict[str, Any]:
        """From today on."""
        return {"effective_on": today}

    def clean(self) -> dict[str, Any]:
        """There is one answer a day."""
        given = super().clean()
        day = given.get("effective_on")
        others = Standing.objects.filter(client=self.client).exclude(pk=self.instance.pk)
        if day and others.filter(effective_on=day).exists():
            self.add_error("effective_on", _("Expected another day: from this one on, another standing is recorded."))
        return given
