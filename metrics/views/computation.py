"""Having the figures computed now, instead of waiting for the night."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access
from accounts.models import Client
from accounts.signals import records_changed


@require_POST
def computation(request: HttpRequest) -> HttpResponseRedirect:
    """Asks the workers for all that has changed and is not in the figures; a second time asks for nothing more."""
    if not access.may_see_accounts(request.user):
        raise Http404
    records_changed.send(sender=Client, client_ids=())
    messages.success(request, _("The figures are being computed. They show up here by themselves."))
    return HttpResponseRedirect(reverse("metrics:portfolio"), status=303)
