"""Versions: how two people who change one record at the same time are told of each other."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Person


class Versioned(models.Model):
    """What a record carries that people may change: how often it was changed, and who did so last.

    A trigger of the database keeps both, whatever changes the record (migration 0005_versions), so that a form
    can ask for the change of the version it showed. Nobody is named where a file or a program changed it.
    """

    version = models.IntegerField(_("version"), db_default=1, editable=False)
    changed_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("last changed by"),
    )

    class Meta:
        abstract = True
