"""Taken into something new: the client lets us into a kind of work we did not do for it."""

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Card, Metric, in_file
from metrics.figures.expansion import is_taken_into_something_new

METRIC = Metric(
    code="into_new",
    name=_("Taken into something new"),
    group="choice",
    unit=_("clients, as k of n existing"),
    figure=is_taken_into_something_new,
    line=_("Whether the client let us into a kind of work that we did not do for it before."),
    columns=in_file("expansion_rates.csv", "into_new"),
    stored=("into_new_year",),
    card=Card(
        what_it_is=_(
            "A client who gave us work in a named service line in which it had nothing with us when the window began."
        ),
        what_it_tells=_(
            "Trust that money does not show: a client may move budget from one line to another, stay flat in total, and"
            " still have said that it believes we can do the next thing too."
        ),
        how_it_is_measured=_(
            "An effective start or expansion in the line within the window, whether or not the client grew otherwise,"
            " and whether or not that scope is still there at the end. A start of value zero counts: being let in is"
            " what is asked. Only clients in scope at the start are counted."
        ),
        formula=_(
            "Clients with at least one start or expansion in a line where scope was 0 at the start of the window, of"
            " all clients in scope then. Work without a named line can’t count."
        ),
        trend=_(
            "It tends to lead growth by a few quarters: a pilot in a new line, then scope in it. Many such clients and"
            " little growth mean that pilots are not followed up."
        ),
        questions=(
            _("Which line do clients let us into most, and did we offer it or did they ask?"),
            _("What became of the pilots of a year ago?"),
        ),
        what_to_do=(
            _("Name the service line on every engagement, or this can’t be seen."),
            _("Give each new line a date on which both sides look at it, before the pilot fades."),
        ),
        how_to_show_it=_("As “4 of 19”, and beside a flat pattern in words: “scope flat, moved into Video”."),
        beware=_("Splitting an old line into two names makes every client look taken into something new."),
        fed_by=_("Ledger rows with the service line of their engagement, and scope by line at the window’s start."),
        goes_to=_("Signs of choice on the portfolio and the account page; beside the rate, never in it."),
        moves=_("How many people and teams at the client know us, and with that the size of the next brief."),
    ),
)
