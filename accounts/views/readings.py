"""A month's readings of an account's KPIs, as a grid."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms.readings import ReadingsForm, filled, month_asked, with_kpi
from accounts.queries.clock import today
from accounts.queries.month_readings import month_readings
from accounts.views.recording import Makes, Place, client_to_record_on, fragment, page

SPELLING = "how_numbers_are_written"

Answers = Callable[[HttpRequest, Place, Makes], HttpResponse]


def readings(request: HttpRequest, external_id: str) -> HttpResponse:
    """The page of a month's readings; the last that has ended, unless another is asked for."""
    return _answered(request, external_id, page)


def readings_form(request: HttpRequest, external_id: str) -> HttpResponse:
    """The grid alone."""
    return _answered(request, external_id, fragment)


def _answered(request: HttpRequest, external_id: str, answers: Answers) -> HttpResponse:
    place, makes = _grid(request, external_id)
    if request.POST.get("spelling", request.session.get(SPELLING, "")) != request.session.get(SPELLING, ""):
        # Who has said once how numbers are written is not asked in each grid.
        request.session[SPELLING] = request.POST["spelling"][:10]
    if request.method == "POST" and "add" in request.POST:
        kpi = makes(request.POST).add_kpi()
        if kpi is not None:
            data = with_kpi({name: str(text) for name, text in request.POST.items()}, kpi)
            told = _("%(kpi)s is a line of the grid now.") % {"kpi": kpi.name}
            return answers(request, place, lambda _data: makes(data, told, f"value-{kpi.pk}"))
    return answers(request, place, makes)


Grids = Callable[..., ReadingsForm]


def _grid(request: HttpRequest, external_id: str) -> tuple[Place, Grids]:
    client = client_to_record_on(request, external_id)
    day = today(timezone.now())
    month = month_asked(request.GET.get("month", ""), day)
    always: dict[str, Any] = {"client": client, "by": request.user, "today": day, "month": month}
    query = "?" + urlencode({"month": f"{month:%Y-%m}"})
    place = Place(
        client,
        reverse("accounts:readings", args=[external_id]) + query,
        reverse("accounts:readings_form", args=[external_id]) + query,
    )

    def make(data: QueryDict | dict[str, str] | None, told: str = "", goes_on_at: str = "") -> ReadingsForm:
        kpis = month_readings(client.pk, month)
        given = None if data is None else {name: str(text) for name, text in data.items()}
        if given is not None and ("fill" in given or given.get("pasted", "").strip()):
            given, told = filled(given, kpis)
        form = ReadingsForm(
            given,
            kpis=kpis,
            spelling=request.session.get(SPELLING, ""),
            **always,
        )
        form.told, form.goes_on_at = told, goes_on_at
        return form

    return place, make
