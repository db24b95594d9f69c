"""The portal's side of the wall: a client's people are served by the database role soundings_portal, and by no other.

That role sees the rows of the client that its transaction names, and of those only what is shared (the policies are in
the migrations, from accounts 0013 on). The client named is the one whose person is signed in: no address, header or
form is asked.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import ProgrammingError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import Resolver404, resolve
from psycopg.pq import TransactionStatus

from accounts import access
from accounts.models import Person

logger = logging.getLogger(__name__)

ROLE = "soundings_portal"
PORTAL = "portal"
"""The namespace of the portal's addresses: whoever asks there is served behind the wall, staff and strangers too."""

OUTSIDE = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "accounts:you",
        "accounts:you_name",
        "accounts:you_password",
        "accounts:session_end",
        "accounts:other_sessions_end",
        "accounts:invitation",
        "accounts:agency_logo",
        "healthz",
        "readyz",
        "security_txt",
        "status",
    }
)
"""The pages that serve a client's person as the app role: those of signing in, which no record is on, and of machines.

Any other page, those for staff included, serves a client's person behind the wall.
"""

_SERVER_ERRORS = 500
_INSUFFICIENT_PRIVILEGE = "42501"

_behind: ContextVar[bool] = ContextVar("behind_the_wall", default=False)


@contextmanager
def as_portal(client_id: int | None, person_id: int | None) -> Iterator[None]:
    """One transaction in which this connection sees what that client's people see; of no client, nothing.

    The role ends with the transaction, however that ends: nothing of it is left on the connection. An exception takes
    back what was written.
    """
    within_another = connection.in_atomic_block  # a test's, or durable refuses it
    token = _behind.set(True)
    try:
        with transaction.atomic(durable=True):
            before = _become(ROLE, client_id, person_id)
            yield
            if connection.connection.info.transaction_status == TransactionStatus.INERROR:
                transaction.set_rollback(True)
            if within_another and not connection.needs_rollback:
                _become(*before)
    finally:
        _behind.reset(token)


def _become(role: str, client_id: int | None, person_id: int | None) -> tuple[str, int | None, int | None]:
    """Set all three for the length of the transaction; what they were before."""
    given = [role, "" if client_id is None else str(client_id), "" if person_id is None else str(person_id)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), portal_client(), portal_person(),"
            " set_config('role', %s, true), set_config('soundings.client_id', %s, true),"
            " set_config('soundings.person_id', %s, true)",
            given,
        )
        was_role, was_client, was_person, *_ = cursor.fetchone()
    return was_role, was_client, was_person


class PortalWallMiddleware:
    """Puts a client's person, and whoever asks for a page of the portal, behind the wall for the whole page.

    It stands below session, authentication and messages, which are the app role's. The view and its template, below
    it, are the portal's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, made behind the wall where it has to be; a page that fails leaves nothing written."""
        whose = _whose(request)
        if whose is None:
            return self.get_response(request)
        with as_portal(*whose):
            response = self.get_response(request)
            if response.status_code >= _SERVER_ERRORS:
                transaction.set_rollback(True)
        if isinstance(response, StreamingHttpResponse):
            # It is read when this transaction is over, in one of its own.
            parts: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]  # nothing here is async
            response.streaming_content = _streamed(parts, *whose)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What the database refuses a client's person does not exist for them."""
        refused = isinstance(exception, ProgrammingError) and _is_refusal(exception)
        if refused and _behind.get():
            logger.error("The wall refused %s %s: %s", request.method, request.path, exception)
            transaction.set_rollback(True)
            raise Http404 from exception


def _whose(request: HttpRequest) -> tuple[int | None, int | None] | None:
    """The client and the person a page is for, when it is made behind the wall; None for a page outside."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    is_of_the_portal = PORTAL in match.namespaces
    if match.view_name in OUTSIDE and not is_of_the_portal:
        return None
    if not is_of_the_portal and not _is_of_a_client(request.user):
        return None
    contact = access.own_contact(request.user)
    return (contact.client_id, contact.person_id) if contact else (None, None)


def _is_of_a_client(user: access.User) -> bool:
    """Whether this is a client's person, or was: told by nothing but their role, whatever the rules of access say."""
    return isinstance(user, Person) and user.role == Person.Role.CONTACT


def _streamed(parts: Iterable[bytes], client_id: int | None, person_id: int | None) -> Iterator[bytes]:
    with as_portal(client_id, person_id):
        yield from parts


def _is_refusal(error: ProgrammingError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE
