"""Portfolios for the tests of pages: clients whose records give each pattern, and their stored figures."""

from datetime import date
from decimal import Decimal

from accounts.models import Client, Person
from accounts.periods import Quarter, months_after
from metrics.gathering import calendar
from metrics.models import ClientQuarter, Horizon
from metrics.rolling_up import roll_up_rates
from tests import builders
from tests.metrics.computing import compute

AS_OF = date(2026, 5, 15)
"""A day in the second quarter of 2026, which is in progress; the first quarter is the last that has ended."""


def store_figures(as_of: date = AS_OF) -> None:
    """Computes and stores all figures, and how far they reach, in the test's own transaction."""
    compute(as_of)
    quarters = calendar(as_of)
    Horizon.objects.update_or_create(
        id=1,
        defaults={
            "as_of": as_of,
            "chosen": True,
            "fiscal_month": 1,
            "first_starts_on": quarters[0].start if quarters else None,
            "last_starts_on": quarters[-1].start if quarters else None,
        },
    )


def account(
    name: str,
    *,
    met: bool | None,
    monthly: int = 1000,
    since: date = date(2025, 1, 1),
    later: int = 0,
    **fields: object,
) -> Client:
    """A client with a retainer whose targets are all met, all missed or (None) not set.

    `later` is what its retainer changes by in August 2025.
    """
    client = builders.client(name, **fields)
    retainer = builders.retainer_since(client, since, monthly)
    if later:
        kind = "expansion" if later > 0 else "contraction"
        builders.scope_change(retainer, kind, date(2025, 8, 1), later, origin="client")
    if met is not None:
        leads = builders.kpi(client)
        for months in range(15):
            builders.reading(leads, months_after(date(2025, 1, 1), months), 110 if met else 90)
    return client


def one_of_each(lena: Person, sam: Person) -> dict[str, Client]:
    """Northwind stalls, Contoso compounds, Fabrikam deepens, Tailspin is at risk, Litware began too late to tell."""
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.5")
    return {
        client.name: client
        for client in (
            account("Northwind", met=True, account_manager=lena, industry="Retail", value_tier="A"),
            account("Contoso", met=True, monthly=2000, later=500, account_manager=sam, industry="Travel"),
            account("Fabrikam", met=False, monthly=1500, later=600, account_manager=lena, currency="EUR"),
            account("Tailspin", met=False, monthly=3000, later=-600, industry="Travel", value_tier="B"),
            account("Litware", met=None, monthly=500, since=date(2026, 2, 1), account_manager=sam, currency="CHF"),
        )
    }


def many(count: int, lena: Person) -> None:
    """So many clients alike, in two currencies, with a check-in, a pulse and a change each."""
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.5")
    for number in range(count):
        client = account(
            f"Client {number}",
            met=bool(number % 2),
            later=100 * (number % 3),
            account_manager=lena,
            industry="Travel" if number % 2 else "",
            currency="EUR" if number % 3 else "USD",
        )
        builders.check_in(client, date(2026, 1, 20))
        builders.pulse(client, date(2026, 2, 1), trust=4, value=3)


def store_many(count: int, lena: Person) -> None:
    """So many clients and their figures of five quarters, stored without records: enough to fill a large portfolio.

    All have a pattern, and each moved its scope in the quarter that is shown; the larger the number, the smaller.
    """
    quarters = calendar_of(date(2025, 4, 1), 5)
    clients = Client.objects.bulk_create(
        Client(
            external_id=f"client-{number}",
            name=f"Client {number:05}",
            currency="USD",
            industry="Retail" if number % 3 else "Travel",
            value_tier="ABC"[number % 3],
            account_manager=lena,
        )
        for number in range(count)
    )
    patterns = ("compounding", "stalling", "deepening", "at_risk")
    rows = []
    for number, client in enumerate(clients):
        base = Decimal(10_000 + 7 * (count - number))
        for place, quarter in enumerate(quarters):
            pattern = patterns[(number + place // 3) % 4]
            grows = pattern in ("compounding", "deepening")
            scope = base + (100 * place if grows else 0)
            rows.append(
                ClientQuarter(
                    client=client,
                    quarter=quarter.label,
                    starts_on=quarter.start,
                    ends_on=quarter.end,
                    in_progress=quarter.in_progress(AS_OF),
                    listed=True,
                    scope_start=scope - (100 if grows else 0),
                    scope_end=scope,
                    value_start=scope,
                    value_end=scope,
                    movement="expanding" if grows else "flat",
                    scope_year_start=base,
                    movement_year="expanding" if grows else "flat",
                    kpi_readings=12,
                    kpi_met=10 if pattern in ("compounding", "stalling") else 7,
                    attainment=Decimal(83 if pattern in ("compounding", "stalling") else 58),
                    pattern=pattern,
                    pattern_from=quarters[max(0, place - 3)].start,
                    pattern_attainment=Decimal(85 if pattern in ("compounding", "stalling") else 60),
                    pattern_scope_start=base,
                    partnership_score=Decimal(20 + number % 80),
                    coverage=8,
                    client_pulse=[None] * 10,
                    agency_pulse=[None] * 10,
                    evidence=[None] * 10,
                    score=[None] * 10,
                )
            )
    ClientQuarter.objects.bulk_create(rows, batch_size=2_000)
    roll_up_rates(quarters)
    Horizon.objects.update_or_create(
        id=1,
        defaults={
            "as_of": AS_OF,
            "chosen": True,
            "fiscal_month": 1,
            "first_starts_on": quarters[0].start,
            "last_starts_on": quarters[-1].start,
        },
    )


def calendar_of(first: date, count: int) -> tuple[Quarter, ...]:
    """So many quarters from that day on."""
    return tuple(Quarter(first).shifted(place) for place in range(count))
