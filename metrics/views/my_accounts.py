"""My accounts: what needs somebody today, and how the accounts they lead or work on stand."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import access
from metrics.figures.needs import Need
from metrics.forms.my_accounts import asked_page
from metrics.needs import need_line, need_title, needs_finding, needs_why
from metrics.queries.calendar import calendar
from metrics.queries.frame import Framed, framed
from metrics.queries.portfolio import AccountTable, Filters, account_table

NEEDS_AT_FIRST = 12
"""Of many needs, how many are shown before one asks for the rest."""

_ACTS: dict[str, tuple[str, Promise]] = {
    "check_in_overdue": ("accounts:check_in_new", _("Log a check-in")),
    "term_over": ("accounts:scope_change_new", _("Record what follows")),
    "term_ending": ("accounts:scope_change_new", _("Record what follows")),
    "contact_left": ("accounts:contact_new", _("Add a contact")),
    "contact_leaving": ("accounts:contact_new", _("Add a contact")),
    "advice_due": ("accounts:recommendation", _("Judge it")),
    "comment": ("accounts:reply", _("Reply")),
    "pulse_comment": ("accounts:check_in_new", _("Log a check-in")),
    "follow_up": ("accounts:follow_up", _("Answer")),
    "pulse_asked": ("accounts:your_pulse", _("Answer")),
}
_OF_RECORD = ("advice_due", "comment", "follow_up")
"""Those that are settled at a record's own address."""


@dataclass(frozen=True)
class NeedLine:
    """One thing to do: what it is and why, and where it is settled."""

    need: Need
    title: str
    line: str
    act: str
    """What is to be done; blank: to look."""
    act_url: str


@require_safe
def my_accounts(request: HttpRequest) -> TemplateResponse:
    """What needs this person first, then their accounts as a table."""
    if not access.may_see_accounts(request.user):
        raise Http404
    now = timezone.now()
    around = framed(now, request.user)
    shown = calendar()
    own = access.own_clients(request.user)
    table = account_table(
        request.user, own, shown, Filters(sort="name", descending=False, page=asked_page(request.GET))
    )
    lines = [_line(need, around) for need in around.needs]
    return TemplateResponse(
        request,
        "metrics/my_accounts/page.html",
        {
            "framed": around,
            "calendar": shown,
            "quarter": "",
            "finding": needs_finding(around.needs, len(around.accounts)),
            "why": needs_why(around.needs, len(around.accounts)),
            "lines": lines[:NEEDS_AT_FIRST],
            "more_lines": lines[NEEDS_AT_FIRST:],
            "table": table,
            "without_figures": _without_figures(around, table),
            "may_add_clients": access.may_add_clients(request.user),
        },
    )


def _line(need: Need, around: Framed) -> NeedLine:
    address, words = _act(need)
    return NeedLine(need, need_title(need), need_line(need, around.today), words, address)


def _act(need: Need) -> tuple[str, str]:
    """Where the need is settled, and what one does there; the account's page where looking is all."""
    page = reverse("metrics:account", args=[need.external_id])
    if need.kind not in _ACTS:
        return page, ""
    name, words = _ACTS[need.kind]
    arguments: list[Any] = (
        [need.external_id, need.record] if need.record and need.kind in _OF_RECORD else [need.external_id]
    )
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return page, ""
    if name == "accounts:scope_change_new":
        # What follows the end of a term is its renewal, as long as nobody says otherwise.
        address = f"{address}?{urlencode({'kind': 'renewal', 'engagement': need.record})}"
    return address, str(words)


def _without_figures(around: Framed, table: AccountTable) -> list[dict[str, str]]:
    """Own accounts that had no scope in the quarter shown, where all of them fit on one page."""
    if table.page > 1 or table.next_page or table.accounts is None:
        return []
    listed = {row.external_id for row in table.rows}
    return [
        {"external_id": account.external_id, "name": account.name}
        for account in around.accounts
        if account.external_id not in listed
    ]
