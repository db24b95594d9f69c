"""Each rule of the findings just below its threshold and just above it, in the singular and the plural."""

from decimal import Decimal

import pytest

from metrics.findings import (
    Finding,
    PatternFacts,
    PortfolioFacts,
    Span,
    in_place_of_a_finding,
    portfolio_finding,
)


def money(amount: Decimal) -> str:
    return f"${amount / 1000:.0f}k"


def found(facts: PortfolioFacts) -> Finding:
    finding = portfolio_finding(facts, money)
    assert finding is not None
    return finding


def said(facts: PortfolioFacts) -> str:
    return str(found(facts))


def pattern(accounts: int, *largest: str, scope: int | None = None, **fields: int) -> PatternFacts:
    return PatternFacts(
        accounts=accounts, annual_scope=None if scope is None else Decimal(scope), largest=largest, **fields
    )


def portfolio(
    existing: int = 0, expanding: int = 0, contracting: int = 0, lost: int = 0, **codes: int
) -> PortfolioFacts:
    """So many accounts of each pattern, each named after its pattern, and so many movements."""
    return PortfolioFacts(
        patterns={code: pattern(count, code.title()) for code, count in codes.items()},
        existing=existing,
        expanding=expanding,
        contracting=contracting,
        lost=lost,
    )


# Good numbers, scope that stands still


def test_one_stalling_account_is_named_with_what_it_carries() -> None:
    facts = PortfolioFacts(
        patterns={"stalling": pattern(1, "Halden Outdoor", scope=860_000), "compounding": pattern(3)}
    )
    assert said(facts) == "Halden Outdoor hits its numbers while its scope stands still. It carries $860k."


def test_of_two_stalling_accounts_the_largest_is_named() -> None:
    facts = PortfolioFacts(
        patterns={"stalling": pattern(2, "Halden Outdoor", "Lumen", scope=1_160_000), "compounding": pattern(3)}
    )
    assert said(facts) == (
        "Halden Outdoor and one other hit their numbers while their scope stands still. Together they carry $1160k."
    )


def test_of_four_stalling_accounts_three_are_counted() -> None:
    facts = PortfolioFacts(
        patterns={"stalling": pattern(4, "Halden Outdoor", scope=1_990_000), "compounding": pattern(3)}
    )
    assert said(facts) == (
        "Halden Outdoor and three others hit their numbers while their scope stands still. Together they carry $1990k."
    )


def test_the_two_words_that_carry_colours_are_marked() -> None:
    spans = found(portfolio(stalling=1, compounding=3)).sentence
    assert [(span.text, span.role) for span in spans if span.role] == [("numbers", "numbers"), ("scope", "scope")]


def test_a_name_is_text_whatever_is_in_it_and_keeps_its_letters() -> None:
    name = "<numbers>iRobot</numbers> %(others)s 100%"
    spans = found(PortfolioFacts(patterns={"stalling": pattern(1, name), "compounding": pattern(3)})).sentence
    assert spans[0] == Span(f"{name} hits its ")


@pytest.mark.parametrize(
    ("stalling", "others", "rule"), [(1, 9, "stalling"), (1, 10, ""), (2, 18, "stalling"), (2, 19, "")]
)
def test_a_tenth_of_the_accounts_with_a_pattern_has_to_stall(stalling: int, others: int, rule: str) -> None:
    finding = portfolio_finding(portfolio(stalling=stalling, compounding=others), money)
    assert (finding.rule if finding else "") == rule


def test_two_accounts_with_a_pattern_are_too_thin_and_three_are_not() -> None:
    assert portfolio_finding(portfolio(stalling=1, compounding=1, too_early=9), money) is None
    assert found(portfolio(stalling=1, compounding=2, too_early=9)).rule == "stalling"


def test_an_account_that_left_hits_nothing_any_more() -> None:
    facts = PortfolioFacts(patterns={"stalling": pattern(1, gone=1), "compounding": pattern(3)})
    assert portfolio_finding(facts, money) is None


def test_stalling_accounts_that_shrink_are_not_said_to_stand_still() -> None:
    some = PortfolioFacts(patterns={"stalling": pattern(3, "Halden Outdoor", shrunk=1), "compounding": pattern(3)})
    assert said(some) == "Halden Outdoor and two others hit their numbers while their scope stands still or shrinks."
    every = PortfolioFacts(patterns={"stalling": pattern(3, "Halden Outdoor", shrunk=3), "compounding": pattern(3)})
    assert said(every) == "Halden Outdoor and two others hit their numbers while their scope shrinks."
    one = PortfolioFacts(patterns={"stalling": pattern(1, "Halden Outdoor", shrunk=1), "compounding": pattern(3)})
    assert said(one) == "Halden Outdoor hits its numbers while its scope shrinks."


def test_accounts_without_an_exchange_rate_are_not_added_up() -> None:
    some = PortfolioFacts(
        patterns={"stalling": pattern(3, "Halden", scope=500_000, unpriced=1), "compounding": pattern(3)}
    )
    assert said(some).endswith(" Those with an exchange rate carry $500k.")
    none = PortfolioFacts(patterns={"stalling": pattern(3, "Halden", unpriced=3), "compounding": pattern(3)})
    assert said(none).endswith("scope stands still.")


def test_growers_beside_the_stalling_are_told_in_the_singular_and_the_plural() -> None:
    assert found(portfolio(stalling=1, deepening=1, compounding=3)).why == (
        "One other grows although it misses targets: the relationship, not the result, is carrying it."
    )
    assert found(portfolio(stalling=1, deepening=3, compounding=3)).why == (
        "Three others grow although they miss targets: the relationship, not the result, is carrying them."
    )


@pytest.mark.parametrize(
    ("existing", "expanding", "why"),
    [
        (4, 1, ""),
        (5, 0, "Of five accounts of a year ago, none give us more scope today."),
        (5, 1, "Of five accounts of a year ago, one gives us more scope today."),
        (19, 7, "Of 19 accounts of a year ago, seven give us more scope today."),
    ],
)
def test_without_growers_the_year_stands_behind_the_stalling(existing: int, expanding: int, why: str) -> None:
    assert found(portfolio(existing, expanding, stalling=1, compounding=3)).why == why


# Growth although targets are missed


def test_growers_that_miss_their_targets_are_named() -> None:
    assert said(portfolio(deepening=1, compounding=3)) == (
        "Deepening misses its numbers, and its scope grows all the same."
    )
    assert said(portfolio(deepening=2, compounding=3)) == (
        "Deepening and one other miss their numbers, and their scope grows all the same."
    )
    assert said(portfolio(deepening=3, compounding=3)) == (
        "Deepening and two others miss their numbers, and their scope grows all the same."
    )


def test_a_tenth_of_the_accounts_with_a_pattern_has_to_grow_so() -> None:
    assert found(portfolio(deepening=1, compounding=9)).rule == "deepening"
    assert portfolio_finding(portfolio(deepening=1, compounding=10), money) is None


def test_stalling_comes_before_growing_although_targets_are_missed() -> None:
    assert found(portfolio(stalling=1, deepening=5)).rule == "stalling"


# What the year did


@pytest.mark.parametrize(
    ("existing", "expanding", "rule"), [(5, 1, "growing"), (6, 1, ""), (20, 4, "growing"), (20, 3, "")]
)
def test_a_fifth_of_last_years_accounts_has_to_grow(existing: int, expanding: int, rule: str) -> None:
    finding = portfolio_finding(portfolio(existing, expanding), money)
    assert (finding.rule if finding else "") == rule


def test_growth_is_told_in_the_singular_and_the_plural() -> None:
    assert said(portfolio(5, 1)) == "One of five accounts gives us more scope than a year ago."
    assert said(portfolio(19, 7)) == "Seven of 19 accounts give us more scope than a year ago."


def test_who_asked_for_the_growth_stands_behind_it_where_it_is_known() -> None:
    assert found(portfolio(5, 1)).why == ""
    facts = PortfolioFacts(existing=5, expanding=1, pulled_share=Decimal("62.5001"))
    assert found(facts).why == ("Of the growth whose origin is known, 63 % was asked for by the client, or by both.")


@pytest.mark.parametrize(
    ("existing", "contracting", "lost", "rule"),
    [(20, 4, 0, "shrinking"), (20, 2, 2, "shrinking"), (20, 3, 0, ""), (20, 0, 3, ""), (20, 6, 0, "shrinking")],
)
def test_a_fifth_of_last_years_accounts_has_to_shrink(existing: int, contracting: int, lost: int, rule: str) -> None:
    finding = portfolio_finding(portfolio(existing, 0, contracting, lost), money)
    assert (finding.rule if finding else "") == rule


def test_contraction_is_told_in_the_singular_and_the_plural_with_those_that_left() -> None:
    assert said(portfolio(5, 0, 1)) == "One of five accounts gives us less scope than a year ago."
    assert said(portfolio(5, 0, 0, 1)) == "One of five accounts gives us less scope than a year ago. It has left."
    assert said(portfolio(20, 0, 3, 1)) == (
        "Four of 20 accounts give us less scope than a year ago. One of them has left."
    )
    assert said(portfolio(20, 0, 2, 2)) == (
        "Four of 20 accounts give us less scope than a year ago. Two of them have left."
    )
    assert said(portfolio(20, 0, 0, 4)) == (
        "Four of 20 accounts give us less scope than a year ago. All of them have left."
    )


def test_who_grew_stands_behind_a_contraction() -> None:
    assert found(portfolio(20, 0, 4)).why == "Nobody gives us more over the same year."
    assert found(portfolio(20, 1, 4)).why == "One gives us more over the same year."
    assert found(portfolio(20, 3, 4)).why == "Three give us more over the same year."


def test_a_third_that_shrank_or_left_comes_before_all_else() -> None:
    assert found(portfolio(18, 5, 4, 2, stalling=3)).rule == "alarm"
    assert found(portfolio(18, 5, 4, 1, stalling=3)).rule == "stalling"


def test_growth_comes_before_a_contraction_of_less_than_a_third() -> None:
    assert found(portfolio(20, 4, 6)).rule == "growing"


def test_a_year_without_any_change_is_told() -> None:
    assert said(portfolio(5)) == "None of five accounts has changed its scope within a year."
    assert portfolio_finding(portfolio(10, 1), money) is None
    assert portfolio_finding(portfolio(10, 0, 1), money) is None


@pytest.mark.parametrize("movement", [{"expanding": 4}, {"contracting": 4}, {"lost": 4}, {}])
def test_four_accounts_of_a_year_ago_are_too_thin_for_growth(movement: dict[str, int]) -> None:
    assert portfolio_finding(portfolio(4, **movement), money) is None


# Where there is none


def test_what_is_too_thin_is_said() -> None:
    assert in_place_of_a_finding(portfolio(1, too_early=3)) == (
        "Too thin for a finding: 0 of 3 accounts have a pattern yet, which takes two quarters of scope and targets."
        " 1 account had scope a year ago, and growth is told of 5 or more."
    )
    assert in_place_of_a_finding(portfolio(4, compounding=3)) == (
        "Too thin for a finding: 4 accounts had scope a year ago, and growth is told of 5 or more."
    )
    assert in_place_of_a_finding(portfolio(10, 1, compounding=2, too_early=8)) == (
        "Too thin for a finding: 2 of 10 accounts have a pattern yet, which takes two quarters of scope and targets."
    )


def test_where_nothing_stands_out_it_is_said() -> None:
    facts = portfolio(10, 1, compounding=10)
    assert portfolio_finding(facts, money) is None
    assert in_place_of_a_finding(facts).startswith("Nothing stands out:")
