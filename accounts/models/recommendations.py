"""Advice: what was advised, how it was received, and what came of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.sharing import Shareable
from accounts.models.versions import Versioned


class Recommendation(Versioned, Shareable):
    """One piece of advice given to a client."""

    class Reception(models.TextChoices):
        """How the client took it."""

        WELCOMED = "welcomed", _("Welcomed")
        DEBATED = "debated", _("Debated")
        RESISTED = "resisted", _("Resisted")

    class Stance(models.TextChoices):
        """What the agency then did."""

        DEFENDED = "defended", _("Defended")
        COMPROMISED = "compromised", _("Compromised")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Decision(models.TextChoices):
        """What the client decided."""

        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        DECLINED = "declined", _("Declined")
        PENDING = "pending", _("Pending")

    class Outcome(models.TextChoices):
        """What came of it."""

        BETTER = "better", _("Better than expected")
        AS_EXPECTED = "as_expected", _("As expected")
        WORSE = "worse", _("Worse than expected")
        UNKNOWN = "unknown", _("Not known")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="recommendations")
    made_on = models.DateField(_("made on"))
    subject = models.CharField(_("subject"), max_length=500)
    proactive = models.BooleanField(_("proactive"), null=True, blank=True)
    reception = models.CharField(_("reception"), max_length=20, choices=Reception.choices, blank=True)
    stance = models.CharField(_("stance"), max_length=20, choices=Stance.choices, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    outcome_on = models.DateField(_("outcome on"), null=True, blank=True)
    expected = models.TextField(_("expected"), blank=True)
    expected_by = models.DateField(_("expected by"), null=True, blank=True)

    class Meta:
        ordering = ("-made_on", "-id")
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        indexes = (models.Index(fields=["client", "made_on"], name="recommendation_client"),)
        constraints = (
            # A comment points at both, so that it can't be about another client's.
            models.UniqueConstraint(fields=["id", "client"], name="recommendation_of_client"),
            models.CheckConstraint(
                condition=models.Q(reception__in=["", "welcomed", "debated", "resisted"]),
                name="recommendation_reception",
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=["", "defended", "compromised", "withdrawn"]),
                name="recommendation_stance",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=["", "adopted", "partly", "declined", "pending"]),
                name="recommendation_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "better", "as_expected", "worse", "unknown"]),
                name="recommendation_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def is_decided(self) -> bool:
        """Whether the client has decided: from then on, what was expected can't be reworded."""
        return self.decision not in ("", self.Decision.PENDING)

    def clean(self) -> None:
        """Keeps what was expected when the client decided; the database does, too. Source: DOMAIN.md, 9."""
        super().clean()
        stored = Recommendation.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None or not stored.is_decided:
            return
        wrong = {
            name: _("The client has decided: what was expected stays as it was.")
            for name in ("expected", "expected_by")
            if getattr(self, name) != getattr(stored, name)
        }
        if not self.is_decided and (stored.expected or stored.expected_by):
            wrong["decision"] = _("The client has decided, which can be put right but not made open again.")
        if wrong:
            raise ValidationError(wrong)
