"""Gross revenue retention: what was kept when nobody's growth is counted."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import gross_revenue_retention

METRIC = Metric(
    code="gross_revenue_retention",
    name=_("Gross revenue retention"),
    group="scope",
    unit=_("percent of annual value"),
    figure=gross_revenue_retention,
    line=_("What is left of the money we had when nobody's growth makes up for another's loss."),
    settings=("reporting_currency",),
    columns=in_file("expansion_rates.csv", "grr"),
    card=Card(
        what_it_is=_(
            "The part of last year’s annual value that is still there, each client counted at no more than it was. It"
            " can’t exceed 100: it is the leak alone, with nothing poured in."
        ),
        what_it_tells=_(
            "How tight the vessel is. An agency with 110 net and 75 gross replaces a quarter of its income with growth"
            " elsewhere each year, and will feel it the first year that growth fails."
        ),
        how_it_is_measured=_(
            "For each client in scope at the start, the smaller of its two annual values; summed in the reporting"
            " currency at the rate in force at the start. A cut, a discount and a departure all count against it."
        ),
        formula=_("100 × the sum of the smaller value of each client / the sum of values at the start."),
        trend=_(
            "It moves slowly and mostly down from 100. Two windows in a row under the usual level are worth a meeting:"
            " losses come in the year after the neglect."
        ),
        questions=(
            _("What did the lost clients have in common: manager, line, age of the engagement?"),
            _("How much of the loss was a discount we offered ourselves?"),
            _("Which of them looked fine on their own dashboard?"),
        ),
        what_to_do=(
            _("Go through each loss with the check-ins of its last half year beside it."),
            _("Before chasing growth, stop the largest recurring cause of cuts."),
        ),
        how_to_show_it=_(
            "As a percentage right beside the net figure, so that the gap between them is seen at a glance."
        ),
        beware=_("A project that ran out as agreed counts as loss too, although nobody left over it."),
        fed_by=_("Annual value of each client at both ends, compared one by one before anything is summed."),
        goes_to=_("The portfolio’s head and its segments, and the exported rates as grr."),
        moves=_("How hard the agency must run to stand still; it is the floor under net retention."),
    ),
)
