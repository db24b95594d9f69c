"""Stored figures, and the record of the runs that computed them."""

from metrics.models.client_quarters import ClientCandour, ClientQuarter, LineQuarter
from metrics.models.decisions import Decision
from metrics.models.expansion_rates import ExpansionRate
from metrics.models.runs import (
    Batch,
    ChangedClient,
    ChangedQuarter,
    ClientFault,
    Heartbeat,
    Horizon,
    Run,
)
from metrics.models.signals import Signal

__all__ = [
    "Batch",
    "ChangedClient",
    "ChangedQuarter",
    "ClientCandour",
    "ClientFault",
    "ClientQuarter",
    "Decision",
    "ExpansionRate",
    "Heartbeat",
    "Horizon",
    "LineQuarter",
    "Run",
    "Signal",
]
