"""Facts and figures of what a test has recorded, in the test's own transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from accounts.models import Client
from accounts.periods import Quarter
from metrics.facts import ClientFacts, ClientQuarter, LineQuarter
from metrics.figures.client import client_figures
from metrics.figures.settings import settings_by_quarter
from metrics.gathering import calendar, gather, settings_history
from metrics.rolling_up import roll_up_rates, roll_up_signals
from metrics.writing import Written, replace


def facts_of(client: Client, as_of: date) -> ClientFacts:
    """All that is gathered of one client."""
    (facts,) = gather([client.pk], calendar(as_of))
    return facts


def quarter_of(facts: ClientFacts, label: str) -> ClientQuarter:
    """The facts of one quarter, such as 2024-Q1."""
    (found,) = (quarter for quarter in facts.quarters if quarter.quarter.label == label)
    return found


def line_of(facts: ClientFacts, service_line: str, label: str) -> LineQuarter | None:
    """The facts of one service line in one quarter; None where there are none."""
    found = [line for line in facts.lines if (line.service_line, line.quarter.label) == (service_line, label)]
    return found[0] if found else None


def amounts(*found: Decimal | int) -> tuple[Decimal | int, ...]:
    """Amounts side by side, to be compared with whole numbers."""
    return found


def compute_clients(clients: Iterable[int], quarters: Sequence[Quarter], as_of: date) -> Written:
    """Gathers, computes and stores the figures of these clients, as one chunk of the night does."""
    ids = list(clients)
    settings = settings_by_quarter(quarters, settings_history())
    return replace(ids, [client_figures(facts, settings, as_of) for facts in gather(ids, quarters)])


def compute(as_of: date, clients_at_once: int = 1000) -> None:
    """Computes and stores everything, as a night does."""
    quarters = calendar(as_of)
    ids = list(Client.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), clients_at_once):
        compute_clients(ids[start : start + clients_at_once], quarters, as_of)
    roll_up_rates(quarters)
    roll_up_signals(as_of)
