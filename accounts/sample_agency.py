"""The sample agency: invented clients and five years of records, dated back from a quarter's end.

Names, people and amounts are made up. The records are written in the exchange format, so that
they come in by the same door as everyone else's.
"""

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from accounts.periods import months_after
from accounts.settings_in_force import ATTRIBUTES

OMAR = "omar@harbourandpine.example"
LENA = "lena@harbourandpine.example"
SAM = "sam@harbourandpine.example"
INES = "ines@harbourandpine.example"
PEOPLE = {INES: "Ines Vale", OMAR: "Omar Haddad", LENA: "Lena Fischer", SAM: "Sam Okafor"}
AGENCY = "Harbour & Pine"
PASSWORD = "harbour-and-pine"  # noqa: S105 -- printed for whoever opens the demo; it listens on this machine alone
STALLING = "larkfield"
"""The account of the first article that meets its targets and stands still."""
DEEPENING = "merrow"
"""Its twin at a glance, which keeps handing over more."""

QUARTERS = 20
_SIGNS_OF_STALLING = ("priorities_debated", "strategy_questioned", "started_over")
_SIGNS_OF_TRUST = ("brought_in_early", "new_channel", "long_term_budget")
_INTERVALS = {"A": 14, "B": 30, "C": 60, "": 30}
_KPIS = {
    "Retail": (("Online orders", "orders", 4200, 1), ("Cost per order", "", 38, -1)),
    "Financial services": (("Qualified leads", "leads", 310, 1), ("Cost per lead", "", 92, -1)),
    "Health": (("Appointments booked", "bookings", 640, 1), ("Cost per booking", "", 54, -1)),
    "Software": (("Trials started", "trials", 880, 1), ("Cost per trial", "", 71, -1)),
    "Travel": (("Bookings", "bookings", 1500, 1), ("Cost per booking", "", 29, -1)),
    "Food": (("Store visits", "visits", 9800, 1), ("Cost per visit", "", 3, -1)),
}
_KPIS_OF_ALL = (
    ("Returning visitors", "visitors", 12500, 1),
    ("Newsletter sign-ups", "sign-ups", 420, 1),
)


@dataclass(frozen=True)
class Change:
    """One change of scope: so many months before the last day told, in this service line."""

    months_ago: int
    line: str
    monthly: int
    note: str
    origin: str = "client"
    involved_from: str = "plan"


@dataclass(frozen=True)
class Story:
    """What happened with one client.

    `met` is how many of a quarter's twelve targets are met, typically; `swing` how far that varies.
    `recent` overrides the last quarters, oldest first. `warmth` is where the client sees us, 1 to 5.
    """

    key: str
    name: str
    industry: str
    tier: str
    manager: str
    line: str
    monthly: int
    since: int
    """Months before the end that it began."""
    met: int
    warmth: float
    changes: tuple[Change, ...] = ()
    swing: int = 1
    recent: tuple[int, ...] = ()
    currency: str = "USD"
    pricing: str = "fixed"
    standing: str = "several"
    gone: int | None = None
    """Months before the end that it left."""
    back: int | None = None
    """Months before the end that it came back."""
    overdue: bool = False
    awaited: bool = False
    """Whether the day has come on which advice was to show."""
    leaver: bool = False
    """Whether those who decide have left since."""


def _grow(*steps: tuple[int, str, int, str]) -> tuple[Change, ...]:
    return tuple(Change(ago, line, monthly, note) for ago, line, monthly, note in steps)


STORIES = (
    # Targets met quarter after quarter, scope where it was: the dashboards look fine.
    Story(STALLING, "Larkfield Outdoor", "Retail", "A", LENA, "Media", 46000, 58, 10, 2.6,
          (Change(47, "Media", 6500, "Spring campaign became permanent", "agency", "brief"),
           Change(29, "Search", 11000, "Search added after the pitch", "agency", "execution"),
           Change(19, "Media", -3500, "Print dropped", "client", "execution")),
          recent=(10, 11, 10, 10), standing="several", overdue=True),
    Story(DEEPENING, "Merrow Kitchens", "Retail", "B", SAM, "Brand", 18000, 55, 8, 4.4,
          (Change(38, "Content", 4000, "Recipe series", "joint", "idea"),
           Change(21, "Video", 6000, "Asked us to film the spring launch", "client", "idea"),
           Change(10, "Brand", 5000, "Brought into the store redesign", "client", "idea"),
           Change(5, "Analytics", 7500, "Handed over the loyalty data", "client", "plan")),
          swing=3, recent=(8, 10, 6, 10), pricing="value", standing="lead"),
    # Compounding trust.
    Story("quillon", "Quillon Bank", "Financial services", "A", LENA, "Brand", 42000, 60, 11, 4.3,
          (*_grow((40, "Web", 9000, "Branch finder"), (17, "Content", 7000, "Advice pages"),
                  (8, "Brand", 12000, "Second region")),
           Change(2, "Video", 6500, "Branch films, which we proposed", "agency", "brief")),
          pricing="shared_risk", standing="lead"),
    Story("pellworm", "Pellworm Ferries", "Travel", "B", SAM, "Media", 16000, 49, 11, 4.1,
          _grow((23, "Social", 3500, "Island diaries"), (7, "Media", 5000, "Winter timetable")),
          currency="EUR", standing="lead"),
    Story("ostrava", "Ostrava Robotics", "Software", "B", LENA, "Web", 14000, 44, 10, 4.0,
          _grow((31, "Content", 3000, "Developer guides"), (11, "Web", 4500, "Partner portal"),
                (1, "Search", 3500, "Hiring campaign")), pricing="value"),
    Story("tamsin", "Tamsin Dairy", "Food", "C", SAM, "Social", 8500, 41, 11, 3.9,
          (Change(14, "Social", 2000, "Farm visits"),
           Change(4, "Brand", 3000, "New packaging, after our pitch", "agency", "brief"))),
    Story("verrier", "Verrier Glass", "Retail", "C", LENA, "Search", 7000, 37, 10, 3.7,
          _grow((20, "Search", 1500, "Trade counter"), (9, "Web", 2600, "Sample service")),
          currency="EUR", awaited=True),
    Story("yarrowby", "Yarrowby Clinics", "Health", "A", SAM, "Content", 26000, 52, 11, 4.2,
          _grow((33, "Web", 5000, "Appointment pages"), (12, "Content", 4000, "Patient letters"),
                (3, "Analytics", 5200, "Referral reporting")), pricing="value", standing="sole"),
    # Good numbers, stalling.
    Story("corrigan", "Corrigan Insurance", "Financial services", "A", SAM, "Search", 31000, 50,
          11, 2.8, _grow((30, "Search", 4000, "Motor cover")), standing="several", overdue=True),
    Story("delphine", "Delphine Hotels", "Travel", "B", LENA, "Social", 15000, 46, 10, 3.0,
          _grow((26, "Social", 2500, "Rooftop season")), currency="GBP", leaver=True),
    Story("ibex", "Ibex Payroll", "Software", "B", SAM, "Search", 12500, 39, 11, 2.9,
          (Change(8, "Search", -1500, "Brand terms taken in house", "client", "execution"),)),
    Story("norrland", "Norrland Tea", "Food", "C", LENA, "Social", 6500, 33, 10, 3.1),
    # Deepening through fluctuation.
    Story("kestrelwood", "Kestrelwood Timber", "Retail", "C", SAM, "Web", 6800, 40, 7, 4.2,
          _grow((15, "Content", 1800, "Builder stories"), (6, "Web", 2900, "Configurator")),
          swing=3, standing="lead", awaited=True),
    Story("halcyon", "Halcyon Sleep", "Health", "B", LENA, "Media", 13500, 43, 8, 4.0,
          _grow((22, "Media", 2500, "Night radio"), (9, "Video", 4100, "Sleep school")),
          swing=3, pricing="shared_risk"),
    Story("ardent", "Ardent Cycles", "Retail", "B", SAM, "Content", 11800, 35, 7, 3.8,
          _grow((4, "Social", 3300, "Riders' club")), swing=3, currency="GBP"),
    # At risk.
    Story("galloway", "Galloway Freight", "Travel", "B", LENA, "Search", 14500, 48, 6, 2.2,
          (Change(27, "Search", 2000, "Tender season", "agency", "brief"),
           Change(7, "Search", -4200, "Budget halved", "client", "execution"))),
    Story("bramble", "Bramble & Vane", "Retail", "C", SAM, "Social", 7200, 30, 7, 2.4,
          overdue=True),
    Story("solano", "Solano Solar", "Software", "B", LENA, "Media", 12800, 36, 6, 2.7,
          (Change(5, "Media", -2600, "Paused two regions", "client", "execution"),), swing=2),
    Story("wexcombe", "Wexcombe Dental", "Health", "C", SAM, "Web", 5600, 28, 7, 2.5),
    # Comings and goings.
    Story("fennimore", "Fennimore Wines", "Food", "C", LENA, "Brand", 6900, 51, 9, 3.0, gone=8),
    Story("jarrah", "Jarrah Homeware", "Retail", "B", SAM, "Media", 13200, 47, 8, 2.3, gone=2),
    Story("umberleigh", "Umberleigh Foods", "Food", "B", LENA, "Brand", 9400, 54, 10, 3.6,
          gone=26, back=13),
    Story("zephyrine", "Zephyrine Air", "Travel", "A", SAM, "Media", 24000, 7, 9, 3.5),
    Story("aldwater", "Aldwater Savings", "Financial services", "B", LENA, "Web", 10500, 3, 10,
          3.4),
)  # fmt: skip

_FIRST = (
    "Ada", "Bo", "Cleo", "Dov", "Elin", "Finn", "Gia", "Hugo", "Ines",
    "Jan", "Kaia", "Luc", "Mira", "Nils", "Oda", "Pia", "Rafi", "Siri",
)  # fmt: skip
_LAST = (
    "Brook", "Castell", "Dray", "Ebner", "Falk", "Grove", "Hale", "Irwin",
    "Juul", "Kerr", "Lund", "Moss", "Nye", "Orr", "Pell",
)  # fmt: skip


class _Files:
    """Rows of the folder by file, written at the end."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, object]]] = {}

    def add(self, file: str, **cells: object) -> None:
        self.rows.setdefault(file, []).append(cells)

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file, rows in self.rows.items():
            columns = list(dict.fromkeys(name for row in rows for name in row))
            with (folder / f"{file}.csv").open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def write(folder: Path, end: date, today: date | None = None, without_rates_of: frozenset[str] = frozenset()) -> None:
    """Writes the records of the sample agency into a folder, five years up to `end`.

    `end` is the first day after the last quarter told; nothing is dated on or after it but terms and due
    days, and, where `today` is given, what has happened since: check-ins, advice whose day has come, and
    somebody who left. Exchange rates of the currencies in `without_rates_of` are left out.
    """
    files = _Files()
    rates = random.Random("rates")  # noqa: S311 -- invented records
    for currency, base in (("EUR", 1.09), ("GBP", 1.27)):
        for quarter in range(QUARTERS + 1):
            rate = f"{base + rates.uniform(-0.05, 0.05):.4f}"
            if currency not in without_rates_of:
                effective_on = months_after(end, -60 + 3 * quarter)
                files.add("exchange_rates", currency=currency, effective_on=effective_on, rate=rate)
    for story in STORIES:
        telling = _Telling(files, story, end, today)
        telling.tell()
        if today is not None and today > end:
            telling.since(today)
    files.write(folder)


class _Telling:
    """One story, told as records."""

    def __init__(self, files: _Files, story: Story, end: date, today: date | None) -> None:
        self.files = files
        self.story = story
        self.end = end
        self.today = today or end
        self.rng = random.Random(story.key)  # noqa: S311 -- invented records
        self.began = months_after(end, -story.since)
        self.left = months_after(end, -story.gone) if story.gone is not None else end
        self.returned = months_after(end, -story.back) if story.back is not None else None
        self.counter = 0

    def tell(self) -> None:
        story = self.story
        self.files.add(
            "clients",
            external_id=story.key,
            name=story.name,
            industry=story.industry,
            value_tier=story.tier,
            currency=story.currency,
            account_manager=story.manager,
        )
        self.contacts()
        self.scope()
        self.numbers()
        self.check_ins()
        self.pulses()
        self.advice()
        self.goals()
        self.place()

    def since(self, today: date) -> None:
        """What has happened from the end of the last quarter told to today."""
        story = self.story
        if story.gone is not None and story.back is None:
            return
        rng = random.Random(f"{story.key} since")  # noqa: S311 -- invented records
        day, number = self.end + timedelta(days=rng.randrange(1, 9)), 0
        while day <= today and not story.overdue:
            self.files.add(
                "check_ins",
                external_id=f"{story.key}-check-in-since-{number}",
                client=story.key,
                held_on=day,
                initiated_by=rng.choice(("client", "agency")),
                client_contacts=f"{story.key}-contact-{rng.randrange(2)}",
                agency_people=story.manager,
                summary="What the next quarter needs.",
                signs="",
            )
            day, number = day + timedelta(days=max(5, _INTERVALS[story.tier] - rng.randint(1, 4))), number + 1
        if story.awaited:
            self.files.add(
                "recommendations",
                external_id=f"{story.key}-advice-awaited",
                client=story.key,
                made_on=months_after(self.end, -5),
                subject="Show prices before the first call",
                proactive="yes",
                reception="debated",
                stance="defended",
                decision="adopted",
                outcome="",
                expected="Fewer calls, and more of them that matter",
                expected_by=self.end + timedelta(days=rng.randrange(5, 15)),
            )
        if story.leaver:
            for row in self.files.rows["contacts"][-5:]:
                if row["decision_maker"] == "yes":
                    row["left_on"] = self.end + timedelta(days=rng.randrange(2, 20))

    # What we do for them

    def scope(self) -> None:
        story = self.story
        first = self.engagement(story.line, story.monthly, self.began, "client", "brief", "Won")
        running: dict[str, list[tuple[str, int]]] = {story.line: [(first, story.monthly)]}
        for change in sorted(story.changes, key=lambda change: -change.months_ago):
            day = months_after(self.end, -change.months_ago) + timedelta(self.rng.randrange(26))
            if change.line in running:
                engagement, monthly = running[change.line][-1]
                self.entry(
                    engagement,
                    "expansion" if change.monthly > 0 else "contraction",
                    day,
                    change.monthly,
                    change.origin,
                    change.involved_from,
                    change.note,
                )
                running[change.line][-1] = (engagement, monthly + change.monthly)
            else:
                started = self.engagement(
                    change.line, change.monthly, day, change.origin, change.involved_from,
                    change.note,
                )  # fmt: skip
                running[change.line] = [(started, change.monthly)]
        if story.gone is not None:
            for engagements in running.values():
                for engagement, monthly in engagements:
                    self.entry(engagement, "end", self.left, -monthly, "client", "", "Not renewed")
        else:
            self.price_rise(first)
        if self.returned is not None:
            self.engagement(story.line, story.monthly // 2, self.returned, "client", "plan", "Came back")
        if story.tier == "A":
            self.project()

    def engagement(self, line: str, monthly: int, day: date, origin: str, involved: str, note: str) -> str:
        """A retainer with its start and a renewal each year; returns its id."""
        story = self.story
        self.counter += 1
        engagement = f"{story.key}-{self.counter}"
        self.files.add(
            "engagements",
            external_id=engagement,
            client=story.key,
            name=f"{line} retainer",
            service_line=line,
            billing="retainer",
            pricing=story.pricing,
            notice_days=90 if story.tier == "A" else 30,
        )
        term = months_after(day, 12)
        self.entry(engagement, "start", day, monthly, origin, involved, note, ends_on=term)
        last = self.left if self.returned is None or day < self.returned else self.end
        while term < last or (last == self.end and term < self.today):
            renewed = min(term - timedelta(days=20), self.end - timedelta(days=1))
            term = months_after(term, 12)
            self.entry(engagement, "renewal", renewed, "", "", "", "", ends_on=term)
        return engagement

    def price_rise(self, engagement: str) -> None:
        """A price rise at each new year that the engagement has lived through: same scope."""
        for year in range(self.began.year + 2, self.end.year + 1, 2):
            day = date(year, 1, 1)
            if self.began < day < self.end:
                rise = max(100, self.story.monthly * 3 // 10000 * 100)
                self.entry(engagement, "price", day, rise, "agency", "", "Yearly indexation")

    def project(self) -> None:
        """A finished project in the second year, for the larger accounts."""
        day = months_after(self.began, 14)
        if day >= self.left:
            return
        self.counter += 1
        engagement = f"{self.story.key}-{self.counter}"
        self.files.add(
            "engagements",
            external_id=engagement,
            client=self.story.key,
            name="Brand tracking study",
            service_line="Analytics",
            billing="project",
            pricing="fixed",
        )
        total = self.story.monthly * 2
        self.entry(engagement, "start", day, total, "agency", "plan", "Study agreed")
        self.entry(engagement, "end", months_after(day, 5), 0, "", "", "Study delivered")

    def entry(
        self,
        engagement: str,
        kind: str,
        day: date,
        delta: object,
        origin: str,
        involved: str,
        note: str,
        ends_on: date | str = "",
    ) -> None:
        self.counter += 1
        self.files.add(
            "scope_changes",
            external_id=f"{self.story.key}-entry-{self.counter}",
            engagement=engagement,
            kind=kind,
            effective_on=day,
            value_delta=delta,
            ends_on=ends_on,
            origin=origin,
            involved_from=involved,
            note=note,
        )

    # What they measure

    def numbers(self) -> None:
        story = self.story
        kpis = (*_KPIS[story.industry], *_KPIS_OF_ALL)
        for i, (name, unit, _, direction) in enumerate(kpis):
            self.files.add(
                "kpis",
                external_id=f"{story.key}-kpi-{i}",
                client=story.key,
                name=name,
                unit=unit or story.currency,
                direction="higher" if direction > 0 else "lower",
            )
        for quarter in range(QUARTERS):
            start = months_after(self.end, 3 * (quarter - QUARTERS))
            if not self.is_ours(start):
                continue
            met = self.met(quarter)
            missed = set(self.rng.sample(range(12), 12 - met))
            for slot in range(12):
                kpi, month = divmod(slot, 3)
                _, _, size, direction = kpis[kpi]
                scale = Decimal(size) * (100 + 2 * quarter) / 100
                target = scale.quantize(Decimal(1)) if size > 50 else scale.quantize(Decimal("0.1"))
                off = self.rng.uniform(0.02, 0.2) if slot in missed else -self.rng.uniform(0, 0.12)
                value = target * Decimal(1 - direction * off)
                self.files.add(
                    "kpi_readings",
                    kpi=f"{story.key}-kpi-{kpi}",
                    month=months_after(start, month),
                    value=value.quantize(target),
                    target=target,
                )

    def met(self, quarter: int) -> int:
        """How many of the quarter's twelve targets are met."""
        recent = self.story.recent
        if quarter >= QUARTERS - len(recent):
            return recent[quarter - QUARTERS + len(recent)]
        met = self.story.met + self.rng.randint(-self.story.swing, self.story.swing)
        return max(2, min(12, met))

    def is_ours(self, day: date) -> bool:
        """Whether the client is with us on that day."""
        if self.returned is not None and day >= self.returned:
            return True
        return months_after(self.began, 0) <= day < self.left

    # Who speaks with whom

    def contacts(self) -> None:
        story = self.story
        used: set[str] = set()
        for i, role in enumerate(
            ("Marketing director", "Head of digital", "Brand manager", "Finance", "Chief executive")
        ):
            name = f"{self.rng.choice(_FIRST)} {self.rng.choice(_LAST)}"
            while name in used:
                name = f"{self.rng.choice(_FIRST)} {self.rng.choice(_LAST)}"
            used.add(name)
            self.files.add(
                "contacts",
                external_id=f"{story.key}-contact-{i}",
                client=story.key,
                name=name,
                email=f"{name.lower().replace(' ', '.')}@{story.key}.example",
                role=role,
                decision_maker="yes" if i in (0, 4) else "no",
                left_on="",
            )
        self.emails = [str(row["email"]) for row in self.files.rows["contacts"][-5:]]

    def days(self, interval: int) -> Iterable[date]:
        """Days about so far apart, while the client is with us."""
        day = self.began + timedelta(days=interval)
        while day < self.end:
            if self.is_ours(day):
                yield day
            day += timedelta(days=max(5, interval + self.rng.randint(-4, 6)))

    def check_ins(self) -> None:
        story = self.story
        warm = story.warmth >= 3.5
        interval = _INTERVALS[story.tier]
        stops = self.end - timedelta(days=70 if story.overdue else 0)
        for i, day in enumerate(self.days(interval if warm else interval * 8 // 5)):
            if day >= stops:
                break
            seen = self.rng.sample(range(5), self.rng.choice((2, 3, 4) if warm else (1, 1, 2)))
            likely = _SIGNS_OF_TRUST if self.rng.random() < story.warmth / 5 else _SIGNS_OF_STALLING
            signs = self.rng.sample(likely, self.rng.choice((0, 0, 1, 2)))
            others = [person for person in PEOPLE if person != story.manager]
            people = [
                story.manager,
                *self.rng.sample(others, int(warm and self.rng.random() < 0.5)),
            ]
            self.files.add(
                "check_ins",
                external_id=f"{story.key}-check-in-{i}",
                client=story.key,
                held_on=day,
                initiated_by=self.rng.choice(("client", "agency") if warm else ("agency",)),
                client_contacts=";".join(f"{story.key}-contact-{n}" for n in sorted(seen)),
                agency_people=";".join(people),
                summary=self.rng.choice(
                    ("What the next quarter needs.", "Results, and what to stop doing.",
                     "Planning for the year.", "How the two teams work together.")
                ),
                signs=";".join(signs),
            )  # fmt: skip

    # How both sides see it

    def pulses(self) -> None:
        story = self.story
        for quarter in range(max(0, QUARTERS - 12), QUARTERS):
            start = months_after(self.end, 3 * (quarter - QUARTERS))
            if not self.is_ours(start):
                continue
            day = start + timedelta(days=30 + self.rng.randrange(50))
            drift = (quarter - QUARTERS) * (0.04 if story.warmth >= 3.5 else -0.04)
            for i, email in enumerate(self.emails[:4]):
                self.pulse("client", email, day, story.warmth + drift, i == 3)
            for email in (story.manager, OMAR):
                self.pulse("agency", email, day, min(4.6, story.warmth + drift + 0.8), False)

    def pulse(self, side: str, email: str, day: date, centre: float, confidential: bool) -> None:
        self.counter += 1

        def answer() -> object:
            if self.rng.random() < 0.06:
                return ""
            return max(1, min(5, round(self.rng.gauss(centre, 0.7))))

        self.files.add(
            "pulses",
            external_id=f"{self.story.key}-pulse-{self.counter}",
            client=self.story.key,
            side=side,
            respondent=email,
            answered_on=day + timedelta(days=self.rng.randrange(8)),
            **{attribute: answer() for attribute in ATTRIBUTES},
            confidential="yes" if confidential else "no",
            **(
                {name: answer() for name in
                 ("reduces_risk", "improves_decisions", "supports_direction")}
                if side == "client" else {}
            ),
        )  # fmt: skip

    # What we advised, and what they want

    def advice(self) -> None:
        story = self.story
        warm = story.warmth >= 3.5
        subjects = (
            "Stop the weakest channel for a quarter", "Test the offer before the campaign",
            "Move budget from reach to retention", "Ask customers before the redesign",
            "One brand voice for all stores", "Measure profit, not leads",
            "Bring the sales team to the planning", "Answer reviews within a day",
        )  # fmt: skip
        for i, day in enumerate(self.days(110)):
            contested = self.rng.random() < 0.6
            stance = ""
            if contested:
                stance = self.rng.choice(
                    ("defended", "defended", "compromised") if warm
                    else ("compromised", "withdrawn", "compromised", "defended")
                )  # fmt: skip
            decided = day < self.end - timedelta(days=60)
            followed = stance in ("", "defended")
            self.files.add(
                "recommendations",
                external_id=f"{story.key}-advice-{i}",
                client=story.key,
                made_on=day,
                subject=subjects[i % len(subjects)],
                proactive="yes" if self.rng.random() < (0.7 if warm else 0.3) else "no",
                reception=self.rng.choice(("debated", "resisted")) if contested else "welcomed",
                stance=stance,
                decision=("adopted" if followed else "partly") if decided else "pending",
                outcome=self.rng.choice(("better", "as_expected") if followed
                                        else ("as_expected", "worse")) if decided else "",
                expected="More of the right customers within two quarters",
                expected_by=months_after(day, 6),
            )  # fmt: skip

    def goals(self) -> None:
        titles = ("Grow in the north", "Keep more first-time customers", "Launch the second brand",
                  "Halve the cost of a new customer", "Be known for service")  # fmt: skip
        warm = self.story.warmth >= 3.5
        for i, day in enumerate(self.days(330)):
            due = months_after(day, 12)
            over = due < self.end
            self.files.add(
                "goals",
                external_id=f"{self.story.key}-goal-{i}",
                client=self.story.key,
                title=titles[i % len(titles)],
                set_on=day,
                agreed_on=day + timedelta(days=14) if warm or i % 2 else "",
                due_on=due,
                status=("achieved" if warm else "missed") if over else "open",
                closed_on=due if over else "",
            )
            if not over and warm:
                self.files.add(
                    "opportunities",
                    external_id=f"{self.story.key}-opportunity-{i}",
                    client=self.story.key,
                    goal=f"{self.story.key}-goal-{i}",
                    title="A pilot that serves this goal",
                    stage="idea",
                )

    def place(self) -> None:
        """Where we stand on the roster, and what we are let into."""
        story = self.story
        self.files.add(
            "standings", client=story.key, effective_on=self.began, standing="several",
            exclusive="no",
        )  # fmt: skip
        if story.standing != "several":
            self.files.add(
                "standings",
                client=story.key,
                effective_on=months_after(self.began, max(1, story.since // 2)),
                standing=story.standing,
                exclusive="yes" if story.standing == "sole" else "no",
            )
        kinds = ("marketing", "systems", "planning", "people")
        for i, kind in enumerate(kinds[: round(story.warmth) - 1]):
            started = months_after(self.began, 2 + 5 * i)
            if started < self.left:
                self.files.add("involvements", client=story.key, kind=kind, started_on=started, ended_on="")
