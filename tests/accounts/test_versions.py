"""Versions: raised by the database whatever writes, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, models, transaction
from django.test import Client as Browser

from accounts import recording
from accounts.exchange.loading import load
from accounts.models import CheckIn, CheckInContact, Client, Contact, Goal, Person, Recommendation
from accounts.models.versions import Versioned
from tests import builders
from tests.conftest import Database

VERSIONED = sorted(
    (model for model in Versioned.__subclasses__() if not model._meta.abstract), key=lambda one: one._meta.label
)


@pytest.mark.parametrize("model", VERSIONED, ids=lambda model: model._meta.model_name)
def test_the_database_raises_the_version_of_every_such_table(db: None, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'version_is_raised'",
            [model._meta.db_table],
        )
        assert cursor.fetchall() == [("A",)]


def test_a_version_is_raised_by_a_change_and_by_nothing_else(db: None) -> None:
    northwind = builders.client()
    rows = Client.objects.filter(pk=northwind.pk)
    assert northwind.version == 1
    rows.update(name="Northwind")
    assert rows.get().version == 1
    rows.update(name="Northwind Traders")
    assert rows.get().version == 2
    rows.update(version=1)  # nobody sets it back
    assert rows.get().version == 3
    northwind.name = "Northwind again"
    northwind.save()  # over the version 1 it was read in
    assert rows.get().version == 4


def test_it_says_who_changed_it_as_long_as_a_person_did(db: None) -> None:
    cast = builders.cast()
    recording.change(cast.northwind, 1, {"name": "Northwind Traders"}, by=cast.sam)
    assert Client.objects.get().changed_by == cast.sam
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('soundings.person', '', true)")  # another transaction
    Client.objects.update(name="Northwind")
    assert Client.objects.get().changed_by is None


def test_nobody_is_named_in_the_transaction_that_comes_after(fresh_database: Database) -> None:
    cast = builders.cast()
    recording.change(cast.northwind, 1, {"name": "Northwind Traders"}, by=cast.sam)
    Client.objects.update(name="Northwind")
    northwind = Client.objects.get()
    assert (northwind.version, northwind.changed_by) == (3, None)


def test_a_change_over_another_version_writes_nothing(db: None) -> None:
    cast = builders.cast()
    for version in (0, 2, -1):
        with pytest.raises(recording.Overtaken), transaction.atomic():
            recording.change(cast.northwind, version, {"name": "Mine"}, by=cast.sam)
    assert Client.objects.values_list("name", "version").get() == ("Northwind", 1)


# Who was seen in a check-in


def test_who_was_seen_raises_the_version_of_the_check_in(fresh_database: Database) -> None:
    cast = builders.cast()
    held = builders.check_in(cast.northwind, date(2026, 1, 5))
    with transaction.atomic():
        CheckInContact.objects.create(client=cast.northwind, check_in=held, contact=cast.dana)
    assert CheckIn.objects.get().version == 2
    CheckInContact.objects.all().delete()
    assert CheckIn.objects.get().version == 3


def test_two_who_change_who_was_seen_are_told_of_each_other(fresh_database: Database) -> None:
    cast = builders.cast()
    robert = builders.contact(cast.northwind, "Robert")
    held = builders.check_in(cast.northwind, date(2026, 1, 5), [cast.dana], [cast.lena])
    lena, sam = Browser(), Browser()
    lena.force_login(cast.lena)
    sam.force_login(cast.sam)
    address = f"/accounts/northwind/check-ins/{held.external_id}/form/"
    version = CheckIn.objects.get().version
    same = {"held_on": "2026-01-05", "version": version, "initiated_by": "", "agency_people": [cast.lena.pk]}
    assert lena.post(address, same | {"client_contacts": [robert.pk]}).status_code == 200
    assert CheckIn.objects.get().version > version
    answer = sam.post(address, same | {"client_contacts": [cast.dana.pk, robert.pk]})
    assert answer.status_code == 409
    (difference,) = answer.context["form"].differences()
    assert (difference.mine, difference.theirs) == ("Dana, Robert", "Robert")
    assert set(held.client_contacts.all()) == {robert}


# The importer


def folder(place: Path, **files: str) -> Path:
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


CHECK_INS = "external_id,client,held_on,client_contacts,agency_people,summary\nc1,northwind,2026-01-05,{seen},,{said}\n"


def test_a_load_raises_the_versions_of_what_it_changes_alone(fresh_database: Database, tmp_path: Path) -> None:
    cast = builders.cast()
    robert = builders.contact(cast.northwind, "Robert")
    dana = cast.dana.external_id

    def loaded(seen: str, said: str) -> tuple[int, tuple[int, int, int]]:
        report = load(folder(tmp_path, check_ins=CHECK_INS.format(seen=seen, said=said)))
        assert not report.problems
        (count,) = report.files
        return CheckIn.objects.get().version, (count.created, count.updated, count.unchanged)

    assert loaded(dana, "Well") == (1, (1, 0, 0))
    assert loaded(dana, "Well") == (1, (0, 0, 1))
    assert loaded(dana, "Very well") == (2, (0, 1, 0))
    assert loaded(f"{dana};{robert.external_id}", "Very well") == (3, (0, 1, 0))
    assert loaded(robert.external_id, "Well")[1] == (0, 1, 0)
    assert CheckIn.objects.get().version == 4
    assert Client.objects.get().version == Contact.objects.filter(name="Robert").get().version == 1


ADVICE = "external_id,client,made_on,subject,decision,expected,expected_by\nr1,northwind,2026-01-05,Fewer pages,{}\n"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("adopted,As it came,2026-09-01", "expected"),
        ("adopted,,2026-09-01", "expected"),
        ("adopted,Twice the leads,", "expected_by"),
        ("adopted,Twice the leads,2026-10-01", "expected_by"),
        ("pending,Twice the leads,2026-09-01", "decision"),
        (",Twice the leads,2026-09-01", "decision"),
    ],
)
def test_a_load_that_rewords_what_was_expected_is_refused_with_the_row(
    db: None, tmp_path: Path, row: str, column: str
) -> None:
    builders.cast()
    assert not load(folder(tmp_path, recommendations=ADVICE.format("adopted,Twice the leads,2026-09-01"))).problems
    report = load(folder(tmp_path, recommendations=ADVICE.format(row)))
    (problem,) = report.problems
    assert (problem.file, problem.row, problem.column) == ("recommendations.csv", 2, column)
    assert "the client has decided" in problem.expected
    again = load(folder(tmp_path, recommendations=ADVICE.format("declined,Twice the leads,2026-09-01")))
    assert (again.problems, Recommendation.objects.get().decision) == ((), "declined")


# Many at once


def test_of_two_hundred_edits_at_once_none_is_lost(fresh_database: Database) -> None:
    cast = builders.cast()
    people = [builders.person(f"Person {number}") for number in range(8)]
    for person in people:
        builders.team_member(cast.northwind, person)
    goal = builders.goal(cast.northwind, date(2026, 1, 5))
    address = f"/accounts/northwind/goals/{goal.external_id}/form/"
    outcomes: Counter[int] = Counter()
    saved: list[str] = []
    begin = threading.Barrier(len(people))
    failures: list[BaseException] = []

    def edits(person: Person, number: int) -> None:
        try:
            browser = Browser()
            browser.force_login(person)
            begin.wait(30)
            for each in range(25):
                version = Goal.objects.values_list("version", flat=True).get()
                title = f"Edit {number} {each}"
                given: dict[str, Any] = {"title": title, "set_on": "2026-01-05", "status": "open", "version": version}
                status = browser.post(address, given).status_code
                outcomes[status] += 1
                if status == 200:
                    saved.append(title)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=edits, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert set(outcomes) == {200, 409}, outcomes
    assert sum(outcomes.values()) == 200
    goal.refresh_from_db()
    # Each edit that was said to be saved is one version: none was overwritten unseen.
    assert goal.version == 1 + outcomes[200] == 1 + len(saved)
    assert goal.title in saved
