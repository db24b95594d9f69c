"""Net scope retention: what became of last year's scope, prices apart."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import net_scope_retention

METRIC = Metric(
    code="net_scope_retention",
    name=_("Net scope retention"),
    group="scope",
    unit=_("percent of scope"),
    figure=net_scope_retention,
    line=_("What is left of the scope we had, growth included, prices apart."),
    settings=("reporting_currency",),
    columns=in_file("expansion_rates.csv", "nsr"),
    card=Card(
        what_it_is=_(
            "The scope that the clients of a year ago have with us today, as a share of what they had then. Above 100"
            " they gave us more than they took away."
        ),
        what_it_tells=_(
            "Whether the relationships as a whole deepen or thin out in money’s worth. The expansion rate says how many"
            " clients grew; this says whether it outweighs those who left or cut back."
        ),
        how_it_is_measured=_(
            "Summed over clients in scope at the start of the window, in the reporting currency at the exchange rate in"
            " force there, for both ends, so that a currency’s move is never read as growth. A client whose currency"
            " has no rate is left out and named."
        ),
        formula=_(
            "100 × the sum of scope at the end / the sum of scope at the start. No figure when that sum was zero."
        ),
        trend=_(
            "Steady above 100 means the portfolio would grow without a single pitch. A fall with a steady expansion"
            " rate says that few large clients left; a rise with a falling rate, that one client carries it all."
        ),
        questions=(
            _("Which three clients moved it most, in either direction?"),
            _("What would it be without the largest account?"),
            _("Do the clients lost here appear in last year’s blind spots?"),
        ),
        what_to_do=(
            _("Open the account pages of those that moved it most before talking of an average."),
            _("Set next year’s hiring by this, not by the pipeline: it is the part that is already there."),
        ),
        how_to_show_it=_(
            "As one percentage beside its sibling with prices counted. For the why, a waterfall by client."
        ),
        beware=_(
            "One large account can hold it over 100 while ten small ones leave. It is a sum of money, so read it next"
            " to the count of clients."
        ),
        fed_by=_("Annual scope of each client at both ends of the window, and the exchange rates recorded."),
        goes_to=_("The head of the portfolio, segments, and the exported rates as nsr."),
        moves=_("What the agency can plan on: capacity, cash, and how much new business it takes to stand still."),
    ),
)
