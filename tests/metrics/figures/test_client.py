from dataclasses import fields, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.settings_in_force import ATTRIBUTES, SettingVersion
from metrics.facts import Answers, ClientFacts, LineQuarter, Statements
from metrics.figures import exact
from metrics.figures.client import (
    ClientCandourFigures,
    ClientFigures,
    ClientQuarterFigures,
    LineQuarterFigures,
    client_figures,
)
from metrics.figures.partnership import confidence, pulse_mean
from tests.metrics.figures import by_fractions
from tests.metrics.figures.by_fractions import decimals, rounded
from tests.metrics.figures.northwind import NOBODY, default_settings, line, northwind, with_quarter

LATER = date(2030, 1, 1)


def figures(facts: ClientFacts, *versions: SettingVersion, as_of: date = LATER) -> ClientFigures:
    return client_figures(facts, default_settings(*versions, count=len(facts.quarters)), as_of)


def by_label(found: ClientFigures) -> dict[str, ClientQuarterFigures]:
    return {row.quarter: row for row in found.quarters}


def movements(*scopes: int) -> list[tuple[str, str, str]]:
    return [(row.quarter, row.movement, row.movement_year) for row in figures(northwind(scopes)).quarters]


def lines(found: ClientFigures) -> list[tuple[str, str, str, str]]:
    return [(row.service_line, row.quarter, row.movement, row.movement_year) for row in found.lines]


# Which rows there are


def test_a_client_has_a_row_for_each_quarter_with_scope_at_either_end() -> None:
    rows = figures(northwind([0, 0, 1000, 0, 0])).quarters
    assert [(row.quarter, row.listed) for row in rows] == [("2024-Q2", True), ("2024-Q3", True)]


def test_a_client_that_is_gone_keeps_a_row_while_the_year_window_begins_with_it() -> None:
    rows = figures(northwind([0, 1000, 0, 0, 0, 0, 0])).quarters
    assert [(row.quarter, row.listed, row.movement_year) for row in rows] == [
        ("2024-Q1", True, ""),
        ("2024-Q2", True, ""),
        ("2025-Q1", False, "lost"),
    ]


def test_a_row_that_is_not_listed_says_nothing_but_what_the_year_window_needs() -> None:
    facts = northwind([0, 1000, 0, 0, 0, 0], [(1, 1)] * 5)
    for position in range(5):
        with_quarter(facts, position, growth_known=Decimal(10), growth_pulled=Decimal(4), standing="sole")
    row = figures(facts).quarters[-1]
    assert (row.quarter, row.listed, row.movement, row.pattern) == ("2025-Q1", False, "", "")
    assert (row.scope_start, row.scope_end, row.scope_year_start) == decimals(0, 0, 1000)
    assert (row.growth_known_year, row.growth_pulled_year) == decimals(40, 16)
    assert (row.kpi_readings, row.kpi_met, row.attainment, row.swing, row.coverage) == (0, 0, None, None, 0)
    assert row.client_pulse == row.agency_pulse == row.evidence == row.score == [None] * 10


def test_a_client_that_never_had_scope_has_no_rows() -> None:
    found = figures(northwind([0, 0, 0], [(3, 4), (3, 4)]))
    assert (found.quarters, found.lines, found.candour) == ([], [], None)


def test_a_quarter_names_itself_and_what_it_was_computed_with() -> None:
    first, second = figures(
        northwind([1000, 1000, 1000]), SettingVersion("interval_a", date(2024, 4, 1), "7"), as_of=date(2024, 6, 30)
    ).quarters
    assert (first.quarter, first.starts_on, first.ends_on) == ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1))
    assert (first.in_progress, first.settings_version) == (False, None)
    assert (second.in_progress, second.settings_version) == (True, date(2024, 4, 1))


def test_a_quarter_has_ended_on_the_day_after_its_last() -> None:
    (row,) = figures(northwind([1000, 1000]), as_of=date(2024, 4, 1)).quarters
    assert not row.in_progress


def test_facts_and_settings_are_of_the_same_calendar() -> None:
    with pytest.raises(ValueError, match="2 quarters of facts and 3 of settings"):
        client_figures(northwind([0, 1, 1]), default_settings(count=3), LATER)


def test_the_smallest_amount_is_scope() -> None:
    least = "0.0001"
    facts = northwind([0, least, least, least, least, 0, 0], [(0, 10)] * 6)
    for position in range(6):
        with_quarter(facts, position, renewals=1)
    start = Decimal(least)
    for position in range(6):
        amounts = (start if 0 < position < 5 else Decimal(0), start if position < 4 else Decimal(0))
        facts.lines.append(
            replace(line("SEO", position, 0, 0, renewals=1), scope_start=amounts[0], scope_end=amounts[1])
        )
    found = figures(facts)
    assert [(row.quarter, row.movement, row.movement_year) for row in found.quarters] == [
        ("2024-Q1", "new", ""),
        ("2024-Q2", "flat", ""),
        ("2024-Q3", "flat", ""),
        ("2024-Q4", "flat", "new"),
        ("2025-Q1", "lost", "lost"),
        ("2025-Q2", "", "lost"),
    ]
    assert [row.stayed for row in found.quarters] == [True, True, True, True, False, False]
    assert [row.stayed_year for row in found.quarters] == [False, False, False, True, False, False]
    assert [row.pattern for row in found.quarters][:3] == ["too_early", "too_early", "at_risk"]
    assert found.quarters[2].evidence[ATTRIBUTES.index("trust")] == 100
    shared = [(row.movement, row.movement_year, row.stayed, row.stayed_year) for row in found.lines]
    assert shared == [(row.movement, row.movement_year, row.stayed, row.stayed_year) for row in found.quarters]


# Movements and the year window


def test_what_became_of_a_client_quarter_by_quarter() -> None:
    assert movements(0, 1000, 1200, 1100, 1100, 0) == [
        ("2024-Q1", "new", ""),
        ("2024-Q2", "expanding", ""),
        ("2024-Q3", "contracting", ""),
        ("2024-Q4", "flat", "new"),
        ("2025-Q1", "lost", "lost"),
    ]


def test_a_client_that_had_scope_at_an_earlier_quarter_start_returns() -> None:
    assert movements(1000, 0, 0, 500) == [
        ("2024-Q1", "lost", ""),
        ("2024-Q3", "returned", ""),
    ]


def test_a_spell_between_two_quarter_starts_leaves_a_client_new() -> None:
    # What begins and ends within a quarter is at no quarter's start.
    assert movements(0, 0, 1000) == [("2024-Q2", "new", "")]


def test_a_client_that_began_within_the_year_is_new_in_the_year() -> None:
    assert movements(0, 1000, 1000, 1000, 1000)[-1] == ("2024-Q4", "flat", "new")


def test_a_client_that_was_there_before_the_year_returned_in_it() -> None:
    assert movements(1000, 0, 0, 0, 0, 700)[-1] == ("2025-Q1", "returned", "returned")


def test_the_year_window_begins_three_quarters_before() -> None:
    third, fourth = figures(northwind([800, 900, 1000, 1100, 1200])).quarters[2:]
    assert (third.year_starts_on, third.scope_year_start, third.movement_year) == (None, Decimal(0), "")
    assert (fourth.year_starts_on, fourth.scope_year_start, fourth.value_year_start) == (
        date(2024, 1, 1),
        *decimals(800, 800),
    )


def test_growth_over_the_year_is_that_of_its_four_quarters() -> None:
    facts = northwind([1000] * 6)
    for position in range(5):
        with_quarter(facts, position, growth_known=Decimal(10**position), growth_pulled=Decimal(2 * 10**position))
    rows = by_label(figures(facts))
    assert (rows["2024-Q3"].growth_known, rows["2024-Q3"].growth_known_year) == decimals(100, 0)
    assert (rows["2024-Q4"].growth_known_year, rows["2024-Q4"].growth_pulled_year) == decimals(1111, 2222)
    assert rows["2025-Q1"].growth_known_year == 11110


def test_a_renewal_is_a_stay_where_scope_is_left() -> None:
    facts = with_quarter(northwind([1000, 1000, 1000, 1000, 1000, 0]), 1, renewals=1)
    with_quarter(facts, 4, renewals=2)
    rows = by_label(figures(facts))
    assert [row.stayed for row in rows.values()] == [False, True, False, False, False]
    assert [row.stayed_year for row in rows.values()] == [False, False, False, True, False]


def test_being_taken_into_something_new_is_told_by_quarter_and_by_year() -> None:
    facts = with_quarter(northwind([1000] * 6), 0, new_lines=1, new_lines_year=1)
    with_quarter(facts, 3, new_lines_year=1)
    rows = by_label(figures(facts))
    assert [row.into_new for row in rows.values()] == [True, False, False, False, False]
    assert [row.into_new_year for row in rows.values()] == [False, False, False, True, False]


# Numbers, swing and pattern


def test_swing_takes_the_quarters_of_the_year_that_have_an_attainment() -> None:
    rows = by_label(figures(northwind([1000] * 7, [(0, 10), (7, 10), (0, 0), (8, 10), (9, 10), (9, 10)])))
    assert rows["2024-Q3"].swing is None
    assert rows["2024-Q4"].swing == by_deviation(0, 70, 80)
    assert rows["2025-Q1"].swing == by_deviation(70, 80, 90)


def by_deviation(*attainments: int) -> Decimal:
    return exact.deviation([Decimal(number) for number in attainments])


def test_readings_from_before_the_client_had_scope_swing_too() -> None:
    rows = by_label(figures(northwind([0, 0, 1000, 1000], [(7, 10), (8, 10), (9, 10)])))
    assert rows["2024-Q3"].swing == by_deviation(70, 80, 90)
    assert rows["2024-Q3"].pattern == "too_early"


def test_the_pattern_is_read_from_the_first_quarter_start_with_scope() -> None:
    facts = northwind([0, 1000, 1100, 1200], [(0, 10), (8, 10), (8, 10)])
    row = by_label(figures(facts))["2024-Q3"]
    assert (row.pattern, row.pattern_from, row.pattern_attainment, row.pattern_scope_start) == (
        "compounding",
        date(2024, 4, 1),
        *decimals(80, 1000),
    )


def test_what_comes_after_a_quarter_is_not_in_its_pattern_or_swing() -> None:
    alone = northwind([1000, 1000, 1000, 1000, 1200], [(9, 10), (5, 10), (9, 10), (0, 10)])
    shorter = northwind([1000, 1000, 1000, 1000], [(9, 10), (5, 10), (9, 10)])
    assert figures(alone).quarters[:3] == figures(shorter).quarters


def test_the_years_of_the_first_quarters_swing_with_what_was_measured_before_the_calendar() -> None:
    facts = replace(northwind([1000] * 4, [(9, 10)] * 3), readings_before=((10, 5), (10, 7), (0, 0)))
    rows = by_label(figures(facts))
    assert rows["2024-Q1"].swing == by_deviation(50, 70, 90)
    assert rows["2024-Q2"].swing == by_deviation(70, 90, 90)
    assert rows["2024-Q3"].swing == by_deviation(90, 90, 90)
    assert [row.pattern for row in rows.values()] == ["too_early", "stalling", "stalling"]


def test_the_pattern_looks_back_a_year_and_no_further() -> None:
    row = by_label(figures(northwind([500, 1200, 1200, 1200, 1200, 1200], [(9, 10)] * 5)))["2025-Q1"]
    assert (row.pattern, row.pattern_from) == ("stalling", date(2024, 4, 1))


def test_two_accounts_with_like_numbers_are_told_apart() -> None:
    good = by_label(figures(northwind([1000] * 5, [(9, 10)] * 4)))["2024-Q4"]
    mixed = by_label(figures(northwind([1000, 1000, 1100, 1200, 1500], [(10, 10), (5, 10)] * 2)))["2024-Q4"]
    assert (good.pattern, mixed.pattern) == ("stalling", "deepening")


def test_a_lost_client_has_a_pattern_like_any_other() -> None:
    row = by_label(figures(northwind([1000, 1000, 0], [(9, 10), (9, 10)])))["2024-Q2"]
    assert (row.movement, row.pattern) == ("lost", "stalling")


def test_good_is_what_the_setting_in_force_says() -> None:
    versions = [SettingVersion("good_attainment", date(2024, 6, 30), "95")]
    rows = by_label(figures(northwind([1000] * 4, [(9, 10)] * 3), *versions))
    assert (rows["2024-Q2"].pattern, rows["2024-Q3"].pattern) == ("at_risk", "at_risk")
    assert by_label(figures(northwind([1000] * 4, [(9, 10)] * 3)))["2024-Q2"].pattern == "stalling"


@given(
    st.lists(st.sampled_from([0, 0, 500, 1000, 1500]), min_size=2, max_size=12),
    st.lists(st.tuples(st.integers(0, 4), st.integers(4, 6)), max_size=11),
)
def test_every_listed_row_has_a_pattern_and_a_movement_or_neither(
    scopes: list[int], readings: list[tuple[int, int]]
) -> None:
    found = figures(northwind(scopes, readings))
    for row in found.quarters:
        assert row.listed == bool(row.pattern) == bool(row.movement)
        assert (row.pattern_from is None) == (row.pattern in ("", "too_early"))
        assert (row.movement_year == "") == (not row.scope_year_start and not row.scope_end) or (
            row.year_starts_on is None
        )


# Trust


def trusts(scopes: list[int], readings: list[tuple[int, int]]) -> dict[str, Decimal | None]:
    position = ATTRIBUTES.index("trust")
    return {row.quarter: row.evidence[position] for row in figures(northwind(scopes, readings)).quarters}


def test_scope_that_held_after_a_failure_is_trust() -> None:
    found = trusts([1000, 900, 1000, 1000], [(4, 10), (9, 10), (9, 10)])
    assert found == {"2024-Q1": None, "2024-Q2": 100, "2024-Q3": 100}


def test_scope_that_was_cut_after_a_failure_is_none() -> None:
    assert trusts([1000, 1000, 999, 1000], [(4, 10)])["2024-Q2"] == 0


def test_half_of_the_targets_met_is_no_failure() -> None:
    assert trusts([1000, 1000, 1000], [(5, 10)])["2024-Q2"] is None


def test_a_quarter_without_readings_is_no_failure() -> None:
    assert trusts([1000, 1000, 1000], [(0, 0)])["2024-Q2"] is None


def test_a_failure_before_the_client_had_scope_tests_nothing() -> None:
    assert trusts([0, 1000, 1000, 1000], [(0, 10)])["2024-Q2"] is None


def test_a_failure_is_remembered_for_eight_quarters() -> None:
    found = trusts([1000] * 11, [(0, 10)])
    assert [quarter for quarter, trust in found.items() if trust is not None] == [
        "2024-Q2",
        "2024-Q3",
        "2024-Q4",
        "2025-Q1",
        "2025-Q2",
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
    ]


def test_trust_that_was_kept_long_ago_does_not_count() -> None:
    # The failure of 2024-Q1 was forgiven, that of 2024-Q3 was not; from 2026-Q2 on only the latter is left.
    found = trusts([1000] * 4 + [900] * 7, [(0, 10), (9, 10), (0, 10)])
    assert (found["2026-Q1"], found["2026-Q2"]) == decimals(50, 0)


def test_a_client_that_left_after_a_failure_did_not_permit_it() -> None:
    assert trusts([1000, 1000, 0], [(0, 10)])["2024-Q2"] == 0


@given(
    st.lists(st.sampled_from([0, 500, 1000]), min_size=3, max_size=15),
    st.lists(st.sampled_from([(0, 0), (0, 4), (1, 2), (4, 4)]), min_size=14, max_size=14),
)
def test_trust_is_that_of_the_eight_quarters_before(scopes: list[int], readings: list[tuple[int, int]]) -> None:
    for row in figures(northwind(scopes, readings)).quarters:
        here = (row.starts_on.year - 2024) * 4 + (row.starts_on.month - 1) // 3
        failures = [
            back
            for back in range(max(here - 8, 0), here)
            if scopes[back] > 0 and readings[back][1] and 2 * readings[back][0] < readings[back][1]
        ]
        kept = [back for back in failures if scopes[back + 2] >= scopes[back]]
        found = row.evidence[ATTRIBUTES.index("trust")]
        if row.listed and failures:
            assert found == rounded(Fraction(100 * len(kept), len(failures)), 20)
        else:
            assert found is None


# Partnership


def test_the_ten_attributes_come_together() -> None:
    answers = (Answers(1, 5, 0, 0),) * 3 + (NOBODY,) * 7
    facts = with_quarter(
        northwind([1000, 1000]),
        0,
        client_answers=answers,
        agency_answers=(Answers(2, 6, 0, 0),) * 10,
        standing="lead",
        statements=Statements((1, 0, 0), (4, 0, 0), (0, 0, 0), (0, 0, 0)),
        ever_checked_in=True,
        check_ins_held=2,
        check_in_days=90,
        ticks=4,
        trust_ticks=3,
        contested=5,
        contested_defended=2,
    )
    (row,) = figures(facts).quarters
    assert row.client_pulse == [100, 100, 100] + [None] * 7
    assert row.client_pulse_to_show == [None] * 10
    assert row.agency_pulse == [50] * 10
    assert row.evidence[ATTRIBUTES.index("loyalty")] == 75
    # Tier B is to be spoken with every 30 days: two of three.
    assert row.check_in_rhythm == row.evidence[ATTRIBUTES.index("communication")] == rounded(Fraction(200, 3), 20)
    # (0.4 × 100 + 0.2 × 50) / 0.6 three times; (0.4 × 75 + 0.2 × 50) / 0.6; 50 five times;
    # (0.4 × 66.67 + 0.2 × 50) / 0.6 once.
    blended = [Fraction(250, 3)] * 3 + [Fraction(200, 3)] + [Fraction(50)] * 5
    blended.append((Fraction(2, 5) * Fraction(200, 3) + 10) / Fraction(3, 5))
    assert (row.coverage, row.partnership_score) == (10, rounded(by_fractions.mean(blended), 20))
    assert (row.confidence, row.trust_signs, row.candour) == decimals(75, 75, 40)


def test_five_attributes_are_no_score() -> None:
    answers = (Answers(1, 3, 0, 0),) * 5 + (NOBODY,) * 5
    (row,) = figures(with_quarter(northwind([1000, 1000]), 0, client_answers=answers)).quarters
    assert (row.coverage, row.partnership_score) == (5, None)


def test_weights_are_those_in_force_at_the_quarters_end() -> None:
    answers = (Answers(1, 5, 0, 0),) * 6 + (NOBODY,) * 4
    facts = northwind([1000, 1000, 1000])
    for position in range(2):
        with_quarter(facts, position, client_answers=answers, agency_answers=(Answers(1, 1, 0, 0),) * 10)
    first, second = figures(facts, SettingVersion("weight.agency_pulse", date(2024, 4, 1), "0")).quarters
    # (6 × 0.4 / 0.6 × 100 + 4 × 0) / 10; then the agency's opinion weighs nothing.
    assert (first.coverage, first.partnership_score) == (10, Decimal(40))
    assert (second.coverage, second.partnership_score) == (6, Decimal(100))
    assert second.score == [100] * 6 + [None] * 4


def test_the_interval_of_check_ins_is_that_of_the_clients_tier() -> None:
    for tier, rhythm in (("A", 14), ("B", 30), ("C", 60), ("", 30)):
        facts = with_quarter(
            northwind([1000, 1000], value_tier=tier), 0, ever_checked_in=True, check_ins_held=1, check_in_days=100
        )
        assert figures(facts).quarters[0].check_in_rhythm == rhythm


# Service lines


def test_a_line_has_its_own_movements() -> None:
    facts = northwind(
        [1000] * 6,
        lines=[
            line("SEO", 0, 1000, 1000),
            line("SEO", 1, 1000, 600, renewals=1),
            line("SEO", 2, 600, 600),
            line("SEO", 3, 600, 600),
            line("SEO", 4, 600, 0),
            line("Video", 1, 0, 400, growth_known=Decimal(400), growth_pulled=Decimal(300)),
            line("Video", 2, 400, 0),
            line("Video", 4, 0, 100),
        ],
    )
    found = figures(facts)
    assert lines(found) == [
        ("SEO", "2024-Q1", "flat", ""),
        ("SEO", "2024-Q2", "contracting", ""),
        ("SEO", "2024-Q3", "flat", ""),
        ("SEO", "2024-Q4", "flat", "contracting"),
        ("SEO", "2025-Q1", "lost", "lost"),
        ("Video", "2024-Q2", "new", ""),
        ("Video", "2024-Q3", "lost", ""),
        ("Video", "2025-Q1", "returned", "new"),
    ]
    assert [row.stayed for row in found.lines] == [False, True, *[False] * 6]
    assert [row.stayed_year for row in found.lines] == [False, False, False, True, *[False] * 4]
    last = found.lines[-1]
    assert (last.growth_known, last.growth_known_year, last.growth_pulled_year) == decimals(0, 400, 300)


def test_a_line_that_is_gone_keeps_a_row_while_the_year_window_begins_with_it() -> None:
    facts = northwind([1000] * 8, lines=[line("SEO", 0, 0, 500), line("SEO", 1, 500, 0)])
    found = figures(facts)
    assert lines(found) == [
        ("SEO", "2024-Q1", "new", ""),
        ("SEO", "2024-Q2", "lost", ""),
        ("SEO", "2025-Q1", "", "lost"),
    ]
    last = found.lines[-1]
    assert (last.scope_start, last.scope_end, last.scope_year_start, last.value_year_start) == decimals(0, 0, 500, 500)
    assert (last.starts_on, last.year_starts_on) == (date(2025, 1, 1), date(2024, 4, 1))


def test_growth_in_a_quarter_without_a_row_of_its_own_counts_in_the_year() -> None:
    facts = northwind(
        [1000] * 5,
        lines=[
            line("Video", 0, 0, 0, growth_known=Decimal(50), growth_pulled=Decimal(50)),
            line("Video", 2, 0, 300, growth_known=Decimal(300)),
            line("Video", 3, 300, 300),
        ],
    )
    assert [(row.quarter, row.growth_known_year) for row in figures(facts).lines] == [
        ("2024-Q3", Decimal(0)),
        ("2024-Q4", Decimal(350)),
    ]


@given(
    st.lists(st.sampled_from([0, 0, 500, 1000]), min_size=2, max_size=10),
    st.lists(st.integers(0, 2), min_size=9, max_size=9),
)
def test_a_client_with_one_line_moves_as_its_line_does(scopes: list[int], renewals: list[int]) -> None:
    facts = northwind(scopes)
    gathered: list[LineQuarter] = []
    for position in range(len(scopes) - 1):
        amounts = {"growth_known": Decimal(renewals[position]), "renewals": renewals[position]}
        with_quarter(facts, position, **amounts)
        row = line("SEO", position, scopes[position], scopes[position + 1], **amounts)
        if any((row.scope_start, row.scope_end, row.renewals)):
            gathered.append(row)
    facts.lines = gathered
    found = figures(facts)
    shared = {field.name for field in fields(LineQuarterFigures)} - {"service_line"}
    assert len(found.lines) == len(found.quarters)
    for of_line, of_client in zip(found.lines, found.quarters, strict=True):
        for name in shared:
            assert getattr(of_line, name) == getattr(of_client, name), name


# Candour, and the whole


def test_contested_advice_of_all_time_stands_by_itself() -> None:
    facts = replace(northwind([0, 0]), contested=3, defended=1, compromised=1, withdrawn=0)
    assert figures(facts).candour == ClientCandourFigures(7, 3, 1, 1, 0, rounded(Fraction(100, 3), 20))


def test_a_clients_figures_do_not_depend_on_the_callers_digits() -> None:
    facts = northwind(["1234567.8912", "2345678.1234", "3456789.1111", "4567891.2222", "0"], [(2, 3), (5, 7), (8, 9)])
    for position in range(4):
        with_quarter(
            facts,
            position,
            growth_known=Decimal("1234567.8912"),
            client_answers=(Answers(3, 11, 2, 5),) * 10,
            agency_answers=(Answers(3, 10, 0, 0),) * 10,
            scope_pricing_known=Decimal("7654321.1234"),
            scope_value_priced=Decimal("1234567.1111"),
            statements=Statements((1, 2, 0), (4, 7, 0), (0, 0, 2), (0, 0, 17)),
        )
    facts.lines = [line("SEO", 0, 1, 2, growth_known=Decimal("1234567.8912")), line("SEO", 3, 2, 2)]
    expected = figures(facts)
    for remembered in (exact.ratio, pulse_mean, confidence):
        remembered.cache_clear()
    with localcontext(prec=2):
        found = figures(facts)
    assert found == expected
