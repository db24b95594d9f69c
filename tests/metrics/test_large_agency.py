"""What each page asks of the database: as much for three clients as for three thousand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from tests import builders
from tests.metrics import portfolios
from tests.metrics.test_portfolio import TABLE, card, fill_in, lines

pytestmark = pytest.mark.django_db

QUERIES = {
    "/portfolio/": 8,
    TABLE: 4,
    f"{TABLE}?q=Client+00&sort=name&page=1": 4,
    "/my-accounts/": 5,
    "/accounts/client-1/": 8,
    "/accounts/client-1/content/": 8,
    "/segments/": 6,
    "/quarter/": 8,
    "/jump/?q=client": 6,
    "/jump/results/?q=client": 5,
    "/definitions/": 6,
    "/definitions/attainment/": 4,
    "/settings/": 4,
}
"""Pages and fragments, and what each may cost, session and user included."""


@pytest.fixture
def leader() -> Person:
    """Somebody who leads every account, and to whom every page is open."""
    return builders.lena(role=Person.Role.LEADERSHIP)


@pytest.mark.parametrize("count", [3, 3_000])
def test_no_page_asks_more_of_a_larger_agency_and_each_can_be_read(client: Browser, leader: Person, count: int) -> None:
    portfolios.store_many(count, leader)
    client.force_login(leader)
    asked: dict[str, int] = {}
    pages: dict[str, str] = {}
    for path in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            pages[path] = fill_in(client, path)
        asked[path] = len(queries)
    assert asked == QUERIES
    with CaptureQueriesContext(connection) as queries:
        assert len(lines(client)) == count
    assert len(queries) == 5, "that the accounts were taken along is noted"
    drawn = card(pages["/portfolio/"], "map").partition("<tbody>")[2].count("<tr>")
    said = "The 100 accounts with the largest scope, of 3,000 that have a pattern."
    assert (drawn, said in pages["/portfolio/"]) == (min(count, 100), count > 100)
    assert pages["/quarter/"].count('class="card half"') == min(count, 100)
