"""Decisions of a review, recorded in place: a page for those without JavaScript, a fragment for others."""

from collections.abc import Callable
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
from accounts.recording import Overtaken, change
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
    return _page(request, _reviewed(request, label), lambda: None)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new_form(request: HttpRequest, label: str) -> HttpResponse:
    """The same as a fragment; what is recorded answers with the list."""
    return _fragment(request, _reviewed(request, label), lambda: None)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """A page to change a decision on."""
    return _page(request, _reviewed(request, label), lambda: _listed(request, record_id))


@require_http_methods(["GET", "HEAD", "POST"])
def decision_form(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """The same as a fragment."""
    return _fragment(request, _reviewed(request, label), lambda: _listed(request, record_id))


@require_POST
def decision_state(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """Closes a decision or opens it again, and leads back to the review."""
    review = _reviewed(request, label)
    became = _become(request, review, _listed(request, record_id))
    (messages.warning if became.overtaken else messages.success)(request, became.said)
    return _to_review(review)


@require_POST
def decision_state_list(request: HttpRequest, label: str, record_id: str) -> HttpResponse:
    """The same, answered with the list."""
    review = _reviewed(request, label)
    found = _listed(request, record_id)
    return _list(request, review, found, _become(request, review, found))


@dataclass(frozen=True)
class _Review:
    """The ended quarter that is reviewed, the day that stands in for today, and who reviews."""

    quarter: Quarter
    as_of: date
    by: Person


@dataclass(frozen=True)
class _Became:
    """What became of a decision, in words; `overtaken`: nothing, as somebody else was first."""

    said: str
    overtaken: bool = False


def _reviewed(request: HttpRequest, label: str) -> _Review:
    """The ended quarter of this label, for whoever reviews."""
    user = request.user
    if not access.may_review(user):
        raise Http404
    shown = calendar(label)
    if shown.shown is None or shown.as_of is None or shown.shown.label != label or shown.in_progress:
        raise Http404
    return _Review(shown.shown, shown.as_of, user)


def _listed(request: HttpRequest, record_id: str) -> Decision:
    clients = access.visible_clients(request.user)
    rows = visible_decisions(clients).select_related("owner", "client", "changed_by")
    found = rows.filter(external_id=record_id).first()
    if found is None:
        raise Http404
    return found


def _become(request: HttpRequest, review: _Review, found: Decision) -> _Became:
    """Gives it the state that was asked for, if it is still as it was when that was pressed."""
    form = StateForm(request.POST)
    if not form.is_valid():
        raise Http404
    found.becomes(form.cleaned_data["state"], today(timezone.now()))
    values = {"state": found.state, "closed_on": found.closed_on}
    try:
        change(found, form.cleaned_data["version"], values, by=review.by)
    except Overtaken:
        return _Became(_("It was changed in the meantime, and stays as it is here. Look at it once more."), True)
    return _Became(
        {
            Decision.State.DONE: _("Done."),
            Decision.State.DROPPED: _("Dropped."),
        }.get(Decision.State(found.state), _("Open again."))
    )


Finds = Callable[[], Decision | None]
"""Reads the decision as it is stored at that moment; None where it is a new one."""
SHOWN, SAVED, OVERTAKEN = 200, 201, 409


def _answered(request: HttpRequest, review: _Review, find: Finds) -> tuple[DecisionForm, int]:
    """The form, and what became of it."""
    form = _form(request, review, find())
    if request.method != "POST" or not form.is_valid():
        return form, SHOWN
    try:
        form.write(by=review.by, on=today(timezone.now()))
    except Overtaken:
        anew = _form(request, review, find())
        if not anew.is_valid():
            return anew, SHOWN
        return anew, OVERTAKEN if anew.differences() else SAVED
    return form, SAVED


def _form(request: HttpRequest, review: _Review, found: Decision | None) -> DecisionForm:
    people = access.people_of_the_agency()
    if found is not None:
        # Who has left since keeps what was given to them until somebody else takes it.
        people = people | Person.objects.filter(pk=found.owner_id)
    return DecisionForm(
        request.POST if request.method == "POST" else None,
        record=found,
        decided_in=review.quarter.start,
        clients=access.visible_clients(request.user),
        people=people,
    )


def _page(request: HttpRequest, review: _Review, find: Finds) -> HttpResponse:
    form, status = _answered(request, review, find)
    if status == SAVED:
        messages.success(request, _("Saved."))
        return _to_review(review)
    context = _context(review, form, status)
    return TemplateResponse(request, "metrics/quarter/decision.html", context, status=status)


def _fragment(request: HttpRequest, review: _Review, find: Finds) -> HttpResponse:
    form, status = _answered(request, review, find)
    if status == SAVED:
        response = _list(request, review, form.instance, _Became(_("Saved.")))
        # The form stands within the list, or above it: what answers takes the place of the whole.
        response["HX-Retarget"] = "#quarter-decisions"
        response["HX-Reswap"] = "outerHTML"
        return response
    context = _context(review, form, status, inline=True)
    return TemplateResponse(request, context["included"], context, status=status)


def _context(review: _Review, form: DecisionForm, status: int, *, inline: bool = False) -> dict[str, Any]:
    """What the templates need: the form, where it goes, and which of the two fragments shows it."""
    label, found = review.quarter.label, form.record
    if found is None:
        page_url, form_url = (
            reverse("metrics:decision_new", args=[label]),
            reverse("metrics:decision_new_form", args=[label]),
        )
    else:
        page_url = reverse("metrics:decision", args=[label, found.external_id])
        form_url = reverse("metrics:decision_form", args=[label, found.external_id])
    if status == SHOWN:
        # A browser focuses what a page comes with, and static/js/page.js what is put into one.
        form.focus("data-focus" if inline else "autofocus")
    included = "_decision_conflict.html" if status == OVERTAKEN else "_decision_form.html"
    return {
        "quarter": review.quarter,
        "form": form,
        "decision": found,
        "page_url": page_url,
        "form_url": form_url,
        "included": f"metrics/quarter/{included}",
        "inline": inline,
    }


def _list(
    request: HttpRequest, review: _Review, changed: Decision | None = None, became: _Became | None = None
) -> TemplateResponse:
    return TemplateResponse(
        request,
        "metrics/quarter/_decisions.html",
        {
            "quarter": review.quarter,
            "decisions": decisions(access.visible_clients(request.user), review.quarter),
            "today": review.as_of,
            "changed": changed.external_id if changed else "",
            "became": became,
        },
    )


def _to_review(review: _Review) -> HttpResponse:
    response = redirect(reverse("metrics:quarter", args=[review.quarter.label]) + "#decisions")
    response.status_code = 303
    return response
