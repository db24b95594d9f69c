"""Loyalty: which place we have on the roster."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import STANDINGS, loyalty

METRIC = attribute(
    "loyalty",
    loyalty,
    _("Which place we have on the client's roster."),
    Card(
        what_it_is=worded(
            _("How many others the client turns to for what we do. At 0: {low} At 100: {high}"), **poles("loyalty")
        ),
        what_it_tells=_("Whether the next piece of work comes to us by default, by comparison or by price."),
        how_it_is_measured=_(
            "Evidence: the roster standing in force at the end of the quarter, the latest that took effect before it."
            " Known once a standing is recorded. Then both pulses."
        ),
        formula=worded(
            _("Evidence: sole agency {sole}, lead {lead}, one of several {several}, project by project {project}."),
            **STANDINGS,
        ),
        trend=_(
            "It changes in steps, years apart. A step down that we learnt from somebody else is a finding about"
            " talking, too."
        ),
        questions=(
            _("Who else works for them now, and for which part?"),
            _("When was the last tender, and who called for it?"),
        ),
        what_to_do=(
            _("Ask for the standing once a year and record it with its date."),
            _("As one of several, pick the part in which we could lead, and say so."),
        ),
        how_to_show_it=_("As the word itself in the profile, with the day from which it holds."),
        beware=_("Being sole agency may be the client’s convenience. Loyalty in a pulse and on a roster can differ."),
        fed_by=_("Roster standings with their dates, and pulse answers on loyalty."),
        goes_to=_("The profile, the score, and the test whether it foretells growth."),
        moves=_("Cost of winning the next work, and how far a bad quarter reaches."),
    ),
)
