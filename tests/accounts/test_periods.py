"""Quarters of the fiscal calendar, worked by hand."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.periods import Quarter, months_after, quarters, year_after, year_before

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(1, 12)


def test_a_quarter_of_the_calendar_year_begins_in_january_april_july_or_october() -> None:
    found = Quarter.containing(date(2026, 8, 15))
    assert (found.start, found.end, found.label) == (date(2026, 7, 1), date(2026, 10, 1), "2026-Q3")


def test_the_first_day_of_a_quarter_belongs_to_it_and_the_day_of_its_end_does_not() -> None:
    assert Quarter.containing(date(2026, 7, 1)).label == "2026-Q3"
    assert Quarter.containing(date(2026, 6, 30)).label == "2026-Q2"
    assert Quarter.containing(date(2026, 10, 1)).label == "2026-Q4"


def test_the_last_quarter_of_the_year_ends_in_the_next() -> None:
    found = Quarter.containing(date(2026, 12, 31))
    assert (found.start, found.end, found.label) == (date(2026, 10, 1), date(2027, 1, 1), "2026-Q4")


def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends() -> None:
    # From April: 1 April 2026 begins the fiscal year that ends on 31 March 2027.
    assert Quarter.containing(date(2026, 4, 1), 4).label == "2027-Q1"
    assert Quarter.containing(date(2026, 3, 31), 4).label == "2026-Q4"
    assert Quarter.containing(date(2027, 2, 10), 4).label == "2027-Q4"


def test_a_fiscal_year_from_february_puts_january_in_its_last_quarter() -> None:
    found = Quarter.containing(date(2026, 1, 20), 2)
    assert (found.start, found.end, found.label) == (date(2025, 11, 1), date(2026, 2, 1), "2026-Q4")


def test_a_fiscal_year_from_december_ends_in_the_next_calendar_year() -> None:
    assert Quarter.containing(date(2025, 12, 1), 12).label == "2026-Q1"


def test_the_year_window_is_the_four_quarters_that_end_with_the_quarter() -> None:
    found = Quarter.containing(date(2026, 8, 15))
    assert found.year_start == date(2025, 10, 1)


def test_a_shifted_quarter_lies_whole_quarters_away() -> None:
    found = Quarter.containing(date(2026, 8, 15))
    assert found.shifted(2).label == "2027-Q1"
    assert found.shifted(-3).label == "2025-Q4"
    assert found.shifted(0) == found


def test_a_quarter_is_in_progress_until_its_end_has_come() -> None:
    found = Quarter.containing(date(2026, 8, 15))
    assert found.in_progress(date(2026, 9, 30))
    assert not found.in_progress(date(2026, 10, 1))


def test_quarters_run_from_the_first_to_the_one_that_holds_the_as_of_date() -> None:
    found = quarters(date(2025, 11, 20), date(2026, 7, 1))
    assert [quarter.label for quarter in found] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def test_no_quarter_is_there_before_the_first_has_begun() -> None:
    assert quarters(date(2026, 8, 15), date(2026, 6, 30)) == ()
    # The quarter has begun although the first change is still to come.
    assert len(quarters(date(2026, 8, 15), date(2026, 7, 1))) == 1


def test_a_leap_day_lies_a_year_after_the_last_day_of_february() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2025, 2, 28)) == date(2024, 2, 28)
    assert year_before(date(2024, 3, 1)) == date(2023, 3, 1)


def test_a_leap_day_lies_a_year_before_the_last_day_of_february_too() -> None:
    assert year_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert year_after(date(2023, 2, 28)) == date(2024, 2, 28)
    assert year_after(date(2026, 12, 31)) == date(2027, 12, 31)


def test_months_after_crosses_years_in_both_directions() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 1)
    assert months_after(date(2026, 2, 28), -2) == date(2025, 12, 1)
    assert months_after(date(2026, 12, 5), 0) == date(2026, 12, 1)


@given(DAYS, MONTHS)
def test_every_day_lies_in_exactly_one_quarter(day: date, fiscal_month: int) -> None:
    found = Quarter.containing(day, fiscal_month)
    assert found.start <= day < found.end
    assert Quarter.containing(found.start, fiscal_month) == found
    assert Quarter.containing(found.end, fiscal_month) == found.shifted(1)
    assert Quarter.containing(found.start - timedelta(days=1), fiscal_month) == found.shifted(-1)


@given(DAYS, MONTHS)
def test_a_fiscal_year_has_four_quarters_named_after_its_last_day(day: date, fiscal_month: int) -> None:
    first = Quarter.containing(day, fiscal_month)
    while first.start.month != fiscal_month:
        first = first.shifted(-1)
    year = int(first.label[:4])
    labels = [first.shifted(number).label for number in range(5)]
    assert labels == [f"{year}-Q1", f"{year}-Q2", f"{year}-Q3", f"{year}-Q4", f"{year + 1}-Q1"]
    assert first.shifted(3).year_start == first.start
    # The last day of the fiscal year gives it its name.
    assert (first.shifted(4).start - timedelta(days=1)).year == year
