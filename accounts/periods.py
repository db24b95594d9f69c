"""Quarters of the agency's fiscal calendar: half-open spans of dates."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property


def months_after(day: date, months: int) -> date:
    """The first day of the month that lies so many months after the day's own month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def year_before(day: date) -> date:
    """The same day one year earlier; 28 February for a leap day."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return date(day.year - 1, day.month, day.day)


def year_after(day: date) -> date:
    """The same day one year later; 28 February for a leap day."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return date(day.year + 1, day.month, day.day)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of the fiscal calendar, [start, end).

    `start` is a first day of a month; `fiscal_month` (1 to 12) is the fiscal year's first month.
    Source: DOMAIN.md, 2.
    """

    start: date
    fiscal_month: int = 1

    @classmethod
    def containing(cls, day: date, fiscal_month: int = 1) -> "Quarter":
        """The quarter that holds this day."""
        return cls(months_after(day, -((day.month - fiscal_month) % 3)), fiscal_month)

    @cached_property
    def end(self) -> date:
        """The first day after the quarter."""
        return months_after(self.start, 3)

    @cached_property
    def label(self) -> str:
        """`2026-Q3`; named after the calendar year in which its fiscal year ends."""
        number = (self.start.month - self.fiscal_month) % 12 // 3 + 1
        first_month = months_after(self.start, -3 * (number - 1))
        return f"{months_after(first_month, 11).year}-Q{number}"

    @cached_property
    def year_start(self) -> date:
        """Where the year window that ends with this quarter begins."""
        return months_after(self.start, -9)

    def shifted(self, quarters: int) -> "Quarter":
        """The quarter that lies so many quarters later; earlier where negative."""
        return Quarter(months_after(self.start, 3 * quarters), self.fiscal_month)

    def in_progress(self, as_of: date) -> bool:
        """Whether it has not ended on that day."""
        return self.end > as_of


def quarters(first: date, as_of: date, fiscal_month: int = 1) -> tuple[Quarter, ...]:
    """All quarters from the one that holds `first` to the one that holds `as_of`, in order.

    Empty when the first quarter begins after the as-of date.
    """
    found = []
    quarter = Quarter.containing(first, fiscal_month)
    while quarter.start <= as_of:
        found.append(quarter)
        quarter = quarter.shifted(1)
    return tuple(found)
