"""The broker freezes, and a worker still takes messages afterwards."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import Connection

from agency import broker, embedded, environment


@pytest.fixture
def valkey() -> Iterator[embedded.Valkey]:
    """A broker of the test's own, to be mistreated."""
    with tempfile.TemporaryDirectory(prefix="soundings-") as place:
        server = embedded.Valkey(Path(place), durable=False)
        with embedded.use(server):
            yield server


def test_a_message_that_can_t_be_acknowledged_keeps_no_place(valkey: embedded.Valkey) -> None:
    broker.use()
    server = json.loads(valkey.state.read_text())["server"]
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    with (
        Connection(environment.broker_url(valkey.url()), transport_options=options) as connection,
        connection.SimpleQueue("places") as queue,
    ):
        queue.put({"number": 1})
        queue.put({"number": 2})
        channel: Any = queue.channel
        channel.basic_qos(0, 1, False)
        first = queue.get(timeout=5)
        assert not channel.qos.can_consume()
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises(redis.TimeoutError):
                first.ack()
        finally:
            os.kill(server, signal.SIGCONT)
        assert channel.qos.can_consume()
        second = queue.get(timeout=5)
        assert second.payload == {"number": 2}
        second.ack()
