"""Teams: who of the agency works on which account, in which role, from when to when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """Spells on teams."""

    def now(self) -> "TeamMemberQuerySet":
        """Those that last. What is still ahead is not recorded, so that a spell without an end is one of today."""
        return self.filter(ended_on=None)


class TeamMember(models.Model):
    """One spell of one person on one account's team, in one role.

    The days from `started_on` up to but without `ended_on`; without a start since the account was recorded.
    Whoever leads the account is its account manager: a trigger of the database keeps the two alike, whichever
    is written (migration 0011_teams).
    """

    class Role(models.TextChoices):
        """What somebody does on an account."""

        LEAD = "lead", _("Lead")
        SUPPORT = "support", _("Support")
        SPONSOR = "sponsor", _("Sponsor")
        GROWTH = "growth", _("Growth")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="teams")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="", db_default="")
    """Why it was handed to them, where it was."""
    recorded_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager["TeamMember"]] = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ("client_id", "id")
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = (
            models.UniqueConstraint(
                fields=["client", "person", "role"], condition=models.Q(ended_on=None), name="team_member_once"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(ended_on=None, role="lead"), name="team_one_lead"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["lead", "support", "sponsor", "growth"]), name="team_member_role"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None)
                | models.Q(started_on=None)
                | models.Q(ended_on__gt=models.F("started_on")),
                name="team_member_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"
