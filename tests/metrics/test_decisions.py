"""Decisions of a review: who takes them, how they carry over, and their page and fragments."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from accounts import recording
from accounts.models import Client, Person
from accounts.periods import Quarter
from metrics.models import Decision
from metrics.queries.decisions import decisions
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

Q4, Q1 = Quarter(date(2025, 10, 1)), Quarter(date(2026, 1, 1))
REVIEW = "/quarter/2026-Q1/"
LIST = f"{REVIEW}decisions/"
NEW = f"{LIST}new/"
NEW_FORM = f"{NEW}form/"


@pytest.fixture
def northwind() -> Client:
    client = portfolios.account("Northwind", met=True)
    portfolios.store_figures()
    return client


@pytest.fixture
def omar() -> Person:
    return builders.omar()


@pytest.fixture
def browser_of_omar(client: Browser, omar: Person) -> Browser:
    client.force_login(omar)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def listed(quarter: Quarter) -> tuple[list[str], list[str]]:
    found = decisions(Client.objects.all(), quarter)
    return [row.text for row in found.taken], [row.text for row in found.carried]


# The record


def test_a_state_is_one_of_three(omar: Person) -> None:
    with pytest.raises(IntegrityError, match="decision_state"), transaction.atomic():
        builders.decision(omar, state="postponed", closed_on=date(2026, 5, 1))


@pytest.mark.parametrize(("state", "closed_on"), [("open", date(2026, 5, 1)), ("done", None), ("dropped", None)])
def test_what_is_closed_was_closed_on_a_day(omar: Person, state: str, closed_on: date | None) -> None:
    with pytest.raises(IntegrityError, match="decision_closed_on_a_day"), transaction.atomic():
        builders.decision(omar, state=state, closed_on=closed_on)


def test_what_is_closed_keeps_its_day_until_it_is_opened_again(omar: Person) -> None:
    made = builders.decision(omar)
    made.becomes("done", date(2026, 5, 1))
    made.becomes("dropped", date(2026, 5, 9))
    assert (made.state, made.closed_on) == ("dropped", date(2026, 5, 1))
    made.becomes("open", date(2026, 5, 9))
    assert made.closed_on is None


# Carrying over


def test_an_open_decision_stays_on_the_reviews_that_follow(omar: Person) -> None:
    builders.decision(omar, Q4.start, "Call them")
    assert listed(Q4) == (["Call them"], [])
    assert listed(Q1) == ([], ["Call them"])
    assert listed(Q4.shifted(-1)) == ([], [])


@pytest.mark.parametrize(
    ("closed_on", "carried"),
    [(date(2026, 3, 31), []), (date(2026, 4, 1), ["Call them"])],
)
def test_what_was_closed_before_a_quarter_ended_is_not_on_its_review(
    omar: Person, closed_on: date, carried: list[str]
) -> None:
    builders.decision(omar, Q4.start, "Call them", state="done", closed_on=closed_on)
    assert listed(Q4) == (["Call them"], [])
    assert listed(Q1) == ([], carried)


def test_the_oldest_comes_first_and_says_when_it_was_decided(omar: Person) -> None:
    builders.decision(omar, Q4.start, "Second")
    builders.decision(omar, Q4.shifted(-2).start, "First")
    found = decisions(Client.objects.all(), Q1)
    assert [(row.text, row.decided_in) for row in found.carried] == [("First", "2025-Q2"), ("Second", "2025-Q4")]
    assert found.open == 2


def test_a_decision_about_a_client_that_is_not_visible_is_not_listed(omar: Person, northwind: Client) -> None:
    builders.decision(omar, Q1.start, "About them", client=northwind)
    builders.decision(omar, Q1.start, "About us")
    assert [row.text for row in decisions(Client.objects.none(), Q1).taken] == ["About us"]


@pytest.mark.parametrize(("due_on", "overdue"), [(date(2026, 5, 14), True), (date(2026, 5, 15), False), (None, False)])
def test_a_decision_is_overdue_the_day_after_it_was_due(omar: Person, due_on: date | None, overdue: bool) -> None:
    builders.decision(omar, Q1.start, due_on=due_on)
    (row,) = decisions(Client.objects.all(), Q1).taken
    assert row.is_overdue(portfolios.AS_OF) is overdue


# Who may


PAGES = (LIST, NEW, NEW_FORM, f"{LIST}abc/", f"{LIST}abc/form/")
ACTS = (NEW, NEW_FORM, f"{LIST}abc/", f"{LIST}abc/form/", f"{LIST}abc/state/", f"{LIST}abc/state/list/")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Person.Role.ACCOUNT_MANAGER, Person.Role.CONTACT])
def test_none_of_it_exists_for_others_than_leadership(
    client: Browser, omar: Person, northwind: Client, path: str, role: Person.Role
) -> None:
    builders.decision(omar, Q1.start, external_id="abc")
    client.force_login(builders.person("Noor", role=role))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ACTS)
def test_others_than_leadership_decide_nothing(client: Browser, omar: Person, northwind: Client, path: str) -> None:
    builders.decision(omar, Q1.start, "Call them", external_id="abc")
    client.force_login(builders.lena())
    assert client.post(path, {"text": "Mine", "owner": omar.pk, "state": "done"}).status_code == 404
    assert list(Decision.objects.values_list("text", "state")) == [("Call them", "open")]


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("label", ["2026-Q2", "2024-Q1", "nonsense"])
def test_only_an_ended_quarter_has_decisions(browser_of_omar: Browser, northwind: Client, label: str) -> None:
    assert browser_of_omar.get(f"/quarter/{label}/decisions/").status_code == 404
    assert browser_of_omar.post(f"/quarter/{label}/decisions/new/", {}).status_code == 404


def test_a_decision_that_is_not_there_is_not_found(browser_of_omar: Browser, northwind: Client) -> None:
    assert browser_of_omar.get(f"{LIST}nothing/").status_code == 404
    assert browser_of_omar.post(f"{LIST}nothing/state/", {"state": "done"}).status_code == 404


@pytest.mark.parametrize("path", [f"{LIST}abc/state/", f"{LIST}abc/state/list/"])
def test_a_state_is_given_and_never_read(browser_of_omar: Browser, path: str) -> None:
    assert browser_of_omar.get(path).status_code == 405


# Recording, with scripts and without


def test_without_scripts_a_page_records_and_leads_back(
    browser_of_omar: Browser, omar: Person, northwind: Client
) -> None:
    page = text(browser_of_omar.get(NEW))
    assert "<html" in page
    assert f'action="{NEW}"' in page
    assert "hx-post" not in page.partition('class="form decision-form"')[2]
    response = browser_of_omar.post(
        NEW, {"text": "Call them", "owner": omar.pk, "due_on": "2026-06-01", "client": northwind.pk}
    )
    assert (response.status_code, response["Location"]) == (303, f"{REVIEW}#decisions")
    made = Decision.objects.get()
    assert (made.text, made.owner, made.client) == ("Call them", omar, northwind)
    assert (made.decided_in, made.due_on, made.state) == (Q1.start, date(2026, 6, 1), "open")
    page = text(browser_of_omar.get(REVIEW))
    assert "Call them" in page
    assert 'due <time datetime="2026-06-01">' in page


def test_errors_come_back_beside_the_fields(browser_of_omar: Browser, northwind: Client) -> None:
    for path in (NEW, NEW_FORM):
        page = text(browser_of_omar.post(path, {"text": " ", "due_on": "soon"}))
        assert page.count('aria-invalid="true"') == 3
        assert "This field is required." in page
    assert not Decision.objects.exists()


def test_the_fragment_is_no_page_and_answers_with_the_list(
    browser_of_omar: Browser, omar: Person, northwind: Client
) -> None:
    form = text(browser_of_omar.get(NEW_FORM))
    assert "<html" not in form
    assert "<script" not in form
    assert f'hx-post="{NEW_FORM}"' in form
    response = browser_of_omar.post(NEW_FORM, {"text": "Call <them>", "owner": omar.pk})
    assert response["HX-Retarget"] == "#quarter-decisions"
    page = text(response)
    assert page.count('id="quarter-decisions"') == 1
    assert 'data-said="Saved."' in page
    assert "Call &lt;them&gt;" in page
    assert "data-focus" in page


def test_the_page_holds_the_list_once_and_as_it_is(browser_of_omar: Browser, omar: Person, northwind: Client) -> None:
    builders.decision(omar, Q1.start, "Call them")
    page = text(browser_of_omar.get(REVIEW))
    fragment = text(browser_of_omar.get(LIST))
    assert page.count('id="quarter-decisions"') == 1
    assert "<html" not in fragment
    assert fragment.partition("csrfmiddlewaretoken")[0] in page


def test_a_decision_is_changed_and_closed_by_its_form(
    browser_of_omar: Browser, omar: Person, northwind: Client
) -> None:
    made = builders.decision(omar, Q4.start, "Call them", external_id="abc")
    assert "Call them" in text(browser_of_omar.get(f"{LIST}abc/"))
    sent = {"text": "Visit them", "owner": omar.pk, "state": "done", "version": 1}
    assert browser_of_omar.post(f"{LIST}abc/", sent).status_code == 303
    made.refresh_from_db()
    assert (made.text, made.state, made.decided_in) == ("Visit them", "done", Q4.start)
    assert made.closed_on is not None
    assert made.changed_by == omar
    browser_of_omar.post(f"{LIST}abc/form/", {**sent, "state": "open", "version": 2})
    made = Decision.objects.get()
    assert (made.state, made.closed_on) == ("open", None)


def test_a_press_closes_it_and_another_opens_it_again(
    browser_of_omar: Browser, omar: Person, northwind: Client
) -> None:
    made = builders.decision(omar, Q4.start, "Call them", external_id="abc")
    response = browser_of_omar.post(f"{LIST}abc/state/", {"state": "done", "version": 1})
    assert (response.status_code, response["Location"]) == (303, f"{REVIEW}#decisions")
    made.refresh_from_db()
    assert made.state == "done"
    page = text(browser_of_omar.post(f"{LIST}abc/state/list/", {"state": "open", "version": 2}))
    assert 'data-said="Open again."' in page
    assert "decided in Q4 2025" in page
    made.refresh_from_db()
    assert (made.state, made.closed_on) == ("open", None)
    assert browser_of_omar.post(f"{LIST}abc/state/", {"state": "postponed", "version": 3}).status_code == 404


def test_who_has_left_keeps_what_was_given_to_them_and_is_given_nothing_new(
    browser_of_omar: Browser, omar: Person, northwind: Client
) -> None:
    sam = builders.sam(is_active=False)
    builders.decision(sam, Q1.start, external_id="abc")
    sent = {"text": "Call them", "owner": sam.pk, "state": "open", "version": 1}
    assert browser_of_omar.post(f"{LIST}abc/", sent).status_code == 303
    assert browser_of_omar.post(NEW, sent).status_code == 200
    assert Decision.objects.count() == 1


# Two at once


@pytest.fixture
def overtaken(omar: Person, northwind: Client) -> dict[str, Any]:
    """What Omar fills in over a decision that Sam has changed since he opened it."""
    made = builders.decision(omar, Q1.start, "Call them", external_id="abc")
    sam = builders.sam(role=Person.Role.LEADERSHIP)
    recording.change(made, 1, {"text": "Write to them", "due_on": date(2026, 6, 1)}, by=sam)
    return {"text": "Visit them", "owner": omar.pk, "state": "open", "version": 1}


@pytest.mark.parametrize("path", [f"{LIST}abc/", f"{LIST}abc/form/"])
def test_who_comes_second_is_shown_both_field_by_field(
    browser_of_omar: Browser, overtaken: dict[str, Any], path: str
) -> None:
    response = browser_of_omar.post(path, overtaken)
    assert response.status_code == 409
    assert [(one.label, one.mine, one.theirs) for one in response.context["form"].differences()] == [
        ("What was decided", "Visit them", "Write to them"),
        ("Due on", "", "1 Jun 2026"),
    ]
    page = " ".join(response.content.decode().split())
    assert "Sam has changed this in the meantime" in page
    assert ("data-focus" if path.endswith("form/") else "autofocus") in page.partition('class="decision-conflict"')[2]
    assert ("hx-post" in page.partition('class="decision-conflict"')[2]) is path.endswith("form/")
    assert Decision.objects.get().text == "Write to them"
    # Keep mine: the same once more, over the version that was just shown.
    again = overtaken | {"version": response.context["form"].stored_version}
    assert browser_of_omar.post(path, again).status_code in (200, 303)
    assert Decision.objects.values_list("text", "due_on").get() == ("Visit them", None)


def test_two_who_decide_the_same_are_not_held_up(browser_of_omar: Browser, overtaken: dict[str, Any]) -> None:
    same = overtaken | {"text": "Write to them", "due_on": "2026-06-01"}
    assert browser_of_omar.post(f"{LIST}abc/", same).status_code == 303
    assert Decision.objects.get().version == 2


def test_a_form_that_says_no_version_changes_nothing(browser_of_omar: Browser, overtaken: dict[str, Any]) -> None:
    del overtaken["version"]
    assert browser_of_omar.post(f"{LIST}abc/", overtaken).status_code == 409
    assert Decision.objects.get().text == "Write to them"


def test_a_press_on_what_was_changed_since_does_nothing_and_says_so(
    browser_of_omar: Browser, overtaken: dict[str, Any]
) -> None:
    page = text(browser_of_omar.post(f"{LIST}abc/state/list/", {"state": "done", "version": 1}))
    assert page.count("It was changed in the meantime") == 2
    assert "Write to them" in page
    assert browser_of_omar.post(f"{LIST}abc/state/", {"state": "done", "version": 1}).status_code == 303
    assert "It was changed in the meantime" in text(browser_of_omar.get(REVIEW))
    assert Decision.objects.get().state == "open"
    assert browser_of_omar.post(f"{LIST}abc/state/", {"state": "done"}).status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_five_queries_however_long_it_is(
    browser_of_omar: Browser, omar: Person, northwind: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        builders.decision(omar, (Q4, Q1)[number % 2].start, f"Decision {number}", client=northwind)
    with django_assert_max_num_queries(5):
        assert "Decision 2" in text(browser_of_omar.get(LIST))
