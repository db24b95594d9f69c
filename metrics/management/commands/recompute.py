"""`manage.py recompute`: the nightly job in the foreground."""

import argparse
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from accounts.exchange.cells import FIRST_YEAR
from metrics import nightly
from metrics.gathering import settings_history
from metrics.models import ClientFault
from metrics.night.due import local_time

LAST_YEAR = 9000


class Command(BaseCommand):
    """Does what the workers do each night, by the same code, and says how it goes."""

    help = "Bring the figures up to date: of the clients whose records changed, and of the agency."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which clients, and as of which day."""
        parser.add_argument("--all", action="store_true", help="compute all clients, also those that did not change")
        parser.add_argument(
            "--as-of",
            type=_day,
            metavar="DATE",
            help="the day that stands in for today; figures of later quarters are removed until the next night",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and end with a sentence; exit 1 when a client could not be computed."""
        started = time.perf_counter()
        today = local_time(timezone.now(), settings_history()).date()
        as_of: date = options["as_of"] or today
        try:
            done = nightly.run(as_of, chosen=as_of != today, everyone=options["all"], report=self.stdout.write)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"The database went away; run it again and it goes on from there. ({error})") from error
        seconds = time.perf_counter() - started
        clients = "1 client" if done.clients == 1 else f"{done.clients} clients"
        if done.state == done.State.SUPERSEDED:
            raise CommandError("A later run took over before this one was done.")
        if done.state == done.State.FAILED:
            raise CommandError(f"{clients} computed, but the agency's own figures failed: {done.error}")
        if done.failed_clients:
            for fault in ClientFault.objects.filter(run=done).order_by("client_id"):
                self.stderr.write(f"Client {fault.client_id} can't be computed: {fault.error}")
            raise CommandError(f"{clients} computed, {done.failed_clients} failed, in {seconds:.2f} s.")
        self.stdout.write(self.style.SUCCESS(f"{clients} computed as of {done.as_of}, in {seconds:.2f} s."))


def _day(text: str) -> date:
    """A day to compute as of: the quarters around it must be days as well."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-11-22") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is not in the years from {FIRST_YEAR} to {LAST_YEAR}")
    return day
