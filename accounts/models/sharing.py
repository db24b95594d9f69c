"""What a client is shown: the sections opened to it, and the mark that single records carry."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.people import Person


class Shareable(models.Model):
    """What a record carries that may be shown to its client, one by one: off unless somebody set it.

    It is shown where its section is open as well. The database gives what a file or a program adds the mark `off`.
    """

    shared = models.BooleanField(_("shown to the client"), default=False, db_default=False, editable=False)

    class Meta:
        abstract = True


class SharedSection(models.Model):
    """One section of the portal that is open to one client; a section without a row is closed."""

    class Section(models.TextChoices):
        """The sections of the portal, in their order. Those of single records show the records marked as well."""

        GOALS = "goals", _("Goals")
        RESULTS = "results", _("Results")
        SCOPE = "scope", _("Scope")
        AGREED = "agreed", _("What was agreed")
        WORKING = "working", _("Working together")
        ADVICE = "advice", _("Advice")
        PROPOSALS = "proposals", _("Proposals")
        PEOPLE = "people", _("People")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="shared_sections", db_index=False)
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    shared_at = models.DateTimeField(_("open since"), db_default=Now(), editable=False)
    shared_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )

    class Meta:
        ordering = ("client_id", "section")
        verbose_name = _("shared section")
        verbose_name_plural = _("shared sections")
        constraints = (
            models.UniqueConstraint(fields=["client", "section"], name="shared_section_key"),
            models.CheckConstraint(
                condition=models.Q(
                    section__in=[
                        "goals",
                        "results",
                        "scope",
                        "agreed",
                        "working",
                        "advice",
                        "proposals",
                        "people",
                    ]
                ),
                name="shared_section_section",
            ),
        )

    def __str__(self) -> str:
        return self.get_section_display()
