"""How the night and the workers are, for machines; agency.health says whether process and database answer."""

import time
from dataclasses import asdict

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from metrics.queries.status import status as read_status

WORKER_IS_LOST_AFTER = 60.0
"""Seconds without a heartbeat: six ticks of the timetable."""
BROKER_TIMEOUT = 0.5
BROKER_ASKED_EVERY = 5.0
"""Seconds: the page is public, and a frozen broker costs each that asks it the time-out."""

_broker: tuple[float, bool] | None = None


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest) -> JsonResponse:
    """Ages and counts; 503 when the database does not tell them."""
    try:
        found = read_status(timezone.now())
    except DatabaseError:
        return JsonResponse({"database_answers": False}, status=503)
    age = found.heartbeat_age_seconds
    return JsonResponse(
        {
            "database_answers": True,
            **asdict(found),
            "worker_answers": age is not None and age < WORKER_IS_LOST_AFTER,
            "broker_answers": _broker_answers(),
        }
    )


def _broker_answers() -> bool:
    global _broker
    now = time.monotonic()
    if _broker is None or now - _broker[0] > BROKER_ASKED_EVERY:
        _broker = (now, _ask_broker())
    return _broker[1]


def _ask_broker() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_TIMEOUT, socket_connect_timeout=BROKER_TIMEOUT, retry=None
        ) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False
