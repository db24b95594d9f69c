"""Telling the workers: messages that may be lost, given to a broker that may be gone.

Messages carry no truth. One that is lost is found by the next tick, one that comes twice finds its
work done; so publishing gives up fast, and never fails whoever asked for it. Who that is goes with the message.
"""

import json
import logging
import time
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError as BrokerError

from accounts import audit

logger = logging.getLogger(__name__)

BROKER_REST = 20.0
"""Seconds in which a broker that could not be reached is not tried again by this process."""

_resting_until = 0.0


def publish(task: Task[..., Any], *arguments: int) -> bool:
    """Publishes a message; returns whether the broker took it."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return False
    try:
        task.apply_async(arguments, retry=False, headers={audit.ASKED_BY: json.dumps(audit.asks())})
    except (BrokerError, OSError) as error:
        _resting_until = time.monotonic() + BROKER_REST
        logger.warning("The broker can't be reached, so the next tick will find it: %s (%s)", task.name, error)
        return False
    return True
