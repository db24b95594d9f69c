"""Clients, the people they have, where we stand with them and where we are let in."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.identifiers import new_external_id
from accounts.models.people import Person
from accounts.models.versions import Versioned


class Client(Versioned):
    """One company the agency works for."""

    class Tier(models.TextChoices):
        """How much of the agency's attention was promised."""

        A = "A", "A"
        B = "B", "B"
        C = "C", "C"

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    name = models.CharField(_("name"), max_length=300)
    industry = models.CharField(_("industry"), max_length=200, blank=True)
    value_tier = models.CharField(_("value tier"), max_length=1, choices=Tier.choices, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    account_manager = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts_led",
        verbose_name=_("account manager"),
    )
    # Of the sample agency. The database alone says so when a client is added, and then it stays.
    sample = models.BooleanField(_("sample"), default=False, db_default=False, editable=False)

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        # Whether there is a sample agency at all is asked on every page.
        indexes = (models.Index(fields=["sample"], name="client_sample", condition=models.Q(sample=True)),)
        constraints = (
            models.CheckConstraint(condition=models.Q(value_tier__in=["", "A", "B", "C"]), name="client_value_tier"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="client_currency"),
        )

    def __str__(self) -> str:
        return self.name


class Contact(Versioned):
    """One person of a client, as recorded; `person` is set once they are invited."""

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=300)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    decision_maker = models.BooleanField(_("decision maker"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="contact")

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = (
            # A check-in points at both, so that its contacts can't be another client's.
            models.UniqueConstraint(fields=["id", "client"], name="contact_of_client"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="contact_email_lower_case"),
        )

    def __str__(self) -> str:
        return self.name


class Standing(Versioned):
    """One answer, from a date on, to: which place have we on the client's roster?"""

    class Place(models.TextChoices):
        """The place on the roster, strongest first."""

        SOLE = "sole", _("Sole agency")
        LEAD = "lead", _("Lead agency")
        SEVERAL = "several", _("One of several")
        PROJECT = "project", _("Project by project")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="standings")
    effective_on = models.DateField(_("effective on"))
    standing = models.CharField(_("standing"), max_length=20, choices=Place.choices)
    exclusive = models.BooleanField(_("exclusive"), null=True, blank=True)

    class Meta:
        ordering = ("client_id", "effective_on")
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = (
            models.UniqueConstraint(fields=["client", "effective_on"], name="standing_key"),
            models.CheckConstraint(
                condition=models.Q(standing__in=["sole", "lead", "several", "project"]),
                name="standing_place",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_standing_display()} ({self.effective_on})"


class Involvement(Versioned):
    """One spell in which a client let us into its systems, people, marketing or planning."""

    class Kind(models.TextChoices):
        """What we are let into."""

        SYSTEMS = "systems", _("Systems")
        PEOPLE = "people", _("People")
        MARKETING = "marketing", _("Marketing")
        PLANNING = "planning", _("Planning")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="involvements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    started_on = models.DateField(_("started on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ("client_id", "kind", "started_on")
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints = (
            models.UniqueConstraint(fields=["client", "kind", "started_on"], name="involvement_key"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["systems", "people", "marketing", "planning"]),
                name="involvement_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="involvement_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.started_on})"
