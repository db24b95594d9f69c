"""Builders of records for tests: each makes one row with plausible values, and takes whatever a test cares about.

The cast: Lena leads Northwind, Sam is on her team, Noor is a stranger, Dana is Northwind's client contact, Omar leads
the agency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts import scope_ledger
from accounts.models import (
    Benchmark,
    CheckIn,
    CheckInContact,
    CheckInPerson,
    Client,
    Contact,
    Engagement,
    ExchangeRate,
    Goal,
    Involvement,
    Kpi,
    KpiReading,
    Note,
    Opportunity,
    Person,
    Pulse,
    Recommendation,
    ScopeChange,
    Setting,
    Standing,
    TeamMember,
)
from metrics.models import Decision

PASSWORD = "a-quiet-harbour-at-night"
"""By which whoever signs in with one does."""

Amount = Decimal | int | str


def _amount(amount: Amount | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


# People


def person(name: str = "Robin", **fields: Any) -> Person:
    """Someone of the agency, an account manager unless a role is given, who can't sign in unless given a password."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@agency.example")
    return Person.objects.create_user(name=name, **fields)


def lena(**fields: Any) -> Person:
    """Lena, who leads Northwind."""
    return person("Lena", **fields)


def sam(**fields: Any) -> Person:
    """Sam, who is on Lena's team."""
    return person("Sam", **fields)


def noor(**fields: Any) -> Person:
    """Noor, who has nothing to do with Northwind."""
    return person("Noor", **fields)


def omar(**fields: Any) -> Person:
    """Omar, who leads the agency."""
    return person("Omar", **{"role": Person.Role.LEADERSHIP, **fields})


def ines(**fields: Any) -> Person:
    """Ines, who administers Soundings for the agency."""
    return person("Ines", **{"role": Person.Role.ADMIN, **fields})


def dana(at: Client, **fields: Any) -> Contact:
    """Dana, Northwind's client contact."""
    return contact(at, "Dana", **fields)


@dataclass(frozen=True)
class Cast:
    """Everybody, with the client they meet over."""

    lena: Person
    sam: Person
    noor: Person
    omar: Person
    northwind: Client
    dana: Contact


def cast() -> Cast:
    """The whole cast, with Northwind."""
    lead = lena()
    northwind = client("Northwind", account_manager=lead)
    support = sam()
    team_member(northwind, support)
    return Cast(lead, support, noor(), omar(), northwind, dana(northwind))


# Clients


def client(name: str = "Northwind", **fields: Any) -> Client:
    """A client, paid in US dollars, with an id made of its name; without industry, tier and manager unless given."""
    fields.setdefault("external_id", name.lower().replace(" ", "-"))
    fields.setdefault("currency", "USD")
    return Client.objects.create(name=name, **fields)


def contact(of: Client, name: str = "Dana", **fields: Any) -> Contact:
    """Someone on the client's side."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@{of.external_id}.example")
    return Contact.objects.create(client=of, name=name, **fields)


def signs_in(who: Contact, **fields: Any) -> Person:
    """The contact as somebody who signs in."""
    who.person = person(who.name, **{"email": who.email, "role": Person.Role.CONTACT, **fields})
    who.save()
    return who.person


def team_member(of: Client, who: Person, role: str = "support", **fields: Any) -> TeamMember:
    """Somebody on the account's team, in support unless told otherwise, for as long as it has been recorded."""
    return TeamMember.objects.create(client=of, person=who, role=role, **fields)


def standing(of: Client, effective_on: date, place: str = "lead", **fields: Any) -> Standing:
    """Our place on the client's roster from that day on."""
    return Standing.objects.create(client=of, effective_on=effective_on, standing=place, **fields)


def involvement(of: Client, started_on: date, kind: str = "planning", **fields: Any) -> Involvement:
    """The client let us into something on that day."""
    return Involvement.objects.create(client=of, started_on=started_on, kind=kind, **fields)


# Scope


def engagement(of: Client, name: str = "Retainer", billing: str = "retainer", **fields: Any) -> Engagement:
    """A retainer, unless told otherwise, with nothing in its ledger."""
    return Engagement.objects.create(client=of, name=name, billing=billing, **fields)


def project(of: Client, name: str = "Project", **fields: Any) -> Engagement:
    """A project with nothing in its ledger."""
    return engagement(of, name, "project", **fields)


def scope_change(
    on: Engagement,
    kind: str,
    effective_on: date,
    value_delta: Amount | None = None,
    *,
    by: Person | None = None,
    **fields: Any,
) -> ScopeChange:
    """A row of the engagement's ledger, written as the product writes it; a retainer's end takes the balance."""
    return scope_ledger.record(on, kind, effective_on, _amount(value_delta), by=by, **fields)


def retainer_since(of: Client, started_on: date, monthly: Amount = 1000, **fields: Any) -> Engagement:
    """A retainer whose ledger holds its start; the amount is per month."""
    made = engagement(of, **fields)
    scope_change(made, "start", started_on, monthly)
    return made


def project_since(of: Client, started_on: date, total: Amount = 12000, **fields: Any) -> Engagement:
    """A project whose ledger holds its start; the amount is its total."""
    made = project(of, **fields)
    scope_change(made, "start", started_on, total)
    return made


# What was measured, said and advised


def kpi(of: Client, name: str = "Leads", direction: str = "higher", **fields: Any) -> Kpi:
    """A number the client measures us by."""
    return Kpi.objects.create(client=of, name=name, direction=direction, **fields)


def reading(of: Kpi, month: date, value: Amount = 100, target: Amount | None = 100) -> KpiReading:
    """A month's value, on its target unless told otherwise; without a target when that is None."""
    return KpiReading.objects.create(
        client_id=of.client_id, kpi=of, month=month, value=Decimal(value), target=_amount(target)
    )


def check_in(
    of: Client,
    held_on: date,
    contacts: Iterable[Contact] = (),
    people: Iterable[Person] = (),
    signs: Iterable[str] = (),
    **fields: Any,
) -> CheckIn:
    """A conversation with the client, with those who were there and the signs they saw."""
    made = CheckIn.objects.create(client=of, held_on=held_on, signs=list(signs), **fields)
    CheckInContact.objects.bulk_create(CheckInContact(client=of, check_in=made, contact=seen) for seen in contacts)
    CheckInPerson.objects.bulk_create(CheckInPerson(client=of, check_in=made, person=seen) for seen in people)
    return made


def pulse(of: Client, answered_on: date, side: str = "client", respondent: str | None = None, **answers: Any) -> Pulse:
    """One person's answers; what is not given is blank. Dana answers for the client and Lena for the agency."""
    if respondent is None:
        respondent = f"dana@{of.external_id}.example".lower() if side == "client" else "lena@agency.example"
    return Pulse.objects.create(client=of, answered_on=answered_on, side=side, respondent=respondent, **answers)


def recommendation(
    of: Client, made_on: date, subject: str = "Drop the second landing page", **fields: Any
) -> Recommendation:
    """A piece of advice of which nothing else is known yet."""
    return Recommendation.objects.create(client=of, made_on=made_on, subject=subject, **fields)


def goal(of: Client, set_on: date, title: str = "Open the Nordic market", **fields: Any) -> Goal:
    """An outcome the client wants, open unless told otherwise."""
    fields.setdefault("status", "open")
    return Goal.objects.create(client=of, set_on=set_on, title=title, **fields)


def note(of: Client, written_on: date, by: Person, text: str = "They are hiring a head of brand") -> Note:
    """What someone of the agency tells the others."""
    return Note.objects.create(client=of, written_on=written_on, written_by=by, text=text)


def opportunity(for_: Goal, title: str = "Launch films", **fields: Any) -> Opportunity:
    """More that would serve the goal, an idea unless told otherwise."""
    fields.setdefault("stage", "idea")
    return Opportunity.objects.create(client_id=for_.client_id, goal=for_, title=title, **fields)


# Beside the clients


def exchange_rate(currency: str, effective_on: date, rate: Amount) -> ExchangeRate:
    """What one unit of the currency is worth in the reporting currency from that day on."""
    return ExchangeRate.objects.create(currency=currency, effective_on=effective_on, rate=Decimal(rate))


def benchmark(name: str, value: Amount, **fields: Any) -> Benchmark:
    """A published expansion rate, in percent."""
    fields.setdefault("source", "A survey")
    return Benchmark.objects.create(name=name, value=Decimal(value), **fields)


def setting(name: str, effective_on: date, value: str) -> Setting:
    """A setting's value from that day on."""
    return Setting.objects.create(name=name, effective_on=effective_on, value=value)


# Reviews


def decision(
    owner: Person, decided_in: date = date(2026, 1, 1), text: str = "Ask what they debate", **fields: Any
) -> Decision:
    """What the review of the quarter that began on that day decided, open unless told otherwise."""
    return Decision.objects.create(owner=owner, decided_in=decided_in, text=text, **fields)
