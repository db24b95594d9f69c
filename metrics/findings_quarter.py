"""Sentences of the quarterly review and of the segments, each by a rule with a threshold: no database, no clock.

Counts are words up to nine. Where nothing can be told, the sentence says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.attributes import ATTRIBUTE_WORDS
from metrics.printing import Money, number_text, percent_text

FEWEST_IN_A_SEGMENT = 10
"""Accounts of a segment, below which its rate is said to mean little: one of them is ten points or more."""


# What moved


@dataclass(frozen=True)
class ScopeFacts:
    """What a quarter did to the scope of accounts: how many, and what their changes add up to.

    Amounts are in the reporting currency and above zero either way. `grown` had scope before; `came` had none,
    those that returned included.
    """

    grown: int = 0
    grown_by: Decimal = Decimal(0)
    shrunk: int = 0
    shrunk_by: Decimal = Decimal(0)
    left: int = 0
    left_with: Decimal = Decimal(0)
    came: int = 0
    came_with: Decimal = Decimal(0)


def scope_heading(facts: ScopeFacts, money: Money) -> str:
    """What existing accounts added and took back, else who came; new business never counts as growth."""
    given = ngettext(
        "%(count)s account gave us %(amount)s more scope",
        "%(count)s accounts gave us %(amount)s more scope",
        facts.grown,
    ) % {"count": _number(facts.grown), "amount": money(facts.grown_by)}
    less, less_by = facts.shrunk + facts.left, facts.shrunk_by + facts.left_with
    taken = ngettext("%(count)s account took %(amount)s back", "%(count)s accounts took %(amount)s back", less) % {
        "count": _number(less),
        "amount": money(less_by),
    }
    if facts.grown and less:
        return capfirst(_("%(given)s, and %(taken)s.") % {"given": given, "taken": taken})
    if facts.grown:
        return capfirst(_("%(given)s, and none took any back.") % {"given": given})
    if less:
        return capfirst(_("%(taken)s, and none gave us more.") % {"taken": taken})
    if facts.came:
        text = ngettext(
            "%(count)s account came with %(amount)s, and no other scope moved.",
            "%(count)s accounts came with %(amount)s, and no other scope moved.",
            facts.came,
        )
        return capfirst(text % {"count": _number(facts.came), "amount": money(facts.came_with)})
    return _("Nobody’s scope moved.")


def patterns_heading(moved: int, grew_into: int, grew_out: int) -> str:
    """How many accounts changed their pattern, and how many of those began or ceased to grow."""
    if not moved:
        return _("No account changed its pattern.")
    text = ngettext("%(count)s account changed its pattern", "%(count)s accounts changed their pattern", moved)
    changed = capfirst(text % {"count": _number(moved)})
    began = ngettext("%(count)s began to grow", "%(count)s began to grow", grew_into) % {"count": _number(grew_into)}
    ceased = ngettext("%(count)s no longer grows", "%(count)s no longer grow", grew_out) % {"count": _number(grew_out)}
    if grew_into and grew_out:
        return _("%(changed)s: %(began)s, and %(ceased)s.") % {"changed": changed, "began": began, "ceased": ceased}
    if grew_into or grew_out:
        return _("%(changed)s: %(what)s.") % {"changed": changed, "what": began if grew_into else ceased}
    return _("%(changed)s.") % {"changed": changed}


def scores_heading(closer: int, further: int, scored_twice: int, points: Decimal) -> str:
    """Where the partnership came closer or moved further off, by at least so many points."""
    if not scored_twice:
        return _("No account has a partnership score at the end of both quarters.")
    if not closer and not further:
        return _("No partnership score moved by %(points)s points or more.") % {"points": number_text(points)}
    nearer = ngettext("%(count)s partnership came closer", "%(count)s partnerships came closer", closer) % {
        "count": _number(closer)
    }
    farther = ngettext(
        "%(count)s partnership moved further off", "%(count)s partnerships moved further off", further
    ) % {"count": _number(further)}
    if closer and further:
        text = _("%(nearer)s by %(points)s points or more, and %(count)s moved further off.")
        return capfirst(text % {"nearer": nearer, "points": number_text(points), "count": _number(further)})
    moved = nearer if closer else farther
    return capfirst(_("%(moved)s by %(points)s points or more.") % {"moved": moved, "points": number_text(points)})


@dataclass(frozen=True)
class PatternReading:
    """What one quarter's pattern was read from.

    `attainment` is the mean in percent, `good` the attainment from which numbers were good, `growth` the change of
    annual scope over the quarters read. None: not known.
    """

    pattern: str
    attainment: Decimal | None
    good: Decimal
    growth: Decimal | None


_GOOD = ("compounding", "stalling")
_GROWS = ("compounding", "deepening")
_TOLD = ("compounding", "stalling", "deepening", "at_risk")


def why_it_moved(before: PatternReading, after: PatternReading, money: Money) -> str:
    """Why a pattern is another than a quarter before: what crossed its line, the numbers or the scope."""
    if after.pattern not in _TOLD:
        return _("It can no longer be told: a pattern takes two quarters of scope and of targets.")
    if before.pattern not in _TOLD:
        return _("Its first pattern: there are two quarters of scope and of targets now.")
    return " ".join(
        sentence for sentence in (_why_numbers(before, after), _why_scope(before, after, money)) if sentence
    )


def _why_numbers(before: PatternReading, after: PatternReading) -> str:
    was_good, is_good = before.pattern in _GOOD, after.pattern in _GOOD
    if was_good == is_good or before.attainment is None or after.attainment is None:
        return ""
    if (after.attainment >= before.good) == was_good:
        # The same numbers would have read as before: the line moved across them.
        return _("What counts as good went from %(before)s to %(after)s of targets met.") % {
            "before": percent_text(before.good),
            "after": percent_text(after.good),
        }
    values = {
        "before": percent_text(before.attainment, _places(before.attainment, before.good)),
        "after": percent_text(after.attainment, _places(after.attainment, after.good)),
        "good": percent_text(after.good),
    }
    if is_good:
        return _("Targets met rose from %(before)s to %(after)s, with %(good)s being good.") % values
    return _("Targets met fell from %(before)s to %(after)s, with %(good)s being good.") % values


def _places(attainment: Decimal, good: Decimal) -> int:
    """One more place where rounding would put the figure on the other side of its line."""
    return 1 if abs(attainment - good) < 1 else 0


def _why_scope(before: PatternReading, after: PatternReading, money: Money) -> str:
    grew, grows = before.pattern in _GROWS, after.pattern in _GROWS
    if grew == grows or after.growth is None:
        return ""
    if grows:
        return _("Over the quarters it is read from, the scope is up by %(amount)s.") % {"amount": money(after.growth)}
    if after.growth < 0:
        return _("Over the quarters it is read from, the scope is down by %(amount)s.") % {
            "amount": money(-after.growth)
        }
    return _("Over the quarters it is read from, the scope is where it was.")


# The signal test


INDICATOR_WORDS: Mapping[str, str | Promise] = {
    "attainment": gettext_lazy("KPI attainment"),
    "partnership_score": gettext_lazy("the partnership score"),
    "check_in_rhythm": gettext_lazy("the check-in rhythm"),
    "candour": gettext_lazy("advice defended"),
    "confidence": gettext_lazy("the client’s confidence"),
    "trust_signs": gettext_lazy("trust signs"),
}
"""What the indicators that are no attribute are called within a sentence."""


def indicator_word(indicator: str) -> str:
    """What an indicator is called within a sentence; attributes go by their names."""
    if indicator in ATTRIBUTE_WORDS:
        return str(ATTRIBUTE_WORDS[indicator].name).lower()
    return str(INDICATOR_WORDS[indicator])


def signal_heading(attainment: str) -> str:
    """Whether what a dashboard shows foretells growth here, by its verdict; blank stands for no test at all."""
    return {
        "tells": _("Here the dashboard knows: accounts that hit their targets grow more often later."),
        "misleads": _("Here the dashboard misleads: accounts that hit their targets grow less often later."),
        "coin": _("Here the dashboard does not know: hitting targets foretells growth no better than a coin."),
    }.get(attainment, _("Whether hitting targets foretells growth here can’t be told yet: there are too few cases."))


def signal_sentences(verdicts: Mapping[str, str]) -> tuple[str, ...]:
    """What the other indicators say, by verdict: at most a sentence for each, in the order of the indicators."""
    of: dict[str, list[str]] = {}
    for indicator, verdict in verdicts.items():
        if indicator != "attainment":
            of.setdefault(verdict, []).append(indicator_word(indicator))
    found = []
    if telling := of.get("tells"):
        found.append(_("What foretells growth: %(names)s.") % {"names": _listed(telling)})
    if misleading := of.get("misleads"):
        found.append(_("What points the wrong way: %(names)s.") % {"names": _listed(misleading)})
    if coins := of.get("coin"):
        found.append(_("No better than a coin: %(names)s.") % {"names": _listed(coins)})
    if thin := of.get("too_few"):
        found.append(_("Too few cases to say: %(names)s.") % {"names": _listed(thin)})
    return tuple(found)


# Candour


def candour_line(contested: int, defended: int, compromised: int, withdrawn: int) -> str:
    """What became of advice that clients debated or resisted, in a line."""
    if not contested:
        return _("No advice on record was debated or resisted.")
    text = ngettext(
        "%(contested)s piece of advice was debated or resisted: %(defended)s defended, %(compromised)s softened into"
        " a half-measure, %(withdrawn)s withdrawn.",
        "%(contested)s pieces of advice were debated or resisted: %(defended)s defended, %(compromised)s softened"
        " into half-measures, %(withdrawn)s withdrawn.",
        contested,
    )
    sentence = capfirst(
        text
        % {
            "contested": _number(contested),
            "defended": _or_none(defended),
            "compromised": _or_none(compromised),
            "withdrawn": _or_none(withdrawn),
        }
    )
    rest = contested - defended - compromised - withdrawn
    if rest:
        more = ngettext(
            "Of %(count)s it is not recorded what we did.", "Of %(count)s it is not recorded what we did.", rest
        )
        return f"{sentence} {more % {'count': _number(rest)}}"
    return sentence


# Segments


@dataclass(frozen=True)
class SegmentFacts:
    """One segment as a heading needs it: its name, how many accounts, and its interval in percent."""

    name: str
    existing: int
    low: Decimal
    high: Decimal


def segments_heading(by: str, segments: Sequence[SegmentFacts], whole: SegmentFacts | None) -> str:
    """Which segments can be told apart from all accounts together: those whose intervals lie apart from theirs.

    `by` says what they are told apart by, such as `By industry`, and begins the sentence. Blank where there is no
    segment or no whole. Compared unrounded, and ends that touch do not lie apart.
    """
    if whole is None or not segments:
        return ""
    above = [segment.name for segment in segments if segment.low > whole.high]
    below = [segment.name for segment in segments if segment.high < whole.low]
    if above and below:
        return _("%(by)s: the rate of %(above)s lies above that of all accounts, of %(below)s below it.") % {
            "by": by,
            "above": _listed(above),
            "below": _listed(below),
        }
    if above:
        return _("%(by)s: the rate of %(names)s lies above that of all accounts.") % {"by": by, "names": _listed(above)}
    if below:
        return _("%(by)s: the rate of %(names)s lies below that of all accounts.") % {"by": by, "names": _listed(below)}
    if len(segments) == 1:
        return _("%(by)s: one alone, and it can’t be told apart from all accounts.") % {"by": by}
    return _("%(by)s: nothing can be told apart, each interval reaches into that of all accounts.") % {"by": by}


def thinness(segments: Sequence[SegmentFacts]) -> str:
    """How little the smallest segments mean, in a sentence; blank where none is small."""
    small = [segment.existing for segment in segments if segment.existing < FEWEST_IN_A_SEGMENT]
    if not small:
        return ""
    text = ngettext(
        "%(count)s of %(all)s has fewer than %(fewest)s accounts. In the smallest, with %(existing)s, one account is"
        " %(points)s points of the rate.",
        "%(count)s of %(all)s have fewer than %(fewest)s accounts. In the smallest, with %(existing)s, one account is"
        " %(points)s points of the rate.",
        len(small),
    )
    return capfirst(
        text
        % {
            "count": _number(len(small)),
            "all": _number(len(segments)),
            "fewest": FEWEST_IN_A_SEGMENT,
            "existing": _number(min(small)),
            "points": number_text(Decimal(100) / min(small)),
        }
    )


# What the rules share


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count))


def _or_none(count: int) -> str:
    return _number(count) if count else _("none")


def _listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    *most, last = names
    return _("%(names)s and %(last)s") % {"names": ", ".join(most), "last": last} if most else last
