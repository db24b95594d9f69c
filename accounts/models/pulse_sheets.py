"""Sheets of the pulse: what somebody has filled in so far, kept for them alone until they send it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person
from accounts.models.pulses import STATEMENTS, Pulse, placed
from accounts.settings_in_force import ATTRIBUTES


class PulseSheet(models.Model):
    """One person's pulse of one client and quarter, on its way to being sent.

    What is on it is in no figure and on nobody else's page. Sent, it is a Pulse, and nothing of it stays here but
    that it was.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pulse_sheets", db_index=False)
    side = models.CharField(_("side"), max_length=10, choices=Pulse.Side.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pulse_sheets")
    starts_on = models.DateField(_("quarter from"))
    """The first day of the quarter that it is the pulse of."""
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
    """None: not chosen yet."""
    sent_on = models.DateField(_("sent on"), null=True, blank=True)

    class Meta:
        ordering = ("-starts_on", "-id")
        verbose_name = _("pulse sheet")
        verbose_name_plural = _("pulse sheets")
        constraints = (
            models.UniqueConstraint(fields=["client", "starts_on", "side", "person"], name="pulse_sheet_key"),
            models.CheckConstraint(condition=models.Q(side__in=["client", "agency"]), name="pulse_sheet_side"),
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__range": (1, 5)})
                        for name in (*ATTRIBUTES, *STATEMENTS)
                    )
                ),
                name="pulse_sheet_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(side="client") | models.Q(**{f"{name}__isnull": True for name in STATEMENTS}),
                name="pulse_sheet_statements_are_the_clients",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_on__isnull=True)
                | models.Q(
                    comment="",
                    confidential__isnull=True,
                    **{f"{name}__isnull": True for name in (*ATTRIBUTES, *STATEMENTS)},
                ),
                name="pulse_sheet_is_blank_once_sent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on}"
