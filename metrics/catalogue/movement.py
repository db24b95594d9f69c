"""Movement: what became of a client's scope in a window."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import movement

METRIC = Metric(
    code="movement",
    name=_("Grew, flat or less"),
    group="choice",
    unit=_("a word for each client, and counts of them"),
    figure=movement,
    line=_("What became of a client's scope between the start and the end of a window."),
    columns=(
        *in_file("client_quarters.csv", "movement"),
        *in_file("expansion_rates.csv", "expanding flat contracting lost"),
    ),
    stored=("movement_year",),
    card=Card(
        what_it_is=_(
            "One word for each client and window: expanding, flat, contracting or lost for those who were here when it"
            " began; new or returned for those who were not."
        ),
        what_it_tells=_(
            "The first sign of choice: who grew. And the makeup of the portfolio behind a rate: 30 % expanding is one"
            " thing when the others stand still, another when a third of them shrink."
        ),
        how_it_is_measured=_(
            "Scope at the start of the window against scope at its end; what happened between is not asked. A client"
            " that left and came back with more within the window has grown."
        ),
        formula=_(
            "Expanding: more at the end. Flat: the same. Contracting: less, but some. Lost: none. With none at the"
            " start: returned when there was scope at an earlier quarter start, else new."
        ),
        trend=_(
            "Follow the counts as a stack over the quarters. Contracting comes before lost more often than lost comes"
            " out of the blue, so a rising share of it is next year’s news."
        ),
        questions=(
            _("Who moved from flat to contracting since the last quarter?"),
            _("Of those lost, who had told us, and when?"),
            _("Are returned clients coming back for the same work or for other work?"),
        ),
        what_to_do=(
            _("Call those who contracted before the quarter is reviewed: a cut that is talked about can be undone."),
            _("Ask who returned what they missed: nobody else can tell you."),
        ),
        how_to_show_it=_("As counts that add up to all clients of the start, each a link to the accounts behind it."),
        beware=_(
            "Any growth counts, however small, and so does any cut. Read amounts in the ledger before you call a client"
            " lost to you or won."
        ),
        fed_by=_("Annual scope at the two ends of the window, and at earlier quarter starts for returned."),
        goes_to=_("The opened card of the expansion rate, account pages, readiness, and both exported files."),
        moves=_("The expansion rate, which is the count of expanding over the count of the first four."),
    ),
)
