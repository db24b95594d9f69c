"""What an entry of the catalogue consists of: a metric, its bands, and its card of twelve parts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise

GROUPS: dict[str, Words] = {
    "scope": _("Scope and its growth"),
    "choice": _("Signs of choice"),
    "numbers": _("The good numbers"),
    "together": _("Numbers beside scope"),
    "partnership": _("The partnership score"),
    "attributes": _("The ten attributes"),
    "beside": _("Beside the score"),
    "signal": _("Does the dashboard know?"),
}
"""What the metrics are about, in the order in which they are shown."""

PARTS: dict[str, Words] = {
    "what_it_is": _("What it is"),
    "what_it_tells": _("What it can tell"),
    "how_it_is_measured": _("How it is measured"),
    "formula": _("Formula"),
    "trend": _("How to read its trend"),
    "questions": _("Questions to ask"),
    "what_to_do": _("What to do"),
    "how_to_show_it": _("How to show it"),
    "beware": _("What to beware of"),
    "fed_by": _("What it is fed by"),
    "goes_to": _("Where it goes"),
    "moves": _("What it moves"),
}
"""The headings of a card, in order."""


@dataclass(frozen=True)
class Part:
    """One part of a card under its heading: a sentence or several."""

    code: str
    heading: Words
    words: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A metric explained in twelve parts, to somebody who decides by it."""

    what_it_is: Words
    what_it_tells: Words
    how_it_is_measured: Words
    formula: Words
    trend: Words
    questions: tuple[Words, ...]
    what_to_do: tuple[Words, ...]
    how_to_show_it: Words
    beware: Words
    fed_by: Words
    goes_to: Words
    moves: Words

    def __iter__(self) -> Iterator[Part]:
        """The parts in order."""
        for field in fields(self):
            words = getattr(self, field.name)
            yield Part(field.name, PARTS[field.name], words if isinstance(words, tuple) else (words,))


@dataclass(frozen=True)
class Band:
    """What figures from this one on are called, up to the next band's."""

    code: str
    name: Words
    starts_at: Decimal


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One figure that pages show: what it is called and counted in, the function that gives it, and its card.

    `line` is the first line of the function's docstring, in the reader's language. `columns` are those of
    the exported files that show it, as `file column`, and `stored` what is stored of it under other names.
    `settings` are those it depends on beside the calendar; `indicator` is its name in the signal test,
    blank where it is not tested.
    """

    code: str
    name: Words
    group: str
    unit: Words
    figure: Callable[..., Any]
    line: Words
    card: Card
    bands: tuple[Band, ...] = ()
    band_of: Callable[[Decimal], str] | None = None
    settings: tuple[str, ...] = ()
    indicator: str = ""
    columns: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()


def worded(words: Words, **numbers: object) -> Words:
    """Words with the numbers that the figures are computed with, put in when they are read."""
    return format_lazy(words, **numbers)


def in_file(file: str, columns: str) -> tuple[str, ...]:
    """Columns of one exported file, named as `columns` of a metric are."""
    return tuple(f"{file} {column}" for column in columns.split())
