"""Whether a number foretells growth at all: the product's claim, tested on the agency's own clients."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Literal, NamedTuple

from accounts.settings_in_force import ATTRIBUTES
from metrics.facts import SignalCase
from metrics.figures.exact import CONTEXT, divide, exact, settle
from metrics.figures.expansion import NORMAL_QUANTILE, Interval

Verdict = Literal["tells", "misleads", "coin", "too_few"]

INDICATORS = (
    "attainment",
    "partnership_score",
    *ATTRIBUTES,
    "check_in_rhythm",
    "candour",
    "confidence",
    "trust_signs",
)
"""Every indicator that is tested, in the order in which they are shown."""

QUARTERS_LATER = 2
"""Growth is looked for this many quarters after the quarter of the indicator."""
FEWEST_GROWERS = 10
FEWEST_OTHERS = 10
FEWEST_CLIENTS = 10
FEWEST_CLIENTS_ON_A_SIDE = 2
COIN = Decimal("0.5")

_MILLIONTH = Decimal("0.000001")
_SIX_PLACES = 6


@dataclass(slots=True)
class SignalFigures:
    """One indicator's test. Fields as in the stored figures; auc, low and high from 0 to 1.

    `auc` is None without a pair of a grower and another; the interval with too few cases.
    """

    indicator: str
    cases: int
    growers: int
    clients: int
    auc: Decimal | None
    low: Decimal | None
    high: Decimal | None
    verdict: Verdict


class ClientRanks(NamedTuple):
    """How one client's cases rank against all others' cases of the other side.

    `wins` adds up, over the client's growers, twice the others they beat plus those they tie with;
    `losses`, over its others, twice the growers that beat them plus those that tie: V10 and V01 of
    DOMAIN.md, 13, as whole numbers, 2n and 2m times as large.
    """

    growers: int
    wins: int
    others: int
    losses: int


class Ranking(NamedTuple):
    """All that the test needs of an indicator's cases."""

    growers: int
    others: int
    wins: int
    clients: Sequence[ClientRanks]


@exact
def ranking(cases: Sequence[SignalCase]) -> Ranking:
    """How growers and others rank against each other, client by client.

    Values that agree to 6 decimals are ties. One sweep over the sorted values, not over pairs.
    Source: DOMAIN.md, 8 and 13.
    """
    quantize = CONTEXT.quantize
    values = [int(quantize(case.x, _MILLIONTH).scaleb(_SIX_PLACES)) for case in cases]
    growers_at: Counter[int] = Counter()
    others_at: Counter[int] = Counter()
    growers_at.update(x for x, case in zip(values, cases, strict=True) if case.grew)
    others_at.update(x for x, case in zip(values, cases, strict=True) if not case.grew)
    growers, others = growers_at.total(), others_at.total()

    wins_at: dict[int, int] = {}
    losses_at: dict[int, int] = {}
    in_order = sorted({*growers_at, *others_at})
    growers_so_far = accumulate(growers_at[x] for x in in_order)
    others_so_far = accumulate(others_at[x] for x in in_order)
    for x, growers_upto, others_upto in zip(in_order, growers_so_far, others_so_far, strict=True):
        wins_at[x] = 2 * others_upto - others_at[x]
        losses_at[x] = 2 * (growers - growers_upto) + growers_at[x]

    tallies: dict[int, list[int]] = {}
    for x, case in zip(values, cases, strict=True):
        tally = tallies.get(case.client_id)
        if tally is None:
            tally = tallies[case.client_id] = [0, 0, 0, 0]
        if case.grew:
            tally[0] += 1
            tally[1] += wins_at[x]
        else:
            tally[2] += 1
            tally[3] += losses_at[x]
    clients = [ClientRanks(*tally) for tally in tallies.values()]
    return Ranking(growers, others, sum(client.wins for client in clients), clients)


def auc(ranks: Ranking) -> Decimal | None:
    """How often, of one client-quarter that led to growth and one that did not, the grower's is higher.

    0 to 1, where 0.5 is a coin; None without a pair. Source: DOMAIN.md, 8: "share of (grew, did not
    grow) pairs in which the grower had the higher x, ties counting half".
    """
    pairs = ranks.growers * ranks.others
    return divide(ranks.wins, 2 * pairs) if pairs else None


def variance(ranks: Ranking) -> Fraction | None:
    """How uncertain the AUC is when a client's quarters are one cluster.

    Never below 0; None where all growers or all others are of one client. Source: DOMAIN.md, 13,
    after Obuchowski (1997): "S10 = I10/((I10−1)m) Σ(V10ᵢ − mᵢA)², S01 = I01/((I01−1)n)
    Σ(V01ᵢ − nᵢA)², S11 = I/(I−1) Σ(V10ᵢ − mᵢA)(V01ᵢ − nᵢA); variance S10/m + S01/n + 2 S11/(mn),
    not below 0; I10 and I01 the clients with a grower, with an other; I all".
    """
    m, n, wins = ranks.growers, ranks.others, ranks.wins
    i = len(ranks.clients)
    i10 = sum(client.growers > 0 for client in ranks.clients)
    i01 = sum(client.others > 0 for client in ranks.clients)
    if i10 < FEWEST_CLIENTS_ON_A_SIDE or i01 < FEWEST_CLIENTS_ON_A_SIDE:
        return None
    # V10 − mᵢA and V01 − nᵢA, both 2mn times as large: whole numbers, however many cases there are.
    squares10 = squares01 = products = 0
    for client in ranks.clients:
        of_growers = m * client.wins - client.growers * wins
        of_others = n * client.losses - client.others * wins
        squares10 += of_growers * of_growers
        squares01 += of_others * of_others
        products += of_growers * of_others
    scale = (2 * m * n) ** 2
    found = (
        Fraction(i10 * squares10, (i10 - 1) * m * m * scale)
        + Fraction(i01 * squares01, (i01 - 1) * n * n * scale)
        + Fraction(2 * i * products, (i - 1) * m * n * scale)
    )
    return max(found, Fraction(0))


@exact
def auc_interval(ranks: Ranking) -> Interval | None:
    """Between which bounds the AUC may lie.

    0 to 1; None where it has no variance. Source: DOMAIN.md, 8: "the normal interval on
    Obuchowski's (1997) structural-component variance, clipped to [0, 1]".
    """
    spread = variance(ranks)
    if spread is None:
        return None
    middle = Decimal(ranks.wins) / (2 * ranks.growers * ranks.others)
    reach = NORMAL_QUANTILE * (Decimal(spread.numerator) / spread.denominator).sqrt()
    return Interval(settle(max(middle - reach, Decimal(0))), settle(min(middle + reach, Decimal(1))))


def is_too_few(ranks: Ranking) -> bool:
    """Whether there are too few cases, or too few clients behind them, to say anything.

    Source: DOMAIN.md, 8: "under 10 growers or under 10 others, with fewer than 10 clients, or with
    all growers or all others from one client".
    """
    return (
        ranks.growers < FEWEST_GROWERS
        or ranks.others < FEWEST_OTHERS
        or len(ranks.clients) < FEWEST_CLIENTS
        or sum(client.growers > 0 for client in ranks.clients) < FEWEST_CLIENTS_ON_A_SIDE
        or sum(client.others > 0 for client in ranks.clients) < FEWEST_CLIENTS_ON_A_SIDE
    )


def verdict(interval: Interval) -> Verdict:
    """Whether a number tells of growth, misleads about it, or is no better than a coin.

    Source: DOMAIN.md, 8: "tells when the interval lies above 0.5, misleads when below, no better
    than a coin otherwise"; 13: "tells when low > 0.5", unrounded.
    """
    if interval.low > COIN:
        return "tells"
    return "misleads" if interval.high < COIN else "coin"


def signal_figures(indicator: str, cases: Sequence[SignalCase]) -> SignalFigures:
    """All that is said of one indicator; there is a row also without a single case.

    Source: DOMAIN.md, 8 and 13: "too few rows show no interval, and the auc where there is one.
    All indicators always have a row".
    """
    return ranked_signal(indicator, ranking(cases))


@exact
def ranked_signal(indicator: str, ranks: Ranking) -> SignalFigures:
    """The same from how the cases rank, where they are too many to look at one by one."""
    found = SignalFigures(
        indicator=indicator,
        cases=ranks.growers + ranks.others,
        growers=ranks.growers,
        clients=len(ranks.clients),
        auc=auc(ranks),
        low=None,
        high=None,
        verdict="too_few",
    )
    interval = None if is_too_few(ranks) else auc_interval(ranks)
    if interval is not None:
        found.low, found.high = interval
        found.verdict = verdict(interval)
    return found
