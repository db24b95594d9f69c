"""Check-ins: when both sides spoke, who was there and what they saw."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client, Contact
from accounts.models.identifiers import new_external_id
from accounts.models.people import Person
from accounts.models.sharing import Shareable
from accounts.models.versions import Versioned


class CheckIn(Versioned, Shareable):
    """One conversation with a client about the relationship."""

    class Side(models.TextChoices):
        """Who asked for it."""

        CLIENT = "client", _("The client")
        AGENCY = "agency", _("We did")

    class Sign(models.TextChoices):
        """What people may have seen: three of stalling, three of trust."""

        PRIORITIES_DEBATED = "priorities_debated", _("Priorities were debated again")
        STRATEGY_QUESTIONED = "strategy_questioned", _("The strategy was questioned")
        STARTED_OVER = "started_over", _("We started over")
        BROUGHT_IN_EARLY = "brought_in_early", _("We were brought in early")
        NEW_CHANNEL = "new_channel", _("A new channel was opened to us")
        LONG_TERM_BUDGET = "long_term_budget", _("A long-term budget was discussed")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="check_ins")
    held_on = models.DateField(_("held on"))
    initiated_by = models.CharField(_("asked for by"), max_length=10, choices=Side.choices, blank=True)
    client_contacts: "models.ManyToManyField[Contact, CheckInContact]" = models.ManyToManyField(
        Contact, through="CheckInContact", related_name="check_ins"
    )
    agency_people: "models.ManyToManyField[Person, CheckInPerson]" = models.ManyToManyField(
        Person, through="CheckInPerson", related_name="check_ins"
    )
    summary = models.TextField(_("summary"), blank=True)
    signs = ArrayField(
        models.CharField(max_length=30, choices=Sign.choices),
        verbose_name=_("signs"),
        default=list,
        blank=True,
    )

    class Meta:
        ordering = ("-held_on", "-id")
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        indexes = (models.Index(fields=["client", "held_on"], name="check_in_client"),)
        constraints = (
            models.UniqueConstraint(fields=["id", "client"], name="check_in_of_client"),
            models.CheckConstraint(
                condition=models.Q(initiated_by__in=["", "client", "agency"]),
                name="check_in_initiated_by",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    signs__contained_by=[
                        "priorities_debated",
                        "strategy_questioned",
                        "started_over",
                        "brought_in_early",
                        "new_channel",
                        "long_term_budget",
                    ]
                ),
                name="check_in_signs",
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on}"


class CheckInContact(models.Model):
    """One contact of the client seen in a check-in."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, db_constraint=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, db_constraint=False)

    class Meta:
        verbose_name = _("contact seen")
        verbose_name_plural = _("contacts seen")
        indexes = (models.Index(fields=["client"], name="check_in_contact_client"),)
        constraints = (models.UniqueConstraint(fields=["check_in", "contact"], name="check_in_contact_key"),)

    def __str__(self) -> str:
        return f"{self.contact_id}"


class CheckInPerson(models.Model):
    """One person of the agency seen in a check-in."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, db_constraint=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("colleague seen")
        verbose_name_plural = _("colleagues seen")
        indexes = (models.Index(fields=["client"], name="check_in_person_client"),)
        constraints = (models.UniqueConstraint(fields=["check_in", "person"], name="check_in_person_key"),)

    def __str__(self) -> str:
        return f"{self.person_id}"
