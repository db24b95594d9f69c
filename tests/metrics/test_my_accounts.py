"""My accounts: who sees it, what comes first, where each thing is settled, and what it costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Person
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/my-accounts/"


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


def ago(days: int) -> date:
    return timezone.now().date() - timedelta(days=days)


# Who sees it


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser) -> None:
    assert client.get(PAGE)["Location"].endswith(f"?next={PAGE}")


def test_a_client_contact_is_told_there_is_no_such_page(client: Browser) -> None:
    client.force_login(builders.person("Dana", role=Person.Role.CONTACT))
    assert client.get(PAGE).status_code == 404


def test_it_is_read_and_never_written(browser_of_lena: Browser) -> None:
    assert browser_of_lena.post(PAGE).status_code == 405


def test_the_root_leads_an_account_manager_to_it(browser_of_lena: Browser) -> None:
    assert browser_of_lena.get("/")["Location"] == PAGE


def test_only_own_accounts_are_on_it(browser_of_lena: Browser, lena: Person) -> None:
    portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    page = text(browser_of_lena.get(PAGE))
    assert "2 accounts that you lead or work on" in page
    for name, is_there in (("Northwind", True), ("Fabrikam", True), ("Contoso", False), ("Tailspin", False)):
        assert (f"/accounts/{name.lower()}/" in page) == is_there


# What it says


def test_what_needs_somebody_comes_first_with_what_settles_it(browser_of_lena: Browser, lena: Person) -> None:
    client = builders.client("Northwind & Co", external_id="northwind", account_manager=lena)
    builders.retainer_since(client, ago(200))
    builders.check_in(client, ago(31))
    page = text(browser_of_lena.get(PAGE))
    assert "Northwind &amp; Co needs you today." in page
    assert "One check-in is overdue." in page
    assert "so it is 1 day late." in page
    assert 'href="/accounts/northwind/check-ins/new/"' in page
    assert 'class="place-count"' in page
    builders.check_in(client, ago(0))
    page = text(browser_of_lena.get(PAGE))
    assert "Your account needs nothing from you today." in page
    assert "Needs you first" not in page
    assert 'class="place-count"' not in page


def test_the_end_of_a_term_leads_to_the_renewal_of_that_engagement(browser_of_lena: Browser, lena: Person) -> None:
    client = builders.client("Northwind", account_manager=lena)
    builders.retainer_since(client, ago(400), name="Search", external_id="search")
    media = builders.engagement(client, name="Media", external_id="media & more")
    builders.scope_change(media, "start", ago(300), 1000, ends_on=ago(-20))
    builders.check_in(client, ago(0))
    page = text(browser_of_lena.get(PAGE))
    address = "/accounts/northwind/scope-changes/new/?kind=renewal&amp;engagement=media+%26+more"
    assert f'href="{address}"' in page
    form = browser_of_lena.get(address.replace("&amp;", "&")).context["form"]
    assert (form["engagement"].value(), form["kind"].value()) == ("media & more", "renewal")


def test_what_has_no_form_of_its_own_leads_to_the_account(browser_of_lena: Browser, lena: Person) -> None:
    client = builders.client("Northwind", account_manager=lena)
    builders.retainer_since(client, ago(20))
    assert "/accounts/northwind/" not in text(browser_of_lena.get(PAGE)).partition("Needs you first")[2]
    builders.dana(client, decision_maker=True, left_on=ago(3))
    page = text(browser_of_lena.get(PAGE)).partition("Needs you first")[2]
    assert "Dana decided, and left on" in page
    assert 'href="/accounts/northwind/' in page


def test_of_many_needs_the_first_twelve_are_open(browser_of_lena: Browser, lena: Person) -> None:
    for number in range(14):
        client = builders.client(f"Client {number:02}", account_manager=lena)
        builders.retainer_since(client, ago(200))
    page = text(browser_of_lena.get(PAGE))
    assert "All of your 14 accounts need you today." in page
    assert "2 more, which can wait longer" in page
    assert page.count('class="need"') == 14


def test_who_has_no_account_is_told_how_one_comes_here(browser_of_lena: Browser) -> None:
    page = text(browser_of_lena.get(PAGE))
    assert "No account is yours yet." in page
    assert "once you lead it" in page
    assert "How they stand" not in page


def test_accounts_stand_in_the_table_as_in_the_portfolio(browser_of_lena: Browser, lena: Person) -> None:
    portfolios.one_of_each(lena, builders.sam())
    builders.client("Newcomer", account_manager=lena)
    portfolios.store_figures()
    page = text(browser_of_lena.get(PAGE))
    assert "How they stand, Q1 2026" in page
    table = page.partition("How they stand")[2]
    assert table.index("Fabrikam") < table.index("Northwind")
    assert "Good numbers, stalling" in table
    assert table.count('class="spark') == 4  # nobody has answered anything that makes a score
    assert "Without scope in this quarter:" in table
    assert '<a href="/accounts/newcomer/">Newcomer</a>' in table


def test_more_than_a_page_of_accounts_is_paged(browser_of_lena: Browser, lena: Person) -> None:
    for number in range(27):
        builders.retainer_since(builders.client(f"Client {number:02}", account_manager=lena), date(2025, 1, 1))
    portfolios.store_figures()
    assert 'href="?page=2"' in text(browser_of_lena.get(PAGE))
    assert "26–27 of 27" in text(browser_of_lena.get(PAGE, {"page": 2}))
    assert "There is no such page." in text(browser_of_lena.get(PAGE, {"page": 9}))


@pytest.mark.parametrize("asked", ["-1", "0", "x", "9" * 30, "\0", "٣"])
def test_whatever_an_address_says_the_page_is_shown(browser_of_lena: Browser, asked: str) -> None:
    assert browser_of_lena.get(PAGE, {"page": asked}).status_code == 200


def test_leadership_has_the_place_where_it_has_accounts(client: Browser) -> None:
    omar = builders.omar()
    client.force_login(omar)
    assert 'href="/my-accounts/"' not in text(client.get("/night/"))
    builders.client("Northwind", account_manager=omar)
    assert 'href="/my-accounts/"' in text(client.get("/night/"))


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_six_queries_or_fewer_however_many_accounts(
    browser_of_lena: Browser, lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(5):
        browser_of_lena.get(PAGE)
