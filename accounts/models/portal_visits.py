"""Visits: what a client's people opened and answered on their pages."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person


class PortalVisit(models.Model):
    """One thing that one person of a client opened or did, and when. The portal tells its readers that it is kept.

    Never an answer given confidentially: it may not even be known to exist (DOMAIN.md, 7).
    """

    class What(models.TextChoices):
        """What they did."""

        HOME = "home", _("Opened their page")
        VISITS = "visits", _("Opened the list of their visits")
        PULSE = "pulse", _("Opened the pulse")
        PULSE_ANSWERED = "pulse_answered", _("Answered the pulse")
        COMMENTED = "commented", _("Wrote a comment")
        GOAL_AGREED = "goal_agreed", _("Agreed to a goal")
        FOLLOW_UP = "follow_up", _("Asked for a follow-up")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="portal_visits", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("what"), max_length=20, choices=What.choices)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = (models.Index(fields=["client", "at"], name="portal_visit_client"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    what__in=[
                        "home",
                        "visits",
                        "pulse",
                        "pulse_answered",
                        "commented",
                        "goal_agreed",
                        "follow_up",
                    ]
                ),
                name="portal_visit_what",
            ),
        )

    def __str__(self) -> str:
        return self.get_what_display()
