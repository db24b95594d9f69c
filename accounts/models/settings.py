"""Settings of the figures, kept as versions: a quarter uses the one in force at its end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ZONE_AT = """coalesce((
    SELECT zone.value FROM accounts_setting AS zone
    WHERE zone.name = 'time_zone' AND zone.effective_on <= ({moment} AT TIME ZONE 'UTC')::date
    ORDER BY zone.effective_on DESC
    LIMIT 1
), 'UTC')"""
"""The agency's time zone in force at a moment, for a statement; elsewhere accounts.queries.clock says it."""


class Setting(models.Model):
    """One setting's value from a date on. Rows are added, never replaced."""

    name = models.CharField(_("name"), max_length=100, db_collation="C")
    effective_on = models.DateField(_("effective on"))
    value = models.CharField(_("value"), max_length=100)

    class Meta:
        ordering = ("name", "effective_on")
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints = (models.UniqueConstraint(fields=["name", "effective_on"], name="setting_key"),)

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.effective_on}"
