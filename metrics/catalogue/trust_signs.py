"""Trust signs: what people noticed at check-ins."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.partnership import FEWEST_TICKS, trust_signs

METRIC = Metric(
    code="trust_signs",
    name=_("Trust signs"),
    group="beside",
    unit=_("percent of signs"),
    figure=trust_signs,
    line=_("How much of what people noticed at check-ins speaks of trust rather than of stalling."),
    indicator="trust_signs",
    columns=in_file("client_quarters.csv", "trust_signs"),
    card=Card(
        what_it_is=_(
            "At a check-in people may tick what they saw. Of trust: brought in early, a new channel opened, a long-term"
            " budget. Of stalling: priorities debated, strategy questioned, work started over."
        ),
        what_it_tells=_(
            "The mood in the room, months before it reaches the ledger. Stalling starts as debate about priorities"
            " while every target is still met."
        ),
        how_it_is_measured=_(
            "From check-ins held in the year up to the quarter’s end. A sign counts once per check-in, however many"
            " people saw it; both sorts together make up the ticks."
        ),
        formula=worded(
            _("100 × ticks of trust / all ticks, given with at least {fewest} ticks of either sort."),
            fewest=FEWEST_TICKS,
        ),
        trend=_(
            "Direction over two or three quarters is worth more than the level: a house that ticks little starts"
            " anywhere."
        ),
        questions=(
            _("Which of the six signs is new this quarter?"),
            _("Who ticks, and do others in the same room agree?"),
            _("What was started over, and whose idea was it?"),
        ),
        what_to_do=(
            _("Tick right after the talk, before writing the summary, or only the polite part is left."),
            _("After two signs of stalling in a row, bring forward the talk about next year."),
        ),
        how_to_show_it=_("As a percentage with the number of ticks; the six signs by count when opened."),
        beware=_("It is our reading of them. An optimist and a worrier give two figures of one client."),
        fed_by=_("The signs ticked in check-ins, six kinds in two sorts."),
        goes_to=_("Confidence and signs on the account page, and the signal test."),
        moves=_("How early a stall is noticed, and with that how cheap it is to do something about it."),
    ),
)
