"""Who asks, from where and for what: told to the histories while a request is answered, and noted where it is refused.

It stands below session and authentication, and above the portal's wall: what it notes is the app role's to write.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pghistory
from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve, reverse

from accounts import access, audit
from accounts.models import AuditEntry, Client

logger = logging.getLogger(__name__)

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
REFUSALS = frozenset({403, 404, 429})
ABSENT = 404
SECRETS = ("token", "key", "uidb36", "code")
"""What in an address lets someone in: it is not kept."""
PORTAL, CONFIDENTIAL = "portal:home", "portal:pulse"
"""Of a pulse not even the day is told on which it was answered, so that nothing is kept but that it was the portal."""
LONGEST_PATH = 500
OF_A_PERSON, OF_STRANGERS = 10, 1
"""How many refusals in one go are noted singly: of a person, and of strangers from one network address."""


class AuditMiddleware:
    """Tells the histories of the request, and notes what was refused in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        # What only reads has nothing to tell, and does not read who asks.
        told = nullcontext() if request.method in READING else pghistory.context(**about(request))
        with told:
            response = self.get_response(request)
        if response.status_code in REFUSALS:
            _note_refusal(request, response.status_code)
        return response


def about(request: HttpRequest) -> dict[str, Any]:
    """What a history is told of a request: who, from where, and what for."""
    known: dict[str, Any] = {"program": "web", "address": address_of(request)}
    known["path"] = f"{request.method} {_path(request)}"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        known |= {"person": user.pk, "name": str(user)}
    return known


def note_download(request: HttpRequest, what: str, asked: str) -> None:
    """Notes that somebody takes a table along: which, and what was asked of it."""
    if request.method == "GET":
        audit.note(AuditEntry.Kind.TAKEN_ALONG, context=about(request), what=what, asked=asked[:LONGEST_PATH])


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from, as signing in counts it; None where that can't be told."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return None


def _path(request: HttpRequest) -> str:
    """The address that was asked for, without what lets someone in."""
    path = request.path_info
    try:
        match = resolve(path)
    except Resolver404:
        given = {}
    else:
        if match.view_name.startswith(CONFIDENTIAL):
            return reverse(PORTAL)
        given = match.kwargs
    for name in SECRETS:
        if given.get(name):
            path = path.replace(str(given[name]), "…")
    return path.replace("\x00", "")[:LONGEST_PATH]


def _note_refusal(request: HttpRequest, status: int) -> None:
    """Notes it, and how many there were in one go; of strangers only what is more than a page that is not there."""
    is_known = request.user.is_authenticated
    if status == ABSENT and (not is_known or request.resolver_match is None):
        return
    context = about(request)
    try:
        with transaction.atomic():
            times = audit.times_in_one_go(f"refused {context.get('person') or context['address']}")
            if not audit.is_worth_noting(times, OF_A_PERSON if is_known else OF_STRANGERS):
                return
            # The same is done for what is absent and for what is another's.
            client, seen = _client_asked_for(request)
            audit.note(
                AuditEntry.Kind.REFUSED,
                client=client,
                context=context,
                status=status,
                # Whether the account is there and is not for this person.
                of_another=bool(client and not seen),
                times=times,
            )
    except DatabaseError:
        logger.exception("A refusal could not be noted.")


def _client_asked_for(request: HttpRequest) -> tuple[Client | None, bool]:
    """The client that the address names, if there is one, and whether this person may see it."""
    named = request.resolver_match.kwargs.get("external_id") if request.resolver_match else None
    if named is None:
        return None, False
    client = Client.objects.filter(external_id=named).first()
    seen = access.visible_clients(request.user).filter(external_id=named).exists()
    return client, seen
