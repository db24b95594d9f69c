"""Expansion rates of the agency and its segments."""

from django.db import models

from metrics.models.client_quarters import figure


class ExpansionRate(models.Model):
    """One window (a quarter, or the year that ends with it) of one segment with somebody existing."""

    quarter = models.CharField(max_length=7, db_collation="C")
    starts_on = models.DateField()
    """The start of the quarter, also for the year window that ends with it."""
    window = models.CharField(max_length=7)
    segment = models.CharField(max_length=260, db_collation="C")
    existing = models.IntegerField()
    expanding = models.IntegerField()
    flat = models.IntegerField()
    contracting = models.IntegerField()
    lost = models.IntegerField()
    rate = figure()
    low = figure()
    high = figure()
    band = models.CharField(max_length=10)
    settled = models.BooleanField()
    to_next_band = models.IntegerField(null=True)
    """The fewest clients whose change would move the band."""
    nsr = figure()
    nrr = figure()
    grr = figure()
    pulled_share = figure()
    into_new = models.IntegerField()
    stayed = models.IntegerField()
    without_rate = models.IntegerField(default=0)
    """Existing clients left out of the sums, since their currency had no exchange rate."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["starts_on", "window", "segment"], name="expansion_rate_key"),)

    def __str__(self) -> str:
        return f"{self.quarter} {self.window} {self.segment}"
