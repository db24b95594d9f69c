"""Stayed: the client renewed and is still here."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import has_stayed

METRIC = Metric(
    code="stayed",
    name=_("Stayed"),
    group="choice",
    unit=_("clients, as k of n existing"),
    figure=has_stayed,
    line=_("Whether the client renewed and is still with us when the window ends."),
    columns=in_file("expansion_rates.csv", "stayed"),
    stored=("stayed_year",),
    card=Card(
        what_it_is=_(
            "A client who was asked whether to go on, by a term that ran out, and said yes: a renewal took effect in"
            " the window and there is scope at its end."
        ),
        what_it_tells=_(
            "Choice, as opposed to habit. A rolling retainer that nobody ever looks at stays as well, but nobody chose;"
            " a renewal is a decision with a date."
        ),
        how_it_is_measured=_(
            "Effective renewals in the ledger, of any of the client’s engagements. Within a service segment only"
            " renewals of that line count. Clients in scope at the start of the window only."
        ),
        formula=_(
            "Clients with a renewal in the window and scope above 0 at its end, of all clients in scope at its start."
        ),
        trend=_(
            "It breathes with the terms: a year in which few run out shows few. Compare with the same quarter of the"
            " year before, and with the terms that were due."
        ),
        questions=(
            _("Of the terms that ran out in this window, how many were renewed?"),
            _("Which renewals came with less scope, and what was said then?"),
            _("Which clients have no term at all?"),
        ),
        what_to_do=(
            _("Record the renewal with its new end, and put the next one in the calendar a quarter ahead."),
            _("Agree on terms with clients that have none, not to bind them but to be chosen."),
        ),
        how_to_show_it=_(
            "As a count of clients in scope at the start, in a list with the date on which each term ends."
        ),
        beware=_("It says nothing of clients whose term did not run out. A low count is not churn."),
        fed_by=_("Renewal rows of the ledger, and annual scope at the end of the window."),
        goes_to=_("Signs of choice on portfolio and account page, and the exported rates as stayed."),
        moves=_("Commitment, since a renewal brings a new term, and the calm in which the next year is planned."),
    ),
)
