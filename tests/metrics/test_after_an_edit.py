"""What is computed after an edit, for its client and quarters alone, is what computing everything would give."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.exchange.loading import load
from accounts.models import Client
from accounts.periods import Quarter
from metrics.gathering import calendar
from metrics.rolling_up import roll_up_rates
from tests import builders
from tests.metrics.computing import compute, compute_clients
from tests.oracle import agencies

Edit = Callable[[Client, date], object]


def _a_reading(client: Client, day: date) -> None:
    builders.reading(builders.kpi(client, external_id="edited"), day.replace(day=1), 1, Decimal("0.5"))


EDITS: dict[str, Edit] = {
    "a new retainer": lambda client, day: builders.retainer_since(client, day, service_line="Edited"),
    "a new project": lambda client, day: builders.project_since(client, day, 12345, service_line="Edited"),
    "a check-in": lambda client, day: builders.check_in(client, day, signs=["new_channel", "started_over"]),
    "a pulse": lambda client, day: builders.pulse(client, day, trust=5, value=1, reduces_risk=2),
    "a reading": _a_reading,
    "advice": lambda client, day: builders.recommendation(client, day, reception="debated", stance="defended"),
    "a goal": lambda client, day: builders.goal(client, day, agreed_on=day),
    "an involvement": lambda client, day: builders.involvement(client, day, "people"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(1000, 1005))
def test_a_full_run_after_an_edit_finds_nothing_to_do(seed: int, tmp_path: Path) -> None:
    as_of = agencies.generate(seed, tmp_path)
    load(tmp_path)
    compute(as_of)
    clients = list(Client.objects.order_by("external_id"))
    for number, (name, edit) in enumerate(EDITS.items()):
        client = clients[number % len(clients)]
        quarters = calendar(as_of)
        edit(client, quarters[-1 - number % 4].start + timedelta(days=number * 11))
        written = compute_clients([client.pk], quarters, as_of)
        roll_up_rates(quarters, only=written.quarters)
        assert _full_run(clients, quarters, as_of) == (0, 0), name


def _full_run(clients: list[Client], quarters: tuple[Quarter, ...], as_of: date) -> tuple[int, int]:
    """How many rows of client figures and of rates a run over everything changes."""
    client_figures = compute_clients([client.pk for client in clients], quarters, as_of)
    return client_figures.rows, roll_up_rates(quarters).rows
