"""What signing in writes to people: a code to get in by, and what has changed in how they get in."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import languages, outbox
from accounts.models import Person

CODE = "account/email/login_code"
CHANGES: dict[str, Promise] = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_set": _("A password was set."),
    "account/email/password_reset": _("Your password was set anew."),
    "mfa/email/totp_activated": _("An authenticator app was added."),
    "mfa/email/totp_deactivated": _("The authenticator app was taken away."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made. The former ones let nobody in any more."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was taken away."),
}
"""allauth's names of what it writes of, and how we say it."""


class UnknownMail(Exception):
    """allauth wants to write something that we have no words for."""


def post(name: str, to: str, context: dict[str, object]) -> None:
    """Posts what allauth has to say; each time it says something is a mail of its own."""
    person = Person.objects.filter(email=to.strip().lower()).first()
    language = languages.written_to(person)
    now = timezone.now()
    if name == CODE:
        lasts = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        given: dict[str, object] = {"code": context["code"], "minutes": int(lasts.total_seconds() // 60)}
        outbox.post(f"sign-in-code:{token_hex(16)}", "sign_in_code", to, language, given, good_until=now + lasts)
    elif name in CHANGES:
        at = context.get("timestamp")
        given = {
            "what": CHANGES[name],
            "at": (at if isinstance(at, datetime) else now).astimezone(UTC),
            "ip": context.get("ip") or "",
            "browser": context.get("user_agent") or "",
        }
        outbox.post(f"sign-in-change:{token_hex(16)}", "sign_in_change", to, language, given)
    else:
        raise UnknownMail(name)
