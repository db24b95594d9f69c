"""What a client's page says, in sentences made by a rule from what is shown there: no database, no clock.

The agency speaks: we are the agency, you the client. No pattern has a name here, and nothing is compared with others.
Counts are words up to nine; where there is one, the sentence says it in its own way.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.queries.account_records import GoalRecord
from metrics.findings import Span, spans_of
from metrics.portal.queries import AdviceShown, HomePage, QuarterShown
from metrics.printing import NO_BREAK, Money, number_text, quarter_text

QUARTERS_OF_A_YEAR = 4
BOTH = 2
"""Up to so many one does not say "all" of them."""

STATUS_WORDS = {
    "": gettext_lazy("Working towards it"),
    "open": gettext_lazy("Working towards it"),
    "achieved": gettext_lazy("Reached"),
    "missed": gettext_lazy("Not reached"),
    "dropped": gettext_lazy("Set aside"),
}
"""How a goal stands."""

DECISION_WORDS = {
    "": gettext_lazy("Yours to decide"),
    "pending": gettext_lazy("Yours to decide"),
    "adopted": gettext_lazy("You took it up"),
    "partly": gettext_lazy("You took up a part of it"),
    "declined": gettext_lazy("You decided against it"),
}
"""What became of a piece of advice."""

OUTCOME_WORDS = {
    "better": gettext_lazy("What came of it was better than expected"),
    "as_expected": gettext_lazy("What came of it was as expected"),
    "worse": gettext_lazy("What came of it was worse than expected"),
}
"""What came of it."""

AGREED_WORDS = {
    "start": gettext_lazy("We began"),
    "expansion": gettext_lazy("Scope was added"),
    "contraction": gettext_lazy("Scope was taken out"),
    "price": gettext_lazy("The price changed"),
    "renewal": gettext_lazy("The term was renewed"),
    "end": gettext_lazy("The work ended"),
    "goal": gettext_lazy("A goal was agreed"),
    "check_in": gettext_lazy("We spoke"),
}
"""What was agreed."""

ROLE_WORDS = {
    "lead": gettext_lazy("Leads the work for you"),
    "support": gettext_lazy("Works on it"),
    "sponsor": gettext_lazy("Answers for it in our management"),
    "growth": gettext_lazy("Looks after what could come next"),
}
"""What each of the agency's people does on the account."""


VISIT_WORDS = {
    "home": gettext_lazy("You opened your page"),
    "visits": gettext_lazy("You opened this list"),
    "pulse": gettext_lazy("You opened the questions about working together"),
    "pulse_answered": gettext_lazy("You answered the questions about working together"),
    "commented": gettext_lazy("You wrote a comment"),
    "goal_agreed": gettext_lazy("You agreed to a goal"),
    "follow_up": gettext_lazy("You asked for a follow-up"),
}
"""What is kept of a visit, as it is told to whoever it is of."""


def finding(page: HomePage, money: Money) -> tuple[Span, ...]:
    """What the page begins with: the targets met and the scope, of a quarter that has ended; empty where neither is."""
    shown = page.shown
    if shown is None or shown.in_progress:
        return ()
    words = {
        **_met_words(shown),
        "quarter": quarter_text(shown.quarter).replace(" ", NO_BREAK),
        "scope": money(shown.scope_end or Decimal(0)),
    }
    if shown.with_target and shown.scope_end:
        text = " ".join([_met(shown), _("<scope>Your scope</scope> is %(scope)s a year.")])
    elif shown.with_target:
        text = _met(shown)
    elif shown.scope_end:
        text = _("At the end of %(quarter)s, <scope>your scope</scope> is %(scope)s a year.")
    else:
        return ()
    return spans_of(text, **words)


def _met(shown: QuarterShown) -> str:
    if shown.with_target == 1 and shown.met:
        return _("The one <numbers>target</numbers> was met in %(quarter)s.")
    if shown.with_target == 1:
        return _("The one <numbers>target</numbers> was not met in %(quarter)s.")
    if not shown.met:
        return _("<numbers>None of %(all)s targets</numbers> was met in %(quarter)s.")
    if shown.met == shown.with_target > BOTH:
        return _("<numbers>All %(all)s targets</numbers> were met in %(quarter)s.")
    return ngettext(
        "<numbers>One of %(all)s targets</numbers> was met in %(quarter)s.",
        "<numbers>%(met)s of %(all)s targets</numbers> were met in %(quarter)s.",
        shown.met,
    )


def goals_heading(goals: Sequence[GoalRecord]) -> str:
    """How many goals there are to work towards."""
    to_go = sum(goal.is_open for goal in goals)
    if not to_go:
        return _("No goal is open at the moment.")
    text = ngettext("We work towards one goal.", "We work towards %(count)s goals.", to_go)
    return text % {"count": _number(to_go)}


def results_heading(shown: QuarterShown) -> str:
    """How many of the targets were met in the quarter shown."""
    quarter = quarter_text(shown.quarter)
    if not shown.with_target:
        return _("Your results in %(quarter)s") % {"quarter": quarter}
    if shown.in_progress:
        return _met_so_far(shown)
    return "".join(span.text for span in spans_of(_met(shown), **_met_words(shown)))


def _met_so_far(shown: QuarterShown) -> str:
    if shown.with_target == 1 and shown.met:
        text = _("So far the one target is met in %(quarter)s.")
    elif shown.with_target == 1:
        text = _("So far the one target is not met in %(quarter)s.")
    elif not shown.met:
        text = _("So far none of %(all)s targets is met in %(quarter)s.")
    elif shown.met == shown.with_target > BOTH:
        text = _("So far all %(all)s targets are met in %(quarter)s.")
    else:
        text = ngettext(
            "So far one of %(all)s targets is met in %(quarter)s.",
            "So far %(met)s of %(all)s targets are met in %(quarter)s.",
            shown.met,
        )
    return text % _met_words(shown)


def _met_words(shown: QuarterShown) -> dict[str, str]:
    return {"met": _number(shown.met), "all": _number(shown.with_target), "quarter": quarter_text(shown.quarter)}


def scope_heading(quarters: Sequence[QuarterShown], money: Money) -> str:
    """The annual scope at the end of the quarter shown, and what a year did to it where one is shown."""
    last = quarters[-1]
    now = last.scope_end or Decimal(0)
    if not now:
        return _("There is no scope at the end of %(quarter)s.") % {"quarter": quarter_text(last.quarter)}
    words = {"scope": money(now)}
    if len(quarters) < QUARTERS_OF_A_YEAR:
        return _("Your scope is %(scope)s a year.") % words
    moved = now - (quarters[-QUARTERS_OF_A_YEAR].scope_start or Decimal(0))
    if not moved:
        return _("Your scope is %(scope)s a year, as it was a year ago.") % words
    words["moved"] = money(abs(moved))
    if moved > 0:
        return _("Your scope is %(scope)s a year, %(moved)s more than a year ago.") % words
    return _("Your scope is %(scope)s a year, %(moved)s less than a year ago.") % words


def advice_heading(advice: Sequence[AdviceShown]) -> str:
    """Whether a decision is waited for."""
    open_ones = sum(not row.is_decided for row in advice)
    if not advice:
        return _("What we advise")
    if not open_ones:
        return _("What we advised, and what you decided")
    text = ngettext(
        "One piece of advice waits for your decision.",
        "%(count)s pieces of advice wait for your decision.",
        open_ones,
    )
    return capfirst(text % {"count": _number(open_ones)})


def view_heading(page: HomePage) -> str:
    """How far along the company sees the work together, where enough of its people answered."""
    known = [(place, attribute) for attribute, place in page.view if place is not None]
    if not known:
        return _("Your view of working together")
    text = ngettext(
        "Your view of working together, on one of ten attributes",
        "Your view of working together, on %(count)s of ten attributes",
        len(known),
    )
    return text % {"count": _number(len(known))}


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count)) if count < 10 else number_text(count)
