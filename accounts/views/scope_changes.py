"""Writing the ledger of an account: a change of scope, the reversal of a row, and its correction."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.forms.scope_change import CorrectionForm, LedgerForm, ReversalForm, ScopeChangeForm
from accounts.models import Client, ScopeChange
from accounts.queries.clock import today
from accounts.queries.scope_changes import engagement_ledgers
from accounts.views.recording import Makes, Place, client_to_record_on, fragment, page


def scope_change_new(request: HttpRequest, external_id: str) -> HttpResponse:
    """The page on which a change of scope is recorded."""
    return page(request, *_new(request, external_id))


def scope_change_new_form(request: HttpRequest, external_id: str) -> HttpResponse:
    """Its form alone."""
    return fragment(request, *_new(request, external_id))


@require_POST
def scope_change_preview(request: HttpRequest, external_id: str) -> HttpResponse:
    """What the change will do to annual scope. It writes nothing; what is filled in stays out of addresses."""
    return _preview(request, *_new(request, external_id))


def reversal(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The page on which a row is reversed."""
    return page(request, *_of_row(request, external_id, record_id, "reversal", ReversalForm))


def reversal_form(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """Its form alone."""
    return fragment(request, *_of_row(request, external_id, record_id, "reversal", ReversalForm))


def correction(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """The page on which a row is undone and entered anew."""
    return page(request, *_correction(request, external_id, record_id))


def correction_form(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """Its form alone."""
    return fragment(request, *_correction(request, external_id, record_id))


@require_POST
def correction_preview(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """What the correction will do to annual scope. It writes nothing."""
    return _preview(request, *_correction(request, external_id, record_id))


def _new(request: HttpRequest, external_id: str) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    place = Place(
        client,
        reverse("accounts:scope_change_new", args=[external_id]),
        reverse("accounts:scope_change_new_form", args=[external_id]),
        reverse("accounts:scope_change_preview", args=[external_id]),
    )
    given = _given(request, client)
    return place, lambda data: ScopeChangeForm(data, asked=request.GET.dict(), **given)


def _correction(request: HttpRequest, external_id: str, record_id: str) -> tuple[Place, Makes]:
    return _of_row(
        request,
        external_id,
        record_id,
        "correction",
        lambda data, **given: CorrectionForm(data, asked=request.GET.dict(), **given),
    )


def _of_row(
    request: HttpRequest, external_id: str, record_id: str, name: str, form: Callable[..., LedgerForm]
) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    change = (
        ScopeChange.objects.filter(client=client, external_id=record_id)
        .select_related("engagement", "recorded_by", "reversal")
        .first()
    )
    if change is None:
        raise Http404
    names = [external_id, record_id]
    place = Place(
        client,
        reverse(f"accounts:{name}", args=names),
        reverse(f"accounts:{name}_form", args=names),
        reverse("accounts:correction_preview", args=names),
    )
    given = _given(request, client)
    return place, lambda data: form(data, change=change, **given)


def _given(request: HttpRequest, client: Client) -> dict[str, Any]:
    return {
        "client": client,
        "by": request.user,
        "today": today(timezone.now()),
        "ledgers": engagement_ledgers(client.pk),
    }


def _preview(request: HttpRequest, place: Place, make: Makes) -> HttpResponse:
    return TemplateResponse(
        request, "accounts/scope_change/_preview.html", {"place": place, "form": make(request.POST)}
    )
