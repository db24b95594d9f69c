"""DOMAIN.md 3: the scope ledger, and what a client's scope and value are at the start of a day."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from .periods import year_before
from .records import Client, Engagement, Records, ScopeChange

NOTHING = Fraction(0)


def effective_rows(rows: Iterable[ScopeChange]) -> list[ScopeChange]:
    """The rows that still hold: neither undone nor undoing.

    DOMAIN.md 3: "A reversed row and its reversal count for nothing in every figure, of any date".
    """
    rows = list(rows)
    reversed_ids = {row.reverses for row in rows if row.reverses}
    return [row for row in rows if not row.reverses and row.external_id not in reversed_ids]


def delta(row: ScopeChange) -> Fraction:
    """By how much a row moves the engagement; a blank moves nothing by itself.

    DATA.md: "value_delta (blank on renewal and, for a retainer, on end: the balance is taken)".
    After its end a retainer's scope is 0 whatever the row says.
    """
    return row.value_delta if row.value_delta is not None else NOTHING


class EngagementLedger:
    """One engagement and its effective rows, in order of their dates."""

    def __init__(self, engagement: Engagement, rows: Iterable[ScopeChange]) -> None:
        self.engagement = engagement
        self.rows = sorted(effective_rows(rows), key=lambda row: row.effective_on)
        self.known: dict[tuple[date, bool], Fraction] = {}

    def has_started(self, t: date) -> bool:
        """DOMAIN.md 2: ""At t" means at the start of day t: an entry effective on t has not
        happened yet."
        """
        return any(row.kind == "start" and row.effective_on < t for row in self.rows)

    def has_ended(self, t: date) -> bool:
        """Whether the `end` is effective before t."""
        return any(row.kind == "end" and row.effective_on < t for row in self.rows)

    def is_open(self, t: date) -> bool:
        """Begun and not ended at the start of the day."""
        return self.has_started(t) and not self.has_ended(t)

    def annual(self, t: date, *, with_prices: bool) -> Fraction:
        """Annual scope at t, or annual value when prices are counted."""
        if (t, with_prices) not in self.known:
            rows = [row for row in self.rows if with_prices or row.kind != "price"]
            is_retainer = self.engagement.billing == "retainer"
            self.known[t, with_prices] = self.retainer(rows, t) if is_retainer else self.project(rows, t)
        return self.known[t, with_prices]

    def retainer(self, rows: list[ScopeChange], t: date) -> Fraction:
        """What a retainer is worth a year.

        DOMAIN.md 3: "12 × the sum of `value_delta` of its effective rows before t, `price` rows
        left out, not below 0; and 0 once its `end` is effective before t."
        """
        if self.has_ended(t):
            return NOTHING
        monthly = sum((delta(row) for row in rows if row.effective_on < t), NOTHING)
        return max(12 * monthly, NOTHING)

    def project(self, rows: list[ScopeChange], t: date) -> Fraction:
        """What a project still counts for.

        DOMAIN.md 3: "the sum of `value_delta` of its effective rows before t, `price` rows left
        out, each counted while it is effective on or after t − 1 year, or while the project is open
        at t (it has no `end` before t). Not below 0."
        """
        is_open = not self.has_ended(t)
        total = NOTHING
        for row in rows:
            if row.effective_on < t and (is_open or row.effective_on >= year_before(t)):
                total += delta(row)
        return max(total, NOTHING)


class ClientLedger:
    """One client and all its engagements."""

    def __init__(self, client: Client, engagements: list[EngagementLedger]) -> None:
        self.client = client
        self.engagements = engagements

    def of_line(self, line: str | None) -> list[EngagementLedger]:
        """The engagements of one service line, or all of them.

        DOMAIN.md 13: "In a service segment only that line's rows and scope count".
        """
        return [ledger for ledger in self.engagements if line is None or ledger.engagement.service_line == line]

    def scope(self, t: date, line: str | None = None) -> Fraction:
        """S(t). DOMAIN.md 3: "a client's S(t) is the sum over its engagements"."""
        ledgers = self.of_line(line)
        return sum((ledger.annual(t, with_prices=False) for ledger in ledgers), NOTHING)

    def value(self, t: date, line: str | None = None) -> Fraction:
        """V(t). DOMAIN.md 3: "the same with `price` rows counted"."""
        ledgers = self.of_line(line)
        return sum((ledger.annual(t, with_prices=True) for ledger in ledgers), NOTHING)

    def rows_in(self, start: date, end: date, line: str | None = None) -> list[tuple[Engagement, ScopeChange]]:
        """The effective rows dated in [start, end), each with its engagement."""
        return [
            (ledger.engagement, row)
            for ledger in self.of_line(line)
            for row in ledger.rows
            if start <= row.effective_on < end
        ]

    def first_start(self) -> date | None:
        """The day the client first began anything.

        DOMAIN.md 13: "A first start counts also with value 0"; "the client's first start is its
        first in any line".
        """
        days = [row.effective_on for ledger in self.engagements for row in ledger.rows if row.kind == "start"]
        return min(days, default=None)


def client_ledgers(records: Records) -> list[ClientLedger]:
    """Every client with its engagements, and every engagement with its effective rows."""
    rows: dict[str, list[ScopeChange]] = {}
    for row in records.scope_changes:
        rows.setdefault(row.engagement, []).append(row)
    engagements: dict[str, list[EngagementLedger]] = {}
    for engagement in records.engagements:
        ledger = EngagementLedger(engagement, rows.get(engagement.external_id, []))
        engagements.setdefault(engagement.client, []).append(ledger)
    return [ClientLedger(client, engagements.get(client.external_id, [])) for client in records.clients]


def movement(ledger: ClientLedger, start: date, end: date, earlier_starts: list[date]) -> str:
    """What became of a client's scope in a quarter.

    DOMAIN.md 4: "each existing client is **expanding** when S(b) > S(a), **lost** when S(b) = 0,
    **contracting** when 0 < S(b) < S(a), **flat** when S(b) = S(a). A client with S(a) = 0 and
    S(b) > 0 is **new**, or **returned** when S was above 0 at some earlier quarter start."
    """
    before, after = ledger.scope(start), ledger.scope(end)
    if before == 0:
        was_there = any(ledger.scope(earlier) > 0 for earlier in earlier_starts)
        return "returned" if was_there else "new"
    return existing_movement(before, after)


def existing_movement(before: Fraction, after: Fraction) -> str:
    """The same for a client that was there at the start of the window."""
    if after > before:
        return "expanding"
    if after == 0:
        return "lost"
    if after < before:
        return "contracting"
    return "flat"
