"""Which cases the invented agencies bring up, counted in their records and in their figures."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .records import ATTRIBUTES

PATTERNS = ("compounding", "stalling", "deepening", "at_risk", "too_early")
MOVEMENTS = ("expanding", "flat", "contracting", "lost", "new", "returned")
BANDS = ("strong", "moderate", "concerning")
VERDICTS = ("tells", "misleads", "coin", "too_few")
SEGMENTS = ("all", "industry", "tier", "manager", "service")
SOURCES = ("client_pulse", "agency_pulse", "evidence", "score", "perception_gap")
CLIENT_FIGURES = ("attainment", "swing", "partnership_score", "confidence", "trust_signs")
RATE_FIGURES = ("nsr", "nrr", "grr", "pulled_share")
RATE_COUNTS = ("expanding", "flat", "contracting", "lost", "into_new", "stayed")
SIGNAL_FIGURES = ("auc", "low", "high")
STANCES = ("contested", "defended", "compromised", "withdrawn")
AWKWARD = (
    "changes of one engagement on one day",
    "a change on a quarter's first day",
    "a reversal",
    "a price rise",
    "a start of no value",
    "a project that rolls off",
    "a project that is cut short",
    "a currency without a rate",
    "a leap day",
    "a fiscal year that does not begin in January",
    "an upper-case e-mail",
    "a blank cell",
    "1 who answers confidentially",
    "2 who answer confidentially",
    "3 or more who answer confidentially",
    "a tie in the signal test",
)
"""What records hold that is easily got wrong; each must occur in a tenth of the agencies."""
LARGE_ENOUGH = "at least 8 clients, 9 quarters and 2 currencies"
"""What each of the agencies must be."""
PRESENCE = ("present", "blank")
AMOUNT = ("some", "none")

Rows = Sequence[Mapping[str, str]]


def presence(cell: str) -> str:
    """Whether a figure is there."""
    return "present" if cell else "blank"


def amount(cell: str) -> str:
    """Whether a count is above nothing."""
    return "none" if cell == "0" else "some"


def occurrences(figures: Mapping[str, Rows]) -> Counter[str]:
    """How often each case occurs in the figures of one agency."""
    seen: Counter[str] = Counter()
    for row in figures["client_quarters"]:
        seen[f"pattern {row['pattern']}"] += 1
        seen[f"movement {row['movement']}"] += 1
        seen[f"in_progress {row['in_progress']}"] += 1
        seen[f"coverage {row['coverage']}"] += 1
        seen[f"quarter {row['quarter'][-2:]}"] += 1
        for column in CLIENT_FIGURES:
            seen[f"{column} {presence(row[column])}"] += 1
        differs = row["value_end"] != row["scope_end"]
        seen[f"value {'other than' if differs else 'same as'} scope"] += 1
    for row in figures["partnership_attributes"]:
        for column in SOURCES:
            seen[f"{row['attribute']} {column} {presence(row[column])}"] += 1
    for row in figures["expansion_rates"]:
        seen[f"band {row['band']}"] += 1
        seen[f"settled {row['settled']}"] += 1
        seen[f"band {row['band']} settled {row['settled']}"] += 1
        seen[f"window {row['window']} segment {row['segment'].partition(':')[0]}"] += 1
        for column in RATE_FIGURES:
            seen[f"{column} {presence(row[column])}"] += 1
        for column in RATE_COUNTS:
            seen[f"{column} {amount(row[column])}"] += 1
    for row in figures["signals"]:
        seen[f"verdict {row['verdict']}"] += 1
        seen[f"{row['indicator']} {row['verdict']}"] += 1
        for column in SIGNAL_FIGURES:
            seen[f"{column} {presence(row[column])}"] += 1
    for row in figures["candour"]:
        for column in STANCES:
            seen[f"candour {column} {amount(row[column])}"] += 1
    return seen


def awkward(folder: Path, figures: Mapping[str, Rows]) -> Counter[str]:
    """Which of AWKWARD this agency's records hold, each counted once, and whether it is LARGE_ENOUGH."""
    files = {path.stem: list(_rows(path)) for path in folder.glob("*.csv")}
    cells = [cell for rows in files.values() for row in rows for cell in row.values()]
    quarters = {row["quarter"] for row in figures["client_quarters"]}
    currencies = {row["currency"] for row in files["clients"]}
    found = set(_in_ledger(files)) | set(_in_settings(files, currencies)) | set(_in_pulses(files))
    if "" in cells:
        found.add("a blank cell")
    if any(cell.endswith("-02-29") for cell in cells):
        found.add("a leap day")
    if any("@" in cell and cell != cell.lower() for cell in cells):
        found.add("an upper-case e-mail")
    by_quarter = defaultdict(list)
    for row in figures["client_quarters"]:
        if row["attainment"]:
            by_quarter[row["quarter"]].append(row["attainment"])
    if any(len(set(values)) < len(values) for values in by_quarter.values()):
        found.add("a tie in the signal test")
    if len(files["clients"]) >= 8 and len(quarters) >= 9 and len(currencies) >= 2:
        found.add(LARGE_ENOUGH)
    return Counter(found)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: cell.strip(" ") for column, cell in row.items()}


def _in_ledger(files: Mapping[str, Rows]) -> Iterator[str]:
    billing = {row["external_id"]: row["billing"] for row in files["engagements"]}
    undone = {row.get("reverses") for row in files["scope_changes"]}
    by_engagement = defaultdict(list)
    for row in files["scope_changes"]:
        if row.get("reverses"):
            yield "a reversal"
        elif row["external_id"] not in undone:
            by_engagement[row["engagement"]].append(row)
    for engagement, rows in by_engagement.items():
        days = [row["effective_on"] for row in rows]
        starts = [row for row in rows if row["kind"] == "start"]
        ends = [row["effective_on"] for row in rows if row["kind"] == "end"]
        terms = [row["ends_on"] for row in rows if row.get("ends_on")]
        if len(set(days)) < len(days):
            yield "changes of one engagement on one day"
        if any(day[5:] in ("01-01", "04-01", "07-01", "10-01") for day in days):
            yield "a change on a quarter's first day"
        if any(row["kind"] == "price" and not row["value_delta"].startswith("-") for row in rows):
            yield "a price rise"
        if any(not row["value_delta"].strip("+-0.") for row in starts):
            yield "a start of no value"
        if billing[engagement] == "project" and terms:
            if not ends:
                yield "a project that rolls off"
            elif min(ends) < max(terms):
                yield "a project that is cut short"


def _in_settings(files: Mapping[str, Rows], currencies: set[str]) -> Iterator[str]:
    settings: Rows = files.get("settings", [])
    if any(row["name"] == "fiscal_year_month" and row["value"] != "1" for row in settings):
        yield "a fiscal year that does not begin in January"
    reporting = max(
        ((row["effective_on"], row["value"]) for row in settings if row["name"] == "reporting_currency"),
        default=("", "USD"),
    )[1]
    rated = {row["currency"] for row in files.get("exchange_rates", [])}
    if currencies - rated - {reporting}:
        yield "a currency without a rate"


def _in_pulses(files: Mapping[str, Rows]) -> Iterator[str]:
    respondents = defaultdict(set)
    for row in files.get("pulses", []):
        if row.get("confidential") == "yes" and row["side"] == "client":
            respondents[row["client"]].add(row["respondent"].lower())
    words = {1: "1 who answers confidentially", 2: "2 who answer confidentially"}
    for people in respondents.values():
        yield words.get(len(people), "3 or more who answer confidentially")


def expected() -> frozenset[str]:
    """The cases that must all occur somewhere among the agencies."""
    keys = {f"pattern {pattern}" for pattern in PATTERNS}
    keys |= {f"movement {movement}" for movement in MOVEMENTS}
    keys |= {f"{flag} {answer}" for flag in ("in_progress", "settled") for answer in ("yes", "no")}
    keys |= {f"coverage {count}" for count in range(11)}
    keys |= {f"quarter Q{number}" for number in range(1, 5)}
    keys |= {"value other than scope", "value same as scope"}
    figures = CLIENT_FIGURES + RATE_FIGURES + SIGNAL_FIGURES
    keys |= {f"{figure} {state}" for figure in figures for state in PRESENCE}
    keys |= {f"{count} {state}" for count in RATE_COUNTS for state in AMOUNT}
    keys |= {f"band {band}" for band in BANDS}
    keys |= {"band strong settled yes", "band concerning settled yes"}
    keys |= {f"band {band} settled no" for band in BANDS}
    keys |= {f"window {w} segment {s}" for w in ("quarter", "year") for s in SEGMENTS}
    keys |= {f"verdict {verdict}" for verdict in VERDICTS}
    for indicator in ("attainment", "partnership_score", "check_in_rhythm"):
        keys |= {f"{indicator} {verdict}" for verdict in VERDICTS}
    keys |= {f"{attribute} {source} {state}" for attribute in ATTRIBUTES for source in SOURCES for state in PRESENCE}
    keys |= {f"candour {stance} some" for stance in STANCES}
    keys |= {f"candour {stance} none" for stance in STANCES[1:]}
    return frozenset(keys)
