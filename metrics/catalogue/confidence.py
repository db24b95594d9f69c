"""Confidence: whether the client says that the work is good for it."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.blind_spots import PULSE_DAYS
from metrics.figures.partnership import ENOUGH_ANSWERS, ENOUGH_CONFIDENTIAL, confidence

METRIC = Metric(
    code="confidence",
    name=_("Confidence"),
    group="beside",
    unit=_("0 to 100"),
    figure=confidence,
    line=_("Whether the client says the work lowers its risk, improves its decisions and goes its way."),
    indicator="confidence",
    columns=in_file("client_quarters.csv", "confidence"),
    card=Card(
        what_it_is=_(
            "The client’s answer to three statements about our work: it reduces our risk; it improves our decisions; it"
            " supports where our business is headed."
        ),
        what_it_tells=_(
            "The thing that growth of scope is said to reflect: not satisfaction with what was delivered, but belief"
            " that having us changes how the business goes."
        ),
        how_it_is_measured=worded(
            _(
                "Asked in the client’s pulse only. Each respondent’s latest response within {days} days counts,"
                " whichever of the three they answered. Who answered any of them counts as one person for"
                " confidentiality: their answers wait until {all} people answered, {hidden} or more of them"
                " confidentially."
            ),
            days=PULSE_DAYS,
            all=ENOUGH_ANSWERS,
            hidden=ENOUGH_CONFIDENTIAL,
        ),
        formula=_("For each respondent (mean of the statements answered − 1) × 25; then the mean over respondents."),
        trend=_(
            "Expect steps, since people answer twice a year. A fall after a good quarter is the clearest warning there"
            " is that the numbers are beside the point."
        ),
        questions=(
            _("Which of the three statements is lowest, and has the client’s direction changed?"),
            _("Who on their side answers low: the buyer or the boss?"),
        ),
        what_to_do=(
            _("Tie the next proposal to the statement that scored lowest, in the client’s own words."),
            _("Ask at a check-in for one decision that our work changed; if none comes, that is the answer."),
        ),
        how_to_show_it=_("As a number of 100 next to the partnership score, with the three statements spelt out."),
        beware=_("Politeness. Clients rate people they like, so compare with what they then decide."),
        fed_by=_("The last three statements of client pulses."),
        goes_to=_("The account page, beside the score and never in it, and the signal test."),
        moves=_("Who is invited when the client plans, which shows later as approach and as scope."),
    ),
)
