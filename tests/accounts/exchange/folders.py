"""Folders of records for tests."""

from pathlib import Path

from accounts.exchange.loading import load
from accounts.exchange.report import Report

CLIENTS = "external_id,name,currency\nnorthwind,Northwind,EUR\ncontoso,Contoso,USD\n"
RETAINER = "external_id,client,name,billing\nn1,northwind,Always on,retainer\n"
LEDGER = """\
external_id,engagement,kind,effective_on,value_delta
s1,n1,start,2024-01-01,1000
s2,n1,expansion,2024-04-01,250.5
"""


def folder(place: Path, files: dict[str, str | bytes]) -> Path:
    """A folder that holds these files and nothing else; `.csv` may be left out of their names."""
    made = place / f"folder-{len(list(place.iterdir()))}"
    made.mkdir()
    for name, content in files.items():
        path = made / (name if "." in name else f"{name}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return made


def loaded(place: Path, **files: str | bytes) -> Report:
    """Load these files; they must be taken in."""
    report = load(folder(place, dict(files)))
    assert not report.is_refused, sentences(report)
    return report


def refused(place: Path, **files: str | bytes) -> list[str]:
    """Load these files; they must be refused. What is said about it."""
    report = load(folder(place, dict(files)))
    assert report.is_refused
    return sentences(report)


def sentences(report: Report) -> list[str]:
    """What is wrong, in words."""
    return [str(problem) for problem in report.problems]


def counts(report: Report) -> dict[str, tuple[int, int, int, int]]:
    """Created, updated, unchanged and refused rows of each file."""
    return {
        count.file.removesuffix(".csv"): (count.created, count.updated, count.unchanged, count.refused)
        for count in report.files
    }
