"""What two clients of the sample agency are shown, and who of them signs in: that the portal has something to say."""

from datetime import date

from django.db.models import Q

from accounts.models import (
    CheckIn,
    Client,
    Contact,
    Goal,
    Kpi,
    Opportunity,
    Person,
    Recommendation,
    SharedSection,
)
from accounts.sample_agency import DEEPENING, PASSWORD, STALLING

CLIENTS = (STALLING, DEEPENING)
LATEST = 3
"""How many of the latest check-ins and pieces of advice are shown."""

PROPOSALS = {
    STALLING: "Try one region without the weakest channel",
    DEEPENING: "Films for the second kitchen line",
}
"""One thing that was raised with each, as the invented ones are ideas alone."""


def fill(today: date, *, with_passwords: bool) -> None:
    """Opens the portal to two clients, and marks some of their records as shown.

    `with_passwords` makes one of each client's contacts a person who signs in, by the password of the sample agency
    as well as by code.
    """
    for external_id in CLIENTS:
        client = Client.objects.get(external_id=external_id)
        SharedSection.objects.bulk_create(
            [SharedSection(client=client, section=section) for section in SharedSection.Section.values]
        )
        _mark(client, today)
        if with_passwords:
            _let_in(client)


def people() -> list[Person]:
    """Those of the sample clients who sign in."""
    return list(Person.objects.filter(contact__client__sample=True).select_related("contact__client").order_by("email"))


def _mark(client: Client, today: date) -> None:
    of_client = {"client": client}
    goals = Goal.objects.filter(Q(closed_on=None) | Q(closed_on__gte=date(today.year - 1, 1, 1)), **of_client)
    goals.update(shared=True)
    # The last one is kept back, so that there is one to switch on.
    kpis = list(Kpi.objects.filter(**of_client).order_by("external_id").values_list("pk", flat=True))
    Kpi.objects.filter(pk__in=kpis[:-1]).update(shared=True)
    talks = CheckIn.objects.filter(held_on__lte=today, **of_client).order_by("-held_on", "-pk")
    CheckIn.objects.filter(pk__in=list(talks.values_list("pk", flat=True)[:LATEST])).update(shared=True)
    advice = Recommendation.objects.filter(made_on__lte=today, **of_client).order_by("-made_on", "-pk")
    Recommendation.objects.filter(pk__in=list(advice.values_list("pk", flat=True)[:LATEST])).update(shared=True)
    goal = Goal.objects.filter(shared=True, **of_client).order_by("-set_on", "-pk").first()
    if goal is not None:
        Opportunity.objects.create(
            external_id=f"{client.external_id}-proposal",
            client=client,
            goal=goal,
            title=PROPOSALS[client.external_id],
            stage=Opportunity.Stage.RAISED,
            raised_on=max(goal.set_on, date(today.year, today.month, 1)),
            shared=True,
        )


def _let_in(client: Client) -> None:
    """The first contact who is still there."""
    contact = Contact.objects.filter(client=client, left_on=None).order_by("external_id").first()
    if contact is None or Person.objects.filter(email=contact.email).exists():
        return
    contact.person = Person.objects.create_user(contact.email, PASSWORD, name=contact.name, role=Person.Role.CONTACT)
    contact.save(update_fields=["person"])
