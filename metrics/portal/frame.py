"""What stands around each page of a client's people: whose pages they are, with whom, and who reads them."""

from dataclasses import dataclass

from django.db.models import Q

from accounts import access
from accounts.models import Agency


@dataclass(frozen=True)
class PortalFrame:
    """The agency, the client and the reader by name; blank where nobody gave one."""

    agency: str
    has_logo: bool
    client: str
    reader: str


def frame_of(user: access.User) -> PortalFrame:
    """The frame around the page of whoever is signed in. Two queries."""
    contact = access.own_contact(user)
    agency = (
        Agency.objects.filter(pk=Agency.ONLY)
        .annotate(has_logo=Q(logo__isnull=False))
        .values_list("name", "has_logo")
        .first()
    )
    name, has_logo = agency or ("", False)
    if contact is None:
        return PortalFrame(name, has_logo, "", "")
    return PortalFrame(name, has_logo, contact.client.name, contact.name)
