"""Which numbers foretell growth at all."""

from django.db import models

from metrics.models.client_quarters import figure


class Signal(models.Model):
    """One indicator's verdict over all clients and quarters that can be judged."""

    indicator = models.CharField(max_length=30, unique=True, db_collation="C")
    cases = models.IntegerField()
    growers = models.IntegerField()
    clients = models.IntegerField()
    auc = figure()
    low = figure()
    high = figure()
    verdict = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.indicator}: {self.verdict}"
