"""A month's readings as a grid: what it begins with, how its cells are read, and who was first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from accounts import month_readings
from accounts.exchange.loading import load
from accounts.forms.readings import filled, month_asked
from accounts.models import Client, Kpi, KpiReading, Person
from accounts.month_readings import ReadingsMovedOn, Wish
from accounts.queries.month_readings import KpiMonth, Measured
from accounts.signals import records_changed
from tests import builders
from tests.accounts.recording.conftest import errors
from tests.accounts.recording.ledgers import plain

PAGE = "/accounts/northwind/readings/"
FORM = f"{PAGE}form/"
MAY = date(2026, 5, 1)
APRIL = date(2026, 4, 1)

Sends = Callable[..., Any]


@pytest.fixture
def leads(northwind: Client) -> Kpi:
    found = builders.kpi(northwind, "Leads", unit="leads")
    builders.reading(found, APRIL, "4310", 4000)
    return found


@pytest.fixture
def cost(northwind: Client) -> Kpi:
    """Cost per lead, which was read in May already."""
    found = builders.kpi(northwind, "Cost per lead", "lower", unit="USD")
    builders.reading(found, MAY, "38.5", "40")
    return found


@pytest.fixture
def sends(browser: Browser, leads: Kpi, cost: Kpi) -> Sends:
    """Opens May's grid, fills in what is given over what it begins with, by the names of its fields, and sends it."""

    def sent(by: Browser = browser, address: str = FORM, **given: str) -> Any:
        return by.post(
            f"{address}?month=2026-05", opened(by) | {name.replace("__", "-"): v for name, v in given.items()}
        )

    return sent


def opened(by: Browser) -> dict[str, str]:
    """What a browser sends of May's grid as it is shown."""
    form = by.get(f"{FORM}?month=2026-05").context["form"]
    found: dict[str, str] = {}
    for line in form.lines:
        of = line.kpi.kpi_id
        found |= {
            f"value-{of}": line.value.value() or "",
            f"target-{of}": line.target.value() or "",
            f"seen_value-{of}": line.seen_value,
            f"seen_target-{of}": line.seen_target,
            f"offered-{of}": line.offered,
        }
    return found


def cell(column: str, kpi: Kpi) -> str:
    """The name of a cell, as `sends` takes it."""
    return f"{column}__{kpi.pk}"


def stored(kpi: Kpi, month: date = MAY) -> tuple[object, ...] | None:
    found: tuple[object, ...] | None = (
        KpiReading.objects.filter(client=kpi.client, kpi=kpi, month=month).values_list("value", "target").first()
    )
    return found


# Which month


@pytest.mark.parametrize(
    ("asked", "month"),
    [
        ("", date(2026, 10, 1)),
        ("2026-11", date(2026, 11, 1)),
        ("2024-02", date(2024, 2, 1)),
        ("2026-12", date(2026, 10, 1)),
        ("2026-13", date(2026, 10, 1)),
        ("1899-01", date(2026, 10, 1)),
        ("٢٠٢٦-01", date(2026, 10, 1)),
        ("20260-1", date(2026, 10, 1)),
        ("may", date(2026, 10, 1)),
    ],
)
def test_the_last_month_that_has_ended_is_shown_unless_another_is_asked_for(asked: str, month: date) -> None:
    assert month_asked(asked, date(2026, 11, 24)) == month


def test_the_page_opens_on_the_last_month_that_has_ended(browser: Browser, leads: Kpi) -> None:
    form = browser.get(PAGE).context["form"]
    assert form.month == month_asked("", form.today)
    assert form.months[0] == form.today.replace(day=1)


# What it begins with


def test_it_begins_with_what_is_stored_and_with_last_months_targets(browser: Browser, leads: Kpi, cost: Kpi) -> None:
    answer = browser.get(f"{PAGE}?month=2026-05")
    lines = answer.context["form"].lines
    assert [(line.kpi.name, line.value.value(), line.target.value()) for line in lines] == [
        ("Cost per lead", "38.5", "40"),
        ("Leads", "", "4000"),
    ]
    assert "Apr: 4,310, target 4,000" in plain(answer)


def test_a_client_without_kpis_is_asked_for_the_first(browser: Browser, northwind: Client) -> None:
    assert "Nothing is measured here yet." in plain(browser.get(PAGE))


# What is kept


def test_a_grid_is_kept_in_one_go(sends: Sends, leads: Kpi, cost: Kpi) -> None:
    answer = sends(**{cell("value", leads): "4,512.5", cell("value", cost): "37,9", cell("target", cost): "39 %"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "records-changed"
    assert "2 readings of May 2026 are saved." in plain(answer)
    assert stored(leads) == (Decimal("4512.5"), 4000)
    assert stored(cost) == (Decimal("37.9"), 39)
    assert stored(leads, APRIL) == (4310, 4000)


def test_without_scripts_it_goes_on_to_the_account(sends: Sends, leads: Kpi, browser: Browser) -> None:
    answer = sends(address=PAGE, **{cell("value", leads): "7"})
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/northwind/")
    assert "1 reading of May 2026 is saved." in plain(browser.get("/accounts/northwind/"))


def test_what_is_left_as_it_was_is_not_written(sends: Sends, leads: Kpi, cost: Kpi) -> None:
    answer = sends()
    assert "Nothing was changed" in plain(answer)
    assert stored(leads) is None
    assert stored(cost) == (Decimal("38.5"), 40)


def test_a_reading_is_taken_away_when_both_its_cells_are_cleared(sends: Sends, cost: Kpi) -> None:
    answer = sends(**{cell("value", cost): "", cell("target", cost): " "})
    assert "1 was taken away." in plain(answer)
    assert stored(cost) is None


def test_a_reading_may_be_without_a_target(sends: Sends, leads: Kpi) -> None:
    assert sends(**{cell("value", leads): "0", cell("target", leads): ""}).status_code == 200
    assert stored(leads) == (0, None)


def test_what_was_stored_with_three_decimals_is_left_as_it_was(sends: Sends, leads: Kpi, northwind: Client) -> None:
    rate = builders.kpi(northwind, "Rate")
    builders.reading(rate, MAY, "1.234", "0.5")
    assert sends(spelling="comma", **{cell("value", leads): "1.234,5"}).status_code == 200
    assert stored(rate) == (Decimal("1.234"), Decimal("0.5"))
    assert stored(leads) == (Decimal("1234.5"), 4000)


def test_who_listens_is_told_once(
    sends: Sends, leads: Kpi, cost: Kpi, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(records_changed, "send", lambda **said: told.append(said))
    with django_capture_on_commit_callbacks(execute=True):
        sends(**{cell("value", leads): "1", cell("value", cost): "2"})
    assert told == [{"sender": KpiReading, "client_ids": (leads.client_id,)}]
    with django_capture_on_commit_callbacks(execute=True):
        sends()
    assert len(told) == 1


def test_a_reader_finds_numbers_as_they_write_them(browser: Browser, cost: Kpi) -> None:
    shown = browser.get(f"{FORM}?month=2026-05", headers={"Accept-Language": "de"}).context["form"]
    assert shown[f"value-{cost.pk}"].value() == "38,5"
    left = {f"value-{cost.pk}": "38,5", f"target-{cost.pk}": "40", f"seen_value-{cost.pk}": "38.5"}
    answer = browser.post(
        f"{FORM}?month=2026-05",
        left | {f"seen_target-{cost.pk}": "40", "spelling": "point"},
        headers={"Accept-Language": "de"},
    )
    assert "Nothing was changed" in plain(answer)
    assert stored(cost) == (Decimal("38.5"), 40)


# What is refused


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("value", "4,310", "4,310 could be 4310 or 4.310: choose below how numbers are written."),
        ("value", "many", "many is no number. Expected one such as 1,234.5."),
        ("value", "9" * 21, "Expected at most 20 digits, and 10 decimals."),
        ("value", "0." + "1" * 11, "Expected at most 20 digits, and 10 decimals."),
        ("target", "1.2.3", "1.2.3 is no number. Expected one such as 1,234.5."),
    ],
)
def test_what_is_no_number_is_said_beside_its_cell_and_nothing_is_kept(
    sends: Sends, leads: Kpi, cost: Kpi, column: str, text: str, sentence: str
) -> None:
    given = {cell("value", leads): "5", cell("value", cost): "6"} | {cell(column, leads): text}
    answer = sends(**given)
    assert errors(answer) == {f"{column}-{leads.pk}": [sentence]}
    assert f'value="{text}"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert stored(leads) is None
    assert stored(cost) == (Decimal("38.5"), 40)


def test_who_says_how_numbers_are_written_is_understood(sends: Sends, leads: Kpi) -> None:
    assert sends(spelling="point", **{cell("value", leads): "4,310"}).status_code == 200
    assert stored(leads) == (4310, 4000)
    assert sends(spelling="comma", **{cell("value", leads): "4,310"}).status_code == 200
    assert stored(leads) == (Decimal("4.31"), 4000)
    found = errors(sends(spelling="comma", **{cell("value", leads): "38.5"}))
    assert found == {f"value-{leads.pk}": ["38.5 is no number. Expected one such as 1.234,5."]}


def test_who_has_said_once_how_numbers_are_written_is_not_asked_again(sends: Sends, browser: Browser) -> None:
    assert not browser.get(FORM).context["form"]["spelling"].value()
    sends(spelling="comma")
    assert browser.get(FORM).context["form"]["spelling"].value() == "comma"


def test_a_target_needs_its_value(sends: Sends, leads: Kpi, cost: Kpi) -> None:
    assert errors(sends(**{cell("target", leads): "4500"})) == {
        f"value-{leads.pk}": ["A target is kept with its month's value: enter that too."]
    }
    assert errors(sends(**{cell("value", cost): ""})) == {
        f"value-{cost.pk}": ["Enter the value; to take the reading away, clear the target too."]
    }


def test_what_was_entered_for_a_kpi_that_is_gone_is_told(sends: Sends, leads: Kpi, northwind: Client) -> None:
    other = builders.kpi(builders.client("Contoso"), "Reach")
    found = errors(sends(**{cell("value", other): "7", cell("value", leads): "8"}))
    assert "A KPI was taken away since you opened this." in found["__all__"][0]
    assert stored(leads) is None
    assert not KpiReading.objects.filter(kpi=other).exists()


# Somebody else was first


def test_what_somebody_else_wrote_since_is_shown_beside_mine(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser)
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    answer = browser.post(f"{FORM}?month=2026-05", grid | {f"value-{cost.pk}": "37"})
    assert "Choose which to keep: nothing is saved yet." in errors(answer)["__all__"][0]
    said = plain(answer)
    assert "Keep mine: 37, target 40" in said
    assert "Keep theirs: 36, target 40" in said
    assert stored(cost) == (36, 40)


@pytest.mark.parametrize(("keep", "kept"), [("mine", 37), ("theirs", 36)])
def test_one_of_the_two_is_kept(sends: Sends, browser: Browser, cost: Kpi, leads: Kpi, keep: str, kept: int) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "37", f"value-{leads.pk}": "5"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    conflict = browser.post(f"{FORM}?month=2026-05", grid).context["form"].conflicts[cost.pk]
    chosen = grid | {
        f"keep-{cost.pk}": keep,
        f"theirs_value-{cost.pk}": conflict.theirs_value,
        f"theirs_target-{cost.pk}": conflict.theirs_target,
    }
    assert browser.post(f"{FORM}?month=2026-05", chosen).status_code == 200
    assert stored(cost) == (kept, 40)
    assert stored(leads) == (5, 4000)


def test_what_changes_once_more_is_asked_once_more(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "37"}
    seen = {f"keep-{cost.pk}": "mine", f"theirs_value-{cost.pk}": "36", f"theirs_target-{cost.pk}": "40"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=35)
    answer = browser.post(f"{FORM}?month=2026-05", grid | seen)
    assert "Keep theirs: 35, target 40" in plain(answer)
    assert stored(cost) == (35, 40)


def test_who_chooses_nothing_is_asked_again(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "37"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    for _time in range(2):
        assert browser.post(f"{FORM}?month=2026-05", grid).status_code == 422
    assert stored(cost) == (36, 40)


def test_what_somebody_else_wrote_where_i_wrote_nothing_stays(
    sends: Sends, browser: Browser, cost: Kpi, leads: Kpi
) -> None:
    grid = opened(browser) | {f"value-{leads.pk}": "5"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    assert browser.post(f"{FORM}?month=2026-05", grid).status_code == 200
    assert stored(cost) == (36, 40)
    assert stored(leads) == (5, 4000)


def test_who_writes_the_same_is_not_asked(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "36.0"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    assert browser.post(f"{FORM}?month=2026-05", grid).status_code == 200


def test_what_somebody_else_has_taken_away_is_told(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "37"}
    KpiReading.objects.filter(kpi=cost, month=MAY).delete()
    answer = browser.post(f"{FORM}?month=2026-05", grid)
    assert "Keep theirs: no reading" in plain(answer)
    kept = grid | {f"keep-{cost.pk}": "mine", f"theirs_value-{cost.pk}": "", f"theirs_target-{cost.pk}": ""}
    assert browser.post(f"{FORM}?month=2026-05", kept).status_code == 200
    assert stored(cost) == (37, 40)


def test_a_kpi_added_since_is_left_alone(sends: Sends, browser: Browser, northwind: Client, leads: Kpi) -> None:
    grid = opened(browser) | {f"value-{leads.pk}": "5"}
    new = builders.kpi(northwind, "Reach")
    builders.reading(new, MAY, 9)
    assert browser.post(f"{FORM}?month=2026-05", grid).status_code == 200
    assert stored(new) == (9, 100)


def test_two_people_at_the_same_moment_and_the_second_is_asked(fresh_database: Any) -> None:
    cast = builders.cast()
    leads = builders.kpi(cast.northwind, "Leads")
    answers: list[tuple[int, str, str]] = []
    together = threading.Barrier(2)

    def send(by: Person, value: str) -> None:
        browser = Browser()
        browser.force_login(by)
        grid = opened(browser) | {f"value-{leads.pk}": value}
        together.wait()
        answer = browser.post(f"{FORM}?month=2026-05", grid)
        answers.append((answer.status_code, value, plain(answer)))
        connection.close()

    senders = [threading.Thread(target=send, args=one) for one in ((cast.lena, "1"), (cast.sam, "2"))]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    (won, first, _saved), (asked, _second, question) = sorted(answers)
    assert (won, asked) == (200, 422)
    assert stored(leads) == (Decimal(first), None)
    who = {"1": cast.lena, "2": cast.sam}[first]
    assert f"{who} has written Leads since you opened this:" in question
    assert KpiReading.objects.get().recorded_by == who


def test_a_reading_names_who_wrote_it_until_a_file_writes_over_it(
    sends: Sends, browser: Browser, leads: Kpi, tmp_path: Path
) -> None:
    sends(**{cell("value", leads): "4512", cell("target", leads): ""})
    assert "written by Lena" in plain(browser.get(f"{PAGE}?month=2026-05"))
    file = tmp_path / "kpi_readings.csv"
    for value, who in ((4512, "Lena"), (4600, "None")):
        file.write_text(f"kpi,month,value\n{leads.external_id},2026-05-01,{value}\n", encoding="utf-8")
        assert not load(tmp_path).problems
        assert str(KpiReading.objects.get(kpi=leads, month=MAY).recorded_by) == who


def test_a_file_that_is_loaded_in_between_is_seen(fresh_database: Any, connection_as: Any) -> None:
    """Another writer holds no lock of ours: what it adds collides, and is then looked at."""
    cast = builders.cast()
    leads = builders.kpi(cast.northwind, "Leads")
    loader = connection_as("app")
    loader.autocommit = False
    loader.execute(
        "INSERT INTO accounts_kpireading (client_id, kpi_id, month, value) VALUES (%s, %s, %s, 3)",
        [cast.northwind.pk, leads.pk, MAY],
    )
    raised: list[ReadingsMovedOn] = []

    def write() -> None:
        try:
            month_readings.write(cast.northwind, MAY, {leads.pk: Wish(None, Measured(Decimal(5), None))}, by=cast.lena)
        except ReadingsMovedOn as moved:
            raised.append(moved)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(0.5)
    assert writer.is_alive()
    loader.commit()
    writer.join()
    assert raised[0].theirs == {leads.pk: Measured(Decimal(3), None)}
    assert raised[0].by == {}


def test_readings_of_another_clients_kpi_are_none_of_this_client(northwind: Client) -> None:
    other = builders.kpi(builders.client("Contoso"), "Reach")
    with pytest.raises(Kpi.DoesNotExist):
        month_readings.write(
            northwind, MAY, {other.pk: Wish(None, Measured(Decimal(5), None))}, by=builders.person("Mira")
        )


# From a spreadsheet


def test_a_pasted_piece_fills_the_grid_and_nothing_is_saved(sends: Sends, leads: Kpi, cost: Kpi) -> None:
    answer = sends(address=PAGE, fill="1", pasted="KPI\tValue\tTarget\r\nleads\t4.512,5\t4400\r\nReach\t1\t2\r\n")
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form[f"value-{leads.pk}"].value() == "4.512,5"
    assert form[f"target-{leads.pk}"].value() == "4400"
    assert form[f"value-{cost.pk}"].value() == "38.5"
    assert "2 cells are filled. Nothing is saved yet. There is no place for: Reach 1 2." in plain(answer)
    assert stored(leads) is None


def test_what_is_pasted_and_not_filled_in_is_not_lost_on_saving(sends: Sends, leads: Kpi) -> None:
    answer = sends(address=PAGE, pasted="37\t39\n4512\t4400")
    assert answer.status_code == 200
    assert answer.context["form"][f"value-{leads.pk}"].value() == "4512"
    assert stored(leads) is None


def test_a_pasted_cell_that_is_no_number_is_said_at_once(sends: Sends, leads: Kpi, cost: Kpi) -> None:
    assert list(errors(sends(fill="1", pasted="37\t39\nn/a\t4400"))) == [f"value-{leads.pk}"]


@given(st.lists(st.lists(st.sampled_from(["", "1", "2.5", "x"]), max_size=3), max_size=4))
def test_a_pasted_piece_only_ever_fills_cells_of_the_grid(rows: list[list[str]]) -> None:
    kpis = [KpiMonth(number, f"KPI {number}", "", "higher", None, None, "") for number in (7, 8)]
    data = {"value-7": "a", "target-7": "b", "value-8": "c", "target-8": "d", "pasted": "\n".join(map("\t".join, rows))}
    found, said = filled(data, kpis)
    assert found.keys() == (data.keys() - {"pasted"}) | {"show"}
    for line, row in zip((7, 8), rows, strict=False):
        for column, text in zip(("value", "target"), row, strict=False):
            assert found[f"{column}-{line}"] == (text or data[f"{column}-{line}"])
    assert said


# A new KPI


def test_a_kpi_is_added_and_what_was_entered_stays(sends: Sends, northwind: Client, leads: Kpi) -> None:
    more = {"kpi_name": "  Reach ", "kpi_unit": "people", "kpi_direction": "higher", cell("value", leads): "4512"}
    answer = sends(address=PAGE, add="1", **more)
    assert answer.status_code == 200
    made = Kpi.objects.get(name="Reach")
    assert (made.client, made.unit, made.direction) == (northwind, "people", "higher")
    form = answer.context["form"]
    assert form[f"value-{leads.pk}"].value() == "4512"
    assert form.fields[f"value-{made.pk}"].widget.attrs["autofocus"]
    assert not form["kpi_name"].value()
    assert "Reach is a line of the grid now." in plain(answer)
    assert stored(leads) is None


def test_a_kpi_is_added_although_a_cell_is_wrong(sends: Sends, leads: Kpi) -> None:
    answer = sends(add="1", kpi_name="Reach", kpi_direction="lower", **{cell("value", leads): "many"})
    assert list(errors(answer)) == [f"value-{leads.pk}"]
    assert Kpi.objects.filter(name="Reach").count() == 1


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"kpi_name": " "}, "kpi_name", "Enter what it is called."),
        ({"kpi_name": "LEADS"}, "kpi_name", "There is a KPI of this name already."),
        ({"kpi_name": "x" * 301}, "kpi_name", "at most 300 characters"),
        ({"kpi_name": "Reach", "kpi_unit": "x" * 51}, "kpi_unit", "at most 50 characters"),
        ({"kpi_name": "Reach", "kpi_direction": ""}, "kpi_direction", "Choose which way is better."),
        ({"kpi_name": "Reach", "kpi_direction": "up"}, "kpi_direction", "not one of the available choices"),
    ],
)
def test_a_kpi_that_is_not_told_in_full_is_not_added(
    sends: Sends, more: dict[str, str], field: str, sentence: str
) -> None:
    found = errors(sends(**{"add": "1", "kpi_direction": "higher"} | more))
    assert sentence in found[field][0]
    assert Kpi.objects.count() == 2


def test_a_kpi_that_was_filled_in_and_not_added_is_saved_with_the_rest(sends: Sends, leads: Kpi) -> None:
    answer = sends(kpi_name="Reach", kpi_direction="higher", **{cell("value", leads): "5"})
    assert "1 reading of May 2026 is saved. Reach is measured from now on." in plain(answer)
    assert Kpi.objects.filter(name="Reach").exists()


def test_a_new_kpi_is_not_added_when_the_grid_is_not_kept(sends: Sends, browser: Browser, cost: Kpi) -> None:
    grid = opened(browser) | {f"value-{cost.pk}": "37", "kpi_name": "Reach", "kpi_direction": "higher"}
    KpiReading.objects.filter(kpi=cost, month=MAY).update(value=36)
    assert browser.post(f"{FORM}?month=2026-05", grid).status_code == 422
    assert not Kpi.objects.filter(name="Reach").exists()


# Who may, and what it costs


@pytest.mark.parametrize("address", [PAGE, FORM])
def test_who_is_not_of_the_agency_finds_no_such_page(leads: Kpi, address: str) -> None:
    stranger = Browser()
    assert stranger.get(address).status_code == 302
    stranger.force_login(builders.person("Vera", role=Person.Role.CONTACT))
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {f"value-{leads.pk}": "1"}).status_code == 404


def test_what_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/accounts/nobody/readings/").status_code == 404
    assert browser.post("/accounts/nobody/readings/form/", {}).status_code == 404


def test_the_page_costs_the_same_for_one_kpi_and_for_thirty(
    browser: Browser, leads: Kpi, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8) as few:
        browser.get(PAGE)
    for number in range(30):
        builders.reading(builders.kpi(leads.client, f"KPI {number}"), MAY)
    with django_assert_max_num_queries(8) as many:
        browser.get(PAGE)
    assert len(few) == len(many)


def test_the_fragment_is_no_page(browser: Browser, leads: Kpi) -> None:
    fragment = browser.get(FORM).content.decode()
    assert "<html" not in fragment
    assert "<script" not in fragment
    assert fragment.count('id="recording-form"') == browser.get(PAGE).content.decode().count('id="recording-form"') == 1
