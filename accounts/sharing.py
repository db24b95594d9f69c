"""The act of showing a client something, and of showing it no more: a section, or one record."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import CheckIn, Client, Goal, Kpi, Opportunity, Person, Recommendation, SharedSection
from accounts.models.sharing import Shareable
from accounts.recording import sign
from accounts.signals import tell_changed

SHAREABLE: dict[str, type[Shareable]] = {
    "goal": Goal,
    "kpi": Kpi,
    "check_in": CheckIn,
    "recommendation": Recommendation,
    "opportunity": Opportunity,
}
"""The records that are shown one by one, by noun."""


class NothingToShow(Exception):
    """There is no such record of this client."""


@transaction.atomic
def show_section(client: Client, section: str, *, shown: bool, by: Person) -> None:
    """Opens a section to the client, or closes it. Done twice, the second time changes nothing."""
    sign(by)
    of_client = SharedSection.objects.filter(client=client, section=section)
    if not shown:
        of_client.delete()
    elif not of_client.exists():
        SharedSection.objects.bulk_create(
            [SharedSection(client=client, section=section, shared_by=by)], ignore_conflicts=True
        )


@transaction.atomic
def show_record(client: Client, noun: str, external_id: str, *, shown: bool, by: Person) -> None:
    """Marks a record as shown to the client, or as not. NothingToShow where the client has no such record."""
    sign(by)
    found: QuerySet[Any] = SHAREABLE[noun]._default_manager.all()
    found = found.filter(client=client, external_id=external_id)
    if not found.exists():
        raise NothingToShow
    if found.exclude(shared=shown).update(shared=shown):
        # No figure moves; but the row has changed, and whoever computes is told so.
        tell_changed(SHAREABLE[noun], client.pk)
