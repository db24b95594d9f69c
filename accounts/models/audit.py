"""What happened here that is no change of a single record: who came in, who was turned away, what was loaded."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person


class AuditEntry(models.Model):
    """One such event. It is written once and stays: nothing changes or deletes it (migration 0017_history)."""

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
        ACCESS = "access", _("Way of signing in changed")
        REFUSED = "refused", _("Refused")
        LOADED = "loaded", _("Files loaded")
        LOAD_REFUSED = "load_refused", _("Load refused")
        SAMPLE = "sample", _("Sample agency")
        TAKEN_ALONG = "taken_along", _("Taken along")
        SEEN_AS_CLIENT = "seen_as_client", _("Seen as the client")

    happened_at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    person = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    client = models.ForeignKey(
        Client, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    context = models.JSONField(_("in what"), default=dict)
    """What was known of the moment, as in a history: who, from where, which address, which program."""
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        ordering = ("-happened_at", "-id")
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        default_permissions = ()
        indexes = (models.Index(fields=["happened_at", "id"], name="audit_entry_at"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at}"
