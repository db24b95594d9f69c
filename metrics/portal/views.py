"""The pages of a client's people. They stand behind the wall: accounts.portal_wall makes each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access, visits
from accounts.models import Contact, PortalVisit
from accounts.queries.clock import clock
from accounts.queries.readings import Reading
from metrics.portal.charts import description, results_and_scope
from metrics.portal.frame import PortalFrame
from metrics.portal.queries import (
    AgreedShown,
    HomePage,
    KpiShown,
    QuarterShown,
    Section,
    home_page,
    own_visits,
)
from metrics.portal.sentences import (
    advice_heading,
    finding,
    goals_heading,
    results_heading,
    scope_heading,
    view_heading,
)
from metrics.printing import Money, money_text

AGREED_AT_FIRST = 6
"""How much of what was agreed stands there before the rest is asked for."""


@require_safe
def home(request: HttpRequest) -> TemplateResponse:
    """The page of whoever of a client is signed in; for all others there is none."""
    contact = _contact(request)
    respondent = request.user.email if access.is_contact(request.user) else ""
    response = shown_to(request, contact.client_id, contact.name, respondent)
    _keep(request, contact, PortalVisit.What.HOME)
    return response


@require_safe
def own_visits_page(request: HttpRequest) -> TemplateResponse:
    """What is kept of one's own visits: the reader's, and nobody else's."""
    contact = _contact(request)
    context = {"visits": own_visits(contact.client_id), "zone": clock(timezone.now()).tzinfo}
    response = TemplateResponse(request, "portal/visits/page.html", context)
    _keep(request, contact, PortalVisit.What.VISITS)
    return response


def shown_to(request: HttpRequest, client_id: int, reader: str, respondent: str = "") -> TemplateResponse:
    """The page as this client's people are shown it. Keeps nothing: whoever looks on for them has not been there.

    `respondent` is the e-mail by which the reader answers the pulse. When they did is theirs to know, and whoever
    looks on is shown the page as of somebody who has not: otherwise it would tell of a confidential answer.
    """
    page = home_page(client_id, request.GET.get("quarter", ""), timezone.now(), respondent)
    if page is None:
        raise Http404
    frame = PortalFrame(agency=page.agency, has_logo=page.has_logo, client=page.name, reader=reader)
    return TemplateResponse(request, "portal/home/page.html", {"page": page, "portal": frame, **_sections(page)})


def _contact(request: HttpRequest) -> Contact:
    contact = access.own_contact(request.user)
    if contact is None:
        raise Http404
    return contact


def _keep(request: HttpRequest, contact: Contact, what: PortalVisit.What) -> None:
    if request.method == "GET" and contact.person_id is not None:
        visits.keep(contact.client_id, contact.person_id, what)


@dataclass(frozen=True)
class KpiLine:
    """One KPI and its readings in the three months of the quarter shown; None: no reading."""

    kpi: KpiShown
    readings: tuple[Reading | None, ...]


def _sections(page: HomePage) -> dict[str, Any]:
    """What each open section shows; a section that is closed is not in it."""

    def money(amount: Any) -> str:
        return money_text(amount, page.currency)

    shown = page.shown
    found: dict[str, Any] = {"finding": finding(page, money)}
    if Section.GOALS in page.open:
        found["goals"] = {"heading": goals_heading(page.goals), "rows": page.goals}
    if Section.RESULTS in page.open and shown is not None:
        lines = [KpiLine(kpi, kpi.within(shown)) for kpi in page.kpis]
        found["results"] = {
            "heading": results_heading(shown),
            "months": shown.months,
            "lines": [line for line in lines if any(line.readings)],
        }
    if Section.SCOPE in page.open and shown is not None:
        found["scope"] = _scope(page.quarters, page, money)
    if Section.AGREED in page.open:
        found["agreed"] = _agreed(page.agreed)
    if Section.WORKING in page.open:
        places = page.view
        found["view"] = {"heading": view_heading(page), "rows": [row for row in places if row[1] is not None]}
    if Section.ADVICE in page.open:
        found["advice"] = {"heading": advice_heading(page.advice), "rows": page.advice}
    if Section.PROPOSALS in page.open:
        found["proposals"] = {"rows": page.proposals}
    if Section.PEOPLE in page.open:
        found["people"] = {"ours": page.colleagues, "theirs": page.contacts}
    return found


def _scope(quarters: Sequence[QuarterShown], page: HomePage, money: Money) -> dict[str, Any]:
    return {
        "heading": scope_heading(quarters, money),
        "figure": results_and_scope(quarters, money),
        "narrow": results_and_scope(quarters, money, narrow=True),
        "label": description(quarters, money),
        "has_results": any(row.with_target for row in quarters),
        "bought": page.bought,
    }


def _agreed(rows: Sequence[AgreedShown]) -> dict[str, Any]:
    return {"first": rows[:AGREED_AT_FIRST], "earlier": rows[AGREED_AT_FIRST:]}
