"""Partnership score: how far from supplier and how near to partner."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.settings_in_force import ATTRIBUTES, SOURCES
from metrics.catalogue.card import Band, Card, Metric, in_file, worded
from metrics.figures.partnership import (
    DEVELOPING,
    FEWEST_ATTRIBUTES,
    PARTNERSHIP,
    partnership_score,
    score_band,
)

METRIC = Metric(
    code="partnership_score",
    name=_("Partnership score"),
    group="partnership",
    unit=_("0 to 100"),
    figure=partnership_score,
    line=_("How much of a partnership it is, over all attributes that can be known."),
    bands=(
        Band("transactional", _("Transactional"), Decimal(0)),
        Band("developing", _("Developing"), Decimal(DEVELOPING)),
        Band("partnership", _("Partnership"), Decimal(PARTNERSHIP)),
    ),
    band_of=score_band,
    settings=(
        *(f"weight.{source}" for source in SOURCES),
        *(f"weight.{attribute}" for attribute in ATTRIBUTES),
    ),
    indicator="partnership_score",
    columns=in_file("client_quarters.csv", "partnership_score"),
    card=Card(
        what_it_is=_(
            "One number for the kind of relationship, from 0, where we are a supplier who can be swapped next month, to"
            " 100, where both sides plan, decide and answer for things together."
        ),
        what_it_tells=_(
            "How deep the water is under the results. Since each attribute joins what the client says, what records"
            " show and what we believe, no single voice can carry it."
        ),
        how_it_is_measured=_(
            "At the end of each quarter, from the ten attributes. Each blends up to three sources by their weights; the"
            " agency’s opinion of itself weighs least. Where a source is missing, the others take its place. An"
            " attribute that weighs nothing still counts towards coverage."
        ),
        formula=worded(
            _(
                "The mean of the attributes that have a score, by their weights, given with at least {fewest} of ten."
                " Below {developing} transactional, below {partnership} developing, from {partnership} partnership. No"
                " score where all that are known weigh nothing."
            ),
            fewest=FEWEST_ATTRIBUTES,
            developing=DEVELOPING,
            partnership=PARTNERSHIP,
        ),
        trend=_(
            "Look at why it moved before how far: the account page lists each cause, and they add up exactly. A drop"
            " that is all “went out with age” asks for a new pulse, not for a new strategy."
        ),
        questions=(
            _("Which attribute pulls it down, and do the three sources agree on it?"),
            _("How much of it is the client’s own word?"),
            _("What would the client do differently if this were ten points higher?"),
        ),
        what_to_do=(
            _("Pick one attribute with the client, not three, and agree on what would show that it moved."),
            _("Ask for a pulse where the client’s view is missing: evidence alone flatters."),
        ),
        how_to_show_it=_(
            "As a whole number with its band and “8 of 10 attributes known”; over time as a line that breaks where it"
            " is not known. The ten beneath it as a profile."
        ),
        beware=_(
            "Scores of clients with other attributes known are not of the same thing. Weights are our choice: changing"
            " them moves every score, so each quarter keeps the version it was computed with."
        ),
        fed_by=_("Pulses of both sides and the evidence of the records, attribute by attribute."),
        goes_to=_(
            "Account pages, the portfolio’s table, readiness, and the signal test, which asks whether it is any use."
        ),
        moves=_("Whether an opportunity is raised now, and which talk an account lead prepares."),
    ),
)
