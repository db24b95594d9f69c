"""The partnership score: ten attributes from three sources, their blend, and why it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from accounts.settings_in_force import ATTRIBUTES, SOURCES
from metrics.facts import Answers, ClientQuarter, Statements
from metrics.figures.exact import (
    CONTEXT,
    HUNDRED,
    mean,
    money_share,
    ratio,
    settle,
    share,
    weighted_mean,
)
from metrics.figures.settings import Weights

FEWEST_ATTRIBUTES = 6
DEVELOPING = 40
PARTNERSHIP = 70
ENOUGH_CONFIDENTIAL = 2
"""So many confidential answers, among ENOUGH_ANSWERS in all, hide whose each is."""
ENOUGH_ANSWERS = 3
FEWEST_ADVICE = 3
FEWEST_TICKS = 3
ENOUGH_PEOPLE = 3
"""On either side: more of them carry the relationship no further."""

Score = Decimal | None
"""0 (transactional) to 100 (partnership); None: cannot be known."""

ScoreBand = Literal["transactional", "developing", "partnership"]


# What people say


def answers_counted(answers: Answers) -> int:
    """How many of a side's answers about one attribute enter its figure.

    Source: DOMAIN.md, 7, as for `pulse_mean`.
    """
    if answers.confidential >= ENOUGH_CONFIDENTIAL and answers.named + answers.confidential >= ENOUGH_ANSWERS:
        return answers.named + answers.confidential
    return answers.named


@lru_cache(maxsize=1 << 14)
def pulse_mean(answers: Answers) -> Score:
    """Where one side places an attribute between transactional and partnership.

    The latest answers of each respondent, from 1 to 5. 0 to 100; None when no answer enters.
    Confidential answers wait until nobody can be told from them, and the figure is that of the
    named ones until then. Source: DOMAIN.md, 7: "the mean over its respondents of
    (answer − 1) × 25"; "a confidential answer enters a figure only where three or more people of
    that client and side answered that attribute in their latest responses, two or more of them
    confidentially".
    """
    count, added = answers.named, answers.named_sum
    if answers.confidential >= ENOUGH_CONFIDENTIAL and count + answers.confidential >= ENOUGH_ANSWERS:
        count += answers.confidential
        added += answers.confidential_sum
    return ratio(25 * (added - count), count) if count else None


@lru_cache(maxsize=1 << 12)
def confidence(statements: Statements) -> Score:
    """Whether the client says the work lowers its risk, improves its decisions and goes its way.

    0 to 100; None when no respondent enters. Who answered any of the three statements counts as
    one person for the rule of confidentiality. Source: DOMAIN.md, 7: "a respondent's confidence is
    (mean of the statements answered − 1) × 25; the client's is the mean over respondents"; and "for
    confidence, any of its statements".
    """
    counts, sums = statements.named, statements.named_sum
    confidential = sum(statements.confidential)
    if confidential >= ENOUGH_CONFIDENTIAL and sum(counts) + confidential >= ENOUGH_ANSWERS:
        counts = _added(counts, statements.confidential)
        sums = _added(sums, statements.confidential_sum)
    respondents = sum(counts)
    if not respondents:
        return None
    # A respondent's mean is over one, two or three statements: sixths hold them all as whole numbers.
    sixths = 6 * sums[0] + 3 * sums[1] + 2 * sums[2]
    return ratio(25 * (sixths - 6 * respondents), 6 * respondents)


def _added(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def pulse_means(answers: Sequence[Answers] | None) -> list[Score]:
    """One side's figures, attribute by attribute in the order of ATTRIBUTES."""
    if answers is None:
        return [None] * len(ATTRIBUTES)
    return [pulse_mean(of_attribute) for of_attribute in answers]


def means_to_show(answers: Sequence[Answers] | None) -> list[Score]:
    """One side's figures as its own people are shown them: where so many answered that nobody's answer can be told.

    0 to 100 in the order of ATTRIBUTES; None where fewer than three answers enter, as colleagues would read a
    single one out of a mean over one or two. Source: DOMAIN.md, 7: "Single answers are shown to nobody".
    """
    if answers is None:
        return [None] * len(ATTRIBUTES)
    return [pulse_mean(of) if answers_counted(of) >= ENOUGH_ANSWERS else None for of in answers]


# What the records say: evidence, so that nobody's opinion is needed

_YEAR_OF_DAYS = (400, 1461)
"""100 × days / 30.4375 / 12 is days × 400 / 1461."""

STANDINGS = {
    "sole": HUNDRED,
    "lead": Decimal(75),
    "several": Decimal(40),
    "project": Decimal(10),
}


def commitment(committed_days: int | None) -> Score:
    """How far ahead the client has bound itself to us; a year or more is full commitment.

    The most days over the engagements open at e: to the term in force, or else the notice period,
    or else 0. None: no engagement is open. Source: DOMAIN.md, 7: "divided by 30.4375;
    100 × months / 12, at most 100 [an engagement is open at e]".
    """
    if committed_days is None:
        return None
    upper, lower = _YEAR_OF_DAYS
    return ratio(min(upper * committed_days, 100 * lower), lower)


def approach(known: int, early: int) -> Score:
    """How often we are part of it from the idea or the plan on.

    Counts of effective start and expansion rows in the year where it is known from when. None
    without any. Source: DOMAIN.md, 7: "100 × share of effective start and expansion rows with
    involved_from idea or plan, out of those where it is known [at least 1]".
    """
    return share(early, known)


def action(known: int, proactive: int) -> Score:
    """How much of our advice came before anyone asked.

    Counts of the year's recommendations. None with fewer than three where it is known.
    Source: DOMAIN.md, 7: "100 × share of recommendations that were proactive, out of those where
    it is known [at least 3]".
    """
    return share(proactive, known) if known >= FEWEST_ADVICE else None


def loyalty(standing: str) -> Score:
    """Which place we have on the client's roster.

    Blank: not known, None. Source: DOMAIN.md, 7: "the client's roster standing in force at e: sole
    100, lead 75, several 40, project by project 10 [known]".
    """
    return STANDINGS.get(standing)


def trust(failures: int, kept: int) -> Score:
    """Permission to fail: whether scope held after a quarter in which we missed most targets.

    Counts of such quarters among the eight before. None without one: trust is untested.
    Source: DOMAIN.md, 7: "of the quarters M among the eight before Q in which the client was
    existing and attainment was below 50, 100 × the share where S at the end of the quarter after M
    is not below S at the start of M [at least 1 such quarter]"; 13: "the quarter after M may be the
    one in progress".
    """
    return share(kept, failures)


def ownership(check_ins: int, contacts: int, people: int) -> Score:
    """How many people on both sides carry the relationship; three on each is enough.

    Counts within 182 days. None without a check-in. Source: DOMAIN.md, 7: "50 × min(n, 3)/3 +
    50 × min(m, 3)/3 [at least 1 check-in]".
    """
    return ratio(50 * (min(contacts, ENOUGH_PEOPLE) + min(people, ENOUGH_PEOPLE)), ENOUGH_PEOPLE) if check_ins else None


def value(scope_known: Decimal, scope_by_value: Decimal) -> Score:
    """How much of the work is paid for what it is worth rather than for hours.

    Parts of S(e), in the client's currency. None when no scope has a known pricing.
    Source: DOMAIN.md, 7: "100 × share of S(e) in engagements priced by value or shared_risk, out of
    the S(e) of engagements whose pricing is known [that is above 0]".
    """
    return money_share(scope_by_value, scope_known) if scope_known > 0 else None


def involvement(ever: bool, kinds: int) -> Score:
    """How far the client lets us in: systems, people, marketing, planning.

    `ever`: any kind had begun before e; `kinds` active at e. None when none ever had.
    Source: DOMAIN.md, 7: "25 × number of kinds active at e [any with started_on before e]".
    """
    return ratio(25 * kinds, 1) if ever else None


def communication(ever: bool, held: int, days: int, interval: int) -> Score:
    """Whether we speak with the client as often as agreed; by itself, the check-in rhythm.

    `ever`: a check-in was held before e; `held` in the days counted; `interval` in days, by value
    tier. None when none ever was, or with less than a day to count. Source: DOMAIN.md, 7:
    "100 × check-ins held / expected, at most 100; expected = days / interval, from the later of
    e − 1 year and the client's first effective start, to e [a check-in was ever held before e; at
    least 1 day]".
    """
    if not ever or days < 1:
        return None
    done = held * interval
    return HUNDRED if done >= days else ratio(100 * done, days)


def collaboration(goals: int, agreed: int) -> Score:
    """How many of the goals we work for are the client's own.

    Counts of goals open at any time in the year. None without one. Source: DOMAIN.md, 7:
    "100 × share of goals open at any time in the window that the client had agreed before e [at
    least 1]".
    """
    return share(agreed, goals)


def evidence(facts: ClientQuarter, interval: int, failures: int, kept: int) -> list[Score]:
    """The ten figures that come from records alone, in the order of ATTRIBUTES.

    `interval` between check-ins in days; `failures` and `kept` as for `trust`.
    """
    return [
        commitment(facts.committed_days),
        approach(facts.involvement_known, facts.involved_early),
        action(facts.advice_known, facts.advice_proactive),
        loyalty(facts.standing),
        trust(failures, kept),
        ownership(facts.half_year_check_ins, facts.contacts_seen, facts.people_seen),
        value(facts.scope_pricing_known, facts.scope_value_priced),
        involvement(facts.ever_involved, facts.kinds_active),
        communication(facts.ever_checked_in, facts.check_ins_held, facts.check_in_days, interval),
        collaboration(facts.goals_open, facts.goals_agreed),
    ]


# What it comes to


class Sources(NamedTuple):
    """The three sources of each attribute, in the order of SOURCES, each in that of ATTRIBUTES."""

    client_pulse: Sequence[Score]
    evidence: Sequence[Score]
    agency_pulse: Sequence[Score]


def attribute_score(client_pulse: Score, records: Score, agency_pulse: Score, weights: Sequence[Decimal]) -> Score:
    """Where an attribute stands when the client, the records and we are all heard.

    Weights in the order of SOURCES. None without any source, or when those there weigh nothing.
    Source: DOMAIN.md, 7: "the weighted mean of the sources it has: client pulse 0.4, evidence 0.4,
    agency pulse 0.2".
    """
    if client_pulse is None and agency_pulse is None:
        return records if weights[1] else None
    return weighted_mean((client_pulse, records, agency_pulse), weights)


def attribute_scores(sources: Sources, weights: Sequence[Decimal]) -> list[Score]:
    """The scores of all attributes, in the order of ATTRIBUTES."""
    return [attribute_score(client, records, agency, weights) for client, records, agency in zip(*sources, strict=True)]


def coverage(scores: Sequence[Score]) -> int:
    """How many of the ten attributes have a score.

    Source: DOMAIN.md, 7.
    """
    return sum([score is not None for score in scores])


def partnership_score(scores: Sequence[Score], weights: Sequence[Decimal]) -> Score:
    """How much of a partnership it is, over all attributes that can be known.

    Weights in the order of ATTRIBUTES. None with fewer than six attributes, or when those there
    weigh nothing. Source: DOMAIN.md, 7: "the mean of the attributes that have one (equal weights
    unless set), given only with at least six".
    """
    known = [score for score in scores if score is not None]
    if len(known) < FEWEST_ATTRIBUTES:
        return None
    if weights[0] and weights.count(weights[0]) == len(weights):
        return mean(known)
    return weighted_mean(scores, weights)


def score_band(score: Decimal) -> ScoreBand:
    """What a partnership score is called.

    Source: DOMAIN.md, 7: "below 40 transactional, below 70 developing, from 70 partnership".
    """
    if score < DEVELOPING:
        return "transactional"
    return "developing" if score < PARTNERSHIP else "partnership"


def perception_gap(client_pulse: Score, agency_pulse: Score) -> Score:
    """How much better we think of ourselves than the client does; negative: worse.

    Points; None unless both sides have a figure. Source: DOMAIN.md, 7: "agency pulse − client
    pulse".
    """
    if client_pulse is None or agency_pulse is None:
        return None
    return settle(CONTEXT.subtract(agency_pulse, client_pulse))


def trust_signs(ticks: int, trust_ticks: int) -> Score:
    """How much of what people noticed at check-ins speaks of trust rather than of stalling.

    Ticks in check-ins of the year. Percent; None with fewer than three. Source: DOMAIN.md, 7:
    "100 × trust ticks / all ticks in check-ins held in [e − 1 year, e) [at least 3 ticks]".
    """
    return share(trust_ticks, ticks) if ticks >= FEWEST_TICKS else None


# Why it moved

Happening = Literal["came_in", "weights", "changed", "went_out"]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a partnership score moved, and by how many points.

    `attribute` and `source` are blank where the weights are the reason.
    """

    happening: Happening
    attribute: str
    source: str
    effect: Decimal


def why_it_moved(
    before: Sources, weights_before: Weights, after: Sources, weights_after: Weights
) -> tuple[Cause, ...] | None:
    """What moved a partnership score between two quarters, cause by cause.

    None when either quarter has no score: then there is no difference to explain. The effects add
    up to the difference of the two scores exactly. One thing is changed at a time on the way from
    the earlier quarter to the later, and its effect is how far that moves the score: first what
    came in, then the weights, then what changed, then what went out, each in the order of
    ATTRIBUTES and SOURCES. In this order the score is known at every step. What has no effect is
    left out. Source: DOMAIN.md, 7: "listed by cause (attribute and source: came in, went out with
    age, changed; or the weights' version), and the causes sum to the difference exactly".
    """
    if _score(before, weights_before) is None or _score(after, weights_after) is None:
        return None
    state = [list(of_source) for of_source in before]
    weights = weights_before
    step = _score(before, weights_before)
    causes: list[Cause] = []

    def moved(happening: Happening, attribute: str, source: str) -> None:
        nonlocal step
        here = _score(Sources(*state), weights)
        if here is None or step is None:
            raise ArithmeticError("A score on the way from one quarter to the next is not known.")
        effect = CONTEXT.subtract(here, step)
        if effect:
            causes.append(Cause(happening, attribute, source, effect))
        step = here

    def replace(happening: Happening) -> None:
        for attribute, attribute_name in enumerate(ATTRIBUTES):
            for source, source_name in enumerate(SOURCES):
                old, new = before[source][attribute], after[source][attribute]
                if old != new and _happening(old, new) == happening:
                    state[source][attribute] = new
                    moved(happening, attribute_name, source_name)

    replace("came_in")
    weights = weights_after
    moved("weights", "", "")
    replace("changed")
    replace("went_out")
    return tuple(causes)


def _score(sources: Sources, weights: Weights) -> Score:
    return partnership_score(attribute_scores(sources, weights.sources), weights.attributes)


def _happening(old: Score, new: Score) -> Happening:
    if old is None:
        return "came_in"
    return "went_out" if new is None else "changed"
