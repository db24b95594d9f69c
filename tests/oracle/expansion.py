"""DOMAIN.md 4: how many clients chose more, and what became of the money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .arithmetic import Z, printed, share, square_root, yes_or_no
from .periods import Quarter
from .records import ExchangeRate, ScopeChange
from .scope import NOTHING, ClientLedger, delta, existing_movement

STRONG = Fraction(20)
MODERATE = Fraction(10)


@dataclass(frozen=True)
class Segment:
    """A group of clients whose expansion is looked at by itself; a service line also narrows scope.

    DOMAIN.md 13: "Segments and tiers are the client's present ones for every quarter."
    """

    name: str
    members: frozenset[str]
    line: str | None = None


def groups(prefix: str, named: list[tuple[str, str]]) -> list[Segment]:
    """A segment for each name that clients go by; each client comes with its name.

    DOMAIN.md 13: "Blank industry, tier, manager or service line: in no such segment, only in all."
    """
    return [
        Segment(f"{prefix}:{name}", frozenset(client for client, own in named if own == name))
        for name in sorted({own for _, own in named} - {""})
    ]


def segments(ledgers: list[ClientLedger]) -> list[Segment]:
    """Every segment that the clients and engagements name.

    DOMAIN.md 4: "all; each industry; each value tier (A, B, C); each account manager; each service
    line (clients having S(a) > 0 in that line; S counted in that line alone)".
    """
    clients = [ledger.client for ledger in ledgers]
    everyone = frozenset(client.external_id for client in clients)
    lines = {book.engagement.service_line for ledger in ledgers for book in ledger.engagements}
    return [
        Segment("all", everyone),
        *groups("industry", [(client.external_id, client.industry) for client in clients]),
        *groups("tier", [(client.external_id, client.value_tier) for client in clients]),
        *groups("manager", [(client.external_id, client.account_manager) for client in clients]),
        *[Segment(f"service:{line}", everyone, line) for line in sorted(lines - {""})],
    ]


def wilson(k: int, n: int) -> tuple[Fraction, Fraction]:
    """How little a rate of few clients means: the interval around k of n, in percent.

    DOMAIN.md 4: "the 95 % Wilson score interval of that proportion".
    """
    p = Fraction(k, n)
    centre = p + Z * Z / (2 * n)
    half = Z * square_root(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return 100 * (centre - half) / scale, 100 * (centre + half) / scale


def band(rate: Fraction) -> str:
    """DOMAIN.md 4: "≥ 20 strong, ≥ 10 moderate, below concerning"."""
    if rate >= STRONG:
        return "strong"
    if rate >= MODERATE:
        return "moderate"
    return "concerning"


def is_settled(low: Fraction, high: Fraction) -> bool:
    """DOMAIN.md 13: "Edges are compared unrounded: settled when both ends of the interval fall in
    one band".
    """
    return band(low) == band(high)


class Rates:
    """What each currency was worth, day by day."""

    def __init__(self, rates: Iterable[ExchangeRate], reporting_currency: str) -> None:
        self.rates = list(rates)
        self.reporting_currency = reporting_currency

    def at(self, currency: str, day: date) -> Fraction | None:
        """The rate in force on a day, the day itself included; none before the first.

        DOMAIN.md 4: "the rate in force at a (the latest effective on or before a)". DOMAIN.md 13:
        "The reporting currency's rate is 1"; "only exchange rates include the day itself".
        """
        if currency == self.reporting_currency:
            return Fraction(1)
        usable = [r for r in self.rates if r.currency == currency and r.effective_on <= day]
        if not usable:
            return None
        return max(usable, key=lambda rate: rate.effective_on).rate


def growth(billing: str, row: ScopeChange) -> Fraction:
    """What a row adds in a year.

    DOMAIN.md 4: "12 × delta for retainers, delta for projects".
    """
    return 12 * delta(row) if billing == "retainer" else delta(row)


def known_growth(ledger: ClientLedger, start: date, end: date, line: str | None) -> tuple[Fraction, Fraction]:
    """How much a client grew that we know the origin of, and how much of that it pulled.

    DOMAIN.md 4: "the growth by effective `expansion` rows and by effective `start` rows dated after
    the client's first start, of existing clients in the window [...] the share with origin `client`
    or `joint`, out of the growth whose origin is known". In the client's own currency.
    """
    known, pulled = NOTHING, NOTHING
    first_start = ledger.first_start()
    for engagement, row in ledger.rows_in(start, end, line):
        is_later_start = row.kind == "start" and first_start is not None and row.effective_on > first_start
        if row.kind != "expansion" and not is_later_start:
            continue
        amount = growth(engagement.billing, row)
        if row.origin in ("client", "joint"):
            pulled += amount
            known += amount
        elif row.origin == "agency":
            known += amount
    return known, pulled


def was_taken_into_something_new(ledger: ClientLedger, start: date, end: date) -> bool:
    """Whether the client took us into a line we were not in.

    DOMAIN.md 4: "an effective start or expansion in a named service line in which the client had
    S = 0 at a, whether or not it grew otherwise and whether or not that scope is still there at b".
    """
    for engagement, row in ledger.rows_in(start, end):
        line = engagement.service_line
        if row.kind in ("start", "expansion") and line and ledger.scope(start, line) == 0:
            return True
    return False


def stayed(ledger: ClientLedger, start: date, end: date, line: str | None) -> bool:
    """DOMAIN.md 4: "*stayed* (an effective renewal, with S(b) > 0)"."""
    renewed = any(row.kind == "renewal" for _, row in ledger.rows_in(start, end, line))
    return renewed and ledger.scope(end, line) > 0


def expansion_row(
    ledgers: list[ClientLedger],
    segment: Segment,
    quarter: Quarter,
    window: str,
    start: date,
    rates: Rates,
) -> dict[str, str] | None:
    """One line of the expansion file, or none where nobody was existing.

    DOMAIN.md 4: "expansion rate = 100 × expanding / existing; no figure (not zero) when nobody is
    existing"; "NSR = 100 × ΣS(b) / ΣS(a)"; "NRR = 100 × ΣV(b) / ΣV(a)"; "GRR = 100 × Σmin(V(b),
    V(a)) / ΣV(a), all over existing clients"; "A client with no rate is left out of the sums".
    DOMAIN.md 13: "No NSR when ΣS(a) = 0, no NRR or GRR when ΣV(a) = 0"; "Clients without a rate
    still count in the rate"; in a service segment "nobody there is taken into something new".
    """
    end, line = quarter.end, segment.line
    counts = {"expanding": 0, "flat": 0, "contracting": 0, "lost": 0}
    into_new = staying = 0
    scope_before = scope_after = NOTHING
    value_before = value_after = value_kept = NOTHING
    known = pulled = NOTHING
    for ledger in ledgers:
        before = ledger.scope(start, line)
        if before == 0 or ledger.client.external_id not in segment.members:
            continue
        after = ledger.scope(end, line)
        counts[existing_movement(before, after)] += 1
        if line is None and was_taken_into_something_new(ledger, start, end):
            into_new += 1
        if stayed(ledger, start, end, line):
            staying += 1
        rate = rates.at(ledger.client.currency, start)
        if rate is None:
            continue
        scope_before += rate * before
        scope_after += rate * after
        worth_before, worth_after = ledger.value(start, line), ledger.value(end, line)
        value_before += rate * worth_before
        value_after += rate * worth_after
        value_kept += rate * min(worth_after, worth_before)
        grown, chosen = known_growth(ledger, start, end, line)
        known += rate * grown
        pulled += rate * chosen
    existing = sum(counts.values())
    if existing == 0:
        return None
    rate_of_expansion = Fraction(100 * counts["expanding"], existing)
    low, high = wilson(counts["expanding"], existing)
    return {
        "quarter": quarter.label,
        "window": window,
        "segment": segment.name,
        "existing": str(existing),
        "expanding": str(counts["expanding"]),
        "flat": str(counts["flat"]),
        "contracting": str(counts["contracting"]),
        "lost": str(counts["lost"]),
        "rate": printed(rate_of_expansion),
        "low": printed(low),
        "high": printed(high),
        "band": band(rate_of_expansion),
        "settled": yes_or_no(is_settled(low, high)),
        "nsr": printed(share(scope_after, scope_before)),
        "nrr": printed(share(value_after, value_before)),
        "grr": printed(share(value_kept, value_before)),
        "pulled_share": printed(share(pulled, known)),
        "into_new": str(into_new),
        "stayed": str(staying),
    }


def expansion_rates(ledgers: list[ClientLedger], quarters: list[Quarter], rates: Rates) -> list[dict[str, str]]:
    """Every quarter's own rate, and beside it the year's, in every segment.

    DATA.md: "A year window is given from the fourth quarter on; a row only where somebody is
    existing".
    """
    rows = []
    every_segment = segments(ledgers)
    for index, quarter in enumerate(quarters):
        windows = [("quarter", quarter.start)]
        if index >= 3:
            windows.append(("year", quarters[index - 3].start))
        for window, start in windows:
            for segment in every_segment:
                row = expansion_row(ledgers, segment, quarter, window, start, rates)
                if row is not None:
                    rows.append(row)
    return rows
