"""Pins: the accounts that somebody wants at hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person


class Pin(models.Model):
    """One client that one person keeps in the rail."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pins", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="pins")

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = (models.UniqueConstraint(fields=["person", "client"], name="pin_key"),)

    def __str__(self) -> str:
        return f"{self.client_id}"
