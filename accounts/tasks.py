"""What the workers are asked to do for what is recorded: mail leaves."""

from celery import shared_task

from accounts import mailing
from accounts.publishing import publish


@shared_task
def send_mail() -> None:
    """Sends what is due. Never tried again: the next tick is as good."""
    if mailing.send_due():
        publish(send_mail)
