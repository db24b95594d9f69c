"""The places there are, and for whom: what the rail leads to, and what one can jump to."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access


@dataclass(frozen=True)
class Kind:
    """A place as it is declared: its page, and the pages that lie within it."""

    label: Promise
    icon: str
    page: str
    exists_for: Callable[[access.User], bool]
    within: tuple[str, ...] = ()


MY_ACCOUNTS = Kind(_("My accounts"), "users", "metrics:my_accounts", access.may_see_accounts)
YOUR_PULSES = Kind(
    _("Your pulses"), "list-checks", "metrics:your_pulses", access.may_see_accounts, ("accounts:your_pulse",)
)
OF_OWN = (MY_ACCOUNTS, YOUR_PULSES)
PLACES = (
    *OF_OWN,
    Kind(
        _("Portfolio"),
        "chart-scatter",
        "metrics:portfolio",
        access.may_see_accounts,
        ("metrics:account", "metrics:client_view"),
    ),
    Kind(
        _("Quarterly review"),
        "calendar-check",
        "metrics:quarter",
        access.may_review,
        ("metrics:decision_new", "metrics:decision"),
    ),
    Kind(_("Segments"), "chart-no-axes-gantt", "metrics:segments", access.may_review),
    Kind(_("Definitions"), "book-open", "metrics:definitions", access.may_read_definitions),
    Kind(_("Settings"), "sliders-horizontal", "metrics:settings", access.may_change_settings, ("metrics:setting",)),
    Kind(_("The night"), "moon-star", "metrics:night", access.may_see_the_night),
    Kind(_("Outbox"), "mail", "accounts:outbox", access.may_see_the_outbox, ("accounts:mail",)),
    Kind(_("Audit"), "scroll-text", "accounts:audit", access.may_see_audit),
    Kind(
        _("People"), "contact-round", "accounts:people", access.may_keep_people, ("accounts:invite", "accounts:person")
    ),
    Kind(_("Agency"), "building-2", "accounts:agency", access.may_keep_the_agency),
    Kind(_("Records"), "database", "admin:index", access.may_keep_records, ("admin:app_list",)),
)
"""In their order."""


@dataclass(frozen=True)
class Place:
    """One entry of the rail. `current` is what aria-current says: the page itself, a page within, or nothing.

    `count` is how many accounts there ask for something; 0 is not shown.
    """

    label: str
    icon: str
    url: str
    current: str = ""
    count: int = 0


def places(user: access.User, here: str, *, has_own: bool, in_need: int = 0) -> tuple[Place, ...]:
    """Those that exist for this person. `here` is the name of the page they are on.

    Own accounts, and the pulses of them, are places for whoever arrives there, and for leadership where they have any.
    """
    return tuple(
        Place(
            label=str(kind.label),
            icon=kind.icon,
            url=reverse(kind.page),
            current="page" if here == kind.page else "true" if here in kind.within else "",
            count=in_need if kind is MY_ACCOUNTS else 0,
        )
        for kind in PLACES
        if kind.exists_for(user) and (kind not in OF_OWN or has_own or access.arrives_at_own_accounts(user))
    )
