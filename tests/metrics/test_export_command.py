"""`manage.py export` on committed records: a process of its own, and one moment for all files."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from agency.environment import ROOT
from metrics import nightly
from metrics.exporting import export
from tests import builders
from tests.conftest import Database


def test_a_night_is_exported_by_a_process_of_its_own(fresh_database: Database, tmp_path: Path) -> None:
    builders.retainer_since(builders.client("Northwind"), date(2024, 1, 10))
    nightly.run(date(2024, 12, 31))
    done = subprocess.run(
        [sys.executable, "manage.py", "export", str(tmp_path / "out")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "client_quarters.csv: 4 rows" in lines
    assert lines[-1] == "Figures are as of 2024-12-31."
    (tmp_path / "again").mkdir()
    export(tmp_path / "again")
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
