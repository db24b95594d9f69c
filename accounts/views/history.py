"""What was changed of one account, or of one of its records, for whoever of the agency may see the account."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Client
from accounts.queries.clock import clock
from accounts.queries.happenings import ENTRIES, Place, Wanted, leaf, sources
from accounts.queries.history import history
from accounts.views.recording import Noun

FOR_REVIEWERS = "metrics.decision"
"""The kind of what is decided in reviews, which not everybody reads."""


@require_safe
def account_history(request: HttpRequest, external_id: str) -> TemplateResponse:
    """All changes of what is recorded on one account, the latest first."""
    client = access.visible_clients(request.user).filter(external_id=external_id).first()
    if client is None or not access.is_of_the_agency(request.user):
        raise Http404
    kinds = set(sources()) - {ENTRIES}
    if not access.may_review(request.user):
        kinds -= {FOR_REVIEWERS}
    after = Place.read(request.GET.get("after", ""))
    zone = clock(timezone.now()).tzinfo
    found = leaf(Wanted(kinds=frozenset(kinds), on_client=client.pk, after=after), zone)
    page = reverse("accounts:history", args=[external_id])
    return TemplateResponse(
        request,
        "accounts/history/page.html",
        {
            **_about(client),
            "zone": zone,
            "days": found.days,
            "page_url": page,
            "is_first": after is None,
            "older": f"{page}?{urlencode({'after': found.older})}" if found.older else "",
        },
    )


@require_safe
def record_history(request: HttpRequest, noun: Noun, external_id: str, record_id: str = "") -> TemplateResponse:
    """All changes of one record, the latest first."""
    if not access.is_of_the_agency(request.user):
        raise Http404
    record: Model | None = noun.form.find(access.visible_clients(request.user), external_id, record_id)
    if record is None:
        raise Http404
    client: Client = record if isinstance(record, Client) else record.client  # type: ignore[attr-defined]
    zone = clock(timezone.now()).tzinfo
    with timezone.override(zone):
        found = history(record)
    return TemplateResponse(
        request,
        "accounts/history/record.html",
        {**_about(client), "record": record, "history": found, "zone": zone},
    )


def _about(client: Client) -> dict[str, Any]:
    return {"client": client, "account": reverse("metrics:account", args=[client.external_id])}
