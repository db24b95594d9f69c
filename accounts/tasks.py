"""What the workers are asked to do for what is recorded: mail leaves, and what it said is forgotten."""

from celery import shared_task
from django.utils import timezone

from accounts import mailing
from accounts.publishing import publish


@shared_task
def send_mail() -> None:
    """Sends what is due. Never tried again: the next tick is as good."""
    if mailing.send_due():
        publish(send_mail)


@shared_task
def forget_mail() -> None:
    """Clears the words of mail that ended long ago. Never tried again: the next night finds what is left."""
    mailing.forget_words(timezone.now())
