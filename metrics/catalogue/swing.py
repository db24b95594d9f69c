"""Swing: how far the numbers go up and down."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.attainment import FEWEST_FOR_SWING, swing

METRIC = Metric(
    code="swing",
    name=_("Swing"),
    group="numbers",
    unit=_("points of attainment"),
    figure=swing,
    line=_("How far the numbers went up and down within the year."),
    columns=in_file("client_quarters.csv", "swing"),
    card=Card(
        what_it_is=_(
            "How much a client’s quarterly attainment scatters around its own mean over a year: 0 when every quarter"
            " was alike, around 30 when good and bad ones take turns."
        ),
        what_it_tells=_(
            "Whether results are steady or a ride. A client who keeps growing through a wide swing trusts something"
            " other than the dashboard, and that is worth knowing before the next bad quarter."
        ),
        how_it_is_measured=_(
            "From the attainment of each quarter in the year window that has one, also those before the client’s first"
            " scope and, in the agency’s first year, before its first quarter."
        ),
        formula=worded(
            _(
                "The population standard deviation of the quarterly attainments in the year window, given with at least"
                " {fewest} of them."
            ),
            fewest=FEWEST_FOR_SWING,
        ),
        trend=_(
            "Falling with a steady mean: the work has become predictable. Rising: either the market moves or the"
            " targets are set anew too often; the readings tell which."
        ),
        questions=(
            _("Does the client’s own business swing with the seasons, and do the targets know it?"),
            _("After the worst quarter, what did the client say, and what did we?"),
        ),
        what_to_do=(
            _("Where the swing is seasonal, agree on targets by month and not by year."),
            _("Where it isn’t, explain the pattern to the client before they see it in a report."),
        ),
        how_to_show_it=_(
            "In points, beside the mean of the same quarters; the small course of attainment shows its shape."
        ),
        beware=_(
            "It does not say which way. A steady 20 % has no swing at all. Compare clients only where the number of"
            " readings is about the same."
        ),
        fed_by=_("The attainments of the last four quarters of one client."),
        goes_to=_("Account pages and the exported quarters; it enters no score."),
        moves=_("How often results have to be explained, and how much a single report can frighten anyone."),
    ),
)
