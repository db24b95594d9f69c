"""Comments: what a client's people write to the agency, and what it replies."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.goals import Goal
from accounts.models.identifiers import new_external_id
from accounts.models.kpis import Kpi
from accounts.models.people import Person
from accounts.models.pulses import Pulse
from accounts.models.recommendations import Recommendation

LONGEST_COMMENT = 5000


class Comment(models.Model):
    """One comment of a client's person, or a reply to one. Rows are added, never changed.

    It is about the work as a whole, or about one goal, recommendation or KPI. A reply is about what it replies to.
    """

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="comments", db_index=False)
    side = models.CharField(_("side"), max_length=10, choices=Pulse.Side.choices)
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="comments", db_constraint=False
    )
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, null=True, blank=True, related_name="comments", db_constraint=False
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, null=True, blank=True, related_name="comments", db_constraint=False
    )
    replies_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies", db_constraint=False
    )
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))
    signature = models.CharField(_("signed"), max_length=300)
    """What its writer was called then, so that a client's page needs no right to read of the agency's people."""
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    body = models.TextField(_("comment"), validators=[MaxLengthValidator(LONGEST_COMMENT)])

    class Meta:
        ordering = ("written_at", "id")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=["client", "written_at"], name="comment_client"),)
        constraints = (
            # A reply points at both, so that it can't be to another client's comment.
            models.UniqueConstraint(fields=["id", "client"], name="comment_of_client"),
            models.CheckConstraint(condition=models.Q(side__in=["client", "agency"]), name="comment_side"),
            models.CheckConstraint(
                condition=models.Q(goal__isnull=True, recommendation__isnull=True)
                | models.Q(goal__isnull=True, kpi__isnull=True)
                | models.Q(recommendation__isnull=True, kpi__isnull=True),
                name="comment_about_one",
            ),
            models.CheckConstraint(
                condition=models.Q(replies_to__isnull=True)
                | models.Q(goal__isnull=True, recommendation__isnull=True, kpi__isnull=True),
                name="comment_reply_is_about_what_it_replies_to",
            ),
            models.CheckConstraint(
                condition=~models.Q(side="agency") | models.Q(replies_to__isnull=False),
                name="comment_agency_replies",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    GreaterThan(Length("body"), 0),
                    LessThanOrEqual(Length("body"), LONGEST_COMMENT),
                ),
                name="comment_length",
            ),
        )

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"
