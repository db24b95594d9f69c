"""The timeline: what becomes an entry, what it says, in which order, and what is never said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts import scope_ledger
from accounts.queries.account_records import account_records
from accounts.queries.ledger import ledger
from metrics.timeline import KINDS, TimelineEntry, timeline
from tests import builders

pytestmark = pytest.mark.django_db


def entries(client_id: int, kind: str = "") -> list[TimelineEntry]:
    def money(amount: Decimal) -> str:
        return f"{amount:+.0f}"

    return list(timeline(account_records(client_id), ledger(client_id), money, kind))


def words(entry: TimelineEntry) -> list[str]:
    return [mark.words for mark in entry.marks]


def test_changes_of_scope_say_what_they_do_a_year_and_what_was_reversed() -> None:
    northwind = builders.client()
    retainer = builders.retainer_since(northwind, date(2025, 1, 1), 1000, name="Media")
    builders.scope_change(retainer, "expansion", date(2025, 3, 1), 500, origin="client", note="Asked for films")
    row = builders.scope_change(retainer, "contraction", date(2025, 5, 1), -100)
    scope_ledger.reverse(row, "Typed twice", None)
    builders.scope_change(retainer, "renewal", date(2025, 6, 1), ends_on=date(2026, 6, 1))
    renewal, reversal, undone, expansion, start = entries(northwind.pk)
    assert (renewal.title, words(renewal)) == ("Media is renewed", [])
    assert (reversal.title, reversal.says, words(reversal)) == (
        "Media shrinks", "Typed twice", ["Reversal", "+1200 a year"],
    )  # fmt: skip
    assert [entry.undone for entry in (reversal, undone, expansion)] == [True, True, False]
    assert words(undone)[0] == "Reversed"
    assert [mark.tone for mark in undone.marks] == ["", ""]
    assert (expansion.title, expansion.says) == ("Media grows", "Asked for films")
    assert words(expansion) == ["+6000 a year", "started by: The client"]
    assert start.title == "Media begins"


def test_a_check_in_says_who_what_and_which_signs() -> None:
    cast = builders.cast()
    eve = builders.contact(cast.northwind, "Eve")
    builders.check_in(
        cast.northwind,
        date(2026, 1, 5),
        [eve, cast.dana],
        [cast.sam, cast.lena],
        ["new_channel", "started_over"],
        summary="Next year’s plan",
        initiated_by="client",
    )
    builders.check_in(cast.northwind, date(2026, 1, 1))
    full, bare = entries(cast.northwind.pk)
    assert (full.title, full.says) == ("Check-in with Dana, Eve", "Next year’s plan")
    assert words(full) == [
        "from us: Lena, Sam", "asked for by the client", "A new channel was opened to us", "We started over",
    ]  # fmt: skip
    assert [mark.tone for mark in full.marks] == ["", "", "up", "down"]
    assert (bare.title, bare.says, bare.marks) == ("Check-in", "", ())


def test_someone_without_a_name_is_told_by_their_address() -> None:
    northwind = builders.client()
    builders.check_in(northwind, date(2026, 1, 5), people=[builders.person("", email="r@agency.example")])
    assert words(entries(northwind.pk)[0]) == ["from us: r@agency.example"]


def test_advice_says_how_it_was_taken_what_we_did_what_was_decided_and_what_came_of_it() -> None:
    northwind = builders.client()
    builders.recommendation(
        northwind, date(2026, 1, 1), "Drop the page",
        reception="resisted", stance="defended", decision="adopted", outcome="better",
    )  # fmt: skip
    builders.recommendation(northwind, date(2025, 1, 1), outcome="unknown")
    full, bare = entries(northwind.pk)
    assert full.title == "Drop the page"
    assert words(full) == ["Resisted", "we stood by it", "Adopted", "Better than expected"]
    assert bare.marks == ()


def test_goals_are_set_agreed_and_closed_on_their_days() -> None:
    northwind = builders.client()
    builders.goal(
        northwind, date(2025, 1, 1), "Go north", agreed_on=date(2025, 2, 1), closed_on=date(2025, 9, 1), status="missed"
    )
    builders.goal(northwind, date(2024, 1, 1), "Open a shop", status="", closed_on=date(2024, 3, 1))
    assert [(entry.on, entry.title) for entry in entries(northwind.pk)] == [
        (date(2025, 9, 1), "Goal missed: Go north"),
        (date(2025, 2, 1), "Goal agreed by the client: Go north"),
        (date(2025, 1, 1), "Goal set: Go north"),
        (date(2024, 3, 1), "Goal closed: Open a shop"),
        (date(2024, 1, 1), "Goal set: Open a shop"),
    ]


def test_of_a_pulse_only_the_side_the_day_and_the_number_of_answers_is_told() -> None:
    northwind = builders.client()
    builders.pulse(northwind, date(2026, 2, 1), trust=1, comment="Not happy")
    builders.pulse(northwind, date(2026, 2, 1), respondent="eve@northwind.example", trust=5)
    builders.pulse(northwind, date(2026, 1, 1), "agency", trust=4)
    theirs, ours = entries(northwind.pk)
    assert (theirs.on, theirs.title, theirs.says, theirs.marks) == (
        date(2026, 2, 1), "The client answered the pulse: 2 answers", "", (),
    )  # fmt: skip
    assert ours.title == "We answered the pulse: 1 answer"


def test_answers_of_a_side_within_a_fortnight_of_each_other_are_one_round() -> None:
    northwind = builders.client()
    for day in (date(2026, 2, 1), date(2026, 2, 15), date(2026, 3, 1), date(2026, 3, 16)):
        builders.pulse(northwind, day, trust=3)
    later, earlier = entries(northwind.pk)
    assert (later.on, later.title, later.says) == (
        date(2026, 3, 16), "The client answered the pulse: 1 answer", "",
    )  # fmt: skip
    assert (earlier.on, earlier.title, earlier.says) == (
        date(2026, 3, 1), "The client answered the pulse: 3 answers", "since 1 Feb 2026",
    )  # fmt: skip


def test_a_confidential_answer_is_never_an_entry_and_changes_none() -> None:
    northwind = builders.client()
    builders.pulse(northwind, date(2026, 2, 1), trust=3)
    before = entries(northwind.pk)
    for number in range(4):
        builders.pulse(
            northwind, date(2026, 2, 1 + number), respondent=f"c{number}@northwind.example", trust=1, confidential=True
        )
    assert entries(northwind.pk) == before


def test_a_note_says_who_wrote_it_and_what() -> None:
    northwind = builders.client()
    builders.note(northwind, date(2026, 1, 5), builders.lena(), "They hire a head of growth.")
    (entry,) = entries(northwind.pk)
    assert entry.title == "Note by Lena"
    assert (entry.says, entry.noun) == ("They hire a head of growth.", "accounts:note")


def test_one_kind_is_shown_alone_and_days_come_latest_first() -> None:
    northwind = builders.client()
    day = date(2026, 1, 5)
    builders.retainer_since(northwind, day)
    builders.check_in(northwind, day)
    builders.recommendation(northwind, day)
    builders.pulse(northwind, day)
    builders.goal(northwind, day)
    builders.note(northwind, day, builders.lena())
    builders.check_in(northwind, date(2026, 1, 6))
    assert [entry.kind for entry in entries(northwind.pk)] == ["check-ins", *KINDS]
    for kind in KINDS:
        assert {entry.kind for entry in entries(northwind.pk, kind)} == {kind}
    assert len(entries(northwind.pk, "no such kind")) == 7


def test_another_clients_records_are_not_in_it() -> None:
    contoso = builders.client("Contoso")
    builders.check_in(contoso, date(2026, 1, 5))
    builders.retainer_since(contoso, date(2026, 1, 5))
    assert entries(builders.client().pk) == []
