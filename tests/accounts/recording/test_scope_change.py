"""Recording a change of scope: what the form asks, what it shows before it writes, and what it refuses."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from accounts import scope_ledger
from accounts.models import Client, Engagement, Person, ScopeChange
from tests import builders
from tests.accounts.recording.conftest import errors
from tests.accounts.recording.ledgers import plain

PAGE = "/accounts/northwind/scope-changes/new/"
FORM = f"{PAGE}form/"
PREVIEW = f"{PAGE}preview/"


@pytest.fixture
def retainer(northwind: Client) -> Engagement:
    """1,000 a month since January 2025, agreed until the end of that year."""
    made = builders.engagement(northwind, "Media", external_id="media")
    builders.scope_change(made, "start", date(2025, 1, 15), 1000, ends_on=date(2025, 12, 31))
    return made


@pytest.fixture
def site(northwind: Client) -> Engagement:
    """A project of 30,000 that is under way."""
    made = builders.project(northwind, "Website", external_id="site")
    builders.scope_change(made, "start", date(2026, 3, 1), 30000)
    return made


def given(**more: str) -> dict[str, str]:
    return {"engagement": "media", "kind": "expansion", "effective_on": "2026-06-01", "value_delta": "500"} | more


def newest() -> Any:
    return ScopeChange.objects.order_by("-id")[0]


# What it begins with


def test_it_begins_with_what_runs_and_asks_for_more_of_it_a_month(browser: Browser, retainer: Engagement) -> None:
    ended = builders.engagement(retainer.client, "A campaign", external_id="over")
    builders.scope_change(ended, "start", date(2024, 1, 1), 10)
    builders.scope_change(ended, "end", date(2024, 6, 1))
    form = browser.get(PAGE).context["form"]
    assert form["engagement"].value() == "media"
    assert form["kind"].value() == "expansion"
    assert form["value_delta"].label == "More by, USD a month"
    assert [(str(state), [value for value, _name in those]) for state, those in form.fields["engagement"].choices] == [
        ("Running", ["media"]),
        ("Ended", ["over"]),
    ]


def test_an_engagement_that_has_not_begun_begins_with_its_start(browser: Browser, northwind: Client) -> None:
    builders.project(northwind, "Website")
    form = browser.get(FORM).context["form"]
    assert form["kind"].value() == "start"
    assert form["value_delta"].label == "Begins with, USD in total"
    assert form.asks_term


def test_a_renewal_asks_for_a_new_end_one_year_on_and_for_no_amount(browser: Browser, retainer: Engagement) -> None:
    form = browser.get(FORM, {"kind": "renewal"}).context["form"]
    assert form["ends_on"].value() == date(2026, 12, 31)
    assert "31 Dec 2025" in str(form["ends_on"].help_text)
    assert not form.asks_amount
    assert form.asks_term


def test_the_end_of_a_retainer_says_what_it_takes_and_asks_for_no_amount(
    browser: Browser, retainer: Engagement, site: Engagement
) -> None:
    builders.scope_change(retainer, "price", date(2026, 1, 1), "30.50")
    answer = browser.get(FORM, {"kind": "end", "engagement": "media"})
    assert not answer.context["form"].asks_amount
    assert "takes its whole balance: 1,030.50 USD a month" in plain(answer)
    assert browser.get(FORM, {"kind": "end", "engagement": "site"}).context["form"].asks_amount


def test_a_client_without_engagements_is_told_what_comes_first(browser: Browser, northwind: Client) -> None:
    answer = browser.get(PAGE)
    assert "This client has no engagement yet." in plain(answer)
    assert "Record it" not in plain(answer)


# What it shows before it writes


def test_the_preview_says_what_it_does_to_the_engagement_and_the_client(
    browser: Browser, retainer: Engagement, site: Engagement
) -> None:
    answer = browser.post(PREVIEW, given())
    assert answer.status_code == 200
    said = plain(answer)
    assert "It adds $6,000 a year: the annual scope of Northwind becomes $48,000." in said
    assert "Media $12,000 $18,000 +$6,000" in said
    assert "Northwind $42,000 $48,000 +$6,000" in said
    assert ScopeChange.objects.count() == 2
    assert "<html" not in answer.content.decode()


def test_less_is_less_with_or_without_its_sign(browser: Browser, retainer: Engagement) -> None:
    for amount in ("400", "-400", "(400)"):
        said = plain(browser.post(PREVIEW, given(kind="contraction", value_delta=amount)))
        assert "It takes away $4,800 a year" in said
        assert "$12,000 $7,200 −$4,800" in said


def test_a_price_changes_value_and_no_scope(browser: Browser, retainer: Engagement) -> None:
    said = plain(browser.post(PREVIEW, given(kind="price", value_delta="50")))
    assert "Annual scope stays as it is: the same work at another price." in said
    assert "Media $12,000 $12,000 $0" in said
    assert "Media at the new prices $12,000 $12,600 +$600" in said


def test_a_renewal_says_until_when(browser: Browser, retainer: Engagement) -> None:
    said = plain(browser.post(PREVIEW, given(kind="renewal", value_delta="", ends_on="2026-12-31")))
    assert "The term of Media runs to 31 Dec 2026 instead of 31 Dec 2025" in said


def test_the_end_of_a_retainer_leaves_what_else_there_is(
    browser: Browser, retainer: Engagement, site: Engagement
) -> None:
    said = plain(browser.post(PREVIEW, given(kind="end", value_delta="")))
    assert "It takes away $12,000 a year: the annual scope of Northwind becomes $30,000." in said


def test_a_preview_of_what_is_not_filled_in_yet_is_no_reproach(browser: Browser, retainer: Engagement) -> None:
    said = plain(browser.post(PREVIEW, given(value_delta="")))
    assert "Shown as soon as the day and the amount are filled in." in said


def test_a_preview_of_what_the_ledger_refuses_says_why(browser: Browser, retainer: Engagement) -> None:
    said = plain(browser.post(PREVIEW, given(kind="contraction", value_delta="1600")))
    assert "This would leave Media at −600 USD a month on 1 Jun 2026; it can't go below 0." in said


def test_without_scripts_a_button_shows_it_and_writes_nothing(browser: Browser, retainer: Engagement) -> None:
    assert "Show what it does" in plain(browser.get(PAGE))
    answer = browser.post(PAGE, given(show="1", note="Kept while one looks"))
    assert answer.status_code == 200
    assert "It adds $6,000 a year" in plain(answer)
    assert "Kept while one looks" in answer.content.decode()
    assert ScopeChange.objects.count() == 1


def test_a_preview_is_only_asked_for_with_what_is_filled_in(browser: Browser, retainer: Engagement) -> None:
    assert browser.get(PREVIEW).status_code == 405


# What it writes


@pytest.mark.parametrize("value_delta", ["1,500.50", "1.500,50", "1 500,5", "$1,500.50", "USD 1500.5"])
def test_an_expansion_is_recorded_whichever_way_its_amount_is_written(
    browser: Browser, cast: builders.Cast, retainer: Engagement, value_delta: str
) -> None:
    more = {"origin": "client", "involved_from": "plan", "note": "They asked.\r\nIn May."}
    answer = browser.post(FORM, given(value_delta=value_delta, **more))
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "records-changed"
    assert "Recorded: the expansion of 1 Jun 2026." in plain(answer)
    row = newest()
    assert (row.engagement, row.kind, row.effective_on) == (retainer, "expansion", date(2026, 6, 1))
    assert row.value_delta == Decimal("1500.50")
    assert (row.origin, row.involved_from, row.note) == ("client", "plan", "They asked.\nIn May.")
    assert row.recorded_by == cast.lena


@pytest.mark.parametrize(
    ("kind", "more", "delta", "ends_on"),
    [
        ("contraction", {"value_delta": "400"}, -400, None),
        ("price", {"value_delta": "-30"}, -30, None),
        ("renewal", {"value_delta": "", "ends_on": "2027-01-31"}, 0, date(2027, 1, 31)),
        ("end", {"value_delta": ""}, -1000, None),
    ],
)
def test_every_kind_of_row_is_recorded(
    browser: Browser, retainer: Engagement, kind: str, more: dict[str, str], delta: int, ends_on: date | None
) -> None:
    assert browser.post(FORM, given(kind=kind, **more)).status_code == 200
    assert (newest().kind, newest().value_delta, newest().ends_on) == (kind, delta, ends_on)


def test_a_start_is_recorded_with_its_term_and_a_project_ends_short(browser: Browser, northwind: Client) -> None:
    builders.project(northwind, "Website", external_id="site")
    started = given(engagement="site", kind="start", value_delta="30,000", ends_on="2026-12-31")
    assert browser.post(FORM, started).status_code == 200
    assert (newest().value_delta, newest().ends_on) == (30000, date(2026, 12, 31))
    cut = given(engagement="site", kind="end", value_delta="2000", effective_on="2026-09-01")
    assert browser.post(FORM, cut).status_code == 200
    assert newest().value_delta == -2000


def test_a_page_without_scripts_goes_on_to_the_account_and_says_so(browser: Browser, retainer: Engagement) -> None:
    answer = browser.post(PAGE, given())
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/northwind/")
    assert "Recorded: the expansion of 1 Jun 2026." in plain(browser.get("/accounts/northwind/"))


# What it refuses


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"value_delta": ""}, "value_delta", "Enter the amount."),
        ({"value_delta": "0"}, "value_delta", "An expansion adds scope: enter an amount above 0."),
        ({"value_delta": "-5"}, "value_delta", "For less, choose contraction."),
        ({"value_delta": "a lot"}, "value_delta", "Expected an amount, such as 1,234.50."),
        ({"value_delta": "0.00001"}, "value_delta", "at most 16 digits and 4 decimals"),
        ({"value_delta": "1" * 17}, "value_delta", "at most 16 digits and 4 decimals"),
        ({"value_delta": "500 EUR"}, "value_delta", "Amounts of this client are in USD."),
        ({"value_delta": "€500"}, "value_delta", "Amounts of this client are in USD."),
        ({"kind": "price", "value_delta": "0"}, "value_delta", "A price change is another amount than 0"),
        ({"kind": "contraction", "value_delta": "0"}, "value_delta", "enter an amount other than 0"),
        ({"kind": "renewal", "value_delta": "5", "ends_on": "2027-01-01"}, "value_delta", "changes no amount"),
        ({"kind": "renewal", "value_delta": ""}, "ends_on", "Enter the day on which the new term ends."),
        ({"kind": "renewal", "value_delta": "", "ends_on": "2026-01-01"}, "ends_on", "before this takes effect"),
        ({"ends_on": "2027-01-01"}, "ends_on", "Only a start or a renewal sets a term"),
        ({"kind": "start"}, "kind", "Media has begun already: the start of 15 Jan 2025."),
        ({"kind": "end", "value_delta": "-5"}, "value_delta", "takes its whole balance: leave this blank"),
        ({"effective_on": "2025-01-01"}, "effective_on", "Media begins on 15 Jan 2025: choose that day or a later one"),
        ({"effective_on": ""}, "effective_on", "This field is required."),
        ({"effective_on": "yesterday"}, "effective_on", "Expected a day"),
        ({"effective_on": "0026-06-01"}, "effective_on", "Expected a day from 1900"),
        ({"kind": "upsell"}, "kind", "not one of the available choices"),
        ({"engagement": "another"}, "engagement", "not one of the available choices"),
        ({"origin": "nobody"}, "origin", "not one of the available choices"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_nothing_is_written(
    browser: Browser, retainer: Engagement, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(FORM, given(**wrong))
    found = errors(answer)
    assert list(found) == [field]
    assert sentence in " ".join(found[field])
    assert "HX-Trigger" not in answer
    assert ScopeChange.objects.count() == 1


def test_what_stands_later_in_the_ledger_is_named(browser: Browser, retainer: Engagement) -> None:
    builders.scope_change(retainer, "expansion", date(2026, 9, 1), 200)
    late = errors(browser.post(FORM, given(kind="end", value_delta="")))
    assert "Then the expansion of 1 Sept 2026 would stand after the end" in late["effective_on"][0]
    builders.scope_change(retainer, "end", date(2026, 10, 1))
    after = errors(browser.post(FORM, given(effective_on="2026-11-01")))
    assert any("Media ended on 1 Oct 2026" in sentence for sentence in after["effective_on"])
    inside = errors(browser.post(FORM, given()))
    assert "the end of 1 Oct 2026 took its whole balance as it was" in inside["effective_on"][0]
    again = errors(browser.post(FORM, given(kind="end", value_delta="", effective_on="2026-11-01")))
    assert again["kind"] == ["Media has ended already: the end of 1 Oct 2026. Reverse that one to record another."]


def test_what_has_not_begun_can_not_grow(browser: Browser, northwind: Client) -> None:
    builders.engagement(northwind, "Media", external_id="media")
    assert errors(browser.post(FORM, given())) == {"kind": ["Media has not begun: record its start first."]}


def test_money_of_three_decimals_could_be_either(browser: Browser, cast: builders.Cast) -> None:
    client = builders.client("Gulf Line", currency="KWD", account_manager=cast.lena)
    builders.retainer_since(client, date(2025, 1, 15), 1000, external_id="gulf")
    address = reverse("accounts:scope_change_new_form", args=["gulf-line"])
    found = errors(browser.post(address, given(engagement="gulf", value_delta="1.500")))
    assert found == {
        "value_delta": ["This could be 1500 or 1.500: write it without the mark, or with another decimal."]
    }
    assert browser.post(address, given(engagement="gulf", value_delta="1.5000")).status_code == 200
    assert newest().value_delta == Decimal("1.5")


def test_an_amount_asked_for_a_month_is_not_taken_as_a_total(
    browser: Browser, retainer: Engagement, site: Engagement
) -> None:
    """Without scripts the label does not follow the choice of another engagement."""
    found = errors(browser.post(PAGE, given(engagement="site", asked_as="retainer")))
    assert found == {"value_delta": ["Website is a project: this is its amount in total. Is it still right?"]}
    assert browser.post(PAGE, given(engagement="site", asked_as="project")).status_code == 303


# Others, and twice


def test_what_was_recorded_in_the_meantime_is_told_and_then_it_is_recorded(
    browser: Browser, cast: builders.Cast, retainer: Engagement
) -> None:
    seen = browser.get(FORM).context["form"].seen
    builders.scope_change(retainer, "expansion", date(2026, 5, 1), 250, by=cast.sam)
    answer = browser.post(FORM, given(seen=seen))
    assert list(errors(answer)) == ["__all__"]
    assert "the expansion of 1 May 2026, 250 USD, by Sam" in plain(answer)
    assert ScopeChange.objects.count() == 2
    assert browser.post(FORM, given(seen=answer.context["form"].seen)).status_code == 200
    assert ScopeChange.objects.count() == 3


def test_a_form_that_is_sent_twice_writes_once(browser: Browser, retainer: Engagement) -> None:
    seen = browser.get(PAGE).context["form"].seen
    assert browser.post(PAGE, given(seen=seen)).status_code == 303
    assert "__all__" in errors(browser.post(PAGE, given(seen=seen)))
    assert ScopeChange.objects.filter(kind="expansion").count() == 1


def test_what_is_recorded_on_another_engagement_is_nobodys_business(
    browser: Browser, retainer: Engagement, site: Engagement
) -> None:
    seen = browser.get(FORM).context["form"].seen
    builders.scope_change(site, "expansion", date(2026, 5, 1), 250)
    assert browser.post(FORM, given(seen=seen)).status_code == 200


def test_two_people_at_the_same_moment_write_one_row_and_the_other_is_told(fresh_database: Any) -> None:
    cast = builders.cast()
    made = builders.engagement(cast.northwind, "Media", external_id="media")
    builders.scope_change(made, "start", date(2025, 1, 15), 1000)
    statuses: list[int] = []
    together = threading.Barrier(2)

    def send(by: Person) -> None:
        browser = Browser()
        browser.force_login(by)
        seen = browser.get(FORM).context["form"].seen
        together.wait()
        statuses.append(browser.post(FORM, given(seen=seen)).status_code)
        connection.close()

    senders = [threading.Thread(target=send, args=(by,)) for by in (cast.lena, cast.sam)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(statuses) == [200, 422]
    assert ScopeChange.objects.filter(kind="expansion").count() == 1


def test_the_ledger_itself_says_who_was_first(retainer: Engagement, cast: builders.Cast) -> None:
    known = newest().pk
    scope_ledger.record(retainer, "expansion", date(2026, 5, 1), Decimal(1), by=cast.sam, seen=known)
    with pytest.raises(scope_ledger.LedgerMovedOn) as moved:
        scope_ledger.record(retainer, "expansion", date(2026, 5, 1), Decimal(1), by=cast.lena, seen=known)
    assert [row.recorded_by for row in moved.value.rows] == [cast.sam]
    assert ScopeChange.objects.count() == 2


# Who may, and what it costs


@pytest.mark.parametrize("address", [PAGE, FORM])
def test_another_agencys_nobody_and_a_clients_contact_find_no_such_page(
    cast: builders.Cast, retainer: Engagement, address: str
) -> None:
    stranger = Browser()
    assert stranger.get(address).status_code == 302
    stranger.force_login(builders.person("Vera", role=Person.Role.CONTACT))
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, given()).status_code == 404
    assert ScopeChange.objects.count() == 1


def test_what_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/accounts/nobody/scope-changes/new/").status_code == 404
    assert browser.post("/accounts/nobody/scope-changes/new/preview/", given()).status_code == 404


def test_another_clients_engagement_is_no_choice(browser: Browser, retainer: Engagement) -> None:
    other = builders.retainer_since(builders.client("Contoso"), date(2025, 1, 1), 10, external_id="theirs")
    assert list(errors(browser.post(FORM, given(engagement="theirs")))) == ["engagement"]
    assert other.scope_changes.count() == 1


def test_the_page_costs_the_same_for_one_engagement_and_for_thirty(
    browser: Browser, retainer: Engagement, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8) as few:
        browser.get(PAGE)
    for number in range(30):
        builders.retainer_since(retainer.client, date(2025, 1, 1), 10, name=f"Retainer {number}")
    with django_assert_max_num_queries(8) as many:
        browser.get(PAGE)
    assert len(few) == len(many)


def test_the_fragment_is_no_page(browser: Browser, retainer: Engagement) -> None:
    fragment = browser.get(FORM).content.decode()
    assert "<html" not in fragment
    assert "<script" not in fragment
    assert fragment.count('id="recording-form"') == 1
    assert browser.get(PAGE).content.decode().count('id="recording-form"') == 1
