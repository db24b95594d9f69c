"""Portfolio figures: what is added up over clients, in which segments and currencies, and what is ranked."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Client
from accounts.periods import Quarter
from metrics.facts import SignalCase, WindowSums
from metrics.figures.signal import INDICATORS, ClientRanks, Ranking, ranking
from metrics.gathering import calendar
from metrics.models import ClientQuarter, ExpansionRate, Signal
from metrics.rolling_up import roll_up_rates, roll_up_signals, signal_ranks, window_sums
from tests import builders
from tests.metrics.computing import amounts, compute

pytestmark = pytest.mark.django_db

AS_OF = date(2024, 12, 31)


def sums_of(segment: str, label: str = "2024-Q4", window: str = "quarter") -> WindowSums | None:
    """The sums of one window and segment; None where nobody is existing."""
    found = [
        sums
        for sums in window_sums(calendar(AS_OF))
        if (sums.quarter, sums.window, sums.segment) == (label, window, segment)
    ]
    return found[0] if found else None


def test_a_client_counts_in_the_segments_it_belongs_to() -> None:
    lena = builders.lena(email="lena@agency.example")
    northwind = builders.client("Northwind", industry="Food", value_tier="A", account_manager=lena)
    builders.retainer_since(northwind, date(2023, 1, 10), service_line="Search")
    builders.retainer_since(builders.client("Contoso"), date(2023, 1, 10))
    compute(AS_OF)
    segments = set(ExpansionRate.objects.values_list("segment", flat=True))
    assert segments == {"all", "industry:Food", "tier:A", "manager:lena@agency.example", "service:Search"}
    every = sums_of("all")
    assert every is not None
    assert every.existing == 2


def test_a_year_window_is_given_from_the_fourth_quarter_on() -> None:
    builders.retainer_since(builders.client(), date(2024, 1, 1))
    compute(date(2025, 3, 31))
    windows = ExpansionRate.objects.order_by("quarter", "window").values_list("quarter", "window")
    assert list(windows) == [
        ("2024-Q2", "quarter"),
        ("2024-Q3", "quarter"),
        ("2024-Q4", "quarter"),
        ("2025-Q1", "quarter"),
        ("2025-Q1", "year"),
    ]


def test_money_is_converted_at_the_rate_in_force_at_the_windows_start_for_both_ends() -> None:
    europe = builders.client("Europe", currency="EUR")
    retainer = builders.retainer_since(europe, date(2024, 1, 1), 100)
    builders.scope_change(retainer, "expansion", date(2024, 11, 1), 100, origin="client")
    builders.exchange_rate("EUR", date(2024, 1, 1), "1.50")
    builders.exchange_rate("EUR", date(2024, 10, 1), "2")
    builders.exchange_rate("EUR", date(2024, 10, 2), "3")
    compute(AS_OF)
    sums = sums_of("all")
    assert sums is not None
    assert amounts(sums.scope_start, sums.scope_end) == (2 * 1200, 2 * 2400)
    assert amounts(sums.value_start, sums.value_end, sums.value_kept) == (2400, 4800, 2400)
    assert amounts(sums.growth_known, sums.growth_pulled) == (2400, 2400)


def test_the_reporting_currency_needs_no_rate_and_takes_none() -> None:
    builders.setting("reporting_currency", date(2030, 1, 1), "EUR")
    builders.retainer_since(builders.client("Europe", currency="EUR"), date(2024, 1, 1), 100)
    builders.exchange_rate("EUR", date(2024, 1, 1), 7)
    compute(AS_OF)
    sums = sums_of("all")
    assert sums is not None
    assert amounts(sums.scope_start, sums.without_rate) == (1200, 0)


def test_a_client_without_a_rate_counts_and_is_left_out_of_sums() -> None:
    builders.retainer_since(builders.client("Northwind"), date(2024, 1, 1), 100)
    builders.retainer_since(builders.client("Zürich", currency="CHF"), date(2024, 1, 1), 100)
    builders.exchange_rate("CHF", date(2024, 10, 2), 1)
    compute(AS_OF)
    sums = sums_of("all")
    assert sums is not None
    assert amounts(sums.existing, sums.flat, sums.scope_start, sums.without_rate) == (2, 2, 1200, 1)
    builders.exchange_rate("CHF", date(2024, 10, 1), 1)
    sums = sums_of("all")
    assert sums is not None
    assert amounts(sums.scope_start, sums.without_rate) == (2400, 0)


def test_a_line_counts_only_its_own_scope_value_and_renewals() -> None:
    northwind = builders.client("Northwind")
    search = builders.retainer_since(northwind, date(2024, 1, 1), 100, service_line="Search")
    video = builders.retainer_since(northwind, date(2024, 1, 1), 200, service_line="Video")
    builders.scope_change(search, "contraction", date(2024, 11, 1), -50)
    builders.scope_change(video, "expansion", date(2024, 11, 1), 100, origin="agency")
    builders.scope_change(video, "renewal", date(2024, 11, 2), ends_on=date(2026, 1, 1))
    compute(AS_OF)
    found = {segment: sums_of(segment) for segment in ("all", "service:Search", "service:Video")}
    told = {
        segment: (sums.expanding, sums.contracting, int(sums.scope_end), sums.stayed, int(sums.growth_known))
        for segment, sums in found.items()
        if sums
    }
    assert told == {
        "all": (1, 0, 12 * 350, 1, 1200),
        "service:Search": (0, 1, 12 * 50, 0, 0),
        "service:Video": (1, 0, 12 * 300, 1, 1200),
    }


def test_only_the_quarters_asked_for_are_added_up_again() -> None:
    builders.retainer_since(builders.client(), date(2024, 1, 1))
    compute(AS_OF)
    ClientQuarter.objects.update(movement="lost", movement_year="lost")
    quarters = calendar(AS_OF)
    assert roll_up_rates(quarters, only={date(2024, 10, 1)}).quarters == {date(2024, 10, 1)}
    assert {rate.quarter for rate in ExpansionRate.objects.filter(lost=1)} == {"2024-Q4"}
    assert roll_up_rates(quarters).quarters == {quarter.start for quarter in quarters[:3]}


def test_rates_of_quarters_that_are_no_more_are_removed() -> None:
    builders.retainer_since(builders.client(), date(2024, 1, 1))
    compute(AS_OF)
    roll_up_rates(calendar(date(2024, 6, 30)))
    assert set(ExpansionRate.objects.values_list("quarter", flat=True)) == {"2024-Q2"}


def test_a_segment_that_nobody_is_in_any_more_has_no_rate() -> None:
    northwind = builders.client("Northwind", industry="Food")
    builders.retainer_since(northwind, date(2024, 1, 1))
    compute(AS_OF)
    Client.objects.filter(pk=northwind.pk).update(industry="Travel")
    roll_up_rates(calendar(AS_OF))
    segments = set(ExpansionRate.objects.values_list("segment", flat=True))
    assert segments == {"all", "industry:Travel"}


# Signals


def stored(client: Client, quarter: Quarter, scope_end: int, attainment: str | None, **figures: Decimal) -> None:
    """A stored client quarter with little in it."""
    ClientQuarter.objects.create(
        client=client,
        quarter=quarter.label,
        starts_on=quarter.start,
        ends_on=quarter.end,
        in_progress=False,
        listed=True,
        scope_end=scope_end,
        attainment=None if attainment is None else Decimal(attainment),
        client_pulse=[None] * 10,
        agency_pulse=[None] * 10,
        evidence=[None] * 10,
        score=[None] * 10,
        **figures,
    )


def test_statement_and_function_rank_alike() -> None:
    first = Quarter(date(2024, 1, 1))
    attainments = ["50.0000004", "50.0000005", "50", "75", "0", "50.00000051", "100", "75", "33.3333335"]
    cases = []
    for number, attainment in enumerate(attainments):
        client = builders.client(f"Client {number % 4} {number}")
        grew = number % 3 == 0
        stored(client, first, 100, attainment)
        stored(client, first.shifted(2), 101 if grew else 100, None)
        cases.append(SignalCase(client.pk, Decimal(attainment), grew))
    (found,) = signal_ranks(date(2025, 1, 1))
    indicator, ranks = found
    expected = ranking(cases)
    assert indicator == "attainment"
    assert ranks._replace(clients=sorted(ranks.clients)) == expected._replace(clients=sorted(expected.clients))


def test_a_case_needs_scope_a_value_and_two_full_quarters_after_it() -> None:
    first = Quarter(date(2024, 1, 1))
    northwind = builders.client("Northwind")
    stored(northwind, first, 0, "50")
    stored(northwind, first.shifted(1), 100, None)
    stored(northwind, first.shifted(2), 100, "60")
    stored(northwind, first.shifted(3), 100, "70")
    stored(northwind, first.shifted(4), 200, "80")
    told = dict(signal_ranks(first.shifted(4).end))
    assert told == {"attainment": Ranking(1, 0, 0, [ClientRanks(1, 0, 0, 0)])}
    assert dict(signal_ranks(date(2025, 3, 31))) == {}


def test_a_client_without_a_row_two_quarters_on_did_not_grow() -> None:
    northwind = builders.client("Northwind")
    stored(northwind, Quarter(date(2024, 1, 1)), 100, "50")
    assert dict(signal_ranks(date(2024, 10, 1))) == {"attainment": Ranking(0, 1, 0, [ClientRanks(0, 0, 1, 0)])}


def test_all_indicators_have_a_row_without_a_single_case() -> None:
    roll_up_signals(AS_OF)
    rows = Signal.objects.values_list("indicator", "cases", "auc", "verdict")
    assert sorted(rows) == sorted((indicator, 0, None, "too_few") for indicator in INDICATORS)


def test_each_indicator_is_ranked_by_its_own_figure() -> None:
    first = Quarter(date(2024, 1, 1))
    northwind = builders.client("Northwind")
    numbers = ("partnership_score", "check_in_rhythm", "candour", "confidence", "trust_signs")
    stored(northwind, first, 100, "1", **{name: Decimal(place) for place, name in enumerate(numbers, 2)})
    ClientQuarter.objects.update(score=[Decimal(place) for place in range(10, 20)])
    assert {indicator for indicator, _ in signal_ranks(date(2024, 10, 1))} == set(INDICATORS)
