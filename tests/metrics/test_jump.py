"""Jump to: what is found, in which order, for whom, and what it costs."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from accounts import access
from accounts.models import Client, Person
from metrics.queries.jump import MOST, accounts_called, folded, people_called
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/jump/"
RESULTS = "/jump/results/"


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def browser_of_lena(client: Browser, lena: Person) -> Browser:
    client.force_login(lena)
    return client


def text(response: HttpResponse | Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def found(asked: str) -> list[str]:
    return [account.name for account in accounts_called(Client.objects.all(), asked)]


# The order


def test_beginnings_of_names_come_before_those_of_words_and_those_before_what_is_within() -> None:
    for name in ("Starling", "Blue Starling", "Kestar", "Star Foods", "Moon"):
        builders.client(name)
    assert found("star") == ["Star Foods", "Starling", "Blue Starling", "Kestar"]


@pytest.mark.parametrize("asked", ["société", "SOCIETE", "sociéTÉ", "societe\u0301"])
def test_accents_and_case_do_not_matter(asked: str) -> None:
    builders.client("Société Générale", external_id="sg")
    assert found(asked) == ["Société Générale"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [("AT&T", "at&t"), ("AT&T", "at t"), ("Jean-Luc", "luc"), ("(Brackets)", "bra"), ("50 % Off", "%"), ("A_B", "_")],
)
def test_signs_in_names_are_found_and_are_signs_alone(name: str, asked: str) -> None:
    builders.client(name, external_id="one")
    builders.client("Zzz", external_id="two")
    assert found(asked) == [name]


def test_python_and_the_database_fold_names_alike() -> None:
    for name in ("Ångström", "ﬁnance", "ΑΣ", "Straße", "İzmir", "Ｆｕｌｌ", "Œuvre"):
        builders.client(name, external_id=name)
        assert found(name) == [name]
    assert folded("Ångström") == "angstrom"


def test_no_more_than_eight_are_found() -> None:
    for number in range(MOST + 3):
        builders.client(f"Client {number:02}")
    assert len(found("client")) == MOST


def test_people_lead_to_what_they_have_to_do_with(lena: Person) -> None:
    northwind = builders.client("Northwind", account_manager=lena)
    builders.client("Contoso", account_manager=lena)
    builders.contact(northwind, "Len Grove", role="Finance", left_on=date(2026, 3, 3))
    builders.person("Lenox")  # leads nothing
    people = people_called(Client.objects.all(), "len")
    assert [(one.name, one.accounts, one.client, one.left_on) for one in people] == [
        ("Len Grove", 0, "Northwind", date(2026, 3, 3)),
        ("Lena", 2, "", None),
    ]


def test_people_who_can_not_sign_in_any_more_are_not_found(lena: Person) -> None:
    builders.client("Northwind", account_manager=lena)
    lena.is_active = False
    lena.save()
    assert people_called(Client.objects.all(), "lena") == ()


def test_only_what_is_visible_is_found(lena: Person) -> None:
    northwind = builders.client("Northwind", account_manager=lena)
    builders.dana(northwind)
    dana = builders.person("Dana", role=Person.Role.CONTACT)
    nothing = access.visible_clients(dana)
    assert accounts_called(nothing, "n") == ()
    assert people_called(nothing, "d") == ()
    other = Client.objects.filter(name="Other")
    assert accounts_called(other, "n") == ()
    assert people_called(other, "d") == ()


# The page and the fragment


@pytest.mark.parametrize("path", [PAGE, RESULTS])
def test_who_may_see_nothing_gets_nothing(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.get(path, {"q": "a"}).status_code == 404
    assert client.post(path).status_code == 404 or client.post(path).status_code == 405


def test_the_page_holds_its_results_once_and_the_fragment_is_no_page(browser_of_lena: Browser) -> None:
    builders.client("Northwind")
    page = text(browser_of_lena.get(PAGE, {"q": "north"}))
    fragment = text(browser_of_lena.get(RESULTS, {"q": "north"}))
    assert page.count('id="jump-results"') == fragment.count('id="jump-results"') == 1
    assert "<html" not in fragment
    assert fragment in page
    assert "<dialog" not in page
    assert "<dialog" in text(browser_of_lena.get("/portfolio/"))


def test_a_name_is_never_markup(browser_of_lena: Browser) -> None:
    builders.client("<b>Bold</b>", external_id="bold")
    page = text(browser_of_lena.get(RESULTS, {"q": "<b>"}))
    assert "&lt;b&gt;Bold" in page
    assert "<b>" not in page


def test_an_account_shows_its_last_figures_and_what_can_be_recorded_on_it(
    browser_of_lena: Browser, lena: Person
) -> None:
    portfolios.account("Northwind", met=True, account_manager=lena)
    portfolios.store_figures()
    page = text(browser_of_lena.get(RESULTS, {"q": "north"}))
    assert 'aria-label="Good numbers, stalling"' in page
    assert "100 % · $12k" in page
    assert 'href="/accounts/northwind/check-ins/new/"' in page
    assert "Log a check-in with Northwind" in page
    # What is within a name is not what one meant to write down something about.
    assert "Log a check-in" not in text(browser_of_lena.get(RESULTS, {"q": "orthw"}))
    # Nor can one write anything down of an account whose team one is not on.
    builders.client("Northgate")
    found = text(browser_of_lena.get(RESULTS, {"q": "north"}))
    assert "Northgate" in found
    assert "Log a check-in with Northgate" not in found


@pytest.mark.parametrize(
    ("asked", "acts"),
    [
        ("check north", ["Log a check-in with Northwind"]),
        ("Northwind log a check-in", ["Log a check-in with Northwind"]),
        ("note north", ["Write a note on Northwind"]),
        ("north results", ["Record results and targets of Northwind"]),
        ("scope change north", ["Record a scope change of Northwind"]),
        ("check orthw", []),
        ("dance north", []),
        ("check southgate", []),
    ],
)
def test_what_one_does_is_found_by_its_own_words_beside_a_name(
    browser_of_lena: Browser, lena: Person, asked: str, acts: list[str]
) -> None:
    builders.client("Northwind", account_manager=lena)
    builders.client("Southgate")  # not hers to record on
    response = browser_of_lena.get(RESULTS, {"q": asked})
    assert [landing.label for group in response.context["groups"] for landing in group.landings] == acts


def test_every_act_leads_to_its_form(browser_of_lena: Browser, lena: Person) -> None:
    builders.client("Northwind", account_manager=lena)
    for word in ("check", "scope", "advice", "results", "goal", "note", "contact", "engagement", "stand", "lets"):
        response = browser_of_lena.get(RESULTS, {"q": f"{word} north"})
        (landing,) = (landing for group in response.context["groups"] for landing in group.landings)
        assert browser_of_lena.get(landing.url).status_code == 200


def test_who_types_only_what_to_do_is_asked_on_which_account(browser_of_lena: Browser) -> None:
    builders.client("Northwind")
    assert "On which account? Type its name too, before or after “log”." in text(
        browser_of_lena.get(RESULTS, {"q": "log"})
    )
    assert "On which account?" not in text(browser_of_lena.get(RESULTS, {"q": "north"}))
    assert "On which account?" not in text(browser_of_lena.get(RESULTS, {"q": "…"}))


def test_an_empty_field_offers_pages_and_asks_nothing_of_the_database(
    browser_of_lena: Browser, django_assert_num_queries: Any
) -> None:
    builders.client("Northwind")
    with django_assert_num_queries(2):  # session and user
        page = text(browser_of_lena.get(RESULTS))
    assert "Portfolio" in page
    assert "My accounts" in page
    assert "Add a client" in page
    assert "Northwind" not in page
    assert "The night" not in page
    assert f'data-said="{page.count("data-jump-landing")} results"' in page


def test_pages_are_those_that_exist_for_the_person(client: Browser) -> None:
    client.force_login(builders.omar())
    assert 'href="/night/"' in text(client.get(RESULTS, {"q": "night"}))


def test_nothing_found_is_said(browser_of_lena: Browser) -> None:
    page = text(browser_of_lena.get(RESULTS, {"q": "xyz & co"}))
    assert "Nothing is called “xyz &amp; co”." in page
    assert 'data-said="No result"' in page


@pytest.mark.parametrize("asked", ["\0", "a\0b", "x" * 5000, "%s %(text)s {visible}", "\\", "'; --", "\ud800", "٣"])
@pytest.mark.parametrize("path", [PAGE, RESULTS])
def test_whatever_is_typed_something_sensible_is_shown(browser_of_lena: Browser, path: str, asked: str) -> None:
    builders.client("Northwind")
    assert browser_of_lena.get(path, {"q": asked.encode("utf-8", "replace")}).status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_results_cost_five_queries_however_many_accounts(
    browser_of_lena: Browser, lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(5):
        browser_of_lena.get(RESULTS, {"q": "client"})
    with django_assert_num_queries(6):
        browser_of_lena.get(PAGE, {"q": "client"})
    # The name without what is to be done is a question of its own.
    with django_assert_num_queries(6):
        browser_of_lena.get(RESULTS, {"q": "check client"})
