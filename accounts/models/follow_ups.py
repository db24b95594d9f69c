"""Follow-ups: what a client's people asked to be spoken about."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.people import Person

LONGEST_SUBJECT = 500


class FollowUp(models.Model):
    """One request of a client's person that the agency gets in touch, and when that was settled."""

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    subject = models.TextField(_("about"), validators=[MaxLengthValidator(LONGEST_SUBJECT)])
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_as = models.CharField(_("asked by the name of"), max_length=300)
    """What they were called then; as with comments, pages need no right to read of people."""
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True, default="", db_default="")
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_as = models.CharField(_("answered by the name of"), max_length=300, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = (models.Index(fields=["client", "asked_at"], name="follow_up_client"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer="")),
                name="follow_up_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    GreaterThan(Length("subject"), 0),
                    LessThanOrEqual(Length("subject"), LONGEST_SUBJECT),
                ),
                name="follow_up_length",
            ),
        )

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
