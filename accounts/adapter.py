"""Who may become a person here: those who were invited, and nobody by signing up."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from qrcode.main import QRCode

from accounts import access, factor_secrets, sign_in_mail, sign_in_notes
from accounts.models import Person


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in as allauth does it; signing up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox, in our own words."""
        sign_in_mail.post(template_prefix, email, context)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After too many tries nobody is asked any more; that somebody went on is noted."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_notes.was_shut_out(request, str(credentials.get("email") or ""))
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted by the address alone: allauth counts them by host as well, and whoever asks says that."""
        return str(credentials.get("email") or "").strip().lower()

    def pre_login(self, request: HttpRequest, user: Person, **hooks: object) -> HttpResponse | None:
        """A client's person comes in while they are with the client."""
        if user.role == Person.Role.CONTACT and user.is_active and access.own_contact(user) is None:
            found: HttpResponse = self.respond_user_inactive(request, user)
            return found
        answer: HttpResponse | None = super().pre_login(request, user, **hooks)
        return answer

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """Whoever has just signed in, or shown once more who they are, is not asked again."""
        request = context.request
        shown = [record["at"] for record in get_authentication_records(request, request.user)]
        return not shown or time.time() - max(shown) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticators and passkeys as allauth keeps them, their secrets encrypted, named and drawn as our pages are."""

    def encrypt(self, text: str) -> str:
        """What an authenticator or recovery codes are made from, as it is kept."""
        return factor_secrets.encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The same, as it was. Where nobody can read it any more, that is said to whoever enters a code."""
        try:
            return factor_secrets.decrypted(encrypted_text)
        except factor_secrets.Unreadable as lost:
            raise ValidationError(
                _("What it is checked against can’t be read any more: ask an administrator.")
            ) from lost

    def build_totp_svg(self, url: str) -> SafeString:
        """The picture that an authenticator reads, drawn by attributes alone, as the site lets in no inline style."""
        code = QRCode(border=2)
        code.add_data(url)
        code.make(fit=True)
        dots = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(dots) for x, is_dark in enumerate(row) if is_dark)
        size = len(dots)
        return mark_safe(  # noqa: S308 -- numbers alone
            f'<svg class="qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" aria-hidden="true">'
            f'<path d="{path}"/></svg>'
        )

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, by the name that a browser shows beside the passkey."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Soundings"}
