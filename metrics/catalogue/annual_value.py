"""Annual value: what a client pays a year, prices included."""

from django.utils.translation import gettext_lazy as _

from accounts.scope import annual_value
from metrics.catalogue.card import Card, Metric, in_file

METRIC = Metric(
    code="annual_value",
    name=_("Annual value"),
    group="scope",
    unit=_("the client’s currency, a year"),
    figure=annual_value,
    line=_("What the engagement is worth a year at today's prices: V(t), scope with price changes counted."),
    columns=in_file("client_quarters.csv", "value_start value_end"),
    stored=("value_year_start",),
    card=Card(
        what_it_is=_(
            "What the agreed work brings a year at the prices now in force: annual scope with indexation, discounts and"
            " rate cards counted in."
        ),
        what_it_tells=_(
            "What the account is worth to the agency’s books. Held against annual scope, it shows how much of a rise in"
            " income was more work and how much was a higher price for the same."
        ),
        how_it_is_measured=_(
            "By the same rules and from the same ledger as annual scope, at the start of a day, with rows of the kind"
            " price left in. It is what was agreed, not what was invoiced or paid."
        ),
        formula=_(
            "As annual scope, price rows counted: 12 × the monthly balance for a retainer, the amounts of a year for a"
            " project. After its end a retainer counts nothing, whatever the balance was."
        ),
        trend=_(
            "A step here without one in scope is a price change. Value that climbs while scope stands still means the"
            " client pays more for the same: it holds for a while, and it is not growth."
        ),
        questions=(
            _("When were prices last changed, and did the client talk about it?"),
            _("Would this account still be worth as much at the old prices?"),
        ),
        what_to_do=(
            _("Book an indexation as a price row, never as an expansion: otherwise it looks like trust."),
            _("Before a renewal, know both amounts and which of them you are about to negotiate."),
        ),
        how_to_show_it=_("As an amount beside annual scope, with the difference named “prices”. Rounded to thousands."),
        beware=_("It knows no cost. A larger value may be a worse account, and nothing here would show it."),
        fed_by=_("The same ledger rows as scope, with those that changed the price and not the work."),
        goes_to=_("Net and gross revenue retention, the ledger on the account page, and the exported quarters."),
        moves=_("Income, and how much a lost account would hurt. It does not move the pattern or the expansion rate."),
    ),
)
