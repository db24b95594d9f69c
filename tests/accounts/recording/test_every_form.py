"""What holds for every form that records: who may open it, what it costs, and what it takes and refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import (
    CheckIn,
    Client,
    Contact,
    Engagement,
    Goal,
    Involvement,
    Note,
    Person,
    Recommendation,
    Standing,
)
from accounts.signals import records_changed
from accounts.urls import NOUNS
from tests import builders
from tests.accounts.recording.conftest import Fills, errors, plain, sent

READS = re.compile(r"\s*(SELECT|WITH)\b")
WRITES = re.compile(r"\b(INSERT INTO|UPDATE\s+\S+\s+SET|DELETE FROM|MERGE INTO|TRUNCATE)\b")


@dataclass(frozen=True)
class Case:
    """One noun: a record of it, what makes one out of the empty form, a field with a day, and one that is needed."""

    name: str
    model: type[models.Model]
    given: dict[str, str]
    day: str
    needed: str
    blank: dict[str, str] = field(default_factory=dict)

    def record(self, of: Client) -> str:
        """One that is there, by what names it in an address."""
        day = date(2026, 1, 5)
        made: dict[str, Any] = {
            "check_in": lambda: builders.check_in(of, day, summary="Before"),
            "recommendation": lambda: builders.recommendation(of, day),
            "goal": lambda: builders.goal(of, day),
            "contact": lambda: builders.contact(of, "Robert"),
            "engagement": lambda: builders.retainer_since(of, day),
            "standing": lambda: builders.standing(of, day),
            "involvement": lambda: builders.involvement(of, day),
            "note": lambda: builders.note(of, day, Person.objects.get(name="Lena")),
        }
        record = made[self.name]()
        return str(getattr(record, "external_id", record.pk))

    def rows(self, record: str) -> models.QuerySet[Any]:
        """The record of that name."""
        key = "external_id" if hasattr(self.model, "external_id") else "pk"
        return self.model._default_manager.filter(**{key: record})


CASES = (
    Case("check_in", CheckIn, {"summary": "A good hour"}, "held_on", "held_on"),
    Case("recommendation", Recommendation, {"subject": "Fewer pages"}, "expected_by", "subject"),
    Case("goal", Goal, {"title": "Twice the leads"}, "due_on", "title"),
    Case("contact", Contact, {"name": "Petra", "email": "Petra@Northwind.example"}, "left_on", "name"),
    Case("engagement", Engagement, {"name": "Search", "value": "4000"}, "starts_on", "name"),
    Case("standing", Standing, {"standing": "lead"}, "effective_on", "standing"),
    Case("involvement", Involvement, {"kind": "systems"}, "started_on", "kind"),
    Case("note", Note, {"text": "They are hiring"}, "written_on", "text"),
)
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_every_noun_is_held_to_this() -> None:
    assert {case.name for case in CASES} == {noun.name for noun in NOUNS}


def addresses(case: Case, external_id: str, record: str) -> list[str]:
    return [
        reverse(f"accounts:{case.name}_new", args=[external_id]),
        reverse(f"accounts:{case.name}_new_form", args=[external_id]),
        reverse(f"accounts:{case.name}", args=[external_id, record]),
        reverse(f"accounts:{case.name}_form", args=[external_id, record]),
    ]


# Opening


@EACH
def test_a_page_holds_its_form_once_and_a_fragment_is_the_form_alone(
    case: Case, browser: Browser, northwind: Client
) -> None:
    for number, address in enumerate(addresses(case, "northwind", case.record(northwind))):
        text = browser.get(address).content.decode()
        assert text.count('id="recording-form"') == 1
        assert ("<html" in text) == (number in (0, 2))
        assert (text.count(" autofocus"), text.count(" data-focus")) == ((1, 0) if number in (0, 2) else (0, 1))


@EACH
def test_opening_a_form_writes_nothing(case: Case, browser: Browser, northwind: Client) -> None:
    for address in addresses(case, "northwind", case.record(northwind)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(address)
        assert [q["sql"] for q in asked if not READS.match(q["sql"]) or WRITES.search(q["sql"])] == []


@EACH
def test_a_form_costs_the_same_however_much_there_is(case: Case, browser: Browser, northwind: Client) -> None:
    record = case.record(northwind)
    costs = []
    for number in (3, 30):
        for each in range(number):
            other = builders.client(f"Client {number} {each}")
            builders.contact(northwind, f"Contact {number} {each}")
            builders.person(f"Person {number} {each}")
            builders.engagement(other, service_line=f"Line {each}")
        for address in addresses(case, "northwind", record):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            costs.append(len(asked))
    assert costs[:4] == costs[4:]
    assert max(costs) <= 10


@EACH
def test_another_clients_record_is_not_found_under_this_one(case: Case, browser: Browser, northwind: Client) -> None:
    record = case.record(builders.client("Contoso"))
    for address in addresses(case, "northwind", record)[2:]:
        assert browser.get(address).status_code == 404
        assert browser.post(address, {}).status_code == 404


@EACH
def test_who_may_not_see_the_account_finds_no_form_of_it(case: Case, cast: builders.Cast) -> None:
    record = case.record(cast.northwind)
    before = list(case.model._default_manager.values())
    dana = Browser()
    dana.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    for address in addresses(case, "northwind", record):
        assert dana.get(address).status_code == 404
        assert dana.post(address, case.given).status_code == 404
        assert Browser().post(address, case.given).status_code == 302
    for address in addresses(case, "nobody", record):
        omar = Browser()
        omar.force_login(cast.omar)
        assert omar.get(address).status_code == 404
    assert list(case.model._default_manager.values()) == before


@pytest.mark.parametrize("record", ["9" * 40, "-1", "x", "1 ", "²", "~", "new"])
@EACH
def test_what_names_no_record_is_not_found(case: Case, record: str, browser: Browser, northwind: Client) -> None:
    assert browser.get(reverse(f"accounts:{case.name}", args=["northwind", record])).status_code == 404


# Saving


@EACH
@pytest.mark.django_db(transaction=False)
def test_a_new_one_is_saved_and_whoever_listens_is_told(
    case: Case, fills: Fills, northwind: Client, django_capture_on_commit_callbacks: Any
) -> None:
    told = []

    def listen(**said: Any) -> None:
        told.append(said["client_ids"])

    before = case.model._default_manager.count()
    records_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            answer = fills(f"{case.name}_new", **case.given)
    finally:
        records_changed.disconnect(listen)
    assert answer.status_code == 200, answer.context["form"].errors
    assert 'data-said="Saved"' in answer.content.decode()
    assert answer["HX-Trigger"] == "records-changed"
    assert case.model._default_manager.count() == before + 1
    assert set(told) == {(northwind.pk,)}


@EACH
def test_without_scripts_one_goes_on_to_the_account(
    case: Case, fills: Fills, browser: Browser, northwind: Client
) -> None:
    answer = fills(f"{case.name}_new", form=False, **case.given)
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/northwind/")
    assert str(answer.wsgi_request._messages._queued_messages[0]).endswith("saved.")


@EACH
@pytest.mark.parametrize("form", [True, False], ids=["fragment", "page"])
def test_without_what_is_needed_nothing_is_saved_and_the_field_says_so(
    case: Case, form: bool, fills: Fills, northwind: Client
) -> None:
    before = case.model._default_manager.count()
    answer = fills(f"{case.name}_new", form=form, **case.given | {case.needed: ""})
    assert list(errors(answer)) == [case.needed]
    text = answer.content.decode()
    assert f'id="recording_{case.needed}_error"' in text
    assert 'aria-invalid="true"' in text
    for name, value in case.given.items():
        assert name == case.needed or value in text
    assert case.model._default_manager.count() == before


@EACH
@pytest.mark.parametrize("day", ["0001-01-01", "1066-10-14", "9999-12-31", "2026-02-30", "tomorrow", "2026-01-01\0"])
def test_a_day_that_is_far_off_or_none_is_refused_in_a_sentence(case: Case, day: str, fills: Fills) -> None:
    said = errors(fills(f"{case.name}_new", **case.given | {case.day: day}))
    assert said[case.day][0].startswith("Expected a day")


@EACH
def test_a_nul_byte_is_refused_in_a_sentence(case: Case, fills: Fills) -> None:
    names = [name for name, value in case.given.items() if not value.isdigit()]
    said = errors(fills(f"{case.name}_new", **case.given | dict.fromkeys(names, "a\0b")))
    assert set(said) == set(names)


@EACH
def test_more_than_a_field_holds_is_refused_in_a_sentence(case: Case, fills: Fills) -> None:
    names = [name for name, value in case.given.items() if not value.isdigit()]
    said = errors(fills(f"{case.name}_new", **case.given | dict.fromkeys(names, "x" * 100_001)))
    assert set(said) == set(names)


@EACH
def test_what_is_sent_twice_is_saved_once(case: Case, browser: Browser, northwind: Client) -> None:
    before = case.model._default_manager.count()
    address = reverse(f"accounts:{case.name}_new", args=["northwind"])
    values = sent(browser.get(address).context["form"]) | case.given
    assert browser.post(address, values).status_code == 303
    # What names itself by its day is told that it is there.
    assert browser.post(address, values).status_code == (303 if "id" in values else 422)
    assert case.model._default_manager.count() == before + 1


@EACH
def test_what_is_sent_again_with_other_words_is_another_record(case: Case, browser: Browser, northwind: Client) -> None:
    address = reverse(f"accounts:{case.name}_new", args=["northwind"])
    values = sent(browser.get(address).context["form"]) | case.given
    if "id" not in values:
        return
    name, value = next(iter(case.given.items()))
    before = case.model._default_manager.count()
    assert browser.post(address, values).status_code == 303
    again = values | {name: f"{value} again"} | ({"email": ""} if case.name == "contact" else {})
    assert browser.post(address, again).status_code == 303
    assert case.model._default_manager.count() == before + 2


@EACH
@pytest.mark.parametrize("taken", ["", "x", "9" * 5000, "../..", "0123456789abcdef\0"])
def test_a_name_that_no_form_gives_is_not_taken(case: Case, taken: str, fills: Fills) -> None:
    before = case.model._default_manager.count()
    assert fills(f"{case.name}_new", **case.given, id=taken).status_code == 200
    assert case.model._default_manager.count() == before + 1


def test_the_name_of_another_clients_record_is_not_taken(fills: Fills) -> None:
    elsewhere = builders.goal(builders.client("Contoso"), date(2026, 1, 5))
    assert fills("goal_new", title="Twice the leads", id=elsewhere.external_id).status_code == 200
    assert Goal.objects.exclude(pk=elsewhere.pk).get().client.name == "Northwind"
    assert Goal.objects.get(pk=elsewhere.pk).title == "Open the Nordic market"


# Changing


@EACH
def test_a_form_sent_as_it_was_shown_changes_nothing(case: Case, fills: Fills, northwind: Client) -> None:
    record = case.record(northwind)
    before = list(case.model._default_manager.values())
    assert fills(case.name, record).status_code == 200
    assert list(case.model._default_manager.values()) == before


@EACH
def test_a_change_raises_the_version_and_says_whose_it_was(
    case: Case, fills: Fills, cast: builders.Cast, northwind: Client
) -> None:
    record = case.record(northwind)
    found = case.rows(record)
    name, value = next(iter(case.given.items()))
    answer = fills(case.name, record, **{name: "project" if name == "standing" else value})
    assert answer.status_code == 200
    assert found.values_list("version", "changed_by").get() == (2, cast.lena.pk)


@EACH
@pytest.mark.parametrize("form", [True, False], ids=["fragment", "page"])
def test_whoever_comes_second_is_told_and_keeps_either(
    case: Case, form: bool, browser: Browser, fills: Fills, cast: builders.Cast, northwind: Client
) -> None:
    record = case.record(northwind)
    sam = Browser()
    sam.force_login(cast.sam)
    name, value = next(iter(case.given.items()))
    mine, theirs = {
        "standing": ("project", "sole"),
        "kind": ("people", "systems"),
    }.get(name, (f"{value} for Lena", f"{value} for Sam"))
    address = reverse(f"accounts:{case.name}{'_form' if form else ''}", args=["northwind", record])
    shown = browser.get(address)
    assert fills(case.name, record, by=sam, **{name: theirs}).status_code == 200
    version = shown.context["form"].version
    values = sent(shown.context["form"]) | {name: mine}
    answer = browser.post(address, values)
    assert answer.status_code == 409
    assert "Sam has changed this in the meantime" in plain(answer)
    shown_differences = [(d.mine, d.theirs) for d in answer.context["form"].differences()]
    assert len(shown_differences) == 1
    assert found_value(case, record, name) == theirs
    # Mine is sent once more, over the version that was compared.
    hidden = {bound.html_name: bound.value() for bound in answer.context["form"] if bound.value() not in (None, "")}
    hidden["version"] = answer.context["form"].stored_version
    assert hidden["version"] == version + 1
    assert browser.post(address, hidden).status_code in (200, 303)
    assert found_value(case, record, name) == mine


def found_value(case: Case, record: str, name: str) -> Any:
    return case.rows(record).values_list(name, flat=True).get()


@EACH
def test_who_comes_second_with_the_same_words_has_nothing_to_choose(
    case: Case, browser: Browser, fills: Fills, cast: builders.Cast, northwind: Client
) -> None:
    record = case.record(northwind)
    name, value = next(iter(case.given.items()))
    address = reverse(f"accounts:{case.name}_form", args=["northwind", record])
    values = sent(browser.get(address).context["form"]) | {name: value}
    assert fills(case.name, record, **{name: value}).status_code == 200
    assert browser.post(address, values).status_code == 200


@EACH
@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 5000, "2\0", "²"])
def test_a_version_that_never_was_changes_nothing(case: Case, version: str, fills: Fills, northwind: Client) -> None:
    record = case.record(northwind)
    name, value = next(iter(case.given.items()))
    value = "project" if name == "standing" else value
    assert fills(case.name, record, version=version, **{name: value}).status_code == 409
    assert found_value(case, record, name) != value
