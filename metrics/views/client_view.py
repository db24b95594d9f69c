"""What a client sees: every section and record with its switch, who of the client was there, and the page as theirs."""

import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, audit, languages
from accounts.audited_requests import about
from accounts.forms.sharing import SwitchForm
from accounts.models import AuditEntry, Client, Contact, Person
from accounts.portal_wall import as_portal
from accounts.queries.sharing import sections, visits
from accounts.sharing import NothingToShow
from metrics.portal.views import shown_to


@require_http_methods(["GET", "HEAD", "POST"])
def client_view(request: HttpRequest, external_id: str) -> HttpResponse:
    """The page; a switch sent to it leads back to it."""
    client = _client(request, external_id)
    if request.method == "POST":
        _switch(request, client)
        response = HttpResponseRedirect(reverse("metrics:client_view", args=[external_id]))
        response.status_code = 303
        return response
    context = _sections(request, client) | {"visits": visits(client.pk), "contacts": _who_sign_in(client)}
    return TemplateResponse(request, "metrics/client_view/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def client_view_sections(request: HttpRequest, external_id: str) -> TemplateResponse:
    """The sections with their switches alone; a switch sent to it is answered with what they are then."""
    client = _client(request, external_id)
    if request.method == "POST":
        _switch(request, client)
    return TemplateResponse(request, "metrics/client_view/_sections.html", _sections(request, client))


@require_safe
def as_client(request: HttpRequest, external_id: str) -> HttpResponse:
    """The very page that one of the client's people gets, made by the portal's own role, below a banner.

    `who` names the contact whose page it is; otherwise it is that of the first who can sign in, or nobody's in
    particular. It is not kept as a visit, but noted in the audit.
    """
    client = _client(request, external_id)
    contacts = _who_sign_in(client)
    asked = request.GET.get("who", "")
    chosen = next((one for one in contacts if one.external_id == asked), contacts[0] if contacts else None)
    language = languages.written_to(chosen.person if chosen else None)
    accepted = request.headers.get("Accept-Language", "")
    with languages.speaking(language, accepted), as_portal(client.pk, chosen.person_id if chosen else None):
        page = shown_to(_theirs(request, chosen), client.pk, chosen.name if chosen else "").render()
    if request.method == "GET":
        shown = chosen.name if chosen else ""
        audit.note(AuditEntry.Kind.SEEN_AS_CLIENT, client=client, context=about(request), of=shown)
    context = {"client": client, "contacts": contacts, "chosen": chosen, "quarter": request.GET.get("quarter", "")}
    banner = render_to_string("metrics/client_view/_banner.html", context, request)
    # Before their header, so that not a byte of theirs is another.
    head, header, rest = page.content.partition(b'<header class="portal-top">')
    page.content = head + banner.strip().encode() + header + rest
    page.headers["Content-Language"] = language
    return page


def _client(request: HttpRequest, external_id: str) -> Client:
    client = access.visible_clients(request.user).filter(external_id=external_id).first()
    if client is None:
        raise Http404
    return client


def _who_sign_in(client: Client) -> list[Contact]:
    """The client's people who can open their page."""
    rows = Contact.objects.filter(client=client, left_on__isnull=True, person__is_active=True)
    return list(rows.select_related("person").order_by("name", "id"))


def _theirs(request: HttpRequest, contact: Contact | None) -> HttpRequest:
    """The request as that person would send it from their page."""
    theirs = copy.copy(request)
    theirs.path = theirs.path_info = reverse("portal:home")
    theirs.resolver_match = resolve(theirs.path_info)
    theirs.user = contact.person if contact and contact.person else Person(role=Person.Role.CONTACT)
    theirs._messages = []  # type: ignore[attr-defined]  # what is said to the agency's person is theirs to read
    return theirs


def _switch(request: HttpRequest, client: Client) -> None:
    person = request.user
    if not access.may_record(person, client):
        raise Http404
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise Http404
    assert isinstance(person, Person)
    try:
        form.save(client, person)
    except NothingToShow as error:
        raise Http404 from error


def _sections(request: HttpRequest, client: Client) -> dict[str, Any]:
    return {
        "client": client,
        "sections": sections(client.pk),
        "may_record": access.may_record(request.user, client),
    }
