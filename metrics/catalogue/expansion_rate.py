"""Expansion rate: how many of the clients we had chose more of us."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from metrics.catalogue.card import Band, Card, Metric, in_file, worded
from metrics.figures.expansion import MODERATE, STRONG, band, expansion_rate

METRIC = Metric(
    code="expansion_rate",
    name=_("Expansion rate"),
    group="scope",
    unit=_("percent of clients"),
    figure=expansion_rate,
    line=_("Share of clients in scope at the start of the window whose scope is larger at its end."),
    bands=(
        Band("concerning", _("Concerning"), Decimal(0)),
        Band("moderate", _("Moderate"), Decimal(MODERATE)),
        Band("strong", _("Strong"), Decimal(STRONG)),
    ),
    band_of=band,
    columns=in_file("expansion_rates.csv", "existing rate low high band settled"),
    stored=("to_next_band", "without_rate"),
    card=Card(
        what_it_is=_(
            "Of all clients who had scope with us when the window began, the share who have more of it at the end. It"
            " counts clients, not money: one that doubled and one that added a newsletter are one each."
        ),
        what_it_tells=_(
            "Whether clients who know us keep choosing more of us. A dashboard can look the same for two agencies; this"
            " tells which of them is being handed the next piece of work."
        ),
        how_it_is_measured=_(
            "From the ledger of scope at constant prices, so a price rise is not growth. The headline is the year that"
            " ends with the quarter; the quarter alone stands beside it. Clients who are new or came back are left out:"
            " new business is not expansion. With nobody in scope at the start there is no rate, not zero."
        ),
        formula=worded(
            _(
                "100 × clients whose scope grew / clients in scope at the start. From {strong} strong, from {moderate}"
                " moderate, below concerning. Its interval is the 95 % Wilson score interval; the band is settled when"
                " both ends lie in one band. An end exactly on an edge belongs to the band above it."
            ),
            strong=STRONG,
            moderate=MODERATE,
        ),
        trend=_(
            "Compare year windows, quarter by quarter: neighbours share three quarters, so a turn shows slowly and"
            " stays. Believe a rise once the new interval has left the old rate behind. The quarter alone jumps about."
        ),
        questions=(
            _("Which clients grew, and did they ask for it or did we?"),
            _("How many clients would have to change for the band to be another?"),
            _("Does one manager, industry or service line carry all of the growth?"),
        ),
        what_to_do=(
            _("Read the names behind the count before the percentage, and visit two who grew to learn why."),
            _("Take the clients that stand still behind good numbers first: they have the least reason to."),
        ),
        how_to_show_it=_(
            "As “7 of 19” with its interval, then the band and benchmarks when opened. Over time as a line with its"
            " interval drawn and the bands named. Never the percentage alone with fewer than thirty clients."
        ),
        beware=_(
            "With 12 clients, one is 8 points. The published benchmarks came without a method, so a distance to them is"
            " a conversation, not a finding. And a client may grow a little to save us the talk about a lot."
        ),
        fed_by=_("Scope changes of every engagement: starts, expansions, contractions and ends, reversals taken out."),
        goes_to=_(
            "The head of the portfolio, segments by industry, tier, manager and service line, the quarterly review, and"
            " programmes, where it is told before and after."
        ),
        moves=_(
            "Revenue that needs no pitch, and the mix of the portfolio: where it rises, the agency depends less on"
            " replacing what it loses. It is felt in net scope retention within the same window."
        ),
    ),
)
