"""Exchange rates, as the agency keeps them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the reporting currency, from a date on."""

    currency = models.CharField(_("currency"), max_length=3)
    effective_on = models.DateField(_("effective on"))
    rate = models.DecimalField(_("rate"), max_digits=24, decimal_places=12)
    # Of the sample agency, until somebody gives a rate of their own. The database alone says so.
    sample = models.BooleanField(_("sample"), default=False, db_default=False, editable=False)

    class Meta:
        ordering = ("currency", "effective_on")
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = (
            models.UniqueConstraint(fields=["currency", "effective_on"], name="exchange_rate_key"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_above_0"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="exchange_rate_currency"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.effective_on}: {self.rate}"
