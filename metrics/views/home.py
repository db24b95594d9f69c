"""Where one arrives: leadership at the portfolio, whoever leads accounts at those, a client's people at their page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import access


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads on; what is there is another page."""
    if access.is_contact(request.user):
        return HttpResponseRedirect(reverse("portal:home"))
    opens_on = "metrics:my_accounts" if access.arrives_at_own_accounts(request.user) else "metrics:portfolio"
    return HttpResponseRedirect(reverse(opens_on))
