"""What a reader asked of the audit. Whatever an address holds, something sensible is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from accounts.queries.happenings import ENTRIES, Place, Wanted, sources, tracked

DAYS_AT_FIRST = 30
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2100, 12, 31)


def kinds() -> list[tuple[str, str]]:
    """What can have happened, each with its words: the entries first, then the records by name."""
    entries = [(str(kind), str(kind.label)) for kind in AuditEntry.Kind]
    records = [
        (kind, _("%(record)s changed") % {"record": capfirst(str(tracked(history)._meta.verbose_name))})
        for kind, history in sources().items()
        if kind != ENTRIES
    ]
    return [*entries, *sorted(records, key=lambda one: one[1].casefold())]


class AuditForm(forms.Form):
    """Who, on which account, what, and from which day to which."""

    who = forms.CharField(required=False, max_length=200)
    account = forms.CharField(required=False, max_length=200)
    what = forms.CharField(required=False, max_length=60)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    after = forms.CharField(required=False, max_length=120)


@dataclass(frozen=True)
class Asked:
    """The filters as they are in force; the days are those of the agency, both included."""

    who: str
    account: str
    what: str
    since: date
    until: date
    after: Place | None
    usual: tuple[date, date]

    @property
    def query(self) -> str:
        """What an address says of them, without what goes without saying and without where one goes on."""
        said = {"who": self.who, "account": self.account, "what": self.what}
        if (self.since, self.until) != self.usual:
            said |= {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the days narrows it."""
        return bool(self.who or self.account or self.what)

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """The same, to ask for."""
        return Wanted(
            kinds=frozenset([self.what] if self.what else []),
            who=self.who,
            account=self.account,
            since=datetime.combine(self.since, time.min, zone),
            until=datetime.combine(self.until + timedelta(days=1), time.min, zone),
            after=self.after,
        )


def asked(query: Mapping[str, Any], today: date) -> Asked:
    """What an address asks for; the last thirty days unless it names others."""
    form = AuditForm(query)
    form.is_valid()
    given = form.cleaned_data
    until = _within(given.get("until")) or today
    since = _within(given.get("since")) or min(today, until) - timedelta(days=DAYS_AT_FIRST - 1)
    known = {kind for kind, _words in kinds()}
    what = given.get("what") or ""
    return Asked(
        who=given.get("who") or "",
        account=given.get("account") or "",
        what=what if what in known else "",
        since=min(since, until),
        until=max(since, until),
        after=Place.read(given.get("after") or ""),
        usual=(today - timedelta(days=DAYS_AT_FIRST - 1), today),
    )


def _within(day: date | None) -> date | None:
    return min(max(day, FIRST_DAY), LAST_DAY) if day else None
