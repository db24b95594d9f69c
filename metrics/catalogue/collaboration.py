"""Collaboration: whose goals we work for."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import collaboration

METRIC = attribute(
    "collaboration",
    collaboration,
    _("How many of the goals we work for are the client's own."),
    Card(
        what_it_is=worded(_("Whether goals are shared. At 0: {low} At 100: {high}"), **poles("collaboration")),
        what_it_tells=_("Whether both sides would call the same thing a success at the end of the year."),
        how_it_is_measured=_(
            "Evidence: goals open at any time in the year that ends with the quarter, and those of them that the client"
            " had agreed by then. A goal without a closing day is open whatever its status says. Then both pulses."
        ),
        formula=_("Evidence: 100 × goals agreed by the client / goals open within the year, with at least one."),
        trend=_(
            "It drops each time we set goals for a new year and climbs as they are agreed. It should be back within a"
            " quarter."
        ),
        questions=(
            _("Which goal has been waiting for the client’s yes, and since when?"),
            _("Whose bonus hangs on one of these goals?"),
        ),
        what_to_do=(
            _("Put the goals up for agreement in the check-in, one page, with a date."),
            _("Drop goals that nobody wants to agree to; close them with a day."),
        ),
        how_to_show_it=_("In the profile; on the account page the goals themselves, agreed or not."),
        beware=_("Three vague goals that anyone would sign make 100. Look at what they say."),
        fed_by=_("Goals with the days on which they were set, agreed and closed, and pulse answers on collaboration."),
        goes_to=_("The profile, the score, the signal test; and opportunities, which exist only under a goal."),
        moves=_("What may be raised: an opportunity serves a goal, so without goals there is nothing to offer."),
    ),
)
