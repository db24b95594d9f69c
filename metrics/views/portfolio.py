"""The portfolio: what stands out, the year's rates, and every account as a row."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Client
from metrics.findings import in_place_of_a_finding, portfolio_finding
from metrics.forms.portfolio import asked, options, parameters, query_string
from metrics.printing import MINUS, money_text, signed_text
from metrics.queries.calendar import Calendar, calendar
from metrics.queries.portfolio import (
    PATTERNS,
    SORTS,
    UNSET,
    Choice,
    Filters,
    PortfolioHead,
    account_table,
    portfolio_head,
    records,
)
from metrics.templatetags.figures import pattern_word

STARTS_DESCENDING = ("attainment", "partnership", "scope", "change")
"""Columns whose first click asks for the largest first."""


@require_safe
def portfolio(request: HttpRequest) -> TemplateResponse:
    """The whole page, its table included."""
    if not access.may_see_accounts(request.user):
        raise Http404
    clients = access.visible_clients(request.user)
    filters, quarter = asked(request.GET)
    shown = calendar(quarter)
    if shown.shown is None:
        return TemplateResponse(request, "metrics/portfolio/empty.html", _beginning(request, clients, shown))
    head = portfolio_head(clients, shown)
    finding = None
    if not shown.in_progress:
        finding = portfolio_finding(head.facts, lambda amount: money_text(amount, shown.reporting_currency))
    return TemplateResponse(
        request,
        "metrics/portfolio/page.html",
        {
            "head": head,
            "finding": finding,
            "instead_of_a_finding": in_place_of_a_finding(head.facts),
            "prices": _prices(head),
            "choices": _choices(head, filters),
            "last_day": shown.shown.end - timedelta(days=1),
            "newest_in_progress": shown.quarters[0] != shown.opens_on or shown.in_progress,
            **_table(clients, shown, filters),
        },
    )


@require_safe
def portfolio_table(request: HttpRequest) -> TemplateResponse:
    """The table alone; the page's own address goes into the bar."""
    if not access.may_see_accounts(request.user):
        raise Http404
    filters, quarter = asked(request.GET)
    context = _table(access.visible_clients(request.user), calendar(quarter), filters)
    response = TemplateResponse(request, "metrics/portfolio/_table.html", context)
    response["HX-Push-Url"] = context["page_url"]
    return response


def _table(clients: QuerySet[Client], shown: Calendar, filters: Filters) -> dict[str, Any]:
    """What the table's template needs: rows, and addresses of the same accounts in another order or page."""
    label = shown.shown.label if shown.shown and shown.shown != shown.opens_on else ""
    table = account_table(clients, shown, filters)

    def address(**changes: Any) -> dict[str, str]:
        query = query_string(filters, label, **changes)
        return {
            "page": reverse("metrics:portfolio") + query,
            "fragment": reverse("metrics:portfolio_table") + query,
        }

    def sorted_by(sort: str) -> dict[str, Any]:
        current = filters.sort == sort
        descending = not filters.descending if current else sort in STARTS_DESCENDING
        return {
            **address(sort=f"-{sort}" if descending else sort, page=""),
            "current": current and ("descending" if filters.descending else "ascending"),
        }

    return {
        "calendar": shown,
        "filters": filters,
        "quarter": label,
        "table": table,
        "sorts": {sort: sorted_by(sort) for sort in SORTS},
        "page_url": address()["page"],
        "first_page": address(page=""),
        "previous_page": address(page=table.previous_page) if table.previous_page else None,
        "next_page": address(page=table.next_page) if table.next_page else None,
        "unfiltered": {
            "page": reverse("metrics:portfolio") + query_string(Filters(), label),
            "fragment": reverse("metrics:portfolio_table") + query_string(Filters(), label),
        },
        "kept_by_filters": parameters(filters, label, page="", q="", manager="", industry="", tier="", pattern=""),
        "kept_by_quarters": parameters(filters, page=""),
    }


def _prices(head: PortfolioHead) -> str:
    """What prices did to revenue, in points with a sign; blank where that rounds to nothing or is not known."""
    text = "" if head.year is None or head.year.prices is None else signed_text(head.year.prices, 1)
    return text if text.startswith(("+", MINUS)) else ""


def _beginning(request: HttpRequest, clients: QuerySet[Client], shown: Calendar) -> dict[str, Any]:
    """What is missing before there is a quarter to show, as three steps."""
    found = records(clients)
    steps = (
        (_("Clients"), _("manage.py load, or one by one"), found.clients),
        (_("Their scope"), _("engagements and scope changes"), found.scope),
        (_("The first figures"), _("each night, or manage.py recompute"), False),
    )
    return {
        "calendar": shown,
        "records": found,
        "steps": steps,
        "steps_done": sum(done for *_words, done in steps),
        "may_keep_records": access.may_keep_records(request.user),
    }


def _choices(head: PortfolioHead, filters: Filters) -> dict[str, Any]:
    standing = head.standing
    tiers = [Choice(tier, tier, 0) for tier in Client.Tier.values] + [Choice(UNSET, "", 0)]
    patterns = [Choice(code, pattern_word(code), 0) for code in PATTERNS]
    return {
        "manager": options(standing.managers, filters.manager, _("No manager"), _("Someone else")),
        "industry": options(standing.industries, filters.industry, _("No industry"), filters.industry),
        "tier": options(tiers, filters.tier, _("No tier"), filters.tier),
        "pattern": options(patterns, filters.pattern, "", filters.pattern),
    }
