"""The facts: what is selected, added up and counted, sentence by sentence of DOMAIN.md."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import scope_ledger
from accounts.models import Client
from metrics.facts import Answers, ClientFacts, Statements
from metrics.gathering import calendar, gather
from tests import builders
from tests.metrics.computing import amounts, facts_of, line_of, quarter_of

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 6, 30)
NOBODY = Answers(0, 0, 0, 0)


@pytest.fixture
def northwind() -> Client:
    return builders.client("Northwind")


def scopes(facts: ClientFacts) -> dict[str, int]:
    """Scope at each quarter's end."""
    return {quarter.quarter.label: int(quarter.scope_end) for quarter in facts.quarters}


# The calendar


def test_the_first_quarter_holds_the_earliest_effective_start(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 5, 20))
    builders.retainer_since(builders.client("Contoso"), date(2024, 8, 1))
    assert [quarter.label for quarter in calendar(date(2025, 1, 1))] == ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]


def test_a_reversed_start_does_not_begin_the_calendar(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    scope_ledger.reverse(builders.scope_change(retainer, "start", date(2023, 1, 1), 1000), "Entered twice", None)
    builders.scope_change(retainer, "start", date(2024, 11, 1), 1000)
    assert [quarter.label for quarter in calendar(date(2024, 12, 31))] == ["2024-Q4"]


def test_there_are_no_quarters_before_anybody_starts(northwind: Client) -> None:
    assert calendar(AS_OF) == ()
    builders.retainer_since(northwind, date(2026, 1, 1))
    assert calendar(date(2025, 12, 31)) == ()


def test_quarters_follow_the_fiscal_year(northwind: Client) -> None:
    builders.setting("fiscal_year_month", date(2020, 1, 1), "2")
    builders.retainer_since(northwind, date(2024, 1, 31))
    assert [quarter.label for quarter in calendar(date(2024, 2, 1))] == ["2024-Q4", "2025-Q1"]


def test_contested_advice_is_known_also_before_there_are_quarters(northwind: Client) -> None:
    builders.recommendation(northwind, date(2024, 1, 5), reception="resisted", stance="defended")
    (facts,) = gather([northwind.pk], calendar(AS_OF))
    assert (facts.contested, facts.defended, facts.quarters) == (1, 1, [])


# 3. Scope


def test_a_retainer_counts_twelve_months(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 2, 10), 1000)
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.scope_start for quarter in facts.quarters] == [0, 12000]
    assert [quarter.scope_end for quarter in facts.quarters] == [12000, 12000]


def test_a_change_on_the_first_day_of_a_quarter_belongs_to_that_quarter(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(retainer, "expansion", date(2024, 4, 1), 500)
    builders.scope_change(retainer, "expansion", date(2024, 9, 30), 100)
    facts = facts_of(northwind, date(2024, 12, 31))
    assert scopes(facts) == {"2024-Q1": 12000, "2024-Q2": 18000, "2024-Q3": 19200, "2024-Q4": 19200}
    assert quarter_of(facts, "2024-Q2").scope_start == 12000


def test_a_price_rise_changes_value_and_not_scope(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(retainer, "price", date(2024, 5, 1), 100)
    quarter = quarter_of(facts_of(northwind, date(2024, 6, 30)), "2024-Q2")
    assert amounts(quarter.scope_start, quarter.scope_end) == (12000, 12000)
    assert amounts(quarter.value_start, quarter.value_end) == (12000, 13200)


def test_scope_is_not_below_zero_when_the_rest_was_a_price_rise(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(retainer, "price", date(2024, 2, 1), 500)
    builders.scope_change(retainer, "contraction", date(2024, 5, 1), -1200)
    builders.scope_change(retainer, "expansion", date(2024, 8, 1), 700)
    facts = facts_of(northwind, date(2024, 9, 30))
    assert [int(quarter.scope_end) for quarter in facts.quarters] == [12000, 0, 6000]
    assert [int(quarter.value_end) for quarter in facts.quarters] == [18000, 3600, 12000]


def test_one_engagement_below_zero_takes_nothing_from_another(northwind: Client) -> None:
    first = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(first, "price", date(2024, 2, 1), 500)
    builders.scope_change(first, "contraction", date(2024, 3, 1), -1200)
    builders.retainer_since(northwind, date(2024, 1, 1), 300)
    assert scopes(facts_of(northwind, date(2024, 3, 31))) == {"2024-Q1": 3600}


def test_a_retainer_has_no_scope_once_its_end_is_effective(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(retainer, "price", date(2024, 2, 1), 50)
    builders.scope_change(retainer, "end", date(2024, 7, 1))
    facts = facts_of(northwind, date(2024, 12, 31))
    assert scopes(facts) == {"2024-Q1": 12000, "2024-Q2": 12000, "2024-Q3": 0, "2024-Q4": 0}
    assert [quarter.value_end for quarter in facts.quarters] == [12600, 12600, 0, 0]


def test_an_open_project_counts_however_old_it_is(northwind: Client) -> None:
    builders.project_since(northwind, date(2023, 1, 10), 9000)
    assert set(scopes(facts_of(northwind, AS_OF)).values()) == {9000}


def test_a_finished_project_counts_for_a_year_after_each_of_its_rows(northwind: Client) -> None:
    project = builders.project_since(northwind, date(2023, 4, 1), 9000)
    builders.scope_change(project, "expansion", date(2023, 9, 30), 1000)
    builders.scope_change(project, "price", date(2023, 8, 1), 500)
    builders.scope_change(project, "end", date(2023, 10, 15), 0)
    facts = facts_of(northwind, date(2024, 12, 31))
    assert [int(quarter.scope_end) for quarter in facts.quarters] == [9000, 10000, 10000, 10000, 1000, 0, 0]
    assert [int(quarter.value_end) for quarter in facts.quarters] == [9000, 10500, 10500, 10500, 1500, 0, 0]


def test_a_project_that_was_long_open_counts_no_more_once_it_has_ended(northwind: Client) -> None:
    project = builders.project_since(northwind, date(2023, 1, 10), 9000)
    builders.scope_change(project, "end", date(2024, 8, 1), 0)
    assert list(scopes(facts_of(northwind, date(2024, 12, 31))).values()) == [9000] * 6 + [0, 0]


def test_a_project_cut_short_gives_back_and_never_falls_below_zero(northwind: Client) -> None:
    project = builders.project_since(northwind, date(2023, 1, 10), 9000)
    builders.scope_change(project, "end", date(2023, 5, 1), -2000)
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [int(quarter.scope_end) for quarter in facts.quarters] == [9000, 7000, 7000, 7000, 0, 0]


def test_a_reversed_row_and_its_reversal_count_for_nothing(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    scope_ledger.reverse(builders.scope_change(retainer, "expansion", date(2024, 2, 1), 500), "Entered twice", None)
    facts = facts_of(northwind, date(2024, 6, 30))
    assert scopes(facts) == {"2024-Q1": 12000, "2024-Q2": 12000}
    assert [quarter.growth_known for quarter in facts.quarters] == [0, 0]


def test_a_reversed_end_leaves_the_retainer_running(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    scope_ledger.reverse(builders.scope_change(retainer, "end", date(2024, 2, 1)), "Entered twice", None)
    assert scopes(facts_of(northwind, date(2024, 6, 30))) == {"2024-Q1": 12000, "2024-Q2": 12000}


def test_rows_dated_after_the_as_of_date_count_within_its_quarter_and_not_beyond(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 1), 1000)
    builders.scope_change(retainer, "expansion", date(2024, 3, 31), 500)
    builders.scope_change(retainer, "end", date(2024, 4, 1))
    assert scopes(facts_of(northwind, date(2024, 1, 1))) == {"2024-Q1": 18000}


# 4. Growth


def test_growth_is_by_expansions_and_by_starts_after_the_clients_first(northwind: Client) -> None:
    retainer = builders.engagement(northwind, "Care")
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, origin="client")
    same_day = builders.project(northwind, "Launch")
    builders.scope_change(same_day, "start", date(2024, 1, 10), 5000, origin="client")
    later = builders.project(northwind, "Films")
    builders.scope_change(later, "start", date(2024, 2, 10), 7000, origin="agency")
    builders.scope_change(retainer, "expansion", date(2024, 3, 10), 100, origin="joint")
    builders.scope_change(retainer, "price", date(2024, 3, 11), 100, origin="client")
    quarter = quarter_of(facts_of(northwind, date(2024, 3, 31)), "2024-Q1")
    assert quarter.growth_known == 7000 + 12 * 100
    assert quarter.growth_pulled == 12 * 100


@pytest.mark.parametrize("origin", ["", "unknown"])
def test_growth_of_unknown_origin_is_neither_pulled_nor_pushed(northwind: Client, origin: str) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 10))
    builders.scope_change(retainer, "expansion", date(2024, 2, 10), 100, origin=origin)
    quarter = quarter_of(facts_of(northwind, date(2024, 3, 31)), "2024-Q1")
    assert amounts(quarter.growth_known, quarter.growth_pulled) == (0, 0)


def test_renewals_are_counted_in_their_quarter(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 10))
    builders.scope_change(retainer, "renewal", date(2024, 4, 1), ends_on=date(2025, 4, 1))
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.renewals for quarter in facts.quarters] == [0, 1]


def test_a_line_is_new_where_there_was_no_scope_in_it_at_the_windows_start(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2023, 1, 10), service_line="Search")
    video = builders.engagement(northwind, "Films", service_line="Video")
    builders.scope_change(video, "start", date(2023, 6, 1), 500)
    builders.scope_change(video, "expansion", date(2023, 8, 1), 100)
    facts = facts_of(northwind, date(2024, 9, 30))
    assert {quarter.quarter.label: quarter.new_lines for quarter in facts.quarters if quarter.new_lines} == {
        "2023-Q1": 1,
        "2023-Q2": 1,
    }
    # Search in the years that begin before it started; Video while the year began before it did.
    assert [quarter.new_lines_year for quarter in facts.quarters] == [1, 2, 2, 2, 1, 0, 0]


def test_a_start_of_no_value_is_something_new_too(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.retainer_since(northwind, date(2024, 4, 10), 0, service_line="Video")
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.new_lines for quarter in facts.quarters] == [0, 1]


def test_an_unnamed_line_is_nothing_new(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    facts = facts_of(northwind, date(2024, 3, 31))
    assert [quarter.new_lines for quarter in facts.quarters] == [0]
    assert facts.lines == []


def test_a_line_left_and_entered_again_is_new_again(northwind: Client) -> None:
    first = builders.retainer_since(northwind, date(2024, 1, 10), service_line="Video")
    builders.scope_change(first, "end", date(2024, 5, 1))
    builders.retainer_since(northwind, date(2024, 7, 5), service_line="Video")
    facts = facts_of(northwind, date(2024, 9, 30))
    assert [quarter.new_lines for quarter in facts.quarters] == [1, 0, 1]


def test_a_line_has_its_own_scope_value_and_growth(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10), 1000, service_line="Search")
    video = builders.retainer_since(northwind, date(2024, 2, 10), 500, service_line="Video")
    builders.scope_change(video, "price", date(2024, 4, 10), 10)
    builders.scope_change(video, "expansion", date(2024, 4, 20), 20, origin="client")
    builders.scope_change(video, "renewal", date(2024, 4, 30), ends_on=date(2025, 1, 1))
    facts = facts_of(northwind, date(2024, 6, 30))
    assert quarter_of(facts, "2024-Q2").scope_end == 12 * (1000 + 520)
    video_line = line_of(facts, "Video", "2024-Q2")
    assert video_line is not None
    assert amounts(video_line.scope_start, video_line.scope_end) == (6000, 6240)
    assert amounts(video_line.value_start, video_line.value_end) == (6000, 6360)
    assert amounts(video_line.growth_known, video_line.growth_pulled, video_line.renewals) == (240, 240, 1)
    search_line = line_of(facts, "Search", "2024-Q2")
    assert search_line is not None
    assert amounts(search_line.scope_start, search_line.growth_known, search_line.renewals) == (12000, 0, 0)


def test_a_line_has_no_row_where_nothing_is_in_it(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10), 1000, service_line="Search")
    video = builders.retainer_since(northwind, date(2024, 4, 10), 500, service_line="Video")
    builders.scope_change(video, "end", date(2024, 8, 1))
    facts = facts_of(northwind, date(2024, 12, 31))
    assert line_of(facts, "Video", "2024-Q1") is None
    assert line_of(facts, "Video", "2024-Q3") is not None
    assert line_of(facts, "Video", "2024-Q4") is None


# 5. The good numbers


def test_readings_count_by_the_months_first_day_and_only_with_a_target(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    leads = builders.kpi(northwind)
    builders.reading(leads, date(2024, 1, 1), 100, 100)
    builders.reading(leads, date(2024, 3, 1), 99, 100)
    builders.reading(leads, date(2024, 4, 1), 101, 100)
    builders.reading(leads, date(2024, 5, 1), 101, None)
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [(quarter.kpi_met, quarter.kpi_readings) for quarter in facts.quarters] == [(1, 2), (1, 1)]


def test_lower_is_better_where_the_kpi_says_so(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    cost = builders.kpi(northwind, "Cost per lead", "lower")
    for month, value in ((1, 99), (2, 100), (3, 101)):
        builders.reading(cost, date(2024, month, 1), value, 100)
    quarter = quarter_of(facts_of(northwind, date(2024, 3, 31)), "2024-Q1")
    assert (quarter.kpi_met, quarter.kpi_readings) == (2, 3)


def test_readings_of_the_three_quarters_before_the_calendar_are_known(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    leads = builders.kpi(northwind)
    for month, value in (
        (date(2023, 3, 1), 100),
        (date(2023, 4, 1), 100),
        (date(2023, 9, 1), 50),
        (date(2023, 12, 1), 100),
        (date(2024, 1, 1), 50),
    ):
        builders.reading(leads, month, value, 100)
    facts = facts_of(northwind, date(2024, 3, 31))
    assert facts.readings_before == ((1, 1), (1, 0), (1, 1))
    assert [(quarter.kpi_readings, quarter.kpi_met) for quarter in facts.quarters] == [(1, 0)]


# 7. Pulses


def test_each_respondents_latest_answer_counts(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.pulse(northwind, date(2024, 4, 5), commitment=1, value=5)
    builders.pulse(northwind, date(2024, 6, 30), commitment=4)
    builders.pulse(northwind, date(2024, 5, 5), respondent="eve@northwind.example", commitment=2)
    builders.pulse(northwind, date(2024, 5, 6), side="agency", commitment=5)
    facts = facts_of(northwind, date(2024, 6, 30))
    first, second = facts.quarters
    assert first.client_answers is None
    assert second.client_answers is not None
    assert second.client_answers[0] == Answers(2, 6, 0, 0)
    assert second.client_answers[6] == NOBODY, "a blank in the latest response leaves Dana out"
    assert second.agency_answers is not None
    assert second.agency_answers[0] == Answers(1, 5, 0, 0)


def test_an_answer_counts_for_182_days(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    end = date(2024, 10, 1)
    builders.pulse(northwind, end - timedelta(days=182), commitment=3)
    builders.pulse(northwind, end - timedelta(days=183), respondent="eve@northwind.example", commitment=3)
    facts = facts_of(northwind, date(2024, 9, 30))
    answers = quarter_of(facts, "2024-Q3").client_answers
    assert answers is not None
    assert answers[0] == Answers(1, 3, 0, 0)


def test_an_answer_may_count_at_three_quarter_ends(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 10, 10))
    builders.pulse(northwind, date(2024, 12, 31), commitment=3)
    facts = facts_of(northwind, date(2025, 9, 30))
    known = [quarter.quarter.label for quarter in facts.quarters if quarter.client_answers]
    assert known == ["2024-Q4", "2025-Q1", "2025-Q2"]


def test_an_answer_on_the_quarters_last_day_but_not_on_the_next_counts(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.pulse(northwind, date(2024, 3, 31), commitment=3)
    builders.pulse(northwind, date(2024, 4, 1), respondent="eve@northwind.example", commitment=5)
    facts = facts_of(northwind, date(2024, 6, 30))
    answers = [quarter.client_answers[0] for quarter in facts.quarters if quarter.client_answers]
    assert answers == [Answers(1, 3, 0, 0), Answers(2, 8, 0, 0)]


def test_of_two_answers_on_one_day_the_higher_id_counts_as_text(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.pulse(northwind, date(2024, 2, 1), external_id="p-9", commitment=5)
    builders.pulse(northwind, date(2024, 2, 1), external_id="p-10", commitment=1)
    builders.pulse(northwind, date(2024, 2, 1), "agency", external_id="a-1", commitment=2)
    builders.pulse(northwind, date(2024, 2, 1), "agency", external_id="B-2", commitment=4)
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert quarter.client_answers is not None
    assert quarter.client_answers[0] == Answers(1, 5, 0, 0)
    assert quarter.agency_answers is not None
    assert quarter.agency_answers[0] == Answers(1, 2, 0, 0), "by code point, capitals come first"


def test_confidential_answers_are_counted_apart(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    for name, confidential, answer in (("ann", True, 1), ("eve", True, 2), ("dan", None, 4), ("joe", False, 5)):
        respondent = f"{name}@northwind.example"
        builders.pulse(northwind, date(2024, 2, 1), "client", respondent, confidential=confidential, trust=answer)
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert quarter.client_answers is not None
    assert quarter.client_answers[4] == Answers(2, 9, 2, 3)
    assert quarter.client_answers[0] == NOBODY


def test_a_named_answer_takes_the_place_of_a_confidential_one(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.pulse(northwind, date(2024, 2, 1), confidential=True, trust=1)
    builders.pulse(northwind, date(2024, 3, 1), trust=5)
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert quarter.client_answers is not None
    assert quarter.client_answers[4] == Answers(1, 5, 0, 0)


def test_statements_are_added_up_by_how_many_were_answered(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.pulse(northwind, date(2024, 2, 1), reduces_risk=5, improves_decisions=4, supports_direction=3)
    builders.pulse(northwind, date(2024, 2, 1), respondent="eve@northwind.example", supports_direction=2)
    builders.pulse(
        northwind,
        date(2024, 2, 1),
        respondent="ann@northwind.example",
        confidential=True,
        reduces_risk=1,
        improves_decisions=2,
    )
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert quarter.statements == Statements((1, 0, 1), (2, 0, 12), (0, 1, 0), (0, 3, 0))


# 7. Evidence


def committed(facts: ClientFacts) -> list[int | None]:
    return [quarter.committed_days for quarter in facts.quarters]


def test_the_term_in_force_is_the_latest_start_or_renewal_that_carries_one(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, ends_on=date(2024, 12, 31))
    builders.scope_change(retainer, "renewal", date(2024, 5, 1))
    builders.scope_change(retainer, "renewal", date(2024, 10, 1), ends_on=date(2025, 1, 31))
    ends = (date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1))
    expected = [(date(2024, 12, 31) - end).days for end in ends] + [30]
    assert committed(facts_of(northwind, date(2024, 12, 31))) == expected


def test_a_term_that_has_passed_commits_to_nothing_whatever_the_notice(northwind: Client) -> None:
    retainer = builders.engagement(northwind, notice_days=90)
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, ends_on=date(2024, 3, 1))
    assert committed(facts_of(northwind, date(2024, 3, 31))) == [0]


def test_an_engagement_without_a_term_is_committed_for_its_notice(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10), notice_days=90)
    assert committed(facts_of(northwind, date(2024, 3, 31))) == [90]


def test_an_engagement_without_term_and_notice_is_committed_for_no_day(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    assert committed(facts_of(northwind, date(2024, 3, 31))) == [0]


def test_a_term_agreed_later_takes_the_place_of_the_notice(northwind: Client) -> None:
    retainer = builders.retainer_since(northwind, date(2024, 1, 10), notice_days=90)
    builders.scope_change(retainer, "renewal", date(2024, 4, 1), ends_on=date(2024, 7, 11))
    assert committed(facts_of(northwind, date(2024, 6, 30))) == [90, 10]


def test_of_two_terms_on_one_day_the_later_holds(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, ends_on=date(2024, 12, 1))
    builders.scope_change(retainer, "renewal", date(2024, 2, 1), ends_on=date(2024, 4, 21))
    builders.scope_change(retainer, "renewal", date(2024, 2, 1), ends_on=date(2024, 4, 11))
    assert committed(facts_of(northwind, date(2024, 3, 31))) == [20]


def test_the_most_committed_open_engagement_counts(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10), notice_days=30)
    project = builders.project(northwind, notice_days=10)
    builders.scope_change(project, "start", date(2024, 1, 10), 1000, ends_on=date(2024, 7, 1))
    builders.scope_change(project, "end", date(2024, 4, 1), 0)
    assert committed(facts_of(northwind, date(2024, 6, 30))) == [91, 30]


def test_nothing_is_committed_where_no_engagement_is_open(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, ends_on=date(2024, 12, 1))
    builders.scope_change(retainer, "end", date(2024, 6, 30))
    assert committed(facts_of(northwind, date(2024, 9, 30)))[1:] == [None, None]


def test_involvement_from_idea_or_plan_counts_for_a_year(northwind: Client) -> None:
    retainer = builders.engagement(northwind)
    builders.scope_change(retainer, "start", date(2024, 1, 10), 1000, involved_from="idea")
    for month, involved in ((2, "plan"), (3, "brief"), (4, "execution"), (5, "unknown"), (6, "")):
        builders.scope_change(retainer, "expansion", date(2024, month, 10), 100, involved_from=involved)
    builders.scope_change(retainer, "price", date(2024, 7, 10), 100, involved_from="idea")
    facts = facts_of(northwind, date(2025, 6, 30))
    known = [(quarter.involved_early, quarter.involvement_known) for quarter in facts.quarters]
    assert known == [(2, 3), (2, 4), (2, 4), (2, 4), (0, 1), (0, 0)]


def test_advice_counts_for_a_year_also_before_the_calendar(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.recommendation(northwind, date(2023, 4, 1), proactive=True, reception="debated", stance="defended")
    builders.recommendation(northwind, date(2023, 3, 31), proactive=True)
    builders.recommendation(northwind, date(2024, 4, 1), proactive=False, reception="resisted", stance="withdrawn")
    builders.recommendation(northwind, date(2024, 4, 1), proactive=None, reception="welcomed", stance="defended")
    facts = facts_of(northwind, date(2024, 6, 30))
    first, second = facts.quarters
    assert (first.advice_proactive, first.advice_known) == (1, 1)
    assert (first.contested_defended, first.contested) == (1, 1)
    assert (second.advice_proactive, second.advice_known) == (0, 1)
    assert (second.contested_defended, second.contested) == (0, 1)
    assert (facts.contested, facts.defended, facts.compromised, facts.withdrawn) == (2, 1, 0, 1)


def test_all_contested_advice_counts_whatever_its_date(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.recommendation(northwind, date(2030, 1, 1), reception="debated", stance="compromised")
    builders.recommendation(northwind, date(2010, 1, 1), reception="resisted")
    facts = facts_of(northwind, AS_OF)
    assert (facts.contested, facts.defended, facts.compromised, facts.withdrawn) == (2, 0, 1, 0)


def test_the_standing_in_force_is_the_latest_before_the_quarters_end(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 4, 10))
    builders.standing(northwind, date(2023, 1, 1), "project")
    builders.standing(northwind, date(2024, 1, 1), "several")
    builders.standing(northwind, date(2024, 7, 1), "lead")
    builders.standing(northwind, date(2024, 9, 30), "sole")
    facts = facts_of(northwind, date(2024, 12, 31))
    assert [quarter.standing for quarter in facts.quarters] == ["several", "sole", "sole"]


def test_a_standing_taken_on_the_quarters_end_is_not_in_force_yet(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.standing(northwind, date(2024, 4, 1), "sole")
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.standing for quarter in facts.quarters] == ["", "sole"]


def test_check_ins_of_the_year_count_from_the_first_start_on(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 2, 10))
    for day in (date(2024, 2, 9), date(2024, 2, 10), date(2024, 3, 31), date(2024, 3, 31), date(2025, 2, 1)):
        builders.check_in(northwind, day)
    facts = facts_of(northwind, date(2025, 3, 31))
    assert [quarter.check_ins_held for quarter in facts.quarters] == [3, 3, 3, 3, 1]
    assert [quarter.check_in_days for quarter in facts.quarters] == [51, 142, 234, 326, 365]
    assert all(quarter.ever_checked_in for quarter in facts.quarters)


def test_a_year_of_check_ins_begins_with_its_first_day(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2023, 1, 1))
    builders.check_in(northwind, date(2023, 4, 1))
    builders.check_in(northwind, date(2023, 3, 31))
    facts = facts_of(northwind, date(2024, 3, 31))
    assert [quarter.check_ins_held for quarter in facts.quarters] == [1, 2, 2, 2, 1]


def test_nobody_has_checked_in_before_the_first_check_in(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.check_in(northwind, date(2024, 4, 1))
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.ever_checked_in for quarter in facts.quarters] == [False, True]


def test_a_client_that_has_not_started_owes_no_check_ins(northwind: Client) -> None:
    builders.retainer_since(builders.client("Contoso"), date(2024, 1, 1))
    builders.retainer_since(northwind, date(2024, 4, 1))
    builders.check_in(northwind, date(2024, 2, 1))
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [(quarter.check_ins_held, quarter.check_in_days) for quarter in facts.quarters] == [(0, 0), (0, 91)]


def test_people_are_counted_once_over_the_check_ins_of_182_days(northwind: Client) -> None:
    dana, eve = builders.dana(northwind), builders.contact(northwind, "Eve", left_on=date(2024, 2, 1))
    lena, sam = builders.lena(), builders.sam()
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.check_in(northwind, date(2024, 2, 1), [dana, eve], [lena])
    builders.check_in(northwind, date(2024, 3, 1), [dana], [lena, sam])
    builders.check_in(northwind, date(2024, 5, 1), [dana])
    facts = facts_of(northwind, date(2024, 12, 31))
    seen = [(q.half_year_check_ins, q.contacts_seen, q.people_seen) for q in facts.quarters]
    assert seen == [(2, 2, 2), (3, 2, 2), (1, 1, 0), (0, 0, 0)]


def test_182_days_before_the_quarters_end_is_within_the_half_year(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    end = date(2024, 10, 1)
    builders.check_in(northwind, end - timedelta(days=182), [builders.dana(northwind)])
    builders.check_in(northwind, end - timedelta(days=183), [builders.contact(northwind, "Eve")], [builders.lena()])
    quarter = quarter_of(facts_of(northwind, date(2024, 9, 30)), "2024-Q3")
    assert (quarter.half_year_check_ins, quarter.contacts_seen, quarter.people_seen) == (1, 1, 0)


def test_a_sign_counts_once_per_check_in(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    signs = ["brought_in_early", "brought_in_early", "new_channel", "started_over"]
    builders.check_in(northwind, date(2024, 2, 1), signs=signs)
    builders.check_in(northwind, date(2024, 3, 1), signs=["brought_in_early", "priorities_debated"])
    builders.check_in(northwind, date(2024, 3, 2), signs=["long_term_budget", "strategy_questioned"])
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert (quarter.trust_ticks, quarter.ticks) == (4, 7)


def test_signs_count_for_a_year_also_from_before_the_first_start(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.check_in(northwind, date(2023, 4, 1), signs=["new_channel"])
    builders.check_in(northwind, date(2023, 3, 31), signs=["new_channel"])
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.trust_ticks for quarter in facts.quarters] == [1, 0]
    assert [quarter.check_ins_held for quarter in facts.quarters] == [0, 0]


def test_scope_is_told_apart_by_how_it_is_priced(northwind: Client) -> None:
    for pricing, monthly in (("time", 100), ("fixed", 200), ("value", 400), ("shared_risk", 800), ("", 1600)):
        builders.retainer_since(northwind, date(2024, 1, 10), monthly, name=f"By {pricing}", pricing=pricing)
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert quarter.scope_pricing_known == 12 * Decimal(1500)
    assert quarter.scope_value_priced == 12 * Decimal(1200)


def test_a_kind_of_involvement_is_over_from_the_day_after_it_ended_at_the_latest(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.involvement(northwind, date(2024, 3, 31), "systems")
    builders.involvement(northwind, date(2024, 4, 1), "planning", ended_on=date(2024, 7, 1))
    builders.involvement(northwind, date(2024, 5, 1), "people", ended_on=date(2024, 6, 30))
    facts = facts_of(northwind, date(2024, 9, 30))
    assert [quarter.kinds_active for quarter in facts.quarters] == [1, 2, 1]


def test_two_spells_of_one_kind_are_one_kind(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.involvement(northwind, date(2024, 1, 1), "systems")
    builders.involvement(northwind, date(2024, 2, 1), "systems")
    (quarter,) = facts_of(northwind, date(2024, 3, 31)).quarters
    assert (quarter.ever_involved, quarter.kinds_active) == (True, 1)


def test_involvement_that_is_over_was_there_once(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 4, 10))
    builders.involvement(northwind, date(2023, 1, 1), "systems", ended_on=date(2023, 6, 1))
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [(quarter.ever_involved, quarter.kinds_active) for quarter in facts.quarters] == [(True, 0)]


def test_goals_count_while_open_at_any_time_of_the_year(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2023, 1, 10))
    builders.goal(northwind, date(2022, 5, 1), "Closed in time", closed_on=date(2023, 4, 1))
    builders.goal(northwind, date(2022, 5, 1), "Closed too early", closed_on=date(2023, 3, 31))
    builders.goal(northwind, date(2023, 4, 1), "Achieved, never closed", status="achieved")
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [quarter.goals_open for quarter in facts.quarters] == [2, 3, 3, 3, 2, 1]


def test_a_goal_is_agreed_from_the_day_after_on(northwind: Client) -> None:
    builders.retainer_since(northwind, date(2024, 1, 10))
    builders.goal(northwind, date(2024, 1, 1), agreed_on=date(2024, 4, 1))
    builders.goal(northwind, date(2024, 1, 1), "Never agreed")
    facts = facts_of(northwind, date(2024, 6, 30))
    assert [(quarter.goals_agreed, quarter.goals_open) for quarter in facts.quarters] == [(0, 2), (1, 2)]


# How it is asked


def test_facts_come_by_client_with_every_quarter(northwind: Client) -> None:
    contoso = builders.client("Contoso", value_tier="A")
    builders.retainer_since(contoso, date(2024, 1, 10))
    quarters = calendar(date(2024, 12, 31))
    found = gather([contoso.pk, northwind.pk, contoso.pk, 987_654], quarters)
    assert [facts.client_id for facts in found] == [northwind.pk, contoso.pk]
    assert [(facts.external_id, facts.value_tier) for facts in found] == [("northwind", ""), ("contoso", "A")]
    assert [facts.first_start for facts in found] == [None, date(2024, 1, 10)]
    for facts in found:
        assert [quarter.quarter for quarter in facts.quarters] == list(quarters)


def test_one_client_takes_as_many_statements_as_thirty() -> None:
    clients = [builders.client(f"Client {number}") for number in range(30)]
    for client in clients:
        builders.retainer_since(client, date(2024, 1, 10))
    quarters = calendar(AS_OF)
    with CaptureQueriesContext(connection) as of_one:
        gather([clients[0].pk], quarters)
    with CaptureQueriesContext(connection) as of_thirty:
        gather([client.pk for client in clients], quarters)
    assert len(of_one) == len(of_thirty) == 13
