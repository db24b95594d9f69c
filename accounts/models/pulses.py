"""Pulses: where people on either side place the partnership."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.settings_in_force import ATTRIBUTES

STATEMENTS = ("reduces_risk", "improves_decisions", "supports_direction")


def placed(name: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A column for one answer, 1 to 5 or blank."""
    return models.PositiveSmallIntegerField(name, null=True, blank=True)


class Pulse(models.Model):
    """One person's answers on one day: ten attributes and three statements, each 1 to 5 or blank."""

    class Side(models.TextChoices):
        """Whose view it is."""

        CLIENT = "client", _("Client")
        AGENCY = "agency", _("Agency")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pulses")
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    respondent = models.EmailField(_("respondent"), db_collation="C")
    answered_on = models.DateField(_("answered on"))
    commitment = placed("commitment")
    approach = placed("approach")
    action = placed("action")
    loyalty = placed("loyalty")
    trust = placed("trust")
    ownership = placed("ownership")
    value = placed("value")
    involvement = placed("involvement")
    communication = placed("communication")
    collaboration = placed("collaboration")
    reduces_risk = placed("reduces risk")
    improves_decisions = placed("improves decisions")
    supports_direction = placed("supports direction")
    comment = models.TextField(_("comment"), blank=True)
    confidential = models.BooleanField(_("confidential"), null=True, blank=True)

    class Meta:
        ordering = ("-answered_on", "-id")
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")
        indexes = (models.Index(fields=["client", "answered_on"], name="pulse_client"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(side__in=["client", "agency"]), name="pulse_side"),
            models.CheckConstraint(
                condition=models.Q(respondent=Lower("respondent")),
                name="pulse_respondent_lower_case",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__range": (1, 5)}),
                    name=f"pulse_{name}_1_to_5",
                )
                for name in (*ATTRIBUTES, *STATEMENTS)
            ),
            models.CheckConstraint(
                condition=models.Q(side="client")
                | models.Q(
                    reduces_risk__isnull=True,
                    improves_decisions__isnull=True,
                    supports_direction__isnull=True,
                ),
                name="pulse_statements_are_the_clients",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.answered_on}"
