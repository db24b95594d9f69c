from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.periods import Quarter
from accounts.settings_in_force import ATTRIBUTES, DEFAULTS, SOURCES
from metrics.facts import Answers, ClientQuarter, Statements
from metrics.figures.partnership import (
    Cause,
    Score,
    Sources,
    action,
    answers_counted,
    approach,
    attribute_score,
    attribute_scores,
    collaboration,
    commitment,
    communication,
    confidence,
    coverage,
    evidence,
    involvement,
    loyalty,
    means_to_show,
    ownership,
    partnership_score,
    perception_gap,
    pulse_mean,
    pulse_means,
    score_band,
    trust,
    trust_signs,
    value,
    why_it_moved,
)
from metrics.figures.settings import Weights
from tests.metrics.figures import by_fractions
from tests.metrics.figures.by_fractions import printed, rounded

BY_SOURCE = tuple(Decimal(DEFAULTS[f"weight.{source}"]) for source in SOURCES)
EQUAL = (Decimal(1),) * 10
WEIGHTS = Weights(BY_SOURCE, EQUAL)


def four_places(number: Score) -> str:
    """As it is printed."""
    assert number is not None
    return str(printed(number))


# Pulses and what is confidential


def test_the_poles_are_0_and_100_and_the_middle_is_50() -> None:
    assert pulse_mean(Answers(1, 1, 0, 0)) == 0
    assert pulse_mean(Answers(1, 3, 0, 0)) == 50
    assert pulse_mean(Answers(1, 5, 0, 0)) == 100


def test_a_side_is_the_mean_of_its_respondents() -> None:
    assert four_places(pulse_mean(Answers(3, 4 + 4 + 5, 0, 0))) == "83.3333"


def test_where_nobody_answered_there_is_no_figure() -> None:
    assert pulse_mean(Answers(0, 0, 0, 0)) is None


@pytest.mark.parametrize(
    ("named", "confidential", "counted"),
    [
        (0, 1, 0),
        (0, 2, 0),  # two people: each would know the other's answer
        (0, 3, 3),
        (1, 1, 1),
        (1, 2, 3),
        (2, 1, 2),  # one confidential among three could be told from the rest
        (5, 1, 5),
        (2, 2, 4),
        (3, 0, 3),
    ],
)
def test_confidential_answers_wait_until_two_of_at_least_three_are_confidential(
    named: int, confidential: int, counted: int
) -> None:
    # Who is named says 5, who is confidential says 1.
    answers = Answers(named, 5 * named, confidential, confidential)
    assert answers_counted(answers) == counted
    if counted == 0:
        assert pulse_mean(answers) is None
    else:
        assert pulse_mean(answers) == rounded(Fraction(100 * named, counted), 20)


def test_while_confidential_answers_wait_the_figure_is_that_of_the_named() -> None:
    assert pulse_mean(Answers(1, 4, 1, 1)) == pulse_mean(Answers(1, 4, 0, 0)) == 75


def test_a_side_that_nobody_answered_for_has_ten_blanks() -> None:
    assert pulse_means(None) == [None] * 10
    assert means_to_show(None) == [None] * 10


def test_a_clients_people_are_shown_no_mean_from_which_a_colleagues_answer_can_be_told() -> None:
    answers = [Answers(2, 8, 0, 0), Answers(3, 12, 0, 0), Answers(2, 8, 1, 1), Answers(1, 5, 2, 2)]
    assert pulse_means(answers) == [75, 75, 75, rounded(Fraction(100, 3), 20)]
    assert means_to_show(answers) == [None, 75, None, rounded(Fraction(100, 3), 20)]


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=8))
def test_a_pulse_is_that_of_fractions(answers: list[tuple[int, bool]]) -> None:
    named = [answer for answer, confidential in answers if not confidential]
    confidential = [answer for answer, confidential in answers if confidential]
    found = pulse_mean(Answers(len(named), sum(named), len(confidential), sum(confidential)))
    entering = named + confidential if len(confidential) >= 2 and len(answers) >= 3 else named
    if not entering:
        assert found is None
    else:
        expected = by_fractions.mean([Fraction(25 * (answer - 1)) for answer in entering])
        assert found == rounded(expected, 20)


# Confidence


def test_confidence_is_the_mean_of_each_respondents_own_mean() -> None:
    # One answered a single statement with 5 (100), one all three with 1, 2, 3 (25): 62.5.
    assert confidence(Statements((1, 0, 1), (5, 0, 6), (0, 0, 0), (0, 0, 0))) == Decimal("62.5")


def test_without_a_statement_there_is_no_confidence() -> None:
    assert confidence(Statements((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0))) is None


def test_for_confidence_whoever_answered_any_statement_is_one_person() -> None:
    # One named (one statement), one confidential with two statements, one with three.
    assert confidence(Statements((1, 0, 0), (5, 0, 0), (0, 1, 1), (0, 2, 3))) == rounded(Fraction(100, 3), 20)
    # Two people are too few, whatever they answered.
    assert confidence(Statements((0, 0, 0), (0, 0, 0), (0, 1, 1), (0, 2, 3))) is None
    # One confidential among four waits.
    assert confidence(Statements((3, 0, 0), (9, 0, 0), (0, 0, 1), (0, 0, 15))) == 50


respondents = st.lists(st.tuples(st.lists(st.integers(1, 5), min_size=1, max_size=3), st.booleans()), max_size=7)


@given(respondents)
def test_confidence_is_that_of_fractions(people: list[tuple[list[int], bool]]) -> None:
    tallies: dict[bool, tuple[list[int], list[int]]] = {True: ([0] * 3, [0] * 3), False: ([0] * 3, [0] * 3)}
    for answers, confidential in people:
        counts, sums = tallies[confidential]
        counts[len(answers) - 1] += 1
        sums[len(answers) - 1] += sum(answers)
    (named, named_sum), (hidden, hidden_sum) = tallies[False], tallies[True]
    found = confidence(
        Statements(
            (named[0], named[1], named[2]),
            (named_sum[0], named_sum[1], named_sum[2]),
            (hidden[0], hidden[1], hidden[2]),
            (hidden_sum[0], hidden_sum[1], hidden_sum[2]),
        )
    )
    opened = sum(hidden) >= 2 and len(people) >= 3
    entering = [answers for answers, confidential in people if opened or not confidential]
    if not entering:
        assert found is None
    else:
        means = [(Fraction(sum(answers), len(answers)) - 1) * 25 for answers in entering]
        assert found == rounded(by_fractions.mean(means), 20)


# Evidence


@pytest.mark.parametrize(
    ("days", "score"), [(0, "0.0000"), (30, "8.2136"), (365, "99.9316"), (366, "100.0000"), (4000, "100.0000")]
)
def test_commitment_is_months_bound_up_to_a_year(days: int, score: str) -> None:
    # 30 / 30.4375 / 12 × 100 = 8.2136
    assert four_places(commitment(days)) == score


def test_without_an_open_engagement_commitment_cannot_be_known() -> None:
    assert commitment(None) is None


@given(st.integers(0, 500))
def test_commitment_is_that_of_fractions(days: int) -> None:
    months = Fraction(days) / Fraction("30.4375")
    assert commitment(days) == rounded(min(100 * months / 12, Fraction(100)), 20)


def test_approach_needs_one_row_that_says_when_we_came_in() -> None:
    assert approach(0, 0) is None
    assert approach(1, 0) == 0
    assert four_places(approach(3, 1)) == "33.3333"


def test_action_needs_three_recommendations() -> None:
    assert action(2, 2) is None
    assert four_places(action(3, 2)) == "66.6667"


@pytest.mark.parametrize(
    ("standing", "score"), [("sole", 100), ("lead", 75), ("several", 40), ("project", 10), ("", None)]
)
def test_loyalty_is_our_place_on_the_roster(standing: str, score: int | None) -> None:
    assert loyalty(standing) == score


def test_trust_that_was_never_tested_is_not_known() -> None:
    assert trust(0, 0) is None
    assert trust(1, 0) == 0
    assert four_places(trust(3, 2)) == "66.6667"


@pytest.mark.parametrize(
    ("check_ins", "contacts", "people", "score"),
    [
        (0, 0, 0, None),
        (1, 0, 0, "0.0000"),
        (1, 1, 0, "16.6667"),
        (1, 2, 1, "50.0000"),
        (4, 3, 3, "100.0000"),
        (4, 30, 0, "50.0000"),
    ],
)
def test_ownership_counts_up_to_three_people_a_side(
    check_ins: int, contacts: int, people: int, score: str | None
) -> None:
    found = ownership(check_ins, contacts, people)
    assert (found if found is None else four_places(found)) == score


def test_value_is_the_share_of_scope_priced_by_what_it_is_worth() -> None:
    assert value(Decimal(0), Decimal(0)) is None
    assert value(Decimal("12000.0000"), Decimal(0)) == 0
    assert four_places(value(Decimal("12000.0000"), Decimal("8000.0000"))) == "66.6667"


def test_involvement_that_ended_is_zero_and_that_never_began_is_not_known() -> None:
    assert involvement(False, 0) is None
    assert involvement(True, 0) == 0
    assert involvement(True, 3) == 75


def test_communication_is_check_ins_held_of_those_expected() -> None:
    # Every 14 days in 365: 26.07 expected.
    assert four_places(communication(True, 13, 365, 14)) == "49.8630"
    assert communication(True, 0, 365, 14) == 0
    assert communication(True, 26, 364, 14) == 100
    assert communication(True, 40, 365, 14) == 100


def test_communication_needs_a_check_in_ever_and_a_day_to_count() -> None:
    assert communication(False, 0, 365, 14) is None
    assert communication(True, 1, 0, 14) is None
    assert four_places(communication(True, 0, 1, 14)) == "0.0000"


def test_collaboration_needs_a_goal() -> None:
    assert collaboration(0, 0) is None
    assert collaboration(4, 1) == 25


def test_evidence_comes_in_the_order_of_the_attributes() -> None:
    facts = ClientQuarter(
        7,
        Quarter(date(2025, 4, 1)),
        committed_days=0,
        involvement_known=10,
        involved_early=1,
        advice_known=10,
        advice_proactive=2,
        standing="several",
        half_year_check_ins=1,
        contacts_seen=3,
        people_seen=0,
        scope_pricing_known=Decimal(100),
        scope_value_priced=Decimal(60),
        ever_involved=True,
        kinds_active=3,
        ever_checked_in=True,
        check_ins_held=8,
        check_in_days=300,
        goals_open=10,
        goals_agreed=9,
    )
    assert evidence(facts, 30, 10, 3) == [0, 10, 20, 40, 30, 50, 60, 75, 80, 90]
    nothing = evidence(ClientQuarter(7, Quarter(date(2025, 4, 1))), 30, 0, 0)
    assert nothing == [None] * 10


# What it comes to


@pytest.mark.parametrize(
    ("client", "records", "agency", "score"),
    [
        (50, 100, 75, "75.0000"),  # 20 + 40 + 15
        (50, 100, None, "75.0000"),
        (50, None, 75, "58.3333"),  # (20 + 15) / 0.6
        (None, 100, 75, "91.6667"),
        (50, None, None, "50.0000"),
        (None, 100, None, "100.0000"),
        (None, None, 75, "75.0000"),
        (None, None, None, None),
    ],
)
def test_an_attribute_is_blended_from_the_sources_it_has(
    client: int | None, records: int | None, agency: int | None, score: str | None
) -> None:
    given_scores = [None if number is None else Decimal(number) for number in (client, records, agency)]
    found = attribute_score(given_scores[0], given_scores[1], given_scores[2], BY_SOURCE)
    assert (found if found is None else four_places(found)) == score


def test_an_attribute_whose_sources_weigh_nothing_has_no_score() -> None:
    only_client = (Decimal(1), Decimal(0), Decimal(0))
    assert attribute_score(None, Decimal(80), None, only_client) is None
    assert attribute_score(None, Decimal(80), Decimal(60), only_client) is None
    assert attribute_score(Decimal(20), Decimal(80), Decimal(60), only_client) == 20


def test_a_partnership_score_needs_six_attributes() -> None:
    five: list[Score] = [Decimal(50)] * 5 + [None] * 5
    six: list[Score] = [Decimal(50)] * 5 + [None] * 4 + [Decimal(80)]
    assert (coverage(five), partnership_score(five, EQUAL)) == (5, None)
    assert (coverage(six), partnership_score(six, EQUAL)) == (6, Decimal(55))


def test_attributes_weigh_as_they_are_set() -> None:
    scores: list[Score] = [Decimal(100)] + [Decimal(0)] * 5 + [None] * 4
    assert partnership_score(scores, (Decimal(5), *EQUAL[1:])) == 50


def test_an_attribute_that_weighs_nothing_still_counts_towards_the_six() -> None:
    scores: list[Score] = [Decimal(100)] + [Decimal(40)] * 5 + [None] * 4
    assert partnership_score(scores, (Decimal(0), *EQUAL[1:])) == 40


def test_where_all_attributes_weigh_nothing_there_is_no_score() -> None:
    scores: list[Score] = [Decimal(50)] * 10
    assert partnership_score(scores, (Decimal(0),) * 10) is None
    assert partnership_score([*scores[:6], *[None] * 4], (*[Decimal(0)] * 6, *EQUAL[6:])) is None


@pytest.mark.parametrize(
    ("score", "name"),
    [
        ("39.99999999999999999999", "transactional"),
        ("40", "developing"),
        ("69.99999999999999999999", "developing"),
        ("70", "partnership"),
    ],
)
def test_score_bands_begin_at_their_edge(score: str, name: str) -> None:
    assert score_band(Decimal(score)) == name


def test_the_gap_is_how_much_better_we_think_of_ourselves() -> None:
    assert perception_gap(Decimal(40), Decimal(65)) == 25
    assert perception_gap(Decimal(65), Decimal(40)) == -25
    assert str(perception_gap(Decimal(65), Decimal(65))) == "0"
    assert perception_gap(None, Decimal(65)) is None
    assert perception_gap(Decimal(65), None) is None


def test_a_gap_between_sixths_is_exact() -> None:
    assert perception_gap(pulse_mean(Answers(3, 8, 0, 0)), pulse_mean(Answers(3, 11, 0, 0))) == 25


def test_trust_signs_need_three_ticks() -> None:
    assert trust_signs(2, 2) is None
    assert trust_signs(3, 0) == 0
    assert four_places(trust_signs(3, 2)) == "66.6667"


seen = st.none() | st.tuples(st.integers(0, 40), st.integers(1, 12))
by_attribute = st.lists(seen, min_size=10, max_size=10)
weight = st.sampled_from(["0", "0.1", "0.2", "0.4", "1", "3.7", "1000"])
weighting = st.builds(
    lambda sources, attributes: (tuple(sources), tuple(attributes)),
    st.lists(weight, min_size=3, max_size=3),
    st.lists(weight, min_size=10, max_size=10) | st.just(["1"] * 10),
)
Shares = list[tuple[int, int] | None]


def as_fractions(shares: Shares) -> list[Fraction | None]:
    return [None if part is None else Fraction(min(100 * part[0], 100 * part[1]), part[1]) for part in shares]


def settled(numbers: list[Fraction | None]) -> list[Score]:
    return [None if number is None else rounded(number, 20) for number in numbers]


def as_weights(texts: tuple[tuple[str, ...], tuple[str, ...]]) -> Weights:
    return Weights(tuple(map(Decimal, texts[0])), tuple(map(Decimal, texts[1])))


@given(by_attribute, by_attribute, by_attribute, weighting)
def test_a_partnership_score_is_that_of_fractions(
    client: Shares, records: Shares, agency: Shares, texts: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    weights = as_weights(texts)
    sides = [as_fractions(side) for side in (client, records, agency)]
    scores = attribute_scores(Sources(*map(settled, sides)), weights.sources)
    expected = [
        by_fractions.weighted_mean(list(of_attribute), [Fraction(text) for text in texts[0]])
        for of_attribute in zip(*sides, strict=True)
    ]
    for found_score, expected_score in zip(scores, expected, strict=True):
        if found_score is None or expected_score is None:
            assert found_score is None
            assert expected_score is None
        else:
            assert printed(found_score) == rounded(expected_score, 4)
    found = partnership_score(scores, weights.attributes)
    total = by_fractions.weighted_mean(expected, [Fraction(text) for text in texts[1]])
    if coverage(scores) < 6 or total is None:
        assert found is None
        return
    assert found is not None
    assert printed(found) == rounded(total, 4)
    for edge in (40, 50, 70):
        assert (found >= edge) == (total >= edge)


# Why it moved


def sources(**by_source: list[int | None]) -> Sources:
    """Seven attributes with evidence of 50, unless said otherwise."""
    blank: list[Score] = [None] * 10
    known: list[Score] = [Decimal(50)] * 7 + [None] * 3
    given_scores = {
        source: [None if number is None else Decimal(number) for number in numbers]
        for source, numbers in by_source.items()
    }
    return Sources(
        given_scores.get("client_pulse", blank),
        given_scores.get("evidence", known),
        given_scores.get("agency_pulse", blank),
    )


def test_a_score_that_did_not_move_has_no_causes() -> None:
    assert why_it_moved(sources(), WEIGHTS, sources(), WEIGHTS) == ()


def test_what_changed_came_in_and_went_out_is_told_apart() -> None:
    before = sources(evidence=[50, 50, 50, 50, 50, 50, 50, None, None, None])
    after = sources(evidence=[70, 50, 50, 50, 50, 50, None, 90, None, None])
    assert why_it_moved(before, WEIGHTS, after, WEIGHTS) == (
        Cause("came_in", "involvement", "evidence", Decimal(5)),  # 350 / 7 → 440 / 8
        Cause("changed", "commitment", "evidence", Decimal("2.5")),  # 460 / 8
        Cause("went_out", "value", "evidence", rounded(Fraction(410, 7) - Fraction(460, 8), 20)),
    )


def test_a_source_that_comes_into_an_attribute_moves_it_by_its_weight() -> None:
    # 0.4 × 100 and 0.4 × 50 over 0.8: the attribute goes from 50 to 75, the mean of seven by 25/7.
    after = sources(client_pulse=[100, *[None] * 9])
    causes = why_it_moved(sources(), WEIGHTS, after, WEIGHTS)
    assert causes is not None
    assert [(cause.happening, cause.attribute, cause.source) for cause in causes] == [
        ("came_in", "commitment", "client_pulse")
    ]
    assert printed(causes[0].effect) == Decimal("3.5714")


def test_other_weights_are_a_cause_of_their_own() -> None:
    heavy = Weights(BY_SOURCE, (Decimal(3), *EQUAL[1:]))
    before = sources(evidence=[80, 50, 50, 50, 50, 50, 20, None, None, None])
    # (3 × 80 + 250 + 20) / 9 = 56.67 instead of 350 / 7 = 50
    causes = why_it_moved(before, WEIGHTS, before, heavy)
    assert causes is not None
    assert [(cause.happening, cause.attribute, cause.source) for cause in causes] == [("weights", "", "")]
    assert printed(causes[0].effect) == Decimal("6.6667")


def test_a_new_version_that_weighs_the_same_is_no_cause() -> None:
    doubled = Weights(tuple(2 * weight for weight in BY_SOURCE), tuple(2 * weight for weight in EQUAL))
    before = sources(evidence=[80, 50, 50, 50, 50, 50, 20, None, None, None])
    assert why_it_moved(before, WEIGHTS, before, doubled) == ()


def test_without_a_score_on_either_side_nothing_is_explained() -> None:
    few = sources(evidence=[50, 50, 50, 50, 50, None, None, None, None, None])
    assert why_it_moved(few, WEIGHTS, sources(), WEIGHTS) is None
    assert why_it_moved(sources(), WEIGHTS, few, WEIGHTS) is None


def test_attributes_may_all_be_other_ones_than_before() -> None:
    before = sources(evidence=[50, 50, 50, 50, 50, 50, None, None, None, None])
    after = Sources([Decimal(90)] * 10, [None] * 10, [None] * 10)
    only_pulse = Weights((Decimal(1), Decimal(0), Decimal(0)), EQUAL)
    causes = why_it_moved(before, WEIGHTS, after, only_pulse)
    assert causes is not None
    assert sum(cause.effect for cause in causes) == 40


@given(by_attribute, by_attribute, by_attribute, by_attribute, by_attribute, by_attribute, weighting, weighting)
def test_causes_add_up_to_the_difference_exactly(
    client: Shares,
    records: Shares,
    agency: Shares,
    later_client: Shares,
    later_records: Shares,
    later_agency: Shares,
    texts: tuple[tuple[str, ...], tuple[str, ...]],
    later_texts: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    before, after = (
        Sources(*(settled(as_fractions(side)) for side in sides))
        for sides in ((client, records, agency), (later_client, later_records, later_agency))
    )
    weights, later_weights = as_weights(texts), as_weights(later_texts)
    scores = [
        partnership_score(attribute_scores(of_quarter, weighing.sources), weighing.attributes)
        for of_quarter, weighing in ((before, weights), (after, later_weights))
    ]
    causes = why_it_moved(before, weights, after, later_weights)
    if scores[0] is None or scores[1] is None:
        assert causes is None
        return
    assert causes is not None
    effects = sum((Fraction(cause.effect) for cause in causes), Fraction(0))
    assert effects == Fraction(scores[1]) - Fraction(scores[0])
    assert all(cause.effect for cause in causes)
    assert len({(cause.attribute, cause.source) for cause in causes}) == len(causes)
    assert all(cause.attribute in ATTRIBUTES for cause in causes if cause.happening != "weights")
