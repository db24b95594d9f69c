"""Recording a check-in: when, who asked for it, who was there, what they saw."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client as Browser

from accounts.models import CheckIn, Client
from tests import builders
from tests.accounts.recording.conftest import Fills, errors, plain


def test_a_check_in_begins_as_held_today_asked_for_by_us_with_whoever_fills_it_in(
    browser: Browser, cast: builders.Cast
) -> None:
    form = browser.get("/accounts/northwind/check-ins/new/form/").context["form"]
    assert form["held_on"].value() == form.today
    assert form["initiated_by"].value() == "agency"
    assert form["agency_people"].value() == [cast.lena.pk]
    assert form["client_contacts"].value() in (None, [])


def test_a_check_in_is_recorded_with_who_was_there_and_what_they_saw(fills: Fills, cast: builders.Cast) -> None:
    answer = fills(
        "check_in_new",
        held_on="2026-03-04",
        initiated_by="client",
        client_contacts=[cast.dana.pk],
        agency_people=[cast.lena.pk, cast.sam.pk],
        stalling=["started_over"],
        trust=["new_channel", "brought_in_early"],
        summary="They like it.\r\nAgain in May.",
    )
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "records-changed"
    made = CheckIn.objects.get()
    assert (made.client, made.held_on, made.initiated_by) == (cast.northwind, date(2026, 3, 4), "client")
    assert made.signs == ["started_over", "brought_in_early", "new_channel"]
    assert made.summary == "They like it.\nAgain in May."
    assert set(made.client_contacts.all()) == {cast.dana}
    assert set(made.agency_people.all()) == {cast.lena, cast.sam}
    assert made.external_id


def test_a_page_without_scripts_goes_on_to_the_account_and_says_that_it_is_saved(
    fills: Fills, browser: Browser
) -> None:
    answer = fills("check_in_new", form=False)
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/northwind/")
    assert "The check-in is saved." in plain(browser.get("/accounts/northwind/"))
    assert CheckIn.objects.count() == 1


def test_only_the_clients_own_contacts_are_offered_and_taken(fills: Fills, browser: Browser) -> None:
    stranger = builders.contact(builders.client("Contoso"), "Robert")
    assert "Robert" not in plain(browser.get("/accounts/northwind/check-ins/new/form/"))
    assert "client_contacts" in errors(fills("check_in_new", client_contacts=[stranger.pk]))
    assert not CheckIn.objects.exists()


def test_a_check_in_without_a_day_is_not_recorded_and_the_field_says_so(fills: Fills) -> None:
    answer = fills("check_in_new", held_on="", summary="Kept while one goes on")
    assert list(errors(answer)) == ["held_on"]
    assert "Kept while one goes on" in answer.content.decode()
    assert not CheckIn.objects.exists()


def test_another_day_and_other_people_are_put_right(fills: Fills, cast: builders.Cast, northwind: Client) -> None:
    robert = builders.contact(northwind, "Robert", left_on=date(2026, 2, 1))
    held = builders.check_in(northwind, date(2026, 1, 5), [cast.dana], [cast.lena], ["started_over"], summary="So-so")
    answer = fills("check_in", held.external_id, held_on="2026-01-06", client_contacts=[robert.pk], stalling=None)
    assert answer.status_code == 200
    held.refresh_from_db()
    assert (held.held_on, held.signs, held.summary) == (date(2026, 1, 6), [], "So-so")
    assert set(held.client_contacts.all()) == {robert}
    assert set(held.agency_people.all()) == {cast.lena}


def test_someone_who_has_left_the_agency_stays_in_the_check_ins_they_were_in(
    fills: Fills, browser: Browser, cast: builders.Cast, northwind: Client
) -> None:
    held = builders.check_in(northwind, date(2026, 1, 5), [], [cast.sam])
    cast.sam.is_active = False
    cast.sam.save()
    assert "Sam" not in [str(name) for _id, name in offered(browser, "/accounts/northwind/check-ins/new/form/")]
    assert fills("check_in", held.external_id, summary="More").status_code == 200
    assert set(held.agency_people.all()) == {cast.sam}


def offered(browser: Browser, address: str) -> Any:
    return browser.get(address).context["form"].fields["agency_people"].choices
