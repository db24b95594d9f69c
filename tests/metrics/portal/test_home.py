"""A client's page: who sees it, what stands on it, and what never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import PortalVisit, SharedSection
from accounts.periods import Quarter
from tests import builders
from tests.metrics.portal import shown
from tests.metrics.portal.shown import Shown
from tests.metrics.test_account import text

pytestmark = pytest.mark.django_db
HOME = "/portal/"
SECTIONS = SharedSection.Section.values
TITLES = [
    f'id="{name}-title"' for name in ("goals", "results", "scope", "agreed", "view", "advice", "proposals", "people")
]


@pytest.fixture
def northwind() -> Shown:
    found = shown.northwind()
    shown.compute()
    return found


def page_of(found: Shown, **query: str) -> str:
    browser = Browser()
    browser.force_login(found.person)
    return text(browser.get(HOME, query))


def test_a_client_arrives_at_its_page(northwind: Shown, client: Browser) -> None:
    client.force_login(northwind.person)
    assert client.get("/").headers["Location"] == HOME
    assert client.get(HOME).status_code == 200


def test_the_agencys_people_and_strangers_have_no_page_there(northwind: Shown, client: Browser) -> None:
    assert client.get(HOME).headers["Location"].startswith(reverse("account_login"))
    for person in (northwind.lena, builders.omar(), builders.noor()):
        client.force_login(person)
        assert client.get(HOME).status_code == 404
        assert client.get("/portal/visits/").status_code == 404


def test_all_that_is_shown_stands_there(northwind: Shown) -> None:
    page = page_of(northwind)
    for title in TITLES:
        assert page.count(title) == 1
    for words in (
        "Win the north",
        "Qualified leads",
        "Media retainer",
        "Plan for the spring",
        "Test the offer first",
        "Yours to decide",
        "A pilot in the north",
        "Lena",
        "Leads the work for you",
        "Marketing director",
        "All three targets",
        "Your scope is $150k a year",
    ):
        assert words in page, words


def test_nothing_that_is_kept_stands_there(northwind: Shown) -> None:
    for quarter in ("", "2026-Q2", "2026-Q4"):
        page = page_of(northwind, quarter=quarter)
        for words in shown.KEPT:
            assert words not in page, words


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_closed_is_not_there(northwind: Shown, section: str) -> None:
    SharedSection.objects.exclude(section=section).delete()
    page = page_of(northwind)
    there = [title for title in TITLES if title in page]
    assert there == [TITLES[SECTIONS.index(section)]]
    SharedSection.objects.all().delete()
    page = page_of(northwind)
    assert not any(title in page for title in TITLES)
    assert "Nothing has been opened here yet" in page


def test_a_record_that_is_marked_no_more_is_gone(northwind: Shown) -> None:
    for model in (type(northwind.goal), type(northwind.kpi)):
        model._default_manager.update(shared=False)
    page = page_of(northwind)
    assert "Win the north" not in page  # not where its proposal names it, either
    assert "Qualified leads" not in page
    assert "targets" not in page


def test_targets_are_counted_among_those_that_are_shown(northwind: Shown) -> None:
    # Of the KPI that is kept no target was met: it would be three of six.
    assert "All three targets" in page_of(northwind)
    assert "None of three targets" in page_of(northwind, quarter="2026-Q1")


def test_the_view_is_a_mean_of_three_and_nobodys_answer(northwind: Shown) -> None:
    page = page_of(northwind)
    assert '<span class="name">Trust</span>' in page
    assert ">4</span>" in page or ">4.0</span>" in page
    assert page.count('class="portal-view"') == 2
    assert '<span class="name">Approach</span>' not in page


@pytest.mark.parametrize("confidential", [None, True])
def test_whoever_has_answered_is_thanked_and_asked_no_more(northwind: Shown, confidential: bool | None) -> None:
    today = timezone.now().date()
    assert "Say how we work together" in page_of(northwind)
    # A colleague's answer, and one of a quarter ago, are not theirs of this quarter.
    builders.pulse(northwind.client, today, respondent="kim@northwind.example", trust=4)
    builders.pulse(northwind.client, Quarter.containing(today).start - timedelta(days=1), trust=4)
    assert "Say how we work together" in page_of(northwind)
    builders.pulse(northwind.client, today, trust=4, confidential=confidential)
    page = page_of(northwind)
    assert "Say how we work together" not in page
    assert "Thank you: you said on" in page


def test_with_two_answers_no_view_is_told() -> None:
    found = shown.northwind()
    found.client.pulses.filter(respondent__startswith="kim").delete()
    shown.compute()
    page = page_of(found)
    assert '<span class="name">Trust</span>' not in page
    assert "once three or more of you have answered" in page


def test_another_client_is_nowhere_in_it(northwind: Shown) -> None:
    other = shown.northwind(lena=northwind.lena, name="Contoso")
    type(other.goal)._default_manager.filter(pk=other.goal.pk).update(title="Leave the south")
    assert "Contoso" not in page_of(northwind)
    assert "Leave the south" not in page_of(northwind)
    assert "Leave the south" in page_of(other)


def test_a_quarter_in_progress_is_told_so_and_begins_with_no_finding(northwind: Shown) -> None:
    page = page_of(northwind, quarter="2026-Q4")
    assert "Q4 2026 has not ended: this is how it stands so far." in page
    assert 'class="story"' not in page
    assert page_of(northwind, quarter="no such quarter").count("selected") == 1


def test_without_figures_the_page_stands_all_the_same(client: Browser) -> None:
    found = shown.northwind()
    client.force_login(found.person)
    assert client.get(HOME).status_code == 200


def test_what_is_opened_is_kept_once_in_a_while_and_told(northwind: Shown, client: Browser) -> None:
    client.force_login(northwind.person)
    client.head(HOME)
    assert not PortalVisit.objects.exists()
    client.get(HOME)
    client.get(HOME)
    visit = PortalVisit.objects.get()
    assert (visit.client, visit.person, visit.what) == (northwind.client, northwind.person, "home")
    page = text(client.get("/portal/visits/"))
    assert "Opened their page" not in page
    assert "You opened your page" in page
    assert PortalVisit.objects.filter(what="visits").count() == 1


def test_nobody_reads_a_colleagues_visits(northwind: Shown, client: Browser) -> None:
    kim = shown.contact_person(northwind.client, "Kim")
    client.force_login(northwind.person)
    client.get(HOME)
    client.force_login(kim.person)  # type: ignore[arg-type]
    assert "Nothing is kept yet" in text(client.get("/portal/visits/"))


def test_a_contact_who_has_left_has_no_page(northwind: Shown, client: Browser) -> None:
    northwind.dana.left_on = shown.AS_OF.replace(year=2025)
    northwind.dana.save()
    client.force_login(northwind.person)
    assert client.get(HOME).status_code == 404


def asked_of_a_page(browser: Browser) -> list[str]:
    """The statements that a page takes, without what only a test needs: transactions within one, and the way back."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(HOME).status_code == 200
    of_tests = ("SAVEPOINT", "set_config('role', 'soundings_app'")
    return [query["sql"] for query in asked if not any(words in query["sql"] for words in of_tests)]


def test_it_costs_few_queries_however_much_there_is(northwind: Shown, client: Browser) -> None:
    client.force_login(northwind.person)
    client.get(HOME)
    few = asked_of_a_page(client)
    for number in range(30):
        builders.goal(northwind.client, shown.AS_OF, f"Goal {number}", shared=True)
    assert len(asked_of_a_page(client)) == len(few) <= 8, "\n".join(query[:200] for query in few)
