"""What a client sees: who switches it, that it appears there, and the page as the client gets it."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Goal, PortalVisit, SharedSection
from tests import builders
from tests.metrics.portal import shown
from tests.metrics.portal.shown import Shown
from tests.metrics.test_account import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Shown:
    found = shown.northwind()
    shown.compute()
    return found


@pytest.fixture
def browser(northwind: Shown) -> Browser:
    found = Browser()
    found.force_login(northwind.lena)
    return found


def address(name: str, client: str = "northwind") -> str:
    return reverse(f"metrics:{name}", args=[client])


def switched(browser: Browser, noun: str, record: str, on: str, name: str = "client_view") -> int:
    return browser.post(address(name), {"noun": noun, "record": record, "shown": on}).status_code


def without_tokens(page: bytes) -> str:
    """A page without what is another each time it is asked for: the tokens of its forms."""
    text = page.decode()
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", text)
    return re.sub(r'("x-csrftoken": )"\w+"', r"\1", text)


def test_the_page_holds_its_fragment_once(browser: Browser) -> None:
    page = text(browser.get(address("client_view")))
    fragment = text(browser.get(address("client_view_sections")))
    assert page.count('id="client-view-sections"') == fragment.count('id="client-view-sections"') == 1
    assert "<html" not in fragment
    for section in SharedSection.Section:
        assert f'id="section-{section.value}-title"' in fragment


def test_what_is_switched_on_appears_to_the_client(northwind: Shown, browser: Browser, client: Browser) -> None:
    client.force_login(northwind.person)
    kept = Goal.objects.get(title="Sell them the second brand")
    assert "Sell them the second brand" not in text(client.get("/portal/"))
    assert switched(browser, "goal", kept.external_id, "yes") == 303
    assert "Sell them the second brand" in text(client.get("/portal/"))
    kept.refresh_from_db()
    assert kept.changed_by == northwind.lena
    assert switched(browser, "section", "goals", "no", "client_view_sections") == 200
    assert 'id="goals-title"' not in text(client.get("/portal/"))
    assert switched(browser, "section", "goals", "yes") == 303
    assert SharedSection.objects.get(section="goals").shared_by == northwind.lena
    assert switched(browser, "goal", kept.external_id, "no") == 303
    assert "Sell them the second brand" not in text(client.get("/portal/"))


def test_an_idea_has_no_switch(browser: Browser) -> None:
    page = text(browser.get(address("client_view")))
    assert "A film nobody has asked for" in page
    assert "The first idea of a rebrand" not in page


def test_what_is_not_there_can_t_be_switched(northwind: Shown, browser: Browser) -> None:
    other = builders.goal(builders.client("Contoso"), shown.AS_OF)
    for noun, record in (
        ("goal", other.external_id),
        ("goal", "no-such-goal"),
        ("note", "x"),
        ("section", "notes"),
        ("section", ""),
        ("goal", "a\0b"),
    ):
        assert switched(browser, noun, record, "yes") == 404
    assert switched(browser, "section", "goals", "perhaps") == 404
    other.refresh_from_db()
    assert not other.shared


def test_whoever_is_not_on_the_team_reads_and_switches_nothing(northwind: Shown, client: Browser) -> None:
    client.force_login(builders.noor())
    page = text(client.get(address("client_view")))
    assert 'role="switch"' not in page
    assert switched(client, "section", "goals", "no") == 404
    assert SharedSection.objects.filter(section="goals").exists()


@pytest.mark.parametrize("name", ["client_view", "client_view_sections", "as_client"])
def test_strangers_and_clients_have_no_such_page(
    northwind: Shown, browser: Browser, client: Browser, name: str
) -> None:
    assert client.get(address(name)).headers["Location"].startswith(reverse("account_login"))
    client.force_login(northwind.person)
    assert client.get(address(name)).status_code == 404
    assert browser.get(address(name, "no-such-client")).status_code == 404


@pytest.mark.parametrize("quarter", ["", "2026-Q2", "2026-Q4"])
@pytest.mark.parametrize("language", ["", "fr"])
def test_it_is_the_very_page_that_the_client_gets(
    northwind: Shown, browser: Browser, client: Browser, quarter: str, language: str
) -> None:
    type(northwind.person)._default_manager.filter(pk=northwind.person.pk).update(language=language)
    client.force_login(northwind.person)
    theirs = client.get("/portal/", {"quarter": quarter})
    PortalVisit.objects.all().delete()
    seen = browser.get(address("as_client"), {"quarter": quarter})
    assert seen.status_code == 200
    banner = re.search(rb'<div class="seen-as".*?</a>\s*</div>(?=<header class="portal-top">)', seen.content, re.DOTALL)
    assert banner is not None
    assert b"what Dana of Northwind sees" in banner[0]
    alone = seen.content.replace(banner[0], b"")
    assert without_tokens(alone) == without_tokens(theirs.content)
    assert not PortalVisit.objects.exists()


@pytest.mark.parametrize("confidential", [None, True])
def test_neither_looking_on_nor_a_colleague_can_tell_that_somebody_answered(
    northwind: Shown, browser: Browser, client: Browser, confidential: bool | None
) -> None:
    kim = shown.contact_person(northwind.client, "Kim")
    assert kim.person is not None
    client.force_login(kim.person)

    def seen() -> list[str]:
        pages = [client.get("/portal/"), *(browser.get(address("as_client"), {"who": who}) for who in asked)]
        return [without_tokens(page.content) for page in pages]

    asked = ["", northwind.dana.external_id, kim.external_id]
    before = seen()
    builders.pulse(northwind.client, timezone.now().date(), trust=4, confidential=confidential)
    assert seen() == before
    assert "Say how we work together" in before[1]


def test_what_is_kept_is_not_in_it(browser: Browser) -> None:
    page = text(browser.get(address("as_client")))
    for words in shown.KEPT:
        assert words not in page, words


def test_without_anybody_who_signs_in_it_is_shown_all_the_same(northwind: Shown, browser: Browser) -> None:
    northwind.client.contacts.update(person=None)
    page = text(browser.get(address("as_client")))
    assert "Nobody of the client can sign in yet." in page
    assert "Win the north" in page


def test_who_opened_what_is_told_to_the_agency(northwind: Shown, browser: Browser, client: Browser) -> None:
    assert "Nobody of the client has opened it yet." in text(browser.get(address("client_view")))
    client.force_login(northwind.person)
    client.get("/portal/")
    for name in ("client_view", "account"):
        page = text(browser.get(address(name)))
        assert "Dana" in page
        assert "Opened their page" in page


def test_it_costs_few_queries_however_much_there_is(
    northwind: Shown, browser: Browser, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(30):
        builders.goal(northwind.client, shown.AS_OF, f"Goal {number}")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        browser.get(address("client_view"))
