"""The quarterly review, for leadership: the agency in a page, what moved, every account, and decisions taken."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.periods import Quarter
from accounts.reader_locale import day_text
from metrics.figures.partnership import score_band
from metrics.findings import (
    Finding,
    account_finding,
    in_place_of_a_finding,
    moved_into,
    portfolio_finding,
)
from metrics.findings_quarter import (
    PatternReading,
    ScopeFacts,
    candour_line,
    patterns_heading,
    scope_heading,
    scores_heading,
    signal_heading,
    signal_sentences,
    why_it_moved,
)
from metrics.forms.quarter import QuarterForm
from metrics.printing import Money, money_text, prices_text, quarter_text
from metrics.queries.calendar import Calendar, calendar
from metrics.queries.decisions import decisions
from metrics.queries.quarter.accounts import Accounts, accounts
from metrics.queries.quarter.agency import Agency, agency
from metrics.queries.quarter.halves import AccountHalf
from metrics.queries.quarter.moves import MOVED_POINTS, Moves, PatternMove
from metrics.templatetags.intervals import top_of

ENTRIES_TOLD = 5
"""Of one account's scope changes in a quarter, how many its half page lists."""


@require_safe
def quarter(request: HttpRequest, label: str = "") -> HttpResponse:
    """The review of one ended quarter, the last one where none is named."""
    if not access.may_review(request.user):
        raise Http404
    chosen = QuarterForm(request.GET)
    if not label and chosen.is_valid():
        return redirect("metrics:quarter", chosen.cleaned_data["quarter"])
    shown = calendar(label)
    ended = shown.shown
    if label and (ended is None or ended.label != label):
        raise Http404
    if ended is None or shown.as_of is None or shown.in_progress:
        return TemplateResponse(
            request, "metrics/quarter/none.html", {"calendar": shown, "last_ended": last_ended(shown)}
        )
    clients = access.visible_clients(request.user)
    found = agency(clients, shown, ended)
    told = accounts(clients, shown, ended)
    return TemplateResponse(
        request,
        "metrics/quarter/page.html",
        {
            "calendar": shown,
            "quarter": ended,
            "ended_quarters": [one for one in shown.quarters if not one.in_progress(shown.as_of)],
            "previous": ended.shifted(-1),
            "edge_of_sheets": {
                "head": _("Quarterly review, %(quarter)s") % {"quarter": quarter_text(ended.label)},
                "foot": _("Figures as of %(day)s") % {"day": day_text(shown.as_of)},
            },
            "last_day": ended.end - timedelta(days=1),
            **_agency(found, shown),
            "bands": told.bands,
            **_moves(told.moves, shown),
            **_accounts(told),
            "decisions": decisions(clients, ended),
            "today": shown.as_of,
        },
    )


def last_ended(shown: Calendar) -> Quarter | None:
    """The newest quarter that has a review; None where none has ended yet."""
    if shown.as_of is None:
        return None
    return next((one for one in shown.quarters if not one.in_progress(shown.as_of)), None)


def _agency(found: Agency, shown: Calendar) -> dict[str, Any]:
    """The agency in a page."""
    verdicts = {row.indicator: row.verdict for row in found.signals}
    year = found.year
    return {
        "agency": found,
        "finding": portfolio_finding(found.facts, _reporting(shown)),
        "instead_of_a_finding": in_place_of_a_finding(found.facts),
        "scale_top": top_of([year.high if year else None]),
        "prices": prices_text(year.prices if year else None),
        "candour_line": candour_line(
            found.candour.contested, found.candour.defended, found.candour.compromised, found.candour.withdrawn
        ),
        "signal_heading": signal_heading(verdicts.get("attainment", "")),
        "signal_sentences": signal_sentences(verdicts),
        "attainment_signal": next((row for row in found.signals if row.indicator == "attainment"), None),
    }


def _reporting(shown: Calendar) -> Money:
    return lambda amount: money_text(amount, shown.reporting_currency)


# What moved


@dataclass(frozen=True)
class PatternMoved:
    """One account whose pattern moved, and why."""

    move: PatternMove
    why: str


def _moves(moves: Moves, shown: Calendar) -> dict[str, Any]:
    """What moved since the quarter before."""
    grown, shrunk, left = moves.group("expanding"), moves.group("contracting"), moves.group("lost")
    came, returned = moves.group("new"), moves.group("returned")
    facts = ScopeFacts(
        grown=grown.accounts,
        grown_by=grown.amount,
        shrunk=shrunk.accounts,
        shrunk_by=-shrunk.amount,
        left=left.accounts,
        left_with=-left.amount,
        came=came.accounts + returned.accounts,
        came_with=came.amount + returned.amount,
    )
    return {
        "moves": moves,
        "pattern_moves": [PatternMoved(move, _why(move)) for move in moves.patterns],
        "patterns_heading": patterns_heading(moves.patterns_moved, moves.grew_into, moves.grew_out),
        "scope_heading": scope_heading(facts, _reporting(shown)),
        "scope_groups": [group for group in moves.scope if group.accounts],
        "scores_heading": scores_heading(moves.closer, moves.further, moves.scored_twice, MOVED_POINTS),
        "moved_points": MOVED_POINTS,
    }


def _why(move: PatternMove) -> str:
    return why_it_moved(
        PatternReading(move.before, move.attainment_before, move.good_before, move.growth_before),
        PatternReading(move.after, move.attainment_after, move.good_after, move.growth_after),
        lambda amount: money_text(amount, move.currency),
    )


# The accounts


@dataclass(frozen=True)
class Half:
    """One account's half page: its figures, and the sentences made from them."""

    account: AccountHalf
    finding: Finding | None
    moved_into: str
    band: str

    @property
    def entries(self) -> tuple[Any, ...]:
        """The scope changes of the quarter that are listed."""
        return self.account.entries[:ENTRIES_TOLD]

    @property
    def unlisted(self) -> int:
        """How many are not."""
        return len(self.account.entries) - len(self.entries)


@dataclass(frozen=True)
class Group:
    """The half pages of one pattern."""

    pattern: str
    halves: tuple[Half, ...]
    untold: int

    @property
    def accounts(self) -> int:
        """All accounts of the pattern."""
        return len(self.halves) + self.untold


def _accounts(told: Accounts) -> dict[str, Any]:
    """Every account, by pattern."""
    return {
        "accounts": told,
        "groups": [Group(group.pattern, tuple(map(_half, group.accounts)), group.untold) for group in told.groups],
    }


def _half(account: AccountHalf) -> Half:
    score = account.partnership_score
    return Half(
        account=account,
        finding=account_finding(account.facts, lambda amount: money_text(amount, account.currency)),
        moved_into=moved_into(account.facts),
        band="" if score is None else score_band(score),
    )
