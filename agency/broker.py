"""The broker's side of a worker: kombu's Redis transport, which forgets a message it can't acknowledge.

A worker may hold as many messages as it has children. One that a frozen broker does not let it acknowledge would keep
its place for ever: after as many such moments as there are children the worker is alive, connected and takes no
message any more. Forgotten here, the message is still the broker's, who brings it again; a task that finds its work
done is quick.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis, virtual


class QoS(redis.QoS):
    """How many messages a worker holds, and which."""

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel


def use() -> None:
    """Let Celery speak to its broker by this transport, however the address is written."""
    for scheme in ("redis", "rediss", "redis+socket"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:{Transport.__name__}"
