"""The night: nothing that changed is forgotten, nothing is done twice, and one client in trouble stops no other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from pytest_django.fixtures import Settings

from accounts.models import Client, Kpi
from accounts.settings_in_force import SettingHistory, SettingVersion
from metrics import nightly
from metrics.models import (
    Batch,
    ChangedClient,
    ChangedQuarter,
    ClientFault,
    ClientQuarter,
    ExpansionRate,
    Horizon,
    LineQuarter,
    Run,
    Signal,
)
from metrics.night import batches
from metrics.night.attending import told, unattended, unfinished
from metrics.night.batches import ATTEMPTS, open_batches, work
from metrics.night.beginning import begin_edit, begin_night, waits_for_an_edit
from metrics.night.due import due_on
from metrics.night.finishing import finish
from tests import builders
from tests.conftest import Database
from tests.metrics import agency
from tests.metrics.agency import AS_OF, expand, in_a_thread, marks_of, scope_of, stored

Superuser = psycopg.Connection[Any]

Q1 = date(2026, 1, 1)
BEFORE = Decimal(12_000)


@pytest.fixture
def clients(fresh_database: Database) -> list[Client]:
    """Six clients whose figures are up to date; Northwind, the first, has a scope of 12,000."""
    found = agency.found()
    nightly.run(AS_OF)
    assert scope_of(found[0]) == BEFORE
    return found


@pytest.fixture
def northwind(clients: list[Client]) -> Client:
    return clients[0]


@pytest.fixture
def pausable(clients: list[Client], superuser_connection: Superuser) -> Superuser:
    agency.make_pausable(superuser_connection)
    return superuser_connection


def edit() -> int:
    """Plans what changed, as after an edit, and returns its batch."""
    begun = begin_edit(AS_OF)
    assert begun is not None
    (batch_id,) = open_batches(begun.id)
    return batch_id


def begin_and_die(batch_id: int) -> None:
    """What is left of a worker that was killed as soon as it had begun."""
    assert isinstance(batches._begin(Batch.objects.filter(id=batch_id)), Batch)


# Which clients changed


def test_two_workers_on_one_client_leave_the_newer_figure_although_the_earlier_gatherer_commits_last(
    northwind: Client, pausable: Superuser
) -> None:
    expand(northwind, monthly=500)
    first = edit()
    with agency.paused(pausable, lambda: work(first)) as earlier:
        expand(northwind, monthly=300)
        later = work(edit())
        assert later is not None
        assert later.computed == 1
    done = earlier.result()
    assert done is not None
    assert (done.state, done.computed) == ("done", 0)  # it began again, and found nothing left to do
    assert scope_of(northwind) == BEFORE + 12 * 800
    assert marks_of(northwind) == 0


def test_an_earlier_gatherer_that_would_write_nothing_takes_no_mark_it_did_not_act_on(
    northwind: Client, pausable: Superuser
) -> None:
    Kpi.objects.filter(client=northwind).update(unit="pieces")  # moves no figure
    first = edit()
    with agency.paused(pausable, lambda: work(first)) as earlier:
        expand(northwind, monthly=300)
        work(edit())
    assert earlier.result() is not None
    assert scope_of(northwind) == BEFORE + 12 * 300
    assert marks_of(northwind) == 0


def test_an_edit_committed_between_gathering_and_unmarking_stays_marked(northwind: Client, pausable: Superuser) -> None:
    expand(northwind, monthly=500)
    first = edit()
    with agency.paused(pausable, lambda: work(first)) as worker:
        expand(northwind, monthly=300)
        edited_while_computed = marks_of(northwind)
    assert worker.result() is not None
    assert edited_while_computed == 2
    assert marks_of(northwind) == 1
    assert scope_of(northwind) == BEFORE + 12 * 500
    assert work(edit()) is not None
    assert scope_of(northwind) == BEFORE + 12 * 800
    assert marks_of(northwind) == 0


def test_a_save_while_a_batch_is_held_open_returns_at_once(northwind: Client, pausable: Superuser) -> None:
    expand(northwind, monthly=500)
    first = edit()
    with agency.paused(pausable, lambda: work(first)) as worker, connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1ms'")  # whoever waits for any lock at all fails
        northwind.name = "Northwind Traders"
        northwind.save()
        builders.check_in(northwind, date(2026, 3, 2))
        expand(northwind, monthly=300)
        cursor.execute("RESET lock_timeout")
        assert not worker.done()


def test_an_import_held_open_blocks_no_edit_and_no_night(
    clients: list[Client], superuser_connection: Superuser
) -> None:
    northwind, contoso = clients[:2]
    with superuser_connection.transaction():
        superuser_connection.execute(
            "INSERT INTO accounts_kpireading (client_id, kpi_id, month, value, target)"
            " SELECT client_id, id, '2026-01-01', 100, 100 FROM accounts_kpi"
        )
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'")
            northwind.name = "Northwind Traders"
            northwind.save()
            builders.reading(Kpi.objects.get(client=contoso), date(2026, 2, 1), 100)
            expand(northwind)
            assert nightly.run(AS_OF).clients == 2
            cursor.execute("RESET lock_timeout")
    # What the import marked becomes visible with it, and nothing of it was missed.
    assert set(ChangedClient.objects.values_list("client_id", flat=True)) == {client.id for client in clients}
    assert nightly.run(AS_OF).clients == len(clients)
    readings = ClientQuarter.objects.filter(starts_on=Q1).values_list("client__name", "kpi_readings")
    assert dict(readings) == {client.name: 2 if client == contoso else 1 for client in clients}


def test_a_client_that_is_gone_loses_its_figures(clients: list[Client]) -> None:
    gone = builders.client("Gone")
    builders.recommendation(gone, date(2026, 1, 5), reception="debated", stance="defended")
    nightly.run(AS_OF)
    assert gone.candour.contested == 1
    gone_id = gone.id
    gone.recommendations.all().delete()
    gone.delete()
    assert nightly.run(AS_OF).clients == 1
    assert not ClientQuarter.objects.filter(client_id=gone_id).exists()
    assert not ChangedClient.objects.exists()


# Runs


def test_a_run_computes_what_changed_then_the_portfolio(fresh_database: Database) -> None:
    clients = agency.found()
    done = nightly.run(AS_OF)
    assert (done.state, done.kind, done.clients, done.failed_clients) == ("finished", "manual", len(clients), 0)
    assert None not in (done.rates_at, done.signals_at, done.finished_at)
    rate = ExpansionRate.objects.get(starts_on=Q1, window="quarter", segment="all")
    assert rate.existing == len(clients)
    assert Signal.objects.count() == 16
    assert not ChangedClient.objects.exists()
    assert not ChangedQuarter.objects.exists()


def test_a_second_run_changes_nothing(clients: list[Client]) -> None:
    before = stored(versions=True)
    again = nightly.run(AS_OF)
    assert again.clients == 0
    assert stored(versions=True) == before
    assert nightly.run(AS_OF, everyone=True).clients == len(clients)
    assert stored(versions=True) == before


def test_only_clients_that_changed_are_computed(clients: list[Client]) -> None:
    expand(clients[2])
    done = nightly.run(AS_OF)
    assert done.clients == 1
    assert scope_of(clients[2]) == 12 * (1002 + 500)


def test_what_changed_alone_gives_the_figures_of_everything(clients: list[Client]) -> None:
    expand(clients[2], date(2025, 8, 1))
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.1")
    clients[3].industry = "Food"
    clients[3].currency = "EUR"
    clients[3].save()
    nightly.run(AS_OF)
    step_by_step = stored()
    with connection.cursor() as cursor:
        for table in agency.FIGURES:
            cursor.execute(f"DELETE FROM {table}")
    nightly.run(AS_OF, everyone=True)
    assert stored() == step_by_step


def test_a_manager_s_new_e_mail_moves_the_rates_though_no_client_figure_moves(clients: list[Client]) -> None:
    lena = clients[0].account_manager
    assert lena is not None
    lena.email = "lena.berg@agency.example"
    lena.save()
    nightly.run(AS_OF)
    managers = ExpansionRate.objects.filter(segment__startswith="manager:").values_list("segment", flat=True)
    assert set(managers) == {"manager:lena.berg@agency.example"}


def test_a_new_exchange_rate_moves_the_rates(clients: list[Client]) -> None:
    clients[0].currency = "EUR"
    clients[0].save()
    nightly.run(AS_OF)
    rates = ExpansionRate.objects.filter(starts_on=Q1, window="quarter", segment="all")
    assert rates.get().without_rate == 1
    builders.exchange_rate("EUR", date(2025, 1, 1), "1.1")
    nightly.run(AS_OF)
    assert rates.get().without_rate == 0


def test_chunks_take_the_same_number_of_statements_whatever_their_size(
    fresh_database: Database, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    def statements(count: int) -> int:
        with django_assert_max_num_queries(200) as asked:
            assert nightly.run(AS_OF).clients == count
        return len(asked)

    agency.found(3)
    nightly.run(AS_OF)
    for client in Client.objects.all()[:1]:
        expand(client)
    one = statements(1)
    for client in Client.objects.all():
        expand(client, date(2026, 2, 2))
    assert statements(3) == one


def test_a_killed_run_is_finished_by_the_next(clients: list[Client], pausable: Superuser) -> None:
    for client in clients:
        expand(client)
    name = connection.settings_dict["NAME"]
    pausable.execute(f"ALTER DATABASE {name} SET test.pause = 'on'")
    pausable.execute("SELECT pg_advisory_lock(1)")
    process = agency.manage("recompute", f"--as-of={AS_OF}")
    agency.wait_until(lambda: agency._somebody_waits(pausable) or process.poll() is not None)
    process.kill()
    process.communicate()
    pausable.execute(f"ALTER DATABASE {name} RESET test.pause")
    killed = Run.objects.latest("id")
    assert killed.state == "open"
    assert marks_of(clients[0]) == 1
    # Postgres notices by itself that nobody is there any more, though the statement is still running.
    agency.wait_until(lambda: not agency._somebody_waits(pausable), seconds=20)
    pausable.execute("SELECT pg_advisory_unlock_all()")

    next_one = agency.manage("recompute", f"--as-of={AS_OF}")
    said, complained = next_one.communicate(timeout=60)
    assert next_one.returncode == 0, complained
    assert "Going on with the run begun at" in said
    assert f"{len(clients)} clients computed as of 2026-05-15" in said
    killed.refresh_from_db()
    assert (killed.state, killed.clients) == ("finished", len(clients))
    assert killed.batches.get().attempts == 2
    assert scope_of(clients[0]) == BEFORE + 6_000


def test_a_run_of_another_day_takes_over_what_an_earlier_one_left(clients: list[Client]) -> None:
    left = begin_night(datetime(2026, 5, 16, 3, tzinfo=UTC))
    assert left is not None
    expand(clients[0])
    taking_over = nightly.run(date(2026, 5, 17))
    left.refresh_from_db()
    assert left.state == "superseded"
    assert taking_over.clients == 1


def test_two_at_one_run_share_its_batches(fresh_database: Database, settings: Settings) -> None:
    settings.CLIENTS_AT_ONCE = 2
    clients = agency.found(12)
    begun = begin_night(datetime(2026, 5, 15, 3, tzinfo=UTC))
    assert begun is not None
    threads = [threading.Thread(target=in_a_thread, args=(lambda: nightly.complete(begun),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    begun.refresh_from_db()
    assert (begun.state, begun.clients) == ("finished", len(clients))
    assert set(begun.batches.values_list("state", "attempts", "computed")) == {("done", 1, 2)}


# A client in trouble


def poison(superuser: Superuser, client: Client) -> None:
    """Lets no figure of the client be written any more."""
    superuser.execute(
        f"ALTER TABLE metrics_clientquarter ADD CONSTRAINT poison CHECK (client_id <> {client.id}) NOT VALID"
    )


def test_a_client_that_breaks_the_computation_is_named_and_the_others_are_done(clients: list[Client]) -> None:
    for client in clients:
        expand(client)
    agency.overburden(clients[4])
    done = nightly.run(AS_OF)
    assert (done.state, done.clients, done.failed_clients) == ("finished", len(clients) - 1, 1)
    fault = ClientFault.objects.get()
    assert fault.client_id == clients[4].id
    assert "overflow" in fault.error
    assert scope_of(clients[4]) == 12_048  # the older figure stays
    assert marks_of(clients[4]) > 0
    for client in clients[:4] + clients[5:]:
        assert marks_of(client) == 0
    attempts = Counter(Batch.objects.filter(run=done).values_list("state", flat=True))
    assert attempts["failed"] == 1
    assert set(Batch.objects.filter(run=done, state="split").values_list("attempts", flat=True)) == {3}


def test_a_client_in_trouble_is_left_alone_until_its_records_change(clients: list[Client]) -> None:
    agency.overburden(clients[4])
    nightly.run(AS_OF)
    assert not waits_for_an_edit()
    assert begin_edit(AS_OF) is None
    agency.unburden(clients[4])
    assert waits_for_an_edit()
    begun = begin_edit(AS_OF)
    assert begun is not None
    assert nightly.complete(begun).failed_clients == 0
    assert not ClientFault.objects.exists()
    assert marks_of(clients[4]) == 0


def test_the_next_night_tries_a_client_in_trouble_again(clients: list[Client], superuser_connection: Superuser) -> None:
    expand(clients[4])
    poison(superuser_connection, clients[4])
    assert nightly.run(AS_OF).failed_clients == 1
    assert nightly.run(AS_OF).failed_clients == 1
    superuser_connection.execute("ALTER TABLE metrics_clientquarter DROP CONSTRAINT poison")
    assert nightly.run(AS_OF).failed_clients == 0
    assert scope_of(clients[4]) == 12_048 + 6_000


def test_a_portfolio_that_fails_says_so_and_is_tried_again_the_next_time(
    clients: list[Client], superuser_connection: Superuser
) -> None:
    expand(clients[0])
    superuser_connection.execute(
        "ALTER TABLE metrics_expansionrate ADD CONSTRAINT poison CHECK (expanding = 0) NOT VALID"
    )
    failed = nightly.run(AS_OF)
    assert failed.state == "failed"
    assert "poison" in failed.error
    assert scope_of(clients[0]) == BEFORE + 6_000
    assert not waits_for_an_edit()
    superuser_connection.execute("ALTER TABLE metrics_expansionrate DROP CONSTRAINT poison")
    assert nightly.run(AS_OF).state == "finished"
    assert ExpansionRate.objects.get(starts_on=Q1, window="quarter", segment="all").expanding == 1
    assert not ChangedQuarter.objects.exists()


def test_a_batch_whose_workers_die_each_time_is_split_in_the_end(clients: list[Client]) -> None:
    for client in clients[:2]:
        expand(client)
    batch_id = edit()
    for _ in range(ATTEMPTS):
        begin_and_die(batch_id)
    done = work(batch_id)
    assert done is not None
    assert done.state == "split"
    assert len(done.to_send) == 2
    assert "lost 3 times" in done.error


# How far the figures reach


def test_a_new_quarter_marks_everyone(clients: list[Client]) -> None:
    done = nightly.run(date(2026, 6, 30))
    assert done.clients == 0
    done = nightly.run(date(2026, 7, 1))
    assert done.clients == len(clients)
    assert set(ClientQuarter.objects.filter(in_progress=True).values_list("starts_on", flat=True)) == {date(2026, 7, 1)}


def test_a_first_start_earlier_than_any_marks_everyone_by_an_edit_as_well(clients: list[Client]) -> None:
    builders.retainer_since(builders.client("Wide World"), date(2024, 11, 1))
    begun = begin_edit(AS_OF)
    assert begun is not None
    assert nightly.complete(begun).clients == len(clients) + 1
    assert Horizon.objects.get().first_starts_on == date(2024, 10, 1)
    # The first client's fourth quarter is now the third that it is in.
    assert ClientQuarter.objects.get(client=clients[0], starts_on=date(2025, 7, 1)).year_starts_on == date(2024, 10, 1)


def test_a_first_start_that_an_open_batch_finds_marks_everyone(clients: list[Client]) -> None:
    northwind, contoso = clients[:2]
    expand(northwind)
    batch_id = edit()
    builders.retainer_since(northwind, date(2024, 11, 1), name="Second retainer")
    done = work(batch_id)
    assert done is not None
    assert (done.state, done.computed) == ("done", 1)
    assert marks_of(northwind) == 0
    assert marks_of(contoso) == 1
    assert waits_for_an_edit()
    nightly.run(AS_OF)
    assert ClientQuarter.objects.get(client=contoso, starts_on=date(2025, 7, 1)).year_starts_on == date(2024, 10, 1)


def test_with_a_past_date_later_quarters_are_removed_and_the_next_night_restores_them(clients: list[Client]) -> None:
    before = stored()
    nightly.run(date(2025, 9, 30), chosen=True)
    for model in (ClientQuarter, LineQuarter, ExpansionRate):
        assert not model._default_manager.filter(starts_on__gt=date(2025, 7, 1)).exists()
    assert ClientQuarter.objects.filter(starts_on=date(2025, 7, 1), in_progress=True).count() == len(clients)
    assert Horizon.objects.get().chosen
    night = begin_night(datetime(2026, 5, 15, 3, tzinfo=UTC))
    assert night is not None
    nightly.complete(night)
    assert stored() == before
    assert not Horizon.objects.get().chosen


def test_later_quarters_are_removed_of_a_client_in_trouble_as_well(
    clients: list[Client], superuser_connection: Superuser
) -> None:
    poison(superuser_connection, clients[4])
    assert nightly.run(date(2025, 9, 30), chosen=True).failed_clients == 1
    assert not ClientQuarter.objects.filter(starts_on__gt=date(2025, 7, 1)).exists()


def test_an_edit_keeps_to_the_date_that_was_asked_for(clients: list[Client]) -> None:
    nightly.run(date(2025, 9, 30), chosen=True)
    expand(clients[0], date(2025, 8, 1))
    begun = begin_edit(AS_OF)
    assert begun is not None
    assert nightly.complete(begun).as_of == date(2025, 9, 30)
    assert scope_of(clients[0], date(2025, 7, 1)) == BEFORE + 6_000
    assert scope_of(clients[0]) is None


def test_a_new_fiscal_year_moves_every_quarter(clients: list[Client]) -> None:
    builders.setting("fiscal_year_month", date(2026, 1, 1), "2")
    nightly.run(AS_OF)
    starts = set(ClientQuarter.objects.values_list("starts_on", flat=True))
    assert starts == set(ExpansionRate.objects.values_list("starts_on", flat=True)) | {date(2024, 11, 1)}
    assert all(start.month in (2, 5, 8, 11) for start in starts)


def test_an_agency_without_records_has_a_night_too(fresh_database: Database) -> None:
    done = nightly.run(AS_OF)
    assert (done.state, done.clients) == ("finished", 0)


# Once a night

ZONES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
}


def minutes(zone: str, day: date, step: int) -> Iterator[datetime]:
    """Moments from the day before on, some more than three days, by the clock that never jumps."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(days=1)
    return (begins + timedelta(minutes=minute) for minute in range(0, 73 * 60, step))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
def test_a_night_is_due_from_its_hour_to_the_end_of_every_local_day(zone: str, hour: int) -> None:
    since = date(2020, 1, 1)
    history = SettingHistory([SettingVersion("time_zone", since, zone), SettingVersion("night_hour", since, str(hour))])
    for day in ZONES[zone]:
        due: dict[date, list[datetime]] = {}
        for now in minutes(zone, day, 1):
            local_date = due_on(now, history)
            if local_date is not None:
                due.setdefault(local_date, []).append(now.astimezone(ZoneInfo(zone)))
        assert {day - timedelta(days=1), day, day + timedelta(days=1)} <= due.keys()
        for local_date, moments in due.items():
            assert {moment.date() for moment in moments} == {local_date}
            assert min(moment.hour for moment in moments) in (hour, hour + 1)  # the hour may be skipped


def test_the_hour_of_the_night_is_read_however_it_is_written() -> None:
    history = SettingHistory([SettingVersion("night_hour", date(2020, 1, 1), "3.0")])
    assert due_on(datetime(2026, 11, 24, 2, 59, tzinfo=UTC), history) is None
    assert due_on(datetime(2026, 11, 24, 3, tzinfo=UTC), history) == date(2026, 11, 24)


@pytest.mark.parametrize("zone", ZONES)
def test_two_tickers_begin_exactly_one_night_each_local_day_also_when_the_clocks_change(
    fresh_database: Database, zone: str
) -> None:
    builders.setting("time_zone", date(2020, 1, 1), zone)
    began: list[date] = []
    for day in ZONES[zone]:
        moments = list(minutes(zone, day, 10))
        together = threading.Barrier(2)

        def tick(moments: list[datetime] = moments, together: threading.Barrier = together) -> None:
            for now in moments:
                together.wait(60)
                if (begun := begin_night(now)) is not None:
                    began.append(begun.as_of)
            connections.close_all()

        tickers = [threading.Thread(target=tick) for _ in range(2)]
        for ticker in tickers:
            ticker.start()
        for ticker in tickers:
            ticker.join()
    expected = {day + timedelta(days=offset) for day in ZONES[zone] for offset in (-1, 0, 1)}
    counted = Counter(began)
    assert expected <= counted.keys()
    assert set(counted.values()) == {1}
    assert Run.objects.filter(kind="nightly").count() == len(counted)


def test_a_night_that_was_switched_off_is_made_up_for_the_same_local_day(fresh_database: Database) -> None:
    def at(day: int, hour: int) -> bool:
        return begin_night(datetime(2026, 3, day, hour, 30, tzinfo=UTC)) is not None

    assert at(1, 2)
    assert not at(1, 3)
    assert at(2, 17)  # off from the first's 3:30 to here
    assert not at(2, 18)
    assert not at(3, 1)
    assert at(4, 5)  # off all of the third: its night is over
    assert set(Run.objects.values_list("as_of", flat=True)) == {date(2026, 3, day) for day in (1, 2, 4)}


def test_a_second_night_of_a_date_is_refused_by_the_database(fresh_database: Database) -> None:
    Run.objects.create(kind="nightly", as_of=AS_OF)
    Run.objects.create(kind="manual", as_of=AS_OF)
    Run.objects.create(kind="manual", as_of=AS_OF)
    with pytest.raises(IntegrityError, match="run_one_night_a_local_date"), transaction.atomic():
        Run.objects.create(kind="nightly", as_of=AS_OF)


# What was left lying


def test_batches_that_nobody_was_told_of_or_whose_worker_died_are_told_again(clients: list[Client]) -> None:
    for client in clients:
        expand(client)
    batch_id = edit()
    now = Batch.objects.get(id=batch_id).created_at
    assert unattended(now + timedelta(seconds=2)) == ()
    assert unattended(now + timedelta(seconds=6)) == (batch_id,)
    told([batch_id], now + timedelta(seconds=6))
    assert unattended(now + timedelta(seconds=10)) == ()
    assert unattended(now + timedelta(seconds=30)) == (batch_id,)  # the message is lost
    told([batch_id], now + timedelta(seconds=30))
    begin_and_die(batch_id)
    assert unattended(now + timedelta(seconds=40)) == ()
    assert unattended(now + timedelta(seconds=50)) == (batch_id,)


def test_a_batch_that_somebody_works_on_is_not_told_again(clients: list[Client], pausable: Superuser) -> None:
    expand(clients[0])
    batch_id = edit()
    later = Batch.objects.get(id=batch_id).created_at + timedelta(hours=1)
    with agency.paused(pausable, lambda: work(batch_id)):
        assert unattended(later) == ()
        assert work(batch_id) is None
        assert unfinished() == ()
    assert len(unfinished()) == 1


def test_exactly_one_of_many_finishes_a_run(clients: list[Client]) -> None:
    expand(clients[0])
    begun = begin_night(datetime(2026, 5, 15, 3, tzinfo=UTC))
    assert begun is not None
    (batch_id,) = open_batches(begun.id)
    assert not finish(begun.id)
    work(batch_id)
    results: list[bool] = []
    threads = [threading.Thread(target=in_a_thread, args=(lambda: results.append(finish(begun.id)),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert not finish(begun.id)


def test_a_batch_is_begun_by_one_only(clients: list[Client], pausable: Superuser) -> None:
    expand(clients[0])
    batch_id = edit()
    with agency.paused(pausable, lambda: work(batch_id)) as worker:
        assert work(batch_id) is None
    assert worker.result() is not None
    assert work(batch_id) is None
    assert Batch.objects.get(id=batch_id).attempts == 1
