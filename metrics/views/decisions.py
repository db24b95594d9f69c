"""Decisions of a review, recorded in place: a page for those without JavaScript, a fragment for others."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.models import Person
from accounts.periods import Quarter
from accounts.queries.clock import today
from metrics.forms.decisions import DecisionForm, StateForm
from metrics.models import Decision
from metrics.queries.calendar import calendar
from metrics.queries.decisions import decisions, visible_decisions


@require_safe
def quarter_decisions(request: HttpRequest, label: str) -> TemplateResponse:
    """The list of one review."""
    return _list(request, _reviewed(request, label))


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: HttpRequest, label: str) -> HttpResponse:
    """A page to record a decision on; what is recorded leads back to the review."""
    return _page(request, _reviewed(request, label), None)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new_form(request: HttpRequest, label: str) -> HttpResponse:
    """The same as a fragment; what is recorded answers with the list."""
    return _fragment(request, _reviewed(request, label), None)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """A page to change a decision on."""
    review = _reviewed(request, label)
    return _page(request, review, _listed(request, record_id))


@require_http_methods(["GET", "HEAD", "POST"])
def decision_form(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """The same as a fragment."""
    review = _reviewed(request, label)
    return _fragment(request, review, _listed(request, record_id))


@require_POST
def decision_state(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """Closes a decision or opens it again, and leads back to the review."""
    review = _reviewed(request, label)
    messages.success(request, _become(request, _listed(request, record_id)))
    return _to_review(review)


@require_POST
def decision_state_list(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """The same, answered with the list."""
    review = _reviewed(request, label)
    found = _listed(request, record_id)
    return _list(request, review, found, _become(request, found))


@dataclass(frozen=True)
class _Review:
    """The ended quarter that is reviewed, and the day that stands in for today."""

    quarter: Quarter
    as_of: date


def _reviewed(request: HttpRequest, label: str) -> _Review:
    """The ended quarter of this label, for whoever reviews."""
    if not access.may_review(request.user):
        raise Http404
    shown = calendar(label)
    if shown.shown is None or shown.as_of is None or shown.shown.label != label or shown.in_progress:
        raise Http404
    return _Review(shown.shown, shown.as_of)


def _listed(request: HttpRequest, record_id: str) -> Decision:
    clients = access.visible_clients(request.user)
    found = visible_decisions(clients).select_related("owner", "client").filter(external_id=record_id).first()
    if found is None:
        raise Http404
    return found


def _become(request: HttpRequest, found: Decision) -> str:
    """Gives it the state that was asked for; says what was done."""
    form = StateForm(request.POST)
    if not form.is_valid():
        raise Http404
    found.becomes(form.cleaned_data["state"], today(timezone.now()))
    found.save(update_fields=["state", "closed_on"])
    return {
        Decision.State.DONE: _("Done."),
        Decision.State.DROPPED: _("Dropped."),
    }.get(Decision.State(found.state), _("Open again."))


def _form(request: HttpRequest, review: _Review, found: Decision | None) -> DecisionForm:
    people = access.people_of_the_agency()
    if found is not None:
        # Who has left since keeps what was given to them until somebody else takes it.
        people = people | Person.objects.filter(pk=found.owner_id)
    return DecisionForm(
        request.POST if request.method == "POST" else None,
        instance=found or Decision(decided_in=review.quarter.start),
        clients=access.visible_clients(request.user),
        people=people,
        auto_id=f"decision-{found.external_id if found else 'new'}-%s",
    )


def _saved(form: DecisionForm) -> Decision:
    made = form.save(commit=False)
    made.becomes(made.state, today(timezone.now()))
    made.save()
    return made


def _page(request: HttpRequest, review: _Review, found: Decision | None) -> HttpResponse:
    form = _form(request, review, found)
    if request.method == "POST" and form.is_valid():
        _saved(form)
        messages.success(request, _("Saved."))
        return _to_review(review)
    return TemplateResponse(request, "metrics/quarter/decision.html", _context(review, form, found, inline=False))


def _fragment(request: HttpRequest, review: _Review, found: Decision | None) -> HttpResponse:
    form = _form(request, review, found)
    if request.method == "POST" and form.is_valid():
        response = _list(request, review, _saved(form), _("Saved."))
        # The form stands within the list, or above it: what answers takes the place of the whole.
        response["HX-Retarget"] = "#quarter-decisions"
        response["HX-Reswap"] = "outerHTML"
        return response
    return TemplateResponse(request, "metrics/quarter/_decision_form.html", _context(review, form, found, inline=True))


def _context(review: _Review, form: DecisionForm, found: Decision | None, *, inline: bool) -> dict[str, Any]:
    label = review.quarter.label
    if found is None:
        page_url, form_url = (
            reverse("metrics:decision_new", args=[label]),
            reverse("metrics:decision_new_form", args=[label]),
        )
    else:
        page_url = reverse("metrics:decision", args=[label, found.external_id])
        form_url = reverse("metrics:decision_form", args=[label, found.external_id])
    return {
        "quarter": review.quarter,
        "form": form,
        "decision": found,
        "page_url": page_url,
        "form_url": form_url,
        "inline": inline,
    }


def _list(request: HttpRequest, review: _Review, changed: Decision | None = None, said: str = "") -> TemplateResponse:
    return TemplateResponse(
        request,
        "metrics/quarter/_decisions.html",
        {
            "quarter": review.quarter,
            "decisions": decisions(access.visible_clients(request.user), review.quarter),
            "today": review.as_of,
            "changed": changed.external_id if changed else "",
            "said": said,
        },
    )


def _to_review(review: _Review) -> HttpResponse:
    response = redirect(reverse("metrics:quarter", args=[review.quarter.label]) + "#decisions")
    response.status_code = 303
    return response
