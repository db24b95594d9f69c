"""Pulled share: how much of the growth was asked for."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import pulled_share

METRIC = Metric(
    code="pulled_share",
    name=_("Pulled share"),
    group="choice",
    unit=_("percent of growth"),
    figure=pulled_share,
    line=_("How much of the growth was asked for by the client, or by both, and not sold by us."),
    settings=("reporting_currency",),
    columns=in_file("expansion_rates.csv", "pulled_share"),
    stored=("growth_known", "growth_pulled", "growth_known_year", "growth_pulled_year"),
    card=Card(
        what_it_is=_(
            "Of the scope that existing clients added, the part that they began, or that both sides came up with"
            " together. The rest was pushed: it started with us."
        ),
        what_it_tells=_(
            "What kind of growth it was. Pulled growth says that the client sees us as the place to take a problem;"
            " pushed growth says that we sell well, and it is the first to be cut when money is short."
        ),
        how_it_is_measured=_(
            "By expansions, and by starts on a later day than the client’s first, in the window: twelve months’ worth"
            " for a retainer, the amount for a project, in the reporting currency. Blank and “unknown” origins are both"
            " left out, as are clients without an exchange rate. Without growth of known origin there is no share."
        ),
        formula=_("100 × growth begun by the client or by both / growth whose origin is known."),
        trend=_(
            "Read it as a direction over several quarters: few large rows decide a single one. A fall while the"
            " expansion rate holds means that growth now costs us more effort."
        ),
        questions=(
            _("How much of the growth has no origin recorded?"),
            _("Who recorded the origin: somebody who was in the room?"),
            _("Which clients pull again and again, and what do we do there that we don’t elsewhere?"),
        ),
        what_to_do=(
            _("Write the origin down when the row is entered; a quarter later it will be remembered kindly."),
            _("Spend the time saved on selling with those who pull, on understanding their next year."),
        ),
        how_to_show_it=_("As a percentage with the amount of growth it is of, and with how much is of unknown origin."),
        beware=_(
            "It rests on what our own people say about themselves. Where a bonus hangs on it, it stops being true."
        ),
        fed_by=_("The origin on each ledger row: client, joint, agency or unknown."),
        goes_to=_("The opened card of the expansion rate, findings on the portfolio, segments and exports."),
        moves=_("The cost of growth, and how well it survives a change of people on either side."),
    ),
)
