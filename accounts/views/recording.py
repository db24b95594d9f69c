"""Recording what happens on an account: for each noun a page with its form, and the form alone as a fragment.

An address has one representation. The page answers a form with another page, as browsers do by themselves; the
fragment answers it with what takes the form's place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.forms.recording import RecordForm, RecordingForm
from accounts.models import Client
from accounts.queries.clock import clock, today
from accounts.queries.history import history
from accounts.recording import Overtaken


@dataclass(frozen=True)
class Noun:
    """One kind of record: what it is called in names and in addresses, and its form."""

    name: str
    path: str
    form: type[RecordForm[Any]]

    def addresses(self) -> list[URLPattern]:
        """Of the page and the form of a new one, and of one that is there."""
        of_client = f"accounts/<external_id:external_id>/{self.path}/"
        new, one = f"{of_client}new/", f"{of_client}<external_id:record_id>/"
        given = {"noun": self}
        return [
            path(new, new_page, given, name=f"{self.name}_new"),
            path(f"{new}form/", new_form, given, name=f"{self.name}_new_form"),
            path(one, record_page, given, name=self.name),
            path(f"{one}form/", record_form, given, name=f"{self.name}_form"),
        ]


@dataclass(frozen=True)
class Place:
    """Where a form is: the client it is about, the address of its page, and that of its fragment."""

    client: Client
    page: str
    form: str
    preview: str = ""
    """The address that says what the form will do, where it is one that can say so."""
    record: Model | None = None
    """The record that is there, where there is one."""
    history: str = ""
    """The address of its history."""

    @property
    def account(self) -> str:
        """The address of the account, where one goes on."""
        return reverse("metrics:account", args=[self.client.external_id])


Makes = Callable[[QueryDict | None], RecordingForm]
"""Gives the form, filled in with what was sent, over the records as they are at that moment."""


def new_page(request: HttpRequest, noun: Noun, external_id: str) -> HttpResponse:
    """The page of a new record."""
    return page(request, *_new(request, noun, external_id))


def new_form(request: HttpRequest, noun: Noun, external_id: str) -> HttpResponse:
    """The form of a new record alone."""
    return fragment(request, *_new(request, noun, external_id))


def record_page(request: HttpRequest, noun: Noun, external_id: str, record_id: str = "") -> HttpResponse:
    """The page of a record that is there."""
    return page(request, *_stored(request, noun, external_id, record_id))


def record_form(request: HttpRequest, noun: Noun, external_id: str, record_id: str = "") -> HttpResponse:
    """The form of a record that is there alone."""
    return fragment(request, *_stored(request, noun, external_id, record_id))


def client_to_record_on(request: HttpRequest, external_id: str) -> Client:
    """The client, where this person may record on its account; else there is no such page."""
    client = access.visible_clients(request.user).filter(external_id=external_id).first()
    if client is None or not access.may_record(request.user, client):
        raise Http404
    return client


def _new(request: HttpRequest, noun: Noun, external_id: str) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    given: dict[str, Any] = {"client": client, "by": request.user, "today": today(timezone.now())}
    place = Place(
        client,
        reverse(f"accounts:{noun.name}_new", args=[external_id]),
        reverse(f"accounts:{noun.name}_new_form", args=[external_id]),
    )
    return place, lambda data: noun.form(data, record=None, **given)


def _stored(request: HttpRequest, noun: Noun, external_id: str, record_id: str) -> tuple[Place, Makes]:
    def find() -> Any:
        found = noun.form.find(access.visible_clients(request.user), external_id, record_id)
        if found is None:
            raise Http404
        return found

    first = find()
    client: Client = first if isinstance(first, Client) else first.client
    if not access.may_record(request.user, client):
        raise Http404
    given: dict[str, Any] = {"client": client, "by": request.user, "today": today(timezone.now())}
    names = [external_id, record_id] if record_id else [external_id]
    place = Place(
        client,
        reverse(f"accounts:{noun.name}", args=names),
        reverse(f"accounts:{noun.name}_form", args=names),
        record=first,
        history=reverse(f"accounts:{noun.name}_history", args=names),
    )
    found = [first]
    # The second time it is asked for, it is because the record has changed.
    return place, lambda data: noun.form(data, record=found.pop() if found else find(), **given)


# What any form that records is answered with

SHOWN, SAVED, OVERTAKEN, INVALID = 200, 201, 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, place: Place, make: Makes) -> HttpResponse:
    """A page with the form; once it is saved, the account's."""
    form, status = _answered(request, make)
    if status == SAVED:
        messages.success(request, str(form.said))
        response = HttpResponseRedirect(place.account)
        response.status_code = 303
        return response
    context = _context(place, form, status)
    if place.record is not None:
        zone = clock(timezone.now()).tzinfo
        with timezone.override(zone):
            context |= {"history": history(place.record), "zone": zone}
    return TemplateResponse(request, "accounts/recording/page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def fragment(request: HttpRequest, place: Place, make: Makes) -> HttpResponse:
    """The form alone; once it is saved, a note that it is. The figures and records of the page follow."""
    form, status = _answered(request, make)
    context = _context(place, form, status, in_place=True)
    if status == SAVED:
        response = TemplateResponse(request, "accounts/recording/_saved.html", context)
        response["HX-Trigger"] = "records-changed"
        return response
    return TemplateResponse(request, context["included"], context, status=status)


def _answered(request: HttpRequest, make: Makes) -> tuple[RecordingForm, int]:
    """The form, and what became of it."""
    if request.method != "POST":
        return make(None), SHOWN
    form = make(request.POST)
    if not form.is_valid():
        return form, INVALID
    if form.only_shows:
        return form, SHOWN
    try:
        return form, SAVED if form.save() else INVALID
    except Overtaken:
        anew = make(request.POST)
        if not anew.is_valid():
            return anew, INVALID
        return anew, OVERTAKEN if anew.differences() else SAVED


def _context(place: Place, form: RecordingForm, status: int, *, in_place: bool = False) -> dict[str, Any]:
    """What the templates need: the form, and which of the two fragments shows it."""
    if status in (SHOWN, INVALID):
        # A browser focuses what a page comes with, and static/js/page.js what is put into one.
        form.focused_by = "data-focus" if in_place else "autofocus"
        form.focus()
    included = "_conflict.html" if status == OVERTAKEN else "_form.html"
    return {"place": place, "form": form, "in_place": in_place, "included": f"accounts/recording/{included}"}
