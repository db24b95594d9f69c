"""A second factor is asked of leadership and administrators: by a banner first, and after two weeks before all else."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from accounts import access

GRACE = timedelta(days=14)
"""From the day somebody joined."""
OPEN = ("/you/", "/sign-in/", "/static/", "/healthz", "/readyz", "/status", "/agency/logo.png")
"""What stays open without it: where it is set up, and the way out."""


def due_at(user: access.User) -> datetime | None:
    """Until when this person may go on without one; None where nothing is asked of them."""
    if not access.is_of_the_agency(user) or not user.leads or user.has_second_factor:
        return None
    return user.joined_at + GRACE


def is_overdue(user: access.User, now: datetime) -> bool:
    """Whether they may go on no longer. In the demo, which is open on one's own machine, it stays a request."""
    due = due_at(user)
    return due is not None and due <= now and not settings.DEMO


class SecondFactorMiddleware(MiddlewareMixin):
    """Leads whoever owes a second factor to where it is set up."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """A page that is public looks at nobody."""
        if not getattr(view, "login_required", True) or request.path.startswith(OPEN):
            return None
        if not is_overdue(request.user, timezone.now()):
            return None
        return HttpResponseRedirect(f"{reverse('accounts:you')}?second-factor=asked", status=303)
