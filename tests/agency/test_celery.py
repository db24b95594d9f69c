"""Tests of the way to the broker: work gets there, and nobody waits long for a broker that is gone or frozen."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def test_a_frozen_broker_is_given_up(valkey: embedded.Valkey) -> None:
    app.send_task("some.work")
    server = int(json.loads(valkey.state.read_text())["server"])
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(OperationalError):
            app.send_task("some.work")
    finally:
        os.kill(server, signal.SIGCONT)
    app.send_task("some.work")


def test_whoever_asks_a_frozen_broker_waits_two_seconds_once(valkey: embedded.Valkey) -> None:
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        line = channel.client.connection_pool.get_connection()
        assert (line._sock.gettimeout(), line.retry.get_retries()) == (2, 0)
    assert (app.conf.broker_connection_timeout, app.conf.task_publish_retry) == (2, False)
    options = app.conf.broker_transport_options
    assert (options["socket_timeout"], options["socket_connect_timeout"], options["max_retries"]) == (2, 2, 1)


def test_a_broker_that_is_gone_is_given_up(valkey: embedded.Valkey) -> None:
    os.kill(int(json.loads(valkey.state.read_text())["keeper"]), signal.SIGTERM)
    embedded.wait_until_gone(valkey.folder.parent)
    with pytest.raises(OperationalError):
        app.send_task("some.work")
