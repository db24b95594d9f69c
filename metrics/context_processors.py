"""What the frame around every page shows: the places that exist for this person, and how fresh the figures are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from metrics.queries.freshness import Freshness, freshness


@dataclass(frozen=True)
class _Kind:
    """A place as it is declared: its page, and the pages that lie within it."""

    label: Promise
    icon: str
    page: str
    exists_for: Callable[[access.User], bool]
    within: tuple[str, ...] = ()


_PLACES = (
    _Kind(_("Portfolio"), "chart-scatter", "metrics:portfolio", access.may_see_accounts, ("metrics:account",)),
    _Kind(_("Definitions"), "book-open", "metrics:definitions", access.may_read_definitions),
    _Kind(_("Settings"), "sliders-horizontal", "metrics:settings", access.may_change_settings, ("metrics:setting",)),
    _Kind(_("The night"), "moon-star", "metrics:night", access.may_see_the_night),
    _Kind(_("Records"), "database", "admin:index", access.may_keep_records),
)


@dataclass(frozen=True)
class Place:
    """One entry of the rail. `current` is what aria-current says: the page itself, a page within, or nothing."""

    label: str
    icon: str
    url: str
    current: str


class Frame:
    """What base.html asks for, read when it is asked: pages without the frame cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Those that exist for this person."""
        match = self._request.resolver_match
        here = match.view_name if match else ""
        if match and match.namespace == "accounts":
            here = "metrics:account"  # what one records on an account lies within its page
        return tuple(
            Place(
                label=str(place.label),
                icon=place.icon,
                url=reverse(place.page),
                current="page" if here == place.page else "true" if here in place.within else "",
            )
            for place in _PLACES
            if place.exists_for(self._request.user)
        )

    @cached_property
    def freshness(self) -> Freshness:
        """Of all figures. One query; a page about one client hands its own `freshness` to the template instead."""
        return freshness(timezone.now())

    @cached_property
    def initials(self) -> str:
        """The person's, at most two."""
        words = str(self._request.user).partition("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The frame around this page."""
    return {"frame": Frame(request)}
