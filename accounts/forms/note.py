"""A note: what people of the agency tell each other about a client."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from accounts.forms.recording import Day, RecordForm, Text
from accounts.models import Note


class NoteForm(RecordForm[Note]):
    """Writes a note. It begins as written today, and is signed by whoever writes it."""

    adding = gettext_lazy("Write a note")
    changing = gettext_lazy("Change a note")
    added = gettext_lazy("The note is saved.")
    past = ("written_on",)
    layout: ClassVar = (("text",), ("written_on",))

    text = Text(
        rows=4, label=gettext_lazy("Note"), help_text=gettext_lazy("For the agency alone: clients never see it.")
    )
    written_on = Day(label=gettext_lazy("Written on"))

    class Meta:
        model = Note
        fields = ("text", "written_on")

    def _new(self) -> Note:
        return Note(client=self.client, written_by=self.by)

    def at_first(self, today: date) -> dict[str, Any]:
        """Written today."""
        return {"written_on": today}
