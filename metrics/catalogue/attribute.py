"""What the entries of the ten attributes have in common."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.attributes import ATTRIBUTE_WORDS
from accounts.settings_in_force import SOURCES
from metrics.catalogue.card import Card, Metric, Words, in_file


def attribute(
    code: str, figure: Callable[..., Decimal | None], line: Words, card: Card, settings: tuple[str, ...] = ()
) -> Metric:
    """One of the ten, by the function that gives its evidence; `settings` are those its evidence depends on."""
    return Metric(
        code=code,
        name=ATTRIBUTE_WORDS[code].name,
        group="attributes",
        unit=_("0 transactional to 100 partnership"),
        figure=figure,
        line=line,
        card=card,
        settings=(*settings, *(f"weight.{source}" for source in SOURCES), f"weight.{code}"),
        indicator=code,
        columns=in_file("partnership_attributes.csv", "attribute evidence score"),
    )


def poles(code: str) -> dict[str, Any]:
    """The sentences at either end of an attribute, to be put into its card."""
    return {"low": ATTRIBUTE_WORDS[code].transactional, "high": ATTRIBUTE_WORDS[code].partnership}
