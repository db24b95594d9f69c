"""The quarterly review: who sees it, what it holds, where it leads, and what it costs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Client, Person
from metrics.models import ClientQuarter
from metrics.queries.quarter import accounts as query
from metrics.views import quarter as view
from tests import builders
from tests.metrics import portfolios

pytestmark = pytest.mark.django_db

PAGE = "/quarter/"
Q1 = "/quarter/2026-Q1/"
Q3 = "/quarter/2025-Q3/"


@pytest.fixture
def lena() -> Person:
    return builders.lena()


@pytest.fixture
def clients(lena: Person) -> dict[str, Client]:
    found = portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    return found


@pytest.fixture
def browser_of_omar(client: Browser) -> Browser:
    client.force_login(builders.omar())
    return client


def fill_in(browser: Browser, path: str = PAGE) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split()).replace("\N{NO-BREAK SPACE}", " ")


def part(page: str, name: str) -> str:
    return page.partition(f'<section class="part" id="{name}"')[2].partition('<section class="part"')[0]


def half(page: str, client: Client) -> str:
    return page.partition(f'aria-labelledby="half-{client.external_id}"')[2].partition("</article>")[0]


# Who sees it, and which


@pytest.mark.parametrize("path", [PAGE, Q1])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", [PAGE, Q1])
@pytest.mark.parametrize("role", [Person.Role.ACCOUNT_MANAGER, Person.Role.CONTACT])
def test_it_does_not_exist_for_others_than_leadership(
    client: Browser, clients: dict[str, Client], path: str, role: Person.Role
) -> None:
    client.force_login(builders.person("Noor", role=role))
    assert client.get(path).status_code == 404


def test_it_is_read_and_never_written(browser_of_omar: Browser) -> None:
    assert browser_of_omar.post(PAGE).status_code == 405


def test_it_opens_on_the_last_quarter_that_has_ended(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    assert "Quarterly review, Q1 2026" in fill_in(browser_of_omar)
    assert "Quarterly review, Q3 2025" in fill_in(browser_of_omar, Q3)


def test_a_quarter_that_was_chosen_leads_to_its_page(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    response = browser_of_omar.get(PAGE, {"quarter": "2025-Q3"})
    assert (response.status_code, response["Location"]) == (302, Q3)
    page = fill_in(browser_of_omar, Q3)
    assert '<option value="2025-Q3" selected>' in page
    assert '<option value="2026-Q1"' in page
    assert "2026-Q2" not in page  # in progress


@pytest.mark.parametrize("label", ["2026-Q3", "2024-Q4", "2026-Q5", "nonsense"])
def test_a_quarter_that_is_not_there_is_not_found(
    browser_of_omar: Browser, clients: dict[str, Client], label: str
) -> None:
    assert browser_of_omar.get(f"/quarter/{label}/").status_code == 404


def test_a_quarter_in_progress_has_no_review_and_leads_to_the_last_that_ended(
    browser_of_omar: Browser, clients: dict[str, Client]
) -> None:
    page = fill_in(browser_of_omar, "/quarter/2026-Q2/")
    assert "Q2 2026 has not ended" in page
    assert f'href="{Q1}"' in page
    assert 'class="part"' not in page


def test_before_any_quarter_has_ended_it_says_what_will_appear(browser_of_omar: Browser) -> None:
    assert "There is no quarter to look back on yet" in fill_in(browser_of_omar)
    portfolios.account("Northwind", met=None, since=date(2026, 4, 1))
    portfolios.store_figures()
    page = fill_in(browser_of_omar)
    assert "Q2 2026 has not ended" in page
    assert "the last that has ended" not in page


# The agency


def test_it_begins_with_the_finding_of_the_portfolio(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = part(fill_in(browser_of_omar), "agency")
    assert (
        'Northwind hits its <em class="numbers">numbers</em> while its <em class="scope">scope</em> stands still.'
        " It carries $12k." in page
    )
    assert '2 <span class="stat-unit">of 4</span>' in page
    assert "Interval 15–85 %" in page
    assert "Expansion reads as strong, and is not settled: the interval reaches below 20 %." in page
    assert "takes the change of 2 accounts" in page
    assert "No advice on record was debated or resisted." in page
    assert "can’t be told yet: there are too few cases" in page


def test_it_says_what_prices_did(browser_of_omar: Browser) -> None:
    retainer = builders.retainer_since(builders.client("Northwind"), date(2025, 1, 1), 1000)
    portfolios.store_figures()
    assert "Prices did none of it: what changed is scope." in fill_in(browser_of_omar)
    builders.scope_change(retainer, "price", date(2025, 9, 1), -50)
    portfolios.store_figures()
    assert "Prices did −5.0 points of it, not the relationship." in fill_in(browser_of_omar)


def test_benchmarks_stand_beside_the_whole_interval(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    builders.benchmark("Beyond", 99)
    page = part(fill_in(browser_of_omar), "agency")
    assert "all of our interval lies below" in page
    assert "all of our interval lies above" in page  # the retail one of 12 %
    assert "ours may be either side" in page


def test_advice_is_told_in_a_line(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    builders.recommendation(clients["Northwind"], date(2026, 1, 5), reception="resisted", stance="defended")
    builders.recommendation(clients["Contoso"], date(2026, 1, 5), reception="debated", stance="compromised")
    portfolios.store_figures()
    assert "Two pieces of advice were debated or resisted: one defended, one softened" in fill_in(browser_of_omar)


def test_before_there_is_a_year_there_is_no_rate(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = part(fill_in(browser_of_omar, "/quarter/2025-Q2/"), "agency")
    assert "No expansion rate yet" in page
    assert "A rate takes a year: it begins with the fourth quarter." in page


# What moved


def test_it_says_who_grew_shrank_and_came(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = part(fill_in(browser_of_omar, Q3), "moved")
    # 6,000 of Contoso, and 7,200 euros of Fabrikam at 1.5, within the quarter of August 2025.
    assert "Two accounts gave us $16.8k more scope, and one account took $7,200 back." in page
    grew = page.partition('id="moved-expanding"')[2].partition("</section>")[0]
    assert grew.index("Fabrikam") < grew.index("Contoso")
    assert "+€7,200" in grew
    assert "+$6,000" in grew
    assert "−$7,200" in page.partition('id="moved-contracting"')[2]
    came = part(fill_in(browser_of_omar), "moved")
    assert "One account came with $0, and no other scope moved." in came
    assert "1 is in no sum, for want of an exchange rate" in came


def test_it_says_which_patterns_moved_and_why(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = part(fill_in(browser_of_omar, Q3), "moved")
    assert "Four accounts changed their pattern." in page
    assert page.count("Its first pattern") == 4
    builders.scope_change(clients["Contoso"].engagements.get(), "contraction", date(2025, 11, 1), -600)
    portfolios.store_figures()
    page = part(fill_in(browser_of_omar, "/quarter/2025-Q4/"), "moved")
    assert "One account changed its pattern: one no longer grows." in page
    contoso = page.partition(">Contoso</a>")[2].partition("</li>")[0]
    assert contoso.index("Compounding trust") < contoso.index("Good numbers, stalling")
    assert "Over the quarters it is read from, the scope is down by $1,200." in contoso


def test_a_score_that_moved_is_told_with_what_moved_furthest(
    browser_of_omar: Browser, clients: dict[str, Client]
) -> None:
    rows = ClientQuarter.objects.filter(client=clients["Contoso"])
    rows.filter(quarter="2025-Q4").update(partnership_score=50, coverage=6, score=[50, 40, 30] + [None] * 7)
    rows.filter(quarter="2026-Q1").update(partnership_score=55, coverage=7, score=[52, 60, 30] + [None] * 7)
    page = part(fill_in(browser_of_omar), "moved")
    assert "One partnership came closer by 5 points or more." in page
    assert "Furthest: Approach, +20." in page
    assert "7 of 10 attributes known, 6 before." in page
    rows.filter(quarter="2026-Q1").update(partnership_score="54.99")
    assert "No partnership score moved by 5 points or more." in part(fill_in(browser_of_omar), "moved")


# Each account


def test_every_account_has_its_half_page_in_its_pattern(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = part(fill_in(browser_of_omar), "accounts")
    order = ("Contoso", "Northwind", "Fabrikam", "Tailspin", "Litware")
    assert page.count('class="card half"') == 5
    places = [page.index(f'aria-labelledby="half-{clients[name].external_id}"') for name in order]
    assert places == sorted(places)
    assert 'id="accounts-stalling"' in page
    northwind = half(page, clients["Northwind"])
    assert 'href="/accounts/northwind/?quarter=2026-Q1"' in northwind
    assert "Lena" in northwind
    assert 'have been good for <em class="numbers">five quarters</em>' in northwind
    assert "3 of 3 targets met" in northwind
    assert "None: the scope is as it was." in northwind
    assert northwind.count('<svg class="spark') == 2
    assert "no attribute has both views" in northwind


def test_it_lists_the_changes_of_the_quarter_and_who_started_them(
    browser_of_omar: Browser, clients: dict[str, Client]
) -> None:
    page = half(fill_in(browser_of_omar, Q3), clients["Contoso"])
    assert "Expansion, Retainer" in page
    assert "started by the client" in page
    assert "+$6,000" in page
    assert "None: the scope is as it was." in half(fill_in(browser_of_omar), clients["Contoso"])


def test_many_changes_are_counted(
    browser_of_omar: Browser, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.scope_change(clients["Contoso"].engagements.get(), "expansion", date(2025, 9, 1), 10)
    portfolios.store_figures()
    monkeypatch.setattr(view, "ENTRIES_TOLD", 1)
    assert "and 1 more in its ledger" in half(fill_in(browser_of_omar, Q3), clients["Contoso"])


def test_it_says_the_last_check_in_the_term_and_the_widest_gap(browser_of_omar: Browser) -> None:
    client = builders.client("Northwind")
    retainer = builders.engagement(client, notice_days=90)
    builders.scope_change(retainer, "start", date(2025, 1, 1), 1000)
    builders.check_in(client, date(2026, 3, 20))
    builders.check_in(client, date(2026, 4, 20))
    builders.pulse(client, date(2026, 2, 1), trust=1, value=3)
    builders.pulse(client, date(2026, 2, 1), side="agency", trust=5, value=3)
    portfolios.store_figures()
    page = half(fill_in(browser_of_omar), client)
    assert '<time datetime="2026-03-20">' in page
    assert "none, 90 days of notice" in page
    assert 'Trust <span class="muted">they say 0, we say 100</span>' in page
    builders.scope_change(retainer, "renewal", date(2026, 3, 1), ends_on=date(2026, 12, 31))
    portfolios.store_figures()
    page = half(fill_in(browser_of_omar), client)
    assert 'to <time datetime="2026-12-31">' in page
    assert "Renewal, Retainer" in page
    assert "who started it is not known" not in page


def test_only_the_largest_are_told_where_there_are_many(
    browser_of_omar: Browser, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query.accounts, "__defaults__", (2,))
    page = part(fill_in(browser_of_omar), "accounts")
    assert "The 2 that matter most of 5" in page
    assert page.count('class="card half"') == 2
    assert 'href="/portfolio/?quarter=2026-Q1&amp;pattern=stalling"' in page
    assert "1 smaller account of this pattern is in the portfolio" in page
    # Fabrikam's 25,200 euros at 1.5 come before all others but Contoso's 30,000 dollars.
    assert "half-fabrikam" in page
    assert "half-contoso" in page


def test_what_is_not_visible_is_nowhere(
    browser_of_omar: Browser, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Client.objects.exclude(external_id="northwind")
    monkeypatch.setattr("accounts.access.visible_clients", lambda user: seen)
    page = fill_in(browser_of_omar)
    assert "Northwind" not in page
    assert "Contoso" in page
    monkeypatch.setattr("accounts.access.visible_clients", lambda user: Client.objects.none())
    page = fill_in(browser_of_omar)
    assert "No account had scope in this quarter." in page


def test_a_name_is_never_markup(browser_of_omar: Browser) -> None:
    portfolios.account("<b>Bold</b> & Co", met=True, later=100, external_id='a"b<c')
    portfolios.store_figures()
    for path in (PAGE, Q3):
        page = fill_in(browser_of_omar, path)
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in page
        assert "<b>Bold" not in page


def test_what_it_is_of_stands_at_the_edge_of_each_sheet(browser_of_omar: Browser, clients: dict[str, Client]) -> None:
    page = fill_in(browser_of_omar)
    assert 'data-review="Quarterly review, Q1 2026"' in page
    assert 'data-as-of="Figures as of 15 May 2026"' in page
    assert "review-pages.css" in page


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_eight_queries_however_many_clients(
    browser_of_omar: Browser, lena: Person, count: int, django_assert_num_queries: Any
) -> None:
    portfolios.many(count, lena)
    portfolios.store_figures()
    with django_assert_num_queries(8):
        fill_in(browser_of_omar)
