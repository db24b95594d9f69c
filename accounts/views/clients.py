"""Adding a client, by anyone of the agency."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access, recording, teams
from accounts.forms.clients import NewClientForm
from accounts.models import TeamMember
from accounts.queries.clock import today
from accounts.queries.settings import reporting_currency


@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    """The page with the form; once the client is recorded, its account."""
    user = request.user
    if not access.may_add_clients(user) or not access.is_of_the_agency(user):
        raise Http404
    if request.method == "POST":
        form = NewClientForm(request.POST)
        if form.is_valid():
            client = form.save(commit=False)
            with transaction.atomic():
                recording.add(client, by=user)
                if not user.leads and client.account_manager_id != user.pk:
                    # Else they could not go on recording what they have begun.
                    teams.join(client, user, TeamMember.Role.SUPPORT, today(timezone.now()), by=user)
            messages.success(request, _("%(name)s is recorded. What it buys comes next.") % {"name": client.name})
            return HttpResponseRedirect(reverse("metrics:account", args=[client.external_id]), status=303)
    else:
        initial: dict[str, Any] = {"currency": reporting_currency()}
        if access.arrives_at_own_accounts(user):
            initial["account_manager"] = user.pk
        form = NewClientForm(initial=initial)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "accounts/clients/new.html", {"form": form}, status=status)
