"""The sentences of the review and of the segments: each rule just below and just above its line, one and several."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metrics import findings_quarter as findings
from metrics.figures.signal import INDICATORS
from metrics.findings_quarter import PatternReading, ScopeFacts, SegmentFacts


def money(amount: Decimal) -> str:
    return f"${amount:,.0f}"


# Scope


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (ScopeFacts(), "Nobody’s scope moved."),
        (
            ScopeFacts(grown=1, grown_by=Decimal(500)),
            "One account gave us $500 more scope, and none took any back.",
        ),
        (
            ScopeFacts(grown=2, grown_by=Decimal(500), shrunk=1, shrunk_by=Decimal(90)),
            "Two accounts gave us $500 more scope, and one account took $90 back.",
        ),
        (
            ScopeFacts(grown=10, grown_by=Decimal(500), shrunk=1, shrunk_by=Decimal(90), left=1, left_with=Decimal(10)),
            "10 accounts gave us $500 more scope, and two accounts took $100 back.",
        ),
        (ScopeFacts(left=1, left_with=Decimal(90)), "One account took $90 back, and none gave us more."),
        (
            ScopeFacts(shrunk=2, shrunk_by=Decimal(90), came=1, came_with=Decimal(7)),
            "Two accounts took $90 back, and none gave us more.",
        ),
        (ScopeFacts(came=1, came_with=Decimal(7)), "One account came with $7, and no other scope moved."),
        (ScopeFacts(came=3, came_with=Decimal(7)), "Three accounts came with $7, and no other scope moved."),
    ],
)
def test_what_a_quarter_did_to_scope(facts: ScopeFacts, sentence: str) -> None:
    assert findings.scope_heading(facts, money) == sentence


# Patterns


@pytest.mark.parametrize(
    ("moved", "into", "out", "sentence"),
    [
        (0, 0, 0, "No account changed its pattern."),
        (1, 0, 0, "One account changed its pattern."),
        (1, 1, 0, "One account changed its pattern: one began to grow."),
        (2, 0, 1, "Two accounts changed their pattern: one no longer grows."),
        (4, 2, 2, "Four accounts changed their pattern: two began to grow, and two no longer grow."),
    ],
)
def test_how_many_changed_their_pattern(moved: int, into: int, out: int, sentence: str) -> None:
    assert findings.patterns_heading(moved, into, out) == sentence


def reading(pattern: str, attainment: str | None, growth: str | None, good: str = "80") -> PatternReading:
    return PatternReading(
        pattern,
        None if attainment is None else Decimal(attainment),
        Decimal(good),
        None if growth is None else Decimal(growth),
    )


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (
            reading("compounding", "84", "900"),
            reading("deepening", "71.6", "900"),
            "Targets met fell from 84 % to 72 %, with 80 % being good.",
        ),
        (
            reading("at_risk", "79.2", "0"),
            reading("stalling", "80", "0"),
            "Targets met rose from 79.2 % to 80.0 %, with 80 % being good.",
        ),
        (
            reading("stalling", "90", "0"),
            reading("compounding", "90", "300"),
            "Over the quarters it is read from, the scope is up by $300.",
        ),
        (
            reading("compounding", "90", "300"),
            reading("stalling", "90", "0"),
            "Over the quarters it is read from, the scope is where it was.",
        ),
        (
            reading("deepening", "60", "300"),
            reading("at_risk", "60", "-20"),
            "Over the quarters it is read from, the scope is down by $20.",
        ),
        (
            reading("compounding", "90", "300"),
            reading("at_risk", "70", "0"),
            "Targets met fell from 90 % to 70 %, with 80 % being good."
            " Over the quarters it is read from, the scope is where it was.",
        ),
        (
            reading("at_risk", "76", "0"),
            reading("stalling", "76", "0", good="75"),
            "What counts as good went from 80 % to 75 % of targets met.",
        ),
        (
            reading("too_early", None, None),
            reading("stalling", "90", "0"),
            "Its first pattern: there are two quarters of scope and of targets now.",
        ),
        (
            reading("stalling", "90", "0"),
            reading("too_early", None, None),
            "It can no longer be told: a pattern takes two quarters of scope and of targets.",
        ),
    ],
)
def test_why_a_pattern_moved(before: PatternReading, after: PatternReading, why: str) -> None:
    assert findings.why_it_moved(before, after, money).replace("\N{NO-BREAK SPACE}", " ") == why


# Partnership scores


@pytest.mark.parametrize(
    ("closer", "further", "scored", "sentence"),
    [
        (0, 0, 0, "No account has a partnership score at the end of both quarters."),
        (0, 0, 1, "No partnership score moved by 5 points or more."),
        (1, 0, 9, "One partnership came closer by 5 points or more."),
        (0, 2, 9, "Two partnerships moved further off by 5 points or more."),
        (2, 1, 9, "Two partnerships came closer by 5 points or more, and one moved further off."),
    ],
)
def test_where_partnerships_moved(closer: int, further: int, scored: int, sentence: str) -> None:
    assert findings.scores_heading(closer, further, scored, Decimal(5)) == sentence


# The signal test and candour


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("tells", "the dashboard knows"),
        ("misleads", "the dashboard misleads"),
        ("coin", "no better than a coin"),
        ("too_few", "can’t be told yet"),
        ("", "can’t be told yet"),
    ],
)
def test_whether_the_dashboard_knows(verdict: str, words: str) -> None:
    assert words in findings.signal_heading(verdict)


def test_the_other_indicators_are_told_by_verdict() -> None:
    verdicts = {
        "attainment": "coin",
        "partnership_score": "tells",
        "trust": "tells",
        "value": "tells",
        "loyalty": "misleads",
        "candour": "coin",
        "confidence": "too_few",
    }
    assert findings.signal_sentences(verdicts) == (
        "What foretells growth: the partnership score, trust and value.",
        "What points the wrong way: loyalty.",
        "No better than a coin: advice defended.",
        "Too few cases to say: the client’s confidence.",
    )
    assert findings.signal_sentences({"attainment": "tells"}) == ()


def test_every_indicator_has_a_word() -> None:
    assert all(findings.indicator_word(indicator) for indicator in INDICATORS)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ((0, 0, 0, 0), "No advice on record was debated or resisted."),
        (
            (1, 1, 0, 0),
            "One piece of advice was debated or resisted: one defended, none softened into a half-measure, none"
            " withdrawn.",
        ),
        (
            (12, 5, 4, 3),
            "12 pieces of advice were debated or resisted: five defended, four softened into half-measures, three"
            " withdrawn.",
        ),
        (
            (4, 1, 1, 1),
            "Four pieces of advice were debated or resisted: one defended, one softened into half-measures, one"
            " withdrawn. Of one it is not recorded what we did.",
        ),
    ],
)
def test_candour_in_a_line(counts: tuple[int, int, int, int], line: str) -> None:
    assert findings.candour_line(*counts) == line


# Segments


def segment(name: str, low: str, high: str, existing: int = 20) -> SegmentFacts:
    return SegmentFacts(name, existing, Decimal(low), Decimal(high))


WHOLE = segment("all", "20", "40", 100)
ALIKE = "By industry: nothing can be told apart, each interval reaches into that of all accounts."


@pytest.mark.parametrize(
    ("segments", "heading"),
    [
        ((), ""),
        ((segment("Retail", "10", "30"),), "By industry: one alone, and it can’t be told apart from all accounts."),
        ((segment("Retail", "40", "60"), segment("Travel", "0", "20")), ALIKE),
        (
            (segment("Retail", "40.01", "60"), segment("Travel", "0", "20")),
            "By industry: the rate of Retail lies above that of all accounts.",
        ),
        (
            (segment("Food", "0", "19.99"), segment("Retail", "30", "60"), segment("Travel", "0", "5")),
            "By industry: the rate of Food and Travel lies below that of all accounts.",
        ),
        (
            (segment("Food", "50", "60"), segment("Travel", "0", "5")),
            "By industry: the rate of Food lies above that of all accounts, of Travel below it.",
        ),
    ],
)
def test_which_segments_lie_apart_from_the_whole(segments: tuple[SegmentFacts, ...], heading: str) -> None:
    assert findings.segments_heading("By industry", segments, WHOLE) == heading


def test_without_a_whole_nothing_is_said() -> None:
    assert findings.segments_heading("By industry", (segment("Retail", "1", "2"),), None) == ""


@pytest.mark.parametrize(
    ("existing", "sentence"),
    [
        ((10, 30), ""),
        (
            (9, 30),
            "One of two has fewer than 10 accounts. In the smallest, with nine, one account is 11 points of the rate.",
        ),
        (
            (9, 2, 30),
            "Two of three have fewer than 10 accounts. In the smallest, with two, one account is 50 points of the"
            " rate.",
        ),
    ],
)
def test_how_little_small_segments_mean(existing: tuple[int, ...], sentence: str) -> None:
    found = [segment(str(count), "10", "30", count) for count in existing]
    assert findings.thinness(found) == sentence
