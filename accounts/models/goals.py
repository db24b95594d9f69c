"""Goals: outcomes a client wants."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.sharing import Shareable
from accounts.models.versions import Versioned


class Goal(Versioned, Shareable):
    """One outcome a client wants."""

    class Status(models.TextChoices):
        """How it stands."""

        OPEN = "open", _("Open")
        ACHIEVED = "achieved", _("Achieved")
        MISSED = "missed", _("Missed")
        DROPPED = "dropped", _("Dropped")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="goals")
    title = models.CharField(_("title"), max_length=500)
    set_on = models.DateField(_("set on"))
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ("-set_on", "-id")
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        indexes = (models.Index(fields=["client", "set_on"], name="goal_client"),)
        constraints = (
            models.UniqueConstraint(fields=["id", "client"], name="goal_of_client"),
            models.CheckConstraint(
                condition=models.Q(status__in=["", "open", "achieved", "missed", "dropped"]),
                name="goal_status",
            ),
        )

    def __str__(self) -> str:
        return self.title
