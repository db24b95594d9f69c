"""The good numbers: what a client measures us by, month by month."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.identifiers import new_external_id
from accounts.models.people import Person
from accounts.models.sharing import Shareable
from accounts.models.versions import Versioned


class Kpi(Versioned, Shareable):
    """One number a client measures us by."""

    class Direction(models.TextChoices):
        """Which way is better."""

        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="kpis")
    name = models.CharField(_("name"), max_length=300)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices)

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        constraints = (
            models.UniqueConstraint(fields=["id", "client"], name="kpi_of_client"),
            models.CheckConstraint(condition=models.Q(direction__in=["higher", "lower"]), name="kpi_direction"),
        )

    def __str__(self) -> str:
        return self.name


class KpiReading(models.Model):
    """One month's value of a KPI, with the target that was set for it."""

    # The key's index begins with the client: look readings up with it. More would only make each insert slower.
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="kpi_readings",
        db_constraint=False,
        db_index=False,
    )
    kpi = models.ForeignKey(
        Kpi,
        on_delete=models.PROTECT,
        related_name="readings",
        db_constraint=False,
        db_index=False,
    )
    month = models.DateField(_("month"))
    value = models.DecimalField(_("value"), max_digits=30, decimal_places=10)
    target = models.DecimalField(_("target"), max_digits=30, decimal_places=10, null=True, blank=True)
    # A foreign key would be asked of each row by itself, also where it names nobody (migration 0003).
    recorded_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("recorded by"),
    )
    """Who wrote it as it stands; None where a file or a program did."""

    class Meta:
        ordering = ("kpi_id", "month")
        verbose_name = _("KPI reading")
        verbose_name_plural = _("KPI readings")
        constraints = (
            # As a KPI belongs to one client, this says one reading a KPI and month.
            models.UniqueConstraint(fields=["client", "kpi", "month"], name="kpi_reading_key"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="kpi_reading_month_is_its_first_day"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.value}"
