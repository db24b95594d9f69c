"""Behind the wall: whose rows a client's person meets, and that nothing of it stays on the connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client as Browser
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import Client, Contact, Person
from accounts.portal_wall import PortalWallMiddleware, as_portal
from tests import builders

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    """The clients this connection sees."""
    return list(Client.objects.order_by("name").values_list("name", flat=True))


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.fixture
def dana() -> Contact:
    """Dana of Northwind, who may sign in; and another client."""
    northwind = builders.client("Northwind")
    builders.client("Contoso")
    person = builders.person("Dana", email="dana@northwind.example", role=Person.Role.CONTACT)
    return builders.dana(northwind, person=person)


def test_within_it_only_the_own_client_is_there(dana: Contact) -> None:
    with as_portal(dana.client_id, dana.person_id):
        assert names() == ["Northwind"]
        assert role() == "soundings_portal"
    assert names() == ["Contoso", "Northwind"]
    assert role() == "soundings_app"


def test_of_no_client_there_is_nothing(dana: Contact) -> None:
    with as_portal(None, dana.person_id):
        assert names() == []


def test_an_exception_takes_the_role_along_and_what_was_written(dana: Contact) -> None:
    with pytest.raises(RuntimeError), as_portal(dana.client_id, None):
        raise RuntimeError
    assert role() == "soundings_app"
    assert names() == ["Contoso", "Northwind"]


def test_an_error_of_the_database_that_was_caught_takes_the_role_along(dana: Contact) -> None:
    with as_portal(dana.client_id, None), pytest.raises(ProgrammingError):
        Client.objects.values_list("industry", flat=True).first()
    assert role() == "soundings_app"


def test_one_wall_does_not_open_within_another(dana: Contact) -> None:
    with as_portal(dana.client_id, None), pytest.raises(RuntimeError), as_portal(None, None):
        pass


def answer(user: Any, path: str, view: Any) -> HttpResponseBase:
    """What the middleware makes of a view at that address."""
    request = RequestFactory().get(path)
    request.user = user
    return PortalWallMiddleware(view)(request)


def listing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(names()))


def test_a_clients_person_is_behind_it_on_pages_of_the_staff_too(dana: Contact) -> None:
    for path in ("/", "/portfolio/", "/accounts/contoso/"):
        assert answer(dana.person, path, listing).content == b"Northwind"  # type: ignore[attr-defined]


def test_who_left_sees_nothing(dana: Contact) -> None:
    dana.left_on = "2026-01-31"
    dana.save()
    assert answer(dana.person, "/portfolio/", listing).content == b""  # type: ignore[attr-defined]


def test_who_may_not_sign_in_any_more_sees_nothing(dana: Contact) -> None:
    assert dana.person
    dana.person.is_active = False
    dana.person.save()
    assert answer(dana.person, "/portfolio/", listing).content == b""  # type: ignore[attr-defined]


def test_people_of_the_agency_and_strangers_are_served_as_before(dana: Contact) -> None:
    for user in (builders.lena(), AnonymousUser()):
        assert answer(user, "/portfolio/", listing).content == b"Contoso,Northwind"  # type: ignore[attr-defined]


def test_a_page_that_fails_leaves_nothing_written(dana: Contact) -> None:
    wrote: list[bool] = []

    def failing(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('soundings.written', 'yes', true)")
        wrote.append(True)
        return HttpResponse(status=500)

    assert answer(dana.person, "/portfolio/", failing).status_code == 500
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('soundings.written', true), '')")
        assert (wrote, cursor.fetchone()) == ([True], (None,))


def test_a_page_that_is_sent_in_parts_is_read_behind_it(dana: Contact) -> None:
    def parts() -> Iterator[bytes]:
        yield role().encode()
        yield ",".join(names()).encode()

    response = answer(dana.person, "/portfolio/", lambda request: StreamingHttpResponse(parts()))
    assert role() == "soundings_app"
    assert b" ".join(response) == b"soundings_portal Northwind"
    assert role() == "soundings_app"


def test_whose_rows_they_are_is_told_by_who_is_signed_in_and_by_nothing_that_is_sent(dana: Contact) -> None:
    other = Client.objects.get(name="Contoso")
    claims = {"client": str(other.pk), "client_id": str(other.pk), "external_id": other.external_id}
    claims |= {"soundings.client_id": str(other.pk), "role": "soundings_app", "person_id": "1"}
    headers = {
        f"HTTP_{name.upper()}": value for name in ("x_client_id", "x_client", "x_role") for value in claims.values()
    }
    browser = Browser()
    assert dana.person
    browser.force_login(dana.person)
    browser.cookies.load(claims)
    with override_settings(ROOT_URLCONF="tests.accounts.wall.addresses"):
        for method in ("get", "post"):
            found = getattr(browser, method)("/portal/everything/", claims, **headers).json()
            assert found["role"] == "soundings_portal"
            assert {client for ids in found["seen"].values() for client in ids} == {dana.client_id}


def test_the_session_is_read_and_written_outside_of_it(dana: Contact) -> None:
    browser = Browser()
    assert dana.person
    browser.force_login(dana.person)
    session = browser.session
    session["seen"] = 0
    session.save()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/portal/comments/").status_code == 200
    statements = [query["sql"] for query in asked]
    turns = [number for number, text in enumerate(statements) if "set_config('role'" in text]
    of_session = [number for number, text in enumerate(statements) if "session" in text.partition("WHERE")[0]]
    assert len(turns) == 2  # into it, and back as the test's own transaction goes on
    assert of_session
    assert [statements[number] for number in of_session if turns[0] <= number <= turns[1]] == []


def test_behind_it_nobody_can_ask_for_sessions_or_what_is_signed_in_with(dana: Contact) -> None:
    for table in (
        "django_session",
        "usersessions_usersession",
        "mfa_authenticator",
        "accounts_invitation",
        "agency_cache",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), as_portal(dana.client_id, dana.person_id):
            connection.cursor().execute(f"SELECT 1 FROM {table}")


def test_a_column_that_was_not_granted_can_not_be_asked_for(dana: Contact) -> None:
    for column in ("industry", "value_tier", "account_manager_id"):
        with pytest.raises(ProgrammingError, match="permission denied"), as_portal(dana.client_id, None):
            Client.objects.values_list(column, flat=True).first()
    with pytest.raises(ProgrammingError, match="permission denied"), as_portal(dana.client_id, None):
        Client.objects.values_list("notes__text", flat=True).first()
