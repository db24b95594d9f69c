"""The sample agency: its two accounts of the first article look alike and are told apart."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import sample_agency, sample_records
from accounts.exchange.loading import load
from accounts.models import Client, Person, ScopeChange
from accounts.periods import Quarter
from metrics import nightly
from metrics.findings import portfolio_finding
from metrics.gathering import settings_history
from metrics.models import ClientQuarter, Signal
from metrics.night.due import local_time
from metrics.queries.calendar import calendar
from metrics.queries.portfolio import portfolio_head
from tests import builders


@pytest.fixture
def last_ended(fresh_database: object) -> Quarter:
    call_command("sample_agency", verbosity=0)
    today = local_time(datetime.now(UTC), settings_history()).date()
    return Quarter.containing(today).shifted(-1)


def test_it_has_24_clients_and_five_years_up_to_the_last_ended_quarter(last_ended: Quarter) -> None:
    assert Client.objects.count() == 24
    days = ScopeChange.objects.values_list("effective_on", flat=True)
    assert max(days) < last_ended.end
    assert Quarter.containing(min(days)) == last_ended.shifted(-19)


def test_the_two_accounts_of_the_first_article_look_alike_and_are_told_apart(last_ended: Quarter) -> None:
    rows = {
        row.client.external_id: row
        for row in ClientQuarter.objects.filter(starts_on=last_ended.start).select_related("client")
    }
    stalling, deepening = rows[sample_agency.STALLING], rows[sample_agency.DEEPENING]
    assert stalling.attainment is not None
    assert round(stalling.attainment) == 83
    assert stalling.attainment == deepening.attainment
    assert stalling.pattern == "stalling"
    assert deepening.pattern == "deepening"


def test_every_pattern_movement_and_verdict_worth_seeing_is_in_it(last_ended: Quarter) -> None:
    listed = ClientQuarter.objects.filter(starts_on=last_ended.start, listed=True)
    assert set(listed.values_list("pattern", flat=True)) == {
        "compounding",
        "stalling",
        "deepening",
        "at_risk",
        "too_early",
    }
    assert {"expanding", "flat", "lost", "new"} <= set(listed.values_list("movement", flat=True))
    assert Signal.objects.exclude(verdict="too_few").exists()


def test_its_people_can_sign_in_and_a_second_run_changes_nothing(last_ended: Quarter) -> None:
    people = {person.email: person for person in Person.objects.filter(email__in=sample_agency.PEOPLE)}
    assert all(person.check_password("harbour-and-pine") for person in people.values())
    assert people[sample_agency.OMAR].leads
    assert not people[sample_agency.LENA].leads
    call_command("sample_agency", verbosity=0)
    assert Client.objects.count() == 24


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("sample_agency", *arguments, stdout=out)
    return out.getvalue()


def test_what_opens_a_soundings_again_does_not_fill_in_what_was_taken_out(fresh_database: object) -> None:
    assert "password" in said("--if-new")
    assert "not filled in" not in said("--if-new")
    sample_records.remove()
    told = said("--if-new")
    assert "the sample agency was not filled in. The portfolio offers to." in told
    assert f"{sample_agency.OMAR} " in told
    assert not Client.objects.exists()
    assert "not filled in" not in said()
    assert Client.objects.count() == 24


def test_own_clients_are_left_alone_and_only_an_order_to_fill_is_refused(fresh_database: object) -> None:
    builders.client()
    assert said("--if-new") == "  The clients here are your own: the sample agency was not filled in.\n"
    with pytest.raises(CommandError, match="for an empty Soundings"):
        said()
    assert Client.objects.count() == 1


def test_it_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    end = datetime(2026, 10, 1, tzinfo=UTC).date()
    sample_agency.write(tmp_path / "one", end)
    sample_agency.write(tmp_path / "two", end)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


@pytest.mark.parametrize(
    ("end", "today"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2027, 1, 1), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2027, 5, 15)),
        (date(2027, 7, 1), date(2027, 7, 2)),
        (date(2028, 1, 1), date(2028, 2, 29)),
        (date(2028, 4, 1), date(2028, 6, 30)),
    ],
)
def test_it_says_the_same_in_whatever_quarter_it_is_looked_at(
    fresh_database: object, tmp_path: Path, end: date, today: date
) -> None:
    sample_agency.write(tmp_path, end, today)
    report = load(tmp_path)
    assert not report.problems
    nightly.run(today)
    shown = calendar()
    assert shown.shown is not None
    assert shown.shown.end == end
    rows = {row.client.external_id: row for row in ClientQuarter.objects.filter(starts_on=shown.shown.start)}
    stalling, deepening = rows[sample_agency.STALLING], rows[sample_agency.DEEPENING]
    assert stalling.attainment == deepening.attainment
    assert (stalling.pattern, deepening.pattern) == ("stalling", "deepening")
    finding = portfolio_finding(portfolio_head(Client.objects.all(), shown).facts, str)
    assert finding is not None
    assert str(finding).startswith("Larkfield Outdoor and ")
