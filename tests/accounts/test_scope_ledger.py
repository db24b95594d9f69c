"""Writing the ledger: recording, reversing and correcting on Northwind's retainer, and who else may not."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError

from accounts import scope_ledger
from accounts.models import Client, Engagement, LedgerIsAppendOnly, Person, ScopeChange
from accounts.scope import Rule
from accounts.scope_ledger import LedgerRefused
from accounts.signals import records_changed
from tests import builders

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lena(db: None) -> Person:
    return builders.lena()


@pytest.fixture
def northwind(lena: Person) -> Client:
    return builders.client("Northwind", account_manager=lena)


@pytest.fixture
def retainer(northwind: Client) -> Engagement:
    """Northwind's retainer: 1000 a month since January 2025, 1500 since June."""
    made = builders.retainer_since(northwind, date(2025, 1, 15), 1000)
    builders.scope_change(made, "expansion", date(2025, 6, 1), 500)
    return made


@pytest.fixture
def told() -> Iterator[list[tuple[Any, tuple[int, ...]]]]:
    """What records_changed has said: senders and clients."""
    heard: list[tuple[Any, tuple[int, ...]]] = []

    def listen(sender: Any, client_ids: tuple[int, ...], **kwargs: Any) -> None:
        heard.append((sender, client_ids))

    records_changed.connect(listen)
    yield heard
    records_changed.disconnect(listen)


# Recording


def test_a_recorded_row_says_what_when_who_and_why(lena: Person, northwind: Client) -> None:
    engagement = builders.engagement(northwind)
    before = datetime.now(UTC)
    row = scope_ledger.record(
        engagement,
        "start",
        date(2025, 1, 15),
        Decimal("1000.50"),
        ends_on=date(2025, 12, 31),
        origin="client",
        involved_from="plan",
        note="Signed in Lisbon",
        by=lena,
    )
    stored = ScopeChange.objects.get()
    assert row == stored
    assert (stored.client, stored.engagement, stored.recorded_by) == (northwind, engagement, lena)
    assert (stored.kind, stored.effective_on, stored.value_delta) == ("start", date(2025, 1, 15), Decimal("1000.50"))
    assert (stored.ends_on, stored.origin, stored.involved_from) == (date(2025, 12, 31), "client", "plan")
    assert stored.note == "Signed in Lisbon"
    assert stored.reverses is None
    assert before <= stored.recorded_at <= datetime.now(UTC)
    assert row.recorded_at == stored.recorded_at


def test_the_end_of_a_retainer_takes_the_whole_balance(retainer: Engagement, lena: Person) -> None:
    builders.scope_change(retainer, "price", date(2026, 1, 1), 30)
    assert scope_ledger.record(retainer, "end", date(2026, 3, 31), by=lena).value_delta == -1530


def test_a_renewal_carries_the_new_term_and_no_amount(retainer: Engagement, lena: Person) -> None:
    row = scope_ledger.record(retainer, "renewal", date(2026, 1, 1), ends_on=date(2026, 12, 31), by=lena)
    assert (row.value_delta, row.ends_on) == (Decimal(0), date(2026, 12, 31))


def test_what_breaks_a_rule_is_refused_in_a_sentence_and_nothing_is_written(retainer: Engagement, lena: Person) -> None:
    with pytest.raises(LedgerRefused, match=r"not_below_zero.*balance is -100\.0000") as refusal:
        scope_ledger.record(retainer, "contraction", date(2025, 7, 1), Decimal(-1600), by=lena)
    (violation,) = refusal.value.violations
    assert (violation.rule, violation.column) == (Rule.NOT_BELOW_ZERO, "value_delta")
    assert refusal.value.new_rows == (violation.external_id,)
    assert retainer.scope_changes.count() == 2


def test_a_refusal_can_name_a_row_that_was_there_before(retainer: Engagement, lena: Person) -> None:
    end = scope_ledger.record(retainer, "end", date(2026, 3, 31), by=lena)
    with pytest.raises(LedgerRefused) as refusal:
        scope_ledger.record(retainer, "expansion", date(2026, 3, 31), Decimal(5), by=lena)
    assert [violation.external_id for violation in refusal.value.violations] == [end.external_id]
    assert end.external_id not in refusal.value.new_rows


@pytest.mark.parametrize(
    ("kind", "value_delta", "origin", "involved_from"),
    [
        ("upsell", "5", "", ""),
        ("expansion", "5.00001", "", ""),
        ("expansion", "1e20", "", ""),
        ("expansion", "NaN", "", ""),
        ("expansion", "Infinity", "", ""),
        ("expansion", "5", "nobody", ""),
        ("expansion", "5", "", "never"),
    ],
)
def test_a_value_that_is_none_of_its_column_is_refused(
    retainer: Engagement, kind: str, value_delta: str, origin: str, involved_from: str
) -> None:
    with pytest.raises(ValidationError):
        scope_ledger.record(
            retainer, kind, date(2025, 7, 1), Decimal(value_delta), origin=origin, involved_from=involved_from, by=None
        )
    assert retainer.scope_changes.count() == 2


def test_an_engagement_read_before_it_changed_is_judged_as_it_is_now(northwind: Client) -> None:
    read_before = builders.engagement(northwind, billing="project")
    Engagement.objects.filter(pk=read_before.pk).update(billing="retainer")
    builders.scope_change(read_before, "start", date(2025, 1, 15), 1000)
    assert builders.scope_change(read_before, "end", date(2025, 3, 31)).value_delta == -1000


# Reversing


def test_a_reversal_mirrors_its_row_and_says_why(retainer: Engagement, lena: Person) -> None:
    row = retainer.scope_changes.get(kind="expansion")
    reversal = scope_ledger.reverse(row, "Entered for the wrong client", by=lena)
    assert (reversal.reverses, reversal.kind, reversal.effective_on) == (row, "expansion", date(2025, 6, 1))
    assert (reversal.value_delta, reversal.recorded_by) == (Decimal(-500), lena)
    assert reversal.note == "Entered for the wrong client"
    assert [change.kind for change in retainer.scope_changes.all().effective()] == ["start"]


def test_a_reversed_end_lets_the_retainer_go_on(retainer: Engagement, lena: Person) -> None:
    end = scope_ledger.record(retainer, "end", date(2026, 3, 31), by=lena)
    assert scope_ledger.reverse(end, "They stay", by=lena).value_delta == 1500
    builders.scope_change(retainer, "expansion", date(2026, 5, 1), 250)
    assert scope_ledger.record(retainer, "end", date(2026, 6, 30), by=lena).value_delta == -1750


def test_a_reversed_renewal_gives_no_term(retainer: Engagement, lena: Person) -> None:
    renewal = scope_ledger.record(retainer, "renewal", date(2026, 1, 1), ends_on=date(2026, 12, 31), by=lena)
    reversal = scope_ledger.reverse(renewal, "Not signed", by=lena)
    assert (reversal.value_delta, reversal.ends_on) == (Decimal(0), None)


def test_a_row_is_reversed_once(retainer: Engagement, lena: Person) -> None:
    row = retainer.scope_changes.get(kind="expansion")
    scope_ledger.reverse(row, "Entered twice", by=lena)
    with pytest.raises(LedgerRefused, match="reversed_once"):
        scope_ledger.reverse(row, "Entered twice", by=lena)


def test_a_reversal_can_not_be_reversed(retainer: Engagement, lena: Person) -> None:
    reversal = scope_ledger.reverse(retainer.scope_changes.get(kind="expansion"), "Entered twice", by=lena)
    with pytest.raises(LedgerRefused, match="enter the row anew"):
        scope_ledger.reverse(reversal, "It was right after all", by=lena)


def test_a_start_can_not_be_reversed_under_what_stands_on_it(retainer: Engagement, lena: Person) -> None:
    with pytest.raises(LedgerRefused, match="one_start"):
        scope_ledger.reverse(retainer.scope_changes.get(kind="start"), "Never happened", by=lena)


def test_everything_can_be_reversed_from_the_last_row_to_the_first(retainer: Engagement, lena: Person) -> None:
    for row in retainer.scope_changes.order_by("-effective_on"):
        scope_ledger.reverse(row, "Never happened", by=lena)
    assert not retainer.scope_changes.all().effective().exists()
    builders.scope_change(retainer, "start", date(2025, 3, 1), 800)


def test_a_reversal_without_a_reason_is_refused(retainer: Engagement, lena: Person) -> None:
    with pytest.raises(ValueError, match="the reason is blank"):
        scope_ledger.reverse(retainer.scope_changes.get(kind="expansion"), "  ", by=lena)


# Correcting


def test_a_start_is_put_right_under_what_stands_on_it(retainer: Engagement, lena: Person) -> None:
    start = retainer.scope_changes.get(kind="start")
    anew = scope_ledger.correct(
        start, "start", date(2025, 2, 1), Decimal(1100), note="As signed", reason="Wrong month", by=lena
    )
    assert [(row.kind, row.value_delta) for row in retainer.scope_changes.all().effective()] == [
        ("start", Decimal(1100)),
        ("expansion", Decimal(500)),
    ]
    assert start.reversal.note == "Wrong month"
    assert anew.note == "As signed"
    # Nobody ever knew a ledger without a start.
    assert start.reversal.recorded_at == anew.recorded_at


def test_a_correction_that_breaks_a_rule_writes_neither_row(retainer: Engagement, lena: Person) -> None:
    start = retainer.scope_changes.get(kind="start")
    with pytest.raises(LedgerRefused, match="not_before_start"):
        scope_ledger.correct(start, "start", date(2025, 7, 1), Decimal(1100), reason="Wrong month", by=lena)
    assert retainer.scope_changes.count() == 2


def test_a_corrected_end_takes_the_balance_anew(retainer: Engagement, lena: Person) -> None:
    end = scope_ledger.record(retainer, "end", date(2026, 3, 31), by=lena)
    anew = scope_ledger.correct(end, "end", date(2026, 4, 30), reason="A month later", by=lena)
    assert anew.value_delta == -1500


# What is told, and when


def test_a_change_is_told_once_it_is_committed(
    retainer: Engagement,
    lena: Person,
    told: list[tuple[Any, tuple[int, ...]]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        scope_ledger.record(retainer, "renewal", date(2026, 1, 1), by=lena)
        assert told == []
    assert told == [(ScopeChange, (retainer.client_id,))]


def test_what_was_rolled_back_or_refused_is_not_told(
    retainer: Engagement,
    lena: Person,
    told: list[tuple[Any, tuple[int, ...]]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            scope_ledger.record(retainer, "renewal", date(2026, 1, 1), by=lena)
            transaction.set_rollback(True)
        with pytest.raises(LedgerRefused):
            scope_ledger.record(retainer, "start", date(2026, 1, 1), Decimal(1), by=lena)
    assert told == []


def test_a_listener_that_fails_does_not_fail_the_edit(fresh_database: object, caplog: pytest.LogCaptureFixture) -> None:
    engagement = builders.engagement(builders.client())

    def fail(**kwargs: Any) -> None:
        raise ConnectionError("The broker is down.")

    records_changed.connect(fail)
    try:
        scope_ledger.record(engagement, "start", date(2025, 1, 15), Decimal(1000), by=None)
    finally:
        records_changed.disconnect(fail)
    assert ScopeChange.objects.count() == 1
    assert "The broker is down." in caplog.text


# Two at once


def test_of_two_people_who_take_away_the_same_scope_one_is_told_what_the_other_did(fresh_database: object) -> None:
    retainer = builders.retainer_since(builders.client(), date(2025, 1, 15), 1000)
    together = threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def take_away() -> None:
        try:
            together.wait()
            scope_ledger.record(retainer, "contraction", date(2025, 7, 1), Decimal(-600), by=None)
            outcomes.append("written")
        except LedgerRefused as refusal:
            outcomes.append(str(refusal.violations[0].rule.value))
        finally:
            connection.close()

    threads = [threading.Thread(target=take_away) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["not_below_zero", "written"]


# Asking the ledger


def test_the_ledger_can_be_asked_for_as_it_was_known(retainer: Engagement, lena: Person) -> None:
    start, expansion = retainer.scope_changes.order_by("effective_on")
    reversal = scope_ledger.reverse(expansion, "Entered twice", by=lena)
    late = builders.scope_change(retainer, "contraction", date(2025, 3, 1), -100)

    def known(moment: datetime) -> list[ScopeChange]:
        return list(ScopeChange.objects.known_at(moment).order_by("id"))

    assert known(start.recorded_at) == [start]
    assert known(expansion.recorded_at) == [start, expansion]
    assert known(reversal.recorded_at) == [start, expansion, reversal]
    # Recorded last although it took effect early.
    assert known(late.recorded_at) == [start, expansion, reversal, late]


def test_what_counted_can_be_asked_for_as_it_was_known(retainer: Engagement, lena: Person) -> None:
    start, expansion = retainer.scope_changes.order_by("effective_on")
    reversal = scope_ledger.reverse(expansion, "Entered twice", by=lena)
    ledger = retainer.scope_changes.all()
    assert list(ledger.effective()) == [start]
    assert list(ledger.effective(known_at=reversal.recorded_at)) == [start]
    # Before its reversal was known, the expansion counted.
    assert list(ledger.effective(known_at=expansion.recorded_at)) == [start, expansion]
    assert list(ledger.effective(known_at=start.recorded_at)) == [start]


# Nobody else writes

PYTHON_WRITES: dict[str, Callable[[ScopeChange], object]] = {
    "save": lambda row: row.save(),
    "save a new one": lambda row: ScopeChange(
        client_id=row.client_id, engagement_id=row.engagement_id, kind="renewal", effective_on=row.effective_on
    ).save(),
    "delete": lambda row: row.delete(),
    "create": lambda row: ScopeChange.objects.create(
        client_id=row.client_id, engagement_id=row.engagement_id, kind="renewal", effective_on=row.effective_on
    ),
    "create by the engagement": lambda row: row.engagement.scope_changes.create(
        client_id=row.client_id, kind="renewal", effective_on=row.effective_on
    ),
    "get or create": lambda row: ScopeChange.objects.get_or_create(
        client_id=row.client_id, engagement_id=row.engagement_id, kind="renewal", effective_on=row.effective_on
    ),
    "create in bulk": lambda row: ScopeChange.objects.bulk_create([row]),
    "update in bulk": lambda row: ScopeChange.objects.bulk_update([row], ["note"]),
    "update": lambda row: ScopeChange.objects.filter(pk=row.pk).update(note="x"),
    "update by the client": lambda row: row.client.scope_changes.update(note="x"),
    "delete several": lambda row: ScopeChange.objects.all().delete(),
}


@pytest.mark.parametrize("write", PYTHON_WRITES)
def test_the_model_refuses_to_be_written_otherwise(retainer: Engagement, write: str) -> None:
    row = retainer.scope_changes.get(kind="expansion")
    with pytest.raises(LedgerIsAppendOnly, match=r"only written by accounts\.scope_ledger"):
        PYTHON_WRITES[write](row)


def test_neither_engagement_nor_client_can_be_deleted_from_under_its_ledger(retainer: Engagement) -> None:
    for owner in (retainer, retainer.client):
        with pytest.raises(ProtectedError):
            owner.delete()


WRITERS = ("accounts/scope_ledger.py", "accounts/exchange/ledger_rows.py", "accounts/migrations/")
WRITING_SQL = re.compile(
    r"\b(insert\s+into|update|delete\s+from|truncate(\s+table)?|copy|merge\s+into)\s+(only\s+)?\"?accounts_scopechange\b",
    re.IGNORECASE,
)


def writes_the_ledger(source: str) -> bool:
    """Whether a module makes rows of the ledger, or holds SQL that writes it."""
    if WRITING_SQL.search(source):
        return True
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if re.search(r"\bScopeChange$", called):
            return True
        if re.search(r"\b(ScopeChange|scope_changes)\b.*\.(\w*create|\w*update|\w*save|\w*delete|add|set)$", called):
            return True
        if called.endswith("QuerySet") and any("ScopeChange" in ast.unparse(given) for given in node.args):
            return True
    return False


def test_no_other_module_writes_the_ledger() -> None:
    modules = sorted(path for app in ("accounts", "metrics", "agency") for path in (ROOT / app).rglob("*.py"))
    statements = sorted(path for app in ("accounts", "metrics") for path in (ROOT / app).rglob("*.sql"))
    found = [path for path in modules if writes_the_ledger(path.read_text())]
    found += [path for path in statements if WRITING_SQL.search(path.read_text())]
    names = [path.relative_to(ROOT).as_posix() for path in found]
    assert [name for name in names if not name.startswith(WRITERS)] == []
    assert "accounts/scope_ledger.py" in names


@pytest.mark.parametrize(
    "source",
    [
        "ScopeChange(kind='start')",
        "models.ScopeChange(kind='start').save()",
        "ScopeChange.objects.filter(pk=1).update(note='x')",
        "engagement.scope_changes.create(kind='start')",
        "client.scope_changes.all().delete()",
        "QuerySet(ScopeChange).bulk_create(rows)",
        "cursor.execute('INSERT INTO accounts_scopechange VALUES (1)')",
        "cursor.execute('delete from only accounts_scopechange')",
    ],
)
def test_the_search_for_writers_finds_them(source: str) -> None:
    assert writes_the_ledger(source)


@pytest.mark.parametrize(
    "source",
    [
        "ScopeChange.objects.filter(kind='start').effective()",
        "scope_ledger.record(engagement, 'start', day)",
        "cursor.execute('SELECT FROM accounts_scopechange')",
        "cursor.execute('INSERT INTO accounts_scopechangelog VALUES (1)')",
    ],
)
def test_the_search_for_writers_lets_readers_be(source: str) -> None:
    assert not writes_the_ledger(source)
