"""DOMAIN.md 8: whether the dashboard knows, before it happens, who will grow."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import Z, printed, rounded, square_root
from .scope import NOTHING

HALF = Fraction(1, 2)
ENOUGH = 10


@dataclass(frozen=True)
class Case:
    """One client-quarter: what the indicator said, and whether scope then grew."""

    client: str
    x: Fraction
    grew: bool


@dataclass(frozen=True)
class Signal:
    """What an indicator is worth. No interval where there are too few cases."""

    cases: int
    growers: int
    clients: int
    auc: Fraction | None
    low: Fraction | None
    high: Fraction | None
    verdict: str

    def row(self, indicator: str) -> dict[str, str]:
        """One line of the signals file."""
        return {
            "indicator": indicator,
            "cases": str(self.cases),
            "growers": str(self.growers),
            "clients": str(self.clients),
            "auc": printed(self.auc),
            "low": printed(self.low),
            "high": printed(self.high),
            "verdict": self.verdict,
        }


def beats(x: int, y: int) -> Fraction:
    """DOMAIN.md 8: the grower "had the higher x, ties counting half"."""
    if x == y:
        return HALF
    return Fraction(1) if x > y else NOTHING


def per_client(
    shares: Sequence[tuple[str, Fraction]],
) -> tuple[dict[str, Fraction], dict[str, int]]:
    """The shares "each summed per client", and how many each client has."""
    sums: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for client, one in shares:
        sums[client] = sums.get(client, NOTHING) + one
        counts[client] = counts.get(client, 0) + 1
    return sums, counts


@dataclass(frozen=True)
class Comparison:
    """Every grower held against every other; no variance where one client is all of a side."""

    growers: int
    others: int
    auc: Fraction | None
    variance: Fraction | None


def compare(cases: Sequence[Case]) -> Comparison:
    """How often the grower had the higher figure, and how sure that is.

    DOMAIN.md 8: "AUC = share of (grew, did not grow) pairs in which the grower had the higher x,
    ties counting half." DOMAIN.md 13: "with m growers, n others, V10 of a grower the share of
    others it beats, V01 of an other the share of growers that beat it (ties half), each summed per
    client: S10 = I10/((I10−1)m) Σ(V10ᵢ − mᵢA)², S01 = I01/((I01−1)n) Σ(V01ᵢ − nᵢA)², S11 = I/(I−1)
    Σ(V10ᵢ − mᵢA)(V01ᵢ − nᵢA); variance S10/m + S01/n + 2 S11/(mn), not below 0; I10 and I01 the
    clients with a grower, with an other; I all." "x is rounded to 6 decimals before it is
    compared."
    """
    growers = [(case.client, rounded(case.x, 6)) for case in cases if case.grew]
    others = [(case.client, rounded(case.x, 6)) for case in cases if not case.grew]
    m, n = len(growers), len(others)
    if m == 0 or n == 0:
        return Comparison(m, n, None, None)

    v10 = [(client, sum((beats(x, y) for _, y in others), NOTHING) / n) for client, x in growers]
    v01 = [(client, sum((beats(x, y) for _, x in growers), NOTHING) / m) for client, y in others]
    auc = sum((one for _, one in v10), NOTHING) / m

    v10_sums, m_counts = per_client(v10)
    v01_sums, n_counts = per_client(v01)
    i10, i01 = len(v10_sums), len(v01_sums)
    everyone = set(v10_sums) | set(v01_sums)
    i = len(everyone)
    if i10 == 1 or i01 == 1:
        return Comparison(m, n, auc, None)

    s10 = s01 = s11 = NOTHING
    for client in everyone:
        d10 = v10_sums.get(client, NOTHING) - m_counts.get(client, 0) * auc
        d01 = v01_sums.get(client, NOTHING) - n_counts.get(client, 0) * auc
        s10 += d10 * d10
        s01 += d01 * d01
        s11 += d10 * d01
    s10 *= Fraction(i10, (i10 - 1) * m)
    s01 *= Fraction(i01, (i01 - 1) * n)
    s11 *= Fraction(i, i - 1)
    return Comparison(m, n, auc, max(s10 / m + s01 / n + 2 * s11 / (m * n), NOTHING))


def signal(cases: Sequence[Case]) -> Signal:
    """Whether the clients an indicator rated higher are those that grew.

    DOMAIN.md 8: "*tells* when the interval lies above 0.5, *misleads* when below, *no better than a
    coin* otherwise, *too few cases* with under 10 growers or under 10 others, with fewer than 10
    clients, or with all growers or all others from one client"; "clipped to [0, 1]". DOMAIN.md 13:
    "*tells* when low > 0.5"; "*Too few* rows show no interval, and the auc where there is one";
    "Clients are counted over the indicator's cases".
    """
    clients = len({case.client for case in cases})
    found = compare(cases)
    too_few = found.growers < ENOUGH or found.others < ENOUGH or clients < ENOUGH
    if too_few or found.auc is None or found.variance is None:
        return Signal(len(cases), found.growers, clients, found.auc, None, None, "too_few")

    half = Z * square_root(found.variance)
    low, high = max(found.auc - half, NOTHING), min(found.auc + half, Fraction(1))
    if low > HALF:
        verdict = "tells"
    elif high < HALF:
        verdict = "misleads"
    else:
        verdict = "coin"
    return Signal(len(cases), found.growers, clients, found.auc, low, high, verdict)
