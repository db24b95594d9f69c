"""What a sparkline says in words."""

from metrics.templatetags.courses import attainment_course, scope_course, score_course


def words(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_attainment_is_told_from_first_to_last_with_its_bounds() -> None:
    assert words(attainment_course([None, 75.0, 60.0, None, 92.0, 83.4])) == (
        "Attainment over 4 quarters: from 75 % to 83 %, lowest 60 %, highest 92 %"
    )
    assert words(attainment_course([None, 75.0])) == "Attainment of one quarter: 75 %"


def test_a_score_is_told_without_a_unit() -> None:
    assert score_course([40.2, 38.0, 51.6]) == "Partnership score over 3 quarters: from 40 to 52, lowest 38, highest 52"
    assert score_course([None, 51.6]) == "Partnership score of one quarter: 52"


def test_scope_is_told_with_how_often_it_moved() -> None:
    assert scope_course([800_000.0, 900_000.0, 900_000.0, 860_000.0], "USD") == (
        "Annual scope over 4 quarters: from $800k to $860k, larger in 1, smaller in 1"
    )
    assert scope_course([None, 0.0], "EUR") == "Annual scope of one quarter: €0"


def test_what_is_not_known_is_not_told() -> None:
    assert attainment_course([None, None]) == score_course([]) == scope_course([None], "USD") == ""
