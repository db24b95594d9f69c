"""What the pulse asks: each attribute between two poles, and the statements, as either side would say them."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.attributes import ATTRIBUTE_WORDS, Attribute

Words = str | Promise

PLACES = (1, 2, 3, 4, 5)
"""From the transactional pole to that of partnership; of a statement, from not at all to fully."""

FOR_THE_CLIENT: dict[str, Attribute] = {
    "commitment": Attribute(
        _("Commitment"),
        _("Either of us could walk away next month."),
        _("We are bound to each other for the year ahead."),
    ),
    "approach": Attribute(
        _("Approach"),
        _("We call them in once the brief is written."),
        _("They are there when the idea comes up."),
    ),
    "action": Attribute(
        _("Action"),
        _("They act when we ask them to."),
        _("They bring us advice before we ask."),
    ),
    "loyalty": Attribute(
        _("Loyalty"),
        _("We put each project out to tender."),
        _("They are the first we turn to."),
    ),
    "trust": Attribute(
        _("Trust"),
        _("One bad quarter would cost them work."),
        _("A bad quarter is something we learn from together."),
    ),
    "ownership": Attribute(
        _("Ownership"),
        _("One person on each side holds it together."),
        _("Several people on both sides carry it."),
    ),
    "value": Attribute(
        _("Value"),
        _("We pay for their hours."),
        _("We pay for what comes of the work."),
    ),
    "involvement": Attribute(
        _("Involvement"),
        _("We keep them at the door."),
        _("They are let into our systems, teams and plans."),
    ),
    "communication": Attribute(
        _("Communication"),
        _("We talk when something is wrong."),
        _("We talk in a rhythm that both of us keep."),
    ),
    "collaboration": Attribute(
        _("Collaboration"),
        _("Our goals are ours to know."),
        _("We set our goals and agree on them together."),
    ),
}
"""By code, in the order of ATTRIBUTES: said by somebody of the client, of the agency."""

FOR_THE_AGENCY = ATTRIBUTE_WORDS
"""The same, said by somebody of the agency."""


@dataclass(frozen=True)
class Statement:
    """One of the three statements of confidence: how far does it hold?"""

    ENDS: ClassVar[tuple[Words, Words]] = (_("Not at all"), _("Fully"))

    says: Words


CONFIDENCE: dict[str, Statement] = {
    "reduces_risk": Statement(_("Their work reduces our risk.")),
    "improves_decisions": Statement(_("Their work improves our decisions.")),
    "supports_direction": Statement(_("Their work supports where our business is headed.")),
}
"""By code, in the order of STATEMENTS: asked of the client alone."""
