"""A goal: an outcome the client wants."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Choice, Day, RecordForm
from accounts.models import Goal


class GoalForm(RecordForm[Goal]):
    """Records a goal. It begins as set today and open."""

    adding = gettext_lazy("Record a goal")
    changing = gettext_lazy("Change a goal")
    added = gettext_lazy("The goal is saved.")
    past = ("set_on", "agreed_on", "closed_on")
    layout: ClassVar = (("title",), ("set_on", "agreed_on", "due_on"), ("status", "closed_on"))

    set_on = Day(label=gettext_lazy("Set on"))
    agreed_on = Day(
        required=False,
        label=gettext_lazy("The client agreed on"),
        help_text=gettext_lazy("Blank as long as the goal is ours alone."),
    )
    due_on = Day(required=False, label=gettext_lazy("Due on"))
    status = Choice(Goal.Status.choices, open_=gettext_lazy("Not known"), label=gettext_lazy("How it stands"))
    closed_on = Day(required=False, label=gettext_lazy("Closed on"))

    class Meta:
        model = Goal
        fields = ("title", "set_on", "agreed_on", "due_on", "status", "closed_on")

    def at_first(self, today: date) -> dict[str, Any]:
        """Set today, and open."""
        return {"set_on": today, "status": Goal.Status.OPEN}

    def clean(self) -> dict[str, Any]:
        """A goal that is over says since when, and one that is open doesn't."""
        given = super().clean()
        status, closed_on = given.get("status"), given.get("closed_on")
        if "closed_on" in given and "status" in given:
            if status in ("", Goal.Status.OPEN) and closed_on:
                self.add_error("closed_on", _("Expected blank: the goal is not achieved, missed or dropped."))
            elif status not in ("", Goal.Status.OPEN) and not closed_on:
                self.add_error("closed_on", _("Expected the day from which it is over: until then it counts as open."))
        return given
