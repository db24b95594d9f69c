"""What accounts ask for: each rule just before its day and on it, what settles it, and the order of all."""

from dataclasses import replace
from datetime import date, timedelta

from metrics.figures.needs import (
    AccountAtHand,
    Advice,
    AskedPulse,
    ContactAtClient,
    Need,
    PatternAt,
    Term,
    Word,
    needs,
    needs_of,
)

TODAY = date(2026, 11, 24)
NORTHWIND = AccountAtHand("northwind", "Northwind", in_scope=True, interval=14, last_check_in=TODAY)


def on(days: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=days)


def asked(account: AccountAtHand) -> list[tuple[str, int, date]]:
    return [(need.kind, need.urgency, need.day) for need in needs_of(account, TODAY)]


def test_an_account_where_all_is_well_asks_for_nothing() -> None:
    account = replace(
        NORTHWIND,
        terms=(Term("r", "Retainer", on(300)), Term("p", "Project", None)),
        contacts=(ContactAtClient("Dana", True, None),),
    )
    assert asked(account) == []


# Check-ins


def test_a_check_in_is_overdue_the_day_after_it_was_due() -> None:
    assert asked(replace(NORTHWIND, last_check_in=on(-14))) == []
    assert asked(replace(NORTHWIND, last_check_in=on(-15))) == [("check_in_overdue", 2, on(-1))]


def test_before_the_first_check_in_time_runs_from_the_first_start() -> None:
    never_met = replace(NORTHWIND, last_check_in=None)
    assert asked(replace(never_met, first_start=on(-14))) == []
    assert asked(replace(never_met, first_start=on(-15))) == [("check_in_overdue", 2, on(-1))]
    assert asked(never_met) == []


def test_an_account_without_scope_is_asked_for_no_check_in() -> None:
    assert asked(replace(NORTHWIND, in_scope=False, last_check_in=on(-400))) == []


# Terms


def test_a_term_counts_from_ninety_days_before_it_ends() -> None:
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", on(91)),))) == []
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", on(90)),))) == [("term_ending", 3, on(90))]


def test_a_term_comes_first_from_thirty_days_before_it_ends() -> None:
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", on(31)),))) == [("term_ending", 3, on(31))]
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", on(30)),))) == [("term_ending", 1, on(30))]


def test_on_its_last_day_a_term_still_runs() -> None:
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", TODAY),))) == [("term_ending", 1, TODAY)]
    assert asked(replace(NORTHWIND, terms=(Term("r", "Retainer", on(-1)),))) == [("term_over", 1, on(-1))]


# Contacts


def test_whoever_decides_counts_from_ninety_days_before_they_leave() -> None:
    assert asked(replace(NORTHWIND, contacts=(ContactAtClient("Dana", True, on(91)),))) == []
    assert asked(replace(NORTHWIND, contacts=(ContactAtClient("Dana", True, on(90)),))) == [
        ("contact_leaving", 2, on(90))
    ]


def test_on_the_day_somebody_leaves_on_they_have_left() -> None:
    assert asked(replace(NORTHWIND, contacts=(ContactAtClient("Dana", True, on(1)),))) == [
        ("contact_leaving", 2, on(1))
    ]
    assert asked(replace(NORTHWIND, contacts=(ContactAtClient("Dana", True, TODAY),))) == [("contact_left", 1, TODAY)]
    assert asked(replace(NORTHWIND, contacts=(ContactAtClient("Dana", True, on(-900)),))) == [
        ("contact_left", 1, on(-900))
    ]


def test_another_who_decides_and_stays_settles_it() -> None:
    gone, stays = ContactAtClient("Dana", True, on(-3)), ContactAtClient("Eve", True, None)
    assert asked(replace(NORTHWIND, contacts=(gone, stays))) == []
    other = replace(stays, decides=False)
    assert asked(replace(NORTHWIND, contacts=(gone, other))) == [("contact_left", 1, on(-3))]


def test_of_several_who_left_the_last_is_named() -> None:
    gone = (ContactAtClient("Dana", True, on(-3)), ContactAtClient("Eve", True, on(-9)))
    assert [need.about for need in needs_of(replace(NORTHWIND, contacts=gone), TODAY)] == ["Dana"]


def test_where_nobody_is_known_to_decide_the_only_contact_counts() -> None:
    dana, eve = ContactAtClient("Dana", False, on(-3)), ContactAtClient("Eve", False, on(-2))
    assert asked(replace(NORTHWIND, contacts=(dana,))) == [("contact_left", 1, on(-3))]
    assert asked(replace(NORTHWIND, contacts=(dana, eve))) == []
    assert asked(NORTHWIND) == []
    assert asked(replace(NORTHWIND, in_scope=False, contacts=(dana,))) == []


# Patterns

Q2 = PatternAt("2026-Q2", date(2026, 4, 1), date(2026, 7, 1), "compounding")
Q3 = PatternAt("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), "stalling")


def test_a_pattern_that_changed_is_told_and_one_that_did_not_is_not() -> None:
    need = needs_of(replace(NORTHWIND, patterns=(Q3, Q2)), TODAY)[0]
    assert (need.kind, need.urgency, need.before, need.after, need.quarter) == (
        "pattern_changed",
        2,
        "compounding",
        "stalling",
        "2026-Q3",
    )
    assert asked(replace(NORTHWIND, patterns=(Q3, replace(Q2, pattern="stalling")))) == []


def test_a_change_for_the_better_can_wait() -> None:
    better = (replace(Q3, pattern="deepening"), replace(Q2, pattern="at_risk"))
    assert asked(replace(NORTHWIND, patterns=better)) == [("pattern_changed", 3, date(2026, 10, 1))]


def test_a_first_pattern_is_no_change() -> None:
    assert asked(replace(NORTHWIND, patterns=(Q3, replace(Q2, pattern="too_early")))) == []
    assert asked(replace(NORTHWIND, patterns=(replace(Q3, pattern="too_early"), Q2))) == []
    assert asked(replace(NORTHWIND, patterns=(Q3,))) == []


def test_a_pattern_of_another_quarter_than_the_last_says_nothing_of_today() -> None:
    account = replace(NORTHWIND, patterns=(Q3, Q2))

    def kinds(today: date) -> list[str]:
        return [need.kind for need in needs_of(replace(account, last_check_in=today), today)]

    assert kinds(date(2026, 9, 30)) == []
    assert kinds(date(2026, 10, 1)) == ["pattern_changed"]
    assert kinds(date(2026, 12, 31)) == ["pattern_changed"]
    assert kinds(date(2027, 1, 1)) == []
    gap = replace(Q2, starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 1))
    assert asked(replace(NORTHWIND, patterns=(Q3, gap))) == []


# Advice


def test_advice_is_to_be_judged_on_its_day_and_not_before() -> None:
    assert asked(replace(NORTHWIND, advice=(Advice("a", "Stop it", on(1)),))) == []
    assert asked(replace(NORTHWIND, advice=(Advice("a", "Stop it", TODAY),))) == [("advice_due", 3, TODAY)]
    assert asked(replace(NORTHWIND, in_scope=False, advice=(Advice("a", "Stop it", TODAY),))) == [
        ("advice_due", 3, TODAY)
    ]


# What was said, and one's own pulse


def test_a_comment_beside_a_pulse_is_told_at_once_and_comes_first_after_two_weeks() -> None:
    def beside(days: int) -> AccountAtHand:
        return replace(NORTHWIND, words=(Word("pulse_comment", on(days), "Dana", "Too slow"),))

    assert asked(beside(0)) == [("pulse_comment", 2, TODAY)]
    assert asked(beside(-13)) == [("pulse_comment", 2, on(-13))]
    assert asked(beside(-14)) == [("pulse_comment", 1, on(-14))]


def test_one_s_own_pulse_can_wait_until_a_week_before_the_day_it_was_asked_for_by() -> None:
    def by(days: int) -> AccountAtHand:
        return replace(NORTHWIND, in_scope=False, pulse=AskedPulse(on(days), "Omar"))

    assert asked(by(8)) == [("pulse_asked", 3, on(8))]
    assert asked(by(7)) == [("pulse_asked", 2, on(7))]
    assert asked(by(-3)) == [("pulse_asked", 2, on(-3))]


# All of them


def test_urgency_comes_before_the_day_and_the_day_before_the_name() -> None:
    late = replace(NORTHWIND, external_id="b", name="Beta", last_check_in=on(-30))
    later = replace(NORTHWIND, external_id="a", name="Alpha", last_check_in=on(-40))
    as_late = replace(NORTHWIND, external_id="c", name="alpine", last_check_in=on(-30))
    ending = replace(NORTHWIND, external_id="d", name="Delta", terms=(Term("r", "Retainer", on(20)),))
    judged = replace(NORTHWIND, external_id="e", name="Epsilon", advice=(Advice("x", "Stop it", on(-500)),))
    found: tuple[Need, ...] = needs([late, judged, as_late, ending, later], TODAY)
    assert [need.account for need in found] == ["Delta", "Alpha", "alpine", "Beta", "Epsilon"]
