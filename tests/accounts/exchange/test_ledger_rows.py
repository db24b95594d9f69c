"""Ledger rows on their way in: added, never replaced, and sound together with what is stored."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts import scope_ledger
from accounts.exchange import ledger_rows
from accounts.models import Engagement, ScopeChange
from tests.accounts.exchange.folders import CLIENTS, LEDGER, RETAINER, counts, loaded, refused

pytestmark = pytest.mark.django_db

HEADER = "external_id,engagement,kind,effective_on,value_delta\n"
WHOLE = "external_id,engagement,kind,effective_on,value_delta,ends_on,origin,involved_from,note,reverses\n"
PROJECT = "external_id,client,name,billing\np1,northwind,Launch,project\n"


@pytest.fixture(autouse=True)
def northwind(tmp_path: Path) -> None:
    loaded(tmp_path, clients=CLIENTS, engagements=RETAINER)


def deltas() -> dict[str, Decimal]:
    return dict(ScopeChange.objects.values_list("external_id", "value_delta"))


def test_the_end_of_a_retainer_takes_the_balance_where_it_is_left_blank(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER + "s3,n1,end,2025-01-01,\n")
    assert deltas()["s3"] == Decimal("-1250.5")


def test_the_balance_is_that_of_stored_and_new_rows_together(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    loaded(tmp_path, scope_changes=HEADER + "s4,n1,end,2025-01-01,\ns3,n1,price,2024-05-01,-50\n")
    assert deltas()["s4"] == Decimal("-1200.5")


def test_an_end_may_say_the_balance_itself(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER + "s3,n1,end,2025-01-01,-1250.50\n")
    assert deltas()["s3"] == Decimal("-1250.5")


def test_a_reversal_and_its_row_may_come_in_one_file(tmp_path: Path) -> None:
    rows = (
        "s1,n1,start,2024-01-01,1000,,,,,\n"
        "s2,n1,end,2024-06-01,,,,,,\n"
        "s4,n1,expansion,2024-07-01,10,,,,,\n"
        "s3,n1,end,2024-06-01,,,,,,s2\n"
    )
    loaded(tmp_path, scope_changes=WHOLE + rows)
    assert deltas() == {"s1": 1000, "s2": -1000, "s3": 1000, "s4": 10}
    reversal = ScopeChange.objects.get(external_id="s3")
    assert reversal.reverses is not None
    assert reversal.reverses.external_id == "s2"
    assert counts(loaded(tmp_path, scope_changes=WHOLE + rows)) == {"scope_changes": (0, 0, 4, 0)}


def test_a_stored_row_may_be_reversed(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    loaded(tmp_path, scope_changes=WHOLE + "s3,n1,expansion,2024-04-01,-250.5,,,,,s2\n")
    assert [row.external_id for row in ScopeChange.objects.effective()] == ["s1"]


def test_rows_are_written_in_the_order_of_the_file(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    assert list(ScopeChange.objects.order_by("id").values_list("external_id", flat=True)) == ["s1", "s2"]


def test_a_stored_row_with_other_content_is_refused_with_the_advice_to_reverse_it(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        scope_changes=WHOLE
        + "s1,n1,start,2024-01-01,1000,2024-12-31,client,idea,note,\ns2,n1,renewal,2024-12-01,,,,,,\n",
    )
    advice = "as stored: ledger rows are never replaced; reverse s1 and enter a new row"
    assert refused(
        tmp_path,
        scope_changes=WHOLE + "s1,n1,start,2024-01-02,900,,agency,,other,s2\ns2,n1,renewal,2024-12-01,0,,,,,\n",
    ) == [
        f'scope_changes.csv, row 2, column effective_on: "2024-01-02"; expected "2024-01-01", {advice}',
        f'scope_changes.csv, row 2, column value_delta: "900"; expected "1000", {advice}',
        f'scope_changes.csv, row 2, column ends_on: blank; expected "2024-12-31", {advice}',
        f'scope_changes.csv, row 2, column origin: "agency"; expected "client", {advice}',
        f'scope_changes.csv, row 2, column involved_from: blank; expected "idea", {advice}',
        f'scope_changes.csv, row 2, column note: "other"; expected "note", {advice}',
        f'scope_changes.csv, row 2, column reverses: "s2"; expected blank, {advice}',
    ]


def test_columns_that_are_absent_are_not_compared(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=WHOLE + "s1,n1,start,2024-01-01,1000,2024-12-31,client,idea,note,\n")
    report = loaded(tmp_path, scope_changes="external_id,engagement,kind,effective_on\ns1,n1,start,2024-01-01\n")
    assert counts(report) == {"scope_changes": (0, 0, 1, 0)}


def test_a_blank_end_matches_whatever_is_stored(tmp_path: Path) -> None:
    rows = LEDGER + "s3,n1,end,2025-01-01,\n"
    loaded(tmp_path, scope_changes=rows)
    assert counts(loaded(tmp_path, scope_changes=rows)) == {"scope_changes": (0, 0, 3, 0)}


def test_a_blank_matches_no_stored_expansion(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    (said,) = refused(tmp_path, scope_changes=LEDGER.replace("250.5", ""))
    assert said.startswith('scope_changes.csv, row 3, column value_delta: blank; expected "250.5", as stored')


BROKEN: dict[str, tuple[str, list[str]]] = {
    "no start": (
        "x,n1,expansion,2024-01-01,5,,,,,\n",
        ["row 2, column kind: an expansion of 2024-01-01 stands without a start; "
         "expected exactly one start that is not reversed"],
    ),
    "two starts": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,start,2024-02-01,5,,,,,\n",
        ["row 3, column kind: the engagement has a start already, x of 2024-01-01; "
         "expected exactly one start that is not reversed"],
    ),
    "two ends": (
        "x,n1,start,2024-01-01,0,,,,,\ny,n1,end,2024-02-01,0,,,,,\nz,n1,end,2024-03-01,0,,,,,\n",
        ["row 4, column kind: the engagement has an end already, y of 2024-02-01; "
         "expected at most one end that is not reversed"],
    ),
    "before the start": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2023-12-31,5,,,,,\n",
        ["row 3, column effective_on: effective_on is 2023-12-31; "
         "expected 2024-01-01 or later, as the engagement starts then (x)"],
    ),
    "after the end": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,5,,,,,\nz,n1,end,2024-02-01,,,,,,\n",
        ["row 3, column effective_on: effective_on is 2024-03-01; "
         "expected 2024-02-01 or earlier, as the engagement ends then (z)"],
    ),
    "below zero": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,contraction,2024-03-01,-6,,,,,\n",
        ["row 3, column value_delta: the retainer's balance is -1 at the end of 2024-03-01; "
         "expected a balance that never falls below 0"],
    ),
    "less than the balance": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,end,2024-03-01,-4,,,,,\n",
        ["row 3, column value_delta: value_delta is -4; expected -5, the whole balance of the retainer, or blank"],
    ),
    "the wrong sign": (
        "x,n1,start,2024-01-01,-5,,,,,\n",
        ["row 2, column value_delta: value_delta is -5; expected 0 or more on a start"],
    ),
    "a blank delta": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,,,,,,\n",
        ["row 3, column value_delta: value_delta of an expansion is blank; expected more than 0 on an expansion"],
    ),
    "a project's end left blank": (
        "x,p1,start,2024-01-01,5,,,,,\ny,p1,end,2024-03-01,,,,,,\n",
        ["row 3, column value_delta: value_delta of an end is blank; "
         "expected 0, or less when the project was cut short"],
    ),
    "a term on an expansion": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,1,2024-12-31,,,,\n",
        ["row 3, column ends_on: an expansion carries ends_on 2024-12-31; "
         "expected blank: only a start or a renewal sets a term"],
    ),
    "a reversal that mirrors nothing": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,1,,,,,\nz,n1,expansion,2024-03-01,-2,,,,,y\n",
        ["row 4, column value_delta: value_delta is -2; expected -1, to undo y"],
    ),
    "a reversal of nothing": (
        "x,n1,start,2024-01-01,5,,,,,\nz,n1,expansion,2024-03-01,-2,,,,,nothing\n",
        ['row 3, column reverses: "nothing"; expected the external_id of a ledger row, in scope_changes.csv or stored'],
    ),
    "a reversal of another engagement's row": (
        "x,n1,start,2024-01-01,5,,,,,\ny,p1,start,2024-01-01,5,,,,,\nz,n1,start,2024-01-01,-5,,,,,y\n",
        ["row 4, column reverses: reverses y, which is no row of this engagement; "
         "expected a row of the same engagement"],
    ),
    "two reversals of one row": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,1,,,,,\n"
        "z,n1,expansion,2024-03-01,-1,,,,,y\nzz,n1,expansion,2024-03-01,-1,,,,,y\n",
        ["row 5, column reverses: reverses y, which another row reverses already; expected one reversal for a row"],
    ),
    "a reversal of a reversal": (
        "x,n1,start,2024-01-01,5,,,,,\ny,n1,expansion,2024-03-01,1,,,,,\n"
        "z,n1,expansion,2024-03-01,-1,,,,,y\nzz,n1,expansion,2024-03-01,1,,,,,z\n",
        ["row 5, column reverses: reverses z, which is a reversal itself; "
         "expected a row that is no reversal: enter the row anew"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_ledger_that_breaks_a_rule_is_refused_with_the_row_and_the_rule(what: str, tmp_path: Path) -> None:
    rows, expected = BROKEN[what]
    loaded(tmp_path, engagements=PROJECT)
    assert refused(tmp_path, scope_changes=WHOLE + rows) == [f"scope_changes.csv, {sentence}" for sentence in expected]
    assert not ScopeChange.objects.exists()


def test_a_rule_that_a_stored_row_would_break_is_told_by_the_new_row(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    assert refused(tmp_path, scope_changes=HEADER + "s0,n1,end,2024-02-01,\n") == [
        "scope_changes.csv, row 2, column effective_on: with it s2, which is stored, would break a rule: "
        "effective_on is 2024-04-01; expected 2024-02-01 or earlier, as the engagement ends then (s0)"
    ]


def test_rules_are_not_asked_where_a_row_has_a_bad_cell_they_would_look_at(tmp_path: Path) -> None:
    assert refused(tmp_path, scope_changes=LEDGER.replace("2024-01-01", "2024-01-32")) == [
        'scope_changes.csv, row 2, column effective_on: "2024-01-32"; '
        "expected a day that exists: a date such as 2026-11-22, from the year 1900 on"
    ]


def test_rules_are_asked_where_a_bad_cell_is_nothing_to_them(tmp_path: Path) -> None:
    said = refused(
        tmp_path, scope_changes=WHOLE + "x,n1,start,2024-01-01,5,,nobody,,,\ny,n1,contraction,2024-02-01,-9,,,,,\n"
    )
    assert [sentence.partition(":")[0] for sentence in said] == [
        "scope_changes.csv, row 2, column origin",
        "scope_changes.csv, row 3, column value_delta",
    ]


def test_rows_of_the_site_and_of_files_make_one_ledger(tmp_path: Path) -> None:
    loaded(tmp_path, scope_changes=LEDGER)
    scope_ledger.record(Engagement.objects.get(), "expansion", date(2024, 5, 1), Decimal(100), by=None)
    loaded(tmp_path, scope_changes=LEDGER + "s3,n1,end,2025-01-01,\n")
    assert deltas()["s3"] == Decimal("-1350.5")


def test_an_engagement_with_more_rows_than_can_be_judged_together_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "MOST_ROWS", 10)
    rows = "".join(f"e{number},n1,expansion,2024-05-01,1\n" for number in range(20))
    assert refused(tmp_path, scope_changes=LEDGER + rows) == [
        "scope_changes.csv, row 2, column engagement: "
        "the engagement would have more than 10 ledger rows; expected fewer"
    ]
