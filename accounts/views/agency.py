"""The agency itself: its page for administrators, and its logo for everyone who is signed in."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from accounts import access
from accounts.forms.agency import AgencyForm
from accounts.models import Agency


@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest) -> HttpResponse:
    """The page; saved, it shows what is now."""
    if not access.may_keep_the_agency(request.user):
        raise Http404
    raise_if_reauthentication_required(request, app="accounts")
    current = Agency.objects.current()
    if request.method == "POST":
        form = AgencyForm(request.POST, request.FILES, instance=current)
        if form.is_valid():
            form.save()
            messages.success(request, _("What is said of the agency is saved."))
            return HttpResponseRedirect(reverse("accounts:agency"), status=303)
    else:
        form = AgencyForm(instance=current)
    context = {"form": form, "has_logo": bool(Agency.objects.current().logo)}
    return TemplateResponse(request, "accounts/agency/page.html", context, status=422 if form.errors else 200)


def _etag(request: HttpRequest) -> str | None:
    found = Agency.objects.filter(pk=Agency.ONLY).values_list("logo_hash", flat=True).get()
    return f'"{found}"' if found else None


@login_not_required
@require_safe
@condition(etag_func=_etag)
def agency_logo(request: HttpRequest) -> HttpResponse:
    """The logo, as a picture; it stands on invitations too, so that it is nobody's secret."""
    logo = Agency.objects.current().logo
    if not logo:
        raise Http404
    return HttpResponse(bytes(logo), content_type="image/png", headers={"Cache-Control": "private, no-cache"})
