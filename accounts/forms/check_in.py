"""A conversation with the client: when, who was there, and what they saw."""

from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import recording
from accounts.forms.recording import Choice, Day, RecordForm, Several, Text
from accounts.models import CheckIn
from accounts.queries.attendance import Attendee, contacts, people

STALLING = (CheckIn.Sign.PRIORITIES_DEBATED, CheckIn.Sign.STRATEGY_QUESTIONED, CheckIn.Sign.STARTED_OVER)
TRUST = (CheckIn.Sign.BROUGHT_IN_EARLY, CheckIn.Sign.NEW_CHANNEL, CheckIn.Sign.LONG_TERM_BUDGET)


class CheckInForm(RecordForm[CheckIn]):
    """Records a check-in. It begins as held today, asked for by us, with whoever fills it in."""

    adding = gettext_lazy("Record a check-in")
    changing = gettext_lazy("Change a check-in")
    added = gettext_lazy("The check-in is saved.")
    past = ("held_on",)
    layout: ClassVar = (
        ("held_on", "initiated_by"),
        ("client_contacts", "agency_people"),
        ("stalling", "trust"),
        ("summary",),
    )

    held_on = Day(label=gettext_lazy("Held on"))
    initiated_by = Choice(CheckIn.Side.choices, open_=gettext_lazy("Not known"), label=gettext_lazy("Asked for by"))
    client_contacts = Several(coerce=int, label=gettext_lazy("There for the client"))
    agency_people = Several(coerce=int, label=gettext_lazy("There for us"))
    stalling = Several(choices=[(sign.value, sign.label) for sign in STALLING], label=gettext_lazy("Signs of stalling"))
    trust = Several(choices=[(sign.value, sign.label) for sign in TRUST], label=gettext_lazy("Signs of trust"))
    summary = Text(required=False, label=gettext_lazy("Summary"))

    class Meta:
        model = CheckIn
        fields = ("held_on", "initiated_by", "summary")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        check_in = self.record.pk if self.record else None
        for name, attendees in (
            ("client_contacts", contacts(self.client.pk, check_in)),
            ("agency_people", people(check_in)),
        ):
            field = self.fields[name]
            assert isinstance(field, Several)
            field.choices = [(one.id, _label(one)) for one in attendees]
            if self.record:
                self.initial[name] = [one.id for one in attendees if one.seen]
            if not attendees:
                field.help_text = _("No contact of this client is recorded yet.")
        if self.record:
            self.initial["stalling"] = [sign for sign in self.record.signs if sign in STALLING]
            self.initial["trust"] = [sign for sign in self.record.signs if sign in TRUST]

    def at_first(self, today: date) -> dict[str, Any]:
        """Today, by us, and whoever fills it in was there."""
        return {"held_on": today, "initiated_by": CheckIn.Side.AGENCY, "agency_people": [self.by.pk]}

    def values(self) -> dict[str, Any]:
        """The columns of the check-in itself, the signs of both groups as one."""
        return {**super().values(), "signs": self._signs()}

    def write(self) -> None:
        """The check-in, and who was there."""
        self.instance.signs = self._signs()
        with transaction.atomic():
            super().write()
            seen = self.cleaned_data
            recording.see(self.instance, seen["client_contacts"], seen["agency_people"])

    def _signs(self) -> list[str]:
        ticked = {*self.cleaned_data["stalling"], *self.cleaned_data["trust"]}
        return [sign.value for sign in (*STALLING, *TRUST) if sign in ticked]


def _label(attendee: Attendee) -> str:
    """Their name, what they do, and when they left."""
    after = [attendee.role] if attendee.role else []
    if attendee.left_on:
        after.append(_("left"))
    return f"{attendee.name} ({', '.join(after)})" if after else attendee.name
