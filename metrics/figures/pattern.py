"""The numbers beside the scope: four patterns, and the time it takes to see one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from metrics.figures.exact import mean

PatternCode = Literal["compounding", "stalling", "deepening", "at_risk", "too_early"]

FEWEST_QUARTERS = 2
FEWEST_ATTAINMENTS = 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the numbers beside the scope say, and what it was read from.

    `since` counts quarters back from Q to w (0 would be Q itself); attainment is percent, scope
    annual. All three are None where it is too early to tell.
    """

    code: PatternCode
    since: int | None = None
    attainment: Decimal | None = None
    scope_start: Decimal | None = None


TOO_EARLY = Pattern("too_early")


def pattern(
    scope_starts: Sequence[Decimal],
    attainments: Sequence[Decimal | None],
    scope_end: Decimal,
    good_attainment: Decimal,
) -> Pattern:
    """Whether good numbers and growing scope go together.

    `scope_starts` and `attainments` are by quarter of the year window, ending with Q, as far as
    the calendar goes back (at most four); `scope_end` is S(e); the threshold is percent.
    Source: DOMAIN.md, 6: "over the quarters from w to Q, w being the first quarter start in Q's
    year window with S(w) > 0, also across a gap. It needs at least two quarters from w to e, and
    attainment in at least two quarters from w on; else the pattern is Too early to tell. Numbers
    are good when the mean of those quarterly attainments is ≥ 80 (setting). Scope grows when
    S(e) > S(w)."
    """
    since = next((position for position, scope in enumerate(scope_starts) if scope > 0), None)
    if since is None or len(scope_starts) - since < FEWEST_QUARTERS:
        return TOO_EARLY
    known = [number for number in attainments[since:] if number is not None]
    if len(known) < FEWEST_ATTAINMENTS:
        return TOO_EARLY
    middle = mean(known)
    grows = scope_end > scope_starts[since]
    code: PatternCode
    if middle >= good_attainment:
        code = "compounding" if grows else "stalling"
    else:
        code = "deepening" if grows else "at_risk"
    return Pattern(code, len(scope_starts) - since - 1, middle, scope_starts[since])
