"""Check-in rhythm: whether we talk as often as agreed."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric
from metrics.figures.partnership import communication

METRIC = Metric(
    code="check_in_rhythm",
    name=_("Check-in rhythm"),
    group="beside",
    unit=_("percent of those due"),
    figure=communication,
    line=_("Whether we speak with the client as often as agreed; by itself, the check-in rhythm."),
    settings=("interval_a", "interval_b", "interval_c", "interval_unset"),
    indicator="check_in_rhythm",
    stored=("check_in_rhythm",),
    card=Card(
        what_it_is=_(
            "The check-ins held within a year, of those that the client’s value tier calls for. The one figure here"
            " that is entirely in our own hands."
        ),
        what_it_tells=_(
            "Whether attention matches intent. A programme for key accounts mostly begins with this, so it should move"
            " before anything else does; where it does not, the programme exists on paper."
        ),
        how_it_is_measured=_(
            "By the evidence for communication, on its own. Days are counted from a year before the quarter’s end or"
            " from the client’s first start, whichever is later, to that end, also in a quarter in progress. Two"
            " check-ins on one day count twice. None known until the first was held."
        ),
        formula=_("100 × check-ins held / (days / interval of the client’s tier), at most 100."),
        trend=_(
            "It forgets slowly: a year of good rhythm hides a quarter of silence. The date of the last check-in beside"
            " it tells what the percentage can’t."
        ),
        questions=(
            _("Which accounts are overdue today, and have they been before?"),
            _("Who starts the talks: they, or always we?"),
            _("Do the intervals by tier still match how we want to work?"),
        ),
        what_to_do=(
            _("Hold a short one that is on time rather than a long one that is late."),
            _("Set a tier for every client: without one, the interval is a guess."),
        ),
        how_to_show_it=_("As a percentage with the date of the last one; overdue accounts as a list, by name."),
        beware=_("At 100 it is capped, so more talk than agreed looks like enough. It counts talks, not their worth."),
        fed_by=_("Check-ins with the day they were held, value tiers, and the intervals set for them."),
        goes_to=_("The account page’s head, my accounts, and the signal test as an indicator of its own."),
        moves=_(
            "Everything that is learnt in talks: signs, goals, advice; and readiness, which no overdue check-in allows."
        ),
    ),
)
