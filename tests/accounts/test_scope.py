"""The rules of the ledger and what scope and value come to, worked by hand on the ledgers of Northwind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import (
    Billing,
    Entry,
    Rule,
    annual_scope,
    annual_value,
    balance,
    effective,
    violations,
    with_balance_taken,
)

RETAINER = Billing.RETAINER
PROJECT = Billing.PROJECT


def row(
    external_id: str,
    kind: str,
    effective_on: date,
    value_delta: str | None = None,
    ends_on: date | None = None,
    reverses: str | None = None,
) -> Entry:
    amount = None if value_delta is None else Decimal(value_delta)
    return Entry(external_id, kind, effective_on, amount, ends_on, reverses)


def broken(billing: Billing, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Which row breaks which rule."""
    return [(violation.external_id, violation.rule.value) for violation in violations(billing, entries)]


START = row("start", "start", date(2025, 1, 15), "1000")
EXPANSION = row("more", "expansion", date(2025, 6, 1), "500")
PRICE = row("indexed", "price", date(2026, 1, 1), "30")
END = row("end", "end", date(2026, 3, 31), "-1530")


# What counts


def test_without_reversals_every_row_counts() -> None:
    assert effective([START, EXPANSION]) == [START, EXPANSION]


def test_a_reversed_row_and_its_reversal_count_for_nothing() -> None:
    undone = row("undo", "expansion", date(2025, 6, 1), "-500", reverses="more")
    assert effective([START, undone, EXPANSION, PRICE]) == [START, PRICE]
    assert balance([START, undone, EXPANSION, PRICE]) == Decimal("1030")


def test_the_balance_includes_price_changes() -> None:
    assert balance([START, EXPANSION, PRICE]) == Decimal("1530")
    assert balance([START, EXPANSION, PRICE, END]) == 0
    assert balance([]) == 0


# Blank deltas


def test_a_retainers_end_takes_the_whole_balance_price_changes_among_it() -> None:
    blank = row("end", "end", date(2026, 3, 31))
    filled = with_balance_taken(RETAINER, [blank, START, EXPANSION, PRICE])
    assert [entry.value_delta for entry in filled] == [Decimal(-1530), Decimal(1000), Decimal(500), Decimal(30)]
    assert violations(RETAINER, filled) == []


def test_taking_the_balance_changes_no_row_that_was_given() -> None:
    blank = row("end", "end", date(2026, 3, 31))
    with_balance_taken(RETAINER, [START, blank])
    assert blank.value_delta is None


def test_a_renewal_that_leaves_its_delta_blank_changes_nothing() -> None:
    renewal = row("again", "renewal", date(2026, 1, 1), ends_on=date(2026, 12, 31))
    filled = with_balance_taken(RETAINER, [START, renewal])
    assert filled[1].value_delta == 0
    assert violations(RETAINER, filled) == []
    assert violations(RETAINER, [START, renewal]) == []


def test_a_projects_end_has_to_say_how_much_was_cut() -> None:
    blank = row("end", "end", date(2026, 3, 31))
    assert with_balance_taken(PROJECT, [START, blank]) == [START, blank]
    assert broken(PROJECT, [START, blank]) == [("end", "value_missing")]


def test_an_end_that_was_reversed_keeps_the_balance_of_its_day_and_the_next_takes_all() -> None:
    # The end of March was a mistake: more came in April, and the retainer ended in June.
    entries = [
        START,
        row("end", "end", date(2025, 3, 31)),
        row("undo", "end", date(2025, 3, 31), reverses="end"),
        row("more", "expansion", date(2025, 4, 1), "500"),
        row("last", "end", date(2025, 6, 30)),
    ]
    filled = {entry.external_id: entry.value_delta for entry in with_balance_taken(RETAINER, entries)}
    assert filled == {"start": 1000, "end": -1000, "undo": 1000, "more": 500, "last": -1500}
    assert violations(RETAINER, with_balance_taken(RETAINER, entries)) == []
    assert violations(RETAINER, entries) == []


def test_an_end_that_was_reversed_takes_the_opposite_of_what_its_reversal_says() -> None:
    entries = [
        START,
        row("end", "end", date(2025, 3, 31)),
        row("undo", "end", date(2025, 3, 31), "900", reverses="end"),
    ]
    assert with_balance_taken(RETAINER, entries)[1].value_delta == -900
    assert violations(RETAINER, with_balance_taken(RETAINER, entries)) == []


def test_a_blank_reversal_takes_the_opposite_of_its_row() -> None:
    entries = [START, EXPANSION, row("undo", "expansion", date(2025, 6, 1), reverses="more")]
    assert with_balance_taken(RETAINER, entries)[2].value_delta == -500


# Each rule, kept and broken


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("start", ["0", "1000"], ["-0.01"]),
        ("expansion", ["0.01"], ["0", "-1"]),
        ("contraction", ["-0.01"], ["0", "1"]),
        ("price", ["0.01", "-0.01"], ["0"]),
        ("renewal", ["0"], ["1", "-1"]),
    ],
)
@pytest.mark.parametrize("billing", [RETAINER, PROJECT])
def test_each_kind_has_its_sign(billing: Billing, kind: str, right: list[str], wrong: list[str]) -> None:
    before = [] if kind == "start" else [START]
    for amount in right:
        assert broken(billing, [*before, row("row", kind, date(2025, 6, 1), amount)]) == []
    for amount in wrong:
        assert broken(billing, [*before, row("row", kind, date(2025, 6, 1), amount)])[0] == ("row", "sign_by_kind")


@pytest.mark.parametrize("kind", ["start", "expansion", "contraction", "price"])
def test_a_change_has_to_say_by_how_much(kind: str) -> None:
    before = [] if kind == "start" else [START]
    assert broken(RETAINER, [*before, row("row", kind, date(2025, 6, 1))]) == [("row", "value_missing")]


def test_a_projects_end_takes_nothing_or_what_was_cut_short() -> None:
    for amount in ("0", "-400", "-1000", "-5000"):
        assert broken(PROJECT, [START, row("end", "end", date(2025, 9, 1), amount)]) == []
    assert broken(PROJECT, [START, row("end", "end", date(2025, 9, 1), "1")]) == [("end", "sign_by_kind")]


def test_a_retainers_end_that_leaves_or_overdraws_the_balance_is_refused() -> None:
    for amount in ("0", "-1529.99", "-1530.01"):
        ended = row("end", "end", date(2026, 3, 31), amount)
        assert broken(RETAINER, [START, EXPANSION, PRICE, ended]) == [("end", "whole_balance")]
    assert broken(RETAINER, [START, EXPANSION, PRICE, END]) == []


def test_a_retainer_that_was_free_ends_with_nothing_to_take() -> None:
    assert broken(RETAINER, [row("s", "start", date(2025, 1, 1), "0"), row("e", "end", date(2025, 2, 1), "0")]) == []


def test_a_row_reversed_under_an_end_leaves_the_end_wrong() -> None:
    undone = row("undo", "expansion", date(2025, 6, 1), "-500", reverses="more")
    assert broken(RETAINER, [START, EXPANSION, PRICE, END, undone]) == [("end", "whole_balance")]


@pytest.mark.parametrize("kind", ["expansion", "contraction", "price", "end"])
def test_only_a_start_or_a_renewal_sets_a_term(kind: str) -> None:
    amount = {"expansion": "5", "contraction": "-5", "price": "5", "end": "-1000"}[kind]
    found = broken(RETAINER, [START, row("row", kind, date(2025, 6, 1), amount, ends_on=date(2026, 1, 1))])
    assert found == [("row", "term_on_start_or_renewal")]


def test_a_reversal_may_repeat_the_term_of_its_row_or_leave_it_blank() -> None:
    renewal = row("again", "renewal", date(2026, 1, 1), "0", ends_on=date(2026, 12, 31))
    for ends_on in (None, date(2026, 12, 31)):
        undone = row("undo", "renewal", date(2026, 1, 1), "0", ends_on=ends_on, reverses="again")
        assert violations(RETAINER, [START, renewal, undone]) == []


def test_an_engagement_without_any_row_breaks_no_rule() -> None:
    assert violations(RETAINER, []) == []
    assert violations(PROJECT, []) == []


def test_an_engagement_whose_rows_are_all_reversed_breaks_no_rule() -> None:
    assert violations(RETAINER, [START, row("undo", "start", date(2025, 1, 15), "-1000", reverses="start")]) == []


def test_rows_without_a_start_are_refused() -> None:
    assert broken(RETAINER, [PRICE, EXPANSION]) == [("more", "one_start")]


def test_reversing_the_start_under_other_rows_is_refused() -> None:
    undone = row("undo", "start", date(2025, 1, 15), "-1000", reverses="start")
    assert broken(RETAINER, [START, EXPANSION, undone]) == [("more", "one_start")]


def test_a_start_may_be_reversed_and_entered_anew() -> None:
    undone = row("undo", "start", date(2025, 1, 15), "-1000", reverses="start")
    anew = row("anew", "start", date(2025, 2, 1), "1200")
    assert violations(RETAINER, [START, EXPANSION, undone, anew]) == []


def test_a_second_start_is_refused() -> None:
    assert broken(RETAINER, [START, row("again", "start", date(2025, 5, 1), "10")]) == [("again", "one_start")]


def test_a_second_end_is_refused() -> None:
    entries = [START, row("e1", "end", date(2025, 5, 1), "0"), row("e2", "end", date(2025, 6, 1), "0")]
    assert broken(PROJECT, entries) == [("e2", "one_end")]


def test_nothing_is_effective_before_the_start_but_the_same_day_is_fine() -> None:
    assert broken(RETAINER, [START, row("row", "expansion", date(2025, 1, 14), "5")]) == [("row", "not_before_start")]
    assert broken(RETAINER, [START, row("row", "expansion", date(2025, 1, 15), "5")]) == []


def test_nothing_is_effective_after_the_end_but_the_same_day_is_fine() -> None:
    end = row("end", "end", date(2025, 9, 1), "0")
    assert broken(PROJECT, [START, end, row("row", "expansion", date(2025, 9, 2), "5")]) == [("row", "not_after_end")]
    assert broken(PROJECT, [START, end, row("row", "expansion", date(2025, 9, 1), "5")]) == []


def test_a_retainers_balance_never_falls_below_zero() -> None:
    less = row("less", "contraction", date(2025, 3, 1), "-1000.01")
    assert broken(RETAINER, [START, less]) == [("less", "not_below_zero")]
    # More that comes later does not heal it.
    assert broken(RETAINER, [START, less, EXPANSION]) == [("less", "not_below_zero")]
    assert broken(RETAINER, [START, row("less", "contraction", date(2025, 3, 1), "-1000")]) == []


def test_of_a_day_that_falls_below_zero_the_largest_cut_is_named() -> None:
    day = date(2025, 3, 1)
    more, small = row("more", "expansion", day, "5"), row("small", "contraction", day, "-10")
    large = row("large", "contraction", day, "-1000")
    for entries in ([more, small, large], [large, more, small]):
        assert broken(RETAINER, [START, *entries]) == [("large", "not_below_zero")]


def test_a_discount_counts_towards_the_balance() -> None:
    less = row("less", "contraction", date(2025, 3, 1), "-900")
    discount = row("discount", "price", date(2025, 4, 1), "-100.01")
    assert broken(RETAINER, [START, less, discount]) == [("discount", "not_below_zero")]
    alone = row("discount", "price", date(2025, 4, 1), "-1000.01")
    assert broken(RETAINER, [START, alone]) == [("discount", "not_below_zero")]


def test_rows_of_one_day_are_judged_together() -> None:
    less = row("less", "contraction", date(2025, 6, 1), "-1400")
    assert broken(RETAINER, [START, less, EXPANSION]) == []
    assert broken(RETAINER, [START, EXPANSION, less]) == []


def test_a_project_may_be_cut_below_zero() -> None:
    assert broken(PROJECT, [START, row("less", "contraction", date(2025, 3, 1), "-5000")]) == []


def test_an_unknown_kind_is_named() -> None:
    assert broken(RETAINER, [START, row("row", "upsell", date(2025, 6, 1), "5")]) == [("row", "kind")]


# Reversals


def test_a_reversal_mirrors_kind_date_and_amount() -> None:
    for reversal, column in (
        (row("undo", "price", date(2025, 6, 1), "-500", reverses="more"), "kind"),
        (row("undo", "expansion", date(2025, 6, 2), "-500", reverses="more"), "effective_on"),
        (row("undo", "expansion", date(2025, 6, 1), "-499", reverses="more"), "value_delta"),
        (row("undo", "expansion", date(2025, 6, 1), "500", reverses="more"), "value_delta"),
        (row("undo", "expansion", date(2025, 6, 1), None, reverses="more"), "value_delta"),
    ):
        found = violations(RETAINER, [START, EXPANSION, reversal])
        assert [(v.external_id, v.rule, v.column) for v in found] == [("undo", Rule.REVERSAL_MIRRORS, column)]


def test_a_reversal_of_a_row_elsewhere_is_refused() -> None:
    undone = row("undo", "expansion", date(2025, 6, 1), "-500", reverses="a-row-of-another-engagement")
    assert broken(RETAINER, [START, undone]) == [("undo", "reversal_of_same_engagement")]


def test_a_reversal_can_not_be_reversed() -> None:
    undone = row("undo", "expansion", date(2025, 6, 1), "-500", reverses="more")
    redone = row("redo", "expansion", date(2025, 6, 1), "500", reverses="undo")
    assert broken(RETAINER, [START, EXPANSION, undone, redone]) == [("redo", "reversal_of_reversal")]


def test_a_row_that_reverses_itself_is_refused() -> None:
    assert broken(RETAINER, [START, row("loop", "renewal", date(2025, 6, 1), "0", reverses="loop")]) == [
        ("loop", "reversal_of_reversal")
    ]


def test_a_row_is_reversed_once() -> None:
    entries = [
        START,
        EXPANSION,
        row("undo", "expansion", date(2025, 6, 1), "-500", reverses="more"),
        row("undo-again", "expansion", date(2025, 6, 1), "-500", reverses="more"),
    ]
    assert broken(RETAINER, entries) == [("undo-again", "reversed_once")]


def test_a_sentence_names_the_row_the_rule_what_was_found_and_what_was_expected() -> None:
    found = violations(RETAINER, [START, row("row-7", "expansion", date(2025, 6, 1), "-50")])
    assert [violation.sentence for violation in found] == [
        "Row row-7 breaks the rule sign_by_kind: value_delta is -50; expected more than 0 on an expansion."
    ]


# Scope and value


def test_a_retainers_scope_is_twelve_months_of_its_balance() -> None:
    assert annual_scope(RETAINER, [START], date(2025, 2, 1)) == 12000
    assert annual_scope(RETAINER, [START, EXPANSION], date(2025, 7, 1)) == 18000


def test_what_takes_effect_on_the_day_has_not_happened_yet() -> None:
    assert annual_scope(RETAINER, [START], date(2025, 1, 15)) == 0
    assert annual_scope(RETAINER, [START], date(2025, 1, 16)) == 12000


def test_a_price_rise_is_value_and_not_scope() -> None:
    entries = [START, EXPANSION, PRICE]
    assert annual_scope(RETAINER, entries, date(2026, 2, 1)) == 18000
    assert annual_value(RETAINER, entries, date(2026, 2, 1)) == 18360
    assert annual_value(RETAINER, entries, date(2026, 1, 1)) == 18000


def test_a_retainer_that_has_ended_is_worth_nothing_from_the_next_day_on() -> None:
    entries = [START, EXPANSION, PRICE, END]
    assert annual_scope(RETAINER, entries, date(2026, 3, 31)) == 18000
    assert annual_scope(RETAINER, entries, date(2026, 4, 1)) == 0
    assert annual_value(RETAINER, entries, date(2026, 4, 1)) == 0


def test_a_retainer_that_had_a_discount_leaves_nothing_behind_when_it_ends() -> None:
    # Without prices its rows come to 1000 − 970.
    entries = [
        START,
        row("discount", "price", date(2025, 3, 1), "-30"),
        row("end", "end", date(2025, 6, 1), "-970"),
    ]
    assert violations(RETAINER, entries) == []
    assert annual_scope(RETAINER, entries, date(2025, 7, 1)) == 0


def test_a_retainer_cut_below_what_its_price_rise_brought_has_no_scope_below_zero() -> None:
    # 1000 + 500 by price − 1200 by contraction: the balance is 300, and scope without prices −200.
    entries = [
        START,
        row("dearer", "price", date(2025, 3, 1), "500"),
        row("less", "contraction", date(2025, 4, 1), "-1200"),
    ]
    assert violations(RETAINER, entries) == []
    assert annual_scope(RETAINER, entries, date(2025, 5, 1)) == 0
    assert annual_value(RETAINER, entries, date(2025, 5, 1)) == 3600


def test_a_reversed_row_is_in_no_scope_of_any_date() -> None:
    undone = row("undo", "expansion", date(2025, 6, 1), "-500", reverses="more")
    assert annual_scope(RETAINER, [START, EXPANSION, undone], date(2025, 7, 1)) == 12000


def test_a_reversed_end_leaves_the_retainer_running() -> None:
    undone = row("undo", "end", date(2026, 3, 31), "1530", reverses="end")
    assert annual_scope(RETAINER, [START, EXPANSION, PRICE, END, undone], date(2026, 7, 1)) == 18000


def test_an_open_project_counts_in_full_however_long_it_runs() -> None:
    assert annual_scope(PROJECT, [START, EXPANSION], date(2035, 1, 1)) == 1500


def test_a_finished_project_rolls_off_row_by_row_a_year_after_each() -> None:
    entries = [START, EXPANSION, row("done", "end", date(2025, 9, 1), "0")]
    assert annual_scope(PROJECT, entries, date(2025, 10, 1)) == 1500
    # A row of a day counts up to the same day of the next year.
    assert annual_scope(PROJECT, entries, date(2026, 1, 15)) == 1500
    assert annual_scope(PROJECT, entries, date(2026, 1, 16)) == 500
    assert annual_scope(PROJECT, entries, date(2026, 6, 1)) == 500
    assert annual_scope(PROJECT, entries, date(2026, 6, 2)) == 0


def test_a_project_is_open_on_the_day_of_its_end() -> None:
    entries = [START, row("done", "end", date(2026, 6, 1), "0")]
    assert annual_scope(PROJECT, entries, date(2026, 6, 1)) == 1000
    assert annual_scope(PROJECT, entries, date(2026, 6, 2)) == 0


def test_a_project_cut_short_loses_what_was_cut_and_never_falls_below_zero() -> None:
    entries = [START, row("cut", "end", date(2025, 9, 1), "-400")]
    assert annual_scope(PROJECT, entries, date(2025, 10, 1)) == 600
    # In February the start has rolled off and the cut has not.
    assert annual_scope(PROJECT, entries, date(2026, 2, 1)) == 0


def test_a_projects_price_change_is_value_and_not_scope() -> None:
    entries = [START, row("dearer", "price", date(2025, 3, 1), "50")]
    assert annual_scope(PROJECT, entries, date(2025, 4, 1)) == 1000
    assert annual_value(PROJECT, entries, date(2025, 4, 1)) == 1050


def test_on_a_leap_day_a_finished_project_looks_back_to_the_end_of_february() -> None:
    entries = [row("s", "start", date(2023, 2, 28), "700"), row("e", "end", date(2023, 6, 1), "0")]
    assert annual_scope(PROJECT, entries, date(2024, 2, 29)) == 700
    assert annual_scope(PROJECT, entries, date(2024, 3, 1)) == 0


def test_an_engagement_without_rows_is_worth_nothing() -> None:
    assert annual_scope(RETAINER, [], date(2025, 1, 1)) == 0
    assert annual_value(PROJECT, [], date(2025, 1, 1)) == 0


def test_money_stays_decimal_to_the_last_place() -> None:
    found = annual_scope(RETAINER, [row("s", "start", date(2025, 1, 1), "0.1"), EXPANSION], date(2025, 7, 1))
    assert found == Decimal("6001.2")
    assert isinstance(annual_scope(RETAINER, [], date(2025, 1, 1)), Decimal)


# Properties

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(1000), places=2)


@st.composite
def sound_retainers(draw: st.DrawFn) -> list[Entry]:
    """A retainer that grew and shrank within what it had, and may have ended."""
    day = draw(DAYS)
    left = draw(st.decimals(Decimal(0), Decimal(1000), places=2))
    entries = [Entry("r0", "start", day, left)]
    for number in range(1, draw(st.integers(0, 6)) + 1):
        day += timedelta(days=draw(st.integers(0, 200)))
        delta = draw(AMOUNTS)
        if delta <= left and draw(st.booleans()):
            delta = -delta
        left += delta
        kind = draw(st.sampled_from(["price", "expansion" if delta > 0 else "contraction"]))
        entries.append(Entry(f"r{number}", kind, day, delta))
    if draw(st.booleans()):
        entries.append(Entry("end", "end", day + timedelta(days=draw(st.integers(0, 30))), None))
    return draw(st.permutations(entries))


@given(sound_retainers(), DAYS)
def test_a_sound_retainer_breaks_no_rule_and_ends_at_zero(entries: list[Entry], day: date) -> None:
    filled = with_balance_taken(RETAINER, entries)
    assert violations(RETAINER, entries) == []
    assert violations(RETAINER, filled) == []
    ended = any(entry.kind == "end" for entry in filled)
    assert balance(filled) == 0 if ended else balance(filled) >= 0
    assert annual_scope(RETAINER, filled, day) >= 0
    begun = [entry for entry in filled if entry.effective_on < day]
    assert annual_value(RETAINER, filled, day) == 12 * balance(begun)


@given(sound_retainers(), st.data())
def test_reversing_every_row_leaves_an_empty_ledger(entries: list[Entry], data: st.DataObject) -> None:
    filled = with_balance_taken(RETAINER, entries)
    undone = [
        Entry(
            f"u{entry.external_id}",
            entry.kind,
            entry.effective_on,
            -(entry.value_delta or Decimal(0)),
            None,
            entry.external_id,
        )
        for entry in filled
    ]
    everything = data.draw(st.permutations([*filled, *undone]))
    assert violations(RETAINER, everything) == []
    assert effective(everything) == []
    assert balance(everything) == 0
