from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.settings_in_force import ATTRIBUTES
from metrics.facts import SignalCase
from metrics.figures.expansion import NORMAL_QUANTILE, Interval
from metrics.figures.signal import (
    INDICATORS,
    SignalFigures,
    auc,
    auc_interval,
    is_too_few,
    ranking,
    signal_figures,
    variance,
    verdict,
)
from tests.metrics.figures.by_fractions import rounded


def case(client: int, x: int | str, grew: bool) -> SignalCase:
    return SignalCase(client, Decimal(x), grew)


cases = st.lists(
    st.builds(case, st.integers(1, 6), st.sampled_from(["0", "10", "33.333333", "50", "80", "100"]), st.booleans()),
    max_size=30,
)


def pair_by_pair(found: list[SignalCase]) -> tuple[Fraction, Fraction | None] | None:
    """AUC and Obuchowski's variance as they are written down, over all pairs."""
    growers = [one for one in found if one.grew]
    others = [one for one in found if not one.grew]
    m, n = len(growers), len(others)
    if not m or not n:
        return None

    def beats(grower: SignalCase, other: SignalCase) -> Fraction:
        if grower.x == other.x:
            return Fraction(1, 2)
        return Fraction(grower.x > other.x)

    area = sum((beats(grower, other) for grower in growers for other in others), Fraction(0)) / (m * n)
    clients = {one.client_id for one in found}
    i, i10, i01 = len(clients), len({g.client_id for g in growers}), len({o.client_id for o in others})
    if i10 < 2 or i01 < 2:
        return area, None
    s10 = s01 = s11 = Fraction(0)
    for client in clients:
        own_growers = [grower for grower in growers if grower.client_id == client]
        own_others = [other for other in others if other.client_id == client]
        v10 = sum((beats(g, o) for g in own_growers for o in others), Fraction(0)) / n
        v01 = sum((beats(g, o) for g in growers for o in own_others), Fraction(0)) / m
        of_growers, of_others = v10 - len(own_growers) * area, v01 - len(own_others) * area
        s10 += of_growers**2
        s01 += of_others**2
        s11 += of_growers * of_others
    s10 *= Fraction(i10, (i10 - 1) * m)
    s01 *= Fraction(i01, (i01 - 1) * n)
    s11 *= Fraction(i, i - 1)
    return area, max(s10 / m + s01 / n + 2 * s11 / (m * n), Fraction(0))


@given(cases)
def test_ranks_give_what_all_pairs_give(found: list[SignalCase]) -> None:
    ranks = ranking(found)
    expected = pair_by_pair(found)
    if expected is None:
        assert auc(ranks) is None
        assert variance(ranks) is None
        return
    area, spread = expected
    assert auc(ranks) == rounded(area, 20)
    assert variance(ranks) == spread
    interval = auc_interval(ranks)
    if spread is None:
        assert interval is None
        return
    assert interval is not None
    for end, sign in ((interval.low, -1), (interval.high, 1)):
        if 0 < end < 1:
            reach = (Fraction(end) - area) * sign
            assert abs(reach**2 - Fraction(NORMAL_QUANTILE) ** 2 * spread) < Fraction(1, 10**18)
    assert 0 <= interval.low <= rounded(area, 20) <= interval.high <= 1


def test_a_pair_worked_by_hand() -> None:
    # Growers 80, 50; others 50, 20: 80 beats both, 50 ties once and beats once: 3.5 of 4.
    found = ranking([case(1, 80, True), case(2, 50, True), case(1, 50, False), case(3, 20, False)])
    assert auc(found) == Decimal("0.875")
    # V10: client 1 has 1, client 2 0.75; V01: client 1 0.75, client 3 1; A is 7/8.
    # S10 = 2 / (1 × 2) × (1/64 + 1/64) = 1/32, S01 likewise; S11 = 3/2 × (1/8 × −1/8) = −3/128.
    # 1/64 + 1/64 − 2 × 3/128 / 4 = 5/256.
    assert variance(found) == Fraction(5, 256)


def test_values_that_agree_to_six_decimals_are_ties() -> None:
    assert auc(ranking([case(1, "50.0000004", True), case(2, "49.9999996", False)])) == Decimal("0.5")
    assert auc(ranking([case(1, "50.0000005", True), case(2, "50.0000004", False)])) == 1
    assert auc(ranking([case(1, "-0.0000004", True), case(2, 0, False)])) == Decimal("0.5")


def test_without_growers_or_without_others_there_is_no_auc() -> None:
    assert auc(ranking([case(1, 50, True)])) is None
    assert auc(ranking([case(1, 50, False)])) is None
    assert auc(ranking([])) is None


def test_every_indicator_is_tested_in_the_order_of_the_page() -> None:
    assert INDICATORS[:2] == ("attainment", "partnership_score")
    assert INDICATORS[2:12] == ATTRIBUTES
    assert INDICATORS[12:] == ("check_in_rhythm", "candour", "confidence", "trust_signs")


def test_an_indicator_without_a_case_has_a_row() -> None:
    assert signal_figures("candour", []) == SignalFigures("candour", 0, 0, 0, None, None, None, "too_few")


def clearly(growers: int, others: int, clients: int) -> list[SignalCase]:
    """Growers at 80, 90 in turn, others at 20, 85; clients in turn."""
    return [case(number % clients, 80 + number % 2 * 10, True) for number in range(growers)] + [
        case(number % clients, 85 if number % 5 == 0 else 20, False) for number in range(others)
    ]


def test_a_number_that_is_higher_before_growth_tells() -> None:
    found = signal_figures("attainment", clearly(10, 10, 10))
    assert (found.cases, found.growers, found.clients, found.auc) == (20, 10, 10, Decimal("0.9"))
    assert found.verdict == "tells"
    assert found.low is not None
    assert found.high is not None
    assert Decimal("0.5") < found.low < Decimal("0.9") < found.high <= 1


def test_a_number_that_is_lower_before_growth_misleads() -> None:
    mirrored = [SignalCase(one.client_id, -one.x, one.grew) for one in clearly(10, 10, 10)]
    assert signal_figures("attainment", mirrored).verdict == "misleads"


def test_a_number_that_is_the_same_for_all_is_no_better_than_a_coin() -> None:
    flat = [SignalCase(one.client_id, Decimal(7), one.grew) for one in clearly(10, 10, 10)]
    found = signal_figures("attainment", flat)
    assert (found.auc, found.low, found.high, found.verdict) == (
        Decimal("0.5"),
        Decimal("0.5"),
        Decimal("0.5"),
        "coin",
    )


@pytest.mark.parametrize(("growers", "others", "clients"), [(9, 10, 10), (10, 9, 10), (10, 10, 9)])
def test_one_grower_one_other_or_one_client_fewer_than_ten_is_too_few(growers: int, others: int, clients: int) -> None:
    found = signal_figures("attainment", clearly(growers, others, clients))
    assert found.auc is not None
    assert (found.low, found.high, found.verdict) == (None, None, "too_few")


def test_growers_of_one_client_alone_are_too_few() -> None:
    alone = [case(0, 80, True)] * 20 + [case(number, 20, False) for number in range(20)]
    assert is_too_few(ranking(alone))
    assert signal_figures("attainment", alone).verdict == "too_few"
    turned = [SignalCase(one.client_id, one.x, not one.grew) for one in alone]
    assert signal_figures("attainment", turned).verdict == "too_few"


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        ("0.50000000000000000001", "0.9", "tells"),
        ("0.5", "0.9", "coin"),
        ("0.1", "0.5", "coin"),
        ("0.1", "0.49999999999999999999", "misleads"),
        ("0.2", "0.8", "coin"),
    ],
)
def test_a_verdict_is_told_from_the_unrounded_interval(low: str, high: str, word: str) -> None:
    assert verdict(Interval(Decimal(low), Decimal(high))) == word


def test_the_interval_stays_between_0_and_1() -> None:
    found = signal_figures("attainment", clearly(10, 10, 10))
    assert found.high == 1


def test_the_test_does_not_depend_on_the_callers_digits() -> None:
    expected = signal_figures("attainment", clearly(30, 40, 12))
    with localcontext(prec=2):
        found = signal_figures("attainment", clearly(30, 40, 12))
    assert found == expected
