"""DOMAIN.md 7: the ten attributes of a partnership, what people say and what the records show."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .arithmetic import mean, share
from .pattern import Numbers
from .periods import Quarter, quarter_of, quarters_before, year_before
from .records import (
    ATTRIBUTES,
    STATEMENTS,
    CheckIn,
    Goal,
    Involvement,
    Pulse,
    Recommendation,
    Standing,
)
from .scope import NOTHING, ClientLedger
from .settings import Settings

PULSE_DAYS = timedelta(days=182)
DAYS_A_MONTH = Fraction("30.4375")
LOYALTY = {"sole": 100, "lead": 75, "several": 40, "project": 10}
KINDS_OF_INVOLVEMENT = ("systems", "people", "marketing", "planning")
SIGNS_OF_TRUST = ("brought_in_early", "new_channel", "long_term_budget")
SIGNS_OF_STALLING = ("priorities_debated", "strategy_questioned", "started_over")
SCORED_AT_LEAST = 6


@dataclass
class Relationship:
    """All that is recorded of one client besides its ledger and its numbers."""

    standings: list[Standing] = field(default_factory=list)
    involvements: list[Involvement] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


@dataclass(frozen=True)
class Attribute:
    """One attribute at one quarter's end: its three sources, and the score they make."""

    client_pulse: Fraction | None
    agency_pulse: Fraction | None
    evidence: Fraction | None
    score: Fraction | None

    def perception_gap(self) -> Fraction | None:
        """DOMAIN.md 7: "agency pulse − client pulse"."""
        if self.agency_pulse is None or self.client_pulse is None:
            return None
        return self.agency_pulse - self.client_pulse

    def has_a_source(self) -> bool:
        """DATA.md: "Rows where any of the three sources is present"."""
        return any(source is not None for source in (self.client_pulse, self.agency_pulse, self.evidence))


# What people say


def latest_responses(pulses: list[Pulse], side: str, e: date) -> list[Pulse]:
    """The one response of each person that counts at a quarter's end.

    DOMAIN.md 7: "each respondent's latest response answered in [e − 182 days, e)". DOMAIN.md 13: "a
    respondent is an e-mail on a side [...] Of two responses on one day the higher external_id
    counts, compared as text."
    """
    latest: dict[str, Pulse] = {}
    for pulse in pulses:
        if pulse.side != side or not e - PULSE_DAYS <= pulse.answered_on < e:
            continue
        other = latest.get(pulse.respondent)
        if other is None or (pulse.answered_on, pulse.external_id) > (
            other.answered_on,
            other.external_id,
        ):
            latest[pulse.respondent] = pulse
    return list(latest.values())


def answers_that_enter(answers: list[tuple[Fraction, bool]]) -> list[Fraction]:
    """The answers that may enter a figure, each given with whether it is confidential.

    DOMAIN.md 7: "A confidential answer enters a figure only where three or more people of that
    client and side answered that attribute (or, for confidence, any of its statements) in their
    latest responses, two or more of them confidentially; until then it waits". "Where it waits, the
    figure is that of the named answers".
    """
    confidential = sum(1 for _, is_confidential in answers if is_confidential)
    if len(answers) >= 3 and confidential >= 2:
        return [answer for answer, _ in answers]
    return [answer for answer, is_confidential in answers if not is_confidential]


def pulse(responses: list[Pulse], attribute: str) -> Fraction | None:
    """Where one side places an attribute.

    DOMAIN.md 7: "a side's figure is the mean over its respondents of (answer − 1) × 25, blanks left
    out". DOMAIN.md 13: "A blank in the latest response leaves that respondent out of that
    attribute; earlier ones are not consulted."
    """
    answers = [
        (Fraction((response.answers[attribute] - 1) * 25), response.confidential)
        for response in responses
        if attribute in response.answers
    ]
    return mean(answers_that_enter(answers))


def confidence(responses: list[Pulse]) -> Fraction | None:
    """How far the client's people say the work carries them.

    DOMAIN.md 7: "A respondent's confidence is (mean of the statements answered − 1) × 25; the
    client's is the mean over respondents, by the same window and latest response as pulses."
    """
    answers = []
    for response in responses:
        given = [Fraction(response.answers[s]) for s in STATEMENTS if s in response.answers]
        middle = mean(given)
        if middle is not None:
            answers.append(((middle - 1) * 25, response.confidential))
    return mean(answers_that_enter(answers))


# What the records show


def commitment(ledger: ClientLedger, e: date) -> Fraction | None:
    """How long the client is still bound to us.

    DOMAIN.md 7: "months still committed, the most over open engagements: days from e to the
    `ends_on` in force (latest effective start or renewal before e that carries one), not below 0,
    or else the notice period in days, or else 0; divided by 30.4375; 100 × months / 12, at most 100
    [an engagement is open at e]". DOMAIN.md 13: "an `ends_on` that has passed gives 0; only an
    engagement that never carried one takes its notice period. A renewal without `ends_on` changes
    no term; of two on one day the later `ends_on` holds."
    """
    most: Fraction | None = None
    for book in ledger.engagements:
        if not book.is_open(e):
            continue
        terms = [
            (row.effective_on, row.ends_on)
            for row in book.rows
            if row.kind in ("start", "renewal") and row.effective_on < e and row.ends_on is not None
        ]
        if terms:
            _, ends_on = max(terms)
            days = Fraction(max((ends_on - e).days, 0))
        elif book.engagement.notice_days is not None:
            days = book.engagement.notice_days
        else:
            days = NOTHING
        if most is None or days > most:
            most = days
    if most is None:
        return None
    return min(100 * (most / DAYS_A_MONTH) / 12, Fraction(100))


def approach(ledger: ClientLedger, e: date) -> Fraction | None:
    """How early we were part of what the client began.

    DOMAIN.md 7: "100 × share of effective start and expansion rows with `involved_from` idea or
    plan, out of those where it is known [at least 1]".
    """
    known = [
        row.involved_from
        for _, row in ledger.rows_in(year_before(e), e)
        if row.kind in ("start", "expansion") and row.involved_from not in ("", "unknown")
    ]
    return share(sum(1 for since in known if since in ("idea", "plan")), len(known))


def action(recommendations: list[Recommendation], e: date) -> Fraction | None:
    """How much of our advice came unasked.

    DOMAIN.md 7: "100 × share of recommendations that were proactive, out of those where it is known
    [at least 3]".
    """
    known = [r.proactive for r in recommendations if year_before(e) <= r.made_on < e and r.proactive in ("yes", "no")]
    if len(known) < 3:
        return None
    return share(known.count("yes"), len(known))


def loyalty(standings: list[Standing], e: date) -> Fraction | None:
    """Where we stand on the client's roster.

    DOMAIN.md 7: "the client's roster standing in force at e: sole 100, lead 75, several 40, project
    by project 10 [known]". DOMAIN.md 13: "Standings: the latest effective before e".
    """
    before = [standing for standing in standings if standing.effective_on < e]
    if not before:
        return None
    latest = max(before, key=lambda standing: standing.effective_on)
    points = LOYALTY.get(latest.standing)
    return None if points is None else Fraction(points)


def trust(ledger: ClientLedger, numbers: Numbers, quarter: Quarter, first_month: int) -> Fraction | None:
    """Whether the client stayed with us after a bad quarter.

    DOMAIN.md 7: "permission to fail: of the quarters M among the eight before Q in which the client
    was existing and attainment was below 50, 100 × the share where S at the end of the quarter
    after M is not below S at the start of M [at least 1 such quarter; else trust is *untested*]".
    DOMAIN.md 13: "the quarter after M may be the one in progress".
    """
    tested = kept = 0
    for bad in quarters_before(quarter, 8, first_month):
        attainment = numbers.attainment(bad)
        if ledger.scope(bad.start) == 0 or attainment is None or attainment >= 50:
            continue
        following = quarter_of(bad.end, first_month)
        tested += 1
        if ledger.scope(following.end) >= ledger.scope(bad.start):
            kept += 1
    return share(kept, tested)


def ownership(check_ins: list[CheckIn], e: date) -> Fraction | None:
    """How many people on each side carry the relationship.

    DOMAIN.md 7: "50 × min(n, 3)/3 + 50 × min(m, 3)/3, n client contacts and m agency people seen in
    check-ins held in [e − 182 days, e) [at least 1 check-in]". DOMAIN.md 13: "Ownership counts
    everyone listed, also who has left since."
    """
    held = [check_in for check_in in check_ins if e - PULSE_DAYS <= check_in.held_on < e]
    if not held:
        return None
    contacts = {contact for check_in in held for contact in check_in.client_contacts}
    people = {person for check_in in held for person in check_in.agency_people}
    return Fraction(50 * min(len(contacts), 3), 3) + Fraction(50 * min(len(people), 3), 3)


def value(ledger: ClientLedger, e: date) -> Fraction | None:
    """How much of the scope is paid for by what it brings.

    DOMAIN.md 7: "100 × share of S(e) in engagements priced by `value` or `shared_risk`, out of the
    S(e) of engagements whose pricing is known (others: `time`, `fixed`) [that is above 0]".
    """
    known = by_value = NOTHING
    for book in ledger.engagements:
        scope = book.annual(e, with_prices=False)
        if book.engagement.pricing:
            known += scope
        if book.engagement.pricing in ("value", "shared_risk"):
            by_value += scope
    return share(by_value, known)


def involvement(involvements: list[Involvement], e: date) -> Fraction | None:
    """How far we are let in.

    DOMAIN.md 7: "25 × number of kinds active at e out of systems, people, marketing, planning [any
    with started_on before e]". DOMAIN.md 13: "`ended_on` [...] are days from which it is over, by
    the rule of "at t"".
    """
    begun = [one for one in involvements if one.started_on < e]
    if not begun:
        return None
    active = {one.kind for one in begun if one.ended_on is None or one.ended_on >= e}
    return Fraction(25 * sum(1 for kind in KINDS_OF_INVOLVEMENT if kind in active))


def check_in_interval(tier: str, settings: Settings, e: date) -> Fraction:
    """How many days may pass between two check-ins.

    DOMAIN.md 7: "interval by tier: A 14, B 30, C 60 days, 30 when unset".
    """
    return settings.in_force(f"interval_{tier.lower() or 'unset'}", e)


def communication(ledger: ClientLedger, check_ins: list[CheckIn], settings: Settings, e: date) -> Fraction | None:
    """Whether we meet as often as we should.

    DOMAIN.md 7: "100 × check-ins held / expected, at most 100; expected = days / interval, from the
    later of e − 1 year and the client's first effective start, to e; [...] [a check-in was ever
    held before e; at least 1 day]". DOMAIN.md 13: "Check-ins held are counted over the same days as
    expected ones; two on a day count twice."
    """
    first_start = ledger.first_start()
    if first_start is None or not any(check_in.held_on < e for check_in in check_ins):
        return None
    since = max(year_before(e), first_start)
    days = (e - since).days
    if days < 1:
        return None
    held = sum(1 for check_in in check_ins if since <= check_in.held_on < e)
    expected = days / check_in_interval(ledger.client.value_tier, settings, e)
    return min(100 * held / expected, Fraction(100))


def collaboration(goals: list[Goal], e: date) -> Fraction | None:
    """How many of the goals are the client's own.

    DOMAIN.md 7: "100 × share of goals open at any time in the window that the client had agreed
    before e [at least 1]". DOMAIN.md 13: "a goal is open in the window when set before e and not
    closed before e − 1 year; without `closed_on` it is open whatever its status."
    """
    open_goals = [
        goal for goal in goals if goal.set_on < e and (goal.closed_on is None or goal.closed_on >= year_before(e))
    ]
    agreed = [goal for goal in open_goals if goal.agreed_on is not None and goal.agreed_on < e]
    return share(len(agreed), len(open_goals))


def evidence(
    ledger: ClientLedger,
    numbers: Numbers,
    relationship: Relationship,
    quarter: Quarter,
    settings: Settings,
) -> dict[str, Fraction | None]:
    """What the records show of each attribute, "so that nobody's opinion is needed"."""
    e, first_month = quarter.end, settings.first_month()
    return {
        "commitment": commitment(ledger, e),
        "approach": approach(ledger, e),
        "action": action(relationship.recommendations, e),
        "loyalty": loyalty(relationship.standings, e),
        "trust": trust(ledger, numbers, quarter, first_month),
        "ownership": ownership(relationship.check_ins, e),
        "value": value(ledger, e),
        "involvement": involvement(relationship.involvements, e),
        "communication": communication(ledger, relationship.check_ins, settings, e),
        "collaboration": collaboration(relationship.goals, e),
    }


# The score


def weighted_mean(parts: list[tuple[Fraction | None, Fraction]]) -> Fraction | None:
    """The mean of the figures there are, each by its weight; none where nothing has any weight."""
    total = weights = NOTHING
    for figure, weight in parts:
        if figure is not None:
            total += figure * weight
            weights += weight
    return None if weights == 0 else total / weights


def attributes(
    ledger: ClientLedger,
    numbers: Numbers,
    relationship: Relationship,
    quarter: Quarter,
    settings: Settings,
) -> dict[str, Attribute]:
    """The ten attributes of a client at a quarter's end.

    DOMAIN.md 7: "An attribute's score is the weighted mean of the sources it has: client pulse 0.4,
    evidence 0.4, agency pulse 0.2 [...] Without any source it has no score."
    """
    e = quarter.end
    of_client = latest_responses(relationship.pulses, "client", e)
    of_agency = latest_responses(relationship.pulses, "agency", e)
    shown = evidence(ledger, numbers, relationship, quarter, settings)
    found = {}
    for name in ATTRIBUTES:
        theirs, ours = pulse(of_client, name), pulse(of_agency, name)
        score = weighted_mean(
            [
                (theirs, settings.in_force("weight.client_pulse", e)),
                (shown[name], settings.in_force("weight.evidence", e)),
                (ours, settings.in_force("weight.agency_pulse", e)),
            ]
        )
        found[name] = Attribute(theirs, ours, shown[name], score)
    return found


def coverage(found: dict[str, Attribute]) -> int:
    """How many of the ten attributes have a score. DOMAIN.md 7: "**coverage** says how many"."""
    return sum(1 for attribute in found.values() if attribute.score is not None)


def partnership_score(found: dict[str, Attribute], settings: Settings, e: date) -> Fraction | None:
    """How much of a partnership it is.

    DOMAIN.md 7: "the mean of the attributes that have one (equal weights unless set), given only
    with at least six".
    """
    if coverage(found) < SCORED_AT_LEAST:
        return None
    return weighted_mean([(found[name].score, settings.in_force(f"weight.{name}", e)) for name in ATTRIBUTES])


def trust_signs(check_ins: list[CheckIn], e: date) -> Fraction | None:
    """Of what people saw at check-ins, how much spoke of trust.

    DOMAIN.md 7: "Trust signs = 100 × trust ticks / all ticks in check-ins held in [e − 1 year, e)
    [at least 3 ticks]." DOMAIN.md 13: "A sign counts once per check-in."
    """
    ticks = [
        sign
        for check_in in check_ins
        if year_before(e) <= check_in.held_on < e
        for sign in check_in.signs
        if sign in SIGNS_OF_TRUST + SIGNS_OF_STALLING
    ]
    if len(ticks) < 3:
        return None
    return share(sum(1 for sign in ticks if sign in SIGNS_OF_TRUST), len(ticks))
