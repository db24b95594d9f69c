"""Sentences that pages begin with, each made from figures by a rule with a threshold: no database, no clock.

A sentence is a row of spans, so that the two words that carry colours are marked and names stay plain text.
Counts are words up to nine. Where no rule holds there is no sentence; where data is thin, no rule holds.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.attributes import ATTRIBUTE_WORDS
from metrics.printing import Money, number_text, percent_text

TOLD = ("compounding", "stalling", "deepening", "at_risk")
"""The patterns that say something; without them it is too early."""

FEWEST_READ = 3
"""Accounts that have a pattern, below which nothing is said of the portfolio."""
FEWEST_EXISTING = 5
"""Accounts in scope a year ago, below which nothing is said of growth: one of four is no quarter of anything."""
PATTERN_IN_TEN = 1
"""Out of ten accounts that have a pattern, how many must share one before the page begins with it."""
GROWTH_PERCENT = 20
"""Of the accounts of a year ago, how many must have grown: what the expansion rate calls strong."""
SHRINKING_PERCENT = 20
"""Of the accounts of a year ago, how many must have shrunk or left."""
ALARM_IN_THREE = 1
"""Out of three accounts of a year ago, how many must have shrunk or left for that to come before all else."""


@dataclass(frozen=True)
class Span:
    """A run of words; `role` is `numbers` or `scope` for a word that carries that colour, else blank."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Finding:
    """One sentence or two, by the rule of that name, and in plain words what lies behind."""

    rule: str
    sentence: tuple[Span, ...]
    why: str = ""

    def __str__(self) -> str:
        return "".join(span.text for span in self.sentence)


@dataclass(frozen=True)
class PatternFacts:
    """The accounts of one pattern at a quarter's end.

    `shrunk`, `annual_scope`, `unpriced` and `largest` are of those that still have scope. `annual_scope` is in
    the reporting currency, without those whose currency has no rate; None: none has one. `largest` are names,
    by annual scope.
    """

    accounts: int = 0
    gone: int = 0
    shrunk: int = 0
    unpriced: int = 0
    annual_scope: Decimal | None = None
    largest: tuple[str, ...] = ()

    @property
    def present(self) -> int:
        """Those that still have scope at the quarter's end."""
        return self.accounts - self.gone


@dataclass(frozen=True)
class PortfolioFacts:
    """What a portfolio's finding is made from: patterns at a quarter's end, movements over its year window.

    The movements are 0 where the year window has no figure. `pulled_share` is percent.
    """

    patterns: Mapping[str, PatternFacts] = field(default_factory=dict)
    existing: int = 0
    expanding: int = 0
    contracting: int = 0
    lost: int = 0
    pulled_share: Decimal | None = None

    def pattern(self, code: str) -> PatternFacts:
        """The accounts of one pattern, none where it does not occur."""
        return self.patterns.get(code, PatternFacts())

    @property
    def read(self) -> int:
        """Accounts with scope that have a pattern."""
        return sum(self.pattern(code).present for code in TOLD)

    @property
    def present(self) -> int:
        """Accounts with scope."""
        return sum(facts.present for facts in self.patterns.values())

    @property
    def smaller(self) -> int:
        """Accounts that shrank or left within the year."""
        return self.contracting + self.lost


def portfolio_finding(facts: PortfolioFacts, money: Money) -> Finding | None:
    """The one thing that is worth knowing of the portfolio first; None where nothing stands out or data is thin."""
    for rule in (_alarm, _stalling, _deepening, _growing, _shrinking, _standing_still):
        if found := rule(facts, money):
            return found
    return None


def in_place_of_a_finding(facts: PortfolioFacts) -> str:
    """What is said where there is no finding: what is too thin to say, or that nothing stands out."""
    thin = []
    if facts.read < FEWEST_READ:
        thin.append(
            _("%(read)s of %(count)s accounts have a pattern yet, which takes two quarters of scope and targets.")
            % {"read": facts.read, "count": facts.present}
        )
    if facts.existing < FEWEST_EXISTING:
        thin.append(
            ngettext(
                "%(existing)s account had scope a year ago, and growth is told of %(fewest)s or more.",
                "%(existing)s accounts had scope a year ago, and growth is told of %(fewest)s or more.",
                facts.existing,
            )
            % {"existing": facts.existing, "fewest": FEWEST_EXISTING}
        )
    if thin:
        return " ".join([_("Too thin for a finding:"), *thin])
    return _(
        "Nothing stands out: fewer than one account in ten stalls or grows against its numbers,"
        " and within the year fewer than one in five grew, and fewer than one in five shrank."
    )


# The rules, in the order in which they are asked


def _alarm(facts: PortfolioFacts, money: Money) -> Finding | None:
    """A third of last year's accounts give less, or nothing any more."""
    if facts.existing < FEWEST_EXISTING or 3 * facts.smaller < ALARM_IN_THREE * facts.existing:
        return None
    return _contraction("alarm", facts)


def _stalling(facts: PortfolioFacts, money: Money) -> Finding | None:
    """Accounts hit their numbers while their scope stands still: what a dashboard alone would not show."""
    stalling = facts.pattern("stalling")
    if not _stands_out(stalling, facts):
        return None
    standstill = {
        # All of them shrink, some of them, none of them.
        "all": _names(
            stalling,
            _("%(name)s hits its <numbers>numbers</numbers> while its <scope>scope</scope> shrinks."),
            lambda others: ngettext(
                "%(name)s and %(others)s other hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> shrinks.",
                "%(name)s and %(others)s others hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> shrinks.",
                others,
            ),
        ),
        "some": _names(
            stalling,
            "",
            lambda others: ngettext(
                "%(name)s and %(others)s other hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> stands still or shrinks.",
                "%(name)s and %(others)s others hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> stands still or shrinks.",
                others,
            ),
        ),
        "none": _names(
            stalling,
            _("%(name)s hits its <numbers>numbers</numbers> while its <scope>scope</scope> stands still."),
            lambda others: ngettext(
                "%(name)s and %(others)s other hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> stands still.",
                "%(name)s and %(others)s others hit their <numbers>numbers</numbers> while their"
                " <scope>scope</scope> stands still.",
                others,
            ),
        ),
    }
    which = "none" if not stalling.shrunk else "all" if stalling.shrunk == stalling.present else "some"
    return Finding(
        "stalling", (*standstill[which], *_carried(stalling, money)), _growers_beside(facts) or _over_the_year(facts)
    )


def _deepening(facts: PortfolioFacts, money: Money) -> Finding | None:
    """Accounts miss their numbers and hand over more all the same."""
    deepening = facts.pattern("deepening")
    if not _stands_out(deepening, facts):
        return None
    sentence = _names(
        deepening,
        _("%(name)s misses its <numbers>numbers</numbers>, and its <scope>scope</scope> grows all the same."),
        lambda others: ngettext(
            "%(name)s and %(others)s other miss their <numbers>numbers</numbers>, and their <scope>scope</scope>"
            " grows all the same.",
            "%(name)s and %(others)s others miss their <numbers>numbers</numbers>, and their <scope>scope</scope>"
            " grows all the same.",
            others,
        ),
    )
    return Finding("deepening", (*sentence, *_carried(deepening, money)), _over_the_year(facts))


def _growing(facts: PortfolioFacts, money: Money) -> Finding | None:
    """A fifth of last year's accounts give more."""
    if facts.existing < FEWEST_EXISTING or 100 * facts.expanding < GROWTH_PERCENT * facts.existing:
        return None
    text = ngettext(
        "%(grown)s of %(existing)s accounts gives us more <scope>scope</scope> than a year ago.",
        "%(grown)s of %(existing)s accounts give us more <scope>scope</scope> than a year ago.",
        facts.expanding,
    )
    sentence = spans_of(text, grown=_number(facts.expanding), existing=_number(facts.existing))
    pulled = ""
    if facts.pulled_share is not None:
        pulled = _("Of the growth whose origin is known, %(share)s %% was asked for by the client, or by both.") % {
            "share": f"{facts.pulled_share:.0f}"
        }
    return Finding("growing", sentence, pulled)


def _shrinking(facts: PortfolioFacts, money: Money) -> Finding | None:
    """A fifth of last year's accounts give less, or nothing any more, and fewer than a fifth give more."""
    if facts.existing < FEWEST_EXISTING or 100 * facts.smaller < SHRINKING_PERCENT * facts.existing:
        return None
    return _contraction("shrinking", facts)


def _standing_still(facts: PortfolioFacts, money: Money) -> Finding | None:
    """Nobody gives more than a year ago, and nobody less."""
    if facts.existing < FEWEST_EXISTING or facts.expanding or facts.smaller:
        return None
    text = _("None of %(existing)s accounts has changed its <scope>scope</scope> within a year.")
    return Finding("standing_still", spans_of(text, existing=_number(facts.existing)))


# What the rules share


def _stands_out(pattern: PatternFacts, facts: PortfolioFacts) -> bool:
    """Whether one account in ten of those that have a pattern shares this one."""
    return facts.read >= FEWEST_READ and pattern.present > 0 and 10 * pattern.present >= PATTERN_IN_TEN * facts.read


def _contraction(rule: str, facts: PortfolioFacts) -> Finding:
    text = ngettext(
        "%(smaller)s of %(existing)s accounts gives us less <scope>scope</scope> than a year ago.",
        "%(smaller)s of %(existing)s accounts give us less <scope>scope</scope> than a year ago.",
        facts.smaller,
    )
    sentence = spans_of(text, smaller=_number(facts.smaller), existing=_number(facts.existing))
    if facts.lost and facts.lost == facts.smaller:
        left = ngettext(" It has left.", " All of them have left.", facts.lost)
    elif facts.lost:
        left = ngettext(" %(lost)s of them has left.", " %(lost)s of them have left.", facts.lost)
    else:
        left = ""
    why = ngettext(
        "%(grown)s gives us more over the same year.", "%(grown)s give us more over the same year.", facts.expanding
    )
    if not facts.expanding:
        why = _("Nobody gives us more over the same year.")
    return Finding(
        rule,
        (*sentence, *spans_of(left, lost=capfirst(_number(facts.lost)))),
        capfirst(why % {"grown": _number(facts.expanding)}),
    )


def _carried(pattern: PatternFacts, money: Money) -> tuple[Span, ...]:
    """What the accounts of a pattern are worth together, as far as their currencies have rates."""
    if not pattern.annual_scope:
        return ()
    if pattern.unpriced:
        text = _(" Those with an exchange rate carry %(amount)s.")
    elif pattern.present == 1:
        text = _(" It carries %(amount)s.")
    else:
        text = _(" Together they carry %(amount)s.")
    return spans_of(text, amount=money(pattern.annual_scope))


def _growers_beside(facts: PortfolioFacts) -> str:
    """Those that grow although they miss their targets, beside those that do not grow although they hit them."""
    growers = facts.pattern("deepening").present
    if not growers:
        return ""
    text = ngettext(
        "%(count)s other grows although it misses targets: the relationship, not the result, is carrying it.",
        "%(count)s others grow although they miss targets: the relationship, not the result, is carrying them.",
        growers,
    )
    return capfirst(text % {"count": _number(growers)})


def _over_the_year(facts: PortfolioFacts) -> str:
    """How many grew within the year, where there were enough to say so."""
    if facts.existing < FEWEST_EXISTING:
        return ""
    text = ngettext(
        "Of %(existing)s accounts of a year ago, %(grown)s gives us more scope today.",
        "Of %(existing)s accounts of a year ago, %(grown)s give us more scope today.",
        facts.expanding,
    )
    grown = _number(facts.expanding) if facts.expanding else _("none")
    return text % {"existing": _number(facts.existing), "grown": grown}


def _names(pattern: PatternFacts, one: str, several: Callable[[int], str]) -> tuple[Span, ...]:
    """A sentence that names the largest account, and counts the others."""
    others = pattern.present - 1
    text = several(others) if others else one
    return spans_of(text, name=pattern.largest[0] if pattern.largest else "", others=_number(others))


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count))


_MARKED = re.compile(r"<(numbers|scope)>(.*?)</\1>")


def spans_of(text: str, **values: str) -> tuple[Span, ...]:
    """The spans of a sentence whose coloured words are marked, with values filled in after it was taken apart.

    So that nothing in a name can be taken for a mark. What begins with a count gets its capital; a name keeps
    the letters it has.
    """
    parts: Sequence[str] = _MARKED.split(text)
    found = []
    for start in range(0, len(parts), 3):
        found.append(Span(parts[start] % values))
        if start + 1 < len(parts):
            found.append(Span(parts[start + 2] % values, parts[start + 1]))
    spans = [span for span in found if span.text]
    if spans and not text.startswith("%(name)s"):
        spans[0] = Span(capfirst(spans[0].text), spans[0].role)
    return tuple(spans)


# One account

RUN = 2
"""Quarters in a row from which a run is told: one quarter is no run."""
FLUCTUATES = Decimal(10)
"""Points of swing from which results are said to fluctuate."""
GROWS_AGAIN = 2
"""Quarters of growth in the year from which it is said to go on."""
PULLED_PERCENT = 50
"""Share of the growth from which the client is said to hand it over."""
WIDE_GAP = Decimal(25)
"""Points between the two views of an attribute that make it worth a word: one step of five on the pulse."""
MIDDLE = Decimal(50)
"""Between the two poles of an attribute: below it the relationship is more of a purchase than a partnership."""
RHYTHM_PERCENT = 50
"""Share of the check-ins due, below which their absence is worth a word."""
MOVED_POINTS = Decimal(5)
"""Points over four quarters from which a partnership score has moved."""
BOTH_VIEWS = 6
"""Attributes that both sides have answered, from which their views are said to agree."""
QUARTERS_READ = 2
"""Quarters with scope, and quarters with targets, that a pattern takes."""


@dataclass(frozen=True)
class AccountFacts:
    """What the sentences about one account are made from, at the end of the quarter shown.

    Runs count quarters in a row up to that one: `good_run` with good numbers, `flat_run` without a change
    of scope. `read` and `with_targets` are the quarters that the pattern was or would be read from, and
    those of them with attainment; over them scope grew in `increases` quarters, and by `change` altogether.
    `views` are client pulse and agency pulse of each attribute that has both. Shares are percent. None: not known.
    """

    pattern: str = "too_early"
    in_progress: bool = False
    good_run: int = 0
    flat_run: int = 0
    read: int = 0
    with_targets: int = 0
    increases: int = 0
    change: Decimal = Decimal(0)
    is_gone: bool = False
    swing: Decimal | None = None
    pulled_share: Decimal | None = None
    score: Decimal | None = None
    score_year_ago: Decimal | None = None
    coverage: int = 0
    check_in_rhythm: Decimal | None = None
    views: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    client_answered: int = 0
    agency_answered: int = 0
    new_lines: tuple[str, ...] = ()

    @property
    def gaps(self) -> dict[str, Decimal]:
        """Agency pulse − client pulse, in points."""
        return {attribute: ours - theirs for attribute, (theirs, ours) in self.views.items()}


def account_finding(facts: AccountFacts, money: Money) -> Finding | None:
    """What an account's pattern says, in its own figures; None while the quarter is in progress.

    `money` prints an amount in the client's currency. Where it is too early, the sentence says so, and the
    reason says what is missing.
    """
    rules = {
        "compounding": _account_compounding,
        "stalling": _account_stalling,
        "deepening": _account_deepening,
        "at_risk": _account_at_risk,
    }
    if facts.in_progress:
        return None
    if facts.pattern not in rules:
        return Finding("too_early", spans_of(_("Too early to tell.")), _what_is_missing(facts))
    sentence, why = rules[facts.pattern](facts, money)
    return Finding(facts.pattern, sentence, why)


def _account_stalling(facts: AccountFacts, money: Money) -> tuple[tuple[Span, ...], str]:
    why = _join(_("In this pattern the results become the reason to leave things as they are."), _opening(facts))
    if facts.is_gone:
        text = _("The <numbers>numbers</numbers> were good, and the <scope>scope</scope> has come to an end.")
        return spans_of(text), ""
    if facts.change < 0:
        text = _("The <numbers>numbers</numbers> are good, and the <scope>scope</scope> has shrunk by %(amount)s.")
        return spans_of(text, amount=money(-facts.change)), _opening(facts)
    if facts.flat_run < RUN:
        text = _("The <numbers>numbers</numbers> are good, and the <scope>scope</scope> is back where it was.")
        return spans_of(text), why
    if facts.good_run < RUN:
        text = ngettext(
            "Most numbers are <numbers>good</numbers>, and the scope has not moved for"
            " <scope>%(flat)s quarter</scope>.",
            "Most numbers are <numbers>good</numbers>, and the scope has not moved for"
            " <scope>%(flat)s quarters</scope>.",
            facts.flat_run,
        )
        return spans_of(text, flat=_number(facts.flat_run)), why
    if facts.good_run == facts.flat_run:
        text = ngettext(
            "The <numbers>numbers</numbers> have been good for %(flat)s quarter, and the <scope>scope</scope> has"
            " not moved in any of them.",
            "The <numbers>numbers</numbers> have been good for %(flat)s quarters, and the <scope>scope</scope> has"
            " not moved in any of them.",
            facts.flat_run,
        )
        return spans_of(text, flat=_number(facts.flat_run)), why
    text = ngettext(
        "The numbers have been good for <numbers>%(good)s quarter</numbers>, and the scope has not moved for"
        " <scope>%(flat)s</scope>.",
        "The numbers have been good for <numbers>%(good)s quarters</numbers>, and the scope has not moved for"
        " <scope>%(flat)s</scope>.",
        facts.good_run,
    )
    return spans_of(text, good=_number(facts.good_run), flat=_number(facts.flat_run)), why


def _account_compounding(facts: AccountFacts, money: Money) -> tuple[tuple[Span, ...], str]:
    why = _who_asked(facts)
    if facts.increases >= GROWS_AGAIN:
        text = ngettext(
            "The <numbers>numbers</numbers> are good, and the <scope>scope</scope> grew in %(increases)s of the"
            " last %(read)s quarter.",
            "The <numbers>numbers</numbers> are good, and the <scope>scope</scope> grew in %(increases)s of the"
            " last %(read)s quarters.",
            facts.read,
        )
        return spans_of(text, increases=_number(facts.increases), read=_number(facts.read)), why
    text = _("The <numbers>numbers</numbers> are good, and the <scope>scope</scope> has grown by %(amount)s.")
    return spans_of(text, amount=money(facts.change)), why


def _account_deepening(facts: AccountFacts, money: Money) -> tuple[tuple[Span, ...], str]:
    pulled = facts.pulled_share is not None and facts.pulled_share >= PULLED_PERCENT
    again = facts.increases >= GROWS_AGAIN
    if facts.swing is not None and facts.swing >= FLUCTUATES:
        if pulled and again:
            text = _("<numbers>Results</numbers> fluctuate, and the client keeps handing over <scope>more</scope>.")
        elif pulled:
            text = _("<numbers>Results</numbers> fluctuate, and the client has handed over <scope>more</scope>.")
        elif again:
            text = _("<numbers>Results</numbers> fluctuate, and the <scope>scope</scope> keeps growing.")
        else:
            text = _("<numbers>Results</numbers> fluctuate, and the <scope>scope</scope> has grown.")
    elif pulled and again:
        text = _("<numbers>Results</numbers> fall short, and the client keeps handing over <scope>more</scope>.")
    elif pulled:
        text = _("<numbers>Results</numbers> fall short, and the client has handed over <scope>more</scope>.")
    elif again:
        text = _("<numbers>Results</numbers> fall short, and the <scope>scope</scope> keeps growing.")
    else:
        text = _("<numbers>Results</numbers> fall short, and the <scope>scope</scope> has grown.")
    more = ngettext(
        "The relationship, not the result, is carrying it: %(amount)s more a year than %(read)s quarter ago.",
        "The relationship, not the result, is carrying it: %(amount)s more a year than %(read)s quarters ago.",
        facts.read,
    )
    return spans_of(text), _join(more % {"amount": money(facts.change), "read": _number(facts.read)}, _who_asked(facts))


def _account_at_risk(facts: AccountFacts, money: Money) -> tuple[tuple[Span, ...], str]:
    if facts.is_gone:
        text = _("The <numbers>numbers</numbers> fell short, and the <scope>scope</scope> has come to an end.")
        return spans_of(text), ""
    why = _opening(facts)
    if facts.change < 0:
        text = _("The <numbers>numbers</numbers> fall short, and the <scope>scope</scope> has shrunk by %(amount)s.")
        return spans_of(text, amount=money(-facts.change)), why
    if facts.flat_run >= RUN:
        text = ngettext(
            "The <numbers>numbers</numbers> fall short, and the scope has not moved for"
            " <scope>%(flat)s quarter</scope>.",
            "The <numbers>numbers</numbers> fall short, and the scope has not moved for"
            " <scope>%(flat)s quarters</scope>.",
            facts.flat_run,
        )
        return spans_of(text, flat=_number(facts.flat_run)), why
    text = _("The <numbers>numbers</numbers> fall short, and the <scope>scope</scope> is back where it was.")
    return spans_of(text), why


def _what_is_missing(facts: AccountFacts) -> str:
    """What a pattern takes that is not there yet."""
    scope = targets = ""
    if facts.read < QUARTERS_READ:
        text = _("A pattern takes two quarters that begin with scope: %(count)s so far.")
        scope = text % {"count": _number(facts.read) if facts.read else _("none")}
    if facts.with_targets < QUARTERS_READ:
        text = _("It takes results against targets in two quarters: %(count)s so far.")
        targets = text % {"count": _number(facts.with_targets) if facts.with_targets else _("none")}
    return _join(scope, targets)


def _who_asked(facts: AccountFacts) -> str:
    """Whether the year's growth was pulled by the client or pushed by us."""
    if facts.pulled_share is None:
        return ""
    share = {"share": percent_text(facts.pulled_share)}
    if facts.pulled_share >= PULLED_PERCENT:
        return (
            _("Of the year's growth whose origin is known, %(share)s was asked for by the client, or by both.") % share
        )
    return _("Most of it was ours to propose: the client, or both of us, asked for %(share)s.") % share


def moved_into(facts: AccountFacts) -> str:
    """What is said beside the pattern of a client that does not grow and was taken into something new."""
    if not facts.new_lines or facts.change > 0 or facts.in_progress:
        return ""
    lines = ", ".join(facts.new_lines)
    if facts.change < 0:
        return _("Scope smaller, moved into %(lines)s") % {"lines": lines}
    return _("Scope flat, moved into %(lines)s") % {"lines": lines}


def _opening(facts: AccountFacts) -> str:
    """The likeliest place to begin: the widest gap between the two views, or check-ins that were not held."""
    gaps = facts.gaps
    widest = max(gaps, key=lambda attribute: gaps[attribute], default="")
    if widest and gaps[widest] >= WIDE_GAP:
        return _("%(attribute)s is the likely opening: the client places it %(points)s points lower than we do.") % {
            "attribute": ATTRIBUTE_WORDS[widest].name,
            "points": number_text(gaps[widest]),
        }
    if facts.check_in_rhythm is not None and facts.check_in_rhythm < RHYTHM_PERCENT:
        return _("Of the check-ins due within the year, %(share)s were held.") % {
            "share": percent_text(facts.check_in_rhythm)
        }
    return ""


# Headings of an account's charts


def numbers_heading(facts: AccountFacts) -> str:
    """What the numbers beside the scope show; a plain name where that is not settled."""
    if facts.in_progress:
        return _("Numbers beside scope, so far")
    if facts.is_gone and facts.pattern in TOLD:
        return _("The scope has come to an end.")
    if facts.pattern == "stalling" and facts.change < 0:
        return _("The numbers are good. The scope shrank.")
    if facts.pattern == "stalling":
        return _("The numbers are good. The scope is where it was.")
    if facts.pattern == "at_risk" and facts.change < 0:
        return _("The numbers fall short. The scope shrank.")
    if facts.pattern == "at_risk":
        return _("The numbers fall short. The scope is where it was.")
    if facts.pattern == "compounding":
        return _("Good numbers, and more scope with them.")
    if facts.pattern == "deepening":
        return _("The scope grows, whatever the numbers do.")
    return _("Numbers beside scope")


def score_heading(facts: AccountFacts) -> str:
    """Where the partnership score has gone within a year."""
    if facts.score is None:
        return _("Too little is known for a partnership score.")
    if facts.in_progress or facts.score_year_ago is None:
        return _("The partnership score stands at %(score)s.") % {"score": number_text(facts.score)}
    moved = facts.score - facts.score_year_ago
    if moved >= MOVED_POINTS:
        return _("The partnership is %(points)s points closer than a year ago.") % {"points": number_text(moved)}
    if moved <= -MOVED_POINTS:
        return _("The partnership is %(points)s points further off than a year ago.") % {"points": number_text(-moved)}
    return _("The partnership is about where it was a year ago.")


def profile_heading(facts: AccountFacts) -> str:
    """Where the two sides see the relationship differently."""
    if not facts.client_answered:
        return _("How the client sees it is not known.")
    if not facts.agency_answered:
        return _("How we see it ourselves is not known.")
    higher = [theirs < MIDDLE <= ours for theirs, ours in facts.views.values() if ours - theirs >= WIDE_GAP]
    lower = sum(gap <= -WIDE_GAP for gap in facts.gaps.values())
    if any(higher):
        text = ngettext(
            "We see a partner where the client sees a supplier, in %(count)s place.",
            "We see a partner where the client sees a supplier, in %(count)s places.",
            sum(higher),
        )
        return text % {"count": _number(sum(higher))}
    if higher:
        text = ngettext(
            "We think better of the partnership than the client does, in %(count)s place.",
            "We think better of the partnership than the client does, in %(count)s places.",
            len(higher),
        )
        return text % {"count": _number(len(higher))}
    if lower:
        text = ngettext(
            "The client thinks better of the partnership than we do, in %(count)s place.",
            "The client thinks better of the partnership than we do, in %(count)s places.",
            lower,
        )
        return text % {"count": _number(lower)}
    if len(facts.gaps) >= BOTH_VIEWS:
        return _("Both sides see much the same relationship.")
    return _("Where the relationship stands, attribute by attribute")


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
