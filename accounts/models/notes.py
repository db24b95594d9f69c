"""Notes: what people of the agency tell each other about a client."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.people import Person
from accounts.models.versions import Versioned


class Note(Versioned):
    """One note of the agency's own: never for the client, in no figure and in no exchange file."""

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="notes", db_index=False)
    written_on = models.DateField(_("written on"))
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))
    text = models.TextField(_("text"))

    class Meta:
        ordering = ("-written_on", "-id")
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = (models.Index(fields=["client", "written_on"], name="note_client"),)

    def __str__(self) -> str:
        return f"{self.written_on}"
