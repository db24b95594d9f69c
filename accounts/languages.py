"""Which language a person is spoken to in.

A client's people choose theirs, and are spoken to in the agency's until they have. Whoever has not signed in yet is
spoken to as they last chose in this browser, or else as the browser asks. The agency's own pages and mail are English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts import access
from accounts.models import Agency, Person
from accounts.reader_locale import in_locale, preferred_within

ENGLISH = Person.Language.ENGLISH.value
SPOKEN = frozenset(Person.Language.values)
COOKIE = "language"
OF_MACHINES = ("/healthz", "/readyz", "/status")
"""Addresses at which nobody is spoken to."""


def of_the_agency() -> str:
    """What a client's people are spoken to in until they choose."""
    return Agency.objects.filter(pk=Agency.ONLY).values_list("language", flat=True).get()


def written_to(person: Person | None) -> str:
    """The language of mail to this person, or to somebody of a client who is not a person here yet."""
    if person is None:
        return of_the_agency()
    if person.role != Person.Role.CONTACT:
        return ENGLISH
    return person.language or of_the_agency()


def spoken_to(request: HttpRequest) -> str | None:
    """The language of the page that this request is answered with; None where it is the agency's own or a machine's."""
    if access.is_contact(request.user):
        return written_to(request.user)
    if request.user.is_authenticated or request.path_info.rstrip("/") in OF_MACHINES:
        return None
    if (chosen := request.COOKIES.get(COOKIE)) in SPOKEN:
        return str(chosen)
    return _asked_for(request) or _of_the_agency_if_it_answers()


def _asked_for(request: HttpRequest) -> str:
    """The browser's first language that is spoken here; blank where it names none."""
    tags = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    named = (tag.partition("-")[0] for tag, _quality in tags)
    return next((name for name in named if name in SPOKEN), "")


def _of_the_agency_if_it_answers() -> str:
    """Of a page that says that the database is gone, English."""
    try:
        return of_the_agency()
    except DatabaseError:
        return ENGLISH


@contextmanager
def speaking(language: str, accept_language: str = "") -> Iterator[None]:
    """Within, words are of that language, and numbers and days as the reader's own region writes them in it."""
    with translation.override(language), in_locale(preferred_within(language, accept_language)):
        yield


class LanguageMiddleware:
    """Speaks to a client's people, and to whoever has yet to sign in, in their language.

    It stands below authentication, and above the wall: which language the agency has is no record of the portal's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, in its reader's language."""
        language = spoken_to(request)
        if language is None:
            return self.get_response(request)
        with speaking(language, request.headers.get("Accept-Language", "")):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def remember(response: HttpResponse, language: str) -> None:
    """Lets the page to sign in speak as was chosen, when this browser comes back."""
    response.set_cookie(COOKIE, language, max_age=365 * 24 * 3600, secure=settings.HTTPS, httponly=True, samesite="Lax")
