"""Each heading of the portfolio's charts just below its threshold and just above it, in the singular and the plural."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from metrics.findings_portfolio import (
    BandFacts,
    FlowFacts,
    MoveFacts,
    RateFacts,
    bands_heading,
    flow_heading,
    rate_heading,
    why_it_moved,
    worth_of_one,
)

SPACE = "\N{NO-BREAK SPACE}"


def money(amount: Decimal) -> str:
    return f"${amount / 1000:.0f}k"


# The expansion rate


def rate(expanding: int = 7, existing: int = 19, low: str = "19", high: str = "59", **fields: object) -> RateFacts:
    return RateFacts(
        existing=existing,
        expanding=expanding,
        low=Decimal(low),
        high=Decimal(high),
        **fields,  # type: ignore[arg-type]
    )


def test_a_rate_that_is_like_everything_else_is_told_as_it_is() -> None:
    assert rate_heading(rate()) == "Seven of 19 accounts grew within the year"
    assert rate_heading(rate(1, 9)) == "One of nine accounts grew within the year"
    assert rate_heading(rate(0, 9)) == "None of nine accounts grew within the year"


@pytest.mark.parametrize(
    ("year_ago", "says"),
    [
        ("18.9999", "more than a year ago"),
        ("19", "within the year"),
        ("59", "within the year"),
        ("59.0001", "fewer than a year ago"),
    ],
)
def test_more_or_fewer_than_a_year_ago_takes_the_whole_interval(year_ago: str, says: str) -> None:
    assert rate_heading(rate(year_ago=Decimal(year_ago), existing_year_ago=18)).endswith(says)


@pytest.mark.parametrize(
    ("benchmark", "says"),
    [
        ("18.9999", f"above the benchmark, 19{SPACE}% (Retail)"),
        ("19", "within the year"),
        ("59", "within the year"),
        ("59.0001", f"below the benchmark, 59{SPACE}% (Retail)"),
    ],
)
def test_above_or_below_the_benchmark_takes_the_whole_interval(benchmark: str, says: str) -> None:
    assert rate_heading(rate(benchmark=Decimal(benchmark), benchmark_name="Retail")).endswith(says)


def test_the_year_before_comes_before_the_benchmark() -> None:
    facts = rate(year_ago=Decimal(5), existing_year_ago=18, benchmark=Decimal(12), benchmark_name="Retail")
    assert rate_heading(facts).endswith("more than a year ago")


def test_four_accounts_are_too_few_and_five_are_not() -> None:
    assert rate_heading(rate(2, 4)) == "Expansion over the year, by quarter"
    assert rate_heading(rate(2, 5)) == "Two of five accounts grew within the year"
    facts = rate(year_ago=Decimal(5), existing_year_ago=4)
    assert rate_heading(facts).endswith("within the year")
    assert rate_heading(replace(facts, existing_year_ago=5)).endswith("more than a year ago")


def test_nothing_is_made_of_a_rate_that_is_not_there_or_not_yet_whole() -> None:
    assert rate_heading(RateFacts()) == "Expansion over the year, by quarter"
    assert rate_heading(rate(year_ago=Decimal(5), existing_year_ago=18, in_progress=True)) == (
        "Expansion over the year, so far"
    )


@pytest.mark.parametrize(
    ("existing", "says"),
    [
        (0, ""),
        (1, "One account moves this rate by 100 points."),
        (10, "One account moves this rate by 10 points."),
        (11, "One account moves this rate by 9.1 points."),
        (1000, "One account moves this rate by 0.1 points."),
        (1001, "One account moves this rate by less than 0.1 points."),
    ],
)
def test_what_one_account_is_worth_is_said(existing: int, says: str) -> None:
    assert worth_of_one(existing) == says


# The scope of the quarter


def flow(added: int = 0, taken: int = 0, **fields: object) -> FlowFacts:
    return FlowFacts(
        opening=Decimal(1_000_000),
        added=Decimal(added),
        taken=Decimal(taken),
        added_by=fields.pop("added_by", 2 if added else 0),  # type: ignore[arg-type]
        taken_by=fields.pop("taken_by", 3 if taken else 0),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


def flow_said(facts: FlowFacts) -> str:
    return flow_heading(facts, money)


def test_scope_that_grew_is_told_with_what_was_taken_back() -> None:
    assert flow_said(flow(575_000, 275_000)) == "Scope grew by $300k, and three accounts took back $275k"
    assert flow_said(flow(575_000, 275_000, taken_by=1)) == "Scope grew by $300k, and one account took back $275k"
    assert flow_said(flow(300_000)) == "Scope grew by $300k, and nobody took any back"


def test_scope_that_shrank_is_told_with_what_was_added() -> None:
    assert flow_said(flow(100_000, 275_000)) == "Scope shrank by $175k, although two accounts added $100k"
    assert flow_said(flow(100_000, 275_000, added_by=1)) == "Scope shrank by $175k, although one account added $100k"
    assert flow_said(flow(0, 275_000)) == "Scope shrank by $275k, and nobody added any"


@pytest.mark.parametrize(
    ("added", "taken", "begins"),
    [
        (109_999, 100_000, "Scope is about where it was: $110k added, $100k taken back"),
        (110_000, 100_000, "Scope grew by $10k"),
        (90_001, 100_000, "Scope is about where it was"),
        (90_000, 100_000, "Scope shrank by $10k"),
    ],
)
def test_one_percent_of_the_opening_is_a_move(added: int, taken: int, begins: str) -> None:
    assert flow_said(flow(added, taken)).startswith(begins)


def test_new_accounts_are_named_when_they_brought_more_than_half_of_what_was_added() -> None:
    assert flow_said(flow(200_000, 50_000, added_new=Decimal(100_000))).endswith("took back $50k")
    assert flow_said(flow(200_000, 50_000, added_new=Decimal(100_001))) == (
        "Scope grew by $150k, most of what was added by new accounts"
    )


def test_a_quarter_without_a_change_is_told_so() -> None:
    assert flow_said(flow()) == "No account changed its scope in the quarter"


def test_nothing_is_made_of_a_quarter_that_opened_with_nothing_or_has_not_ended() -> None:
    assert flow_said(replace(flow(300_000), opening=Decimal(0))) == "What moved the scope"
    assert flow_said(replace(flow(300_000), in_progress=True)) == "What moved the scope, so far"


# The bands


@pytest.mark.parametrize(
    ("counts", "heading"),
    [
        ((0, 4, 5, 0), "Five of nine accounts are partnerships"),
        ((5, 4, 0, 0), "Five of nine accounts are transactional"),
        ((0, 12, 10, 0), "12 of 22 accounts are developing, short of partnership"),
        ((1, 4, 5, 0), "No band holds most of the accounts"),
        ((0, 0, 6, 6), "Six of six accounts are partnerships"),
        ((0, 0, 6, 7), "How most accounts stand with us is not known"),
        ((0, 0, 4, 0), "Partnership bands, by quarter"),
        ((0, 0, 5, 0), "Five of five accounts are partnerships"),
    ],
)
def test_a_band_is_told_when_more_than_half_of_those_known_stand_in_it(
    counts: tuple[int, int, int, int], heading: str
) -> None:
    assert bands_heading(BandFacts(False, *counts)) == heading


def test_nothing_is_made_of_the_bands_of_a_quarter_in_progress() -> None:
    assert bands_heading(BandFacts(True, 0, 0, 9, 0)) == "Partnership bands, so far"


# Patterns that changed


def move(before: str, now: str, **fields: str) -> MoveFacts:
    """Attainment and growth before and now, and what is good."""
    numbers = {
        "attainment_before": "90", "attainment": "90", "growth_before": "0", "growth": "0",
        "good_before": "80", "good": "80", **fields,
    }  # fmt: skip
    return MoveFacts(before, now, **{name: Decimal(number) for name, number in numbers.items()})


def test_attainment_that_crossed_the_threshold_is_told_with_both_figures() -> None:
    assert why_it_moved(move("stalling", "at_risk", attainment="72")) == (
        f"Attainment fell from 90{SPACE}% to 72{SPACE}%, and 80{SPACE}% is good."
    )
    assert why_it_moved(move("deepening", "compounding", attainment_before="70", attainment="80")) == (
        f"Attainment rose from 70{SPACE}% to 80{SPACE}%, and 80{SPACE}% is good."
    )


def test_figures_that_differ_by_a_hair_are_told_with_so_many_places() -> None:
    assert why_it_moved(move("stalling", "at_risk", attainment_before="80.4", attainment="79.6")) == (
        f"Attainment fell from 80.4{SPACE}% to 79.6{SPACE}%, and 80.0{SPACE}% is good."
    )


def test_a_threshold_that_moved_is_not_told_as_attainment_that_did() -> None:
    assert why_it_moved(move("stalling", "at_risk", good="95")) == (
        f"What counts as good went from 80{SPACE}% to 95{SPACE}%, with attainment at 90{SPACE}%."
    )
    assert why_it_moved(move("at_risk", "stalling", good_before="95")).startswith("What counts as good went from 95")


def test_scope_that_began_or_stopped_to_grow_is_told_with_both_figures() -> None:
    assert why_it_moved(move("stalling", "compounding", growth="8")) == (
        f"Its scope grows: +8{SPACE}% over the quarters read, 0{SPACE}% a quarter ago."
    )
    assert why_it_moved(move("compounding", "stalling", growth_before="12")) == (
        f"Its scope stopped growing: 0{SPACE}% over the quarters read, +12{SPACE}% a quarter ago."
    )
    assert why_it_moved(move("compounding", "stalling", growth_before="0.04", growth="-3")) == (
        f"Its scope shrank: −3{SPACE}% over the quarters read, +0.04{SPACE}% a quarter ago."
    )


def test_both_are_told_when_both_crossed() -> None:
    why = why_it_moved(move("compounding", "at_risk", attainment="60", growth_before="5", growth="-5"))
    assert why.startswith("Attainment fell")
    assert "Its scope shrank" in why
