"""Who of either side was seen, when last, and who was in most check-ins."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.queries.account_records import account_records
from accounts.queries.people_seen import People, people_seen
from tests import builders
from tests.builders import Cast

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 2)
EDGE = date(2026, 1, 2)
"""The first day of the half-year to the end of that day: 182 days, the last included."""


def people(cast: Cast, day: date = TODAY) -> People:
    return people_seen(account_records(cast.northwind.pk), day)


def test_who_was_in_a_check_in_of_the_half_year_was_seen(cast: Cast) -> None:
    eve = builders.contact(cast.northwind, "Eve", role="Marketing", decision_maker=True)
    builders.check_in(cast.northwind, date(2026, 3, 1), [cast.dana, eve], [cast.lena])
    builders.check_in(cast.northwind, date(2026, 5, 1), [cast.dana], [cast.lena, cast.sam])
    found = people(cast)
    assert [(row.name, row.seen_on) for row in found.contacts] == [
        ("Dana", date(2026, 5, 1)),
        ("Eve", date(2026, 3, 1)),
    ]
    assert (found.contacts[1].role, found.contacts[1].decision_maker) == ("Marketing", True)
    assert [(row.name, row.seen_on) for row in found.colleagues] == [
        ("Lena", date(2026, 5, 1)),
        ("Sam", date(2026, 5, 1)),
    ]
    assert found.check_ins == 2


@pytest.mark.parametrize(("held_on", "seen"), [(EDGE, 1), (date(2026, 1, 1), 0), (TODAY, 1), (date(2026, 7, 3), 0)])
def test_the_half_year_ends_with_the_day(cast: Cast, held_on: date, seen: int) -> None:
    builders.check_in(cast.northwind, held_on, [cast.dana], [cast.lena])
    found = people(cast)
    assert (len(found.theirs_seen), len(found.colleagues), found.check_ins) == (seen, seen, seen)


def test_who_was_not_seen_is_still_a_contact_and_who_left_comes_last(cast: Cast) -> None:
    eve = builders.contact(cast.northwind, "Eve", left_on=date(2026, 6, 1))
    builders.contact(cast.northwind, "Finn", left_on=date(2026, 8, 1))
    builders.check_in(cast.northwind, date(2026, 5, 1), [eve])
    found = people(cast)
    assert [row.name for row in found.contacts] == ["Dana", "Finn", "Eve"]
    assert [row.name for row in found.present] == ["Dana", "Finn"]
    assert found.theirs_seen == ("Eve",)


def test_the_main_contact_was_in_most_check_ins_of_the_year(cast: Cast) -> None:
    assert people(cast).main_contact is None
    eve = builders.contact(cast.northwind, "Eve", left_on=date(2026, 6, 1))
    builders.check_in(cast.northwind, date(2025, 8, 1), [eve])
    builders.check_in(cast.northwind, date(2025, 9, 1), [eve])
    builders.check_in(cast.northwind, date(2026, 6, 15), [cast.dana])
    main = people(cast).main_contact
    assert main is not None
    assert (main.name, main.left_on) == ("Eve", date(2026, 6, 1))
    builders.check_in(cast.northwind, date(2026, 6, 20), [cast.dana])
    main = people(cast).main_contact
    assert main is not None
    assert main.name == "Dana"


def test_a_check_in_of_more_than_a_year_ago_makes_nobody_the_main_contact(cast: Cast) -> None:
    builders.check_in(cast.northwind, date(2025, 7, 2), [cast.dana])
    assert people(cast).main_contact is None
