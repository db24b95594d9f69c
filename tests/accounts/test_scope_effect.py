"""What a row will do to annual scope, worked by hand on Northwind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import Billing, Entry, annual_scope
from accounts.scope_effect import Change, Ledger, effect, effects

START = Entry("start", "start", date(2025, 1, 15), Decimal(1000), date(2025, 12, 31))
RETAINER = Ledger(Billing.RETAINER, (START,))
SITE = Ledger(Billing.PROJECT, (Entry("site", "start", date(2025, 6, 1), Decimal(30000)),))
DAY = date(2025, 9, 1)
TODAY = date(2025, 10, 1)


def more(kind: str = "expansion", delta: str | None = "500", on: date = DAY) -> Entry:
    return Entry("new", kind, on, None if delta is None else Decimal(delta))


def test_an_expansion_counts_twelve_months_for_the_engagement_and_its_client() -> None:
    found = effect(RETAINER, [SITE], [more()], date(2025, 9, 2))
    assert found.engagement_scope == Change(Decimal(12000), Decimal(18000))
    assert found.client_scope == Change(Decimal(42000), Decimal(48000))
    assert found.client_scope.difference == 6000


def test_a_price_changes_value_and_no_scope() -> None:
    found = effect(RETAINER, [SITE], [more("price", "50")], date(2025, 9, 2))
    assert found.client_scope.difference == 0
    assert found.engagement_value == Change(Decimal(12000), Decimal(12600))
    assert found.client_value == Change(Decimal(42000), Decimal(42600))


def test_the_end_of_a_retainer_leaves_nothing_of_it() -> None:
    found = effect(RETAINER, [SITE], [more("end", None)], date(2025, 9, 2))
    assert found.engagement_scope == Change(Decimal(12000), Decimal(0))
    assert found.client_scope.after == 30000


def test_undoing_a_row_takes_its_effect_back() -> None:
    grown = Ledger(Billing.RETAINER, (START, more()))
    undo = Entry("undo", "expansion", DAY, Decimal(-500), None, "new")
    assert effect(grown, [], [undo], date(2025, 9, 2)).engagement_scope == Change(Decimal(18000), Decimal(12000))


def test_what_is_dated_ahead_shows_on_its_day_alone() -> None:
    (found,) = effects(RETAINER, [], [more(on=date(2025, 12, 1))], date(2025, 12, 1), TODAY)
    assert found.day == date(2025, 12, 2)


def test_what_is_dated_back_shows_today_beside_where_that_is_another_amount() -> None:
    assert len(effects(RETAINER, [], [more()], DAY, TODAY)) == 1
    then, now = effects(RETAINER, [SITE], [more(on=date(2025, 3, 1))], date(2025, 3, 1), TODAY)
    assert then.client_scope.before == 12000
    assert now.client_scope.before == 42000
    assert now.day == date(2025, 10, 2)


def test_a_ledger_says_when_it_began_and_ended_and_until_when_it_was_agreed() -> None:
    renewed = Entry("again", "renewal", date(2025, 11, 1), Decimal(0), date(2026, 12, 31))
    ended = Entry("end", "end", date(2026, 3, 1), Decimal(-1000))
    ledger = Ledger(Billing.RETAINER, (START, renewed, ended))
    assert (ledger.started_on, ledger.ended_on, ledger.term) == (
        date(2025, 1, 15),
        date(2026, 3, 1),
        date(2026, 12, 31),
    )
    undo = Entry("u", "renewal", date(2025, 11, 1), Decimal(0), None, "again")
    undone = Ledger(Billing.RETAINER, (START, renewed)).with_rows([undo])
    assert undone.term == date(2025, 12, 31)
    assert (Ledger(Billing.PROJECT).started_on, Ledger(Billing.PROJECT).ended_on, Ledger(Billing.PROJECT).term) == (
        None,
        None,
        None,
    )


@given(
    st.lists(st.tuples(st.dates(date(2025, 2, 1), date(2027, 1, 1)), st.integers(1, 900)), max_size=5),
    st.dates(date(2025, 2, 1), date(2027, 1, 1)),
    st.integers(1, 900),
    st.sampled_from(Billing),
)
def test_before_and_after_are_the_scope_without_and_with_the_row(
    rows: list[tuple[date, int]], on: date, delta: int, billing: Billing
) -> None:
    entries = (START, *(Entry(str(n), "expansion", day, Decimal(much)) for n, (day, much) in enumerate(rows)))
    added = more(delta=str(delta), on=on)
    found = effects(Ledger(billing, entries), [SITE], [added], on, TODAY)
    for one in found:
        assert one.engagement_scope.before == annual_scope(billing, entries, one.day)
        assert one.engagement_scope.after == annual_scope(billing, [*entries, added], one.day)
        assert one.client_scope.difference == one.engagement_scope.difference
    assert found[0].engagement_scope.difference == delta * (12 if billing == Billing.RETAINER else 1)
