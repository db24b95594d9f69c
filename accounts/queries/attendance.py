"""Who may have been in a check-in, and who was."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef

from accounts.models import CheckInContact, CheckInPerson, Contact, Person


@dataclass(frozen=True)
class Attendee:
    """Someone who may have been there; `left_on` is None for who is still with the client."""

    id: int
    name: str
    role: str
    left_on: date | None
    seen: bool


def contacts(client_id: int, check_in_id: int | None) -> tuple[Attendee, ...]:
    """The client's own contacts, those who left last. One query."""
    seen = CheckInContact.objects.filter(check_in_id=check_in_id, contact=OuterRef("pk"))
    rows = (
        Contact.objects.filter(client_id=client_id)
        .annotate(seen=Exists(seen))
        .order_by(F("left_on").desc(nulls_first=True), "name", "id")
    )
    return tuple(Attendee(row.pk, row.name, row.role, row.left_on, row.seen) for row in rows)


def people(check_in_id: int | None) -> tuple[Attendee, ...]:
    """The people of the agency who may sign in, and whoever was there. One query."""
    seen = CheckInPerson.objects.filter(check_in_id=check_in_id, person=OuterRef("pk"))
    rows = Person.objects.annotate(seen=Exists(seen)).exclude(role=Person.Role.CONTACT).order_by("name", "email")
    return tuple(Attendee(row.pk, str(row), "", None, row.seen) for row in rows if row.is_active or row.seen)
