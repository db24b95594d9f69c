"""Asking for the pulse, on a page of its own or within the account's."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import access
from accounts.forms.pulse_request import PulseRequestForm
from accounts.queries.clock import quarter_in_progress
from accounts.views.recording import Makes, Place, client_to_record_on, fragment, page


def pulse_request(request: HttpRequest, external_id: str) -> HttpResponse:
    """The page on which people are asked."""
    return page(request, *_asking(request, external_id))


def pulse_request_form(request: HttpRequest, external_id: str) -> HttpResponse:
    """The form alone."""
    return fragment(request, *_asking(request, external_id))


def _asking(request: HttpRequest, external_id: str) -> tuple[Place, Makes]:
    client = client_to_record_on(request, external_id)
    assert access.is_of_the_agency(request.user)
    by = request.user
    quarter, today = quarter_in_progress(timezone.now())
    names = [external_id]
    place = Place(
        client, reverse("accounts:pulse_request", args=names), reverse("accounts:pulse_request_form", args=names)
    )
    return place, lambda data: PulseRequestForm(data, client=client, by=by, quarter=quarter, today=today)
