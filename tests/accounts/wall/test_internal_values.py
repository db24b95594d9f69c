"""Each page of the portal in the sample agency, searched for all that is the agency's own or another client's."""

from __future__ import annotations

import html
import re

from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Client, Contact, Person, SharedSection
from accounts.portal_wall import as_portal
from metrics.models import ClientQuarter
from tests import builders
from tests.accounts.wall.catalogue import RIGHTS
from tests.accounts.wall.tenants import SECTIONS, SHAREABLE
from tests.agency.routes import CONTACTS, ROUTES
from tests.conftest import Database

WORDS = (
    "stalling|compounding|deepening|at risk|partnership score|candour|blind spot|expansion rate|readiness|upsell"
    "|decision maker|attainment|tier [abc]|retention|benchmark|ascension"
)
"""What no page of a client says, of whomever."""

TEXTS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')
  AND (table_name LIKE 'accounts\\_%%' OR table_name LIKE 'metrics\\_%%')
ORDER BY 1, 2
"""


def texts(columns: list[tuple[str, str]]) -> set[str]:
    """All that these columns hold for this connection, of more than a word: names, sentences and e-mails."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(f'SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" ~ \'.[ @].\'')
            found |= {text for (text,) in cursor.fetchall() if len(text) > 5}
    return found


def let_in(client: Client) -> Contact:
    """One of a client's people who signs in, every section open, and every other record marked as shown."""
    contact = client.contacts.filter(left_on=None).order_by("pk")[0]
    if contact.person is None:
        builders.signs_in(contact)
    for section in SECTIONS:
        SharedSection.objects.get_or_create(client=client, section=section)
    for model in SHAREABLE:
        rows = model._default_manager.filter(client=client)
        rows.update(shared=False)
        rows.filter(pk__in=[pk for pk in rows.values_list("pk", flat=True) if pk % 2]).update(shared=True)
    return contact


def pages(contact: Contact) -> dict[str, str]:
    """The portal as this person opens it: every page that is read, in every quarter there is."""
    browser = Browser()
    browser.force_login(contact.person)  # type: ignore[arg-type]
    starts = ClientQuarter.objects.filter(client=contact.client).values_list("quarter", flat=True).distinct()
    found = {}
    for name, route in ROUTES.items():
        if route.who == CONTACTS and "GET" in route.methods and not route.loose:
            address = reverse(name, kwargs=dict(route.values))
            for asked in ("", *(f"?quarter={label}" for label in sorted(starts)[-6:])):
                response = browser.get(address + asked)
                assert response.status_code == 200, address + asked
                found[address + asked] = html.unescape(response.content.decode())
    return found


def test_no_page_of_the_portal_holds_a_text_that_is_not_its_readers(fresh_database: Database) -> None:
    call_command("sample_agency", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        columns = cursor.fetchall()
    everything = texts(columns)
    readable = [
        (table, column) for table, column in columns if column in RIGHTS.get(table, {}).get("SELECT", "").split()
    ]
    contacts = [let_in(client) for client in Client.objects.order_by("pk")[:2]]
    searched, wrong = 0, []
    for contact in contacts:
        with as_portal(contact.client_id, contact.person_id):
            own = texts(readable)
        strange = {text for text in everything - own if not any(text in allowed for allowed in own)}
        assert len(strange) > 300
        for address, page in pages(contact).items():
            wrong += [f"{contact} {address}: {text[:80]}" for text in strange if text in page]
            visible = re.sub(r"<[^>]*>", " ", page)
            said = re.findall(rf"\b(?:{WORDS})\b", visible, re.IGNORECASE)
            wrong += [f"{contact} {address} says {word}" for word in said if not any(word in text for text in own)]
            searched += 1
    assert wrong == []
    assert searched >= 6


def test_what_is_searched_for_is_found_where_it_stands(fresh_database: Database) -> None:
    call_command("sample_agency", verbosity=0)
    browser = Browser()
    browser.force_login(Person.objects.filter(role=Person.Role.LEADERSHIP).first())  # type: ignore[arg-type]
    client = Client.objects.order_by("pk")[0]
    page = html.unescape(browser.get(reverse("metrics:account", args=[client.external_id])).content.decode())
    assert re.search(WORDS, page, re.IGNORECASE)
