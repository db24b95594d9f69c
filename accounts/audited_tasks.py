"""What a worker does is known by its task, and by who asked for it where somebody did."""

import json
from typing import Any

from celery import Task
from django.conf import settings

from accounts import audit


class AuditedTask(Task):  # type: ignore[type-arg]  # it takes its arguments at run time only with stubs
    """A task that says to the histories what it is."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Does it."""
        asked_by = (self.request.headers or {}).get(audit.ASKED_BY, "{}")
        with audit.as_work({"program": settings.PROGRAM, "path": self.name, **json.loads(asked_by)}):
            return super().__call__(*args, **kwargs)
