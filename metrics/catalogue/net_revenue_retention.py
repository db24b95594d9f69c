"""Net revenue retention: what became of last year's money, prices included."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import net_revenue_retention

METRIC = Metric(
    code="net_revenue_retention",
    name=_("Net revenue retention"),
    group="scope",
    unit=_("percent of annual value"),
    figure=net_revenue_retention,
    line=_("What is left of the money we had, growth and prices included."),
    settings=("reporting_currency",),
    columns=in_file("expansion_rates.csv", "nrr"),
    card=Card(
        what_it_is=_(
            "The annual value of last year’s clients today, as a share of what it was: growth, cuts, departures and"
            " price changes all in one number. Investors and buyers of agencies ask for it by this name."
        ),
        what_it_tells=_(
            "How much income last year’s clients bring without anyone new. Its distance to net scope retention is what"
            " prices did, and not the relationship."
        ),
        how_it_is_measured=_(
            "Over the same clients, window and exchange rates as net scope retention, with price changes counted. What"
            " was agreed counts, whether or not it has been invoiced."
        ),
        formula=_(
            "100 × the sum of annual value at the end / the sum at the start, over clients in scope at the start. No"
            " figure when that sum was zero."
        ),
        trend=_(
            "Watch it together with net scope retention. Both rising is growth; this one alone rising is a price list;"
            " this one alone falling is discounts bought with margin."
        ),
        questions=(
            _("How many points of it are prices?"),
            _("Would the board still like it if prices were taken out?"),
            _("Which discounts were given to keep an account, and did it stay?"),
        ),
        what_to_do=(
            _("When you quote it outside, say the window and that it is agreed value, and give the scope figure too."),
            _("If prices make up most of it, bring scope back into the next conversation with each of those clients."),
        ),
        how_to_show_it=_("As a percentage with the points that prices did, in words: “prices did 3 points of it”."),
        beware=_(
            "Definitions differ from house to house: many count invoices, and some count new clients. Compare only with"
            " a figure whose definition you have read."
        ),
        fed_by=_("Annual value at both ends of the window, thus the whole ledger with its price rows."),
        goes_to=_("The portfolio’s head, the quarterly review, segments, and the exported rates as nrr."),
        moves=_("The valuation of the agency, and how much room there is to turn down work that does not fit."),
    ),
)
