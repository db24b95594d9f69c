"""Communication: a rhythm that both keep."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import communication

METRIC = attribute(
    "communication",
    communication,
    _("Whether we speak with the client as often as agreed; by itself, the check-in rhythm."),
    Card(
        what_it_is=worded(_("When and why we talk. At 0: {low} At 100: {high}"), **poles("communication")),
        what_it_tells=_("Whether there is a talk in which bad news can be told while it is small."),
        how_it_is_measured=_(
            "Evidence: check-ins held within a year against those due by the interval of the client’s tier, from its"
            " first start if that is later. Known once one was ever held. How good the talks are, the pulses say."
        ),
        formula=_("Evidence: 100 × held / due, at most 100; due is days / the tier’s interval."),
        trend=_(
            "Evidence and pulses part ways in a telling manner: full marks for frequency with a low pulse means empty"
            " meetings."
        ),
        questions=(
            _("Is this the right people talking, or only the right number of times?"),
            _("What did we hear in the last three that we did not know?"),
        ),
        what_to_do=(
            _("Agree on the rhythm with the client rather than setting it for them."),
            _("Begin with what went wrong; the rest of the hour is then believed."),
        ),
        how_to_show_it=_("In the profile of the ten; the rhythm alone as a percentage in the page’s head."),
        beware=_("A tier that was set wrongly makes a good rhythm look bad, and the other way round."),
        fed_by=_("Check-ins, value tiers, intervals set, and pulse answers on communication."),
        goes_to=_("The profile and the score; its evidence alone is the check-in rhythm."),
        moves=_("Nearly all the other nine, since it is where they are talked about."),
    ),
    settings=("interval_a", "interval_b", "interval_c", "interval_unset"),
)
