"""Sentences about what is recorded of one account, each by a rule with a threshold: no database, no clock.

Of its people, its terms, what is open, its standing and its candour. Counts are words up to nine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.attributes import ATTRIBUTE_WORDS
from accounts.reader_locale import day_text
from metrics.findings import AccountFacts
from metrics.printing import percent_text, signed_text

TERM_NEAR_DAYS = 90
"""Days to the end of a term from which it is told first."""


def _number(count: int) -> str:
    return str(apnumber(count))


# People


@dataclass(frozen=True)
class PeopleFacts:
    """Who is known and who was seen in check-ins of the last half-year, by name.

    `known` are the contacts who have not left. `main_contact` is who was in most check-ins of the last year,
    and `main_left_on` the day from which they are gone; None: they are there, or there was nobody.
    """

    known: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    check_ins: int = 0
    main_contact: str = ""
    main_left_on: date | None = None
    decision_makers: int = 0
    """Contacts known to decide, also those who have left."""
    decision_makers_left: int = 0


def is_single_threaded(facts: PeopleFacts) -> bool:
    """Whether the account hangs on one person: one on either side was seen, or one contact is known.

    Where nobody was seen on a side, nothing is claimed of that side.
    """
    return len(facts.theirs) == 1 or len(facts.ours) == 1 or len(facts.known) == 1


def people_heading(facts: PeopleFacts) -> str:
    """Who holds the account together, and whether it hangs on one person."""
    if len(facts.theirs) == 1 and len(facts.ours) == 1:
        return _("Single-threaded: within half a year only %(theirs)s and %(ours)s met.") % {
            "theirs": facts.theirs[0],
            "ours": facts.ours[0],
        }
    if len(facts.theirs) == 1:
        return _("Single-threaded: of the client, only %(name)s was seen within half a year.") % {
            "name": facts.theirs[0]
        }
    if len(facts.ours) == 1:
        return _("Single-threaded: of us, only %(name)s was seen within half a year.") % {"name": facts.ours[0]}
    if len(facts.known) == 1:
        return _("Single-threaded: %(name)s is the only contact we know.") % {"name": facts.known[0]}
    if not facts.check_ins:
        return _("Nobody was seen in a check-in within half a year.")
    if not facts.theirs and not facts.ours:
        return _("Who was in the check-ins was not recorded.")
    if not facts.theirs:
        return _("Whom of the client we met was not recorded.")
    if not facts.ours:
        return _("Which of us was there was not recorded.")
    return _("Several on both sides carry it: %(theirs)s of the client, %(ours)s of us.") % {
        "theirs": _number(len(facts.theirs)),
        "ours": _number(len(facts.ours)),
    }


def people_who_left(facts: PeopleFacts) -> str:
    """That the contact we met most has left, or that nobody who decides is left; blank otherwise."""
    said = []
    if facts.main_left_on is not None:
        text = _("%(name)s, who was in most check-ins of the year, left on %(day)s.")
        said.append(text % {"name": facts.main_contact, "day": day_text(facts.main_left_on)})
    if facts.decision_makers and facts.decision_makers == facts.decision_makers_left:
        said.append(
            ngettext(
                "The decision maker we knew has left.",
                "The %(count)s decision makers we knew have left.",
                facts.decision_makers,
            )
            % {"count": _number(facts.decision_makers)}
        )
    return " ".join(said)


# Terms


@dataclass(frozen=True)
class TermFacts:
    """One open engagement: the end of the term in force, None where it never had one, and the days to it."""

    name: str
    ends_on: date | None = None
    days_left: int | None = None


def terms_heading(terms: Sequence[TermFacts]) -> str:
    """The term that asks for attention first; blank where there is no open engagement."""
    dated = [(term.days_left, term.name, term.ends_on) for term in terms if term.days_left is not None]
    passed = [term for term in dated if term[0] < 0]
    if passed:
        _days, name, ends_on = max(passed)
        return _("The term of %(name)s ended on %(day)s, and no renewal is recorded.") % {
            "name": name,
            "day": day_text(ends_on) if ends_on else "",
        }
    if dated:
        days, name, ends_on = min(dated)
        words = {"name": name, "day": day_text(ends_on) if ends_on else "", "days": _number(days)}
        if days == 0:
            return _("The term of %(name)s ends today.") % words
        if days <= TERM_NEAR_DAYS:
            return (
                ngettext(
                    "The term of %(name)s ends in %(days)s day.", "The term of %(name)s ends in %(days)s days.", days
                )
                % words
            )
        return _("The next term to end is that of %(name)s, on %(day)s.") % words
    if terms:
        return ngettext(
            "The open engagement has no agreed term.", "None of the open engagements has an agreed term.", len(terms)
        )
    return ""


# What is open


def open_heading(*, advice_due: int, goals_late: int, goals: int, opportunities: int) -> str:
    """What asks for attention first of goals, opportunities and advice."""
    if advice_due:
        text = ngettext(
            "%(count)s piece of advice is due to be judged.",
            "%(count)s pieces of advice are due to be judged.",
            advice_due,
        )
        return capfirst(text % {"count": _number(advice_due)})
    if goals_late:
        text = ngettext(
            "%(count)s goal is past its day, and still open.",
            "%(count)s goals are past their day, and still open.",
            goals_late,
        )
        return capfirst(text % {"count": _number(goals_late)})
    if goals:
        text = ngettext("We work towards %(count)s goal.", "We work towards %(count)s goals.", goals)
        return text % {"count": _number(goals)}
    if opportunities:
        text = ngettext("%(count)s opportunity is open.", "%(count)s opportunities are open.", opportunities)
        return capfirst(text % {"count": _number(opportunities)})
    return _("Nothing is open.")


# Where we stand


def standing_heading(standing: str, kinds: int) -> str:
    """Our place on the roster, and into how much of the client's work we are let."""
    places = {
        "sole": _("We are the client’s only agency"),
        "lead": _("We lead the client’s agencies"),
        "several": _("We are one of several agencies"),
        "project": _("We are asked project by project"),
    }
    place = places.get(standing, "")
    if not place and not kinds:
        return _("Where we stand was not recorded.")
    let_in = (
        _("let into %(count)s of four parts of its work") % {"count": _number(kinds)}
        if kinds
        else _("and let into none of its work")
    )
    if not place:
        return _("We are let into %(count)s of four parts of the client’s work.") % {"count": _number(kinds)}
    return _("%(place)s, %(let_in)s.") % {"place": place, "let_in": let_in}


# The ten attributes


def profile_description(facts: AccountFacts) -> str:
    """The drawing of the ten attributes in a sentence, for those who hear the page."""
    known = _("The client’s view is known on %(client)s of ten attributes, ours on %(agency)s.") % {
        "client": _number(facts.client_answered),
        "agency": _number(facts.agency_answered),
    }
    gaps = facts.gaps
    if not gaps:
        return known
    widest = max(gaps, key=lambda attribute: abs(gaps[attribute]))
    text = _("The two views are furthest apart on %(attribute)s: ours less theirs is %(points)s points.")
    return " ".join(
        [known, text % {"attribute": str(ATTRIBUTE_WORDS[widest].name), "points": signed_text(gaps[widest])}]
    )


# Candour


@dataclass(frozen=True)
class CandourFacts:
    """Contested advice: the share of the last year's that we stood by, in percent, and counts of all time."""

    share: Decimal | None = None
    contested: int = 0
    defended: int = 0
    compromised: int = 0


def candour_sentence(facts: CandourFacts) -> str:
    """How much of what was debated or resisted we stood by, and how much became a half-measure."""
    if not facts.contested:
        return _("No advice was ever debated or resisted: candour is untested.")
    if facts.share is None:
        year = _("Nothing was contested within a year.")
    else:
        year = _("Of the advice contested within a year we stood by %(share)s.") % {"share": percent_text(facts.share)}
    everything = ngettext(
        "Since the beginning we stood by %(defended)s of %(contested)s",
        "Since the beginning we stood by %(defended)s of %(contested)s",
        facts.contested,
    ) % {"defended": _number(facts.defended) if facts.defended else _("none"), "contested": _number(facts.contested)}
    halves = (
        ngettext("%(count)s became a half-measure", "%(count)s became half-measures", facts.compromised)
        % {"count": _number(facts.compromised)}
        if facts.compromised
        else _("none became a half-measure")
    )
    return _("%(year)s %(everything)s; %(halves)s.") % {"year": year, "everything": everything, "halves": halves}


def conversation_heading(*, waiting: int, late: int, follow_ups: int) -> str:
    """What of the client's words waits for us."""
    if follow_ups:
        return ngettext(
            "The client asks to be spoken to", "The client asks to be spoken to about %(count)s things", follow_ups
        ) % {"count": follow_ups}
    if late:
        return ngettext(
            "A comment has had no answer for two weeks", "%(count)s comments have had no answer for two weeks", late
        ) % {"count": late}
    if waiting:
        return ngettext("A comment waits for an answer", "%(count)s comments wait for an answer", waiting) % {
            "count": waiting
        }
    return _("All that the client wrote is answered")
