"""`manage.py load FOLDER`: takes a folder of records in."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.exchange.loading import load
from accounts.exchange.report import Report


class Command(BaseCommand):
    """Takes a folder of CSV files in, all of it or nothing, and says what came of each file."""

    help = "Import a folder of records (CSV). One bad row and nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and whether to write."""
        parser.add_argument("folder", type=Path, help="the folder that holds clients.csv, engagements.csv and so on")
        parser.add_argument("--dry-run", action="store_true", help="find out what would happen, and write nothing")

    def handle(self, *args: Any, folder: Path, dry_run: bool, **options: Any) -> None:
        """Load, and report. Exits with 1 when anything was refused."""
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        with tqdm(
            total=1, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False, file=sys.stderr
        ) as bar:

            def progress(doing: str, done: int, total: int) -> None:
                bar.total = max(total, 1)
                bar.set_description(doing, refresh=False)
                bar.update(done - bar.n)

            report = load(folder, dry_run=dry_run, progress=progress)
        self._tell(report)
        if report.is_refused:
            raise CommandError("Nothing was written.")

    def _tell(self, report: Report) -> None:
        for problem in report.problems:
            self.stdout.write(str(problem))
        more = report.problem_count - len(report.problems)
        if more:
            self.stdout.write(f"and {more:,} more")
        for name, perhaps in report.left_alone:
            self.stdout.write(f"{name} was not read{f'; was it meant to be {perhaps}?' if perhaps else '.'}")
        if report.people:
            self.stdout.write(
                f"{report.people:,} new e-mails of the agency became people who can't sign in until invited."
            )
        if report.contacts:
            self.stdout.write(f"{report.contacts:,} new e-mails of respondents became contacts of their clients.")
        for count in report.files:
            self.stdout.write(str(count))
        if report.dry_run and not report.is_refused:
            self.stdout.write("This was a dry run: nothing was written.")
