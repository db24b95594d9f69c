"""What a client buys: retainers and projects."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.versions import Versioned


class Engagement(Versioned):
    """One retainer or project of a client; its scope is in the ledger, not here."""

    class Billing(models.TextChoices):
        """A retainer runs by the month, a project has a total."""

        RETAINER = "retainer", _("Retainer")
        PROJECT = "project", _("Project")

    class Pricing(models.TextChoices):
        """What the price follows."""

        TIME = "time", _("Time")
        FIXED = "fixed", _("Fixed price")
        VALUE = "value", _("Value")
        SHARED_RISK = "shared_risk", _("Shared risk")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="engagements")
    name = models.CharField(_("name"), max_length=300)
    service_line = models.CharField(_("service line"), max_length=200, blank=True)
    billing = models.CharField(_("billing"), max_length=20, choices=Billing.choices)
    pricing = models.CharField(_("pricing"), max_length=20, choices=Pricing.choices, blank=True)
    notice_days = models.PositiveIntegerField(_("notice period, days"), null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints = (
            # What belongs to an engagement points at both, so that its client can't be another's.
            models.UniqueConstraint(fields=["id", "client"], name="engagement_of_client"),
            models.CheckConstraint(condition=models.Q(billing__in=["retainer", "project"]), name="engagement_billing"),
            models.CheckConstraint(
                condition=models.Q(pricing__in=["", "time", "fixed", "value", "shared_risk"]),
                name="engagement_pricing",
            ),
        )

    def __str__(self) -> str:
        return self.name
