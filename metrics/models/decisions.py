"""What was decided when a quarter was reviewed."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Person
from accounts.models.history import keep_history
from accounts.models.identifiers import new_external_id
from accounts.models.versions import Versioned


class Decision(Versioned):
    """One decision taken in the review of a quarter. It stays on the reviews that follow until it is closed."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("account")
    )
    decided_in = models.DateField(_("decided in the quarter that began on"))
    """The first day of the quarter that was reviewed: its label would change with the fiscal year."""
    text = models.CharField(_("decision"), max_length=1000)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)

    class Meta:
        ordering = ("decided_in", "id")
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = (models.Index(fields=["decided_in"], name="decision_decided_in"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=["open", "done", "dropped"]), name="decision_state"),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_on__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_on__isnull=False)),
                name="decision_closed_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def becomes(self, state: str, on: date) -> None:
        """Closes the decision on that day, or opens it again; what is closed already keeps its day."""
        if state == self.State.OPEN:
            self.closed_on = None
        elif self.closed_on is None:
            self.closed_on = on
        self.state = state


keep_history(Decision, "external_id", "client", "decided_in", "text", "owner", "due_on", "state", "closed_on")
