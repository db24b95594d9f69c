"""Workers and broker are killed at work, and nothing is lost or done twice. At full size: tests/proofs/faults.py."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from agency import embedded
from tests.conftest import Database, published_to
from tests.proofs import faults


def test_a_night_under_fire_loses_nothing_and_does_nothing_twice(
    fresh_database: Database, superuser_connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDINGS_CLIENTS_AT_ONCE", "3")
    faults.slow_down(superuser_connection, 0.2)
    with tempfile.TemporaryDirectory(prefix="soundings-") as place:
        valkey = embedded.Valkey(Path(place), durable=False)
        with embedded.use(valkey), published_to(valkey.url()):
            monkeypatch.setenv("REDIS_URL", valkey.url())
            faults.populate(12)
            rig = faults.Rig({"valkey": valkey}, Path(place), random.Random(os.environ.get("PYTEST_RANDOMLY_SEED")))
            try:
                rig.suffer(faults.IN_SUITE)
                outcome = rig.settle()
            finally:
                rig.close()
    print(outcome)
    assert [kind for kind, _ in outcome.faults] == list(faults.IN_SUITE)
    assert max(seconds for _, seconds in outcome.faults) < faults.RECOVERY
    assert (outcome.lost, outcome.doubled) == (0, 0)
