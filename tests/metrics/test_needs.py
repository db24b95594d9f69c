"""What accounts ask for, in sentences: one, two, many and all; and each line with its dates."""

from datetime import date, timedelta

import pytest

from metrics.figures.needs import Kind, Need
from metrics.needs import need_line, need_title, needs_finding, needs_why

TODAY = date(2026, 11, 24)


def need(account: str = "Northwind", kind: Kind = "check_in_overdue", days: int = -1, **more: object) -> Need:
    return Need(kind, 2, TODAY + timedelta(days=days), account.lower(), account, **more)  # type: ignore[arg-type]


def accounts(count: int) -> list[Need]:
    return [need(f"Account {number}") for number in range(count)]


@pytest.mark.parametrize(
    ("found", "of", "sentence"),
    [
        ([], 0, "No account is yours yet."),
        ([], 1, "Your account needs nothing from you today."),
        ([], 8, "None of your eight accounts needs anything from you today."),
        (accounts(1), 1, "Account 0 needs you today."),
        (accounts(1), 12, "Account 0 needs you today."),
        ([need(), need(kind="advice_due")], 3, "Northwind needs you today."),
        (accounts(2), 2, "Account 0 and Account 1 need you today."),
        (accounts(2), 12, "Account 0 and Account 1 need you today."),
        (accounts(3), 8, "Three of your eight accounts need you today."),
        (accounts(3), 3, "All of your three accounts need you today."),
        (accounts(11), 12, "11 of your 12 accounts need you today."),
    ],
)
def test_the_page_begins_with_how_many_need_somebody(found: list[Need], of: int, sentence: str) -> None:
    assert needs_finding(found, of) == sentence


def test_two_accounts_of_one_name_are_two() -> None:
    found = [need(), Need("advice_due", 3, TODAY, "another", "Northwind")]
    assert needs_finding(found, 4) == "Two of your four accounts need you today."


def test_what_for_is_counted_by_kind_in_the_order_of_urgency() -> None:
    assert needs_why([need()], 3) == "One check-in is overdue."
    found = [need(kind="term_over"), need(kind="term_ending"), need(), need(), need(kind="advice_due")]
    assert (
        needs_why(found, 3)
        == "Two terms end or have ended, two check-ins are overdue and one piece of advice is to be judged."
    )
    assert needs_why([need(kind="comment"), need(kind="pulse_comment"), need(kind="pulse_asked")], 3) == (
        "Two comments wait for an answer and one pulse is asked of you."
    )
    assert needs_why([need(kind="contact_left"), need(kind="pattern_changed")], 3) == (
        "One main contact has left and one pattern has changed."
    )


def test_calm_words_say_what_was_looked_at_and_how_accounts_come_here() -> None:
    assert "no term ends within 90 days" in needs_why([], 2)
    assert "once you lead it" in needs_why([], 0)


SINCE = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            need(about="held", since=SINCE, interval=14),
            "The last was on 9 Nov 2026. One is due every 14 days, so it is 1 day late.",
        ),
        (
            need(days=-2, about="held", since=SINCE, interval=1),
            "The last was on 9 Nov 2026. One is due every day, so it is 2 days late.",
        ),
        (
            need(since=SINCE, interval=14),
            "None was held since the first start on 9 Nov 2026. One is due every 14 days, so it is 1 day late.",
        ),
        (
            need(kind="term_over", about="Media"),
            "Media ran until 23 Nov 2026, 1 day ago. Neither a renewal nor an end is recorded.",
        ),
        (need(kind="term_ending", days=0, about="Media"), "Media runs until today, and what follows is not recorded."),
        (need(kind="term_ending", days=1, about="Media"), "Media runs until 25 Nov 2026, in 1 day."),
        (need(kind="term_ending", days=90, about="Media"), "Media runs until 22 Feb 2027, in 90 days."),
        (
            need(kind="contact_left", about="Dana", decides=True),
            "Dana decided, and left on 23 Nov 2026. Nobody else who decides is known.",
        ),
        (need(kind="contact_left", about="Dana"), "Dana was the only contact, and left on 23 Nov 2026."),
        (
            need(kind="contact_leaving", days=7, about="Dana", decides=True),
            "Dana decides, and leaves on 1 Dec 2026, in 7 days. Nobody else who decides is known.",
        ),
        (
            need(kind="contact_leaving", days=7, about="Dana"),
            "Dana is the only contact, and leaves on 1 Dec 2026, in 7 days.",
        ),
        (need(kind="pattern_changed", quarter="2026-Q3"), "in Q3 2026."),
        (need(kind="advice_due", about="Stop it"), "“Stop it” was to show by 23 Nov 2026. What came of it?"),
        (need(kind="advice_due", days=0, about="Stop it"), "“Stop it” was to show by today. What came of it?"),
        (
            need(kind="pulse_comment", days=-3, about="Dana", before="Too slow"),
            "Dana wrote beside their pulse on 21 Nov 2026: “Too slow”",
        ),
        (
            need(kind="pulse_comment", days=-14, about="Dana", before="Too slow"),
            "Dana wrote “Too slow” beside their pulse 14 days ago: no check-in since.",
        ),
        (
            need(kind="pulse_asked", days=6, about="Omar"),
            "Omar asked for it by 30 Nov 2026, in 6 days. What the client answers opens to you when it is sent.",
        ),
        (
            need(kind="pulse_asked", days=1),
            "You asked for it by 25 Nov 2026, in 1 day. What the client answers opens to you when it is sent.",
        ),
        (
            need(kind="pulse_asked", days=0, about="Omar"),
            "Omar asked for it by today. What the client answers opens to you when it is sent.",
        ),
        (
            need(kind="pulse_asked", days=-2, about="Omar"),
            "Omar asked for it by 22 Nov 2026, 2 days ago. It counts until the quarter ends.",
        ),
    ],
)
def test_a_line_says_why_with_dates(one: Need, line: str) -> None:
    assert need_line(one, TODAY) == line
    assert need_title(one)


def test_nothing_in_a_name_is_taken_for_a_gap_to_be_filled() -> None:
    assert need_line(need(kind="advice_due", about="100 %(day)s"), TODAY).startswith("“100 %(day)s” was")
