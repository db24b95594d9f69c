"""Celery: how the night and the work after an edit are carried, and the whole timetable.

The settings are those under which no task was lost or done twice when workers, brokers and databases were killed:
a task is acknowledged when it is done, a lost one comes back, and nobody waits long for a broker that is gone.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, worker_process_init

from agency import broker, environment
from agency.checks import start_below_the_walls

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")

broker.use()
app = Celery("soundings", task_cls="accounts.audited_tasks:AuditedTask")
app.conf.update(
    broker_url=environment.broker_url(environment.REDIS_URL.read() or "redis://redis-url-is-not-set.invalid"),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    broker_transport_options={
        "visibility_timeout": 1800,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        # Who publishes tries a broker that is gone once more at once, instead of for two seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_acks_on_failure_or_timeout=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    result_backend=None,
    task_time_limit=600,
    task_soft_time_limit=570,
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        # Decides whether a night is due, and sends on its way again what was left lying: often, since it is
        # what work waits for after a worker or the broker died.
        "tick": {"task": "metrics.tasks.tick", "schedule": 10.0, "options": {"expires": 9}},
        # Sends what was posted and is still here: nobody was told of it, or it could not be sent then.
        "mail": {"task": "accounts.tasks.send_mail", "schedule": 10.0, "options": {"expires": 9}},
        # Clears what mail said that ended long ago.
        "old-mail": {"task": "accounts.tasks.forget_mail", "schedule": crontab(hour=3, minute=20)},
    },
)
app.autodiscover_tasks()
celeryd_init.connect(start_below_the_walls)
beat_init.connect(start_below_the_walls)


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """A child of a worker that was killed would wait for work for ever."""
    from agency.processes import die_with_parent

    die_with_parent()
