"""Pattern: the numbers beside the scope."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.pattern import FEWEST_ATTAINMENTS, FEWEST_QUARTERS, pattern

METRIC = Metric(
    code="pattern",
    name=_("Pattern"),
    group="together",
    unit=_("one of four, or too early to tell"),
    figure=pattern,
    line=_("Whether good numbers and growing scope go together."),
    settings=("good_attainment",),
    columns=in_file("client_quarters.csv", "pattern"),
    stored=("pattern_from", "pattern_attainment", "pattern_scope_start"),
    card=Card(
        what_it_is=_(
            "Each account in one of four fields: compounding trust (good numbers, growing scope), good numbers but"
            " stalling, deepening through fluctuation (scope grows although results swing), and at risk (neither)."
        ),
        what_it_tells=_(
            "Which accounts a dashboard gets wrong. Stalling looks healthy there and is not chosen again; deepening"
            " looks weak there and is given more."
        ),
        how_it_is_measured=_(
            "Over the quarters of the year window from the first one that began with scope, also across a gap. Numbers"
            " are good by the mean of the quarterly attainments; scope grows when there is more at the end than at that"
            " first start. A client that left has a pattern like any other."
        ),
        formula=worded(
            _(
                "Good numbers: mean attainment at or above the threshold set. Growing: scope at the end above scope at"
                " the first start. Below {quarters} quarters, or with fewer than {attainments} attainments, it is too"
                " early."
            ),
            quarters=FEWEST_QUARTERS,
            attainments=FEWEST_ATTAINMENTS,
        ),
        trend=_(
            "Moves matter more than places. From compounding to stalling is the quiet one: nothing went wrong, and"
            " nothing was added for a year. Ask about it in the quarter in which it happens."
        ),
        questions=(
            _("Which accounts changed field since last quarter, and did we know?"),
            _("Of those stalling, who has a goal that we do not work for?"),
            _("What do the deepening ones get from us that no KPI shows?"),
        ),
        what_to_do=(
            _("Stalling: bring a question about next year, not a better report."),
            _(
                "At risk: talk about the relationship first and the numbers second; repairing numbers alone leads to"
                " stalling."
            ),
            _("Deepening: protect whoever holds that relationship, and agree on better targets."),
        ),
        how_to_show_it=_(
            "As a map with attainment across and growth upwards, each field with its own shape and colour; as a tag in"
            " tables. The client itself is never shown the word."
        ),
        beware=_(
            "Near a threshold an account may switch fields over one reading, so look at the distance to it. A flat"
            " client may have been taken into something new, which is told beside it."
        ),
        fed_by=_("Quarterly attainments and scope at quarter starts, over at most four quarters."),
        goes_to=_("The portfolio’s first sentence, map and filters, account pages, and the quarterly review."),
        moves=_("Where the next hour of an account lead goes: it sorts the portfolio by what kind of talk is due."),
    ),
)
