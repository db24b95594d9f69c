"""Each rule about an account's records just below its threshold and just above it, in the singular and the plural."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from metrics.account_sentences import (
    CandourFacts,
    PeopleFacts,
    TermFacts,
    candour_sentence,
    is_single_threaded,
    open_heading,
    people_heading,
    people_who_left,
    profile_description,
    standing_heading,
    terms_heading,
)
from metrics.findings import AccountFacts

PERCENT = "\N{NO-BREAK SPACE}%"


# People


@pytest.mark.parametrize(
    ("theirs", "ours", "known", "single", "heading"),
    [
        ("A", "L", "AB", True, "Single-threaded: within half a year only A and L met."),
        ("A", "LS", "AB", True, "Single-threaded: of the client, only A was seen within half a year."),
        ("AB", "L", "AB", True, "Single-threaded: of us, only L was seen within half a year."),
        ("AB", "LS", "A", True, "Single-threaded: A is the only contact we know."),
        ("AB", "LS", "AB", False, "Several on both sides carry it: two of the client, two of us."),
        ("", "LS", "AB", False, "Whom of the client we met was not recorded."),
        ("AB", "", "AB", False, "Which of us was there was not recorded."),
        ("", "", "AB", False, "Who was in the check-ins was not recorded."),
        ("", "L", "AB", True, "Single-threaded: of us, only L was seen within half a year."),
    ],
)
def test_an_account_hangs_on_one_person_where_one_was_seen_or_one_is_known(
    theirs: str, ours: str, known: str, single: bool, heading: str
) -> None:
    facts = PeopleFacts(known=tuple(known), theirs=tuple(theirs), ours=tuple(ours), check_ins=3)
    assert is_single_threaded(facts) is single
    assert people_heading(facts) == heading


def test_without_check_ins_nothing_is_claimed_of_who_was_seen() -> None:
    assert people_heading(PeopleFacts(known=("A", "B"))) == "Nobody was seen in a check-in within half a year."
    assert not is_single_threaded(PeopleFacts(known=("A", "B")))
    assert people_heading(PeopleFacts(known=("A",))) == "Single-threaded: A is the only contact we know."
    assert not is_single_threaded(PeopleFacts())


def test_a_main_contact_that_left_is_said() -> None:
    assert people_who_left(PeopleFacts(main_contact="Dana")) == ""
    assert people_who_left(PeopleFacts(main_contact="Dana", main_left_on=date(2026, 5, 1))) == (
        "Dana, who was in most check-ins of the year, left on 1 May 2026."
    )


def test_it_is_said_when_nobody_who_decides_is_left() -> None:
    assert people_who_left(PeopleFacts()) == ""
    assert people_who_left(PeopleFacts(decision_makers=2, decision_makers_left=1)) == ""
    assert people_who_left(PeopleFacts(decision_makers=1, decision_makers_left=1)) == (
        "The decision maker we knew has left."
    )
    assert people_who_left(PeopleFacts(decision_makers=2, decision_makers_left=2)) == (
        "The two decision makers we knew have left."
    )


# Terms


def term(days_left: int | None, name: str = "Media") -> TermFacts:
    if days_left is None:
        return TermFacts(name)
    return TermFacts(name, date.fromordinal(date(2026, 5, 15).toordinal() + days_left), days_left)


@pytest.mark.parametrize(
    ("days_left", "heading"),
    [
        (-1, "The term of Media ended on 14 May 2026, and no renewal is recorded."),
        (0, "The term of Media ends today."),
        (1, "The term of Media ends in one day."),
        (90, "The term of Media ends in 90 days."),
        (91, "The next term to end is that of Media, on 14 Aug 2026."),
        (None, "The open engagement has no agreed term."),
    ],
)
def test_the_term_that_asks_for_attention_first_is_told(days_left: int | None, heading: str) -> None:
    assert terms_heading([term(days_left)]) == heading


def test_a_term_that_passed_comes_before_one_that_ends_soon_and_that_before_later_ones() -> None:
    assert "Media ended" in terms_heading([term(3, "Films"), term(-3), term(200, "Search")])
    assert "Films ends in three days" in terms_heading([term(200, "Search"), term(3, "Films"), term(None)])
    assert "Media ended" in terms_heading([term(-3), term(-300, "Films")])


def test_engagements_without_a_term_and_none_at_all() -> None:
    assert terms_heading([term(None), term(None, "Films")]) == "None of the open engagements has an agreed term."
    assert terms_heading([]) == ""


# What is open


@pytest.mark.parametrize(
    ("advice", "late", "goals", "opportunities", "heading"),
    [
        (1, 2, 3, 4, "One piece of advice is due to be judged."),
        (2, 0, 0, 0, "Two pieces of advice are due to be judged."),
        (0, 1, 3, 4, "One goal is past its day, and still open."),
        (0, 2, 3, 4, "Two goals are past their day, and still open."),
        (0, 0, 1, 4, "We work towards one goal."),
        (0, 0, 10, 4, "We work towards 10 goals."),
        (0, 0, 0, 1, "One opportunity is open."),
        (0, 0, 0, 2, "Two opportunities are open."),
        (0, 0, 0, 0, "Nothing is open."),
    ],
)
def test_what_is_open_is_headed_by_what_is_due(
    advice: int, late: int, goals: int, opportunities: int, heading: str
) -> None:
    assert open_heading(advice_due=advice, goals_late=late, goals=goals, opportunities=opportunities) == heading


# Where we stand


@pytest.mark.parametrize(
    ("standing", "kinds", "heading"),
    [
        ("sole", 4, "We are the client’s only agency, let into four of four parts of its work."),
        ("lead", 2, "We lead the client’s agencies, let into two of four parts of its work."),
        ("several", 1, "We are one of several agencies, let into one of four parts of its work."),
        ("project", 0, "We are asked project by project, and let into none of its work."),
        ("", 1, "We are let into one of four parts of the client’s work."),
        ("", 0, "Where we stand was not recorded."),
    ],
)
def test_where_we_stand_is_said_as_far_as_it_is_known(standing: str, kinds: int, heading: str) -> None:
    assert standing_heading(standing, kinds) == heading


# The drawing of the ten attributes


def test_the_drawing_says_how_much_is_known_and_where_the_views_are_furthest_apart() -> None:
    assert profile_description(AccountFacts(client_answered=3)) == (
        "The client’s view is known on three of ten attributes, ours on 0."
    )
    views = {"trust": (Decimal(20), Decimal(50)), "value": (Decimal(80), Decimal(40))}
    assert profile_description(AccountFacts(client_answered=2, agency_answered=2, views=views)) == (
        "The client’s view is known on two of ten attributes, ours on two."
        " The two views are furthest apart on Value: ours less theirs is −40 points."
    )


# Candour


def test_candour_is_untested_until_something_was_contested() -> None:
    assert candour_sentence(CandourFacts()) == "No advice was ever debated or resisted: candour is untested."


def test_candour_tells_the_years_share_and_the_half_measures_of_all_time() -> None:
    assert candour_sentence(CandourFacts(Decimal(50), 6, 3, 2)) == (
        f"Of the advice contested within a year we stood by 50{PERCENT}."
        " Since the beginning we stood by three of six; two became half-measures."
    )
    assert candour_sentence(CandourFacts(None, 1, 0, 1)) == (
        "Nothing was contested within a year. Since the beginning we stood by none of one; one became a half-measure."
    )
    assert candour_sentence(CandourFacts(Decimal(100), 12, 12, 0)).endswith(
        "we stood by 12 of 12; none became a half-measure."
    )
