"""`manage.py load`: a line a file, a sentence a bad row, and an exit code that says whether it was written."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Client
from tests.accounts.exchange.folders import CLIENTS, folder
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db

BAD = "external_id,name,currency\nnorthwind,Northwind,XYZ\ncontoso,,USD\n"


def test_it_ends_with_a_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = folder(tmp_path, {"clients": CLIENTS})
    call_command("load", str(records))
    assert capsys.readouterr().out == "clients.csv: 2 created, 0 updated, 0 unchanged, 0 refused\n"
    call_command("load", str(records))
    assert capsys.readouterr().out == "clients.csv: 0 created, 0 updated, 2 unchanged, 0 refused\n"


def test_bad_rows_are_told_one_by_one_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match=r"Nothing was written\.") as refusal:
        call_command("load", str(folder(tmp_path, {"clients": BAD})))
    assert refusal.value.returncode == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith('clients.csv, row 2, column currency: "XYZ"; expected')
    assert said[1].startswith("clients.csv, row 3, column name: blank; expected")
    assert said[-1] == "clients.csv: 0 created, 0 updated, 0 unchanged, 2 refused"
    assert not Client.objects.exists()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load", str(folder(tmp_path, {"clients": CLIENTS})), dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "clients.csv: 2 created, 0 updated, 0 unchanged, 0 refused",
        "This was a dry run: nothing was written.",
    ]
    assert not Client.objects.exists()


def test_what_is_no_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load", str(tmp_path / "nowhere"))


@pytest.mark.shared
def test_the_records_of_a_real_city_are_taken_in_whole(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load", str(SHARED / "data" / "philadelphia-marketing"))
    assert capsys.readouterr().out.splitlines() == [
        "clients.csv: 32 created, 0 updated, 0 unchanged, 0 refused",
        "engagements.csv: 238 created, 0 updated, 0 unchanged, 0 refused",
        "scope_changes.csv: 690 created, 0 updated, 0 unchanged, 0 refused",
    ]
