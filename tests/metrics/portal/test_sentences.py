"""What a client's page says in sentences: counts in words; the one, none and all of each, in three languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from accounts.queries.account_records import GoalRecord
from metrics.portal.queries import AdviceShown, HomePage, QuarterShown, Section
from metrics.portal.sentences import advice_heading, finding, goals_heading, results_heading, view_heading
from metrics.printing import NO_BREAK, money_text

START, END = date(2026, 7, 1), date(2026, 10, 1)


def quarter(met: int, of: int, scope: int = 0, *, in_progress: bool = False) -> QuarterShown:
    return QuarterShown("2026-Q3", START, END, in_progress, met, of, scope_end=Decimal(scope))


def page(shown: QuarterShown) -> HomePage:
    return HomePage(1, "Northwind", "USD", "", False, END, frozenset({Section.WORKING.value}), quarters=(shown,))


def found(shown: QuarterShown) -> str:
    """As it is read: of a quarter nothing stands on the next line."""
    said = "".join(span.text for span in finding(page(shown), lambda amount: money_text(amount, "USD")))
    return said.replace(f"3{NO_BREAK}2026", "3 2026")


@pytest.mark.parametrize(
    ("language", "met", "of", "sentence"),
    [
        ("en", 8, 9, "Eight of nine targets were met in Q3 2026."),
        ("en", 10, 12, "10 of 12 targets were met in Q3 2026."),
        ("en", 1, 3, "One of three targets was met in Q3 2026."),
        ("en", 0, 3, "None of three targets was met in Q3 2026."),
        ("en", 3, 3, "All three targets were met in Q3 2026."),
        ("en", 2, 2, "Two of two targets were met in Q3 2026."),
        ("en", 1, 1, "The one target was met in Q3 2026."),
        ("en", 0, 1, "The one target was not met in Q3 2026."),
        ("fr", 8, 9, "Huit cibles sur neuf ont été atteintes au T3 2026."),
        ("fr", 1, 3, "Une cible sur trois a été atteinte au T3 2026."),
        ("fr", 0, 3, "Aucune des trois cibles n’a été atteinte au T3 2026."),
        ("fr", 3, 3, "Les trois cibles ont toutes été atteintes au T3 2026."),
        ("fr", 1, 1, "La seule cible a été atteinte au T3 2026."),
        ("de", 8, 9, "Acht von neun Zielwerten wurden im Q3 2026 erreicht."),
        ("de", 1, 3, "Einer von drei Zielwerten wurde im Q3 2026 erreicht."),
        ("de", 0, 3, "Keiner von drei Zielwerten wurde im Q3 2026 erreicht."),
        ("de", 3, 3, "Alle drei Zielwerte wurden im Q3 2026 erreicht."),
        ("de", 1, 1, "Der eine Zielwert wurde im Q3 2026 erreicht."),
    ],
)
def test_targets_are_counted_in_words(language: str, met: int, of: int, sentence: str) -> None:
    with override(language):
        assert found(quarter(met, of)) == results_heading(quarter(met, of)) == sentence


@pytest.mark.parametrize(
    ("met", "of", "sentence"),
    [
        (2, 3, "So far two of three targets are met in Q3 2026."),
        (1, 3, "So far one of three targets is met in Q3 2026."),
        (0, 3, "So far none of three targets is met in Q3 2026."),
        (3, 3, "So far all three targets are met in Q3 2026."),
        (1, 1, "So far the one target is met in Q3 2026."),
        (0, 1, "So far the one target is not met in Q3 2026."),
    ],
)
def test_a_quarter_in_progress_is_told_so_far_and_begins_no_page(met: int, of: int, sentence: str) -> None:
    so_far = quarter(met, of, in_progress=True)
    assert results_heading(so_far) == sentence
    assert found(so_far) == ""


def test_the_page_begins_with_the_targets_and_the_scope_or_with_what_there_is_of_them() -> None:
    assert found(quarter(8, 9, 720_000)) == "Eight of nine targets were met in Q3 2026. Your scope is $720k a year."
    assert found(quarter(0, 0, 720_000)) == "At the end of Q3 2026, your scope is $720k a year."
    assert found(quarter(0, 0)) == ""
    with override("de"):
        assert " erreicht. Ihr Leistungsumfang beträgt 720" in found(quarter(2, 3, 720_000))


@pytest.mark.parametrize(
    ("language", "count", "sentence"),
    [
        ("en", 0, "No goal is open at the moment."),
        ("en", 1, "We work towards one goal."),
        ("en", 2, "We work towards two goals."),
        ("fr", 1, "Nous travaillons à un objectif."),
        ("fr", 2, "Nous travaillons à deux objectifs."),
        ("de", 1, "Wir arbeiten an einem Ziel."),
        ("de", 2, "Wir arbeiten an zwei Zielen."),
    ],
)
def test_goals_are_counted_in_words(language: str, count: int, sentence: str) -> None:
    goals = [GoalRecord(1, "g", "Win the north", START, None, None, "open", None)] * count
    with override(language):
        assert goals_heading(goals) == sentence


@pytest.mark.parametrize(
    ("language", "count", "sentence"),
    [
        ("en", 1, "One piece of advice waits for your decision."),
        ("en", 3, "Three pieces of advice wait for your decision."),
        ("fr", 1, "Un conseil attend votre décision."),
        ("fr", 3, "Trois conseils attendent votre décision."),
        ("de", 1, "Eine Empfehlung wartet auf Ihre Entscheidung."),
        ("de", 3, "Drei Empfehlungen warten auf Ihre Entscheidung."),
    ],
)
def test_advice_is_counted_in_words(language: str, count: int, sentence: str) -> None:
    with override(language):
        assert advice_heading([AdviceShown("a", START, "Stop it", "pending", "", None)] * count) == sentence


@pytest.mark.parametrize(
    ("language", "count", "sentence"),
    [
        ("en", 1, "Your view of working together, on one of ten attributes"),
        ("en", 6, "Your view of working together, on six of ten attributes"),
        ("fr", 1, "Votre regard sur notre collaboration, sur un des dix critères"),
        ("fr", 6, "Votre regard sur notre collaboration, sur six des dix critères"),
        ("de", 1, "Ihre Sicht auf die Zusammenarbeit, bei einem von zehn Merkmalen"),
        ("de", 6, "Ihre Sicht auf die Zusammenarbeit, bei sechs von zehn Merkmalen"),
    ],
)
def test_attributes_are_counted_in_words(language: str, count: int, sentence: str) -> None:
    view = (Decimal(50),) * count + (None,) * (10 - count)
    shown = QuarterShown("2026-Q3", START, END, False, view=view)
    with override(language):
        assert view_heading(page(shown)) == sentence
