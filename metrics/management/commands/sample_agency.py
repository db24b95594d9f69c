"""`manage.py sample_agency`: fills an empty Soundings with invented clients, and says who can sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import sample_agency, sample_records
from accounts.models import Client, Person
from metrics import nightly
from metrics.gathering import settings_history


class Command(BaseCommand):
    """Fills in the sample agency as a page does it, lets its people sign in, and computes."""

    help = "Fill an empty Soundings with an invented agency: 24 clients, five years up to the last ended quarter."

    def handle(self, *args: Any, **options: Any) -> None:
        """Where the sample agency is there, or was, all is left as it is."""
        today = nightly.local_time(timezone.now(), settings_history()).date()
        if not Client.objects.filter(external_id=sample_agency.STALLING).exists():
            try:
                sample_records.fill(today, with_passwords=True)
            except sample_records.SampleRefused as refusal:
                raise CommandError(str(refusal)) from refusal
        nightly.run(today, report=lambda said: None)
        people = Person.objects.filter(email__in=sample_agency.PEOPLE).order_by("role", "email")
        for person in people:
            self.stdout.write(f"  {person.email:32} {person.name}, {person.get_role_display()}")
        if any(person.check_password(sample_agency.PASSWORD) for person in people):
            self.stdout.write(f"  password: {sample_agency.PASSWORD}")
