"""The people: who comes in and as what, invitations, roles and leaving. Administrators' alone."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, invitations, leaving
from accounts.forms.people import InviteForm, LeavingForm, RoleForm
from accounts.models import Invitation, Person
from accounts.queries import people as query
from accounts.queries.clock import today


def keeper(request: HttpRequest) -> Person:
    """Whoever keeps the people, having shown lately who they are; for anyone else there is no such page."""
    if not access.may_keep_people(request.user):
        raise Http404
    raise_if_reauthentication_required(request, app="accounts")
    return request.user


@require_safe
def people(request: HttpRequest) -> TemplateResponse:
    """Everyone, and who was invited."""
    keeper(request)
    found = query.people(timezone.now())
    owing = sum(row.owes_second_factor for row in found.colleagues)
    return TemplateResponse(
        request, "accounts/people/page.html", {"people": found, "owing": owing, "story": _story(found, owing)}
    )


def _story(found: query.People, owing: int) -> str:
    there = len(found.colleagues)
    comes = ngettext("%(count)s person of the agency signs in.", "%(count)s people of the agency sign in.", there) % {
        "count": capfirst(str(apnumber(there)))
    }
    if not owing:
        return comes
    asked = ngettext(
        "%(count)s of them has no second factor yet, and is asked for one.",
        "%(count)s of them have no second factor yet, and are asked for one.",
        owing,
    ) % {"count": capfirst(str(apnumber(owing)))}
    return f"{comes} {asked}"


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """The form that invites somebody of the agency."""
    by = keeper(request)
    form = InviteForm(request.POST if request.method == "POST" else None, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(**form.cleaned_data, by=by, now=timezone.now())
        except invitations.InvitationRefused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("%(email)s is invited.") % {"email": invitation.email})
            return _to("accounts:people")
    return TemplateResponse(request, "accounts/people/invite.html", {"form": form}, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Whom a link of the list asks to invite."""
    given = {name: request.GET.get(name, "")[:254] for name in ("email", "name", "role")}
    return {name: value for name, value in given.items() if value}


@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Takes an invitation back."""
    by = keeper(request)
    invitation = _invitation(pk)
    if invitations.revoke(invitation, by=by, now=timezone.now()):
        messages.success(request, _("The invitation of %(email)s is taken back.") % {"email": invitation.email})
    return _to("accounts:people")


@require_POST
def another_link(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Sends another link in place of the one that was sent."""
    by = keeper(request)
    first = _invitation(pk)
    try:
        if first.contact is not None:
            invitations.invite_contact(first.contact, by=by, now=timezone.now())
        else:
            invitations.invite(first.email, first.role, name=first.name, by=by, now=timezone.now())
    except invitations.InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(email)s has another link.") % {"email": first.email})
    return _to("accounts:people")


def _invitation(pk: int) -> Invitation:
    found = Invitation.objects.unanswered().select_related("contact__client", "contact__person").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# One person


@require_safe
def person(request: HttpRequest, pk: int) -> TemplateResponse:
    """One person: what they may do, where they are signed in, and what they work on."""
    by = keeper(request)
    return _page(request, _person(pk), by)


@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives them another role."""
    by = keeper(request)
    who = _person(pk)
    if who.role == Person.Role.CONTACT:
        raise Http404
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            leaving.give_role(who, form.cleaned_data["role"], by=by)
        except leaving.LeavingRefused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, _("The role of %(name)s is saved.") % {"name": who})
            return _to("accounts:person", who.pk)
    return _page(request, who, by, role_form=form)


@require_POST
def departure(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends what they may do here."""
    by = keeper(request)
    who = _person(pk)
    now = timezone.now()
    form = _leaving_form(who, request.POST)
    if form.is_valid():
        try:
            leaving.let_go(who, form.cleaned_data["left_on"], now, by=by, successor=form.cleaned_data.get("successor"))
        except leaving.LeavingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s signs in no more. What they recorded stays.") % {"name": who})
            return _to("accounts:person", who.pk)
    return _page(request, who, by, leaving_form=form)


@require_POST
def comeback(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Lets them sign in again."""
    by = keeper(request)
    who = _person(pk)
    leaving.take_back(who, by=by)
    messages.success(request, _("%(name)s may sign in again.") % {"name": who})
    return _to("accounts:person", who.pk)


@require_POST
def factor_removal(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Takes their second factors away, for somebody who has lost what they kept them on."""
    keeper(request)
    who = _person(pk)
    leaving.without_second_factor(who)
    messages.success(request, _("%(name)s signs in without a second factor until they add another.") % {"name": who})
    return _to("accounts:person", who.pk)


@require_POST
def sessions_end(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Signs them out everywhere."""
    keeper(request)
    who = _person(pk)
    leaving.end_sessions(who, UserSession.objects.all())
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": who})
    return _to("accounts:person", who.pk)


def _person(pk: int) -> Person:
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _leaving_form(who: Person, data: Any = None) -> LeavingForm:
    return LeavingForm(data, person=who, leads=bool(query.led_by(who.pk)), today=today(timezone.now()))


def _page(
    request: HttpRequest,
    who: Person,
    by: Person,
    *,
    role_form: RoleForm | None = None,
    leaving_form: LeavingForm | None = None,
) -> TemplateResponse:
    row = query.person_row(who.pk)
    wrong = any(form is not None and form.errors for form in (role_form, leaving_form))
    context = {
        "person": row,
        "is_oneself": who == by,
        "spells": query.spells(who.pk),
        "led": query.led_by(who.pk),
        "sessions": query.sessions(who.pk, request.session.session_key),
        "role_form": role_form or RoleForm(initial={"role": who.role}),
        "leaving_form": leaving_form or _leaving_form(who),
    }
    return TemplateResponse(request, "accounts/people/person.html", context, status=422 if wrong else 200)


def _to(name: str, *args: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=args), status=303)
