"""Northwind as its people are shown it: everything recorded once to be shown and once to be kept, and who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Client, Contact, Goal, Kpi, Person, SharedSection
from tests import builders
from tests.metrics import computing

AS_OF = date(2026, 11, 24)
PASSWORD = "a sounding of the deep"

KEPT = (
    "Sell them the second brand",
    "Cost per lead we hide",
    "They argued again about the price",
    "Stop the brand campaign",
    "A film nobody has asked for",
    "The first idea of a rebrand",
    "Their board is impatient",
    "Indexation we pushed through",
    "priorities",
    "resisted",
    "withdrawn",
    "At risk",
    "stalling",
    "Compounding",
    "noor@agency.example",
)
"""What stands in the records and figures, and on no page of Northwind's people."""


@dataclass(frozen=True)
class Shown:
    """Northwind, whose lead is Lena, and Dana, who signs in for it."""

    client: Client
    dana: Contact
    lena: Person
    goal: Goal
    kpi: Kpi

    @property
    def person(self) -> Person:
        """Dana, as she signs in."""
        assert self.dana.person is not None
        return self.dana.person


def contact_person(of: Client, name: str = "Dana", **fields: Any) -> Contact:
    """Someone of a client who can sign in."""
    email = f"{name.lower()}@{of.external_id}.example"
    person = builders.person(name, email=email, role=Person.Role.CONTACT, password=PASSWORD)
    return builders.contact(of, name, email=email, person=person, **fields)


def open_sections(client: Client, *sections: str) -> None:
    """Opens these sections, or all of them."""
    for section in sections or SharedSection.Section.values:
        SharedSection.objects.get_or_create(client=client, section=section)


def northwind(*sections: str, lena: Person | None = None, name: str = "Northwind") -> Shown:
    """All that there is to show, with the sections named open; all of them unless any is named."""
    lena = lena or builders.lena()
    client = builders.client(name, account_manager=lena, industry="Retail", value_tier="A")
    dana = contact_person(client, role="Marketing director")
    retainer = builders.retainer_since(client, date(2025, 1, 1), 10000, name="Media retainer", service_line="Media")
    builders.scope_change(
        retainer, "expansion", date(2026, 5, 10), 2500, origin="agency", note="Indexation we pushed through"
    )
    goal = builders.goal(
        client, date(2026, 2, 1), "Win the north", agreed_on=date(2026, 2, 15), due_on=date(2027, 3, 31), shared=True
    )
    builders.goal(client, date(2026, 3, 1), "Sell them the second brand")
    kpi = builders.kpi(client, "Qualified leads", unit="leads", shared=True)
    kept = builders.kpi(client, "Cost per lead we hide", "lower")
    for month in range(1, 10):
        builders.reading(kpi, date(2026, month, 1), 100 + month, 104)
        builders.reading(kept, date(2026, month, 1), 50, 40)
    builders.check_in(client, date(2026, 9, 3), summary="Plan for the spring", shared=True, signs=["new_channel"])
    builders.check_in(
        client, date(2026, 9, 20), summary="They argued again about the price", signs=["priorities_debated"]
    )
    builders.recommendation(
        client,
        date(2026, 8, 1),
        subject="Test the offer first",
        reception="resisted",
        stance="withdrawn",
        decision="pending",
        shared=True,
    )
    builders.recommendation(client, date(2026, 8, 2), subject="Stop the brand campaign", decision="declined")
    builders.opportunity(goal, "A pilot in the north", stage="raised", raised_on=date(2026, 9, 1), shared=True)
    builders.opportunity(goal, "A film nobody has asked for", stage="raised", raised_on=date(2026, 9, 1))
    builders.opportunity(goal, "The first idea of a rebrand", stage="idea", shared=True)
    builders.note(client, date(2026, 9, 1), lena, "Their board is impatient")
    for name_, answer in (("dana", 4), ("kim", 3), ("lou", 5)):
        builders.pulse(
            client, date(2026, 8, 20), respondent=f"{name_}@{client.external_id}.example", trust=answer, value=2
        )
    builders.pulse(client, date(2026, 8, 21), "agency", respondent="noor@agency.example", trust=1)
    open_sections(client, *sections)
    return Shown(client, dana, lena, goal, kpi)


def compute() -> None:
    """The figures as of a day in the fourth quarter, and how far they reach."""
    from metrics.models import Horizon

    computing.compute(AS_OF)
    Horizon.objects.update_or_create(
        pk=1,
        defaults={
            "as_of": AS_OF,
            "chosen": True,
            "fiscal_month": 1,
            "first_starts_on": date(2025, 1, 1),
            "last_starts_on": date(2026, 10, 1),
        },
    )
