"""The map of the four patterns: where each account lies, and what is said of those that lie elsewhere."""

from __future__ import annotations

from decimal import Decimal
from math import pi
from typing import Any

import pytest

from metrics.charts.portfolio_map import (
    AREA,
    KINDS,
    NAMED,
    PortfolioMap,
    description,
    in_words,
    lay_out,
    portfolio_map,
)
from metrics.printing import money_text
from metrics.queries.portfolio_charts import MappedAccount
from metrics.templatetags.figures import pattern_word
from tests.metrics.charts.portfolio_rows import account, crowd, stand

GOOD = Decimal(80)
COUNTS = {"compounding": 3, "stalling": 12, "deepening": 0, "at_risk": 1}


def money(amount: Decimal) -> str:
    return money_text(amount, "USD")


def laid_out(*accounts: MappedAccount, good: Decimal = GOOD, tails: bool = True) -> PortfolioMap:
    return lay_out(accounts, good, tails=tails)


def drawn(*accounts: MappedAccount, narrow: bool = False, **fields: Any) -> dict[str, Any]:
    drawn = laid_out(*accounts, **fields)
    return portfolio_map(drawn, COUNTS, pattern_word, in_words(drawn, money), narrow=narrow)


def dots(figure: dict[str, Any], code: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace.get("name") == pattern_word(code))


def test_an_account_lies_where_its_figures_are() -> None:
    (placed,) = laid_out(account("Contoso", "compounding", 90, 25)).placed
    assert (placed.x, placed.y) == pytest.approx((90, 25))


def test_the_split_lines_are_the_thresholds() -> None:
    figure = drawn(account("Contoso", "compounding", 90, 25), good=Decimal(75))
    *_grounds, across, flat = figure["layout"]["shapes"]
    assert (across["x0"], across["x1"]) == (75.0, 75.0)
    assert (flat["y0"], flat["y1"]) == (0, 0)


def test_accounts_without_growth_lie_just_below_the_line() -> None:
    accounts = (account("Big", "stalling", 90, 0, scope=900_000), account("Small", "stalling", 100, 0, scope=1_000))
    found = laid_out(*accounts)
    pixel = (found.ys[1] - found.ys[0]) / AREA.bottom
    for placed in found.placed:
        assert placed.y + placed.radius * pixel < 0
        assert placed.y > -20 * pixel


def test_an_account_that_grew_a_little_lies_above_the_line() -> None:
    found = laid_out(account("Contoso", "compounding", 90, "0.01", scope=900_000))
    pixel = (found.ys[1] - found.ys[0]) / AREA.bottom
    assert found.placed[0].y - found.placed[0].radius * pixel > 0


def test_areas_are_to_each_other_as_scopes_whatever_the_shape() -> None:
    accounts = (
        account("Largest", "compounding", 90, 25, scope=1_000_000),
        account("Quarter of it", "stalling", 95, -25, scope=250_000),
    )
    figure = drawn(*accounts)
    (round_one,) = dots(figure, "compounding")["marker"]["size"]
    (square,) = dots(figure, "stalling")["marker"]["size"]
    assert pi / 4 * round_one**2 == pytest.approx(4 * square**2, rel=0.01)


def test_an_account_without_a_rate_is_as_small_as_can_be_seen() -> None:
    known, unknown = laid_out(
        account("Known", "compounding", 90, 25), account("Unknown", "compounding", 95, 35, scope=None)
    ).placed
    assert unknown.radius < known.radius


def test_accounts_of_one_place_are_spread_within_their_pattern_and_counted() -> None:
    accounts = [account(f"Account {number}", "stalling", 100, 0) for number in range(12)]
    found = laid_out(*accounts)
    places = {(round(placed.x, 3), round(placed.y, 3)) for placed in found.placed}
    assert len(places) == 12
    assert found.spread == 11
    for placed in found.placed:
        assert placed.x > 80
        assert placed.y < 0
    assert laid_out(accounts[0]).spread == 0


def test_a_hundred_of_one_place_still_lie_in_the_drawing() -> None:
    found = lay_out(crowd(100), GOOD)
    assert len(found.placed) == 100
    for placed in found.placed:
        assert found.xs[0] < placed.x < found.xs[1]
        assert found.ys[0] < placed.y < found.ys[1]
        kind = KINDS[placed.account.now.pattern]
        assert (placed.x >= 80) is kind.is_good
        assert (placed.y > 0) is kind.grows


def test_growth_beyond_a_hundred_percent_is_drawn_at_the_edge_and_counted() -> None:
    found = laid_out(
        account("Rocket", "compounding", 90, 2000),
        account("Slow", "compounding", 85, 100),
        account("A", "at_risk", 5, 0),
    )
    rocket, slow, _other = found.placed
    assert rocket.y == pytest.approx(slow.y) == pytest.approx(100)
    assert found.beyond == 1
    assert "Scope +2,000" in dots(drawn(account("Rocket", "compounding", 90, 2000)), "compounding")["customdata"][0][2]


def test_a_tail_begins_where_the_account_stood_a_quarter_ago() -> None:
    moved = account("Contoso", "compounding", 95, 40, before=stand("deepening", 60, 10))
    found = laid_out(moved).placed[0]
    assert found.tail == pytest.approx((60, 10))
    assert laid_out(moved, tails=False).placed[0].tail is None
    assert laid_out(account("Litware", "compounding", 95, 40)).placed[0].tail is None


def test_an_account_that_did_not_move_has_no_tail() -> None:
    still = account("Contoso", "compounding", 95, 40, before=stand("compounding", 95, 40))
    assert laid_out(still).placed[0].tail is None


def test_a_tail_is_a_line_to_the_dot_with_a_hollow_beginning() -> None:
    figure = drawn(account("Contoso", "compounding", 95, 40, before=stand("deepening", 60, 10)))
    line = next(trace for trace in figure["data"] if trace["mode"] == "lines" and trace["x"])
    assert line["x"] == [pytest.approx(60), pytest.approx(95), None]
    begin = next(trace for trace in figure["data"] if trace["mode"] == "markers" and trace["x"])
    assert begin["marker"]["color"] == "var(--surface)"
    assert "A quarter ago: 60" in begin["customdata"][0][1]


def test_each_corner_names_its_pattern_with_how_many_accounts_have_it() -> None:
    texts = [note["text"] for note in drawn(account("A", "stalling", 90, 0))["layout"]["annotations"]]
    assert texts == [
        "Compounding trust · 3",
        "Good numbers, stalling · 12",
        "Deepening through fluctuation · 0",
        "At risk · 1",
    ]
    narrow = [note["text"] for note in drawn(account("A", "stalling", 90, 0), narrow=True)["layout"]["annotations"]]
    assert "Deepening through<br>fluctuation · 0" in narrow


def test_names_stand_beside_dots_and_not_where_it_is_narrow() -> None:
    one = account("Contoso", "compounding", 90, 25)
    wide = dots(drawn(one), "compounding")
    assert (wide["mode"], wide["text"]) == ("markers+text", ["\N{NO-BREAK SPACE}Contoso\N{NO-BREAK SPACE}"])
    assert dots(drawn(one, narrow=True), "compounding")["mode"] == "markers"


def test_the_largest_alone_are_named_in_a_crowd() -> None:
    named = [placed for placed in lay_out(crowd(100), GOOD).placed if placed.spot]
    assert 0 < len(named) <= NAMED
    assert named[0].account.name == "Account number 0"


def test_a_name_is_no_markup_and_no_longer_than_finds_room() -> None:
    figure = drawn(account("<b>Bold</b> & " + "very " * 20 + "long", "compounding", 90, 25))
    (text,) = dots(figure, "compounding")["text"]
    assert text.strip().startswith("&lt;b&gt;Bold")
    assert "…" in text
    assert dots(figure, "compounding")["customdata"][0][0].endswith("long")


def test_a_bar_of_a_hundred_percent_can_be_drawn() -> None:
    found = laid_out(account("A", "stalling", 100, 0), account("B", "at_risk", 20, -100), good=Decimal(100))
    assert found.good == 100


def test_it_is_told_in_a_sentence() -> None:
    found = laid_out(account("A", "stalling", 90, 0))
    assert description(found, COUNTS, pattern_word) == (
        "1 account by targets met and by growth of scope: Compounding trust 3, Good numbers, stalling 12,"
        " Deepening through fluctuation 0, At risk 1."
    )
