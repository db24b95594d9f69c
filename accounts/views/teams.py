"""An account's team, on a page of its own: who is on it and who was, joining, leaving and handing over."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access, teams
from accounts.forms.teams import HandOverForm, JoinForm, LeaveForm
from accounts.models import Client, Person, TeamMember
from accounts.queries.clock import today
from accounts.queries.teams import team as team_of
from accounts.views.recording import client_to_record_on


@require_safe
def team(request: HttpRequest, external_id: str) -> TemplateResponse:
    """The page."""
    client, _by = _asked(request, external_id)
    return _page(request, client)


@require_POST
def team_joining(request: HttpRequest, external_id: str) -> HttpResponse:
    """Somebody joins."""
    client, by = _asked(request, external_id)
    form = JoinForm(request.POST, today=today(timezone.now()))
    if form.is_valid():
        given = form.cleaned_data
        try:
            teams.join(client, given["person"], given["role"], given["on"], by=by)
        except teams.TeamRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _done(request, client, by, _("%(name)s is on the team.") % {"name": given["person"]})
    return _page(request, client, joining=form)


@require_POST
def team_leaving(request: HttpRequest, external_id: str, pk: int) -> HttpResponse:
    """Somebody leaves."""
    client, by = _asked(request, external_id)
    member = TeamMember.objects.now().select_related("person", "client").filter(client=client, pk=pk).first()
    if member is None:
        raise Http404
    form = LeaveForm(request.POST, today=today(timezone.now()))
    if form.is_valid():
        try:
            teams.leave(member, form.cleaned_data["on"], by=by)
        except teams.TeamRefused as refused:
            form.add_error("on", str(refused))
        else:
            return _done(request, client, by, _("%(name)s is no longer on the team.") % {"name": member.person})
    return _page(request, client, leaving=(member.pk, form))


@require_POST
def handover(request: HttpRequest, external_id: str) -> HttpResponse:
    """The account is handed to somebody else."""
    client, by = _asked(request, external_id)
    form = HandOverForm(request.POST, today=today(timezone.now()))
    if form.is_valid():
        given = form.cleaned_data
        try:
            teams.hand_over(client, given["to"], given["on"], by=by, reason=given["reason"])
        except teams.TeamRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _done(request, client, by, _("%(name)s leads %(client)s.") % {"name": given["to"], "client": client})
    return _page(request, client, handing=form)


def _asked(request: HttpRequest, external_id: str) -> tuple[Client, Person]:
    client = client_to_record_on(request, external_id)
    if not access.is_of_the_agency(request.user):
        raise Http404
    return client, request.user


def _done(request: HttpRequest, client: Client, by: Person, said: str) -> HttpResponseRedirect:
    """Back to the team; to one's own accounts, where this one is no longer among those one records on."""
    messages.success(request, said)
    if access.recordable_clients(by).filter(pk=client.pk).exists():
        return HttpResponseRedirect(reverse("accounts:team", args=[client.external_id]), status=303)
    return HttpResponseRedirect(reverse("home"), status=303)


def _page(
    request: HttpRequest,
    client: Client,
    *,
    joining: JoinForm | None = None,
    leaving: tuple[int, LeaveForm] | None = None,
    handing: HandOverForm | None = None,
) -> TemplateResponse:
    day = today(timezone.now())
    found = team_of(client.pk)
    wrong = any(form is not None for form in (joining, leaving, handing))
    for form in (joining, handing):
        first = next((name for name in form.errors if name in form.fields), None) if form else None
        if form and first:
            form.fields[first].widget.attrs["autofocus"] = True
    leaving_id, leaving_form = leaving or (0, LeaveForm(today=day))
    context: dict[str, Any] = {
        "client": client,
        "account_url": reverse("metrics:account", args=[client.external_id]),
        "team": found,
        "joining": joining or JoinForm(today=day),
        "leaving": leaving_form,
        "leaving_id": leaving_id,
        "handing": handing or HandOverForm(today=day),
    }
    return TemplateResponse(request, "accounts/team/page.html", context, status=422 if wrong else 200)
