"""Undoing a row of the ledger with a reason, and entering one anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from accounts import scope_ledger
from accounts.models import Client, Engagement, Person, ScopeChange
from tests import builders
from tests.accounts.recording.conftest import errors
from tests.accounts.recording.ledgers import plain

OF = "/accounts/northwind/scope-changes"


@pytest.fixture
def retainer(northwind: Client) -> Engagement:
    """1,000 a month since January 2025, 1,500 since June."""
    made = builders.engagement(northwind, "Media", external_id="media")
    builders.scope_change(made, "start", date(2025, 1, 15), 1000, ends_on=date(2025, 12, 31))
    builders.scope_change(made, "expansion", date(2025, 6, 1), 500, note="Social too", origin="client")
    return made


def row(kind: str) -> ScopeChange:
    found: ScopeChange = ScopeChange.objects.get(kind=kind, reverses=None)
    return found


def address(kind: str, act: str = "reversal", end: str = "form/") -> str:
    return f"{OF}/{row(kind).external_id}/{act}/{end}"


# Reversing


def test_it_shows_the_row_and_what_its_undoing_does(browser: Browser, retainer: Engagement) -> None:
    said = plain(browser.get(address("expansion")))
    assert "Expansion, 1 Jun 2025" in said
    assert "500 USD a month" in said
    assert "Social too" in said
    assert "It takes away $6,000 a year: the annual scope of Northwind becomes $12,000." in said


def test_a_row_is_reversed_with_a_reason(browser: Browser, cast: builders.Cast, retainer: Engagement) -> None:
    answer = browser.post(address("expansion"), {"reason": "Entered on the wrong account"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "records-changed"
    assert "Reversed: the expansion of 1 Jun 2025." in plain(answer)
    reversal: Any = ScopeChange.objects.get(reverses=row("expansion"))
    assert (reversal.value_delta, reversal.note, reversal.recorded_by) == (
        -500,
        "Entered on the wrong account",
        cast.lena,
    )


def test_without_scripts_it_goes_on_to_the_account(browser: Browser, retainer: Engagement) -> None:
    answer = browser.post(address("expansion", end=""), {"reason": "A slip"})
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/northwind/")


@pytest.mark.parametrize("reason", ["", "   \r\n "])
def test_it_asks_for_the_reason(browser: Browser, retainer: Engagement, reason: str) -> None:
    assert errors(browser.post(address("expansion"), {"reason": reason})) == {"reason": ["This field is required."]}
    assert ScopeChange.objects.count() == 2


def test_a_start_on_which_others_stand_is_corrected_instead(browser: Browser, retainer: Engagement) -> None:
    answer = browser.get(address("start"))
    said = plain(answer)
    assert "Media can't lose its start while the expansion of 1 Jun 2025 stands on it." in said
    assert "Correct it instead" in said
    assert address("start", "correction") in answer.content.decode()
    assert "Reverse it" not in said
    assert browser.post(address("start"), {"reason": "A slip"}).status_code == 422
    assert ScopeChange.objects.count() == 2


def test_what_keeps_the_balance_above_zero_is_told(browser: Browser, retainer: Engagement) -> None:
    builders.scope_change(retainer, "contraction", date(2025, 9, 1), -1200)
    said = plain(browser.get(address("expansion")))
    assert "Without it Media would stand at −200 USD a month on 1 Sept 2025, and it can't go below 0." in said


def test_what_an_end_took_is_told(browser: Browser, retainer: Engagement) -> None:
    builders.scope_change(retainer, "end", date(2025, 12, 1))
    assert "the end of 1 Dec 2025 took its whole balance as it was" in plain(browser.get(address("expansion")))
    assert "It adds $18,000 a year" in plain(browser.get(address("end")))


def test_a_row_that_somebody_has_just_reversed_is_not_reversed_again(browser: Browser, retainer: Engagement) -> None:
    scope_ledger.reverse(row("expansion"), "Sam was first", None)
    said = "This entry has been reversed already; nothing more was written."
    assert said in plain(browser.get(address("expansion")))
    assert errors(browser.post(address("expansion"), {"reason": "Me too"})) == {"reason": [said]}
    assert ScopeChange.objects.count() == 3


def test_a_reversal_is_not_reversed(browser: Browser, retainer: Engagement) -> None:
    undone = scope_ledger.reverse(row("expansion"), "A slip", None)
    said = plain(browser.get(f"{OF}/{undone.external_id}/reversal/"))
    assert "This entry is a reversal itself" in said
    assert "Correct it instead" not in said


# Correcting


def test_a_correction_begins_with_the_row_as_it_stands(browser: Browser, retainer: Engagement) -> None:
    form = browser.get(address("expansion", "correction")).context["form"]
    assert {name: form[name].value() for name in ("kind", "effective_on", "value_delta", "origin", "note")} == {
        "kind": "expansion",
        "effective_on": date(2025, 6, 1),
        "value_delta": "500",
        "origin": "client",
        "note": "Social too",
    }
    start = browser.get(address("start", "correction")).context["form"]
    assert (start["value_delta"].value(), start["ends_on"].value()) == ("1000", date(2025, 12, 31))


def correct(browser: Browser, of: str, act: str = "form/", **given: str) -> Any:
    wanted = {"kind": of, "effective_on": "2025-01-15", "value_delta": "1200", "reason": "It was 1,200"}
    return browser.post(address(of, "correction", act), wanted | given)


def test_the_preview_of_a_correction_counts_both_rows(browser: Browser, retainer: Engagement) -> None:
    for reason in ("", "It was 1,200"):
        said = plain(correct(browser, "start", "preview/", reason=reason))
        assert "It adds $2,400 a year: the annual scope of Northwind becomes $20,400." in said
        assert "From 15 Jan 2025 on Media $12,000 $14,400 +$2,400" in said
        assert "Today Media $18,000 $20,400 +$2,400" in said


def test_a_start_is_put_right_while_others_stand_on_it(
    browser: Browser, cast: builders.Cast, retainer: Engagement
) -> None:
    wrong = row("start")
    answer = correct(browser, "start", effective_on="2025-02-01", ends_on="2026-01-31")
    assert answer.status_code == 200
    assert "Corrected: the start of 1 Feb 2025." in plain(answer)
    reversal = ScopeChange.objects.get(reverses=wrong)
    anew: Any = ScopeChange.objects.get(kind="start", effective_on=date(2025, 2, 1))
    assert (reversal.note, anew.value_delta, anew.ends_on) == ("It was 1,200", 1200, date(2026, 1, 31))
    assert anew.recorded_by == cast.lena


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "This field is required."),
        (
            {"effective_on": "2025-07-01"},
            "effective_on",
            "Then the expansion of 1 Jun 2025 would stand before the start",
        ),
        ({"value_delta": "-5"}, "value_delta", "A start begins with 0 or more."),
        ({"kind": "expansion"}, "kind", "Media has not begun"),
    ],
)
def test_a_correction_that_breaks_a_rule_says_so_beside_its_field(
    browser: Browser, retainer: Engagement, wrong: dict[str, str], field: str, sentence: str
) -> None:
    found = errors(correct(browser, "start", **wrong))
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert ScopeChange.objects.count() == 2


def test_a_row_that_is_gone_already_is_not_corrected(browser: Browser, retainer: Engagement) -> None:
    scope_ledger.reverse(row("expansion"), "Sam was first", None)
    found = errors(correct(browser, "expansion", effective_on="2025-06-01", value_delta="600"))
    assert "reversed already" in str(found)
    assert ScopeChange.objects.count() == 3


# Who may


@pytest.mark.parametrize("act", ["reversal", "correction"])
def test_rows_of_another_client_are_not_found_under_this_one(browser: Browser, retainer: Engagement, act: str) -> None:
    other = builders.retainer_since(builders.client("Contoso"), date(2025, 1, 1), 10)
    theirs = other.scope_changes.get().external_id
    for end in ("", "form/"):
        assert browser.get(f"{OF}/{theirs}/{act}/{end}").status_code == 404
        assert browser.post(f"{OF}/{theirs}/{act}/{end}", {"reason": "Mine?"}).status_code == 404
    assert other.scope_changes.count() == 1


@pytest.mark.parametrize("act", ["reversal", "correction"])
def test_a_clients_contact_finds_no_such_page(retainer: Engagement, act: str) -> None:
    contact = Browser()
    contact.force_login(builders.person("Vera", role=Person.Role.CONTACT))
    assert contact.get(address("expansion", act)).status_code == 404
    assert contact.post(address("expansion", act), {"reason": "No"}).status_code == 404


@pytest.mark.parametrize("act", ["reversal", "correction"])
def test_a_page_costs_at_most_eight_queries(
    browser: Browser, retainer: Engagement, act: str, django_assert_max_num_queries: Any
) -> None:
    path = address("expansion", act, "")
    with django_assert_max_num_queries(8):
        browser.get(path)
