"""The portfolio page: what stands out, the rates of the year window, and the accounts as a table.

All of it for clients already narrowed by access; the rates are the agency's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, JSONArray, JSONObject, Lower, NullIf

from accounts import access
from accounts.models import Benchmark, Client, ExchangeRate, ScopeChange
from accounts.periods import Quarter
from metrics.findings import PatternFacts, PortfolioFacts
from metrics.models import ChangedClient, ClientFault, ClientQuarter, ExpansionRate
from metrics.queries.benchmarks import BenchmarkRow, beside
from metrics.queries.blind_first import FIGURES, closed, unless_closed
from metrics.queries.calendar import Calendar
from metrics.queries.exchange_rates import rates_in_force

ROWS_A_PAGE = 25
QUARTERS_DRAWN = 12
"""How many quarters a sparkline has, and a chart over quarters."""
LARGEST_NAMED = 4
"""How many accounts of a pattern are named."""
PATTERNS = ("compounding", "stalling", "deepening", "at_risk", "too_early")
"""In the order in which they are listed and sorted."""
SORTS = ("name", "pattern", "attainment", "partnership", "scope", "change", "manager")
UNSET = "unset"
"""What is asked for in place of a manager, industry or tier to find the accounts that have none."""


# What is asked for


@dataclass(frozen=True)
class Filters:
    """Which accounts a reader asked for, in which order, and which page of them; blank: all."""

    name: str = ""
    manager: str = ""
    """A person's id in digits, or UNSET."""
    industry: str = ""
    tier: str = ""
    pattern: str = ""
    sort: str = "change"
    descending: bool = True
    page: int = 1

    @property
    def narrow(self) -> bool:
        """Whether they leave any account out."""
        return bool(self.name or self.manager or self.industry or self.tier or self.pattern)


# The head


@dataclass(frozen=True)
class Choice:
    """One value a filter can have, what it is called and how many accounts have it."""

    value: str
    label: str
    accounts: int


@dataclass(frozen=True)
class RateRow:
    """The expansion rate of one window, as stored. Percent; None: no figure."""

    existing: int
    expanding: int
    flat: int
    contracting: int
    lost: int
    rate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    band: str
    settled: bool
    to_next_band: int | None
    nsr: Decimal | None
    nrr: Decimal | None
    grr: Decimal | None
    pulled_share: Decimal | None
    into_new: int
    stayed: int
    without_rate: int

    @property
    def prices(self) -> Decimal | None:
        """What prices did, not the relationship: NRR − NSR, in points. Source: DOMAIN.md, 4."""
        return None if self.nrr is None or self.nsr is None else self.nrr - self.nsr


@dataclass(frozen=True)
class RatePoint:
    """The expansion rate of the year window that ends with a quarter. Percent; None: nobody was existing."""

    quarter: str
    in_progress: bool = False
    existing: int = 0
    expanding: int = 0
    rate: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class PatternRow:
    """One pattern and the accounts that have it."""

    code: str
    facts: PatternFacts

    @property
    def unnamed(self) -> int:
        """How many of those with scope are not among the largest, which are named."""
        return self.facts.present - len(self.facts.largest)


@dataclass(frozen=True)
class Standing:
    """Where the accounts stand at the end of the quarter shown."""

    patterns: tuple[PatternRow, ...] = ()
    managers: tuple[Choice, ...] = ()
    industries: tuple[Choice, ...] = ()
    unpriced: tuple[str, ...] = ()
    """Existing clients of the year window that are in no sum, since their currency has no rate."""

    @property
    def accounts(self) -> int:
        """All of them, those that left within the quarter included."""
        return sum(row.facts.accounts for row in self.patterns)

    @property
    def managed_by(self) -> int:
        """How many people lead them."""
        return sum(choice.value != UNSET for choice in self.managers)


@dataclass(frozen=True)
class PortfolioHead:
    """What the page says before it lists accounts. None: the window has nobody existing, or is not yet a year."""

    year: RateRow | None
    quarter: RateRow | None
    benchmarks: tuple[BenchmarkRow, ...]
    standing: Standing
    facts: PortfolioFacts
    trend: tuple[RatePoint, ...] = ()
    """The year's rate at the end of each of the last twelve quarters, oldest first."""

    @property
    def benchmark(self) -> BenchmarkRow | None:
        """The one benchmark to draw beside the rate: of no industry, else of the industry most accounts are of.

        Between two alike it is the higher one. None where all are of industries that no account is of.
        """
        accounts = {choice.value.casefold(): choice.accounts for choice in self.standing.industries}
        of_all = [row for row in self.benchmarks if not row.industry]
        of_ours = [row for row in self.benchmarks if accounts.get(row.industry.casefold())]
        return max(
            of_all or of_ours, key=lambda row: (accounts.get(row.industry.casefold(), 0), row.value), default=None
        )


def portfolio_head(clients: QuerySet[Client], calendar: Calendar) -> PortfolioHead:
    """The head of the page at the quarter shown, of these clients. Two queries."""
    if calendar.shown is None:
        return PortfolioHead(None, None, (), Standing(), PortfolioFacts())
    shown = calendar.shown
    stored = _rates(calendar, shown)
    rates = {
        rate.window: RateRow(**{name: getattr(rate, name) for name in RateRow.__dataclass_fields__})
        for rate in stored
        if rate.starts_on == shown.start
    }
    year = rates.get("year")
    standing = standing_of(clients, calendar, calendar.shown)
    return PortfolioHead(
        year=year,
        quarter=rates.get("quarter"),
        benchmarks=tuple(_benchmark(row, year) for row in stored[0].benchmarks) if stored else (),
        standing=standing,
        facts=portfolio_facts(standing, year),
        trend=tuple(_point(quarter, calendar, stored) for quarter in calendar.last(QUARTERS_DRAWN)),
    )


def portfolio_facts(standing: Standing, year: RateRow | None) -> PortfolioFacts:
    """What the page's first sentence is made from."""
    return PortfolioFacts(
        patterns={row.code: row.facts for row in standing.patterns},
        existing=year.existing if year else 0,
        expanding=year.expanding if year else 0,
        contracting=year.contracting if year else 0,
        lost=year.lost if year else 0,
        pulled_share=year.pulled_share if year else None,
    )


def _rates(calendar: Calendar, shown: Quarter) -> list[Any]:
    """The year's rates of the quarters drawn and the rate of the one shown; each brings all benchmarks along."""
    benchmarks = Benchmark.objects.order_by("-value", "name").values(
        row=JSONObject(
            name="name",
            value=Cast("value", CharField()),
            industry="industry",
            source="source",
            year="year",
            method_published="method_published",
        )
    )
    drawn = [quarter.start for quarter in calendar.last(QUARTERS_DRAWN)]
    asked = Q(window="year", starts_on__in=drawn) | Q(window="quarter", starts_on=shown.start)
    return list(ExpansionRate.objects.filter(asked, segment="all").annotate(benchmarks=ArraySubquery(benchmarks)))


def _point(quarter: Quarter, calendar: Calendar, stored: Sequence[Any]) -> RatePoint:
    in_progress = calendar.as_of is not None and quarter.in_progress(calendar.as_of)
    for rate in stored:
        if rate.window == "year" and rate.starts_on == quarter.start:
            return RatePoint(quarter.label, in_progress, rate.existing, rate.expanding, rate.rate, rate.low, rate.high)
    return RatePoint(quarter.label, in_progress)


def _benchmark(stored: Mapping[str, Any], year: RateRow | None) -> BenchmarkRow:
    value = Decimal(stored["value"])
    ours = beside(value, year.low, year.high) if year else ""
    return BenchmarkRow(**{**stored, "value": value, "ours": ours})


# Accounts of a quarter by pattern, and the choices the filters have. Money in the reporting currency at the rate in
# force where the year window begins, as in the sums of the rates (DOMAIN.md, 4); a currency without one stays out.
_STANDING = """
WITH visible AS ({clients}),

asked AS (
    SELECT
        %s::date AS starts_on,
        %s::date AS opens_on,
        %s::text AS reporting_currency
),

{rates},

account AS MATERIALIZED (
    SELECT
        stored.pattern,
        stored.scope_end > 0 AS present,
        stored.scope_end < stored.pattern_scope_start AS shrunk,
        stored.scope_end * rate.rate AS annual_scope,
        client.name,
        client.industry,
        client.account_manager_id
    FROM metrics_clientquarter AS stored
    JOIN asked ON asked.starts_on = stored.starts_on
    JOIN accounts_client AS client ON client.id = stored.client_id
    JOIN rate ON rate.currency = client.currency
    WHERE stored.listed AND client.id IN (SELECT id FROM visible)
),

pattern AS (
    SELECT
        pattern,
        count(*) AS accounts,
        count(*) FILTER (WHERE NOT present) AS gone,
        count(*) FILTER (WHERE present AND shrunk) AS shrunk,
        count(*) FILTER (WHERE present AND annual_scope IS NULL) AS unpriced,
        sum(annual_scope) FILTER (WHERE present) AS annual_scope
    FROM account
    GROUP BY pattern
)

SELECT
    'pattern' AS kind,
    pattern.pattern::text AS value,
    pattern.accounts,
    pattern.gone,
    pattern.shrunk,
    pattern.unpriced,
    pattern.annual_scope,
    ARRAY(
        SELECT account.name::text
        FROM account
        WHERE account.pattern = pattern.pattern AND account.present
        ORDER BY account.annual_scope DESC NULLS LAST, account.name
        LIMIT %s
    ) AS names
FROM pattern
UNION ALL
SELECT 'industry', industry::text, count(*), NULL, NULL, NULL, NULL, ARRAY[industry::text]
FROM account
GROUP BY industry
UNION ALL
SELECT 'manager', coalesce(person.id::text, ''), led.accounts, NULL, NULL, NULL, NULL,
    ARRAY[coalesce(nullif(person.name, ''), person.email, '')::text]
FROM (SELECT account_manager_id, count(*) AS accounts FROM account GROUP BY account_manager_id) AS led
LEFT JOIN accounts_person AS person ON person.id = led.account_manager_id
UNION ALL
SELECT 'unpriced', '', NULL, NULL, NULL, NULL, NULL, ARRAY(
    SELECT client.name::text
    FROM metrics_clientquarter AS stored
    JOIN asked ON asked.starts_on = stored.starts_on
    JOIN accounts_client AS client ON client.id = stored.client_id
    JOIN rate ON rate.currency = client.currency AND rate.rate IS NULL
    WHERE
        stored.movement_year IN ('expanding', 'flat', 'contracting', 'lost')
        AND client.id IN (SELECT id FROM visible)
    ORDER BY client.name
)
"""


def standing_of(clients: QuerySet[Client], calendar: Calendar, quarter: Quarter) -> Standing:
    """Where these accounts stand at the end of a quarter. One query."""
    try:
        visible, parameters = clients.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return Standing()
    opens_on = calendar.year_start or quarter.start
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING.format(clients=visible, rates=rates_in_force(rate="asked.opens_on")),
            [*parameters, quarter.start, opens_on, calendar.reporting_currency, LARGEST_NAMED],
        )
        rows = cursor.fetchall()
    patterns = {
        value: PatternFacts(accounts, gone, shrunk, unpriced, annual_scope, tuple(names))
        for kind, value, accounts, gone, shrunk, unpriced, annual_scope, names in rows
        if kind == "pattern"
    }
    names_of = {kind: tuple(names) for kind, *_, names in rows}
    return Standing(
        patterns=tuple(PatternRow(code, patterns.get(code, PatternFacts())) for code in PATTERNS),
        managers=_choices(rows, "manager"),
        industries=_choices(rows, "industry"),
        unpriced=names_of["unpriced"],
    )


def _choices(rows: list[tuple[Any, ...]], kind: str) -> tuple[Choice, ...]:
    """By label; those without any come last, with a blank label."""
    found = [Choice(value or UNSET, names[0], count) for of, value, count, *_, names in rows if of == kind]
    return tuple(sorted(found, key=lambda choice: (not choice.label, choice.label.casefold())))


@dataclass(frozen=True)
class Records:
    """What has been recorded at all, for a page that has no figures to show."""

    newest: str
    """The external_id of the client that was added last; blank: there is none."""
    scope: bool
    """Whether any ledger has a row."""

    @property
    def clients(self) -> bool:
        """Whether there is any client."""
        return bool(self.newest)


def records(clients: QuerySet[Client]) -> Records:
    """Whether there is anything to compute figures from. Two queries."""
    newest = clients.order_by("-id").values_list("external_id", flat=True).first()
    return Records(newest=newest or "", scope=ScopeChange.objects.filter(client__in=clients.order_by()).exists())


# The table


@dataclass(frozen=True)
class AccountRow:
    """One account in the quarter shown. Money in the client's currency; percent; None: cannot be known.

    The courses are the last twelve quarters, oldest first. `change` is that of the annual scope over the year
    window; None where there was none at its start, and then `movement` says `new` or `returned`.
    """

    external_id: str
    name: str
    currency: str
    manager: str
    pattern: str
    attainment: Decimal | None
    annual_scope: Decimal
    change: Decimal | None
    movement: str
    partnership_score: Decimal | None
    coverage: int
    being_computed: bool
    attainment_course: tuple[float | None, ...]
    scope_course: tuple[float | None, ...]
    score_course: tuple[float | None, ...]


@dataclass(frozen=True)
class AccountTable:
    """One page of accounts. `accounts` counts all that were asked for; None: there is no such page."""

    rows: tuple[AccountRow, ...]
    accounts: int | None
    page: int

    @property
    def first(self) -> int:
        """The number of the page's first account, counted from 1."""
        return (self.page - 1) * ROWS_A_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the page's last account."""
        return self.first + len(self.rows) - 1

    @property
    def previous_page(self) -> int | None:
        """The page before this one, if there is one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after this one, if there is one."""
        return self.page + 1 if self.accounts is not None and self.last < self.accounts else None


NO_ACCOUNTS = AccountTable((), 0, 1)

_PERCENT: DecimalField[Any, Any] = DecimalField(max_digits=60, decimal_places=20)
_CHANGE = ExpressionWrapper(
    (F("scope_end") - F("scope_year_start")) * Decimal(100) / NullIf(F("scope_year_start"), Value(Decimal(0))),
    output_field=_PERCENT,
)


_MANAGER = Coalesce(
    NullIf("client__account_manager__name", Value("")),
    "client__account_manager__email",
    Value(""),
    output_field=CharField(),
)


def account_table(reader: access.User, clients: QuerySet[Client], calendar: Calendar, filters: Filters) -> AccountTable:
    """One page of these clients' accounts at the quarter shown, as asked for. One query.

    What is still closed to whoever reads is not known to them, and comes last as all that is not.
    """
    quarter = calendar.shown
    if quarter is None:
        return NO_ACCOUNTS
    hidden = closed(reader, calendar)
    score = unless_closed("partnership_score", hidden, quarter)
    drawn = [one.start for one in calendar.last(QUARTERS_DRAWN)]
    point = JSONArray("starts_on", "attainment", "scope_end", score)
    course = (
        ClientQuarter.objects.filter(client_id=OuterRef("client_id"), starts_on__range=(drawn[0], drawn[-1]))
        .order_by()
        .values("client_id")
        .annotate(points=JSONBAgg(point))
        .values("points")
    )
    not_understood = Subquery(ClientFault.objects.filter(client_id=OuterRef("client_id")).values("newest_mark"))
    marks = ChangedClient.objects.filter(client_id=OuterRef("client_id"), id__gt=Coalesce(not_understood, Value(0)))
    order = _order(filters, calendar, quarter, score)
    found = ClientQuarter.objects.filter(client__in=clients, starts_on=quarter.start, listed=True).filter(
        _asked_for(filters)
    )
    start = (filters.page - 1) * ROWS_A_PAGE
    # The page is found in an index that holds what is filtered and sorted by; only its rows are then read.
    on_page = _sortable(found).order_by(*order).values("client_id")[start : start + ROWS_A_PAGE]
    in_all = found.order_by().values("starts_on").annotate(accounts=Count("client_id")).values("accounts")
    stored = _sortable(ClientQuarter.objects.filter(starts_on=quarter.start, client_id__in=on_page)).annotate(
        in_all=Subquery(in_all),
        course=Subquery(course),
        being_computed=Exists(marks),
        score_to_show=score,
        coverage_to_show=unless_closed("coverage", hidden, quarter),
    )
    rows = stored.order_by(*order).values(
        "pattern",
        "attainment",
        "scope_end",
        "change",
        "movement_year",
        "score_to_show",
        "coverage_to_show",
        "manager_name",
        "in_all",
        "course",
        "being_computed",
        "client__external_id",
        "client__name",
        "client__currency",
    )
    if rows:
        return AccountTable(tuple(_row(row, drawn) for row in rows), rows[0]["in_all"], filters.page)
    return AccountTable((), 0 if filters.page == 1 else None, filters.page)


FILE_COLUMNS = {
    "client": "client__external_id",
    "name": "client__name",
    "manager": "manager_name",
    "industry": "client__industry",
    "tier": "client__value_tier",
    "currency": "client__currency",
    "quarter": "quarter",
    "in_progress": "in_progress",
    "scope_start": "scope_start",
    "scope_end": "scope_end",
    "value_start": "value_start",
    "value_end": "value_end",
    "movement": "movement",
    "kpi_readings": "kpi_readings",
    "kpi_met": "kpi_met",
    "attainment": "attainment",
    "swing": "swing",
    "pattern": "pattern",
    "partnership_score": "partnership_score",
    "coverage": "coverage",
    "confidence": "confidence",
    "trust_signs": "trust_signs",
}
"""What each column of a file of accounts is called, as in client_quarters.csv, and where it is stored."""
ROWS_AT_ONCE = 2_000


def account_file(
    reader: access.User, clients: QuerySet[Client], calendar: Calendar, filters: Filters
) -> Iterator[tuple[Any, ...]]:
    """All of these clients' accounts at the quarter shown, as asked for and in that order, whatever the page.

    A row of FILE_COLUMNS each, so many at a time as they are asked for. One query.
    """
    quarter = calendar.shown
    if quarter is None:
        return iter(())
    found = ClientQuarter.objects.filter(client__in=clients, starts_on=quarter.start, listed=True)
    hidden = closed(reader, calendar)
    shown = {f"{name}_to_show": unless_closed(name, hidden, quarter) for name in FIGURES}
    rows = _sortable(found.filter(_asked_for(filters))).annotate(**shown)
    order = _order(filters, calendar, quarter, F("partnership_score_to_show"))
    columns = (f"{name}_to_show" if name in FIGURES else name for name in FILE_COLUMNS.values())
    return rows.order_by(*order).values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE)


def _sortable(rows: QuerySet[ClientQuarter]) -> QuerySet[ClientQuarter]:
    return rows.annotate(manager_name=_MANAGER, change=_CHANGE)


def _asked_for(filters: Filters) -> Q:
    asked = Q()
    if filters.name:
        asked &= Q(client__name__icontains=filters.name)
    if filters.manager:
        asked &= (
            Q(client__account_manager=None)
            if filters.manager == UNSET
            else Q(client__account_manager_id=int(filters.manager))
        )
    if filters.industry:
        # An industry may be called what stands for none.
        asked &= Q(client__industry__in=[UNSET, ""] if filters.industry == UNSET else [filters.industry])
    if filters.tier:
        asked &= Q(client__value_tier="" if filters.tier == UNSET else filters.tier)
    if filters.pattern:
        asked &= Q(pattern=filters.pattern)
    return asked


def _order(filters: Filters, calendar: Calendar, quarter: Quarter, score: Combinable) -> tuple[OrderBy, ...]:
    """What cannot be known comes last either way; what is equal is by name."""
    by: Any = {
        "name": Lower("client__name"),
        "pattern": Case(
            *(When(pattern=code, then=Value(place)) for place, code in enumerate(PATTERNS)),
            default=Value(len(PATTERNS)),
        ),
        "attainment": F("attainment"),
        "partnership": score,
        "change": F("change"),
        "manager": NullIf(Lower("manager_name"), Value("")),
    }.get(filters.sort)
    if by is None:
        by = F("scope_end") * _reporting_rate(calendar, quarter)
    first = OrderBy(by, descending=filters.descending, nulls_last=True)
    return first, OrderBy(Lower("client__name")), OrderBy(F("client_id"))


def _reporting_rate(calendar: Calendar, quarter: Quarter) -> Case:
    """What one unit of the client's currency is worth where the year window begins."""
    in_force = (
        ExchangeRate.objects.filter(
            currency=OuterRef("client__currency"), effective_on__lte=calendar.year_start or quarter.start
        )
        .order_by("-effective_on")
        .values("rate")[:1]
    )
    return Case(
        When(client__currency=calendar.reporting_currency, then=Value(Decimal(1))),
        default=Subquery(in_force),
        output_field=_PERCENT,
    )


_UNKNOWN = (None, None, None)
"""The figures of a quarter of which none are stored."""


def _row(stored: Mapping[str, Any], drawn: Sequence[date]) -> AccountRow:
    known = {on: figures for on, *figures in stored["course"]}
    attainments, scopes, scores = zip(*(known.get(on.isoformat(), _UNKNOWN) for on in drawn), strict=True)
    return AccountRow(
        external_id=stored["client__external_id"],
        name=stored["client__name"],
        currency=stored["client__currency"],
        manager=stored["manager_name"],
        pattern=stored["pattern"],
        attainment=stored["attainment"],
        annual_scope=stored["scope_end"],
        change=stored["change"],
        movement=stored["movement_year"],
        partnership_score=stored["score_to_show"],
        coverage=stored["coverage_to_show"],
        being_computed=stored["being_computed"],
        attainment_course=attainments,
        scope_course=scopes,
        score_course=scores,
    )
