"""`manage.py sample_agency`: fills an empty Soundings with invented clients, and says who can sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import sample_agency, sample_portal, sample_records
from accounts.models import Client, Person
from metrics import nightly
from metrics.gathering import settings_history
from metrics.night.due import local_time


class Command(BaseCommand):
    """Fills in the sample agency as a page does it, lets its people sign in, and computes."""

    help = "Fill an empty Soundings with an invented agency: 24 clients, five years up to the last ended quarter."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--if-new` is for what opens a Soundings again and again."""
        parser.add_argument(
            "--if-new",
            action="store_true",
            help="leave a Soundings that somebody has used already as it is, and say so, instead of refusing it",
        )

    def handle(self, *args: Any, if_new: bool, **options: Any) -> None:
        """Where the sample agency is there, all is left as it is."""
        today = local_time(timezone.now(), settings_history()).date()
        left_alone = _left_alone() if if_new else ""
        if left_alone:
            self.stdout.write(left_alone)
        elif not sample_records.is_there():
            try:
                sample_records.fill(today, with_passwords=True)
            except sample_records.SampleRefused as refusal:
                raise CommandError(str(refusal)) from refusal
        nightly.run(today, report=lambda said: None)
        people = Person.objects.filter(email__in=sample_agency.PEOPLE).order_by("role", "email")
        for person in people:
            self.stdout.write(f"  {person.email:32} {person.name}, {person.get_role_display()}")
        for person in sample_portal.people():
            self.stdout.write(f"  {person.email:32} {person.name}, of the client {person.contact.client.name}")
        if any(person.check_password(sample_agency.PASSWORD) for person in people):
            self.stdout.write(f"  password: {sample_agency.PASSWORD}")


def _left_alone() -> str:
    """Why the sample agency is not filled in here, in a sentence; blank where it is there, or where all is new."""
    if sample_records.is_there():
        return ""
    if Client.objects.exists():
        return "  The clients here are your own: the sample agency was not filled in."
    if Person.objects.exists():
        return "  There are people here and no clients: the sample agency was not filled in. The portfolio offers to."
    return ""
