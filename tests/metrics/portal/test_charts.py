"""A client's chart of results and scope: amounts find room, whichever language they are written in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import plotly.graph_objects as go
import pytest

from accounts import languages
from accounts.periods import Quarter
from metrics.portal.charts import results_and_scope
from metrics.portal.queries import QuarterShown
from metrics.printing import money_text


def quarters(*scopes: int) -> list[QuarterShown]:
    """Quarters of 2026, each with the scope at its end."""
    found, before = [], scopes[0]
    for number, scope in enumerate(scopes):
        quarter = Quarter(date(2026, 3 * number + 1, 1))
        found.append(
            QuarterShown(
                quarter.label,
                quarter.start,
                quarter.end,
                False,
                2,
                3,
                scope_start=Decimal(before),
                scope_end=Decimal(scope),
            )
        )
        before = scope
    return found


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize(("language", "latest"), [("en", "$486k"), ("fr", "486\xa0k\xa0$"), ("de", "486\xa0Tsd.\xa0$")])
def test_amounts_find_room_beside_the_chart(language: str, latest: str, narrow: bool) -> None:
    with languages.speaking(language):
        figure = results_and_scope(
            quarters(396_000, 396_000, 486_000), partial(money_text, currency="USD"), narrow=narrow
        )
    go.Figure(figure)
    margin = figure["layout"]["margin"]
    assert latest in [note["text"] for note in figure["layout"]["annotations"]]
    assert margin["r"] >= 10 + 7.5 * len(latest)
    assert margin["l"] >= 6 * max(len(text) for text in figure["layout"]["yaxis2"]["ticktext"])


def test_what_moved_is_written_where_its_words_find_room() -> None:
    rows = quarters(300_000, 360_000, 450_000)
    written = {}
    for language in ("en", "de"):
        with languages.speaking(language):
            figure = results_and_scope(rows, partial(money_text, currency="USD"), narrow=True)
        written[language] = figure["data"][1]["text"]
    assert written["en"] == ["+$60k", "+$90k"]
    assert written["de"] == ["+60\xa0Tsd.\xa0$", "+90\xa0Tsd.\xa0$"]
    with languages.speaking("de"):
        crowded = results_and_scope([*rows, *rows, *rows], partial(money_text, currency="USD"), narrow=True)
    assert set(crowded["data"][1]["text"]) == {""}
