"""Words that people typed, as charts print them."""

from __future__ import annotations

from metrics.charts.words import as_text


def test_nothing_in_a_name_is_markup() -> None:
    assert as_text("<b>A</b> & B") == "&lt;b&gt;A&lt;/b&gt; &amp; B"


def test_what_is_too_long_is_cut_before_it_is_written_out() -> None:
    assert as_text("Larkfield Outdoor", 10) == "Larkfield…"
    assert as_text("A & B & C", 9) == "A &amp; B &amp; C"


def test_lines_become_one() -> None:
    assert as_text(" A\n B\t C ") == "A B C"
