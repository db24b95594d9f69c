"""The figure files: which rows and columns, in which order, and how a number is printed."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.exchange.loading import load
from accounts.models import Client
from metrics.exporting import export, write_figures
from metrics.models import ChangedClient, ClientCandour, ClientQuarter, ExpansionRate, Horizon, Signal
from tests import builders
from tests.metrics.computing import compute
from tests.oracle import agencies

pytestmark = pytest.mark.django_db

HEADERS = {
    "client_quarters.csv": (
        "client,quarter,in_progress,scope_start,scope_end,value_start,value_end,movement,kpi_readings,kpi_met,"
        "attainment,swing,pattern,partnership_score,coverage,confidence,trust_signs"
    ),
    "partnership_attributes.csv": ("client,quarter,attribute,client_pulse,agency_pulse,evidence,score,perception_gap"),
    "expansion_rates.csv": (
        "quarter,window,segment,existing,expanding,flat,contracting,lost,rate,low,high,band,settled,nsr,nrr,grr,"
        "pulled_share,into_new,stayed"
    ),
    "signals.csv": "indicator,cases,growers,clients,auc,low,high,verdict",
    "candour.csv": "client,contested,defended,compromised,withdrawn,defended_share",
}


def stored(client: Client, quarter: str = "2024-Q1", *, listed: bool = True, **fields: object) -> ClientQuarter:
    """A stored client quarter."""
    nothing = [None] * 10
    sources = {"client_pulse": nothing, "agency_pulse": nothing, "evidence": nothing, "score": nothing}
    year, number = quarter.split("-Q")
    return ClientQuarter.objects.create(
        client=client,
        quarter=quarter,
        starts_on=date(int(year), 3 * int(number) - 2, 1),
        ends_on=date(int(year) + int(number) // 4, 3 * int(number) % 12 + 1, 1),
        listed=listed,
        **{"in_progress": False, **sources, **fields},
    )


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_agency_without_figures_has_five_files_of_headers(tmp_path: Path) -> None:
    assert write_figures(tmp_path) == dict.fromkeys(HEADERS, 0)
    for name, header in HEADERS.items():
        assert (tmp_path / name).read_bytes() == f"{header}\n".encode()


def test_numbers_have_four_places_rounded_half_away_from_zero(tmp_path: Path) -> None:
    nothing = [None] * 9
    stored(
        builders.client(),
        scope_end=Decimal("1234567890123456.5"),
        attainment=Decimal("66.66665"),
        swing=Decimal("0.00004999"),
        confidence=Decimal("66.66664999"),
        kpi_readings=1200,
        coverage=10,
        client_pulse=[Decimal("50.00005"), *nothing],
        agency_pulse=[Decimal("50"), *nothing],
    )
    write_figures(tmp_path)
    (row,) = rows(tmp_path, "client_quarters.csv")
    assert (row["scope_start"], row["scope_end"]) == ("0.0000", "1234567890123456.5000")
    assert (row["attainment"], row["swing"], row["confidence"]) == ("66.6667", "0.0000", "66.6666")
    assert (row["kpi_readings"], row["kpi_met"], row["coverage"]) == ("1200", "0", "10")
    assert (row["partnership_score"], row["in_progress"]) == ("", "no")
    (row,) = rows(tmp_path, "partnership_attributes.csv")
    assert (row["client_pulse"], row["agency_pulse"], row["perception_gap"]) == ("50.0001", "50.0000", "-0.0001")


def test_there_is_no_minus_zero(tmp_path: Path) -> None:
    nothing = [None] * 9
    client_pulse, agency_pulse = [Decimal("50.00001"), *nothing], [Decimal("50"), *nothing]
    stored(builders.client(), client_pulse=client_pulse, agency_pulse=agency_pulse)
    write_figures(tmp_path)
    assert rows(tmp_path, "partnership_attributes.csv")[0]["perception_gap"] == "0.0000"


def test_attributes_have_a_row_where_a_source_is_there(tmp_path: Path) -> None:
    client_pulse = [Decimal(10), None, None, None, None, None, None, None, None, None]
    agency_pulse = [None, None, Decimal(30), None, None, None, None, None, None, None]
    evidence = [None, None, None, None, None, None, None, None, None, Decimal(100)]
    score = [Decimal(10), None, Decimal(30), None, None, None, None, None, None, Decimal(100)]
    stored(builders.client(), client_pulse=client_pulse, agency_pulse=agency_pulse, evidence=evidence, score=score)
    write_figures(tmp_path)
    assert (tmp_path / "partnership_attributes.csv").read_text().splitlines()[1:] == [
        "northwind,2024-Q1,action,,30.0000,,30.0000,",
        "northwind,2024-Q1,collaboration,,,100.0000,100.0000,",
        "northwind,2024-Q1,commitment,10.0000,,,10.0000,",
    ]


def test_quarters_without_scope_at_either_end_are_not_listed(tmp_path: Path) -> None:
    stored(builders.client(), listed=False, client_pulse=[Decimal(10)] * 10)
    write_figures(tmp_path)
    assert rows(tmp_path, "client_quarters.csv") == []
    assert rows(tmp_path, "partnership_attributes.csv") == []


def test_rows_are_sorted_by_code_point_on_their_key(tmp_path: Path) -> None:
    for name in ("a", "B", "ä", "a,b", "10", "9", "_"):
        client = builders.client(name, external_id=name)
        stored(client, "2024-Q2")
        stored(client, "2024-Q1")
        ClientCandour.objects.create(client=client, contested=1, defended=0, compromised=0, withdrawn=0)
    write_figures(tmp_path)
    keys = [(row["client"], row["quarter"]) for row in rows(tmp_path, "client_quarters.csv")]
    assert keys == sorted(keys)
    assert [row["client"] for row in rows(tmp_path, "candour.csv")] == ["10", "9", "B", "_", "a", "a,b", "ä"]


def test_what_the_files_say_is_what_is_stored(tmp_path: Path) -> None:
    northwind = builders.client("Northwind", industry="Food")
    builders.retainer_since(northwind, date(2024, 1, 10), service_line="Search")
    builders.recommendation(northwind, date(2024, 2, 1), reception="debated", stance="withdrawn")
    compute(date(2024, 12, 31))
    counts = write_figures(tmp_path)
    assert counts == {
        "client_quarters.csv": ClientQuarter.objects.filter(listed=True).count(),
        "partnership_attributes.csv": len(rows(tmp_path, "partnership_attributes.csv")),
        "expansion_rates.csv": ExpansionRate.objects.count(),
        "signals.csv": Signal.objects.count(),
        "candour.csv": 1,
    }
    assert (tmp_path / "candour.csv").read_text().splitlines()[1] == "northwind,1,0,0,1,0.0000"
    first = (tmp_path / "expansion_rates.csv").read_text().splitlines()[1]
    assert first == (
        "2024-Q2,quarter,all,1,0,1,0,0,0.0000,0.0000,79.3451,concerning,no,100.0000,100.0000,100.0000,,0,0"
    )
    assert rows(tmp_path, "signals.csv")[0] == {
        "indicator": "action",
        "cases": "0",
        "growers": "0",
        "clients": "0",
        "auc": "",
        "low": "",
        "high": "",
        "verdict": "too_few",
    }


def test_a_cell_that_begins_like_a_formula_is_written_as_it_is(tmp_path: Path) -> None:
    stored(builders.client("Northwind", external_id="=1+1"))
    write_figures(tmp_path)
    assert rows(tmp_path, "client_quarters.csv")[0]["client"] == "=1+1"


# Records and figures together


def copied(folder: Path, into: Path, as_of: date) -> dict[str, bytes]:
    """What is exported after a folder was loaded and computed; the database is left as it was."""
    into.mkdir()
    with transaction.atomic():
        assert not load(folder).is_refused
        compute(as_of)
        export(into)
        transaction.set_rollback(True)
    return {path.name: path.read_bytes() for path in into.iterdir()}


@pytest.mark.parametrize("seed", range(2000, 2006))
def test_what_is_exported_is_taken_back_and_gives_the_same_figures(seed: int, tmp_path: Path) -> None:
    as_of = agencies.generate(seed, tmp_path / "given")
    first = copied(tmp_path / "given", tmp_path / "first", as_of)
    assert len(first) == 16 + 5
    assert first["client_quarters.csv"].count(b"\n") > 1
    assert copied(tmp_path / "first", tmp_path / "second", as_of) == first


def told(folder: Path) -> list[str]:
    output = StringIO()
    call_command("export", str(folder), stdout=output)
    return output.getvalue().splitlines()


def test_the_command_makes_the_folder_and_tells_what_it_wrote(tmp_path: Path) -> None:
    builders.retainer_since(builders.client("Northwind"), date(2024, 1, 10))
    lines = told(tmp_path / "new" / "folder")
    assert "clients.csv: 1 row" in lines
    assert "contacts.csv: 0 rows" in lines
    assert "client_quarters.csv: 0 rows" in lines
    assert lines[-1] == "No figures were ever computed: `manage.py recompute` does it."
    assert (tmp_path / "new" / "folder" / "clients.csv").is_file()


def test_the_command_tells_what_is_not_in_the_figures_yet(tmp_path: Path) -> None:
    Horizon.objects.create(id=1, as_of=date(2024, 12, 31), chosen=False, fiscal_month=1)
    ChangedClient.objects.all().delete()
    assert told(tmp_path)[-1] == "Figures are as of 2024-12-31."
    builders.client("Northwind")
    assert told(tmp_path)[-1] == "1 client has changes that are not in the figures yet."


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(CommandError, match="can't be written: File exists"):
        told(in_the_way)
