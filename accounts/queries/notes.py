"""The notes on a client, for people of the agency alone."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Note


@dataclass(frozen=True)
class NoteRow:
    """One note: who wrote it when, and who has changed it since, if anybody else has."""

    external_id: str
    written_on: date
    written_by: str
    changed_by: str
    text: str


def notes(client_id: int) -> tuple[NoteRow, ...]:
    """All notes on one client, the latest first. One query."""
    rows = Note.objects.filter(client_id=client_id).select_related("written_by", "changed_by")
    return tuple(
        NoteRow(
            external_id=row.external_id,
            written_on=row.written_on,
            written_by=str(row.written_by),
            changed_by=str(row.changed_by) if row.changed_by and row.changed_by != row.written_by else "",
            text=row.text,
        )
        for row in rows.order_by("-written_on", "-id")
    )
