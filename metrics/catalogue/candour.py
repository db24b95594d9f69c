"""Candour: whether we stand by what we advise."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.candour import defended_share

METRIC = Metric(
    code="candour",
    name=_("Candour: defended share"),
    group="beside",
    unit=_("percent of contested advice"),
    figure=defended_share,
    line=_("How much of the advice that was debated or resisted we stood by."),
    indicator="candour",
    columns=in_file("candour.csv", "contested defended compromised withdrawn defended_share"),
    stored=("candour",),
    card=Card(
        what_it_is=_(
            "Of the advice that a client debated or resisted, the part we defended, instead of softening it into a"
            " half-measure or taking it back."
        ),
        what_it_tells=_(
            "Whether we dare to challenge. None of the ten attributes asks that, and yet an adviser who always agrees"
            " is not worth the fee; nor is one who is never contested."
        ),
        how_it_is_measured=_(
            "From recommendations: how each was received, what we then did, what was decided and what came of it. The"
            " account’s own record is of all time; for the signal test, of advice made in the year. Contested advice"
            " for which no stance was recorded stays in the count."
        ),
        formula=_(
            "100 × contested advice defended / contested advice. Half-measures are contested advice compromised."
        ),
        trend=_(
            "Neither end is good in itself. A fall towards zero after a new contact arrived is a new fear; a steady 100"
            " may be stubbornness, which the consequences will show."
        ),
        questions=(
            _("What came of the advice we softened, beside that of the advice we held on to?"),
            _("With which client is nothing ever contested, and why?"),
            _("Was the half-measure the client’s choice or our haste?"),
        ),
        what_to_do=(
            _("Write down what you expect to follow before the client decides, and look again on the day."),
            _("When advice is resisted, ask for the reason twice before you offer less."),
        ),
        how_to_show_it=_(
            "As counts: contested, defended, half-measures, withdrawn; consequences side by side in a table."
        ),
        beware=_("Defended is not the same as right. Never show it by person: candour that is scored is theatre."),
        fed_by=_("Recommendations with reception, stance, decision and outcome."),
        goes_to=_("The account page beside the ten attributes, the signal test, and the exported candour."),
        moves=_("The quality of what gets done: half-measures rarely work, and the agency is judged by the result."),
    ),
)
