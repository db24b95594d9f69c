"""Clients with a row in everything that the portal reads, for tests that look for one client's rows in another's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from accounts.models import (
    CheckIn,
    Client,
    Comment,
    Contact,
    FollowUp,
    Goal,
    GoalAgreement,
    Kpi,
    Opportunity,
    Person,
    PortalVisit,
    PulseRequest,
    PulseSheet,
    Recommendation,
    SharedSection,
)
from metrics.models import ClientQuarter
from tests import builders

DAY = date(2026, 2, 3)
AT = datetime(2026, 2, 3, 9, tzinfo=UTC)
SHAREABLE = (Goal, Kpi, CheckIn, Recommendation, Opportunity)
SECTIONS = tuple(str(section) for section in SharedSection.Section.values)


@dataclass(frozen=True)
class Tenant:
    """A client, with its person who signs in, a colleague of theirs and the one of the agency who leads."""

    client: Client
    contact: Contact
    person: Person
    colleague: Person
    lead: Person


def tenant(name: str, sections: Iterable[str] = SECTIONS, shared: bool = True) -> Tenant:
    """A client with one row at least of everything, its texts beginning with its name; all of it shared, or as said."""
    lead = builders.person(f"{name} Lead")
    client = builders.client(name, account_manager=lead, industry=f"{name} industry")
    contact, colleague = (builders.contact(client, f"{name} {who}") for who in ("Dana", "Colin"))
    for section in SECTIONS:
        SharedSection.objects.create(client=client, section=section)
    person, other = builders.signs_in(contact), builders.signs_in(colleague)
    builders.retainer_since(client, date(2025, 1, 15), name=f"{name} retainer")
    goal = builders.goal(client, DAY, f"{name} goal", shared=True)
    kpi = builders.kpi(client, f"{name} leads", shared=True)
    builders.reading(kpi, date(2026, 1, 1))
    builders.check_in(client, DAY, summary=f"{name} agreed", shared=True)
    advice = builders.recommendation(client, DAY, f"{name} advice", shared=True)
    builders.opportunity(goal, f"{name} proposal", stage="raised", raised_on=DAY, shared=True)
    builders.note(client, DAY, lead, f"{name} note")
    for who in (person, other):
        builders.pulse(client, DAY, respondent=who.email, trust=3)
        PulseRequest.objects.create(
            client=client,
            side="client",
            person=who,
            starts_on=date(2026, 1, 1),
            answer_by=DAY,
            asked_by=lead,
            asked_as=lead.name,
        )
        PulseSheet.objects.create(client=client, side="client", person=who, starts_on=date(2026, 1, 1), trust=4)
        PortalVisit.objects.create(client=client, person=who, what="home")
        FollowUp.objects.create(client=client, subject=f"{name} asks", asked_by=who, asked_as=who.name)
    for subject in ({}, {"goal": goal}, {"kpi": kpi}, {"recommendation": advice}):
        Comment.objects.create(
            client=client, side="client", written_by=person, signature=person.name, body=f"{name} says", **subject
        )
    GoalAgreement.objects.create(client=client, goal=goal, agreed_by=person, agreed_on=DAY)
    builders.pulse(client, DAY, side="agency", respondent=lead.email, trust=2)
    ClientQuarter.objects.create(
        client=client,
        quarter="2026-Q1",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 4, 1),
        in_progress=False,
        listed=True,
        client_pulse=[None] * 10,
        agency_pulse=[None] * 10,
        evidence=[None] * 10,
        score=[None] * 10,
    )
    SharedSection.objects.filter(client=client).exclude(section__in=sections).delete()
    if not shared:
        for model in SHAREABLE:
            model.objects.filter(client=client).update(shared=False)
    return Tenant(client, contact, person, other, lead)
