"""The sessions of a person: where they are signed in, and when each was last seen."""

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

SEEN = "seen"
SECONDS = 10 * 60
"""How exactly is known when a session was last seen: often enough to tell, seldom enough to cost nothing."""


@receiver(user_logged_in)
def begun(request: HttpRequest | None, **about: Any) -> None:
    """A session is seen when it begins."""
    if request is not None:
        request.session[SEEN] = int(time.time())


class SeenMiddleware(MiddlewareMixin):
    """Notes now and then that a session is in use, and from where."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """After the page is made, so that nothing waits for it."""
        session = getattr(request, "session", None)
        if session is None or not session.session_key or SEEN not in session:
            return response
        now = time.time()
        if now - session[SEEN] > SECONDS:
            session[SEEN] = int(now)
            UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
        return response
