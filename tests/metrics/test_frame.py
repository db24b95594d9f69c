"""Tests of the frame around every page: the places of each person, the age of the figures, and what it costs."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from metrics.context_processors import frame
from metrics.models import Horizon, Run
from tests import builders

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def places(person: Person | AnonymousUser) -> list[str]:
    request = RequestFactory().get("/")
    request.user = person
    request.resolver_match = None
    return [place.label for place in frame(request)["frame"].places]


def finished_run(ago: timedelta) -> Run:
    now = timezone.now()
    Horizon.objects.create(as_of=date(2026, 11, 22), chosen=False, fiscal_month=1)
    return Run.objects.create(kind=Run.Kind.NIGHTLY, state=Run.State.FINISHED, as_of=now.date(), finished_at=now - ago)


def test_only_places_that_exist_for_a_person_are_shown() -> None:
    assert places(builders.lena()) == ["My accounts", "Your pulses", "Portfolio", "Definitions"]
    assert places(builders.omar()) == [
        "Portfolio",
        "Quarterly review",
        "Segments",
        "Definitions",
        "Settings",
        "The night",
        "Outbox",
    ]
    everything = [
        "Portfolio",
        "Quarterly review",
        "Segments",
        "Definitions",
        "Settings",
        "The night",
        "Outbox",
        "Audit",
        "People",
        "Agency",
        "Records",
    ]
    assert places(builders.person("Ada", role=Person.Role.ADMIN)) == everything
    assert places(builders.person("Dana", role=Person.Role.CONTACT)) == []
    assert places(AnonymousUser()) == []


def test_the_page_one_is_on_is_marked_in_the_rail() -> None:
    text = signed_in(builders.omar()).get("/night/").content.decode()
    current = re.findall(r'href="([^"]*)"\s+aria-current="page"', text)
    assert current == ["/night/", "/night/"]  # in the rail, and in the menu of narrow screens


def test_every_place_leads_somewhere() -> None:
    browser = signed_in(builders.person("Ada", role=Person.Role.ADMIN))
    text = browser.get("/night/").content.decode()
    found = set(re.findall(r'class="place"\s+href="([^"]*)"', text))
    assert found == {
        "/portfolio/",
        "/quarter/",
        "/segments/",
        "/definitions/",
        "/settings/",
        "/night/",
        "/outbox/",
        "/audit/",
        "/people/",
        "/agency/",
        "/admin/",
    }
    for address in found:
        assert browser.get(address).status_code == 200


def test_the_figures_of_this_night_need_no_warning() -> None:
    finished_run(timedelta(hours=25, minutes=59))
    text = signed_in(builders.omar()).get("/night/").content.decode()
    assert 'class="banner"' not in text
    assert 'Figures as of <time datetime="2026-11-22">22 Nov 2026</time>.' in text


def test_a_banner_says_that_the_last_night_was_more_than_26_hours_ago() -> None:
    finished_run(timedelta(hours=26, minutes=1))
    text = signed_in(builders.omar()).get("/night/").content.decode()
    banner = re.search(r'<p class="banner">(.*?)</p>', text, re.DOTALL)
    assert banner
    assert re.search(r"1\sday, 2\shours ago", banner[1])


def test_before_the_first_night_the_page_says_so() -> None:
    text = signed_in(builders.omar()).get("/night/").content.decode()
    assert "No figures have been computed yet" in text
    assert "Nothing has been computed yet." in text


def test_the_frame_costs_one_query_and_nothing_where_it_is_not_shown() -> None:
    request = RequestFactory().get("/")
    request.user = builders.omar()
    request.resolver_match = None
    with CaptureQueriesContext(connection) as asked:
        found = frame(request)["frame"]
        assert found.initials == "O"
        assert len(asked) == 0
        assert found.places
        assert found.freshness.stale
        assert found.framed.pinned == ()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "email", "initials"),
    [
        ("Lena Fischer", "l@agency.example", "LF"),
        ("Anna Maria de Souza", "a@agency.example", "AS"),
        ("Plato", "p@agency.example", "P"),
        ("", "sam.okafor@agency.example", "SO"),
    ],
)
def test_a_person_is_known_by_two_letters(name: str, email: str, initials: str) -> None:
    request = RequestFactory().get("/")
    request.user = builders.person(name, email=email)
    assert frame(request)["frame"].initials == initials
