"""Annual scope: what a client has handed to us, at constant prices."""

from django.utils.translation import gettext_lazy as _

from accounts.scope import annual_scope
from metrics.catalogue.card import Card, Metric, in_file

METRIC = Metric(
    code="annual_scope",
    name=_("Annual scope"),
    group="scope",
    unit=_("the client’s currency, a year"),
    figure=annual_scope,
    line=_("What the engagement is worth a year at constant prices, at the start of that day: S(t)."),
    columns=in_file("client_quarters.csv", "scope_start scope_end"),
    stored=("scope_year_start",),
    card=Card(
        what_it_is=_(
            "The work a client has entrusted to us, put as an amount a year at the prices it was agreed at. It is the"
            " thing whose growth everything here asks about."
        ),
        what_it_tells=_(
            "How large the relationship is, and, set beside results, whether good numbers lead to more of it. Because"
            " prices are held still, it moves only when the client gives us more to do or less."
        ),
        how_it_is_measured=_(
            "Added up from the ledger at the start of a day: a change that takes effect on that day has not happened"
            " yet. A retainer counts until its end takes effect; a project counts for a year after each of its rows,"
            " and as long as it is open. It never falls below zero, and an engagement without rows counts for nothing."
        ),
        formula=_(
            "Retainer: 12 × the monthly amounts that took effect before the day. Project: the amounts that took effect"
            " within the year before it, or all of them while it is open. Price rows are left out, and so are reversed"
            " rows with their reversals. A client’s is the sum over its engagements."
        ),
        trend=_(
            "It moves in steps, never in slopes. Look at how many steps went up and how far apart they lie; a long flat"
            " stretch under good results is the stall this product was made to show."
        ),
        questions=(
            _("What was the last thing this client added, and when?"),
            _("Is there work they buy elsewhere that we could say something about?"),
            _("Does a project that ends within the year hide a retainer that is shrinking?"),
        ),
        what_to_do=(
            _("Enter each change on the day it takes effect, with who began it: the share pulled rests on that."),
            _("Undo a mistake with a reversal, never with a counter-entry that looks like a contraction."),
        ),
        how_to_show_it=_(
            "As steps held between changes, from zero, in a panel of its own under the attainment and never on a second"
            " axis. In tables as a small course with the latest amount beside it."
        ),
        beware=_(
            "A finished project stays in for a year from each of its rows, so scope can fall twelve months after the"
            " work ended. Amounts of clients in different currencies can’t be compared without the exchange rate."
        ),
        fed_by=_("The ledger of scope changes of a client’s retainers and projects, and nothing else."),
        goes_to=_("Account pages, the portfolio’s table and map, the pattern, and every rate and retention."),
        moves=_("The expansion rate, net scope retention and the pattern: they are all read from two points of it."),
    ),
)
