"""Action: whether we bring advice before anyone asks."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import FEWEST_ADVICE, action

METRIC = attribute(
    "action",
    action,
    _("How much of our advice came before anyone asked."),
    Card(
        what_it_is=worded(_("Who makes the first move. At 0: {low} At 100: {high}"), **poles("action")),
        what_it_tells=_(
            "Whether the client gets a mind or a pair of hands. Clients rarely leave over work; they leave over"
            " silence."
        ),
        how_it_is_measured=_(
            "Evidence: the year’s recommendations for which it is known whether they were proactive or asked for. Those"
            " where it is not known don’t count towards the fewest. Then both pulses."
        ),
        formula=worded(
            _("Evidence: 100 × proactive advice / advice where it is known, with at least {fewest} such."),
            fewest=FEWEST_ADVICE,
        ),
        trend=_(
            "Look at the count with it. A high share of three recommendations a year is a quiet agency with good"
            " manners."
        ),
        questions=(
            _("When did we last advise something that nobody had asked for?"),
            _("What happens to advice here: is it decided on, or does it evaporate?"),
        ),
        what_to_do=(
            _("Bring one thing to each check-in that is not on the agenda."),
            _("Record advice when it is given, not when it turned out right."),
        ),
        how_to_show_it=_("In the profile, with how many pieces of advice it rests on."),
        beware=_("Recording only what was proactive makes it 100. Write down the advice that was asked for too."),
        fed_by=_("Recommendations of the year, proactive or not, and pulse answers on action."),
        goes_to=_("The account’s profile, the partnership score, the signal test."),
        moves=_("Candour, since only advice that is given can be contested, and the share of growth that is pulled."),
    ),
)
