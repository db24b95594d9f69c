"""Portfolios for the tests of pages: clients whose records give each pattern, and their stored figures."""

from datetime import date

from accounts.models import Client, Person
from accounts.periods import months_after
from metrics.gathering import calendar
from metrics.models import Horizon
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
