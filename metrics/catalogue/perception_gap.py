"""Perception gap: how differently the two sides see it."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.blind_spots import PULSE_DAYS
from metrics.figures.partnership import ENOUGH_ANSWERS, ENOUGH_CONFIDENTIAL, perception_gap

METRIC = Metric(
    code="perception_gap",
    name=_("Perception gap"),
    group="partnership",
    unit=_("points"),
    figure=perception_gap,
    line=_("How much better we think of ourselves than the client does; negative: worse."),
    columns=in_file("partnership_attributes.csv", "client_pulse agency_pulse perception_gap"),
    stored=("client_pulse_to_show",),
    card=Card(
        what_it_is=_(
            "For one attribute, the distance between where we place the relationship and where the client places it."
            " Plus: we think better of it than they do."
        ),
        what_it_tells=_(
            "Where we are about to be surprised. A wide gap is worth more than a low score, for a low score that both"
            " see is already being talked about."
        ),
        how_it_is_measured=worded(
            _(
                "From the pulses of both sides: each respondent’s latest answer within {days} days, 1 to 5, as 0 to"
                " 100. Ours is given before the client’s opens to us. Confidential answers enter once {all} people"
                " answered, {hidden} or more of them confidentially; until then they wait and the figure is that of the"
                " named ones. The client’s own people are shown their side’s mean where {all} or more answers enter."
            ),
            days=PULSE_DAYS,
            all=ENOUGH_ANSWERS,
            hidden=ENOUGH_CONFIDENTIAL,
        ),
        formula=_(
            "Agency pulse − client pulse, each the mean of (answer − 1) × 25. No gap unless both sides answered."
        ),
        trend=_(
            "A gap that closes from our side means that we learnt; from theirs, that the work got through. One that"
            " opens in a quiet quarter deserves a visit."
        ),
        questions=(
            _("What does the client see in this attribute that we don’t?"),
            _("Who on our side answered: the people who do the work, or those who present it?"),
            _("Is it wide with one respondent or with all?"),
        ),
        what_to_do=(
            _("Take the widest gap to the next check-in and ask for an example, without defending."),
            _("Where we think worse of it than they do, say thanks and find out what they value."),
        ),
        how_to_show_it=_(
            "As a dumbbell for each attribute, widest gap first, one step of the scale and more in colour."
        ),
        beware=_("With one respondent on each side it is two moods. The number of answers belongs beside it."),
        fed_by=_("Client and agency pulses of the last half year, attribute by attribute."),
        goes_to=_("The profile on the account page, its heading, and the exported attributes."),
        moves=_("What is talked about: naming a gap is the cheapest way to close it."),
    ),
)
