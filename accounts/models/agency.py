"""The agency itself: what it is called, how it looks to its clients, and what its people may read."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyQuerySet(models.QuerySet["Agency"]):
    """The one row."""

    def current(self) -> "Agency":
        """The agency; the database has it from its first migration on."""
        return self.get(pk=Agency.ONLY)


class Agency(models.Model):
    """The agency whose Soundings this is: a single row."""

    ONLY: ClassVar[int] = 1

    class Reads(models.TextChoices):
        """What account managers read. What they record on is those accounts whose team they are on, in any case."""

        ALL = "all", _("All accounts")
        OWN = "own", _("The accounts whose team they are on")

    class Language(models.TextChoices):
        """What clients are written to in, until they choose."""

        EN = "en", "English"
        FR = "fr", "Français"
        DE = "de", "Deutsch"

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True, default="", db_default="")
    # A PNG that was drawn anew from what was uploaded; never the upload itself.
    logo = models.BinaryField(_("logo"), null=True, blank=True)
    # Which picture it is, for its history and for browsers that have it already.
    logo_hash = models.GeneratedField(
        expression=models.Func(
            models.Func(models.F("logo"), function="sha256"), models.Value("hex"), function="encode"
        ),
        output_field=models.CharField(_("logo"), max_length=64, null=True),
        db_persist=True,
        verbose_name=_("logo"),
    )
    managers_read = models.CharField(
        _("account managers read"), max_length=10, choices=Reads.choices, default=Reads.ALL, db_default="all"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.EN, db_default="en"
    )

    objects: ClassVar[models.Manager["Agency"]] = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agency")
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="agency_is_one"),
            models.CheckConstraint(condition=models.Q(managers_read__in=["all", "own"]), name="agency_managers_read"),
            models.CheckConstraint(condition=models.Q(language__in=["en", "fr", "de"]), name="agency_language"),
        )

    def __str__(self) -> str:
        return self.name
