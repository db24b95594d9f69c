"""What the account page shows of records that are no figures: what is open, people, terms, standing, the timeline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Involvement, Opportunity, Pulse, Standing, TeamMember
from accounts.queries.account_records import (
    AccountRecords,
    CommentRecord,
    InvolvementRecord,
    PulseComment,
    TeamRecord,
    account_records,
)
from accounts.queries.engagements import engagements
from accounts.queries.ledger import LedgerRow, ledger
from accounts.queries.people_seen import People, people_seen
from metrics.account_sentences import (
    PeopleFacts,
    TermFacts,
    conversation_heading,
    is_single_threaded,
    open_heading,
    people_heading,
    people_who_left,
    standing_heading,
    terms_heading,
)
from metrics.figures.blind_spots import COMMENT_DAYS
from metrics.printing import signed_money_text
from metrics.timeline import KINDS, timeline

ENTRIES_AT_FIRST = 12
"""Of a long row of entries, how many are shown before one asks for the rest."""
EVENTS_AT_FIRST = 8
"""Of the timeline, how many: as high as the two charts beside it. The earlier ones come when they are asked for."""
ALL_ENTRIES = "all"
"""How an address asks for the earlier ones, too."""
OPEN_AT_FIRST = 6
"""Of what is open, how many."""


# The timeline


@dataclass(frozen=True)
class Chip:
    """One kind of entries to look at alone: its word, the page that shows it, and the part of the page."""

    words: str | Promise
    page: str
    fragment: str
    is_current: bool


@require_safe
def account_timeline(request: HttpRequest, external_id: str) -> TemplateResponse:
    """The timeline alone; the page's own address goes into the bar."""
    client = access.visible_clients(request.user).filter(external_id=external_id).first()
    if client is None:
        raise Http404
    records, rows = account_records(client.pk), ledger(client.pk)
    context = {
        "page": client,
        "may_record": access.may_record(request.user, client, [row.person_id for row in records.team]),
        **timeline_of(external_id, client.currency, records, rows, asked_for(request)),
    }
    response = TemplateResponse(request, "metrics/account/_timeline.html", context)
    response["HX-Push-Url"] = context["timeline"]["page_url"]
    return response


@dataclass(frozen=True)
class Asked:
    """What an address asks for beside the account: a quarter, and of the timeline one kind, and its earlier entries."""

    quarter: str
    show: str
    entries: str

    def query(self, **changes: str) -> str:
        """The same as a query string, with changes; blank where nothing is asked for."""
        asked = {"quarter": self.quarter, "show": self.show, "entries": self.entries, **changes}
        given = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(given)}" if given else ""


_LABEL = re.compile(r"[0-9]{4}-Q[1-4]")


def asked_for(request: HttpRequest, quarters: Sequence[str] | None = None) -> Asked:
    """What this address asks for; what there is not is not asked for."""
    quarter, show = request.GET.get("quarter", ""), request.GET.get("show", "")
    known = _LABEL.fullmatch(quarter) is not None if quarters is None else quarter in quarters
    entries = ALL_ENTRIES if request.GET.get("entries") == ALL_ENTRIES else ""
    return Asked(quarter if known else "", show if show in KINDS else "", entries)


def timeline_of(
    external_id: str, currency: str, records: AccountRecords, rows: Sequence[LedgerRow], asked: Asked
) -> dict[str, Any]:
    """What the timeline's template needs."""
    entries = timeline(records, rows, lambda amount: signed_money_text(amount, currency), asked.show)
    page = reverse("metrics:account", args=[external_id])
    fragment = reverse("metrics:account_timeline", args=[external_id])
    kinds = {"": _("All"), **KINDS}
    return {
        "timeline": {
            "entries": entries[:EVENTS_AT_FIRST],
            "earlier": entries[EVENTS_AT_FIRST:] if asked.entries else (),
            "earlier_count": len(entries[EVENTS_AT_FIRST:]),
            "earlier_page": page + asked.query(entries=ALL_ENTRIES) + "#timeline-earlier",
            "earlier_fragment": fragment + asked.query(entries=ALL_ENTRIES),
            "asked": asked,
            "page_url": page + asked.query(),
            "chips": [
                Chip(
                    words,
                    page + asked.query(show=show, entries=""),
                    fragment + asked.query(show=show, entries=""),
                    show == asked.show,
                )
                for show, words in kinds.items()
            ],
        }
    }


# The cards


def cards(records: AccountRecords, rows: Sequence[LedgerRow], day: date) -> dict[str, Any]:
    """What is open, the people, the engagements and where we stand, as of the end of that day."""
    people = people_seen(records, day)
    bought = engagements(records.engagements, rows, day)
    terms = [TermFacts(row.name, row.ends_on, row.days_left) for row in bought if row.is_open]
    return {
        "today": day,
        "open": _open(records, day),
        "people": _people(people) | {"ours": _ours(people, records.team)},
        "bought": {
            "heading": terms_heading(terms),
            "rows": [row for row in bought if row.ended_on is None],
            "ended": [row for row in bought if row.ended_on is not None],
        },
        "standing": _standing(records, day),
        "conversation": _conversation(records, day),
    }


@dataclass(frozen=True)
class Spoken:
    """A comment of the client's with the replies to it, and for how many days it has had neither reply nor check-in."""

    first: CommentRecord
    replies: tuple[CommentRecord, ...]
    days_waiting: int | None

    @property
    def answers(self) -> str:
        """The id of what a reply answers: the last that the client wrote."""
        theirs = [one for one in (self.first, *self.replies) if one.side == Pulse.Side.CLIENT]
        return theirs[-1].external_id

    @property
    def is_late(self) -> bool:
        """Whether nobody has answered for so long that it is a blind spot."""
        return self.days_waiting is not None and self.days_waiting >= COMMENT_DAYS


@dataclass(frozen=True)
class BesidePulse:
    """What was written beside a pulse, which only a check-in answers, and for how many days there has been none."""

    said: PulseComment
    days_waiting: int | None

    @property
    def is_late(self) -> bool:
        """Whether nobody has answered for so long that it is a blind spot."""
        return self.days_waiting is not None and self.days_waiting >= COMMENT_DAYS


def _conversation(records: AccountRecords, day: date) -> dict[str, Any]:
    """What the client's people wrote, the last first, and what they asked to be spoken to about."""
    last_check_in = max((row.held_on for row in records.check_ins if row.held_on <= day), default=None)
    threads = [_spoken(first, records.comments, last_check_in, day) for first in records.comments]
    spoken = [thread for thread in reversed(threads) if thread.first.replies_to_id is None]
    beside = [
        BesidePulse(
            one, (day - one.answered_on).days if last_check_in is None or last_check_in < one.answered_on else None
        )
        for one in records.pulse_comments
    ]
    comments: list[Spoken | BesidePulse] = [*spoken, *beside]
    follow_ups = sorted(records.follow_ups, key=lambda row: row.answered_on is not None)
    return {
        "threads": spoken,
        "follow_ups": follow_ups,
        "pulse_comments": beside,
        "heading": conversation_heading(
            waiting=sum(one.days_waiting is not None for one in comments),
            late=sum(one.is_late for one in comments),
            follow_ups=sum(one.answered_on is None for one in follow_ups),
        ),
        "is_empty": not (spoken or follow_ups or beside),
    }


def _spoken(first: CommentRecord, comments: Sequence[CommentRecord], last_check_in: date | None, day: date) -> Spoken:
    """Source: DOMAIN.md, 11: "a client's comment unanswered for 14 days (no reply and no check-in …)"."""
    replies = tuple(one for one in comments if one.replies_to_id == first.id)
    last = (first, *replies)[-1]
    waits = last.side == Pulse.Side.CLIENT and (last_check_in is None or last_check_in < last.written_on)
    return Spoken(first, replies, (day - last.written_on).days if waits else None)


@dataclass(frozen=True)
class OpenItem:
    """One thing that is open: what it is, its day where it has one, and by how many days that has passed.

    `noun` and `record` name the addresses at which it is changed; blank where it can't be.
    """

    title: str
    kind: str
    note: str
    due_on: date | None = None
    days_late: int = 0
    noun: str = ""
    record: str = ""

    @property
    def late(self) -> str:
        """How late it is, in words; blank where it isn't."""
        if self.days_late <= 0:
            return ""
        return ngettext("%(days)s day late", "%(days)s days late", self.days_late) % {"days": self.days_late}


def _open(records: AccountRecords, day: date) -> dict[str, Any]:
    """Advice due to be judged, the latest first; then goals by their day; then opportunities."""

    def days_late(due_on: date | None) -> int:
        return (day - due_on).days if due_on else 0

    advice = [row for row in records.advice if row.is_due(day)]
    goals = [row for row in records.goals if row.is_open]
    opportunities = [row for row in records.opportunities if row.is_open]
    items = [
        *(
            OpenItem(
                row.subject,
                _("Advice to be judged"),
                row.expected,
                row.expected_by,
                days_late(row.expected_by),
                "accounts:recommendation",
                row.external_id,
            )
            for row in sorted(advice, key=lambda row: (row.expected_by or date.max, row.external_id))
        ),
        *(
            OpenItem(
                row.title,
                _("Goal") if row.agreed_on else _("Goal, not agreed by the client yet"),
                "",
                row.due_on,
                days_late(row.due_on),
                "accounts:goal",
                row.external_id,
            )
            for row in goals
        ),
        *(
            OpenItem(
                row.title,
                _("Opportunity, raised with the client")
                if row.stage == Opportunity.Stage.RAISED
                else _("Opportunity, an idea"),
                _("Serves: %(goal)s") % {"goal": row.goal},
            )
            for row in opportunities
        ),
    ]
    return {
        "heading": open_heading(
            advice_due=len(advice),
            goals_late=sum(days_late(row.due_on) > 0 for row in goals),
            goals=len(goals),
            opportunities=len(opportunities),
        ),
        "items": items[:OPEN_AT_FIRST],
        "more": items[OPEN_AT_FIRST:],
    }


@dataclass(frozen=True)
class OneOfUs:
    """Somebody of the agency on an account: what they are on its team, and when they were last seen in a check-in."""

    name: str
    roles: str
    seen_on: date | None


def _ours(people: People, team: Sequence[TeamRecord]) -> list[OneOfUs]:
    """The team, its lead first, then whoever else was seen."""
    seen = {row.id: row.seen_on for row in people.colleagues}
    order = TeamMember.Role.values
    members: dict[int, list[TeamRecord]] = {}
    for row in sorted(team, key=lambda row: (order.index(row.role), row.name)):
        members.setdefault(row.person_id, []).append(row)
    ours = [
        OneOfUs(rows[0].name, ", ".join(str(TeamMember.Role(row.role).label) for row in rows), seen.get(person))
        for person, rows in members.items()
    ]
    return ours + [OneOfUs(row.name, "", row.seen_on) for row in people.colleagues if row.id not in members]


def _people(people: People) -> dict[str, Any]:
    deciding = [row for row in people.contacts if row.decision_maker]
    main = people.main_contact
    facts = PeopleFacts(
        known=tuple(row.name for row in people.present),
        theirs=people.theirs_seen,
        ours=tuple(row.name for row in people.colleagues),
        check_ins=people.check_ins,
        main_contact=main.name if main else "",
        main_left_on=main.left_on if main else None,
        decision_makers=len(deciding),
        decision_makers_left=sum(row.left_on is not None for row in deciding),
    )
    return {
        "heading": people_heading(facts),
        "single_threaded": is_single_threaded(facts),
        "left": people_who_left(facts),
        "contacts": people.present,
        "gone": [row for row in people.contacts if row.left_on is not None],
        "colleagues": people.colleagues,
        "check_ins": people.check_ins,
    }


@dataclass(frozen=True)
class LetInto:
    """One of the four kinds of the client's work, and since when we are part of it; None: we are not."""

    name: str | Promise
    since: date | None
    record: str


def _standing(records: AccountRecords, day: date) -> dict[str, Any]:
    place = next((row for row in records.standings if row.effective_on <= day), None)
    kinds = [_let_into(records.involvements, kind, day) for kind in _KINDS]
    return {
        "heading": standing_heading(place.standing if place else "", sum(kind.since is not None for kind in kinds)),
        "place": Standing.Place(place.standing).label if place else "",
        "since": place.effective_on if place else None,
        "record": str(place.id) if place else "",
        "exclusive": _EXCLUSIVE[place.exclusive if place else None],
        "kinds": kinds,
    }


_KINDS = tuple(Involvement.Kind)
_EXCLUSIVE: dict[bool | None, str | Promise] = {
    True: gettext_lazy("Yes: for none of its direct competitors"),
    False: gettext_lazy("No"),
    None: "",
}


def _let_into(spells: Sequence[InvolvementRecord], kind: str, day: date) -> LetInto:
    """Since when we are let into it; on the day from which a spell is over it is over."""
    active = [
        row
        for row in spells
        if row.kind == kind and row.started_on <= day and (row.ended_on is None or row.ended_on > day)
    ]
    first = min(active, key=lambda row: row.started_on, default=None)
    label = Involvement.Kind(kind).label
    return LetInto(label, first.started_on, str(first.id)) if first else LetInto(label, None, "")
