"""The names of metrics on a page: each is a link that says what it is, and leads to its definition."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client as Browser

from accounts.models import Person
from accounts.settings_in_force import ATTRIBUTES
from metrics.catalogue import BY_CODE
from tests import builders
from tests.metrics import portfolios


def rendered(source: str, **context: Any) -> str:
    return Template("{% load metric_names %}" + source).render(Context(context))


def test_a_metric_is_named_and_described_and_links_to_its_definition() -> None:
    text = rendered('{% metric_name "expansion_rate" %}')
    assert re.fullmatch(
        r'<span class="metric"><a href="/definitions/#metric-expansion_rate" aria-describedby="tip-expansion_rate">'
        r'Expansion rate</a><span class="tip" id="tip-expansion_rate" role="tooltip" popover="manual">(.+)</span>'
        r"</span>",
        text,
    )
    assert str(BY_CODE["expansion_rate"].line).partition("'")[0] in text


def test_words_of_the_page_may_stand_for_the_name() -> None:
    text = rendered('{% metric "attainment" %} {{ words }} {% endmetric %}', words="Met <in> 2026")
    assert ">Met &lt;in&gt; 2026</a>" in text
    assert "#metric-attainment" in text


def test_a_metric_named_twice_on_a_page_has_two_descriptions() -> None:
    text = rendered('{% metric_name "coverage" %}{% metric_name "coverage" place="table" %}')
    assert re.findall(r' id="([^"]+)"', text) == re.findall(r'aria-describedby="([^"]+)"', text)
    assert len(set(re.findall(r' id="([^"]+)"', text))) == 2


def test_an_unknown_metric_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendered('{% metric_name "nothing" %}')


def test_bands_have_words() -> None:
    assert rendered('{{ "strong"|band_word:"expansion_rate" }}') == "Strong"
    assert rendered('{{ ""|band_word:"expansion_rate" }}') == ""


NAMED = {
    "/portfolio/": {"pattern", "attainment", "annual_scope", "expansion_rate", "partnership_score", "into_new"},
    "/my-accounts/": {"pattern", "attainment", "annual_scope", "partnership_score"},
    "/accounts/northwind/": {
        "attainment",
        "annual_scope",
        "partnership_score",
        "coverage",
        "candour",
        "perception_gap",
    },
    "/quarter/2026-Q1/": {"expansion_rate", "pattern", "candour", "attainment", "check_in_rhythm", "perception_gap"},
    "/segments/": {"expansion_rate"},
    "/settings/": set(ATTRIBUTES),
}
"""Metrics that a page names, beside others."""


@pytest.mark.parametrize("path", NAMED)
@pytest.mark.django_db
def test_a_page_hints_at_each_metric_it_names_and_at_each_place_by_itself(client: Browser, path: str) -> None:
    lena = builders.lena(role=Person.Role.LEADERSHIP)
    portfolios.one_of_each(lena, builders.sam())
    portfolios.store_figures()
    client.force_login(lena)
    page = client.get(path).content.decode()
    tips = re.findall(r'id="(tip-[^"]+)"', page)
    assert len(tips) == len(set(tips))
    assert set(re.findall(r'aria-describedby="(tip-[^"]+)"', page)) == set(tips)
    assert NAMED[path] <= set(re.findall(r'href="/definitions/#metric-([a-z_]+)"', page))
