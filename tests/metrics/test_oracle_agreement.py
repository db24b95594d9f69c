"""All figures, cell by cell, against the oracle: a second computation that knows nothing of this one.

Each batch loads invented agencies, computes, stores, adds up and exports them, and compares the five
files with what the oracle says. Where they differ, DOMAIN.md decides, and the case becomes a named
test beside the statement or function that was wrong.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from accounts.exchange.loading import load
from metrics.exporting import write_figures
from tests.metrics.computing import compute
from tests.oracle import agencies, coverage, figures

AGENCIES = 200
AGENCIES_AT_FULL_SIZE = 1_100
"""More than ten thousand clients."""
AT_ONCE = 10
DIFFERENCES_SHOWN = 20
CLIENTS_AT_ONCE = 5
"""Fewer than an agency has, so that what is added up comes from several chunks."""

Rows = Sequence[Mapping[str, str]]


@pytest.fixture
def counts(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where the batches of this run, in whatever process, leave what occurred in them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "occurrences"
    folder.mkdir(exist_ok=True)
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "first" in metafunc.fixturenames:
        last = AGENCIES_AT_FULL_SIZE if metafunc.config.getoption("--full-size") else AGENCIES
        metafunc.parametrize("first", range(0, last, AT_ONCE))


@pytest.mark.django_db
def test_every_cell_of_every_file_is_the_oracles(first: int, tmp_path: Path, counts: Path) -> None:
    occurred: Counter[str] = Counter()
    for seed in range(first, first + AT_ONCE):
        folder = tmp_path / str(seed)
        as_of = agencies.generate(seed, folder)
        expected = figures.figures(folder, as_of)
        occurred += coverage.occurrences(expected) + coverage.awkward(folder, expected)
        differences = list(differing(stored(folder, as_of), expected))
        assert not differences, "\n".join(
            [f"Agency {seed}: {len(differences)} cells differ", *differences[:DIFFERENCES_SHOWN]]
        )
    _leave(counts, first, occurred)


def test_every_case_occurs_among_the_agencies(
    tmp_path: Path, counts: Path, record_property: Callable[[str, object], None]
) -> None:
    """Runs last, when most batches have left their counts; what is missing the oracle counts again."""
    occurred: Counter[str] = Counter()
    for first in range(0, AGENCIES, AT_ONCE):
        left = counts / f"{first}.json"
        if not left.exists():
            _leave(counts, first, _occurrences(first, tmp_path))
        occurred += Counter(json.loads(left.read_text()))
    table = "\n".join(f"{count:>9,}  {case}" for case, count in sorted(occurred.items()))
    record_property("told", f"What occurred among {AGENCIES} invented agencies\n{table}")
    missing = sorted(coverage.expected() - occurred.keys())
    assert not missing, f"never among {AGENCIES} agencies: {', '.join(missing)}"
    rare = [case for case in coverage.AWKWARD if occurred[case] < AGENCIES / 10]
    assert not rare, f"in fewer than one of ten of {AGENCIES} agencies: {', '.join(rare)}"
    assert occurred[coverage.LARGE_ENOUGH] == AGENCIES


def stored(folder: Path, as_of: date) -> dict[str, Rows]:
    """The five files as the product writes them for a folder of records; the database is left as it was."""
    written = folder / "figures"
    written.mkdir()
    with transaction.atomic():
        report = load(folder)
        assert not report.problems, report.problems[:DIFFERENCES_SHOWN]
        compute(as_of, CLIENTS_AT_ONCE)
        write_figures(written)
        transaction.set_rollback(True)
    return {name: _rows(written / f"{name}.csv") for name in figures.KEYS}


def differing(ours: Mapping[str, Rows], theirs: Mapping[str, Rows]) -> Iterator[str]:
    """Each cell, row and order in which two sets of files differ, in words."""
    for name, key in figures.KEYS.items():
        if not ours[name] and not theirs[name]:
            continue
        our_rows, their_rows = _by_key(ours[name], key), _by_key(theirs[name], key)
        for missing in their_rows.keys() - our_rows.keys():
            yield f"{name} {missing}: no such row in ours"
        for extra in our_rows.keys() - their_rows.keys():
            yield f"{name} {extra}: no such row in the oracle's"
        for row in our_rows.keys() & their_rows.keys():
            for column, cell in our_rows[row].items():
                if cell != their_rows[row].get(column):
                    yield f"{name} {row} {column}: ours {cell!r}, the oracle's {their_rows[row].get(column)!r}"
            for column in their_rows[row].keys() - our_rows[row].keys():
                yield f"{name} {row} {column}: no such column in ours"
        if list(our_rows) != list(their_rows) and our_rows.keys() == their_rows.keys():
            yield f"{name}: the rows are in another order"


def _by_key(rows: Rows, key: Iterable[str]) -> dict[tuple[str, ...], Mapping[str, str]]:
    found = {tuple(row[column] for column in key): row for row in rows}
    assert len(found) == len(rows), "two rows with one key"
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _occurrences(first: int, folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in range(first, first + AT_ONCE):
        as_of = agencies.generate(seed, folder / str(seed))
        expected = figures.figures(folder / str(seed), as_of)
        found += coverage.occurrences(expected) + coverage.awkward(folder / str(seed), expected)
    return found


def _leave(counts: Path, first: int, occurred: Counter[str]) -> None:
    """All of it or nothing, since another process may be looking."""
    unfinished = counts / f"{first}.unfinished"
    unfinished.write_text(json.dumps(occurred))
    unfinished.rename(counts / f"{first}.json")
