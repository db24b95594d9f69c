"""Which cases the invented agencies bring up, counted in their figures."""

from collections import Counter
from collections.abc import Mapping, Sequence

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
