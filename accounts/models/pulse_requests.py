"""Requests for the pulse: who was asked to answer, by whom and until when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person
from accounts.models.pulses import Pulse


class PulseRequest(models.Model):
    """One person of either side who was asked for the pulse of one client in one quarter.

    Whether they answered is not written here: a confidential answer is not told to whoever asked.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pulse_requests", db_index=False)
    side = models.CharField(_("side"), max_length=10, choices=Pulse.Side.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pulse_requests")
    starts_on = models.DateField(_("quarter from"))
    """The first day of the quarter that it is the pulse of."""
    answer_by = models.DateField(_("answer by"))
    language = models.CharField(_("language"), max_length=2, blank=True)
    """What the mail was written in; blank: English."""
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_as = models.CharField(_("asked by the name of"), max_length=300)
    """What they were called then; as with comments, pages need no right to read of people."""
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("pulse request")
        verbose_name_plural = _("pulse requests")
        constraints = (
            models.UniqueConstraint(fields=["client", "starts_on", "side", "person"], name="pulse_request_key"),
            models.CheckConstraint(condition=models.Q(side__in=["client", "agency"]), name="pulse_request_side"),
            models.CheckConstraint(
                condition=models.Q(language__in=["", "en", "fr", "de"]), name="pulse_request_language"
            ),
            models.CheckConstraint(
                condition=models.Q(answer_by__gte=models.F("starts_on")), name="pulse_request_in_its_quarter"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on}"
