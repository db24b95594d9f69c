"""Value: what the client pays for."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import value

METRIC = attribute(
    "value",
    value,
    _("How much of the work is paid for what it is worth rather than for hours."),
    Card(
        what_it_is=worded(_("What the fee is for. At 0: {low} At 100: {high}"), **poles("value")),
        what_it_tells=_("Whether both sides gain from the same thing. Paid by the hour, we earn by being slow."),
        how_it_is_measured=_(
            "Evidence: the part of annual scope at the quarter’s end that sits in engagements priced by value or with"
            " shared risk; time and fixed price are the others. Engagements without a known pricing are left out."
        ),
        formula=_("Evidence: 100 × scope priced by value or shared risk / scope whose pricing is known."),
        trend=_(
            "It moves when engagements begin, end or are priced anew, so in steps. One small pilot is a start, not a"
            " trend."
        ),
        questions=(
            _("Which engagement could be priced by what comes of it, and who would have to agree?"),
            _("Do we know what our work is worth to them, in their figures?"),
        ),
        what_to_do=(
            _("Record how each engagement is priced, also the old ones."),
            _("Offer shared risk where we can measure the outcome, small and with an end date."),
        ),
        how_to_show_it=_("In the profile, with the amounts behind it when asked."),
        beware=_("A fixed price may be a wise choice. The pole is a tendency, not a virtue."),
        fed_by=_("Pricing of engagements and their scope at the quarter’s end, and pulse answers on value."),
        goes_to=_("The profile, the partnership score, the test of signals."),
        moves=_("Margin, and what is talked about: outcomes instead of timesheets."),
    ),
)
