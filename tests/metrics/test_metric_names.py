"""The names of metrics on a page: each is a link that says what it is, and leads to its definition."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template import Context, Template

from metrics.catalogue import BY_CODE


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
