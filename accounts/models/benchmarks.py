"""Benchmarks: what others are said to reach, and whether anyone said how it was counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Benchmark(models.Model):
    """One published expansion rate to stand beside our own, in percent over a year."""

    name = models.CharField(_("name"), max_length=200, unique=True, db_collation="C")
    value = models.DecimalField(_("value, percent"), max_digits=12, decimal_places=4)
    industry = models.CharField(_("industry"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=500)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    method_published = models.BooleanField(_("method published"), null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")

    def __str__(self) -> str:
        return self.name
