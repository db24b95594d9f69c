"""Northwind's facts, quarter by quarter, as tests need them: what is not said is not known."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from accounts.periods import Quarter, quarters
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics.facts import Answers, ClientFacts, ClientQuarter, LineQuarter
from metrics.figures.settings import QuarterSettings, settings_by_quarter

NORTHWIND = 7

NOBODY = Answers(0, 0, 0, 0)


def calendar(first: date, last: date) -> tuple[Quarter, ...]:
    """The quarters from the one that holds the first day to the one that holds the last."""
    return quarters(first, last)


def default_settings(*versions: SettingVersion, count: int) -> tuple[QuarterSettings, ...]:
    """The settings of so many quarters from January 2024 on."""
    first = Quarter(date(2024, 1, 1))
    return settings_by_quarter([first.shifted(position) for position in range(count)], SettingHistory(versions))


def northwind(
    scopes: Sequence[int | str | Decimal],
    readings: Sequence[tuple[int, int]] = (),
    *,
    lines: Iterable[LineQuarter] = (),
    value_tier: str = "B",
) -> ClientFacts:
    """Northwind from January 2024 on, with this scope at the first quarter start and each quarter end.

    `readings`: how many targets were met, out of how many, by quarter. Value is as scope.
    """
    amounts = [Decimal(scope) for scope in scopes]
    first = Quarter(date(2024, 1, 1))
    facts = []
    for position in range(len(amounts) - 1):
        met, known = readings[position] if position < len(readings) else (0, 0)
        facts.append(
            ClientQuarter(
                NORTHWIND,
                first.shifted(position),
                scope_start=amounts[position],
                scope_end=amounts[position + 1],
                value_start=amounts[position],
                value_end=amounts[position + 1],
                kpi_readings=known,
                kpi_met=met,
            )
        )
    return ClientFacts(NORTHWIND, "northwind", value_tier, date(2024, 1, 1), facts, list(lines))


def with_quarter(facts: ClientFacts, position: int, **changes: object) -> ClientFacts:
    """The same facts with something else known of one quarter."""
    facts.quarters[position] = replace(facts.quarters[position], **changes)  # type: ignore[arg-type]
    return facts


def line(service_line: str, position: int, start: int, end: int, **changes: object) -> LineQuarter:
    """Northwind's scope in one service line in the quarter at that position from January 2024 on."""
    return LineQuarter(
        NORTHWIND,
        service_line,
        Quarter(date(2024, 1, 1)).shifted(position),
        Decimal(start),
        Decimal(end),
        Decimal(start),
        Decimal(end),
        **changes,  # type: ignore[arg-type]
    )
