"""What the frame around every page shows: places, pinned accounts, and how fresh the figures are."""

from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from accounts import access, second_factor
from metrics.places import Place, places
from metrics.queries.frame import Framed, framed
from metrics.queries.freshness import Freshness


class Frame:
    """What base.html asks for, read when it is asked: pages without the frame cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def framed(self) -> Framed:
        """All that is read for the frame, in one query; a page that has read it already sets it here."""
        return framed(timezone.now(), self._request.user)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Those that exist for this person."""
        match = self._request.resolver_match
        here = match.view_name if match else ""
        if match and match.namespace == "accounts" and "external_id" in match.kwargs and here != "accounts:your_pulse":
            here = "metrics:account"  # what one records on an account lies within its page
        elif match and match.namespace == "admin" and here != "admin:index":
            here = "admin:app_list"  # whichever record it is
        return places(
            self._request.user,
            here,
            has_own=bool(self.framed.accounts),
            in_need=self.framed.accounts_in_need,
        )

    @property
    def freshness(self) -> Freshness:
        """Of all figures; a page about one client hands its own `freshness` to the template instead."""
        return self.framed.freshness

    @property
    def may_remove_the_sample(self) -> bool:
        """Whether the sample agency is there, and this person may take it out."""
        return self.framed.has_sample and access.may_keep_the_sample(self._request.user)

    @property
    def second_factor_due_at(self) -> datetime | None:
        """Until when a second factor is asked of this person; None where none is."""
        return second_factor.due_at(self._request.user)

    @cached_property
    def initials(self) -> str:
        """The person's, at most two."""
        words = str(self._request.user).partition("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The frame around this page."""
    return {"frame": Frame(request)}
