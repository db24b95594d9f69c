"""Commitment: how far ahead the client has bound itself."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import commitment

METRIC = attribute(
    "commitment",
    commitment,
    _("How far ahead the client has bound itself to us; a year or more is full commitment."),
    Card(
        what_it_is=worded(
            _("How long both sides have promised to go on. At 0: {low} At 100: {high}"), **poles("commitment")
        ),
        what_it_tells=_(
            "How far ahead we may plan together. With a month’s notice nobody starts anything that pays off in a year."
        ),
        how_it_is_measured=_(
            "Evidence: the longest of the open engagements, in days from the quarter’s end to the term in force, or"
            " else the notice period. A term that has passed gives 0; a renewal without a new end changes none. Then"
            " both pulses."
        ),
        formula=_(
            "Evidence: 100 × months still committed / 12, at most 100; a month is 30.4375 days. Known while any"
            " engagement is open."
        ),
        trend=_(
            "It runs down by 25 points a quarter and jumps at a renewal. A run-down without a jump in sight is a date"
            " to act on."
        ),
        questions=(
            _("Which terms end within two quarters, and is the renewal being talked about?"),
            _("Is there an engagement with neither term nor notice written down?"),
        ),
        what_to_do=(
            _("Enter the end of every term, and the notice where there is none."),
            _("Offer a longer term against something the client wants, such as a fixed team."),
        ),
        how_to_show_it=_("In the profile of the ten, with the date of the term in words next to it."),
        beware=_("One long small project makes a client look bound whose retainer ends next month."),
        fed_by=_("Terms and renewals in the ledger, notice periods of engagements, pulse answers on commitment."),
        goes_to=_("The profile on the account page, the partnership score, and the signal test."),
        moves=_("How boldly both sides invest, and with it approach and ownership."),
    ),
)
