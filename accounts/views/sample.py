"""The sample agency: filled in to be looked at, and taken out again. Leadership's alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, sample_records
from accounts.queries.clock import today
from accounts.queries.sample import sample_recorded


@require_POST
def sample(request: HttpRequest) -> HttpResponseRedirect:
    """Fills it in, where there is no client yet."""
    if not access.may_keep_the_sample(request.user):
        raise Http404
    try:
        sample_records.fill(today(timezone.now()), with_passwords=False)
    except sample_records.SampleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The sample agency is here. Its figures follow in a moment."))
    return HttpResponseRedirect(reverse("metrics:portfolio"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def sample_removal(request: HttpRequest) -> HttpResponse:
    """Asks first, and says what goes; then takes it out. There is no such page without a sample agency."""
    if not access.may_keep_the_sample(request.user):
        raise Http404
    recorded = sample_recorded()
    if not recorded.clients:
        raise Http404
    if request.method != "POST":
        return TemplateResponse(request, "accounts/sample/removal.html", {"recorded": recorded})
    try:
        removed = sample_records.remove()
    except sample_records.SampleRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("accounts:sample_removal"), status=303)
    text = ngettext(
        "The sample agency is gone: %(count)s client, with all its records. Its figures follow in a moment.",
        "The sample agency is gone: %(count)s clients, with all their records. Their figures follow in a moment.",
        removed,
    )
    messages.success(request, text % {"count": removed})
    return HttpResponseRedirect(reverse("metrics:portfolio"), status=303)
