"""Whether the moment is right to raise an opportunity: the client is succeeding and heard."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from metrics.figures.settings import QuarterSettings

Condition = Literal["not_succeeding", "partnership_low", "check_in_overdue", "contracting"]

SHRINKING = ("contracting", "lost")


@dataclass(frozen=True, slots=True)
class ReadinessFacts:
    """What is known of a client at the end of the last quarter that has ended.

    Percent; None: not known. `movement` is the quarter's.
    """

    attainment: Decimal | None
    goal_achieved: bool
    """Whether a goal was achieved in the year up to the quarter's end."""
    partnership_score: Decimal | None
    check_in_overdue: bool
    movement: str


def is_check_in_overdue(day: date, interval: int, last_held: date | None, first_start: date | None) -> bool:
    """Whether more days than agreed have gone by without a check-in.

    `interval` in days; `last_held` the last check-in before the day; without one, time runs from
    the client's first effective start, and with neither nothing is due. On the day it falls due it
    is not yet overdue. Source: DOMAIN.md, 11: "interval by tier, from the last one held, or from
    the first start when none was".
    """
    since = last_held or first_start
    return since is not None and (day - since).days > interval


def unmet_conditions(facts: ReadinessFacts, settings: QuarterSettings) -> tuple[Condition, ...]:
    """What speaks against raising an opportunity now; empty when the client is ready for it.

    Source: DOMAIN.md, 10: "attainment ≥ 60 or a goal achieved in the last year; partnership score
    ≥ 50 or not known; no overdue check-in; not contracting in the quarter". A client that was lost
    in the quarter counts as contracting.
    """
    unmet: list[Condition] = []
    succeeding = facts.attainment is not None and facts.attainment >= settings.ready_attainment
    if not succeeding and not facts.goal_achieved:
        unmet.append("not_succeeding")
    score = facts.partnership_score
    if score is not None and score < settings.ready_partnership:
        unmet.append("partnership_low")
    if facts.check_in_overdue:
        unmet.append("check_in_overdue")
    if facts.movement in SHRINKING:
        unmet.append("contracting")
    return tuple(unmet)
