"""Asking for the pulse: whom, until when, and in which language the client is written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import asking
from accounts.forms.recording import Choice, Day, RecordingForm, Several
from accounts.models import Agency, Client, Person
from accounts.periods import Quarter
from accounts.queries.pulse_requests import Askable, askable
from accounts.reader_locale import day_text

DAYS_TO_ANSWER = 14


class PulseRequestForm(RecordingForm, forms.Form):
    """Asks people of both sides. Whoever answered by name is not asked again; confidential answers change nothing."""

    heading = gettext_lazy("Ask for the pulse")
    said = gettext_lazy("They are asked, each by a mail.")
    action = gettext_lazy("Ask them")
    layout: ClassVar = (("of_client",), ("of_agency",), ("answer_by", "language"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, client: Client, by: Person, quarter: Quarter, today: date
    ) -> None:
        self.client, self.by, self.quarter, self.today = client, by, quarter, today
        last = quarter.end - timedelta(days=1)
        first_day = min(today + timedelta(days=DAYS_TO_ANSWER), last)
        super().__init__(data, initial={"answer_by": first_day, "language": ""}, auto_id="asking_%s")
        theirs, ours, without = askable(client, quarter)
        self.fields["of_client"] = self._people(theirs, _("Of %(client)s") % {"client": client.name})
        self.fields["of_client"].help_text = self._who_can_not(theirs, without)
        self.fields["of_agency"] = self._people(ours, _("Of our own team, who answer first"))
        self.fields["answer_by"] = Day(
            label=gettext_lazy("Answer by"),
            help_text=_("The quarter ends on %(day)s: what is answered later belongs to the next.")
            % {"day": day_text(last)},
        )
        self.fields["language"] = Choice(
            Agency.Language.choices, open_=gettext_lazy("Their own"), label=gettext_lazy("The client is written to in")
        )

    def _people(self, people: Sequence[Askable], label: str) -> Several:
        waiting = [one for one in people if one.answered_on is None]
        field = Several(choices=[(str(one.person_id), self._called(one)) for one in waiting], coerce=int, label=label)
        field.initial = [str(one.person_id) for one in waiting]
        return field

    def _called(self, one: Askable) -> str:
        if one.asked_until:
            return _("%(name)s, asked until %(day)s") % {"name": one.name, "day": day_text(one.asked_until)}
        return one.name

    def _who_can_not(self, theirs: Sequence[Askable], without: Sequence[str]) -> str:
        said = []
        answered = [one.name for one in theirs if one.answered_on]
        if answered:
            said.append(_("Answered by name: %(names)s.") % {"names": ", ".join(answered)})
        if without:
            said.append(_("Can't sign in until they are invited: %(names)s.") % {"names": ", ".join(without)})
        return str(escape(" ".join(said)))

    def clean_answer_by(self) -> date:
        """A day that is still ahead, and within the quarter."""
        day: date = self.cleaned_data["answer_by"]
        if not self.today <= day < self.quarter.end:
            raise ValidationError(
                _("Expected a day from %(first)s to %(last)s.")
                % {"first": day_text(self.today), "last": day_text(self.quarter.end - timedelta(days=1))}
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Somebody has to be asked."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not given["of_client"] and not given["of_agency"]:
            raise ValidationError(_("Choose whom to ask."))
        return given

    def save(self) -> bool:
        """Asks them."""
        given = self.cleaned_data
        people = Person.objects.in_bulk([*given["of_client"], *given["of_agency"]])
        asking.ask(
            asking.Asking(self.client, self.quarter.start, given["answer_by"], self.by),
            [people[pk] for pk in given["of_client"]],
            [people[pk] for pk in given["of_agency"]],
            given["language"],
        )
        return True
