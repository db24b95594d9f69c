"""The portfolio: what stands out, the year's rates, and every account as a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.audited_requests import note_download
from accounts.downloads import csv_download, xlsx_download
from accounts.models import Client
from metrics.charts import expansion_rate, partnership_bands, portfolio_map, scope_waterfall
from metrics.findings import TOLD, in_place_of_a_finding, portfolio_finding
from metrics.findings_portfolio import (
    BandFacts,
    FlowFacts,
    MoveFacts,
    RateFacts,
    bands_heading,
    flow_heading,
    rate_heading,
    why_it_moved,
    worth_of_one,
)
from metrics.forms.portfolio import asked, options, parameters, query_string
from metrics.printing import money_text, prices_text
from metrics.queries.calendar import Calendar, calendar
from metrics.queries.portfolio import (
    FILE_COLUMNS,
    PATTERNS,
    SORTS,
    UNSET,
    Choice,
    Filters,
    PortfolioHead,
    Records,
    account_file,
    account_table,
    portfolio_head,
    records,
)
from metrics.queries.portfolio_charts import BandCounts, PatternMove, PortfolioCharts, ScopeFlow, portfolio_charts
from metrics.templatetags.figures import pattern_word

STARTS_DESCENDING = ("attainment", "partnership", "scope", "change")
"""Columns whose first click asks for the largest first."""
YEAR = 4
"""Quarters in the year window."""


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
            "may_review": access.may_review(request.user),
            "finding": finding,
            "instead_of_a_finding": in_place_of_a_finding(head.facts),
            "prices": prices_text(head.year.prices if head.year else None),
            "choices": _choices(head, filters),
            "last_day": shown.shown.end - timedelta(days=1),
            "newest_in_progress": shown.quarters[0] != shown.opens_on or shown.in_progress,
            **_figures(head, portfolio_charts(request.user, clients, shown), shown),
            **_table(request, clients, shown, filters),
        },
    )


@require_safe
def portfolio_table(request: HttpRequest) -> TemplateResponse:
    """The table alone; the page's own address goes into the bar."""
    if not access.may_see_accounts(request.user):
        raise Http404
    filters, quarter = asked(request.GET)
    context = _table(request, access.visible_clients(request.user), calendar(quarter), filters)
    response = TemplateResponse(request, "metrics/portfolio/_table.html", context)
    response["HX-Push-Url"] = context["page_url"]
    return response


@require_safe
def portfolio_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All accounts that the table's filters leave, in its order, as a CSV file."""
    name, rows = _file(request)
    note_download(request, _("Accounts, %(form)s") % {"form": "CSV"}, request.GET.urlencode())
    return csv_download(f"{name}.csv", tuple(FILE_COLUMNS), rows)


@require_safe
def portfolio_xlsx(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    name, rows = _file(request)
    note_download(request, _("Accounts, %(form)s") % {"form": "XLSX"}, request.GET.urlencode())
    return xlsx_download(f"{name}.xlsx", _("Accounts"), tuple(FILE_COLUMNS), rows)


def _file(request: HttpRequest) -> tuple[str, Iterator[tuple[Any, ...]]]:
    """What a file of the accounts asked for is called, and its rows."""
    if not access.may_see_accounts(request.user):
        raise Http404
    filters, quarter = asked(request.GET)
    shown = calendar(quarter)
    if shown.shown is None:
        raise Http404
    return f"accounts-{shown.shown.label}", account_file(
        request.user, access.visible_clients(request.user), shown, filters
    )


def _table(request: HttpRequest, clients: QuerySet[Client], shown: Calendar, filters: Filters) -> dict[str, Any]:
    """What the table's template needs: rows, and addresses of the same accounts in another order or page."""
    label = shown.shown.label if shown.shown and shown.shown != shown.opens_on else ""
    table = account_table(request.user, clients, shown, filters)

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
        "files": {
            kind: reverse(f"metrics:portfolio_{kind}") + query_string(filters, label, page="")
            for kind in ("csv", "xlsx")
        },
        "kept_by_filters": parameters(filters, label, page="", q="", manager="", industry="", tier="", pattern=""),
        "kept_by_quarters": parameters(filters, page=""),
    }


# The charts


def _figures(head: PortfolioHead, charts: PortfolioCharts, shown: Calendar) -> dict[str, Any]:
    """What the page draws, each with its heading and what is said below it."""
    return {
        "map": _map(head, charts, shown),
        "moves": {
            "since": shown.last(2)[0].label,
            "count": charts.moved,
            "unnamed": charts.moved - len(charts.moves),
            "lines": [(move, why_it_moved(_move_facts(move, shown))) for move in charts.moves],
        },
        "trend": _trend(head, shown),
        "flow": _flow(charts.flow, shown),
        "bands": _bands(charts.bands, shown),
    }


def _map(head: PortfolioHead, charts: PortfolioCharts, shown: Calendar) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return money_text(amount, shown.reporting_currency)

    facts = head.facts
    counts = {code: facts.pattern(code).accounts for code in TOLD}
    drawn = portfolio_map.lay_out(charts.mapped, shown.good_attainment, tails=not shown.in_progress)
    told = portfolio_map.in_words(drawn, money)
    return {
        "figure": portfolio_map.portfolio_map(drawn, counts, pattern_word, told),
        "narrow": portfolio_map.portfolio_map(drawn, counts, pattern_word, told, narrow=True),
        "label": portfolio_map.description(drawn, counts, pattern_word),
        "accounts": charts.mapped,
        "all": charts.mappable,
        "too_early": facts.pattern("too_early").accounts,
        "gone": sum(facts.pattern(code).gone for code in TOLD),
        "unpriced": sum(account.annual_scope is None for account in charts.mapped),
        "spread": drawn.spread,
        "beyond": drawn.beyond,
        "most_growth": portfolio_map.MOST_GROWTH,
    }


def _move_facts(move: PatternMove, shown: Calendar) -> MoveFacts:
    before, _now = shown.last(2)
    return MoveFacts(
        before=move.before.pattern,
        now=move.now.pattern,
        attainment_before=move.before.attainment,
        attainment=move.now.attainment,
        growth_before=move.before.growth,
        growth=move.now.growth,
        good_before=Decimal(shown.settings.at("good_attainment", before.end)),
        good=shown.good_attainment,
    )


def _trend(head: PortfolioHead, shown: Calendar) -> dict[str, Any]:
    now, year_ago, benchmark = head.trend[-1], head.trend[-1 - YEAR], head.benchmark
    facts = RateFacts(
        in_progress=shown.in_progress,
        existing=now.existing,
        expanding=now.expanding,
        low=now.low,
        high=now.high,
        year_ago=year_ago.rate,
        existing_year_ago=year_ago.existing,
        benchmark=benchmark.value if benchmark else None,
        benchmark_name=benchmark.name if benchmark else "",
    )
    return {
        "heading": rate_heading(facts),
        "figure": expansion_rate.expansion_rate(head.trend, benchmark),
        "narrow": expansion_rate.expansion_rate(head.trend, benchmark, narrow=True),
        "label": expansion_rate.description(head.trend, benchmark),
        "points": head.trend,
        "worth": worth_of_one(now.existing),
        "benchmark": benchmark,
    }


def _flow(flow: ScopeFlow, shown: Calendar) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return money_text(amount, shown.reporting_currency)

    facts = FlowFacts(
        in_progress=shown.in_progress,
        opening=flow.opening,
        added=flow.added,
        added_by=flow.added_by,
        added_new=flow.added_new,
        taken=flow.taken,
        taken_by=flow.taken_by,
    )
    waterfall = scope_waterfall.steps(flow)
    return {
        "heading": flow_heading(facts, money),
        "figure": scope_waterfall.scope_waterfall(waterfall, shown.reporting_currency),
        "narrow": scope_waterfall.scope_waterfall(waterfall, shown.reporting_currency, narrow=True),
        "label": scope_waterfall.description(waterfall, shown.reporting_currency),
        "waterfall": waterfall,
        "unit": scope_waterfall.unit_text(waterfall, shown.reporting_currency),
        "unpriced": flow.unpriced,
    }


def _bands(rows: Sequence[BandCounts], shown: Calendar) -> dict[str, Any]:
    now = rows[-1]
    facts = BandFacts(
        in_progress=shown.in_progress,
        transactional=now.transactional,
        developing=now.developing,
        partnership=now.partnership,
        unknown=now.unknown,
    )
    return {
        "heading": bands_heading(facts),
        "figure": partnership_bands.partnership_bands(rows),
        "narrow": partnership_bands.partnership_bands(rows, narrow=True),
        "label": partnership_bands.description(rows),
        "rows": rows,
        "now": now,
    }


@require_safe
def portfolio_beginning(request: HttpRequest) -> HttpResponse:
    """What is missing, alone; once there is a quarter to show, the page is asked for anew."""
    if not access.may_see_accounts(request.user):
        raise Http404
    shown = calendar()
    if shown.shown is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    clients = access.visible_clients(request.user)
    return TemplateResponse(request, "metrics/portfolio/_beginning.html", _beginning(request, clients, shown))


@dataclass(frozen=True)
class BeginningStep:
    """One of the three things that come before the first figures, and what one does for it."""

    words: str
    how: str
    done: bool
    is_next: bool
    act: str
    url: str
    posts: bool = False


def _beginning(request: HttpRequest, clients: QuerySet[Client], shown: Calendar) -> dict[str, Any]:
    """What is missing before there is a quarter to show, as three steps."""
    found = records(clients)
    steps = (
        BeginningStep(
            words=_("A client"),
            how=_("its name, currency and manager"),
            done=found.clients,
            is_next=not found.clients,
            act=_("Add a client"),
            url=reverse("accounts:client_new"),
        ),
        BeginningStep(
            words=_("Its first engagement"),
            how=_("with what it is worth"),
            done=found.scope,
            is_next=found.clients and not found.scope,
            act=_("Add an engagement"),
            url=_first_engagement(found),
        ),
        BeginningStep(
            words=_("The first figures"),
            how=_("computed now, or by the night"),
            done=False,
            is_next=found.scope,
            act=_("Compute them"),
            url=reverse("metrics:computation"),
            posts=True,
        ),
    )
    return {
        "calendar": shown,
        "records": found,
        "steps": steps,
        "steps_done": sum(step.done for step in steps),
        "may_fill_in_the_sample": not found.clients and access.may_keep_the_sample(request.user),
    }


def _first_engagement(found: Records) -> str:
    """Where a client's first engagement is recorded: of the one that was added last."""
    if not found.newest:
        return ""
    try:
        return reverse("accounts:engagement_new", args=[found.newest])
    except NoReverseMatch:
        return reverse("metrics:account", args=[found.newest])


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
