"""Each rule of an account's sentences just below its threshold and just above it, in the singular and the plural."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from metrics.findings import (
    AccountFacts,
    Finding,
    Span,
    account_finding,
    moved_into,
    numbers_heading,
    profile_heading,
    score_heading,
)

PERCENT = "\N{NO-BREAK SPACE}%"


def money(amount: Decimal) -> str:
    return f"${amount / 1000:.0f}k"


def facts(pattern: str, **fields: Any) -> AccountFacts:
    """Facts of a year with scope and targets in each quarter; amounts, points and percents as whole numbers."""
    decimals = {"change", "swing", "pulled_share", "score", "score_year_ago", "check_in_rhythm"}
    given: dict[str, Any] = {"read": 4, "with_targets": 4}
    given |= {name: Decimal(value) if name in decimals else value for name, value in fields.items()}
    given["views"] = {name: (Decimal(theirs), Decimal(ours)) for name, (theirs, ours) in given.get("views", {}).items()}
    return AccountFacts(pattern=pattern, **given)


def found(pattern: str, **fields: Any) -> Finding:
    finding = account_finding(facts(pattern, **fields), money)
    assert finding is not None
    return finding


def said(pattern: str, **fields: Any) -> str:
    return str(found(pattern, **fields))


def why(pattern: str, **fields: Any) -> str:
    return found(pattern, **fields).why


# Stalling


def test_good_numbers_and_a_scope_that_stands_still_are_counted_in_quarters() -> None:
    assert said("stalling", good_run=8, flat_run=4) == (
        "The numbers have been good for eight quarters, and the scope has not moved for four."
    )
    assert said("stalling", good_run=2, flat_run=12) == (
        "The numbers have been good for two quarters, and the scope has not moved for 12."
    )


def test_the_two_counts_carry_the_two_colours() -> None:
    assert [span for span in found("stalling", good_run=8, flat_run=4).sentence if span.role] == [
        Span("eight quarters", "numbers"),
        Span("four", "scope"),
    ]


def test_two_counts_alike_are_said_once() -> None:
    assert said("stalling", good_run=3, flat_run=3) == (
        "The numbers have been good for three quarters, and the scope has not moved in any of them."
    )


def test_one_good_quarter_is_no_run() -> None:
    assert said("stalling", good_run=1, flat_run=2) == (
        "Most numbers are good, and the scope has not moved for two quarters."
    )


def test_one_quarter_without_a_change_is_no_standstill() -> None:
    assert said("stalling", good_run=8, flat_run=1) == "The numbers are good, and the scope is back where it was."


def test_a_scope_that_shrank_is_said_before_how_long_it_stands_still() -> None:
    assert said("stalling", good_run=8, flat_run=3, change=-42_000) == (
        "The numbers are good, and the scope has shrunk by $42k."
    )
    assert said("stalling", change=-90_000, is_gone=True) == (
        "The numbers were good, and the scope has come to an end."
    )


def test_what_stalling_means_is_said_unless_the_client_gives_less_or_nothing() -> None:
    means = "In this pattern the results become the reason to leave things as they are."
    assert why("stalling", good_run=8, flat_run=4) == means
    assert why("stalling", change=-1) == ""
    assert why("stalling", change=-1, is_gone=True, views={"trust": (10, 90)}) == ""


# Where to begin


def test_the_widest_gap_is_the_likely_opening_from_one_step_of_the_pulse_on() -> None:
    assert why("at_risk", views={"trust": (30, 55), "value": (30, 42)}) == (
        "Trust is the likely opening: the client places it 25 points lower than we do."
    )
    assert why("at_risk", views={"trust": (30, 54), "value": (80, 20)}) == ""


def test_check_ins_that_were_not_held_come_after_the_gaps() -> None:
    assert why("at_risk", check_in_rhythm=49) == f"Of the check-ins due within the year, 49{PERCENT} were held."
    assert why("at_risk", check_in_rhythm=50) == ""
    assert "Trust" in why("at_risk", check_in_rhythm=49, views={"trust": (30, 60)})


# Compounding


def test_growth_in_several_quarters_is_counted() -> None:
    assert said("compounding", increases=2, change=60_000) == (
        "The numbers are good, and the scope grew in two of the last four quarters."
    )


def test_growth_in_one_quarter_is_told_by_its_amount() -> None:
    assert said("compounding", increases=1, change=60_000) == "The numbers are good, and the scope has grown by $60k."


def test_who_asked_for_the_growth_is_said_where_it_is_known() -> None:
    assert why("compounding", pulled_share=50) == (
        f"Of the year's growth whose origin is known, 50{PERCENT} was asked for by the client, or by both."
    )
    assert why("compounding", pulled_share=49) == (
        f"Most of it was ours to propose: the client, or both of us, asked for 49{PERCENT}."
    )
    assert why("compounding") == ""


# Deepening


@pytest.mark.parametrize(
    ("swing", "pulled_share", "increases", "sentence"),
    [
        (10, 50, 2, "Results fluctuate, and the client keeps handing over more."),
        (10, 50, 1, "Results fluctuate, and the client has handed over more."),
        (10, 49, 2, "Results fluctuate, and the scope keeps growing."),
        (10, 49, 1, "Results fluctuate, and the scope has grown."),
        (9, 50, 2, "Results fall short, and the client keeps handing over more."),
        (9, 50, 1, "Results fall short, and the client has handed over more."),
        (9, 49, 2, "Results fall short, and the scope keeps growing."),
        (9, 49, 1, "Results fall short, and the scope has grown."),
    ],
)
def test_deepening_says_whether_results_fluctuate_and_who_hands_over(
    swing: int, pulled_share: int, increases: int, sentence: str
) -> None:
    assert said("deepening", swing=swing, pulled_share=pulled_share, increases=increases) == sentence


def test_what_is_not_known_is_not_claimed() -> None:
    assert said("deepening", increases=3) == "Results fall short, and the scope keeps growing."


def test_deepening_says_what_carries_it_and_by_how_much() -> None:
    assert why("deepening", change=150_000).startswith(
        "The relationship, not the result, is carrying it: $150k more a year than four quarters ago."
    )


# At risk


def test_a_scope_that_stands_still_on_poor_numbers_is_counted_from_two_quarters_on() -> None:
    assert said("at_risk", flat_run=2) == "The numbers fall short, and the scope has not moved for two quarters."
    assert said("at_risk", flat_run=1) == "The numbers fall short, and the scope is back where it was."


def test_a_scope_that_shrank_on_poor_numbers_is_told_by_its_amount() -> None:
    assert said("at_risk", flat_run=3, change=-9_000) == "The numbers fall short, and the scope has shrunk by $9k."
    assert said("at_risk", change=-9_000, is_gone=True) == "The numbers fell short, and the scope has come to an end."


# Too early, and so far


def test_what_a_pattern_lacks_is_said() -> None:
    assert said("too_early", read=0, with_targets=0) == "Too early to tell."
    assert why("too_early", read=0, with_targets=0) == (
        "A pattern takes two quarters that begin with scope: none so far."
        " It takes results against targets in two quarters: none so far."
    )
    assert why("too_early", read=1, with_targets=2) == "A pattern takes two quarters that begin with scope: one so far."
    assert why("too_early", read=2, with_targets=1) == ("It takes results against targets in two quarters: one so far.")


@pytest.mark.parametrize("pattern", ["compounding", "stalling", "deepening", "at_risk", "too_early"])
def test_nothing_is_found_in_a_quarter_in_progress(pattern: str) -> None:
    assert account_finding(facts(pattern, in_progress=True), money) is None
    assert numbers_heading(facts(pattern, in_progress=True)) == "Numbers beside scope, so far"


# Beside the pattern


def test_a_client_that_does_not_grow_and_was_taken_into_something_new_is_told_so() -> None:
    assert moved_into(facts("stalling", new_lines=("Video",))) == "Scope flat, moved into Video"
    assert moved_into(facts("at_risk", change=-1, new_lines=("Search", "Video"))) == (
        "Scope smaller, moved into Search, Video"
    )
    assert moved_into(facts("compounding", change=1, new_lines=("Video",))) == ""
    assert moved_into(facts("stalling", in_progress=True, new_lines=("Video",))) == ""
    assert moved_into(facts("stalling")) == ""


def test_a_name_is_never_taken_for_a_mark() -> None:
    assert moved_into(facts("stalling", new_lines=("<scope>%(x)s</scope>",))) == (
        "Scope flat, moved into <scope>%(x)s</scope>"
    )


# Headings


@pytest.mark.parametrize(
    ("pattern", "change", "heading"),
    [
        ("stalling", 0, "The numbers are good. The scope is where it was."),
        ("stalling", -1, "The numbers are good. The scope shrank."),
        ("at_risk", 0, "The numbers fall short. The scope is where it was."),
        ("at_risk", -1, "The numbers fall short. The scope shrank."),
        ("compounding", 1, "Good numbers, and more scope with them."),
        ("deepening", 1, "The scope grows, whatever the numbers do."),
        ("too_early", 0, "Numbers beside scope"),
    ],
)
def test_the_chart_is_headed_by_what_it_shows(pattern: str, change: int, heading: str) -> None:
    assert numbers_heading(facts(pattern, change=change)) == heading


def test_an_end_is_an_end_whatever_the_numbers() -> None:
    assert numbers_heading(facts("stalling", change=-1, is_gone=True)) == "The scope has come to an end."


@pytest.mark.parametrize(
    ("score", "year_ago", "heading"),
    [
        (55, 50, "The partnership is 5 points closer than a year ago."),
        (54, 50, "The partnership is about where it was a year ago."),
        (46, 50, "The partnership is about where it was a year ago."),
        (45, 50, "The partnership is 5 points further off than a year ago."),
    ],
)
def test_a_score_has_moved_from_five_points_on(score: int, year_ago: int, heading: str) -> None:
    assert score_heading(facts("stalling", score=score, score_year_ago=year_ago)) == heading


def test_a_score_without_a_year_behind_it_only_stands() -> None:
    assert score_heading(facts("stalling", score=55)) == "The partnership score stands at 55."
    assert score_heading(facts("stalling", score=55, score_year_ago=10, in_progress=True)) == (
        "The partnership score stands at 55."
    )
    assert score_heading(facts("stalling")) == "Too little is known for a partnership score."


def answered(**views: tuple[int, int]) -> AccountFacts:
    return facts("stalling", views=views, client_answered=10, agency_answered=10)


def test_places_where_the_client_sees_a_supplier_are_counted() -> None:
    assert profile_heading(answered(trust=(49, 74))) == (
        "We see a partner where the client sees a supplier, in one place."
    )
    assert profile_heading(answered(trust=(25, 50), value=(0, 100), loyalty=(60, 90), action=(90, 0))) == (
        "We see a partner where the client sees a supplier, in two places."
    )


def test_a_client_that_sees_a_partner_sees_no_supplier_however_much_better_we_think_of_it() -> None:
    assert profile_heading(answered(trust=(50, 75))) == (
        "We think better of the partnership than the client does, in one place."
    )
    assert profile_heading(answered(trust=(75, 100), value=(20, 49))) == (
        "We think better of the partnership than the client does, in two places."
    )


def test_places_where_the_client_thinks_better_of_it_are_counted_when_there_are_no_others() -> None:
    assert profile_heading(answered(trust=(50, 74), value=(75, 50))) == (
        "The client thinks better of the partnership than we do, in one place."
    )
    assert profile_heading(answered(action=(80, 50), value=(75, 50))) == (
        "The client thinks better of the partnership than we do, in two places."
    )


def test_the_two_views_agree_where_both_are_known_of_six_attributes() -> None:
    level = dict.fromkeys(("action", "loyalty", "approach", "ownership"), (50, 50))
    assert profile_heading(answered(trust=(40, 64), value=(64, 40), **level)) == (
        "Both sides see much the same relationship."
    )
    assert profile_heading(answered(trust=(40, 64), **level)) == (
        "Where the relationship stands, attribute by attribute"
    )


def test_a_view_that_is_not_known_is_said() -> None:
    assert profile_heading(facts("stalling", agency_answered=10)) == "How the client sees it is not known."
    assert profile_heading(facts("stalling", client_answered=10)) == "How we see it ourselves is not known."
