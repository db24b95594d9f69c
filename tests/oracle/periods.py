"""DOMAIN.md 2: quarters of the agency's fiscal calendar, as half-open spans of dates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Quarter:
    """Three months of the fiscal calendar. "A quarter Q is the half-open span of dates [s, e)"."""

    start: date
    end: date
    label: str

    def holds(self, day: date) -> bool:
        """Whether a day falls in the quarter: its first day does, the next one's first day not."""
        return self.start <= day < self.end


def months_on(first_of_month: date, months: int) -> date:
    """The first day of the month so many months later (or earlier, when negative)."""
    count = first_of_month.year * 12 + (first_of_month.month - 1) + months
    return date(count // 12, count % 12 + 1, 1)


def quarter_of(day: date, first_month: int) -> Quarter:
    """The quarter a day falls in, where the fiscal year begins with the given month.

    DOMAIN.md 2: "Its label is `2026-Q3`; where the fiscal year does not start in January it is
    named after the calendar year in which it ends."
    """
    months_into_year = (day.month - first_month) % 12
    year_start = months_on(date(day.year, day.month, 1), -months_into_year)
    last_month = months_on(year_start, 11)
    number = months_into_year // 3
    start = months_on(year_start, 3 * number)
    return Quarter(start, months_on(start, 3), f"{last_month.year}-Q{number + 1}")


def quarters_before(quarter: Quarter, count: int, first_month: int) -> list[Quarter]:
    """The so many quarters just before one, earliest first."""
    return [quarter_of(months_on(quarter.start, -3 * back), first_month) for back in range(count, 0, -1)]


def year_window(quarter: Quarter, first_month: int) -> list[Quarter]:
    """The four quarters that end with this one, earliest first.

    DOMAIN.md 2: "The *year window* of Q is the four quarters that end with it: [y, e), y being the
    start of the quarter three before Q."
    """
    return [*quarters_before(quarter, 3, first_month), quarter]


def year_before(first_of_month: date) -> date:
    """The same day a year earlier. Every t of DOMAIN.md is the first day of a month."""
    return date(first_of_month.year - 1, first_of_month.month, first_of_month.day)


def quarters_between(first: date, as_of: date, first_month: int) -> list[Quarter]:
    """Every quarter the agency has figures for.

    DATA.md: "Quarters run from the one of the earliest effective start to the one that holds the
    as-of date". DOMAIN.md 13: "none when that quarter begins after the as-of date".
    """
    quarters = []
    quarter = quarter_of(first, first_month)
    while quarter.start <= as_of:
        quarters.append(quarter)
        quarter = quarter_of(quarter.end, first_month)
    return quarters
