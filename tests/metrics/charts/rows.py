"""Quarters of a client as a page has them, for the tests of charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.periods import months_after
from metrics.queries.account import QuarterRow

ZERO = Decimal(0)

ROW = QuarterRow(
    quarter="2024-Q1",
    starts_on=date(2024, 1, 1),
    ends_on=date(2024, 4, 1),
    in_progress=False,
    listed=True,
    scope_start=ZERO,
    scope_end=ZERO,
    value_end=ZERO,
    movement="flat",
    year_starts_on=None,
    scope_year_start=ZERO,
    movement_year="",
    growth_known_year=ZERO,
    growth_pulled_year=ZERO,
    into_new_year=False,
    stayed_year=False,
    kpi_readings=12,
    kpi_met=10,
    attainment=None,
    swing=None,
    pattern="too_early",
    pattern_from=None,
    pattern_attainment=None,
    pattern_scope_start=None,
    partnership_score=None,
    coverage=0,
    confidence=None,
    trust_signs=None,
    check_in_rhythm=None,
    candour=None,
    settings_version=None,
    good_attainment=Decimal(80),
    last_check_in=None,
    lines_at_year_start=(),
)
"""The first quarter of 2024, of which nothing is known."""


def quarters(
    scopes: Sequence[int],
    attainments: Sequence[int | None] | None = None,
    scores: Sequence[int | None] | None = None,
    *,
    in_progress: bool = False,
    **fields: Any,
) -> tuple[QuarterRow, ...]:
    """Quarters from the first of 2024 on, whose scopes at the end are these; the first one begins with its own."""
    rows = []
    before = scopes[0]
    for place, scope in enumerate(scopes):
        starts_on = months_after(date(2024, 1, 1), 3 * place)
        attainment = attainments[place] if attainments else None
        score = scores[place] if scores else None
        rows.append(
            replace(
                ROW,
                quarter=f"{starts_on.year}-Q{(starts_on.month + 2) // 3}",
                starts_on=starts_on,
                ends_on=months_after(starts_on, 3),
                in_progress=in_progress and place == len(scopes) - 1,
                scope_start=Decimal(before),
                scope_end=Decimal(scope),
                attainment=None if attainment is None else Decimal(attainment),
                partnership_score=None if score is None else Decimal(score),
                coverage=0 if score is None else 8,
                **fields,
            )
        )
        before = scope
    return tuple(rows)
