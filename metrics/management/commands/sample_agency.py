"""`manage.py sample_agency`: fills an empty Soundings with invented clients, and says who can sign in."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import sample_agency
from accounts.exchange.loading import load
from accounts.models import Client, Person
from accounts.periods import Quarter
from metrics import nightly
from metrics.gathering import settings_history


class Command(BaseCommand):
    """Loads the sample agency by the importer's own door; where there are clients, it leaves all as it is."""

    help = "Fill an empty Soundings with an invented agency: 24 clients, five years up to the last ended quarter."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, let its people sign in, compute."""
        today = nightly.local_time(timezone.now(), settings_history()).date()
        if not Client.objects.exists():
            self._fill(Quarter.containing(today))
        elif not Client.objects.filter(external_id=sample_agency.STALLING).exists():
            raise CommandError("There are clients of your own here: the sample agency is for an empty Soundings.")
        nightly.run(today, report=lambda said: None)
        people = Person.objects.filter(email__in=sample_agency.PEOPLE).order_by("role", "email")
        for person in people:
            self.stdout.write(f"  {person.email:32} {person.name}, {person.get_role_display()}")
        if any(person.check_password(sample_agency.PASSWORD) for person in people):
            self.stdout.write(f"  password: {sample_agency.PASSWORD}")

    def _fill(self, current: Quarter) -> None:
        with transaction.atomic(), tempfile.TemporaryDirectory(prefix="soundings-sample-") as folder:
            sample_agency.write(Path(folder), current.start)
            report = load(Path(folder))
            if report.is_refused:
                raise CommandError("\n".join(str(problem) for problem in report.problems))
            for email, name in sample_agency.PEOPLE.items():
                person, _ = Person.objects.get_or_create(email=email)
                person.name = name
                person.role = Person.Role.LEADERSHIP if email == sample_agency.OMAR else Person.Role.ACCOUNT_MANAGER
                # Omar also keeps the records: the admin site opens for him.
                person.is_superuser = email == sample_agency.OMAR
                person.set_password(sample_agency.PASSWORD)
                person.save()
