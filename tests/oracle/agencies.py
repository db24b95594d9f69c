"""Invented agencies, each from a number: the same number always writes the same folder of records.

Every agency obeys DATA.md and the ledger's rules in DOMAIN.md 3, and is as awkward as real ones
are: same-day rows, undone rows, clients that leave and return, missing rates, leap days, answers
given in confidence, blanks everywhere.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from .periods import months_on
from .records import ATTRIBUTES, STATEMENTS

DAY = timedelta(days=1)
CENT = Decimal("0.01")

COLUMNS: dict[str, tuple[str, ...]] = {
    "clients": (
        "external_id",
        "name",
        "industry",
        "value_tier",
        "currency",
        "account_manager",
    ),
    "contacts": (
        "external_id",
        "client",
        "name",
        "email",
        "role",
        "decision_maker",
        "left_on",
    ),
    "engagements": (
        "external_id",
        "client",
        "name",
        "service_line",
        "billing",
        "pricing",
        "notice_days",
    ),
    "scope_changes": (
        "external_id",
        "engagement",
        "kind",
        "effective_on",
        "value_delta",
        "ends_on",
        "origin",
        "involved_from",
        "note",
        "reverses",
    ),
    "standings": ("client", "effective_on", "standing", "exclusive"),
    "involvements": ("client", "kind", "started_on", "ended_on"),
    "kpis": ("external_id", "client", "name", "unit", "direction"),
    "kpi_readings": ("kpi", "month", "value", "target"),
    "check_ins": (
        "external_id",
        "client",
        "held_on",
        "initiated_by",
        "client_contacts",
        "agency_people",
        "summary",
        "signs",
    ),
    "pulses": (
        "external_id",
        "client",
        "side",
        "respondent",
        "answered_on",
        *ATTRIBUTES,
        "comment",
        "confidential",
        *STATEMENTS,
    ),
    "recommendations": (
        "external_id",
        "client",
        "made_on",
        "subject",
        "proactive",
        "reception",
        "stance",
        "decision",
        "outcome",
        "outcome_on",
        "expected",
        "expected_by",
    ),
    "goals": (
        "external_id",
        "client",
        "title",
        "set_on",
        "agreed_on",
        "due_on",
        "status",
        "closed_on",
    ),
    "opportunities": (
        "external_id",
        "client",
        "goal",
        "title",
        "service_line",
        "stage",
        "raised_on",
        "closed_on",
    ),
    "exchange_rates": ("currency", "effective_on", "rate"),
    "benchmarks": ("name", "value", "industry", "source", "year", "method_published"),
    "settings": ("name", "effective_on", "value"),
}
"""DATA.md: each file's columns."""

EMAILS = ("account_manager", "email", "agency_people", "respondent")
MAY_BE_MISSING = (
    "contacts.role",
    "contacts.decision_maker",
    "contacts.left_on",
    "engagements.notice_days",
    "engagements.pricing",
    "scope_changes.note",
    "scope_changes.involved_from",
    "standings.exclusive",
    "involvements.ended_on",
    "kpis.unit",
    "check_ins.summary",
    "check_ins.signs",
    "pulses.comment",
    "pulses.confidential",
    "recommendations.outcome_on",
    "goals.due_on",
    "opportunities.raised_on",
    "clients.industry",
)
"""Columns that some agencies leave out altogether."""
FILES_THAT_MAY_BE_MISSING = (
    "standings",
    "involvements",
    "pulses",
    "recommendations",
    "opportunities",
    "benchmarks",
    "settings",
)
"""Files that some agencies never kept."""

CLIENT_NAMES = (
    "Northwind",
    "Bäckerei Größl & Söhne",
    'Müller "die Druckerei"',
    "Øresund Freight, Ltd.",
    "Крепость",
    "東京珈琲",
    "O'Neill's",
    "=Equals Studio",
    "Čapek; robots",
    "zeta",
    "Alpha  Beta",
    "Ñandú",
    "İstanbul Deniz",
    "Société Générale d'Eaux",
    "Ångström Optik",
    "+1 Events",
)
CLIENT_IDS = (
    "c-{}",
    "C-{}",
    "é{}",
    "client {}",
    "={}",
    "Z,{}",
    "a;{}",
    "{}",
    '"{}"',
    "ß-{}",
    "_{}",
)
INDUSTRIES = ("retail", "Retail", "financial services", "Médias, presse", "SaaS")
LINES = ("SEO", "Video", 'Brand "& design"', "Paid, social", "Événements")
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY")
NOTES = (
    "",
    "",
    "",
    "agreed by phone",
    'they said "more of that"',
    "first, second; third",
    "two\nlines",
    "=SUM(A1:A3)",
    "@home",
    "-5 % as discussed",
    "Größe, naïve, 漢字",
)
SIGNS_OF_TRUST = ("brought_in_early", "new_channel", "long_term_budget")
SIGNS_OF_STALLING = ("priorities_debated", "strategy_questioned", "started_over")


@dataclass
class Company:
    """An invented client, and what drives it: how much it grows and how it seems to be doing."""

    external_id: str
    number: int
    tier: str
    growth: float
    luck: float
    warmth: float
    from_day: date
    contacts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class Agency:
    """One invented agency while it is being written."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        chance = self.random
        self.large = seed % 4 == 0
        self.wide = seed % 50 == 7
        self.first_month = 1 if chance.random() < 0.35 else chance.randint(2, 12)
        count = chance.randint(12, 16) if self.large else chance.randint(9, 12)
        first = date(chance.randint(2018, 2023), self.first_month, 1)
        first = months_on(first, 3 * chance.randint(0, 3))
        self.starts = [months_on(first, 3 * index) for index in range(count + 1)]
        self.horizon = months_on(self.starts[-1], 2)
        last = self.starts[-2]
        self.as_of = chance.choice([last, last, self.starts[-1] - DAY, self.day_in(last, self.starts[-1], edges=False)])
        self.tables: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
        self.used: set[tuple[str, ...]] = set()
        self.numbers: dict[str, int] = {}
        self.managers = ["lena@soundings.example", "sam@soundings.example", "omar@agency.example"]
        self.people = [*self.managers, "noor@agency.example", "inigo@agency.example"]
        self.people += ["zoe+pm@agency.example", "ada.k@agency.example"]
        self.companies: list[Company] = []

    # Choosing

    def chance(self, probability: float) -> bool:
        """Whether something happens this time."""
        return self.random.random() < probability

    def day_in(self, start: date, end: date, *, edges: bool = True) -> date:
        """A day in [start, end), often one where a rule turns: an edge of a quarter or window."""
        end = max(end, start + DAY)
        if edges and self.chance(0.3):
            turning = []
            for e in self.starts:
                turning += [e, e, e - DAY, e - timedelta(days=182), e - timedelta(days=183)]
            turning += [date(year, 2, 29) for year in (2016, 2020, 2024, 2028)]
            inside = [day for day in turning if start <= day < end]
            if inside:
                return self.random.choice(inside)
        return start + DAY * self.random.randrange((end - start).days)

    def days_in(self, start: date, end: date, how_many: int) -> list[date]:
        """Several such days, in order."""
        return sorted(self.day_in(start, end) for _ in range(how_many))

    def blank_or(self, probability: float, options: Sequence[str]) -> str:
        """One of the options, or a blank with the given probability."""
        return "" if self.chance(probability) else self.random.choice(options)

    def new_id(self, prefix: str) -> str:
        """An external_id; numbered without padding, so that text order is not the order of age."""
        self.numbers[prefix] = self.numbers.get(prefix, self.random.randint(1, 9)) + 1
        return f"{prefix}{self.numbers[prefix]}"

    def loose_id(self, prefix: str) -> str:
        """An external_id in no order at all, of any length: as text, 9 comes after 10."""
        while True:
            number = self.random.randrange(10 ** self.random.randint(2, 5))
            if self.is_first(prefix, str(number)):
                return f"{prefix}{number}"

    def is_first(self, *key: str) -> bool:
        """Whether a key has not been used yet; it has from now on."""
        if key in self.used:
            return False
        self.used.add(key)
        return True

    def money(self, low: int, high: int) -> Decimal:
        """An amount, round or to the cent."""
        if self.chance(0.6):
            return Decimal(self.random.randint(low // 50, high // 50) * 50)
        return Decimal(self.random.randint(low * 100, high * 100)) * CENT

    def add(self, table: str, **cells: str) -> None:
        """One more row of a file; a column not given is blank."""
        self.tables[table].append({column: cells.get(column, "") for column in COLUMNS[table]})

    # The agency

    def build(self) -> None:
        """Everything the agency ever wrote down."""
        self.settings()
        self.clients()
        self.exchange_rates()
        self.benchmarks()
        for company in self.companies:
            self.contacts(company)
            self.engagements(company)
            self.kpis(company)
            self.standings(company)
            self.involvements(company)
            self.check_ins(company)
            self.pulses(company)
            self.recommendations(company)
            self.goals(company)

    def setting(self, name: str, day: date, value: str) -> None:
        """One version of a setting, unless there is one of that day."""
        if self.is_first("setting", name, day.isoformat()):
            self.add("settings", name=name, effective_on=day.isoformat(), value=value)

    def settings(self) -> None:
        """Versions of settings, some from the very day a quarter ends."""
        early, last = self.starts[0] - 400 * DAY, self.starts[-1]
        if self.first_month != 1 or self.chance(0.3):
            if self.chance(0.4):
                other = str(self.random.randint(1, 12))
                self.setting("fiscal_year_month", early, other)
            newest = self.random.choice([early + DAY, self.day_in(self.starts[0], last), last + DAY])
            self.setting("fiscal_year_month", newest, str(self.first_month))
        self.reporting_currency = "USD"
        if self.chance(0.5):
            currencies = [self.random.choice(CURRENCIES[:4])]
            if self.chance(0.4):
                currencies.append(self.random.choice(CURRENCIES[:4]))
            days = sorted({self.day_in(early, last) for _ in currencies})
            for day, currency in zip(days, currencies, strict=False):
                self.setting("reporting_currency", day, currency)
                self.reporting_currency = currency
        for _ in range(self.random.choice([0, 1, 1, 2])):
            value = self.random.choice(["80", "70", "66.6667", "50", "90", "100", "75.0"])
            self.setting("good_attainment", self.turning_day(), value)
        for tier in ("a", "b", "c", "unset"):
            if self.chance(0.25):
                interval = str(self.random.choice([7, 10, 21, 30, 45, 91]))
                self.setting(f"interval_{tier}", self.turning_day(), interval)
        for source in ("client_pulse", "evidence", "agency_pulse"):
            if self.chance(0.3):
                weight = self.random.choice(["0", "0", "0.5", "0.25", "1", "0.333"])
                self.setting(f"weight.{source}", self.turning_day(), weight)
        for attribute in ATTRIBUTES:
            if self.chance(0.15):
                weight = self.random.choice(["0", "2", "0.5", "1.75", "3"])
                self.setting(f"weight.{attribute}", self.turning_day(), weight)
        if self.chance(0.3):
            self.setting("ready_attainment", self.turning_day(), "55")
            self.setting("ready_partnership", self.turning_day(), "45.5")
        if self.chance(0.3):
            self.setting("night_hour", early, "3")

    def turning_day(self) -> date:
        """A day a version begins: often the end of a quarter, sometimes before everything."""
        if self.chance(0.4):
            return self.random.choice(self.starts)
        return self.day_in(self.starts[0] - 400 * DAY, self.horizon)

    def clients(self) -> None:
        """Companies in at least two currencies; some leanings run with growth, some against it."""
        chance = self.random
        count = chance.randint(12, 16) if self.large else chance.randint(8, 11)
        if self.wide:
            count = chance.randint(40, 44)
        if self.large:
            luck_leans, warmth_leans = chance.choice([(1, 1), (1, -1), (-1, 1), (-1, 0), (0, 1)])
        else:
            luck_leans, warmth_leans = chance.choice([(1, 0), (0, 1), (0, 0), (-1, 1)])
        pattern = chance.choice(CLIENT_IDS)
        for number in range(count):
            growth = chance.random()
            if self.large:
                growth = chance.choice([growth * 0.2, growth, 1 - growth * 0.2])
            spread = 0.1 if self.large else 0.25
            luck = 0.5 + luck_leans * (growth - 0.5) + chance.uniform(-spread, spread)
            warmth = 0.5 + warmth_leans * (growth - 0.5) + chance.uniform(-spread, spread)
            if self.wide:
                growth = 0.0
            if self.chance(0.3):
                pattern = chance.choice(CLIENT_IDS)
            early = self.starts[max(1, len(self.starts) // (4 if self.large else 2))]
            from_day = self.day_in(self.starts[0], early)
            if number == 0:
                from_day = self.day_in(self.starts[0], self.starts[1])
            company = Company(
                external_id=pattern.format(number + 1),
                number=number,
                tier=self.blank_or(0.2, ["A", "B", "C"]),
                growth=growth,
                luck=min(max(luck, 0.05), 0.95),
                warmth=min(max(warmth, 0.05), 0.95),
                from_day=from_day,
                lines=chance.sample(LINES, 3),
            )
            self.companies.append(company)
            currency = CURRENCIES[number] if number < 2 else chance.choice(CURRENCIES)
            self.add(
                "clients",
                external_id=company.external_id,
                name=CLIENT_NAMES[number % len(CLIENT_NAMES)],
                industry=self.blank_or(0.15, INDUSTRIES),
                value_tier=company.tier,
                currency=currency,
                account_manager=self.blank_or(0.12, self.managers),
            )

    def exchange_rates(self) -> None:
        """Rates for some currencies; for some none, for some only late; often from the very day."""
        for currency in CURRENCIES:
            fate = self.random.random()
            if fate < 0.2:
                continue
            earliest = self.starts[0] - 500 * DAY
            if fate < 0.4:
                earliest = self.random.choice(self.starts[2:-1])
            days = [earliest, *self.days_in(earliest, self.horizon, self.random.randint(0, 6))]
            for day in days:
                if self.is_first("rate", currency, day.isoformat()):
                    rate = self.random.randint(5_000, 2_000_000)
                    text = f"{Decimal(rate) / 1_000_000}"
                    self.add("exchange_rates", currency=currency, effective_on=day.isoformat(), rate=text)

    def benchmarks(self) -> None:
        """Figures of others to compare with; no figure of this agency depends on them."""
        self.add(
            "benchmarks",
            name="Agencies of the region, 2023",
            value="17.5",
            industry=self.blank_or(0.5, INDUSTRIES),
            source='Yearly survey, "net growth"',
            year="2023",
            method_published=self.blank_or(0.3, ["yes", "no"]),
        )

    def contacts(self, company: Company) -> None:
        """People on the client's side; some have left, some gave no address."""
        for index in range(self.random.randint(1, 5)):
            external_id = self.new_id("P")
            email = f"person{index}@client{company.number}.example"
            if index == 0 and self.chance(0.08):
                email = "adviser@to-several.example"
            if self.chance(0.2):
                email = ""
            else:
                company.addresses.append(email)
            company.contacts.append(external_id)
            left_on = ""
            if self.chance(0.25):
                left_on = self.day_in(company.from_day, self.horizon).isoformat()
            self.add(
                "contacts",
                external_id=external_id,
                client=company.external_id,
                name=self.random.choice(["Dana Ruíz", "Li, Wei", 'Pat "P." O\'Hara', "Żaneta"]),
                email=email,
                role=self.blank_or(0.4, ["CMO", "buyer", "Head of Growth, EMEA"]),
                decision_maker=self.blank_or(0.3, ["yes", "no"]),
                left_on=left_on,
            )

    # The ledger

    def life(self, company: Company) -> str:
        """What kind of client this one is; the first is there from the first quarter on."""
        if self.wide:
            return self.random.choice(["quiet", "quiet", "quiet", "quiet", "leaves"])
        if company.number == 0:
            return "steady"
        common = ["steady", "steady", "leaves", "returns", "projects", "mixed", "mixed", "rare"]
        life = self.random.choice(common)
        if self.large and life in ("rare", "leaves", "projects"):
            life = self.random.choice(["mixed", "steady", "steady", life])
        if life == "rare":
            life = self.random.choice(["nothing", "short", "short", "late", "empty", "small"])
        return life

    def engagements(self, company: Company) -> None:
        """What the client bought over the years: one of several lives a client may lead."""
        life, line, start = self.life(company), company.lines[0], company.from_day
        match life:
            case "steady" | "mixed" | "leaves" | "returns" | "projects":
                self.a_life_with_us(company, life)
            case "quiet":
                self.retainer(company, line, start, None)
            case "short":
                begin = self.random.choice(self.starts[1:-2]) + self.random.randint(3, 20) * DAY
                self.retainer(company, line, begin, begin + self.random.randint(5, 50) * DAY)
            case "late":
                self.retainer(company, line, self.day_in(self.as_of, self.horizon), None)
            case "small":
                self.project(company, line, start, self.day_in(start, start + 300 * DAY))
            case "empty":
                self.engagement_row(company, "retainer", line)

    def a_life_with_us(self, company: Company, life: str) -> None:
        """A client that stays, grows, leaves, comes back, or goes from project to project."""
        end_of_all, line, start = self.starts[-1], company.lines[0], company.from_day
        middle = self.day_in(start + 100 * DAY, max(end_of_all - 200 * DAY, start + 200 * DAY))
        if life in ("steady", "mixed"):
            self.retainer(company, line, start, middle if self.chance(0.12) else None)
        if life in ("leaves", "returns"):
            self.retainer(company, line, start, middle)
        if life == "returns":
            again = self.day_in(middle + 10 * DAY, max(middle + 300 * DAY, end_of_all))
            self.retainer(company, line, again, None)
        if life == "projects":
            self.project_by_project(company)
        if not self.wide and (life == "mixed" or self.chance(0.2 + 0.3 * company.growth)):
            for _ in range(self.random.randint(1, 3)):
                self.another_engagement(company)
        if self.chance(0.06):
            self.engagement_row(company, "project", company.lines[1])

    def project_by_project(self, company: Company) -> None:
        """One project after another, with time between them; some are left open."""
        day = company.from_day
        while day < self.starts[-1]:
            length = self.random.choice([20, 60, 120, 300])
            finish = None if self.chance(0.15) else self.day_in(day, day + length * DAY)
            self.project(company, self.random.choice(company.lines), day, finish)
            day = self.day_in(day + 60 * DAY, day + 700 * DAY)

    def another_engagement(self, company: Company) -> None:
        """Something beside the first: often in a line the client had nothing in."""
        latest = max(self.starts[-1], company.from_day + 60 * DAY)
        start = self.day_in(company.from_day, latest)
        line = "" if self.chance(0.15) else self.random.choice(company.lines)
        finish = None if self.chance(0.4) else self.day_in(start, start + 400 * DAY)
        if self.chance(0.5):
            self.retainer(company, line, start, finish)
        else:
            self.project(company, line, start, finish)

    def engagement_row(self, company: Company, billing: str, line: str) -> str:
        """One engagement without any ledger rows yet."""
        external_id = self.new_id("E")
        self.add(
            "engagements",
            external_id=external_id,
            client=company.external_id,
            name=self.random.choice(["Always on", "Relaunch 2.0, phase 1", "=Campaign", "Café"]),
            service_line="" if self.chance(0.08) else line,
            billing=billing,
            pricing=self.blank_or(0.2, ["time", "fixed", "value", "shared_risk"]),
            notice_days=self.blank_or(0.4, ["0", "30", "60", "90", "180", "400"]),
        )
        return external_id

    def retainer(self, company: Company, line: str, start: date, end: date | None) -> None:
        """A retainer from its start to its end, if it ends."""
        external_id = self.engagement_row(company, "retainer", line)
        Ledger(self, company, external_id, is_retainer=True).live(start, end)

    def project(self, company: Company, line: str, start: date, end: date | None) -> None:
        """A project from its start to its end, if it ends."""
        external_id = self.engagement_row(company, "project", line)
        Ledger(self, company, external_id, is_retainer=False).live(start, end)

    # The good numbers

    def kpis(self, company: Company) -> None:
        """Monthly readings, some before there was any scope and some after the last quarter."""
        for _ in range(self.random.choice([0, 1, 1, 2] if not self.large else [1, 1, 2])):
            kpi = self.new_id("K")
            direction = self.random.choice(["higher", "higher", "lower"])
            self.add(
                "kpis",
                external_id=kpi,
                client=company.external_id,
                name=self.random.choice(["Leads", "Cost per lead", "Reach, organic", "Größe"]),
                unit=self.blank_or(0.4, ["%", "€", "leads"]),
                direction=direction,
            )
            month = months_on(company.from_day.replace(day=1), self.random.randint(-4, 2))
            skips = self.random.choice([0.02, 0.1, 0.5])
            while month < self.horizon:
                if not self.chance(skips):
                    self.reading(kpi, direction, month, company.luck)
                month = months_on(month, 1)
                if self.chance(0.03):
                    month = months_on(month, self.random.randint(2, 6))

    def reading(self, kpi: str, direction: str, month: date, luck: float) -> None:
        """One month: with or without a target; hit, missed, or hit exactly."""
        target = Decimal(self.random.randint(100, 90_000)) / self.random.choice([1, 10, 100])
        if self.chance(0.1):
            value = target
        else:
            gap = Decimal(self.random.randint(1, 5_000)) / 100
            is_hit = self.chance(luck)
            value = target + gap if is_hit == (direction == "higher") else target - gap
        self.add(
            "kpi_readings",
            kpi=kpi,
            month=month.isoformat(),
            value=f"{value}",
            target="" if self.chance(0.08) else f"{target}",
        )

    # The relationship

    def standings(self, company: Company) -> None:
        """Where the agency stood, some versions from the very day a quarter ends."""
        for _ in range(self.random.choice([0, 1, 1, 2, 3])):
            day = self.day_in(company.from_day - 30 * DAY, self.horizon)
            if self.is_first("standing", company.external_id, day.isoformat()):
                order = ["project", "several", "lead", "sole"]
                index = round(3 * company.warmth + self.random.uniform(-0.8, 0.8))
                self.add(
                    "standings",
                    client=company.external_id,
                    effective_on=day.isoformat(),
                    standing=order[min(max(index, 0), 3)],
                    exclusive=self.blank_or(0.4, ["yes", "no"]),
                )

    def involvements(self, company: Company) -> None:
        """What we were let into, some ending on the very day a quarter ends."""
        for kind in ("systems", "people", "marketing", "planning"):
            for _ in range(self.random.choice([0, 1, 2])):
                start = self.day_in(company.from_day - 60 * DAY, self.horizon)
                if not self.is_first("involvement", company.external_id, kind, start.isoformat()):
                    continue
                ended_on = ""
                if self.chance(0.5):
                    ended_on = self.day_in(start, start + 500 * DAY).isoformat()
                self.add(
                    "involvements",
                    client=company.external_id,
                    kind=kind,
                    started_on=start.isoformat(),
                    ended_on=ended_on,
                )

    def check_ins(self, company: Company) -> None:
        """Conversations, by each client's rhythm; some clients never had one."""
        if self.chance(0.12):
            return
        pace = 10 + 110 * (1 - company.warmth) * self.random.uniform(0.5, 1.2)
        day = company.from_day + self.random.randint(-40, 120) * DAY
        while day < self.horizon:
            held_on = self.day_in(day, day + 5 * DAY)
            for _ in range(2 if self.chance(0.05) else 1):
                self.check_in(company, held_on)
            day += DAY * max(3, round(self.random.expovariate(1 / pace)))

    def check_in(self, company: Company, held_on: date) -> None:
        """One conversation, with nobody, a few or many people listed, and the signs they saw."""
        contacts = self.random.sample(company.contacts, self.random.randint(0, min(3, len(company.contacts))))
        people = self.random.sample(self.people, self.random.choice([0, 1, 1, 2, 3]))
        signs: list[str] = []
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2, 3])):
            kind = SIGNS_OF_TRUST if self.chance(company.warmth) else SIGNS_OF_STALLING
            signs.append(self.random.choice(kind))
        self.add(
            "check_ins",
            external_id=self.new_id("CI"),
            client=company.external_id,
            held_on=held_on.isoformat(),
            initiated_by=self.blank_or(0.3, ["client", "agency"]),
            client_contacts=";".join(contacts),
            agency_people="; ".join(people),
            summary=self.random.choice(NOTES),
            signs=";".join(dict.fromkeys(signs)),
        )

    def pulses(self, company: Company) -> None:
        """Answers of both sides; in confidence by nobody, by one, by two, by three or by chance."""
        if self.chance(0.12):
            return
        theirs = list(company.addresses)
        if self.chance(0.4):
            theirs.append(f"unlisted@client{company.number}.example")
        for side, addresses, most in (("client", theirs, 5), ("agency", self.people, 4)):
            if not addresses or self.chance(0.08):
                continue
            count = min(len(addresses), self.random.randint(1, most))
            respondents = self.random.sample(addresses, count)
            discreet = set(respondents[: self.random.choice([0, 0, 1, 2, 3])])
            by_chance = self.chance(0.25)
            opened = company.from_day
            while opened < self.horizon:
                for respondent in respondents:
                    if self.chance(0.75):
                        answered_on = self.day_in(opened, opened + 60 * DAY)
                        is_discreet = self.chance(0.5) if by_chance else respondent in discreet
                        self.pulse(company, side, respondent, answered_on, is_discreet)
                        if self.chance(0.06):
                            self.pulse(company, side, respondent, answered_on, self.chance(0.5))
                opened += DAY * self.random.choice([60, 91, 120, 182, 365])

    def pulse(self, company: Company, side: str, respondent: str, answered_on: date, is_discreet: bool) -> None:
        """One person's answers, some left blank; now and then all of them."""
        blanks = self.random.choice([0.0, 0.1, 0.1, 0.4, 1.0 if self.chance(0.2) else 0.2])
        centre = company.warmth if side == "client" else 0.6
        answers = {}
        for question in ATTRIBUTES + (STATEMENTS if side == "client" else ()):
            if not self.chance(blanks):
                answer = round(1 + 4 * centre + self.random.uniform(-1.4, 1.4))
                answers[question] = str(min(max(answer, 1), 5))
        self.add(
            "pulses",
            external_id=self.loose_id("PU"),
            client=company.external_id,
            side=side,
            respondent=respondent,
            answered_on=answered_on.isoformat(),
            comment=self.random.choice(NOTES),
            confidential="yes" if is_discreet else self.blank_or(0.5, ["no"]),
            **answers,
        )

    def recommendations(self, company: Company) -> None:
        """Advice, with every field that may be blank sometimes blank."""
        for _ in range(self.random.choice([0, 2, 5, 9] if not self.large else [0, 5, 9, 14])):
            made_on = self.day_in(company.from_day - 20 * DAY, self.horizon)
            reception = self.blank_or(0.15, ["welcomed", "debated", "resisted"])
            stances = ["compromised", "withdrawn"]
            if self.chance(company.warmth):
                stances = ["defended"]
            decision = self.blank_or(0.2, ["adopted", "partly", "declined", "pending"])
            outcome, outcome_on, expected, expected_by = "", "", "", ""
            if decision in ("adopted", "partly", "declined"):
                outcome = self.blank_or(0.3, ["better", "as_expected", "worse", "unknown"])
                if outcome and self.chance(0.6):
                    outcome_on = self.day_in(made_on, made_on + 300 * DAY).isoformat()
            if self.chance(0.3):
                expected = "half the cost per lead, by spring"
                expected_by = (made_on + self.random.randint(20, 200) * DAY).isoformat()
            self.add(
                "recommendations",
                external_id=self.new_id("R"),
                client=company.external_id,
                made_on=made_on.isoformat(),
                subject=self.random.choice(["Stop the display ads", '"No" to TV', "=Less, better"]),
                proactive=self.blank_or(0.2, ["yes", "no"]),
                reception=reception,
                stance=self.blank_or(0.2, stances),
                decision=decision,
                outcome=outcome,
                outcome_on=outcome_on,
                expected=expected,
                expected_by=expected_by,
            )

    def goals(self, company: Company) -> None:
        """Outcomes the client wants, some closed without a day, and what could serve them."""
        for _ in range(self.random.choice([0, 1, 2, 4])):
            goal = self.new_id("G")
            set_on = self.day_in(company.from_day - 30 * DAY, self.horizon)
            agreed_on = ""
            if self.chance(0.6):
                agreed_on = self.day_in(set_on, set_on + 200 * DAY).isoformat()
            status = self.random.choice(["open", "open", "achieved", "missed", "dropped"])
            closed_on = ""
            if status != "open" and self.chance(0.7):
                closed_on = self.day_in(set_on, set_on + 500 * DAY).isoformat()
            self.add(
                "goals",
                external_id=goal,
                client=company.external_id,
                title=self.random.choice(["Double the leads", "Ein neuer Markt, bald", "=Win"]),
                set_on=set_on.isoformat(),
                agreed_on=agreed_on,
                due_on="" if self.chance(0.5) else (set_on + 300 * DAY).isoformat(),
                status=status,
                closed_on=closed_on,
            )
            if self.chance(0.3):
                self.opportunity(company, goal, set_on)

    def opportunity(self, company: Company, goal: str, set_on: date) -> None:
        """Something that would serve a goal; no figure depends on it."""
        stage = self.random.choice(["idea", "raised", "agreed", "declined"])
        raised_on, closed_on = "", ""
        if stage != "idea":
            raised_on = (set_on + 10 * DAY).isoformat()
        if stage in ("agreed", "declined"):
            closed_on = (set_on + 50 * DAY).isoformat()
        self.add(
            "opportunities",
            external_id=self.new_id("O"),
            client=company.external_id,
            goal=goal,
            title="A film, perhaps two",
            service_line=self.blank_or(0.3, LINES),
            stage=stage,
            raised_on=raised_on,
            closed_on=closed_on,
        )

    # Writing

    def write(self, folder: Path) -> None:
        """The folder of CSV files: rows in any order, spaces around cells, e-mails in any case."""
        folder.mkdir(parents=True, exist_ok=True)
        missing = {column for column in MAY_BE_MISSING if self.chance(0.03)}
        for table, rows in self.tables.items():
            if table in FILES_THAT_MAY_BE_MISSING and not rows:
                continue
            if table in FILES_THAT_MAY_BE_MISSING[:-1] and self.chance(0.03):
                continue
            columns = [c for c in COLUMNS[table] if f"{table}.{c}" not in missing]
            if self.chance(0.1):
                self.random.shuffle(columns)
            if self.chance(0.5):
                self.random.shuffle(rows)
            encoding = "utf-8-sig" if self.chance(0.1) else "utf-8"
            ending = "\r\n" if self.chance(0.3) else "\n"
            pads = 0.05 if self.chance(0.5) else 0.0
            with (folder / f"{table}.csv").open("w", encoding=encoding, newline="") as file:
                writer = csv.writer(file, lineterminator=ending)
                writer.writerow(columns)
                for row in rows:
                    writer.writerow([self.cell(column, row[column], pads) for column in columns])

    def cell(self, column: str, text: str, pads: float) -> str:
        """A cell as somebody might have typed it."""
        if column in EMAILS and text and self.chance(0.2):
            text = self.random.choice([text.upper(), text.title()])
        if pads and self.chance(pads):
            text = self.random.choice([" {}", "{} ", "  {}  "]).format(text)
        return text


class Ledger:
    """One engagement's ledger while it is being written, keeping the rules of DOMAIN.md 3."""

    def __init__(self, agency: Agency, company: Company, engagement: str, *, is_retainer: bool) -> None:
        self.agency = agency
        self.company = company
        self.engagement = engagement
        self.is_retainer = is_retainer
        self.balance = Decimal(0)
        self.spare = Decimal(0)
        """What may still be taken away today whatever the order of the day's rows."""

    def row(
        self,
        kind: str,
        day: date,
        delta: Decimal | None,
        *,
        ends_on: str = "",
        reverses: str = "",
    ) -> str:
        """One row. A reversal copies the kind, the day and the negated delta."""
        external_id = self.agency.new_id("S")
        origin = self.agency.blank_or(0.15, ["client", "client", "joint", "agency", "unknown"])
        since = ["brief", "execution", "unknown"]
        if self.agency.chance(self.company.warmth):
            since = ["idea", "plan"]
        self.agency.add(
            "scope_changes",
            external_id=external_id,
            engagement=self.engagement,
            kind=kind,
            effective_on=day.isoformat(),
            value_delta="" if delta is None else self.amount(delta),
            ends_on=ends_on,
            origin="" if reverses else origin,
            involved_from="" if reverses else self.agency.blank_or(0.25, since),
            note=self.agency.random.choice(NOTES),
            reverses=reverses,
        )
        return external_id

    def amount(self, delta: Decimal) -> str:
        """The amount as text: plain, without a sign on nothing."""
        return f"{delta + 0:f}" if delta else "0"

    def undone(self, kind: str, day: date, delta: Decimal | None, ends_on: str = "") -> None:
        """A row and its reversal."""
        row = self.row(kind, day, delta, ends_on=ends_on)
        self.row(kind, day, None if delta is None else -delta, reverses=row)

    def term(self, day: date) -> str:
        """The agreed end of the term, or blank."""
        if self.agency.chance(0.35):
            return ""
        return self.agency.day_in(day + 30 * DAY, day + 800 * DAY).isoformat()

    def live(self, start: date, end: date | None) -> None:
        """All rows from the start to the end."""
        agency = self.agency
        stop = end if end is not None else max(agency.horizon, start + DAY)
        if agency.chance(0.1):
            wrong = agency.day_in(max(start - 40 * DAY, agency.starts[0] - 20 * DAY), start + 9 * DAY)
            self.undone("start", wrong, agency.money(500, 9_000), self.term(wrong))
        self.balance = agency.money(500, 9_000) * (1 if self.is_retainer else 8)
        if agency.chance(0.07):
            self.balance = Decimal(0)
        self.row("start", start, self.balance, ends_on=self.term(start))
        self.spare = self.balance
        length = max((stop - start).days, 0)
        yearly = 4 * agency.random.random()
        if agency.large:
            yearly = 1 + 6 * self.company.growth
        how_many = agency.random.randint(0, 2) + round(length / 365 * yearly)
        if agency.wide:
            how_many = agency.random.randint(0, 1)
        if not self.is_retainer:
            how_many = min(how_many, 3)
        today = start
        for day in agency.days_in(start, stop, how_many) if length else []:
            if day != today:
                today, self.spare = day, self.balance
            self.change(day)
            while agency.chance(0.15):
                self.change(day)
        if agency.chance(0.08) and length > 20:
            mistake = agency.day_in(today + DAY, stop) if today + DAY < stop else None
            if mistake is not None:
                self.undone("end", mistake, self.closing())
        if end is not None:
            if end != today:
                self.spare = self.balance
            if agency.chance(0.05):
                self.change(end)
            self.finish(end)

    def closing(self) -> Decimal:
        """What the end takes away: all of a retainer; nothing of a project, or what was cut."""
        if self.is_retainer:
            return -self.balance
        if self.spare <= 0 or self.agency.chance(0.6):
            return Decimal(0)
        part = self.spare * self.agency.random.choice([1, 10, 35, 60]) / 100
        return -part.quantize(CENT)

    def finish(self, day: date) -> None:
        """The end; a retainer's may leave the balance to be taken."""
        if self.is_retainer and self.agency.chance(0.5):
            self.row("end", day, None)
        else:
            self.row("end", day, self.closing())

    def change(self, day: date) -> None:
        """One change of the day: more, less, another price or a longer term; some are undone."""
        agency = self.agency
        if agency.chance(0.25):
            delta = agency.random.choice([None, None, Decimal(0)])
            self.maybe_undone("renewal", day, delta, self.term(day))
            if agency.chance(0.1):
                self.row("renewal", day, None, ends_on=self.term(day))
            return
        if agency.chance(0.3):
            self.price(day)
            return
        if agency.chance(0.9 * self.company.growth + (0 if agency.wide else 0.08)):
            self.more("expansion", day, agency.money(50, 4_000))
        else:
            self.less("contraction", day)

    def price(self, day: date) -> None:
        """Same scope, other price."""
        if self.agency.chance(0.6):
            self.more("price", day, self.agency.money(50, 900))
        else:
            self.less("price", day)

    def more(self, kind: str, day: date, amount: Decimal) -> None:
        """A row that adds."""
        amount = max(amount, CENT)
        if self.maybe_undone(kind, day, amount, ""):
            self.balance += amount

    def less(self, kind: str, day: date) -> None:
        """A row that takes away, never more than there was before the day's additions."""
        agency = self.agency
        part = agency.random.choice([5, 10, 25, 50, 50, 100])
        amount = (self.spare * part / 100).quantize(CENT)
        if kind == "price" and part > 50:
            amount = (self.spare / 10).quantize(CENT)
        if amount <= 0 or amount > self.spare:
            return
        if self.maybe_undone(kind, day, -amount, ""):
            self.balance -= amount
            self.spare -= amount

    def maybe_undone(self, kind: str, day: date, delta: Decimal | None, ends_on: str) -> bool:
        """Whether the row holds; one that was undone is sometimes entered anew."""
        if self.agency.chance(0.1):
            self.undone(kind, day, delta, ends_on)
            if self.agency.chance(0.6):
                return False
        self.row(kind, day, delta, ends_on=ends_on)
        return True


def generate(seed: int, folder: Path) -> date:
    """Write the agency of a number into a folder, and say as of which day to compute it."""
    agency = Agency(seed)
    agency.build()
    agency.write(folder)
    return agency.as_of
