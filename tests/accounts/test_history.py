"""Histories: every change is in them, whatever made it, with what was there before; and there they stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pghistory
import psycopg
import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client as Browser

from accounts import audit, recording
from accounts.exchange.loading import load
from accounts.models import AuditEntry, Client, Goal, History, Person, Setting
from accounts.models.history import RECORDS
from tests import builders
from tests.accounts.exchange.folders import CLIENTS, folder
from tests.conftest import Database

Connect = Callable[[str], psycopg.Connection[Any]]

HISTORIES = sorted(
    (model for model in apps.get_models() if issubclass(model, History)), key=lambda one: one._meta.label
)


def of(record: models.Model) -> list[Any]:
    """A record's history, first change first."""
    history = apps.get_model(record._meta.app_label, f"{record._meta.object_name}History")
    return list(history._default_manager.filter(pgh_obj_id=record.pk).order_by("pgh_id"))


def all_goals() -> list[Any]:
    return list(apps.get_model("accounts", "GoalHistory")._default_manager.order_by("pgh_id"))


def run(statement: str, *parameters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


# What is in them


def test_a_change_says_what_was_there_before_and_what_is_there_since(db: None) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1), title="More leads")
    Goal.objects.filter(pk=goal.pk).update(title="Better leads", due_on=date(2026, 9, 30))
    Goal.objects.filter(pk=goal.pk).delete()
    added, changed, removed = of(goal)
    assert [row.pgh_label for row in (added, changed, removed)] == ["added", "changed", "removed"]
    assert (added.title, added.pgh_before) == ("More leads", None)
    assert (changed.pgh_before["title"], changed.title) == ("More leads", "Better leads")
    assert (changed.pgh_before["due_on"], changed.due_on) == (None, date(2026, 9, 30))
    assert changed.pgh_before["set_on"] == "2026-01-01"
    assert removed.title == "Better leads"
    assert {row.client_id for row in (added, changed, removed)} == {goal.client_id}


def test_what_changes_nothing_is_no_change(db: None) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1), title="More leads")
    goal.save()
    Goal.objects.update(title="More leads")
    Goal.objects.update(version=7)
    assert [row.pgh_label for row in of(goal)] == ["added"]


def test_of_ten_thousand_goals_changed_at_once_each_has_its_change(db: None) -> None:
    client = builders.client()
    goals = [Goal(client=client, title=f"Goal {number}", set_on=date(2026, 1, 1)) for number in range(10_000)]
    Goal.objects.bulk_create(goals)
    Goal.objects.filter(client=client).update(status="open")
    rows = all_goals()
    assert [row.pgh_label for row in rows].count("added") == 10_000
    changed = {row.pgh_obj_id: row for row in rows if row.pgh_label == "changed"}
    assert set(changed) == set(Goal.objects.values_list("pk", flat=True))
    assert {(row.pgh_before["status"], row.status) for row in changed.values()} == {("", "open")}
    titles = dict(Goal.objects.values_list("pk", "title"))
    assert all(row.pgh_before["title"] == row.title == titles[pk] for pk, row in changed.items())


def test_sql_by_hand_is_in_it_as_well(db: None) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1), title="More leads")
    run("UPDATE accounts_goal SET title = upper(title) WHERE id = %s", goal.pk)
    run("WITH gone AS (DELETE FROM accounts_goal WHERE id = %s RETURNING 1) SELECT count(*) FROM gone", goal.pk)
    assert [(row.pgh_label, row.title) for row in of(goal)] == [
        ("added", "More leads"),
        ("changed", "MORE LEADS"),
        ("removed", "MORE LEADS"),
    ]


def test_a_merge_says_of_each_row_what_it_did_to_it(db: None) -> None:
    client = builders.client()
    kept, gone, same = (
        builders.goal(client, date(2026, 1, 1), title=title, external_id=title) for title in ("kept", "gone", "same")
    )
    run(
        """
        MERGE INTO accounts_goal stored
        USING (VALUES ('kept', 'Kept, and renamed'), ('gone', NULL), ('same', 'same'), ('new', 'New')) given (id, title)
        ON stored.external_id = given.id
        WHEN MATCHED AND given.title IS NULL THEN DELETE
        WHEN MATCHED THEN UPDATE SET title = given.title
        WHEN NOT MATCHED THEN INSERT (external_id, client_id, title, set_on, status)
            VALUES (given.id, %s, given.title, '2026-02-01', '')
        """,
        client.pk,
    )
    assert [(row.pgh_label, row.title) for row in of(same)] == [("added", "same")]
    assert [(row.pgh_label, row.title) for row in of(gone)] == [("added", "gone"), ("removed", "gone")]
    (_, renamed) = of(kept)
    assert (renamed.pgh_before["title"], renamed.title) == ("kept", "Kept, and renamed")
    assert [(row.pgh_label, row.title) for row in of(Goal.objects.get(external_id="new"))] == [("added", "New")]


def test_an_upsert_tells_what_it_added_from_what_it_changed(db: None) -> None:
    client = builders.client()
    goal = builders.goal(client, date(2026, 1, 1), title="Old", external_id="a")
    run(
        """
        INSERT INTO accounts_goal (external_id, client_id, title, set_on, status)
        VALUES ('a', %s, 'New', '2026-01-01', ''), ('b', %s, 'Another', '2026-01-01', '')
        ON CONFLICT (external_id) DO UPDATE SET title = excluded.title
        """,
        client.pk,
        client.pk,
    )
    assert [(row.pgh_label, (row.pgh_before or {}).get("title"), row.title) for row in of(goal)[1:]] == [
        ("changed", "Old", "New")
    ]
    assert [row.pgh_label for row in of(Goal.objects.get(external_id="b"))] == ["added"]


def test_who_was_seen_in_a_check_in_is_in_it_and_its_version_is_not(db: None) -> None:
    cast = builders.cast()
    held = builders.check_in(cast.northwind, date(2026, 3, 1), people=[cast.lena])
    recording.see(held, [cast.dana.pk], [cast.sam.pk])
    people = apps.get_model("accounts", "CheckInPersonHistory")._default_manager.order_by("pgh_id")
    assert [(row.pgh_label, row.person_id) for row in people] == [
        ("added", cast.lena.pk),
        ("removed", cast.lena.pk),
        ("added", cast.sam.pk),
    ]
    assert [row.pgh_label for row in of(held)] == ["added"]


def test_a_handed_over_account_is_in_the_history_of_both_the_client_and_its_team(db: None) -> None:
    cast = builders.cast()
    Client.objects.filter(pk=cast.northwind.pk).update(account_manager=cast.sam)
    handed = of(cast.northwind)[-1]
    assert (handed.pgh_before["account_manager_id"], handed.account_manager_id) == (cast.lena.pk, cast.sam.pk)
    team = apps.get_model("accounts", "TeamMemberHistory")._default_manager.filter(role="lead", pgh_label="added")
    assert cast.sam.pk in team.values_list("person_id", flat=True)


def test_a_password_and_a_sign_in_are_no_change_of_a_person(db: None) -> None:
    lena = builders.lena()
    lena.set_password(builders.PASSWORD)
    lena.last_login = None
    lena.save()
    Person.objects.filter(pk=lena.pk).update(role="leadership")
    added, changed = of(lena)
    assert (changed.pgh_before["role"], changed.role) == ("account_manager", "leadership")
    assert "password" not in {field.name for field in added._meta.fields}


@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one._meta.model_name)
def test_what_of_a_record_is_not_in_its_history_is_named(history: type[History]) -> None:
    tracked: type[models.Model] = history.pgh_tracked_model  # type: ignore[assignment]
    there = {field.name for field in tracked._meta.concrete_fields} - {field.name for field in history._meta.fields}
    assert there == LEFT_OUT.get(tracked._meta.object_name or "", set()) | (
        {"version", "changed_by"} if hasattr(tracked, "version") else set()
    )


LEFT_OUT = {
    # Which picture it was would be kept in full each time.
    "Agency": {"logo"},
    "Client": {"sample"},
    "ExchangeRate": {"sample"},
    # What lets somebody in.
    "Invitation": {"token_hash", "invited_at"},
    # Secrets, what follows from signing in, and what is somebody's own to choose.
    "Person": {"password", "last_login", "joined_at", "language", "has_second_factor"},
    # Who and when stand beside each change already.
    "SharedSection": {"shared_at", "shared_by"},
    "TeamMember": {"recorded_by"},
}


# Who, and why


def test_a_change_names_who_made_it_from_where_and_why(db: None) -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1))
    browser = Browser(REMOTE_ADDR="192.0.2.7")
    browser.force_login(cast.lena)
    address = f"/accounts/northwind/goals/{goal.external_id}/"
    form = {
        "title": "Better leads",
        "set_on": "2026-01-01",
        "status": "open",
        "version": "1",
        "why": "They asked for it.",
    }
    answer = browser.post(address, form)
    assert answer.status_code == 303, answer.content.decode()
    (_, changed) = of(goal)
    assert changed.pgh_by_id == cast.lena.pk
    assert changed.pgh_context == {
        "program": "web",
        "person": cast.lena.pk,
        "name": "Lena",
        "address": "192.0.2.7",
        "path": f"POST {address}",
        "why": "They asked for it.",
    }
    assert changed.pgh_context_id is not None


def test_a_change_outside_of_a_request_names_the_program(fresh_database: Database) -> None:
    goal = builders.goal(builders.client(), date(2026, 1, 1))
    assert [(row.pgh_by_id, row.pgh_context) for row in of(goal)] == [(None, {"program": "soundings"})]


def test_who_signs_a_transaction_is_named_where_nobody_asks_in_a_browser(db: None) -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1))
    recording.change(goal, 1, {"title": "Better leads"}, by=cast.sam)
    assert [row.pgh_by_id for row in of(goal)] == [None, cast.sam.pk]


def test_what_a_request_said_is_not_said_by_the_next(db: None) -> None:
    client = builders.client()
    with pghistory.context(person=1, name="One", program="web"):
        first = builders.goal(client, date(2026, 1, 1), title="First")
        audit.because("Said once")
        second = builders.goal(client, date(2026, 1, 1), title="Second")
    run("SELECT set_config('pghistory.context_metadata', '', true)")  # another transaction
    third = builders.goal(client, date(2026, 1, 1), title="Third")
    said = [of(goal)[0].pgh_context for goal in (first, second, third)]
    assert said == [
        {"person": 1, "name": "One", "program": "web"},
        {"person": 1, "name": "One", "program": "web", "why": "Said once"},
        None,
    ]


# A load is one entry


def test_a_load_is_one_entry_with_its_counts_and_the_hashes_of_its_files(db: None, tmp_path: Path) -> None:
    place = folder(tmp_path, {"clients": CLIENTS})
    report = load(place)
    assert not report.problems
    (entry,) = AuditEntry.objects.all()
    assert entry.kind == AuditEntry.Kind.LOADED
    (file,) = entry.details["files"]
    assert file["sha256"] == sha256((place / "clients.csv").read_bytes()).hexdigest()
    assert file["created"] == Client.objects.count() > 0
    assert [history._default_manager.count() for history in HISTORIES] == [0] * len(HISTORIES)
    # What comes after it in the same transaction is in them again.
    goal = builders.goal(Client.objects.all()[0], date(2026, 1, 1))
    assert [row.pgh_label for row in of(goal)] == ["added"]


def test_a_refused_load_leaves_who_tried_which_files_and_nothing_of_what_is_in_them(
    fresh_database: Database, tmp_path: Path
) -> None:
    bad = "external_id,name,currency\na,Very Private,none\nb,B,none\n"
    place = folder(tmp_path, {"clients": bad, "contacts": "no,such,columns\n"})
    with pghistory.context(program="web", person=7, name="Ines"):
        report = load(place)
    assert report.is_refused
    assert not Client.objects.exists()
    (entry,) = AuditEntry.objects.all()
    assert (entry.kind, entry.person_id, entry.context["name"]) == (AuditEntry.Kind.LOAD_REFUSED, 7, "Ines")
    assert entry.details["problems"] == report.problem_count
    refused = {count.file: count.refused for count in report.files}
    assert entry.details["files"] == [
        {
            "file": file,
            "sha256": sha256((place / file).read_bytes()).hexdigest(),
            "refused": refused[file],
        }
        for file in ("clients.csv", "contacts.csv")
    ]
    assert refused["clients.csv"] == 2
    assert "Very Private" not in str(entry.details)


def test_a_load_of_what_can_t_be_read_is_a_refused_one(db: None, tmp_path: Path) -> None:
    (tmp_path / "clients.csv").mkdir()
    assert load(tmp_path).is_refused
    (entry,) = AuditEntry.objects.all()
    assert entry.details["files"] == [{"file": "clients.csv", "sha256": "", "refused": 0}]


def test_a_dry_run_leaves_nothing(db: None, tmp_path: Path) -> None:
    assert load(folder(tmp_path, {"clients": "external_id,name,currency\na,A,none\n"}), dry_run=True).is_refused
    assert load(folder(tmp_path, {"clients": CLIENTS}), dry_run=True).files
    assert not AuditEntry.objects.exists()


def test_it_is_said_to_a_transaction_alone(fresh_database: Database) -> None:
    with pytest.raises(transaction.TransactionManagementError), audit.as_one_entry():
        pass
    with transaction.atomic(), audit.as_one_entry():
        builders.client()
    goal = builders.goal(Client.objects.get(), date(2026, 1, 1))
    assert [row.pgh_label for row in of(goal)] == ["added"]
    assert of(Client.objects.get()) == []


# There they stay


def one_row(history: type[models.Model], superuser: psycopg.Connection[Any]) -> None:
    """A row, where nobody but an administrator with its triggers off can write one by hand."""
    table = history._meta.db_table
    with superuser.transaction():
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        required = {
            field.column: field
            for field in history._meta.concrete_fields
            if not field.null and field.column != "pgh_id"
        }
        columns = ", ".join(f'"{column}"' for column in required)
        values = ", ".join(_any_value(field) for field in required.values())
        superuser.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})")
        superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_stays")
        superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER history_is_not_written_by_hand")


def _any_value(field: models.Field[Any, Any]) -> str:
    kind = field.get_internal_type()
    if kind == "ArrayField":
        return "'{}'"
    if kind in ("CharField", "TextField", "EmailField"):
        return "'x'"
    if kind == "BooleanField":
        return "false"
    return {"DateField": "'2026-01-01'", "DateTimeField": "now()"}.get(kind, "1")


FORBIDDEN = (
    "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET pgh_label = 'added'",
    "UPDATE {table} SET pgh_context = NULL WHERE false",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone",
)


def test_no_role_that_the_product_uses_writes_changes_or_empties_a_history(
    fresh_database: Database, connection_as: Connect, superuser_connection: psycopg.Connection[Any]
) -> None:
    refused = 0
    for history in HISTORIES:
        one_row(history, superuser_connection)
    for role in ("app", "owner", "portal"):
        speaking = connection_as(role)
        for history in HISTORIES:
            for act in FORBIDDEN:
                with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
                    speaking.execute(act.format(table=history._meta.db_table))
                refused += 1
    assert refused == 3 * len(HISTORIES) * len(FORBIDDEN)
    assert [history._default_manager.count() for history in HISTORIES] == [1] * len(HISTORIES)


def test_no_role_changes_or_deletes_an_entry_of_the_audit(fresh_database: Database, connection_as: Connect) -> None:
    audit.note(AuditEntry.Kind.REFUSED, status=404)
    for role in ("app", "owner", "portal"):
        speaking = connection_as(role)
        for act in ("UPDATE {t} SET kind = 'x'", "DELETE FROM {t}", "TRUNCATE {t}"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
                speaking.execute(act.format(t="accounts_auditentry"))
    assert AuditEntry.objects.count() == 1


def test_the_portal_sees_no_history_and_no_entry(fresh_database: Database, connection_as: Connect) -> None:
    portal = connection_as("portal")
    for table in ("accounts_auditentry", *(history._meta.db_table for history in HISTORIES)):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute(f"SELECT 1 FROM {table}")


def test_a_record_keeps_the_id_by_which_its_history_is_found(db: None) -> None:
    builders.goal(builders.client(), date(2026, 1, 1))
    with pytest.raises(Exception, match="keeps its id"):
        run("UPDATE accounts_goal SET id = id + 1")


@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one._meta.model_name)
def test_each_history_is_written_by_its_owner_always(db: None, history: type[History]) -> None:
    tracked = history.pgh_tracked_model
    assert tracked is not None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgenabled, prosecdef, proowner::regrole::text, proconfig FROM pg_trigger
            JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger\\_history\\_%%'
            """,
            [tracked._meta.db_table],
        )
        assert cursor.fetchall() == [("A", True, "soundings_owner", ["search_path=public, pg_temp"])] * 3


def test_every_record_that_people_keep_has_a_history() -> None:
    with_one = {history.pgh_tracked_model for history in HISTORIES}
    assert set(RECORDS) < with_one
    records = {one for one in apps.get_app_config("accounts").get_models() if not issubclass(one, History)}
    without = {one.__name__ for one in records - with_one}
    assert without == {
        *("KpiReading", "ScopeChange"),  # the month's numbers, and the ledger, which is its own history
        *("Pulse", "PulseSheet", "PulseRequest"),  # answers, some of them confidential
        *("Comment", "FollowUp", "GoalAgreement", "PortalVisit"),  # rows that are added and never changed
        *("Mail", "Pin", "AuditEntry"),
    }
    assert Setting in with_one
