"""What moved since the quarter before: patterns, scope and partnership scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.settings_in_force import ATTRIBUTES

NAMED = 12
"""How many are named of those that moved alike; the others are counted."""
MOVED_POINTS = Decimal(5)
"""Points from one quarter's end to the next from which a partnership score has moved."""
ZERO = Decimal(0)
MOVEMENTS = ("expanding", "contracting", "lost", "new", "returned")
"""What can become of an account's scope within a quarter, unless it stays as it was."""
GROWING = ("compounding", "deepening")
NOT_GROWING = ("stalling", "at_risk")

Row = Mapping[str, Any]
"""One account of the quarter, as metrics.queries.quarter.accounts reads it."""


@dataclass(frozen=True)
class PatternMove:
    """One account whose pattern is another than a quarter before.

    `attainment` and `growth` are what each pattern was read from: the mean attainment in percent, and the change
    of annual scope in the client's currency; `good` the attainment from which numbers were good. None: not known.
    """

    external_id: str
    name: str
    currency: str
    before: str
    after: str
    attainment_before: Decimal | None
    attainment_after: Decimal | None
    growth_before: Decimal | None
    growth_after: Decimal | None
    good_before: Decimal
    good_after: Decimal


@dataclass(frozen=True)
class ScopeMove:
    """What one quarter did to one account's annual scope, in its currency and in the reporting one.

    `reported` is None where the currency had no rate when the quarter began.
    """

    external_id: str
    name: str
    currency: str
    change: Decimal
    reported: Decimal | None


@dataclass(frozen=True)
class ScopeGroup:
    """All accounts that one thing became of within the quarter: the largest by name, the others by number.

    `amount` is the sum of their changes in the reporting currency, without those whose currency had no rate.
    """

    movement: str
    accounts: int
    amount: Decimal
    unpriced: int
    moves: tuple[ScopeMove, ...]

    @property
    def unnamed(self) -> int:
        """How many are not named."""
        return self.accounts - len(self.moves)


@dataclass(frozen=True)
class ScoreMove:
    """One account whose partnership score moved since the quarter before.

    `attribute` is the one that moved furthest of those known at both ends, `moved` by how much; blank where the
    account is not among those told of one by one.
    """

    external_id: str
    name: str
    before: Decimal
    after: Decimal
    coverage_before: int
    coverage_after: int
    attribute: str
    moved: Decimal | None

    @property
    def change(self) -> Decimal:
        """In points."""
        return self.after - self.before


@dataclass(frozen=True)
class Moves:
    """What moved since the quarter before. The tuples hold the first of each; the numbers count all."""

    patterns: tuple[PatternMove, ...] = ()
    patterns_moved: int = 0
    scope: tuple[ScopeGroup, ...] = ()
    scores: tuple[ScoreMove, ...] = ()
    closer: int = 0
    further: int = 0
    scored_twice: int = 0
    """How many had a score at both quarters' ends."""
    grew_into: int = 0
    """Of those whose pattern moved, how many began to grow."""
    grew_out: int = 0
    """Of those whose pattern moved, how many no longer grow."""

    def group(self, movement: str) -> ScopeGroup:
        """The accounts that this became of, none where it became of nobody."""
        empty = ScopeGroup(movement, 0, ZERO, 0, ())
        return next((group for group in self.scope if group.movement == movement), empty)


def moves_of(rows: Sequence[Row], good_before: Decimal, good_after: Decimal) -> Moves:
    """What moved, from the rows of all accounts; `good` is the attainment from which numbers were good at each end."""
    patterns = [row for row in rows if row["earlier_pattern"] and row["pattern"] != row["earlier_pattern"]]
    scored = [row for row in rows if row["partnership_score"] is not None and row["earlier_score"] is not None]
    scores = [row for row in scored if abs(row["partnership_score"] - row["earlier_score"]) >= MOVED_POINTS]
    scores.sort(key=lambda row: abs(row["partnership_score"] - row["earlier_score"]), reverse=True)
    closer = sum(row["partnership_score"] > row["earlier_score"] for row in scores)
    return Moves(
        patterns=tuple(
            PatternMove(
                external_id=row["external_id"],
                name=row["name"],
                currency=row["currency"],
                before=row["earlier_pattern"],
                after=row["pattern"],
                attainment_before=row["earlier_attainment"],
                attainment_after=row["pattern_attainment"],
                growth_before=row["earlier_growth"],
                growth_after=row["growth"],
                good_before=good_before,
                good_after=good_after,
            )
            for row in patterns[:NAMED]
        ),
        patterns_moved=len(patterns),
        scope=tuple(_group(movement, rows) for movement in MOVEMENTS),
        scores=tuple(map(_score_move, scores[:NAMED])),
        closer=closer,
        further=len(scores) - closer,
        scored_twice=len(scored),
        grew_into=sum(row["earlier_pattern"] in NOT_GROWING and row["pattern"] in GROWING for row in patterns),
        grew_out=sum(row["earlier_pattern"] in GROWING and row["pattern"] in NOT_GROWING for row in patterns),
    )


def _group(movement: str, rows: Iterable[Row]) -> ScopeGroup:
    moves = [
        ScopeMove(row["external_id"], row["name"], row["currency"], change, reported)
        for row in rows
        if row["movement"] == movement
        for change in [row["scope_end"] - row["scope_start"]]
        for reported in [None if row["rate"] is None else change * row["rate"]]
    ]
    moves.sort(key=lambda move: (move.reported is None, -abs(move.reported or ZERO)))
    return ScopeGroup(
        movement=movement,
        accounts=len(moves),
        amount=sum((move.reported for move in moves if move.reported is not None), ZERO),
        unpriced=sum(move.reported is None for move in moves),
        moves=tuple(moves[:NAMED]),
    )


def _score_move(row: Row) -> ScoreMove:
    known = [
        (attribute, after - before)
        for attribute, before, after in zip(
            ATTRIBUTES, row["earlier_scores"] or (None,) * 10, row["scores"] or (None,) * 10, strict=True
        )
        if before is not None and after is not None and before != after
    ]
    attribute, moved = max(known, key=lambda one: abs(one[1]), default=("", None))
    return ScoreMove(
        external_id=row["external_id"],
        name=row["name"],
        before=row["earlier_score"],
        after=row["partnership_score"],
        coverage_before=row["earlier_coverage"],
        coverage_after=row["coverage"],
        attribute=attribute,
        moved=moved,
    )
