"""The catalogue: every figure has an entry, every entry its twelve parts, and what they say agrees with the code."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from accounts.settings_in_force import ATTRIBUTES, DEFAULTS
from metrics import exporting
from metrics.catalogue import BY_CODE, BY_INDICATOR, GROUPS, METRICS, PARTS, Metric
from metrics.figures.signal import INDICATORS
from metrics.models import ClientCandour, ClientQuarter, ExpansionRate, LineQuarter, Signal

KEYS = {"client", "quarter", "in_progress", "window", "segment"}
"""Columns that say which row it is."""
BOOKKEEPING = {"id", "starts_on", "ends_on", "listed", "settings_version", "year_starts_on", "service_line"}
"""What is stored to find a row, and shown as no figure."""
CALENDAR_AND_NIGHT = {"fiscal_year_month", "time_zone", "night_hour"}
"""Settings on which every figure depends, or none."""

each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)


def words_of(metric: Metric) -> list[str]:
    return [str(words) for part in metric.card for words in part.words]


def test_every_exported_column_has_an_entry() -> None:
    explained = {column for metric in METRICS for column in metric.columns}
    shown = {
        f"{file} {column}"
        for file, columns, _rows in exporting._FILES
        for column in columns.split()
        if column not in KEYS
    }
    assert explained == shown


def test_every_stored_figure_has_an_entry() -> None:
    explained = {column.split()[1] for metric in METRICS for column in metric.columns}
    explained |= {name for metric in METRICS for name in metric.stored}
    stored = {
        field.name
        for model in (ClientQuarter, LineQuarter, ClientCandour, ExpansionRate, Signal)
        for field in model._meta.get_fields()
    }
    assert stored - KEYS - BOOKKEEPING <= explained


def test_every_indicator_of_the_signal_test_has_an_entry() -> None:
    assert set(BY_INDICATOR) == set(INDICATORS)


def test_every_setting_is_shown_with_the_figures_that_depend_on_it() -> None:
    assert {name for metric in METRICS for name in metric.settings} == DEFAULTS.keys() - CALENDAR_AND_NIGHT


def test_entries_are_in_groups_and_the_ten_attributes_in_their_order() -> None:
    assert {metric.group for metric in METRICS} == set(GROUPS)
    order = list(GROUPS)
    places = [order.index(metric.group) for metric in METRICS]
    assert places == sorted(places)
    assert tuple(metric.code for metric in METRICS if metric.group == "attributes") == ATTRIBUTES


@each_metric
def test_each_metric_has_a_file_of_its_own(metric: Metric) -> None:
    assert import_module(f"metrics.catalogue.{metric.code}").METRIC is metric
    assert BY_CODE[metric.code] is metric


@each_metric
def test_the_first_line_of_a_card_is_what_the_function_says_of_itself(metric: Metric) -> None:
    documented = inspect.getdoc(metric.figure)
    assert documented is not None
    assert str(metric.line) == documented.splitlines()[0]


@each_metric
def test_no_card_lacks_a_part(metric: Metric) -> None:
    parts = list(metric.card)
    assert [part.code for part in parts] == list(PARTS)
    assert len(parts) == 12
    for part in parts:
        assert part.words
        for words in map(str, part.words):
            assert len(words) > 25, f"{part.code} says nothing: {words}"
            assert words[-1] in ".?", f"{part.code} is no sentence: {words}"
            assert not re.search(r"[{}]|  ", words), f"{part.code} has a hole: {words}"
    assert len(metric.card.questions) > 1
    assert len(metric.card.what_to_do) > 1
    assert all(str(question).endswith("?") for question in metric.card.questions)


def test_no_two_parts_are_alike() -> None:
    counted = Counter(words for metric in METRICS for words in words_of(metric))
    assert [words for words, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("metric", [one for one in METRICS if one.bands], ids=lambda metric: metric.code)
def test_bands_are_those_of_the_figure_and_stand_in_the_formula(metric: Metric) -> None:
    assert metric.band_of is not None
    formula = str(metric.card.formula)
    step = Decimal("0.0001")
    for before, band in zip((None, *metric.bands), metric.bands, strict=False):
        assert metric.band_of(band.starts_at) == band.code
        assert str(band.name).lower() in formula
        if before is not None:
            assert metric.band_of(band.starts_at - step) == before.code
            assert re.search(rf"\b{band.starts_at}\b", formula)
    assert metric.band_of(Decimal(100)) == metric.bands[-1].code


@pytest.mark.parametrize(
    ("code", "part", "constant"),
    [
        ("swing", "formula", "metrics.figures.attainment.FEWEST_FOR_SWING"),
        ("pattern", "formula", "metrics.figures.pattern.FEWEST_QUARTERS"),
        ("pattern", "formula", "metrics.figures.pattern.FEWEST_ATTAINMENTS"),
        ("partnership_score", "formula", "metrics.figures.partnership.FEWEST_ATTRIBUTES"),
        ("coverage", "formula", "metrics.figures.partnership.FEWEST_ATTRIBUTES"),
        ("trust_signs", "formula", "metrics.figures.partnership.FEWEST_TICKS"),
        ("action", "formula", "metrics.figures.partnership.FEWEST_ADVICE"),
        ("ownership", "formula", "metrics.figures.partnership.ENOUGH_PEOPLE"),
        ("ownership", "how_it_is_measured", "metrics.figures.blind_spots.PULSE_DAYS"),
        ("trust", "how_it_is_measured", "metrics.figures.client.FAILURE"),
        ("trust", "how_it_is_measured", "metrics.figures.client.PATIENCE"),
        ("signal", "formula", "metrics.figures.signal.FEWEST_GROWERS"),
        ("signal", "formula", "metrics.figures.signal.COIN"),
        ("signal", "how_it_is_measured", "metrics.figures.signal.QUARTERS_LATER"),
        ("perception_gap", "how_it_is_measured", "metrics.figures.partnership.ENOUGH_ANSWERS"),
        ("confidence", "how_it_is_measured", "metrics.figures.partnership.ENOUGH_CONFIDENTIAL"),
    ],
)
def test_numbers_in_a_card_are_those_the_figure_is_computed_with(code: str, part: str, constant: str) -> None:
    module, _, name = constant.rpartition(".")
    value = getattr(import_module(module), name)
    assert re.search(rf"(?<![\d.]){re.escape(str(value))}(?![\d.]*\d)", str(getattr(BY_CODE[code].card, part)))


def test_metrics_named_in_templates_exist() -> None:
    named = {
        code
        for template in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for code in re.findall(r"{% metric(?:_name)? \"([^\"]+)\"", template.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= BY_CODE.keys()
