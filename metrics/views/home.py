"""Where one arrives: leadership at the portfolio, whoever leads accounts at those."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import access


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads on; what is there is another page."""
    opens_on = "metrics:my_accounts" if access.arrives_at_own_accounts(request.user) else "metrics:portfolio"
    return HttpResponseRedirect(reverse(opens_on))
