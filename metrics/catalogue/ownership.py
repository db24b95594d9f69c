"""Ownership: how many people carry the relationship."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.blind_spots import PULSE_DAYS
from metrics.figures.partnership import ENOUGH_PEOPLE, ownership

METRIC = attribute(
    "ownership",
    ownership,
    _("How many people on both sides carry the relationship; three on each is enough."),
    Card(
        what_it_is=worded(_("On how many shoulders it rests. At 0: {low} At 100: {high}"), **poles("ownership")),
        what_it_tells=_(
            "What happens when one person leaves. Relationships held by two people end with one resignation."
        ),
        how_it_is_measured=worded(
            _(
                "Evidence: people seen in check-ins of the last {days} days, client contacts and our own apart, each"
                " once, also those who have left since. Known with at least one check-in. Then both pulses."
            ),
            days=PULSE_DAYS,
        ),
        formula=worded(
            _(
                "Evidence: 50 × contacts seen / {enough} + 50 × our people seen / {enough}, neither counting above"
                " {enough}."
            ),
            enough=ENOUGH_PEOPLE,
        ),
        trend=_(
            "A fall on the client’s side is the earliest news of a reorganisation. On ours, of an overloaded team."
        ),
        questions=(
            _("Who at the client would miss us, besides our contact?"),
            _("If our lead were ill for a month, who would call?"),
        ),
        what_to_do=(
            _("Bring one new person to each third check-in, from either side."),
            _("Name the people in the check-in; a meeting without names counts for nobody."),
        ),
        how_to_show_it=_("As a count of people on each side in the profile."),
        beware=_(
            "People who sat there silently count as carrying. Three names at one kick-off look like three pillars."
        ),
        fed_by=_("Contacts and people of the agency named in check-ins, and pulse answers on ownership."),
        goes_to=_("The profile on the account page, the score, and whether it foretells growth."),
        moves=_("How well the account survives a change of people on either side."),
    ),
)
