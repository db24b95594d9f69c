"""One account: its numbers beside its scope, how the partnership stands, and the records behind both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.attributes import ATTRIBUTE_WORDS, Attribute
from accounts.periods import months_after
from accounts.queries.readings import KpiRow, Reading
from metrics.account_sentences import candour_sentence, profile_description
from metrics.charts import numbers_vs_scope, partnership_score
from metrics.figures.partnership import score_band
from metrics.findings import (
    WIDE_GAP,
    AccountFacts,
    account_finding,
    moved_into,
    numbers_heading,
    profile_heading,
    score_heading,
)
from metrics.printing import money_text
from metrics.queries.account import AccountPage, AttributeRow, QuarterRow, account_page
from metrics.queries.frame import framed
from metrics.queries.freshness import Freshness, freshness
from metrics.views.account_records import ENTRIES_AT_FIRST, asked_for, cards, timeline_of


@require_safe
def account(request: HttpRequest, external_id: str) -> TemplateResponse:
    """The page of one account; what is not visible does not exist."""
    return TemplateResponse(request, "metrics/account/page.html", _account(request, external_id))


@require_safe
def account_content(request: HttpRequest, external_id: str) -> TemplateResponse:
    """Everything below the head, anew; what the head says of the figures comes along."""
    return TemplateResponse(request, "metrics/account/_content.html", _account(request, external_id) | {"again": True})


@require_safe
def account_freshness(request: HttpRequest, external_id: str) -> HttpResponse:
    """Nothing while a change of the records is being computed; then that it was, which calls for the content anew."""
    client = access.visible_clients(request.user).filter(external_id=external_id).only("external_id").first()
    if client is None:
        raise Http404
    fresh = freshness(timezone.now(), client.pk)
    if fresh.being_computed:
        return HttpResponse(status=204)
    said = _("These figures could not be computed.") if fresh.failed else _("Figures are up to date.")
    context = {"page": client, "freshness": fresh, "said": said}
    response = TemplateResponse(request, "metrics/account/_computing.html", context)
    response["HX-Trigger"] = "figures-changed"
    return response


def _account(request: HttpRequest, external_id: str) -> dict[str, Any]:
    """What the page shows, with figures or before there are any."""
    page = account_page(request.user, access.visible_clients(request.user), external_id, request.GET.get("quarter", ""))
    if page is None:
        raise Http404
    around = framed(timezone.now(), request.user, page.client.pk)
    fresh = around.freshness
    asked = asked_for(request, [label for label, _in_progress in page.choices])
    context = {
        "page": page,
        "may_record": access.may_record(request.user, page.client, [row.person_id for row in page.records.team]),
        "freshness": fresh,
        "framed": around,
        "content_url": reverse("metrics:account_content", args=[page.external_id]) + asked.query(show="", entries=""),
        "entries": page.ledger[:ENTRIES_AT_FIRST],
        "earlier_entries": page.ledger[ENTRIES_AT_FIRST:],
        **cards(page.records, page.ledger, _today(fresh, around.today)),
        **timeline_of(page.external_id, page.currency, page.records, page.ledger, asked),
    }
    if page.chosen is None or page.facts is None:
        return context | _next_step(page)
    return context | _figures(page, page.chosen, page.facts, fresh)


def _today(fresh: Freshness, today: date) -> date:
    """The day as of which records are told: that of the figures, or today where no night has come to move it on."""
    on_time = fresh.chosen or not fresh.stale
    return fresh.as_of if on_time and fresh.as_of else today


def _next_step(page: AccountPage) -> dict[str, Any]:
    """The record that is missing first before the page says anything.

    A pulse is nobody's to add: people answer it.
    """
    steps = (("engagement", page.set_up.has_scope), ("kpi", page.set_up.has_targets))
    return {"next_step": next((noun for noun, is_there in steps if not is_there), "")}


def _figures(page: AccountPage, shown: QuarterRow, facts: AccountFacts, fresh: Freshness) -> dict[str, Any]:
    """What a page with figures shows of them."""

    def money(amount: Decimal) -> str:
        return money_text(amount, page.currency)

    months = [months_after(shown.starts_on, number) for number in range(3)]
    last_day = shown.ends_on - timedelta(days=1)
    return {
        "shown": shown,
        "last_day": min(last_day, fresh.as_of) if shown.in_progress and fresh.as_of else last_day,
        "finding": account_finding(facts, money),
        "moved_into": moved_into(facts),
        "facts": facts,
        "attainment_course": [row.attainment for row in page.quarters],
        "scope_course": [row.scope_end for row in page.quarters],
        "band": "" if shown.partnership_score is None else score_band(shown.partnership_score),
        "numbers": {
            "heading": numbers_heading(facts),
            "figure": numbers_vs_scope.numbers_vs_scope(page.quarters, money),
            "narrow": numbers_vs_scope.numbers_vs_scope(page.quarters, money, narrow=True),
            "label": numbers_vs_scope.description(page.quarters, money),
            "readings": sum(row.kpi_readings for row in page.quarters),
        },
        "score": {
            "heading": score_heading(facts),
            "figure": partnership_score.partnership_score(page.quarters),
            "narrow": partnership_score.partnership_score(page.quarters, narrow=True),
            "label": partnership_score.description(page.quarters),
            "scored": sum(row.partnership_score is not None for row in page.quarters),
        },
        "profile": {
            "heading": profile_heading(facts),
            "lines": _profile(page.attributes),
            "label": profile_description(facts),
            "evidence": sum(row.evidence is not None for row in page.attributes),
            "wide_gap": WIDE_GAP,
        },
        "candour": {"sentence": candour_sentence(page.candour), "place": _place(page.candour.share)},
        "signs": _signs(shown),
        "months": months,
        "kpis": [KpiLine(kpi, tuple(_reading(kpi, month) for month in months)) for kpi in page.kpis],
    }


# The ten attributes


@dataclass(frozen=True)
class ProfileLine:
    """One attribute: its words, its figures, and where its marks stand on a line from 0 to 100 %."""

    words: Attribute
    row: AttributeRow

    @property
    def is_wide(self) -> bool:
        """Whether the two views are so far apart that it is worth a word."""
        return self.row.gap is not None and abs(self.row.gap) >= WIDE_GAP

    @property
    def client(self) -> str:
        """Where the client's mark stands; blank without one."""
        return _place(self.row.client_pulse)

    @property
    def agency(self) -> str:
        """Where our mark stands; blank without one."""
        return _place(self.row.agency_pulse)

    @property
    def evidence(self) -> str:
        """Where the evidence's mark stands; blank without one."""
        return _place(self.row.evidence)


def _place(score: Decimal | None) -> str:
    """A score as a place on a line, in the language of SVG and not of the reader."""
    return "" if score is None else f"{score:.1f}%"


def _profile(attributes: Sequence[AttributeRow]) -> list[ProfileLine]:
    """The widest gap first; those that have none come last, in their order."""
    gaps = sorted(attributes, key=lambda row: (row.gap is None, -(row.gap or 0)))
    return [ProfileLine(ATTRIBUTE_WORDS[row.attribute], row) for row in gaps]


# Signs of choice


@dataclass(frozen=True)
class Sign:
    """One way in which the client may have chosen us again, and whether it did."""

    name: str
    seen: bool


def _signs(shown: QuarterRow) -> list[Sign]:
    """The three signs of the year window; none where the client had no scope when it began."""
    if shown.year_starts_on is None or not shown.scope_year_start:
        return []
    return [
        Sign(_("Gave us more"), shown.movement_year == "expanding"),
        Sign(_("Took us into something new"), shown.into_new_year),
        Sign(_("Stayed: renewed a term"), shown.stayed_year),
    ]


# KPIs


@dataclass(frozen=True)
class KpiLine:
    """One KPI with a reading, or none, for each month of the quarter."""

    kpi: KpiRow
    readings: tuple[Reading | None, ...]


def _reading(kpi: KpiRow, month: date) -> Reading | None:
    return next((reading for reading in kpi.readings if reading.month == month), None)
