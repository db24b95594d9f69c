"""Approach: from when on we are part of it."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import approach

METRIC = attribute(
    "approach",
    approach,
    _("How often we are part of it from the idea or the plan on."),
    Card(
        what_it_is=worded(
            _("When we come in on what the client is about to do. At 0: {low} At 100: {high}"), **poles("approach")
        ),
        what_it_tells=_(
            "Whether we are asked what to do, or told. Who is there at the idea is seldom replaced at the brief."
        ),
        how_it_is_measured=_(
            "Evidence: starts and expansions of the year for which it was noted since when we were involved. Blank and"
            " “unknown” are both not known. Then both pulses."
        ),
        formula=_("Evidence: 100 × those from idea or plan / those where it is known, given with at least one."),
        trend=_("Few rows a year make it jump. Two early involvements in a row after years of briefs are a turn."),
        questions=(
            _("Which of last year’s briefs would have been another had we been there before it?"),
            _("Who at the client has ideas before there is a brief, and do we know them?"),
        ),
        what_to_do=(
            _("Note involvement with every start and expansion; it is one choice in the form."),
            _("Ask to sit in on one planning meeting without a fee."),
        ),
        how_to_show_it=_("In the profile; behind it the rows by idea, plan, brief and execution."),
        beware=_("We note it ourselves, and memory makes us earlier than we were."),
        fed_by=_("“Involved from” on ledger rows of the year, and pulse answers on approach."),
        goes_to=_("The account’s profile, the score, and its own line in the signal test."),
        moves=_("What kind of work we get, and how much of it is open to a tender."),
    ),
)
