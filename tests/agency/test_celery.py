"""Tests of the way to the broker: work gets there, and nobody waits long for a broker that is gone or frozen."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from kombu.exceptions import OperationalError

from agency import embedded
from agency.celery import app
from tests.conftest import published_to


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[embedded.Valkey]:
    with embedded.use(embedded.Valkey(tmp_path)) as server, published_to(server.url()):
        yield server


def test_work_reaches_the_broker_over_its_socket(valkey: embedded.Valkey) -> None:
    app.send_task("some.work", ["2026-01-31"])
    with redis.Redis.from_url(valkey.url()) as client:
        assert client.llen("celery") == 1


def test_a_frozen_broker_is_given_up_in_seconds(valkey: embedded.Valkey) -> None:
    app.send_task("some.work")
    server = int(json.loads(valkey.state.read_text())["server"])
    os.kill(server, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(OperationalError):
            app.send_task("some.work")
        assert time.monotonic() - began < 5
    finally:
        os.kill(server, signal.SIGCONT)
    app.send_task("some.work")


def test_a_broker_that_is_gone_is_given_up_at_once(valkey: embedded.Valkey) -> None:
    os.kill(int(json.loads(valkey.state.read_text())["keeper"]), signal.SIGTERM)
    embedded.wait_until_gone(valkey.folder.parent)
    began = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("some.work")
    assert time.monotonic() - began < 3
