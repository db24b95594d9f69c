"""Headings of the portfolio's charts and what is said beside them, each by a rule with a threshold: no database.

As in metrics.findings: counts are words up to nine, and where no rule holds, or data is thin, or the quarter has
not ended, a heading only says what is drawn.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.findings import FEWEST_EXISTING
from metrics.printing import Money, number_text, percent_text, signed_percent_text

MOVED_PERCENT = Decimal(1)
"""Of the opening scope, from which change on a quarter is said to have moved it."""
MOSTLY_NEW = 2
"""New accounts are said to have brought most of what was added when it is more than one part in so many."""
LEAST_WORTH = Decimal("0.1")
"""Points of the rate below which it is not told what one account moves it by."""
FEWEST_SCORED = 5
"""Accounts with a partnership score, below which nothing is said of the bands."""

GOOD = ("compounding", "stalling")
"""Patterns whose numbers are good."""
GROWING = ("compounding", "deepening")
"""Patterns whose scope grows."""


# The expansion rate


@dataclass(frozen=True)
class RateFacts:
    """The year's rate now, and what it may be compared with, in percent; None: there is none.

    `year_ago` is the rate four quarters earlier: the two windows share no day.
    """

    in_progress: bool = False
    existing: int = 0
    expanding: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    year_ago: Decimal | None = None
    existing_year_ago: int = 0
    benchmark: Decimal | None = None
    benchmark_name: str = ""


def rate_heading(facts: RateFacts) -> str:
    """How many grew; that it is more or fewer than before or elsewhere only where the whole interval says so."""
    if facts.low is None or facts.high is None or facts.existing < FEWEST_EXISTING:
        return _("Expansion over the year, by quarter")
    if facts.in_progress:
        return _("Expansion over the year, so far")
    values = {
        "grown": capfirst(_number(facts.expanding) if facts.expanding else _("none")),
        "existing": _number(facts.existing),
        "name": facts.benchmark_name,
        "benchmark": "" if facts.benchmark is None else percent_text(facts.benchmark),
    }
    if facts.year_ago is not None and facts.existing_year_ago >= FEWEST_EXISTING:
        if facts.low > facts.year_ago:
            return _("%(grown)s of %(existing)s accounts grew: more than a year ago") % values
        if facts.high < facts.year_ago:
            return _("%(grown)s of %(existing)s accounts grew: fewer than a year ago") % values
    if facts.benchmark is not None:
        if facts.low > facts.benchmark:
            return _("%(grown)s of %(existing)s accounts grew: above the benchmark, %(benchmark)s (%(name)s)") % values
        if facts.high < facts.benchmark:
            return _("%(grown)s of %(existing)s accounts grew: below the benchmark, %(benchmark)s (%(name)s)") % values
    return _("%(grown)s of %(existing)s accounts grew within the year") % values


def worth_of_one(existing: int) -> str:
    """What one account is worth in points of the rate; blank with nobody existing."""
    if not existing:
        return ""
    points = Decimal(100) / existing
    if points >= LEAST_WORTH:
        return _("One account moves this rate by %(points)s points.") % {
            "points": number_text(points, 0 if points >= 10 else 1)
        }
    return _("One account moves this rate by less than %(points)s points.") % {"points": number_text(LEAST_WORTH, 1)}


# The scope of the quarter


@dataclass(frozen=True)
class FlowFacts:
    """What a quarter did to the scope, in the reporting currency; the counts are of accounts."""

    in_progress: bool = False
    opening: Decimal = Decimal(0)
    added: Decimal = Decimal(0)
    added_by: int = 0
    added_new: Decimal = Decimal(0)
    taken: Decimal = Decimal(0)
    taken_by: int = 0

    @property
    def change(self) -> Decimal:
        """What came of both."""
        return self.added - self.taken


def flow_heading(facts: FlowFacts, money: Money) -> str:
    """Whether the scope grew or shrank by one percent of what it was, and what went the other way."""
    if facts.in_progress:
        return _("What moved the scope, so far")
    if not facts.opening:
        return _("What moved the scope")
    if not facts.added_by and not facts.taken_by:
        return _("No account changed its scope in the quarter")
    values = {"change": money(abs(facts.change)), "added": money(facts.added), "taken": money(facts.taken)}
    adders = {**values, "count": _number(facts.added_by)}
    takers = {**values, "count": _number(facts.taken_by)}
    if 100 * abs(facts.change) < MOVED_PERCENT * facts.opening:
        return _("Scope is about where it was: %(added)s added, %(taken)s taken back") % values
    if facts.change < 0:
        if not facts.added_by:
            return _("Scope shrank by %(change)s, and nobody added any") % values
        return (
            ngettext(
                "Scope shrank by %(change)s, although %(count)s account added %(added)s",
                "Scope shrank by %(change)s, although %(count)s accounts added %(added)s",
                facts.added_by,
            )
            % adders
        )
    if facts.added_new * MOSTLY_NEW > facts.added:
        return _("Scope grew by %(change)s, most of what was added by new accounts") % values
    if not facts.taken_by:
        return _("Scope grew by %(change)s, and nobody took any back") % values
    return (
        ngettext(
            "Scope grew by %(change)s, and %(count)s account took back %(taken)s",
            "Scope grew by %(change)s, and %(count)s accounts took back %(taken)s",
            facts.taken_by,
        )
        % takers
    )


# The bands of the partnership score


@dataclass(frozen=True)
class BandFacts:
    """How many accounts stand in each band at the end of the quarter, and how many have no score."""

    in_progress: bool = False
    transactional: int = 0
    developing: int = 0
    partnership: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Those that have a score."""
        return self.transactional + self.developing + self.partnership


def bands_heading(facts: BandFacts) -> str:
    """Where most accounts stand; how most of them stand is not known where fewer than half have a score."""
    if facts.in_progress:
        return _("Partnership bands, so far")
    if facts.unknown > facts.known:
        return _("How most accounts stand with us is not known")
    if facts.known < FEWEST_SCORED:
        return _("Partnership bands, by quarter")
    bands = (
        (facts.partnership, _("%(count)s of %(known)s accounts are partnerships")),
        (facts.transactional, _("%(count)s of %(known)s accounts are transactional")),
        (
            facts.developing,
            _("%(count)s of %(known)s accounts are developing, short of partnership"),
        ),
    )
    for count, words in bands:
        if 2 * count > facts.known:
            return words % {"count": capfirst(_number(count)), "known": _number(facts.known)}
    return _("No band holds most of the accounts")


# Patterns that are others than a quarter ago


@dataclass(frozen=True)
class MoveFacts:
    """One account whose pattern changed: what both were read from, in percent, and what was good at either time."""

    before: str
    now: str
    attainment_before: Decimal
    attainment: Decimal
    growth_before: Decimal
    growth: Decimal
    good_before: Decimal
    good: Decimal


def why_it_moved(facts: MoveFacts) -> str:
    """Which of the two crossed its threshold, or both, with the figures of both quarters."""
    return " ".join(reason for reason in (_numbers_moved(facts), _scope_moved(facts)) if reason)


def _numbers_moved(facts: MoveFacts) -> str:
    was_good, is_good = facts.before in GOOD, facts.now in GOOD
    if was_good == is_good:
        return ""
    # Where attainment did not move towards the other side, the threshold did.
    went = facts.attainment - facts.attainment_before
    if (is_good and went <= 0) or (was_good and went >= 0):
        return _("What counts as good went from %(before)s to %(now)s, with attainment at %(attainment)s.") % {
            "before": percent_text(facts.good_before),
            "now": percent_text(facts.good),
            "attainment": percent_text(facts.attainment),
        }
    before, now, good = _apart(facts.attainment_before, facts.attainment, facts.good)
    values = {"before": before, "now": now, "good": good}
    if is_good:
        return _("Attainment rose from %(before)s to %(now)s, and %(good)s is good.") % values
    return _("Attainment fell from %(before)s to %(now)s, and %(good)s is good.") % values


def _scope_moved(facts: MoveFacts) -> str:
    grew, grows = facts.before in GROWING, facts.now in GROWING
    if grew == grows:
        return ""
    values = {"before": _growth(facts.growth_before), "now": _growth(facts.growth)}
    if grows:
        return _("Its scope grows: %(now)s over the quarters read, %(before)s a quarter ago.") % values
    if facts.growth < 0:
        return _("Its scope shrank: %(now)s over the quarters read, %(before)s a quarter ago.") % values
    return _("Its scope stopped growing: %(now)s over the quarters read, %(before)s a quarter ago.") % values


def _growth(value: Decimal) -> str:
    """Growth too small for a whole number still has its sign."""
    return signed_percent_text(value, 0 if not value or abs(value) >= 1 else 2)


def _apart(before: Decimal, now: Decimal, good: Decimal) -> tuple[str, str, str]:
    """Both and the threshold between them, with so many places that they are seen to lie on either side of it."""
    for places in (0, 1, 2):
        told = percent_text(before, places), percent_text(now, places), percent_text(good, places)
        if told[0] != told[1] and (told[2] not in told[:2] or good in (before, now)):
            break
    return told


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count))
