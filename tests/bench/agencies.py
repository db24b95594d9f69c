"""Seeded agencies of the sizes S, M and L, as folders of records in the exchange format."""

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO

FIRST_MONTH = date(2021, 7, 1)
MONTHS = 60
AS_OF = date(2026, 7, 1)
LINES = ("Brand", "Media", "Search", "Social", "Video", "Content", "Web", "Analytics")
INDUSTRIES = ("Retail", "Financial services", "Health", "Software", "Travel", "Food", "Energy")
STANDINGS = ("sole", "lead", "several", "project")
ATTRIBUTES = (
    "commitment",
    "approach",
    "action",
    "loyalty",
    "trust",
    "ownership",
    "value",
    "involvement",
    "communication",
    "collaboration",
)


@dataclass(frozen=True)
class Size:
    """How much of everything; per client where it says so."""

    clients: int
    engagements: int
    """Per client."""
    changes: int
    """Per client, over all its engagements."""
    kpis: int
    check_ins: int
    respondents: int
    """Per client and quarter, both sides together."""
    managers: int


SIZES = {
    "S": Size(60, 4, 21, 8, 58, 9, 6),
    "M": Size(2_000, 5, 30, 8, 60, 9, 40),
    "L": Size(20_000, 8, 50, 8, 60, 9, 200),
}


def _month(index: int) -> date:
    month = FIRST_MONTH.month - 1 + index
    return date(FIRST_MONTH.year + month // 12, month % 12 + 1, 1)


class _Folder:
    """The files of one agency, written row by row."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._open: list[TextIO] = []

    def file(self, name: str, columns: str) -> Any:
        """A new file with its header written; columns separated by spaces."""
        stream = (self._folder / f"{name}.csv").open("w", newline="", encoding="utf-8")
        self._open.append(stream)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns.split())
        return writer

    def close(self) -> None:
        """Closes all files."""
        for stream in self._open:
            stream.close()


def _ledger(rng: random.Random, engagement: str, retainer: bool, rows: int) -> Iterable[tuple[object, ...]]:
    """A valid ledger of one engagement: a start, changes in order of time, sometimes an end."""
    day = FIRST_MONTH + timedelta(days=rng.randrange(MONTHS * 22))
    balance = rng.randrange(20, 200) * 100
    ends_on = day + timedelta(days=365)
    origin = ("client", "joint", "agency", "unknown", "")
    involved = ("idea", "plan", "brief", "execution", "unknown", "")
    count = 0

    def row(kind: str, delta: object, term: object = "") -> tuple[object, ...]:
        nonlocal count
        count += 1
        return (
            f"{engagement}-{count}",
            engagement,
            kind,
            day,
            delta,
            term,
            rng.choice(origin),
            rng.choice(involved),
        )

    yield row("start", balance, ends_on)
    last = AS_OF - timedelta(days=1)
    while count < rows:
        step = max(1, (last - day).days // max(1, rows - count))
        day += timedelta(days=rng.randrange(step + 1))
        chance = rng.random()
        if chance < 0.35:
            delta = rng.randrange(5, 60) * 100
            balance += delta
            yield row("expansion", delta)
        elif chance < 0.55 and balance > 4000:
            delta = -rng.randrange(5, 30) * 100
            balance += delta
            yield row("contraction", delta)
        elif chance < 0.75:
            delta = rng.choice((-300, 200, 500))
            if balance + delta > 1000:
                balance += delta
                yield row("price", delta)
        else:
            ends_on = max(ends_on, day) + timedelta(days=365)
            yield row("renewal", "", ends_on)
    if rng.random() < 0.3:
        day += timedelta(days=rng.randrange(1, 40))
        yield row("end", -balance if retainer else 0)


def generate(size: str, folder: Path, seed: int = 1) -> dict[str, int]:
    """Writes an agency of that size; returns how many rows each file has."""
    rng = random.Random(f"{size}-{seed}")
    scale = SIZES[size]
    out = _Folder(folder)
    counts: dict[str, int] = {}
    clients = out.file("clients", "external_id name industry value_tier currency account_manager")
    contacts = out.file("contacts", "external_id client name email role decision_maker")
    engagements = out.file("engagements", "external_id client name service_line billing pricing notice_days")
    changes = out.file(
        "scope_changes",
        "external_id engagement kind effective_on value_delta ends_on origin involved_from",
    )
    standings = out.file("standings", "client effective_on standing exclusive")
    involvements = out.file("involvements", "client kind started_on")
    kpis = out.file("kpis", "external_id client name unit direction")
    readings = out.file("kpi_readings", "kpi month value target")
    check_ins = out.file("check_ins", "external_id client held_on initiated_by client_contacts agency_people signs")
    pulses = out.file(
        "pulses",
        f"external_id client side respondent answered_on {' '.join(ATTRIBUTES)}"
        " confidential reduces_risk improves_decisions supports_direction",
    )
    advice = out.file(
        "recommendations",
        "external_id client made_on subject proactive reception stance decision outcome",
    )
    goals = out.file("goals", "external_id client title set_on agreed_on due_on status closed_on")
    rates = out.file("exchange_rates", "currency effective_on rate")
    for currency, base in (("EUR", 1.08), ("GBP", 1.27)):
        for quarter in range(0, MONTHS, 3):
            rates.writerow((currency, _month(quarter), f"{base + rng.uniform(-0.1, 0.1):.4f}"))
    signs = (
        "priorities_debated",
        "strategy_questioned",
        "started_over",
        "brought_in_early",
        "new_channel",
        "long_term_budget",
    )
    for number in range(scale.clients):
        client = f"c{number:05d}"
        clients.writerow(
            (
                client,
                f"Client {number}",
                rng.choice(INDUSTRIES),
                rng.choice(("A", "B", "B", "C", "C", "C")),
                rng.choices(("USD", "EUR", "GBP"), (8, 1, 1))[0],
                f"manager{rng.randrange(scale.managers)}@agency.test",
            )
        )
        people = [f"{client}-p{i}" for i in range(5)]
        for i, person in enumerate(people):
            contacts.writerow((person, client, f"Contact {i}", f"p{i}@{client}.test", "Marketing", "no"))
        share = scale.changes // scale.engagements
        for i in range(scale.engagements):
            engagement = f"{client}-e{i}"
            retainer = rng.random() < 0.7
            engagements.writerow(
                (
                    engagement,
                    client,
                    f"Engagement {i}",
                    rng.choice(LINES),
                    "retainer" if retainer else "project",
                    rng.choice(("time", "fixed", "value", "shared_risk", "")),
                    rng.choice(("", 30, 90)),
                )
            )
            for row in _ledger(rng, engagement, retainer, share + (i == 0) * 1):
                changes.writerow(row)
                counts["scope_changes"] = counts.get("scope_changes", 0) + 1
        for _ in range(2):
            standings.writerow(
                (
                    client,
                    FIRST_MONTH + timedelta(days=rng.randrange(900) * 2 + _),
                    rng.choice(STANDINGS),
                    rng.choice(("yes", "no", "")),
                )
            )
        for kind in ("systems", "people", "marketing"):
            if rng.random() < 0.5:
                involvements.writerow((client, kind, _month(rng.randrange(40))))
        skill = rng.uniform(0.85, 1.2)
        for i in range(scale.kpis):
            kpi = f"{client}-k{i}"
            kpis.writerow((kpi, client, f"KPI {i}", "leads", "higher" if i % 3 else "lower"))
            for month in range(MONTHS):
                target = 1000 + 10 * month
                readings.writerow((kpi, _month(month), round(target * skill * rng.uniform(0.8, 1.2), 1), target))
                counts["kpi_readings"] = counts.get("kpi_readings", 0) + 1
        for i in range(scale.check_ins):
            check_ins.writerow(
                (
                    f"{client}-m{i}",
                    client,
                    FIRST_MONTH + timedelta(days=rng.randrange(MONTHS * 30)),
                    rng.choice(("client", "agency", "")),
                    ";".join(rng.sample(people, rng.randrange(3))),
                    f"manager{rng.randrange(scale.managers)}@agency.test",
                    ";".join(rng.sample(signs, rng.choice((0, 0, 1, 2)))),
                )
            )
        counts["check_ins"] = counts.get("check_ins", 0) + scale.check_ins
        for quarter in range(0, MONTHS, 3):
            for i in range(scale.respondents):
                side = "client" if i < 5 else "agency"
                respondent = f"p{i}@{client}.test" if i < 5 else f"manager{i % scale.managers}@agency.test"
                pulses.writerow(
                    (
                        f"{client}-r{quarter}-{i}",
                        client,
                        side,
                        respondent,
                        _month(quarter) + timedelta(days=rng.randrange(80)),
                        *(rng.choice(("", 1, 2, 3, 3, 4, 4, 5)) for _ in ATTRIBUTES),
                        rng.choice(("yes", "no", "")),
                        *((rng.randrange(1, 6),) * 3 if side == "client" else ("", "", "")),
                    )
                )
        counts["pulses"] = counts.get("pulses", 0) + scale.respondents * MONTHS // 3
        for i in range(12):
            advice.writerow(
                (
                    f"{client}-a{i}",
                    client,
                    FIRST_MONTH + timedelta(days=rng.randrange(MONTHS * 30)),
                    f"Advice {i}",
                    rng.choice(("yes", "no", "")),
                    rng.choice(("welcomed", "debated", "resisted", "")),
                    rng.choice(("defended", "compromised", "withdrawn", "")),
                    rng.choice(("adopted", "partly", "declined", "pending")),
                    rng.choice(("better", "as_expected", "worse", "unknown")),
                )
            )
        for i in range(5):
            day = FIRST_MONTH + timedelta(days=rng.randrange(MONTHS * 25))
            goals.writerow(
                (
                    f"{client}-g{i}",
                    client,
                    f"Goal {i}",
                    day,
                    rng.choice(("", day + timedelta(days=20))),
                    day + timedelta(days=300),
                    "open",
                    "",
                )
            )
    out.close()
    counts["clients"] = scale.clients
    return counts
