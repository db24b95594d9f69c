"""Coverage: how much of the partnership score is known."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file, worded
from metrics.figures.partnership import FEWEST_ATTRIBUTES, coverage

METRIC = Metric(
    code="coverage",
    name=_("Coverage"),
    group="partnership",
    unit=_("attributes, of 10"),
    figure=coverage,
    line=_("How many of the ten attributes have a score."),
    columns=in_file("client_quarters.csv", "coverage"),
    card=Card(
        what_it_is=_(
            "How many of the ten attributes could be scored at all for this client at the end of the quarter."
        ),
        what_it_tells=_(
            "How much the partnership score rests on. It is also a measure of us: what we do not know about a client is"
            " mostly what nobody asked or wrote down."
        ),
        how_it_is_measured=_(
            "An attribute counts when it has at least one source that weighs something: a pulse of either side within"
            " half a year, or evidence in the records. One that has a score counts even if it weighs nothing itself."
        ),
        formula=worded(
            _("The number of attributes with a score, 0 to 10. A partnership score needs {n}."), n=FEWEST_ATTRIBUTES
        ),
        trend=_(
            "A saw-tooth that drops every half year is a pulse that nobody repeats. Rising steadily: the records are"
            " becoming a picture."
        ),
        questions=(
            _("Which attributes are unknown for most accounts, and would one habit fix it?"),
            _("Is trust untested because all went well, or because no targets were set?"),
        ),
        what_to_do=(
            _("Look for the missing ones that cost a minute: the standing on the roster, a goal’s agreement, pricing."),
            _("Send a client pulse where fewer are known than a score takes."),
        ),
        how_to_show_it=_("As “8 of 10” beside every score, in small type, and never as a percentage."),
        beware=_("Ten of ten from evidence alone is wide and shallow: nobody at the client was heard."),
        fed_by=_("The ten attribute scores, counted."),
        goes_to=_("Beside each partnership score, in tables, charts and the exported quarters."),
        moves=_("Whether there is a score at all, and how much weight a talk about it can bear."),
    ),
)
