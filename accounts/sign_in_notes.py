"""Who came in and went, and who could not: noted as signing in says so."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from accounts import audit
from accounts.audited_requests import about
from accounts.models import AuditEntry, Person

Kind = AuditEntry.Kind


def listen() -> None:
    """Connects; called once all is loaded."""
    user_logged_in.connect(came_in, dispatch_uid="audit")
    user_logged_out.connect(went, dispatch_uid="audit")
    user_login_failed.connect(could_not, dispatch_uid="audit")
    account_signals.login_code_rejected.connect(code_was_wrong, dispatch_uid="audit")
    ways: list[tuple[Signal, str]] = [
        (account_signals.password_set, "password set"),
        (account_signals.password_changed, "password changed"),
        (account_signals.password_reset, "password reset"),
    ]
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as mfa_signals

        mfa_signals.authentication_failed.connect(code_was_wrong, dispatch_uid="audit")
        ways += [
            (mfa_signals.authenticator_added, "second factor added"),
            (mfa_signals.authenticator_removed, "second factor removed"),
            (mfa_signals.authenticator_reset, "second factor made anew"),
        ]
    for signal, words in ways:
        signal.connect(_says(words), weak=False, dispatch_uid=f"audit {words}")


def came_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Someone is signed in."""
    ways = [str(way.get("type") or way.get("method")) for way in _ways(request, user)]
    audit.note(Kind.SIGNED_IN, person=user, context=_context(request), ways=list(dict.fromkeys(ways)))


def went(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    """Someone has signed out."""
    if user is not None:
        audit.note(Kind.SIGNED_OUT, person=user, context=_context(request))


def was_shut_out(request: HttpRequest, email: str) -> None:
    """Somebody tried once more after too many tries for one address, or from one place."""
    context = _context(request)
    person = _person_at(email)
    # Counted by where it comes from: of addresses there are as many as somebody types.
    times = audit.times_in_one_go(f"shut out {context.get('address')}")
    if audit.is_worth_noting(times, singly=1):
        audit.note(
            Kind.SIGN_IN_FAILED, person=person, context=context, known=person is not None, shut=True, times=times
        )


def could_not(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A password was wrong, or the e-mail nobody's. What was typed is not kept: it may be a password."""
    person = _person_at(str(credentials.get("email") or credentials.get("username") or ""))
    audit.note(Kind.SIGN_IN_FAILED, person=person, context=_context(request), known=person is not None)


def code_was_wrong(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """A code, or a second factor, was not the right one."""
    audit.note(Kind.SIGN_IN_FAILED, person=user, context=_context(request), known=True, code=True)


def _person_at(typed: str) -> Person | None:
    email = typed.strip().lower()
    return Person.objects.filter(email=email).first() if email and "\x00" not in email else None


def passkey_was_wrong(request: HttpRequest) -> None:
    """A passkey was not the right one, or nobody's; of those from one place not each is noted, as nothing is typed."""
    context = _context(request)
    times = audit.times_in_one_go(f"passkey {context.get('address')}")
    if audit.is_worth_noting(times, singly=1):
        audit.note(Kind.SIGN_IN_FAILED, context=context, passkey=True, times=times)


def _says(words: str) -> Any:
    def changed(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
        audit.note(Kind.ACCESS, person=user, context=_context(request), change=words, way=_which(kwargs))

    return changed


def _which(given: dict[str, Any]) -> str:
    authenticator = given.get("authenticator")
    return "" if authenticator is None else str(authenticator.type)


def _context(request: HttpRequest | None) -> dict[str, Any]:
    return about(request) if request is not None and request.META else {}


def _ways(request: HttpRequest, user: Person) -> list[dict[str, Any]]:
    return get_authentication_records(request, user) if hasattr(request, "session") else []
