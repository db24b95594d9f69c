"""Agreements to goals: that a client's person said a goal is theirs."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.goals import Goal
from accounts.models.people import Person


class GoalAgreement(models.Model):
    """One goal that a client's person agreed to. The goal's own day of agreement follows, by a trigger."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="goal_agreements", db_index=False)
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, related_name="agreements", db_constraint=False, db_index=False
    )
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("agreed by"))
    agreed_on = models.DateField(_("agreed on"))
    agreed_at = models.DateTimeField(_("agreed"), default=timezone.now)

    class Meta:
        ordering = ("-agreed_at", "-id")
        verbose_name = _("agreement to a goal")
        verbose_name_plural = _("agreements to goals")
        indexes = (models.Index(fields=["client", "agreed_at"], name="goal_agreement_client"),)
        constraints = (models.UniqueConstraint(fields=["goal"], name="goal_agreement_key"),)

    def __str__(self) -> str:
        return f"{self.goal_id} {self.agreed_on}"
