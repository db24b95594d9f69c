"""Your account: how one is called, what one signs in with, and where one is signed in."""

from typing import Any

from allauth.account.internal.flows.password_change import finalize_password_change, finalize_password_set
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, leaving, second_factor
from accounts.forms.people import NameForm, PasswordForm
from accounts.models import Person
from accounts.queries import people as query
from accounts.queries.clock import clock


def _signed_in(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


@require_safe
@never_cache
def you(request: HttpRequest) -> TemplateResponse:
    """The page."""
    return _page(request, _signed_in(request))


def _page(request: HttpRequest, person: Person, form: NameForm | None = None) -> TemplateResponse:
    context: dict[str, Any] = {
        "layout": "portal/base.html" if access.is_contact(person) else "base.html",
        "person": person,
        "is_contact": access.is_contact(person),
        "has_password": person.has_usable_password(),
        "form": form or NameForm(initial={"name": person.name}),
        "factors": query.factors(person.pk),
        "sessions": query.sessions(person.pk, request.session.session_key),
        "due_at": second_factor.due_at(person),
        "is_overdue": second_factor.is_overdue(person, timezone.now()),
        "zone": clock(timezone.now()).tzinfo,
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "accounts/you/page.html", context, status=status)


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Another name."""
    person = _signed_in(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    Person.objects.filter(pk=person.pk).update(name=form.cleaned_data["name"])
    messages.success(request, _("Your name is saved."))
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def password(request: HttpRequest) -> HttpResponse:
    """Another password, or the first one, for whoever has just shown who they are."""
    person = _signed_in(request)
    raise_if_reauthentication_required(request, app="accounts")
    had_one = person.has_usable_password()
    form = PasswordForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        person.set_password(form.cleaned_data["password"])
        person.save(update_fields=["password"])
        done = finalize_password_change if had_one else finalize_password_set
        done(request, person)
        leaving.end_sessions(person, _others(request))
        messages.success(request, _("Your password is saved. Elsewhere you are signed out."))
        return _back()
    context = {"form": form, "had_one": had_one}
    return TemplateResponse(request, "accounts/you/password.html", context, status=422 if form.errors else 200)


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Ends one of one's own sessions."""
    person = _signed_in(request)
    if not leaving.end_sessions(person, UserSession.objects.filter(pk=pk)):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return _back()


@require_POST
def other_sessions_end(request: HttpRequest) -> HttpResponseRedirect:
    """Ends all of one's sessions but this one."""
    person = _signed_in(request)
    leaving.end_sessions(person, _others(request))
    messages.success(request, _("You are signed out everywhere else."))
    return _back()


def _others(request: HttpRequest) -> QuerySet[UserSession]:
    others: QuerySet[UserSession] = UserSession.objects.exclude(session_key=request.session.session_key)
    return others


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("accounts:you"), status=303)
