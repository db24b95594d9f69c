"""All that a client is shown, searched for what is the agency's own or another client's: pages, answers, errors, mail.

Texts are searched for in the sample agency. Figures can't be, as a 7 is on every page: there, all that is kept is
changed, and not a byte of what the client is shown may follow.
"""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts import asking, conversation, invitations
from accounts.models import Client, Comment, Contact, FollowUp, Goal, Mail, Person, SharedSection
from accounts.models.scope_changes import LedgerIsAppendOnly
from accounts.portal_wall import as_portal
from accounts.queries.clock import quarter_in_progress
from metrics.models import ClientQuarter
from tests import builders
from tests.accounts.wall.catalogue import RIGHTS
from tests.accounts.wall.tenants import SECTIONS, SHAREABLE
from tests.agency.routes import CONTACT, CONTACTS, ROUTES
from tests.agency.test_routes import parts
from tests.conftest import Database
from tests.metrics.portal import shown

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


NOT_ASKED = {"account_logout", "status", "readyz", "healthz", "security_txt", "accounts:agency_logo"}
"""What ends the session, machines' pages, and a picture."""


def pages(contact: Contact) -> dict[str, str]:
    """All that this person is answered: every page there is for them, in every quarter, what is refused, and errors."""
    browser = Browser(enforce_csrf_checks=False)
    browser.force_login(contact.person)  # type: ignore[arg-type]
    starts = ClientQuarter.objects.filter(client=contact.client).values_list("quarter", flat=True).distinct()
    quarters = [f"?quarter={label}" for label in sorted(starts)[-6:]]
    found = {}

    def keep(what: str, response: Any, *statuses: int) -> None:
        assert response.status_code in (statuses or range(200, 500)), what
        found[what] = html.unescape(response.content.decode()) + repr(dict(response.headers))

    for name, route in ROUTES.items():
        if CONTACT in route.who and "GET" in route.methods and name not in NOT_ASKED and not parts(name):
            address = reverse(name)
            for asked in ("", *(quarters if route.who == CONTACTS else ())):
                keep(f"GET {address}{asked}", browser.get(address + asked), *((200,) if route.who == CONTACTS else ()))
    for name in ("portal:comments", "portal:pulse", "portal:pulse_kept", "accounts:you_name"):
        keep(f"POST {name}, nothing", browser.post(reverse(name)), 200, 422)
    other = Client.objects.exclude(pk=contact.client_id).order_by("pk")[0]
    for address in ("/nowhere/", "/portal/nowhere/", "/admin/", reverse("metrics:account", args=[other.external_id])):
        keep(f"GET {address}", browser.get(address), 404)
    keep("a forged form", _without_a_token(contact), 403)
    return found


def _without_a_token(contact: Contact) -> Any:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(contact.person)  # type: ignore[arg-type]
    return browser.post(reverse("portal:comments"), {"body": "Hello"})


def as_the_agency_looks_on(contact: Contact) -> dict[str, str]:
    """Their page as somebody of the agency sees it for them, without the banner above it."""
    browser = Browser()
    browser.force_login(Person.objects.filter(role=Person.Role.LEADERSHIP, is_active=True)[0])
    address = reverse("metrics:as_client", args=[contact.client.external_id])
    page = html.unescape(browser.get(address, {"who": contact.external_id}).content.decode())
    alone, count = re.subn(r'<div class="seen-as".*?</div>(?=<header class="portal-top">)', "", page, flags=re.DOTALL)
    assert count == 1
    return {"as the agency looks on": alone}


def mail(contact: Contact) -> dict[str, str]:
    """All that is written to this person, one mail of every kind, in their language and in the others."""
    person, client = contact.person, contact.client
    assert person is not None
    by = Person.objects.filter(role=Person.Role.LEADERSHIP, is_active=True)[0]
    quarter, today = quarter_in_progress(timezone.now())
    for language in ("en", "fr", "de"):
        Person.objects.filter(pk=person.pk).update(language=language)
        person.refresh_from_db()
        said = Comment.objects.create(client=client, side="client", written_by=person, signature="x", body="Well done.")
        conversation.reply(Comment.objects.select_related("client", "written_by").get(pk=said.pk), by, "Thank you.")
        wanted = FollowUp.objects.create(client=client, subject="The shoot", asked_by=person, asked_as="x")
        conversation.answer_follow_up(wanted, by, "On Monday.")
        asking.ask(asking.Asking(client, quarter.start, today, by), [person], [], language)
        today += timedelta(days=1)
        Browser().post("/sign-in/code/", {"email": person.email}, headers={"accept-language": language})
    invited = builders.contact(client, "Robin Lund", email=f"robin@{client.external_id}.example")
    invitations.invite_contact(invited, by=by, now=timezone.now())
    found = Mail.objects.filter(to__in=(person.email, invited.email))
    assert set(found.values_list("kind", flat=True)) >= {"answer", "pulse_request", "invitation", "sign_in_code"}
    return {f"mail {row.kind} {row.pk}": f"{row.subject} {row.text} {html.unescape(row.html)}" for row in found}


ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html")


def test_nothing_that_a_client_is_answered_holds_a_text_that_is_not_theirs(
    fresh_database: Database, request: pytest.FixtureRequest
) -> None:
    call_command("sample_agency", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        columns = cursor.fetchall()
    everything = texts(columns)
    readable = [
        (table, column) for table, column in columns if column in RIGHTS.get(table, {}).get("SELECT", "").split()
    ]
    contacts = [let_in(client) for client in Client.objects.order_by("pk")[:2]]
    searched, wrong, values = 0, [], 0
    for contact in contacts:
        with as_portal(contact.client_id, contact.person_id):
            own = texts(readable)
        others = Client.objects.exclude(pk=contact.client_id).values_list("name", "external_id")
        strange = {text for text in everything - own if not any(text in allowed for allowed in own)}
        strange |= {name for names in others for name in names if not any(name in allowed for allowed in own)}
        assert len(strange) > 300
        found = pages(contact) | as_the_agency_looks_on(contact) | {name: render_to_string(name) for name in ERRORS}
        # Whoever of the agency writes to them signs with their name.
        written = mail(contact)
        signed = Person.objects.exclude(role=Person.Role.CONTACT).values_list("name", flat=True)
        for what, page in (found | written).items():
            sought = strange - set(signed) if what in written else strange
            wrong += [f"{contact} {what}: {text[:80]}" for text in sought if text in page]
            visible = re.sub(r"<[^>]*>", " ", page)
            said = re.findall(rf"\b(?:{WORDS})\b", visible, re.IGNORECASE)
            wrong += [f"{contact} {what} says {word}" for word in said if not any(word in text for text in own)]
            searched += 1
        values += len(strange)
    assert wrong == []
    assert searched >= 80
    request.node.user_properties.append(
        ("told", f"{searched} answers and mails searched for {values:,} texts: 0 found")
    )


# What is no text


KEPT_BY_OTHER_NAMES = {"accounts_person": {"role", "is_active", "password"}, "accounts_invitation": {"role"}}
"""Who somebody is, which is not kept but acted by."""


def changed(field: models.Field[Any, Any]) -> Any:
    """Another value for a field that is kept; None where there is no telling."""
    name = models.F(field.name)
    if field.choices:
        return models.Value(list(field.flatchoices)[-1][0])
    if isinstance(field, models.BooleanField):
        return ~models.Q(**{field.name: True})
    if isinstance(field, models.DateTimeField):
        return name + timedelta(hours=1)
    if isinstance(field, models.DateField):
        return name + timedelta(days=1)
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return name + 1
    if isinstance(field, models.CharField | models.TextField):
        return models.Value("kept to ourselves")
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.DecimalField | models.FloatField):
        return [4] * 10
    return None


def change_all_that_is_kept() -> int:
    """Changes every column that the portal may not read, in every row, where the database lets it. How many columns."""
    count = 0
    for model in [*apps.get_app_config("accounts").get_models(), *apps.get_app_config("metrics").get_models()]:
        table = model._meta.db_table
        read = RIGHTS.get(table, {}).get("SELECT", "").split()
        for field in model._meta.concrete_fields:
            acted_by = field.column in KEPT_BY_OTHER_NAMES.get(table, ())
            if field.column in read or field.primary_key or field.is_relation or field.unique or acted_by:
                continue
            value = changed(field)
            try:
                with transaction.atomic():
                    count += value is not None and model._default_manager.update(**{field.name: value}) > 0
            except (DatabaseError, LedgerIsAppendOnly):
                continue  # rows that never change, or a rule between two columns
    return count


def answers(contact: Contact) -> dict[str, str]:
    """What this person is answered, without what is another each time."""
    browser = Browser()
    browser.force_login(contact.person)  # type: ignore[arg-type]
    found = {name: browser.get(reverse(f"portal:{name}")).content.decode() for name in ("home", "comments", "pulse")}
    for quarter in ("2026-Q2", "2026-Q3"):
        found[quarter] = browser.get(reverse("portal:home"), {"quarter": quarter}).content.decode()
    found |= as_the_agency_looks_on(contact)
    token = re.compile(r'(csrfmiddlewaretoken" value=|x-csrftoken": )"\w+"')
    return {what: token.sub("", page) for what, page in found.items()}


@pytest.mark.django_db
def test_of_what_is_kept_no_figure_reaches_a_client(request: pytest.FixtureRequest) -> None:
    open_sections = [section for section in SECTIONS if section != "scope"]
    northwind = shown.northwind(*open_sections)
    contoso = shown.northwind(lena=builders.noor(), name="Contoso")
    shown.compute()
    builders.omar()
    before = answers(northwind.dana)
    for text in ("Win the north", "Qualified leads", "Plan for the spring", "Test the offer first"):
        assert text in before["2026-Q3"]
    columns = change_all_that_is_kept()
    assert columns > 60
    # Prices, as the scope is not shown; what is not marked as shown; and all of another client.
    ClientQuarter.objects.update(scope_start=70_000, scope_end=90_000)
    builders.retainer_since(northwind.client, date(2026, 7, 5), 4321, name="A retainer of theirs")
    Goal.objects.filter(client=northwind.client, shared=False).update(title="Another idea of ours", status="achieved")
    for model in SHAREABLE:
        model._default_manager.filter(client=contoso.client).update(shared=False)
    Client.objects.filter(pk=contoso.client.pk).update(name="Contoso Renamed", currency="EUR")
    assert answers(northwind.dana) == before
    request.node.user_properties.append(("told", f"{columns} columns that are kept were changed: 0 bytes shown did"))


def test_what_is_searched_for_is_found_where_it_stands(fresh_database: Database) -> None:
    call_command("sample_agency", verbosity=0)
    browser = Browser()
    browser.force_login(Person.objects.filter(role=Person.Role.LEADERSHIP).first())  # type: ignore[arg-type]
    client = Client.objects.order_by("pk")[0]
    page = html.unescape(browser.get(reverse("metrics:account", args=[client.external_id])).content.decode())
    assert re.search(WORDS, page, re.IGNORECASE)
