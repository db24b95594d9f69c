"""Signal: whether a number foretells growth here."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.signal import (
    COIN,
    FEWEST_CLIENTS,
    FEWEST_GROWERS,
    FEWEST_OTHERS,
    QUARTERS_LATER,
    auc,
)

METRIC = Metric(
    code="signal",
    name=_("Signal"),
    group="signal",
    unit=_("AUC, 0 to 1, and a verdict"),
    figure=auc,
    line=_("How often, of one client-quarter that led to growth and one that did not, the grower's is higher."),
    columns=in_file("signals.csv", "indicator cases growers clients auc low high verdict"),
    card=Card(
        what_it_is=_(
            "A test of every other number on this page, on this agency’s own clients: did those who later grew have"
            " more of it than those who did not?"
        ),
        what_it_tells=_(
            "Which figures deserve attention here. It is the product’s own claim put to the proof each night, and it is"
            " shown whichever way it comes out."
        ),
        how_it_is_measured=worded(
            _(
                "Each client-quarter with scope at its end and {later} full quarters after it is a case: the indicator"
                " then, and whether scope was larger {later} quarters on. Values equal to six decimals are ties. A"
                " client’s quarters count as one cluster, since they are not independent."
            ),
            later=QUARTERS_LATER,
        ),
        formula=worded(
            _(
                "Over all pairs of one that grew and one that did not, the share in which the grower’s value is higher,"
                " ties half. Tells when the 95 % interval (Obuchowski 1997) lies above {coin}, misleads when below,"
                " else no better than a coin. Too few cases with under {growers} growers, under {others} others or"
                " under {clients} clients, or when all of either come from one client."
            ),
            coin=COIN,
            growers=FEWEST_GROWERS,
            others=FEWEST_OTHERS,
            clients=FEWEST_CLIENTS,
        ),
        trend=_(
            "Cases only gather, so it settles over years. Look at the width of the interval: narrowing is learning. A"
            " verdict that flips back and forth has not been reached yet."
        ),
        questions=(
            _("Which indicator do we steer by that is no better than a coin here?"),
            _("Which one tells, and do we look at it at all?"),
            _("Does a missing record explain why one has too few cases?"),
        ),
        what_to_do=(
            _("Give weight to what tells, and stop reporting what misleads."),
            _("Record what has too few cases for two more quarters before you judge it."),
        ),
        how_to_show_it=_(
            "As a dot with its interval on a scale from 0 to 1, the coin drawn as a line, the verdict in words."
        ),
        beware=_(
            "Going before is not bringing about. And with so many indicators tested, one may tell by luck: an interval"
            " that barely clears the line is a hint."
        ),
        fed_by=worded(
            _("Stored figures of all clients, up to {later} quarters before the last that has ended."),
            later=QUARTERS_LATER,
        ),
        goes_to=_("The verdict on each card of this page, and the exported signals."),
        moves=_("What the agency pays attention to, which in the end moves everything else."),
    ),
)
