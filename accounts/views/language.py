"""Choosing the language one is spoken to in: for a client's people for good, for anyone else in this browser."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import access, languages
from accounts.models import Person


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseRedirect:
    """Keeps the choice, and goes back to where it was made. The agency's own pages are in English alone."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "")
    if chosen not in languages.SPOKEN or access.is_of_the_agency(request.user):
        raise Http404
    if access.is_contact(request.user):
        Person.objects.filter(pk=request.user.pk).update(language=chosen)
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else "/")
    languages.remember(response, chosen)
    return response
