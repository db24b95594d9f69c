"""What accounts ask for, in sentences: a finding for all of them, and a line for each. No database, no clock.

A line says what and why, with dates. Counts are words up to nine. Where nothing is asked for, that is said too.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.reader_locale import day_text
from metrics.figures.blind_spots import is_comment_unanswered
from metrics.figures.needs import Need
from metrics.printing import quarter_text

NAMED = 2
"""So many accounts in need are named; of more only their number is said."""


def needs_finding(needs: Sequence[Need], accounts: int) -> str:
    """How many of one's accounts ask for something today, or that none does."""
    if not accounts:
        return _("No account is yours yet.")
    # In the order of urgency, each once.
    names = list(dict.fromkeys(need.account for need in needs))
    found = len({need.external_id for need in needs})
    if not found:
        return ngettext(
            "Your account needs nothing from you today.",
            "None of your %(accounts)s accounts needs anything from you today.",
            accounts,
        ) % {"accounts": _number(accounts)}
    if found == 1:
        return _("%(name)s needs you today.") % {"name": names[0]}
    if found <= NAMED and len(names) == found:
        return _("%(first)s and %(second)s need you today.") % {"first": names[0], "second": names[1]}
    if found == accounts:
        return _("All of your %(accounts)s accounts need you today.") % {"accounts": _number(accounts)}
    return capfirst(
        _("%(found)s of your %(accounts)s accounts need you today.")
        % {"found": _number(found), "accounts": _number(accounts)}
    )


def needs_why(needs: Sequence[Need], accounts: int) -> str:
    """What for: each kind with its number, in the order of urgency."""
    if not accounts:
        return _("An account comes here once you lead it, or were in half of its check-ins of the last half year.")
    if not needs:
        return _(
            "Check-ins are held, no term ends within 90 days, whoever decides is there, no pattern has changed,"
            " no pulse is asked of you, and no advice waits to be judged."
        )
    kinds = Counter(_COUNTED_AS.get(need.kind, need.kind) for need in needs)
    parts = [_kind(kind, count) for kind, count in kinds.items()]
    if len(parts) == 1:
        return capfirst(_("%(only)s.") % {"only": parts[0]})
    return capfirst(_("%(first)s and %(last)s.") % {"first": ", ".join(parts[:-1]), "last": parts[-1]})


_COUNTED_AS = {"term_over": "term", "term_ending": "term", "pulse_comment": "comment"}
"""What is one thing where it is counted."""


def _kind(kind: str, count: int) -> str:
    words = {
        "check_in_overdue": ngettext("%(count)s check-in is overdue", "%(count)s check-ins are overdue", count),
        "term": ngettext("%(count)s term ends or has ended", "%(count)s terms end or have ended", count),
        "contact_left": ngettext("%(count)s main contact has left", "%(count)s main contacts have left", count),
        "contact_leaving": ngettext("%(count)s main contact is leaving", "%(count)s main contacts are leaving", count),
        "pattern_changed": ngettext("%(count)s pattern has changed", "%(count)s patterns have changed", count),
        "comment": ngettext("%(count)s comment waits for an answer", "%(count)s comments wait for an answer", count),
        "follow_up": ngettext("%(count)s client asks to be spoken to", "%(count)s clients ask to be spoken to", count),
        "goal_agreed": ngettext("%(count)s goal was agreed to", "%(count)s goals were agreed to", count),
        "pulse_asked": ngettext("%(count)s pulse is asked of you", "%(count)s pulses are asked of you", count),
        "advice_due": ngettext(
            "%(count)s piece of advice is to be judged", "%(count)s pieces of advice are to be judged", count
        ),
    }
    return words[kind] % {"count": _number(count)}


def need_title(need: Need) -> str:
    """What it is, in two or three words."""
    return {
        "check_in_overdue": _("Check-in overdue"),
        "term_over": _("Term has ended"),
        "term_ending": _("Term ends"),
        "contact_left": _("Main contact left"),
        "contact_leaving": _("Main contact leaves"),
        "pattern_changed": _("Pattern changed"),
        "advice_due": _("Advice to judge"),
        "comment": _("Comment to answer"),
        "pulse_comment": _("Comment to answer"),
        "follow_up": _("Asks to be spoken to"),
        "goal_agreed": _("Goal agreed"),
        "pulse_asked": _("Your pulse"),
    }[need.kind]


def need_line(need: Need, today: date) -> str:
    """Why, in one line. Of a change of pattern only when: its glyphs say what."""
    return {
        "check_in_overdue": _check_in,
        "term_over": _term,
        "term_ending": _term,
        "contact_left": _contact,
        "contact_leaving": _contact,
        "pattern_changed": _pattern,
        "advice_due": _advice,
        "comment": _said,
        "pulse_comment": _said,
        "follow_up": _said,
        "goal_agreed": _said,
        "pulse_asked": _pulse,
    }[need.kind](need, today)


def _check_in(need: Need, today: date) -> str:
    said = {"since": _day(need.since), "due": _day(need.day), "interval": need.interval}
    late = _days((today - need.day).days)
    if need.about:
        text = ngettext(
            "The last was on %(since)s. One is due every day, so it is %(late)s late.",
            "The last was on %(since)s. One is due every %(interval)s days, so it is %(late)s late.",
            need.interval,
        )
    else:
        text = ngettext(
            "None was held since the first start on %(since)s. One is due every day, so it is %(late)s late.",
            "None was held since the first start on %(since)s. One is due every %(interval)s days, so it is"
            " %(late)s late.",
            need.interval,
        )
    return text % {**said, "late": late}


def _term(need: Need, today: date) -> str:
    left = (need.day - today).days
    said = {"name": need.about, "day": _day(need.day), "days": _days(abs(left))}
    if left < 0:
        return _("%(name)s ran until %(day)s, %(days)s ago. Neither a renewal nor an end is recorded.") % said
    if left == 0:
        return _("%(name)s runs until today, and what follows is not recorded.") % said
    return _("%(name)s runs until %(day)s, in %(days)s.") % said


def _contact(need: Need, today: date) -> str:
    said = {"name": need.about, "day": _day(need.day), "days": _days(abs((need.day - today).days))}
    if need.kind == "contact_leaving":
        if need.decides:
            return _("%(name)s decides, and leaves on %(day)s, in %(days)s. Nobody else who decides is known.") % said
        return _("%(name)s is the only contact, and leaves on %(day)s, in %(days)s.") % said
    if need.decides:
        return _("%(name)s decided, and left on %(day)s. Nobody else who decides is known.") % said
    return _("%(name)s was the only contact, and left on %(day)s.") % said


def _pattern(need: Need, today: date) -> str:
    return _("in %(quarter)s.") % {"quarter": quarter_text(need.quarter)}


def _advice(need: Need, today: date) -> str:
    said = {"subject": need.about, "day": _day(need.day)}
    if need.day == today:
        return _("“%(subject)s” was to show by today. What came of it?") % said
    return _("“%(subject)s” was to show by %(day)s. What came of it?") % said


def _pulse(need: Need, today: date) -> str:
    who = need.about or _("You")
    said = {"who": who, "day": _day(need.day), "days": _days(abs((need.day - today).days))}
    if need.day == today:
        return _("%(who)s asked for it by today. What the client answers opens to you when it is sent.") % said
    if need.day < today:
        return _("%(who)s asked for it by %(day)s, %(days)s ago. It counts until the quarter ends.") % said
    return (
        _("%(who)s asked for it by %(day)s, in %(days)s. What the client answers opens to you when it is sent.") % said
    )


def _said(need: Need, today: date) -> str:
    said = {"who": need.about, "day": _day(need.day), "words": need.before, "days": _days((today - need.day).days)}
    if need.kind == "goal_agreed":
        return _("%(who)s agreed to “%(words)s” on %(day)s.") % said
    if need.kind == "pulse_comment" and is_comment_unanswered(today, need.day):
        return _("%(who)s wrote “%(words)s” beside their pulse %(days)s ago: no check-in since.") % said
    if need.kind == "pulse_comment":
        return _("%(who)s wrote beside their pulse on %(day)s: “%(words)s”") % said
    if need.kind == "comment" and is_comment_unanswered(today, need.day):
        return _("%(who)s wrote “%(words)s” %(days)s ago: no reply and no check-in since.") % said
    if need.kind == "comment":
        return _("%(who)s wrote on %(day)s: “%(words)s”") % said
    return _("%(who)s asked on %(day)s: “%(words)s”") % said


def _day(day: date | None) -> str:
    """As its reader writes days; blank where there is none."""
    return day_text(day) if day else ""


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _number(count: int) -> str:
    """A count as a word up to nine, in digits from ten."""
    return str(apnumber(count))
