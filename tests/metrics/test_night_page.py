"""Tests of the night's page: who sees it, what it tells, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, Setting
from metrics.models import Batch, ChangedClient, ClientFault, Run
from metrics.queries.runs import FaultRow, RunRow, faults, recent_runs
from metrics.queries.status import Status
from metrics.views.night import story
from tests import builders

BEGUN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RUN = RunRow(
    id=1,
    kind="nightly",
    kind_label="Night",
    state="finished",
    state_label="Finished",
    as_of=date(2026, 11, 22),
    begun_at=BEGUN,
    finished_at=BEGUN + timedelta(seconds=12),
    clients=24,
    failed_clients=0,
    batches=2,
    open_batches=0,
    client_seconds=9.0,
    rated_quarters=20,
    rates_seconds=2.0,
    signals_seconds=0.5,
    error="",
)
NOTHING_WAITS = Status(
    figures_as_of=date(2026, 11, 22),
    last_run_finished_at=BEGUN,
    last_run_age_hours=1.0,
    last_run_failed_clients=0,
    stale=False,
    clients_waiting=0,
    longest_wait_seconds=None,
    clients_failed=0,
    open_runs=0,
    open_batches=0,
    heartbeat_age_seconds=3.0,
)
FAULT = FaultRow(7, "Northwind", "northwind", "no such quarter", BEGUN)

Arrange = Callable[[], object]


def plain(text: str) -> str:
    """The words of a page, as one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def ran(**fields: object) -> Run:
    return Run.objects.create(
        **{
            "kind": Run.Kind.NIGHTLY,
            "state": Run.State.FINISHED,
            "as_of": date(2026, 11, 22),
            "begun_at": BEGUN,
            "finished_at": BEGUN + timedelta(seconds=12),
            "rates_at": BEGUN,
            "rates_seconds": 2.0,
            **fields,
        }
    )


def opened(person: Person, query: str = "") -> str:
    browser = Browser()
    browser.force_login(person)
    answer = browser.get(f"/night/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


# The sentence


def test_the_sentence_says_what_was_done_and_that_nothing_waits() -> None:
    assert story(RUN, [], NOTHING_WAITS) == "The last run computed 24 clients in 12 s. Nothing waits."


def test_the_sentence_speaks_of_one_client_as_one() -> None:
    one = replace(RUN, clients=1)
    waiting = replace(NOTHING_WAITS, clients_waiting=1)
    assert story(one, [], waiting) == "The last run computed one client in 12 s. One client has changed since."


def test_the_sentence_says_when_there_was_nothing_to_do() -> None:
    waiting = replace(NOTHING_WAITS, clients_waiting=3)
    idle = replace(RUN, clients=0, batches=0)
    assert story(idle, [], waiting) == "The last run found nothing that had changed. Three clients have changed since."


def test_the_sentence_begins_with_what_went_wrong() -> None:
    assert story(RUN, [FAULT], NOTHING_WAITS) == "One client could not be computed. The others were."
    failed = replace(RUN, state="failed")
    assert story(failed, [], NOTHING_WAITS) == "The clients were computed, but the portfolio's figures were not."


def test_the_sentence_says_how_far_a_run_has_come() -> None:
    under_way = replace(RUN, state="open", finished_at=None, open_batches=1)
    assert story(under_way, [], NOTHING_WAITS) == "A run is under way: 1 of 2 chunks are done."


def test_before_the_first_run_the_sentence_says_so() -> None:
    assert story(None, [], NOTHING_WAITS) == "No night has run yet."


def test_a_run_that_has_not_ended_took_no_time_yet() -> None:
    assert replace(RUN, finished_at=None).took is None
    assert RUN.took == 12


# The page

pytestmark = pytest.mark.django_db


def test_the_night_exists_for_leadership_alone() -> None:
    for person, status in (
        (builders.omar(), 200),
        (builders.person("Ada", role=Person.Role.ADMIN), 200),
        (builders.lena(), 404),
        (builders.person("Dana", role=Person.Role.CONTACT), 404),
    ):
        browser = Browser()
        browser.force_login(person)
        assert browser.get("/night/").status_code == status


def test_only_reading_is_answered() -> None:
    browser = Browser()
    browser.force_login(builders.omar())
    assert browser.post("/night/").status_code == 405


def test_an_agency_without_runs_sees_what_will_be_here() -> None:
    text = plain(opened(builders.omar()))
    assert "No night has run yet." in text
    assert "The first one shows up here." in text


def test_a_run_is_told_with_its_chunks_counts_and_seconds() -> None:
    run = ran(rated_quarters=20)
    Batch.objects.create(run=run, state=Batch.State.DONE, client_ids=[1, 2, 3], computed=3, seconds=1.4, attempts=1)
    Batch.objects.create(run=run, state=Batch.State.DONE, client_ids=[4], computed=1, seconds=0.6, attempts=2)
    text = plain(opened(builders.omar()))
    assert "The last run computed four clients in 12 s." in text
    assert "22 Nov 2026, 02:00 Night Finished 4 2 2.0 s 2.0 s – not known 12 s" in text
    assert "Finished 3 / 3 1 1.4 s" in text.replace("Done", "Finished")
    assert "Rates of 20 quarters followed" in text


def test_the_client_at_fault_is_named_with_its_error() -> None:
    run = ran(failed_clients=1)
    northwind = builders.client("Northwind")
    ClientFault.objects.create(client_id=northwind.pk, error="division by zero", newest_mark=10**9, run=run)
    ClientFault.objects.create(client_id=10**9, error="gone", newest_mark=1, run=run)
    text = plain(opened(builders.omar()))
    assert "Two clients could not be computed. The others were." in text
    assert "Northwind" in text
    assert "division by zero" in text
    assert "A client that is gone" in text
    assert "1 client not computed" in text
    assert [fault.external_id for fault in faults() if fault.client] == ["northwind"]


def test_what_waits_is_counted() -> None:
    ran()
    for client_id in (1, 1, 2):
        ChangedClient.objects.create(client_id=client_id)
    assert "Two clients have changed since." in plain(opened(builders.omar()))


def test_a_run_is_opened_by_its_address_and_anything_else_opens_the_latest() -> None:
    older = ran(as_of=date(2026, 11, 21), begun_at=BEGUN - timedelta(days=1))
    Batch.objects.create(run=older, state=Batch.State.FAILED, client_ids=[1], error="the disk was full")
    ran()
    omar = builders.omar()
    assert "the disk was full" in opened(omar, f"?run={older.id}")
    for other in ("", "?run=0", "?run=never", f"?run={10**30}", "?run=999999", "?run=-1"):
        assert "the disk was full" not in opened(omar, other)


def test_runs_after_an_edit_are_listed_when_asked_for() -> None:
    ran()
    ran(kind=Run.Kind.EDIT)
    omar = builders.omar()
    assert plain(opened(omar)).count("After an edit") == 0
    assert plain(opened(omar, "?edits=on")).count("After an edit") == 1


def test_times_are_those_of_the_agency() -> None:
    Setting.objects.create(name="time_zone", value="Europe/Berlin", effective_on=date(2020, 1, 1))
    ran()
    text = plain(opened(builders.omar()))
    assert "Times are those of Europe/Berlin" in text
    assert "22 Nov 2026, 03:00" in text


def test_a_failed_run_says_why() -> None:
    ran(state=Run.State.FAILED, error="signals: <no such function>")
    text = opened(builders.omar())
    assert "signals: &lt;no such function&gt;" in text


@pytest.mark.parametrize("count", [3, 30])
def test_many_runs_and_faults_cost_no_more_queries_than_few(count: int) -> None:
    for number in range(count):
        run = ran(as_of=date(2026, 1, 1) + timedelta(days=number))
        Batch.objects.create(run=run, state=Batch.State.DONE, client_ids=[1])
        client = builders.client(f"Client {number}")
        ClientFault.objects.create(client_id=client.pk, error="x", newest_mark=10**9, run=run)
    browser = Browser()
    browser.force_login(builders.omar())
    with CaptureQueriesContext(connection) as asked:
        browser.get("/night/")
    assert len(asked) == 8


def test_the_latest_thirty_runs_are_listed() -> None:
    for number in range(31):
        ran(as_of=date(2026, 1, 1) + timedelta(days=number))
    assert [run.as_of for run in recent_runs()][::29] == [date(2026, 1, 31), date(2026, 1, 2)]
