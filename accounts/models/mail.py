"""Mail: what is written to people, kept until it is sent, and after."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client


class Mail(models.Model):
    """One mail to one person, posted once by its key."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Not sent")
        LATE = "late", _("Too late to send")
        IN_DOUBT = "in_doubt", _("Sent, or not")

    # What it is about and for whom: whoever posts it again posts nothing.
    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("as plain text"))
    html = models.TextField(_("as HTML"))
    # It holds a code or a link that lets its reader in: read by nobody else, and cleared once sent.
    secret = models.BooleanField(_("lets its reader in"), default=False, db_default=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True, related_name="mail")

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING, db_default="waiting"
    )
    posted_at = models.DateTimeField(_("posted"), db_default=Now(), editable=False)
    not_before = models.DateTimeField(_("not before"), db_default=Now())
    good_until = models.DateTimeField(_("of use until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    # A worker took it; and, committed before it speaks: it was about to hand the words to the mail server.
    claimed_at = models.DateTimeField(_("taken"), null=True, blank=True)
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_with = models.TextField(_("what went wrong"), default="", db_default="", blank=True)

    class Meta:
        ordering = ("-posted_at", "-id")
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=models.Q(state__in=["waiting", "sending"]), name="mail_open"),
            models.Index(fields=["-posted_at", "-id"], name="mail_latest"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending", "sent", "refused", "late", "in_doubt"]),
                name="mail_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="mail_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(claimed_at__isnull=False),
                name="mail_being_sent_was_claimed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"
