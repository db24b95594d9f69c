from dataclasses import fields
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.facts import WindowSums
from metrics.figures.expansion import (
    Interval,
    band,
    expansion_rate,
    fewest_to_move_band,
    gross_revenue_retention,
    is_settled,
    movement,
    net_revenue_retention,
    net_scope_retention,
    pulled_share,
    rate_figures,
    rate_interval,
)
from tests.metrics.figures.by_fractions import decimals, printed, rounded

clients = st.integers(1, 200).flatmap(lambda existing: st.tuples(st.just(existing), st.integers(0, existing)))


@pytest.mark.parametrize(
    ("start", "end", "before", "what"),
    [
        ("1000", "1000.0001", True, "expanding"),
        ("1000", "1000.0000", True, "flat"),
        ("1000", "999.9999", True, "contracting"),
        ("1000", "0", True, "lost"),
        ("0.0002", "0.0001", True, "contracting"),
        ("0.0001", "0", True, "lost"),
        ("0", "0.0001", True, "returned"),
        ("0", "1000", False, "new"),
        ("0", "1000", True, "returned"),
        ("0", "0", True, ""),
        ("0", "0", False, ""),
    ],
)
def test_what_became_of_a_client(start: str, end: str, before: bool, what: str) -> None:
    assert movement(Decimal(start), Decimal(end), before=before) == what


def test_seven_of_nineteen_is_36_8421_percent() -> None:
    rate = expansion_rate(19, 7)
    assert rate is not None
    assert printed(rate) == Decimal("36.8421")


def test_nobody_expanding_is_zero_and_nobody_existing_is_no_figure() -> None:
    assert expansion_rate(19, 0) == 0
    assert expansion_rate(0, 0) is None
    assert rate_interval(0, 0) is None


def test_the_wilson_interval_of_seven_of_nineteen() -> None:
    # By hand: z² = 3.841459; middle (7 + 1.920729) / 22.841459 = 39.0550 %; reach
    # 1.959964 × √(7 × 12 / 19 + 0.960365) / 22.841459 = 19.9055 points.
    interval = rate_interval(19, 7)
    assert interval is not None
    assert printed(interval.low) == Decimal("19.1495")
    assert printed(interval.high) == Decimal("58.9605")


@pytest.mark.parametrize("existing", [1, 2, 7, 10_000])
def test_the_interval_of_none_begins_at_zero_and_that_of_all_ends_at_100(existing: int) -> None:
    of_none, of_all = rate_interval(existing, 0), rate_interval(existing, existing)
    assert of_none is not None
    assert of_all is not None
    assert str(of_none.low) == "0"
    assert str(of_all.high) == "100"


@given(clients)
def test_the_interval_solves_wilsons_equation(counts: tuple[int, int]) -> None:
    # Both ends solve (p̂ − p)² = z² p (1 − p) / n.
    existing, expanding = counts
    interval = rate_interval(existing, expanding)
    assert interval is not None
    z_squared = Fraction("1.959963984540054") ** 2
    for end in interval:
        p = Fraction(end) / 100
        left = (Fraction(expanding, existing) - p) ** 2
        assert abs(left - z_squared * p * (1 - p) / existing) < Fraction(1, 10**18)
    assert 0 <= interval.low <= Decimal(100 * expanding) / existing <= interval.high <= 100


@given(clients)
def test_the_interval_of_those_who_did_not_expand_is_the_mirror_image(counts: tuple[int, int]) -> None:
    existing, expanding = counts
    ours, theirs = rate_interval(existing, expanding), rate_interval(existing, existing - expanding)
    assert ours is not None
    assert theirs is not None
    assert abs(ours.low + theirs.high - 100) <= Decimal("1E-20")


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        ("20", "strong"),
        ("19.99999999999999999999", "moderate"),
        ("10", "moderate"),
        ("9.99999999999999999999", "concerning"),
        ("0", "concerning"),
    ],
)
def test_bands_begin_at_their_edge(rate: str, name: str) -> None:
    assert band(Decimal(rate)) == name


def test_two_of_ten_is_strong_and_one_of_ten_is_moderate() -> None:
    two, one = expansion_rate(10, 2), expansion_rate(10, 1)
    assert two is not None
    assert one is not None
    assert (band(two), band(one)) == ("strong", "moderate")


def test_a_band_is_settled_when_both_ends_of_the_interval_are_in_it() -> None:
    assert is_settled(Interval(Decimal(20), Decimal(60)))
    assert is_settled(Interval(Decimal(10), Decimal("19.99999999999999999999")))
    assert not is_settled(Interval(Decimal(10), Decimal(20)))
    assert not is_settled(Interval(Decimal("9.99999999999999999999"), Decimal(15)))
    assert not is_settled(Interval(Decimal(0), Decimal(30)))


@pytest.mark.parametrize(
    ("existing", "expanding", "fewest"),
    [
        (0, 0, None),
        (1, 0, 1),
        (1, 1, 1),
        (12, 0, 2),  # 2 of 12 is 16.7 %: moderate
        (12, 2, 1),  # 1 or 3 of 12
        (12, 3, 1),  # 2 of 12
        (19, 7, 4),  # 3 of 19 is 15.8 %: moderate
        (20, 2, 1),  # 1 of 20
        (20, 3, 1),  # 4 of 20 is 20 %
        (100, 15, 5),
        (100, 14, 5),  # down to 9
        (100, 0, 10),
    ],
)
def test_the_fewest_clients_whose_change_would_move_the_band(existing: int, expanding: int, fewest: int | None) -> None:
    assert fewest_to_move_band(existing, expanding) == fewest


@pytest.mark.parametrize("existing", [*range(1, 31), 99, 100, 101, 102, 150, 199])
def test_one_client_fewer_would_not_move_the_band(existing: int) -> None:
    names = [band(Decimal(100 * hits) / existing) for hits in range(existing + 1)]
    for expanding, name in enumerate(names):
        moving = [abs(hits - expanding) for hits, other in enumerate(names) if other != name]
        assert fewest_to_move_band(existing, expanding) == min(moving)


def test_a_price_rise_is_in_revenue_retention_and_not_in_scope_retention() -> None:
    assert net_scope_retention(Decimal(1000), Decimal(1000)) == 100
    assert net_revenue_retention(Decimal(1000), Decimal(1050)) == 105
    assert gross_revenue_retention(Decimal(1000), Decimal(1000)) == 100


def test_there_is_no_retention_of_nothing() -> None:
    assert net_scope_retention(Decimal(0), Decimal(5)) is None
    assert net_revenue_retention(Decimal(0), Decimal(5)) is None
    assert gross_revenue_retention(Decimal("0.0000"), Decimal(0)) is None


def test_growth_that_nobody_knows_the_origin_of_has_no_pulled_share() -> None:
    assert pulled_share(Decimal(0), Decimal(0)) is None
    assert pulled_share(Decimal(9000), Decimal(0)) == 0
    share = pulled_share(Decimal(9000), Decimal(6000))
    assert share is not None
    assert printed(share) == Decimal("66.6667")


def sums(**changes: object) -> WindowSums:
    amounts: dict[str, object] = {
        "quarter": "2025-Q2",
        "window": "year",
        "segment": "all",
        "existing": 19,
        "expanding": 7,
        "flat": 8,
        "contracting": 3,
        "lost": 1,
        "into_new": 4,
        "stayed": 5,
        "scope_start": Decimal(300),
        "scope_end": Decimal(310),
        "value_start": Decimal(300),
        "value_end": Decimal(330),
        "value_kept": Decimal(290),
        "growth_known": Decimal(40),
        "growth_pulled": Decimal(10),
        "without_rate": 2,
    }
    return WindowSums(**(amounts | changes))  # type: ignore[arg-type]


def test_all_that_is_said_of_a_window() -> None:
    found = rate_figures(sums(), date(2025, 4, 1))
    assert (found.quarter, found.starts_on, found.window, found.segment) == (
        "2025-Q2",
        date(2025, 4, 1),
        "year",
        "all",
    )
    assert (found.existing, found.expanding, found.flat, found.contracting, found.lost) == (19, 7, 8, 3, 1)
    assert (found.band, found.settled, found.to_next_band) == ("strong", False, 4)
    assert found.nsr is not None
    assert found.nsr == rounded(Fraction(310, 3), 20)
    assert (found.nrr, found.pulled_share) == decimals(110, 25)
    assert found.grr == rounded(Fraction(290, 3), 20)
    assert (found.into_new, found.stayed, found.without_rate) == (4, 5, 2)


def test_a_window_in_which_nobody_has_a_rate_has_an_expansion_rate_and_no_retention() -> None:
    nothing = Decimal(0)
    found = rate_figures(
        sums(
            scope_start=nothing,
            scope_end=nothing,
            value_start=nothing,
            value_end=nothing,
            value_kept=nothing,
            growth_known=nothing,
            growth_pulled=nothing,
            without_rate=19,
        ),
        date(2025, 4, 1),
    )
    assert found.rate is not None
    assert (found.nsr, found.nrr, found.grr, found.pulled_share) == (None, None, None, None)


def test_a_window_with_nobody_has_no_figures() -> None:
    found = rate_figures(sums(existing=0, expanding=0, flat=0, contracting=0, lost=0), date(2025, 4, 1))
    assert (found.rate, found.low, found.high, found.band, found.settled, found.to_next_band) == (
        None,
        None,
        None,
        "",
        False,
        None,
    )


def test_a_windows_figures_do_not_depend_on_the_callers_digits() -> None:
    expected = rate_figures(sums(), date(2025, 4, 1))
    rate_interval.cache_clear()
    with localcontext(prec=2):
        found = rate_figures(sums(), date(2025, 4, 1))
    for field in fields(found):
        assert getattr(found, field.name) == getattr(expected, field.name)
