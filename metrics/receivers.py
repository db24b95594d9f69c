"""What the figures do when records changed: they follow, on a worker."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from accounts.signals import records_changed
from metrics.tasks import records_have_changed


@receiver(records_changed, dispatch_uid="metrics.receivers")
def follow(**kwargs: Any) -> None:
    """Has the changed clients computed. Which ones they are say their marks, not the message."""
    transaction.on_commit(records_have_changed, robust=True)
