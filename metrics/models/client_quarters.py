"""A client's figures, quarter by quarter. Written by the nightly run alone."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Client


def figure(**options: Any) -> "models.DecimalField[Any, Any]":
    """Twenty places, so that rounding for print happens once; None: no figure."""
    return models.DecimalField(max_digits=40, decimal_places=20, null=True, **options)


def _money() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=24, decimal_places=4, default=0)


class ClientQuarter(models.Model):
    """One client in one quarter, where it had scope at either end or at the start of the year window.

    `listed` rows are those with scope at either end of the quarter: the rows that pages and exports show.
    The others keep what the year window needs of a client that is gone.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="quarters", db_constraint=False)
    quarter = models.CharField(max_length=7, db_collation="C")
    starts_on = models.DateField()
    ends_on = models.DateField()
    in_progress = models.BooleanField()
    listed = models.BooleanField()
    settings_version = models.DateField(null=True)
    """The newest version of the settings in force at the quarter's end; None: the defaults."""

    scope_start = _money()
    scope_end = _money()
    value_start = _money()
    value_end = _money()
    movement = models.CharField(max_length=11, blank=True)

    year_starts_on = models.DateField(null=True)
    """Where the year window begins; None before the fourth quarter."""
    scope_year_start = _money()
    value_year_start = _money()
    movement_year = models.CharField(max_length=11, blank=True)

    growth_known = _money()
    growth_pulled = _money()
    growth_known_year = _money()
    growth_pulled_year = _money()
    into_new = models.BooleanField(default=False)
    into_new_year = models.BooleanField(default=False)
    stayed = models.BooleanField(default=False)
    stayed_year = models.BooleanField(default=False)

    kpi_readings = models.IntegerField(default=0)
    kpi_met = models.IntegerField(default=0)
    attainment = figure()
    swing = figure()
    pattern = models.CharField(max_length=11, blank=True)
    pattern_from = models.DateField(null=True)
    """w: the first quarter start of the year window with scope; the pattern was read from here on."""
    pattern_attainment = figure()
    """The mean attainment that the pattern was read from."""
    pattern_scope_start = models.DecimalField(max_digits=24, decimal_places=4, null=True)

    partnership_score = figure()
    coverage = models.IntegerField(default=0)
    confidence = figure()
    trust_signs = figure()
    check_in_rhythm = figure()
    candour = figure()
    """Share of the last year's contested advice that was defended."""
    client_pulse = ArrayField(figure(), size=10)
    client_pulse_to_show = ArrayField(figure(), size=10, null=True)
    """The same where three or more answered: what the client's own people may be shown. None: not computed yet."""
    agency_pulse = ArrayField(figure(), size=10)
    evidence = ArrayField(figure(), size=10)
    score = ArrayField(figure(), size=10)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "starts_on"], name="client_quarter_key"),)
        indexes = (
            # Holds all that the portfolio adds up, filters and sorts by, so that it reads none of the wide rows.
            models.Index(
                fields=["starts_on", "pattern"],
                include=[
                    "client",
                    "listed",
                    "scope_end",
                    "scope_year_start",
                    "pattern_scope_start",
                    "attainment",
                    "partnership_score",
                ],
                name="client_quarter_portfolio",
            ),
        )

    def __str__(self) -> str:
        return f"{self.client_id} {self.quarter}"


class LineQuarter(models.Model):
    """One client's scope in one named service line over one quarter and the year window it ends."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    service_line = models.CharField(max_length=200)
    quarter = models.CharField(max_length=7, db_collation="C")
    starts_on = models.DateField()
    scope_start = _money()
    scope_end = _money()
    value_start = _money()
    value_end = _money()
    movement = models.CharField(max_length=11, blank=True)
    year_starts_on = models.DateField(null=True)
    scope_year_start = _money()
    value_year_start = _money()
    movement_year = models.CharField(max_length=11, blank=True)
    growth_known = _money()
    growth_pulled = _money()
    growth_known_year = _money()
    growth_pulled_year = _money()
    stayed = models.BooleanField(default=False)
    stayed_year = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["client", "service_line", "starts_on"], name="line_quarter_key"),
        )
        indexes = (models.Index(fields=["starts_on"], name="line_quarter_start"),)

    def __str__(self) -> str:
        return f"{self.client_id} {self.service_line} {self.quarter}"


class ClientCandour(models.Model):
    """One client's contested advice of all time."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="candour", db_constraint=False)
    contested = models.IntegerField()
    defended = models.IntegerField()
    compromised = models.IntegerField()
    withdrawn = models.IntegerField()
    defended_share = figure()

    def __str__(self) -> str:
        return f"{self.client_id}: {self.defended} of {self.contested}"
