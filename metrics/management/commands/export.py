"""`manage.py export FOLDER`: the operator's full copy, records and figures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry
from metrics.exporting import export
from metrics.models import ChangedClient
from metrics.queries.freshness import figures_as_of


class Command(BaseCommand):
    """Writes everything into a folder of CSV files, text verbatim, confidential answers included."""

    help = "Write all records and figures into a folder (CSV). What it writes, `load` takes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("folder", type=Path, help="where to write; made if it is not there")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write, and say how many rows each file has, and as of which day the figures are."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            counts = export(folder)
        except OSError as error:
            raise CommandError(f"{error.filename or folder} can't be written: {error.strerror}.") from error
        audit.note(AuditEntry.Kind.TAKEN_ALONG, what=_("All records and figures"), rows=sum(counts.values()))
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count:,} {'row' if count == 1 else 'rows'}")
        as_of = figures_as_of()
        if as_of is None:
            self.stdout.write("No figures were ever computed: `manage.py recompute` does it.")
            return
        self.stdout.write(f"Figures are as of {as_of}.")
        if waiting := ChangedClient.objects.values("client_id").distinct().count():
            clients = "1 client has" if waiting == 1 else f"{waiting:,} clients have"
            self.stdout.write(f"{clients} changes that are not in the figures yet.")
