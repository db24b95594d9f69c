"""What the ten attributes of partnership are called, and what stands at either end of each, in a sentence."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Attribute:
    """One of the ten: its name, and what the relationship is like at 0 and at 100."""

    name: str | Promise
    transactional: str | Promise
    partnership: str | Promise


ATTRIBUTE_WORDS: dict[str, Attribute] = {
    "commitment": Attribute(
        _("Commitment"),
        _("Either side could walk away next month."),
        _("Both are bound to each other for a year."),
    ),
    "approach": Attribute(
        _("Approach"),
        _("We are called in to carry out a brief."),
        _("We are there when the idea comes up."),
    ),
    "action": Attribute(
        _("Action"),
        _("We act when we are asked to."),
        _("We bring advice before anyone asks."),
    ),
    "loyalty": Attribute(
        _("Loyalty"),
        _("Each project goes out to tender."),
        _("We are the agency they turn to first."),
    ),
    "trust": Attribute(
        _("Trust"),
        _("One bad quarter costs us work."),
        _("A bad quarter is something to learn from together."),
    ),
    "ownership": Attribute(
        _("Ownership"),
        _("One person on each side holds it together."),
        _("Several people on both sides carry it."),
    ),
    "value": Attribute(
        _("Value"),
        _("They pay for our hours."),
        _("They pay for what comes of the work."),
    ),
    "involvement": Attribute(
        _("Involvement"),
        _("We are kept at the door."),
        _("We are let into their systems, teams and plans."),
    ),
    "communication": Attribute(
        _("Communication"),
        _("We talk when something is wrong."),
        _("We talk in a rhythm that both keep."),
    ),
    "collaboration": Attribute(
        _("Collaboration"),
        _("Their goals are theirs to know."),
        _("Goals are set and agreed together."),
    ),
}
"""By code, in the order of ATTRIBUTES."""
