"""The pulse as it is answered: by a client's people in the portal, by the agency's on pages of their own.

What is filled in is kept as one goes, where there is JavaScript; without it, all of it comes when it is sent.
"""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, answering, conversation, visits
from accounts.forms.pulse import PulseForm
from accounts.models import PortalVisit, Pulse
from accounts.periods import Quarter
from accounts.queries.clock import quarter_in_progress
from accounts.queries.own_pulse import Whose, asked, own_answers


@dataclass(frozen=True)
class Place:
    """Where a pulse is answered: whose it is, in which quarter, the addresses of its page and of what is kept."""

    whose: Whose
    quarter: Quarter
    today: date
    page: str
    keeping: str
    speaker: conversation.Speaker | None = None

    @property
    def of_client(self) -> bool:
        """Whether it is a client's person who answers."""
        return self.whose.side == Pulse.Side.CLIENT


# The client's


@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: HttpRequest) -> HttpResponse:
    """The pulse of whoever of a client is signed in."""
    place = _portal(request)
    if request.method == "GET":
        visits.keep(place.whose.client.pk, place.whose.person.pk, PortalVisit.What.PULSE)
    return _answered(request, place, "portal/pulse/page.html")


@require_POST
def pulse_kept(request: HttpRequest) -> HttpResponse:
    """What a client's person has filled in so far, kept; how far they are comes back."""
    return _kept(request, _portal(request))


def _portal(request: HttpRequest) -> Place:
    contact = access.own_contact(request.user)
    if contact is None or not access.is_contact(request.user):
        raise Http404
    quarter, today = quarter_in_progress(timezone.now())
    whose = Whose(contact.client, Pulse.Side.CLIENT, request.user, quarter.start)
    speaker = conversation.Speaker(contact.client, request.user, contact.name)
    return Place(whose, quarter, today, reverse("portal:pulse"), reverse("portal:pulse_kept"), speaker)


# The agency's


@require_http_methods(["GET", "HEAD", "POST"])
def your_pulse(request: HttpRequest, external_id: str) -> HttpResponse:
    """The pulse of one client, as somebody who answers for the agency sees it."""
    return _answered(request, _agency(request, external_id), "accounts/pulse/page.html")


@require_POST
def your_pulse_kept(request: HttpRequest, external_id: str) -> HttpResponse:
    """What somebody of the agency has filled in so far, kept; how far they are comes back."""
    return _kept(request, _agency(request, external_id))


def _agency(request: HttpRequest, external_id: str) -> Place:
    quarter, today = quarter_in_progress(timezone.now())
    client = access.answers_for(request.user, quarter.start).filter(external_id=external_id).first()
    if client is None or not access.is_of_the_agency(request.user):
        raise Http404
    whose = Whose(client, Pulse.Side.AGENCY, request.user, quarter.start)
    names = [external_id]
    page, keeping = reverse("accounts:your_pulse", args=names), reverse("accounts:your_pulse_kept", args=names)
    return Place(whose, quarter, today, page, keeping)


# Both


def _answered(request: HttpRequest, place: Place, template: str) -> HttpResponse:
    """The page: to be filled in, or what was answered. Once it is sent, the page again."""
    sheet = place.whose.sheet()
    own = own_answers(place.whose, place.quarter.end)
    sent = request.method == "POST" and own is None
    form = PulseForm(request.POST if sent else None, side=place.whose.side, sheet=sheet, is_sent=sent)
    status = 200
    if request.method == "POST":
        if not sent or (form.is_valid() and _sent(form, place)):
            response = HttpResponseRedirect(place.page)
            response.status_code = 303
            return response
        status = 422
    context = {"place": place, "form": form, "own": own, "asked": asked(place.whose)}
    return TemplateResponse(request, template, context, status=status)


def _sent(form: PulseForm, place: Place) -> bool:
    """Sends it. False, with what is missing said, where nothing was answered."""
    try:
        pulse = answering.send(place.whose, form.answers, place.quarter, place.today)
    except answering.NothingAnswered:
        form.say_nothing_is_answered()
        return False
    except answering.AlreadySent:
        return True
    if place.speaker:
        conversation.tell_of_pulse(place.speaker, pulse)
    return True


def _kept(request: HttpRequest, place: Place) -> HttpResponse:
    form = PulseForm(request.POST, side=place.whose.side, sheet=place.whose.sheet())
    kept = form.is_valid()
    if kept:
        try:
            answering.keep(place.whose, form.answers)
        except answering.AlreadySent:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = place.page
            return response
    context = {"place": place, "form": form, "is_kept": kept}
    return TemplateResponse(request, "accounts/pulse/_kept.html", context, status=200 if kept else 422)
