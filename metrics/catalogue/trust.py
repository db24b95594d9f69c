"""Trust: permission to fail."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.client import FAILURE, PATIENCE
from metrics.figures.partnership import trust

METRIC = attribute(
    "trust",
    trust,
    _("Permission to fail: whether scope held after a quarter in which we missed most targets."),
    Card(
        what_it_is=worded(_("What a bad quarter costs us. At 0: {low} At 100: {high}"), **poles("trust")),
        what_it_tells=_(
            "Whether the relationship rests on results alone. Only failure can show it, so most accounts are untested."
        ),
        how_it_is_measured=worded(
            _(
                "Evidence: of the {patience} quarters before this one in which the client had scope at the start and"
                " less than {failure} % of targets were met, those after which scope held. The quarter that followed"
                " may be the one in progress. Without such a quarter trust is untested, not zero. Then both pulses."
            ),
            patience=PATIENCE,
            failure=FAILURE,
        ),
        formula=_(
            "Evidence: 100 × bad quarters after which scope was no smaller at the end of the next / bad quarters."
        ),
        trend=_("With one or two bad quarters in two years it is 0, 50 or 100. Read the story, not the digits."),
        questions=(
            _("What did we say in the quarter that went wrong, and how soon?"),
            _("Where scope was cut after one, was it the result or the surprise?"),
        ),
        what_to_do=(
            _("Tell a miss before the report does, with what we learnt and what it changes."),
            _("With untested accounts, talk once about what should happen when a quarter goes wrong."),
        ),
        how_to_show_it=_("In the profile, with the word “untested” where there was no bad quarter."),
        beware=_("Easy targets never fail and so never test it. A dash here is common and no fault."),
        fed_by=_("Attainment and scope of the quarters before, and pulse answers on trust."),
        goes_to=_("The account’s profile, the score, the signal test."),
        moves=_("Whether we may try things, without which results level off."),
    ),
)
