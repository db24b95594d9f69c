"""The signal test as the last night left it: whether each indicator foretells growth here."""

from dataclasses import dataclass
from decimal import Decimal

from metrics.models import Signal


@dataclass(frozen=True)
class SignalRow:
    """Whether an indicator foretells growth here. AUC and interval from 0 to 1; None: no figure."""

    indicator: str
    cases: int
    growers: int
    clients: int
    auc: Decimal | None
    low: Decimal | None
    high: Decimal | None
    verdict: str


def signals() -> dict[str, SignalRow]:
    """The verdicts by indicator. One query."""
    return {
        row.indicator: SignalRow(**{name: getattr(row, name) for name in SignalRow.__dataclass_fields__})
        for row in Signal.objects.all()
    }
