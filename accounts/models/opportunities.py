"""Opportunities: more that would serve a goal of the client. No amounts, no targets, no forecast."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.goals import Goal
from accounts.models.identifiers import new_external_id
from accounts.models.sharing import Shareable
from accounts.models.versions import Versioned


class Opportunity(Versioned, Shareable):
    """One idea of what more would serve a goal of the client."""

    class Stage(models.TextChoices):
        """How far it has come."""

        IDEA = "idea", _("Idea")
        RAISED = "raised", _("Raised")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="opportunities", db_constraint=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="opportunities", db_constraint=False)
    title = models.CharField(_("title"), max_length=500)
    service_line = models.CharField(_("service line"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, blank=True)
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stage__in=["", "idea", "raised", "agreed", "declined"]),
                name="opportunity_stage",
            ),
        )

    def __str__(self) -> str:
        return self.title
