"""Jump to an account, a person, a page, or something one can do: the palette's results, and the same as a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Client
from accounts.reader_locale import day_text
from metrics.forms.jump import asked
from metrics.places import places
from metrics.queries.jump import AccountFound, PersonFound, accounts_called, folded, people_called

ACTS_ON = 2
"""For so many of the accounts found, what one can do there is offered."""


@dataclass(frozen=True)
class Landing:
    """One line that leads somewhere. `note` is plain text beside it, `pattern` a glyph before it."""

    label: str
    url: str
    icon: str = ""
    note: str = ""
    pattern: str = ""
    account: AccountFound | None = None


@dataclass(frozen=True)
class Act:
    """Something one can record on an account: where, and what it is called."""

    page: str
    icon: str
    label: Promise


ACTS = (
    Act("accounts:check_in_new", "message-circle", gettext_lazy("Log a check-in with %(name)s")),
    Act("accounts:scope_change_new", "plus", gettext_lazy("Record a scope change of %(name)s")),
)
"""What is offered for whoever types a name."""
MORE_ACTS = (
    Act("accounts:recommendation_new", "lightbulb", gettext_lazy("Record advice given to %(name)s")),
    Act("accounts:readings", "chart-line", gettext_lazy("Record results and targets of %(name)s")),
    Act("accounts:goal_new", "target", gettext_lazy("Set a goal of %(name)s")),
    Act("accounts:note_new", "sticky-note", gettext_lazy("Write a note on %(name)s")),
    Act("accounts:contact_new", "user-plus", gettext_lazy("Add a contact of %(name)s")),
    Act("accounts:engagement_new", "briefcase", gettext_lazy("Record a new engagement of %(name)s")),
    Act("accounts:standing_new", "medal", gettext_lazy("Record where we stand with %(name)s")),
    Act("accounts:involvement_new", "door-open", gettext_lazy("Record what %(name)s lets us into")),
)
"""What is offered besides to whoever types words of it."""


@dataclass(frozen=True)
class Group:
    """Lines of one kind."""

    code: str
    title: str
    landings: tuple[Landing, ...]


@require_safe
def jump(request: HttpRequest) -> TemplateResponse:
    """The page: a form and what was found, for those who come without JavaScript."""
    return TemplateResponse(request, "metrics/jump/page.html", _found(request))


@require_safe
def jump_results(request: HttpRequest) -> TemplateResponse:
    """What was found alone."""
    return TemplateResponse(request, "metrics/jump/_results.html", _found(request))


def _found(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not access.may_see_accounts(user):
        raise Http404
    text = asked(request.GET)
    clients = access.visible_clients(user)
    accounts = accounts_called(clients, text)
    anywhere = (act for act in _acts_anywhere(user) if _goes_with(act, text))
    here = _acts(ACTS, _recorded_by(user, accounts)) if accounts else _acts_asked_for(user, clients, text)
    groups = [
        Group("accounts", _("Accounts"), tuple(_account(account) for account in accounts)),
        Group("people", _("People"), tuple(_person(person) for person in people_called(clients, text))),
        Group("pages", _("Pages"), tuple(page for page in _pages(user) if _goes_with(page, text))),
        Group("acts", _("Actions"), (*here, *anywhere)),
    ]
    count = sum(len(group.landings) for group in groups)
    said = ngettext("%(count)s result", "%(count)s results", count) % {"count": count}
    return {
        "asked": text,
        "groups": [group for group in groups if group.landings],
        "said": said if count else _("No result"),
        "lacks_account": not count and bool(_acts_called(_words(text))),
    }


def _account(account: AccountFound) -> Landing:
    return Landing(account.name, _page_of(account.external_id), pattern=account.pattern, account=account)


def _person(person: PersonFound) -> Landing:
    if person.person_id is not None:
        leads = ngettext("leads %(count)s account", "leads %(count)s accounts", person.accounts)
        address = f"{reverse('metrics:portfolio')}?manager={person.person_id}"
        return Landing(person.name, address, "user", leads % {"count": person.accounts})
    note = f"{person.role}, {person.client}" if person.role else person.client
    if person.left_on is not None:
        note = _("%(who)s, left %(day)s") % {"who": note, "day": day_text(person.left_on)}
    return Landing(person.name, _page_of(person.external_id), "contact", note)


def _pages(user: access.User) -> list[Landing]:
    return [Landing(place.label, place.url, place.icon) for place in places(user, "", has_own=False)]


def _recorded_by(user: access.User, accounts: tuple[AccountFound, ...]) -> list[AccountFound]:
    """Those whose names begin like what was typed, where this person may record."""
    beginning = [account for account in accounts if account.begins]
    if not beginning:
        return []
    ids = access.recordable_clients(user).filter(external_id__in=[account.external_id for account in beginning])
    own = frozenset(ids.values_list("external_id", flat=True))
    return [account for account in beginning if account.external_id in own]


def _acts(acts: Iterable[Act], accounts: list[AccountFound]) -> list[Landing]:
    """What can be recorded on the first of these accounts."""
    found = []
    for account in accounts[:ACTS_ON]:
        for act in acts:
            try:
                address = reverse(act.page, args=[account.external_id])
            except NoReverseMatch:
                continue
            found.append(Landing(str(act.label) % {"name": account.name}, address, act.icon))
    return found


def _acts_asked_for(user: access.User, clients: QuerySet[Client], text: str) -> list[Landing]:
    """What one asks to do on an account, where words of the act stand before or after its name: `check north`."""
    words = _words(text)
    # As many words as can be are those of the act.
    for count in range(len(words) - 1, 0, -1):
        for asked_for, name in ((words[:count], words[count:]), (words[-count:], words[:-count])):
            if acts := _acts_called(asked_for):
                return _acts(acts, _recorded_by(user, accounts_called(clients, " ".join(name))))
    return []


def _acts_called(asked_for: list[str]) -> list[Act]:
    """The acts in whose names a word begins with each of these."""
    if not asked_for:
        return []
    of_acts = ((act, _words(str(act.label) % {"name": ""})) for act in (*ACTS, *MORE_ACTS))
    return [act for act, words in of_acts if all(any(word.startswith(one) for word in words) for one in asked_for)]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text))


def _acts_anywhere(user: access.User) -> list[Landing]:
    if not access.may_add_clients(user):
        return []
    return [Landing(_("Add a client"), reverse("accounts:client_new"), "plus")]


def _goes_with(landing: Landing, text: str) -> bool:
    return folded(text) in folded(landing.label)


def _page_of(external_id: str) -> str:
    return reverse("metrics:account", args=[external_id])
