"""The ledger of scope: what was added, taken away, repriced, renewed and ended."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.engagements import Engagement
from accounts.models.identifiers import new_external_id
from accounts.models.people import Person


class LedgerIsAppendOnly(Exception):
    """Someone tried to write the ledger otherwise than by accounts.scope_ledger."""

    def __init__(self) -> None:
        super().__init__(
            "The scope ledger is only written by accounts.scope_ledger: add a row with record, undo one with reverse."
        )


class ScopeChangeQuerySet(models.QuerySet["ScopeChange"]):
    """Asks the ledger; nothing here writes it."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: see accounts.scope_ledger.record."""
        raise LedgerIsAppendOnly

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: rows are never edited."""
        raise LedgerIsAppendOnly

    def delete(self) -> NoReturn:
        """Refused: rows are never deleted."""
        raise LedgerIsAppendOnly

    def known_at(self, moment: datetime) -> "ScopeChangeQuerySet":
        """The ledger as it was known then: rows recorded by that moment."""
        return self.filter(recorded_at__lte=moment)

    def effective(self, *, known_at: datetime | None = None) -> "ScopeChangeQuerySet":
        """Rows that count: neither reversed nor reversals, as known now or at a past moment."""
        reversal = ScopeChange.objects.filter(reverses=models.OuterRef("pk"))
        rows = self.filter(reverses__isnull=True)
        if known_at is not None:
            reversal = reversal.filter(recorded_at__lte=known_at)
            rows = rows.filter(recorded_at__lte=known_at)
        return rows.filter(~models.Exists(reversal))


class ScopeChange(models.Model):
    """One entry of the ledger. Never edited, never deleted: a mistake is undone by a reversal."""

    class Kind(models.TextChoices):
        """What happened to the scope."""

        START = "start", _("Start")
        EXPANSION = "expansion", _("Expansion")
        CONTRACTION = "contraction", _("Contraction")
        PRICE = "price", _("Price change")
        RENEWAL = "renewal", _("Renewal")
        END = "end", _("End")

    class Origin(models.TextChoices):
        """Who started it."""

        CLIENT = "client", _("The client")
        JOINT = "joint", _("Both of us")
        AGENCY = "agency", _("We did")
        UNKNOWN = "unknown", _("Not known")

    class InvolvedFrom(models.TextChoices):
        """Since when the agency was part of it."""

        IDEA = "idea", _("The idea")
        PLAN = "plan", _("The plan")
        BRIEF = "brief", _("The brief")
        EXECUTION = "execution", _("The execution")
        UNKNOWN = "unknown", _("Not known")

    external_id = models.CharField(_("id"), max_length=200, unique=True, default=new_external_id, db_collation="C")
    # The index below begins with the client; a second would only make each insert slower.
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="scope_changes",
        db_constraint=False,
        db_index=False,
    )
    engagement = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="scope_changes", db_constraint=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    effective_on = models.DateField(_("effective on"))
    value_delta = models.DecimalField(_("change in value"), max_digits=20, decimal_places=4, default=0)
    ends_on = models.DateField(_("term ends on"), null=True, blank=True)
    origin = models.CharField(_("who started it"), max_length=20, choices=Origin.choices, blank=True)
    involved_from = models.CharField(_("involved from"), max_length=20, choices=InvolvedFrom.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversal",
        db_constraint=False,
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = ScopeChangeQuerySet.as_manager()

    class Meta:
        ordering = ("effective_on", "id")
        verbose_name = _("scope change")
        verbose_name_plural = _("scope changes")
        indexes = (
            models.Index(fields=["client", "effective_on"], name="scope_change_client"),
            # Which start was the first of all: the calendar begins with it, and is asked for all the time.
            models.Index(
                fields=["effective_on"],
                name="scope_change_start",
                condition=models.Q(kind="start", reverses__isnull=True),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["id", "engagement"], name="scope_change_of_engagement"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["start", "expansion", "contraction", "price", "renewal", "end"]),
                name="scope_change_kind",
            ),
            # A reversal carries the opposite sign of the row it undoes.
            models.CheckConstraint(
                condition=(
                    models.Q(reverses__isnull=True)
                    & (
                        models.Q(kind="start", value_delta__gte=0)
                        | models.Q(kind="expansion", value_delta__gt=0)
                        | models.Q(kind="contraction", value_delta__lt=0)
                        | (models.Q(kind="price") & ~models.Q(value_delta=0))
                        | models.Q(kind="renewal", value_delta=0)
                        | models.Q(kind="end", value_delta__lte=0)
                    )
                )
                | (
                    models.Q(reverses__isnull=False)
                    & (
                        models.Q(kind="start", value_delta__lte=0)
                        | models.Q(kind="expansion", value_delta__lt=0)
                        | models.Q(kind="contraction", value_delta__gt=0)
                        | (models.Q(kind="price") & ~models.Q(value_delta=0))
                        | models.Q(kind="renewal", value_delta=0)
                        | models.Q(kind="end", value_delta__gte=0)
                    )
                ),
                name="scope_change_sign_by_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(kind__in=["start", "renewal"]),
                name="scope_change_term_on_start_or_renewal",
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=["", "client", "joint", "agency", "unknown"]),
                name="scope_change_origin",
            ),
            models.CheckConstraint(
                condition=models.Q(involved_from__in=["", "idea", "plan", "brief", "execution", "unknown"]),
                name="scope_change_involved_from",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: see accounts.scope_ledger.record."""
        raise LedgerIsAppendOnly

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: rows are never deleted."""
        raise LedgerIsAppendOnly
