"""Involvement: how far the client lets us in."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.attribute import attribute, poles
from metrics.catalogue.card import Card, worded
from metrics.figures.partnership import involvement

METRIC = attribute(
    "involvement",
    involvement,
    _("How far the client lets us in: systems, people, marketing, planning."),
    Card(
        what_it_is=worded(_("Which doors are open. At 0: {low} At 100: {high}"), **poles("involvement")),
        what_it_tells=_("How much we can see for ourselves. Advice from behind the door is guesswork, however clever."),
        how_it_is_measured=_(
            "Evidence: kinds of involvement running at the end of the quarter: access to systems, work with people"
            " beyond our contact, a seat in marketing, a part in planning. It is over from the day on which it ended."
            " Then both pulses."
        ),
        formula=_("Evidence: 25 × kinds active at the quarter’s end, known once any had begun before it."),
        trend=_(
            "Doors open one by one. One that closes without a word, such as access withdrawn, is worth a call the same"
            " day."
        ),
        questions=(
            _("Which of the four is closed, and did we ever ask?"),
            _("What do we still ask them for by mail that we could read ourselves?"),
        ),
        what_to_do=(
            _("Ask for the next door with a reason that helps them, such as faster reports."),
            _("Record the day on which each began and ended."),
        ),
        how_to_show_it=_("As four marks in the profile, filled or hollow."),
        beware=_("Access is not attention: a login that nobody uses counts in full."),
        fed_by=_("Involvements by kind with start and end, and pulse answers on involvement."),
        goes_to=_("The account’s profile of ten, the partnership score, and its line in the test."),
        moves=_("Quality of advice, and the effort it would take to replace us."),
    ),
)
