"""Who may become a person here: those who were invited, and nobody by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts import sign_in_mail


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in as allauth does it; signing up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox, in our own words."""
        sign_in_mail.post(template_prefix, email, context)
