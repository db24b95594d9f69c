"""Coming in by an invitation: the link shows a button, and the button lets in, once. And inviting a client's people."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, invitations, leaving
from accounts.forms.people import ComeInForm
from accounts.models import Agency, Contact, Invitation, Person
from accounts.queries.clock import today
from accounts.views.recording import client_to_record_on


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who is invited as what, and the button; posted, they are in. What is over says so, whatever it was."""
    now = timezone.now()
    try:
        found = invitations.found(token, now)
        form = _form(request, found)
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return _page(request, found, form)
        given: dict[str, Any] = form.cleaned_data if form is not None else {}
        person = invitations.accept(token, now=now, **given)
    except invitations.InvitationClosed:
        return TemplateResponse(request, "accounts/invitation/closed.html", status=404)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="invitation")
    answer: HttpResponse = perform_login(request, Login(user=person, email=person.email))
    return answer


def _form(request: HttpRequest, found: Invitation) -> ComeInForm | None:
    """A client's people need no password: a code is sent to them whenever they come."""
    if found.contact is not None:
        return None
    return ComeInForm(request.POST if request.method == "POST" else None, invitation=found)


def _page(request: HttpRequest, found: Invitation, form: ComeInForm | None) -> TemplateResponse:
    context = {
        "invitation": found,
        "agency": Agency.objects.current(),
        "form": form,
        "signed_in_as": str(request.user) if request.user.is_authenticated else "",
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "accounts/invitation/page.html", context, status=status)


# A client's people, from their account


@require_safe
def contact_access(request: HttpRequest, external_id: str, record_id: str) -> TemplateResponse:
    """Whether a contact sees the client's page, and what can be done about it."""
    contact, _by = _contact(request, external_id, record_id)
    return _access_page(request, contact)


@require_POST
def contact_invitation(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """Invites a contact to the client's page, or sends another link."""
    contact, by = _contact(request, external_id, record_id)
    try:
        made = invitations.invite_contact(contact, by=by, now=timezone.now())
    except invitations.InvitationRefused as refused:
        return _access_page(request, contact, str(refused))
    messages.success(request, _("%(name)s is invited, at %(email)s.") % {"name": contact, "email": made.email})
    return _to_account(external_id)


@require_POST
def contact_access_end(request: HttpRequest, external_id: str, record_id: str) -> HttpResponse:
    """Lets a contact in no more: what was sent is taken back, and where they are signed in they are signed out."""
    contact, by = _contact(request, external_id, record_id)
    now = timezone.now()
    for open_one in Invitation.objects.unanswered().filter(contact=contact):
        invitations.revoke(open_one, by=by, now=now)
    if contact.person is not None and contact.person.is_active:
        leaving.let_go(contact.person, today(now), now, by=by)
    messages.success(request, _("%(name)s does not see the client's page any more.") % {"name": contact})
    return _to_account(external_id)


def _contact(request: HttpRequest, external_id: str, record_id: str) -> tuple[Contact, Person]:
    client = client_to_record_on(request, external_id)
    found = Contact.objects.select_related("client", "person").filter(client=client, external_id=record_id).first()
    if found is None or not access.is_of_the_agency(request.user):
        raise Http404
    return found, request.user


def _access_page(request: HttpRequest, contact: Contact, refused: str = "") -> TemplateResponse:
    open_one = Invitation.objects.open(timezone.now()).select_related("invited_by").filter(contact=contact).first()
    person = contact.person if contact.person is not None and contact.person.is_active else None
    context = {
        "contact": contact,
        "client": contact.client,
        "account_url": reverse("metrics:account", args=[contact.client.external_id]),
        "person": person,
        "invitation": open_one,
        "refused": refused,
    }
    return TemplateResponse(request, "accounts/invitation/access.html", context, status=422 if refused else 200)


def _to_account(external_id: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("metrics:account", args=[external_id]), status=303)
