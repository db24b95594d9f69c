"""Every address of the site × role × whose it is × method has a decided answer; one that is not listed fails."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from difflib import unified_diff
from io import StringIO
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticationExtensionsClientOutputs,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialType,
    RegistrationResponse,
)
from pytest_django.plugin import DjangoDbBlocker

from accounts import invitations
from accounts.admin import site
from accounts.models import Agency, Comment, FollowUp, Mail, Person, SharedSection, TeamMember
from agency.embedded import Addresses
from tests import builders
from tests.agency.routes import (
    ADMIN,
    ADMIN_RECORD,
    ADMIN_REFUSES,
    ADMIN_SITE,
    CONTACT,
    LEADERSHIP,
    MANAGER,
    METHODS,
    NOBODY,
    ROLES,
    ROUTES,
    Answer,
    Route,
)
from tests.conftest import copied, pointed_to

OWN, FOREIGN, FOREIGN_RECORD, ABSENT_RECORD, ABSENT = "own", "foreign", "foreign record", "absent record", "absent"
DAY = date(2026, 2, 3)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"x-csrftoken": "[^"]*"')
"""What differs from answer to answer, whatever it says; beside it, a page may say the address that was asked for."""
DOOR, AGAIN = "/sign-in/?next=", "/sign-in/again/"
NO_NUMBER, NO_NAME = 999_999_999, "none"


# Which addresses there are

Patterns = Iterable[URLPattern | URLResolver]


def addresses(patterns: Patterns | None = None) -> dict[str, list[URLPattern]]:
    """All addresses by their whole names; one that has no name goes by what it looks like."""
    found: dict[str, list[URLPattern]] = {}

    def walk(patterns: Patterns, spaces: tuple[str, ...], before: str) -> None:
        for pattern in patterns:
            whole = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces, whole)
            else:
                found.setdefault(":".join((*spaces, pattern.name or whole)), []).append(pattern)

    walk(get_resolver().url_patterns if patterns is None else patterns, (), "")
    return found


def of_the_admin_site() -> dict[str, Route]:
    """The addresses of the admin site, as they are decided: a few, and some of each record that is registered."""
    found = {f"admin:{name if '(' not in name else 'admin/' + name}": route for name, route in ADMIN_SITE.items()}
    for model in site._registry:
        app, record = model._meta.app_label, str(model._meta.model_name)
        for kind, route in ADMIN_RECORD.items():
            name = f"{app}_{record}_{kind}" if kind else f"admin/{app}/{record}/<path:object_id>/"
            found[f"admin:{name}"] = ADMIN_REFUSES.get(f"{record}_{kind}", route)
    return found


def undecided(patterns: Patterns | None = None) -> list[str]:
    """The names that go by another number of addresses than was decided; of most it is one."""
    there = {name: len(ways) for name, ways in addresses(patterns).items()}
    decided = {name: route.ways for name, route in {**ROUTES, **of_the_admin_site()}.items()}
    return sorted(name for name in there.keys() | decided.keys() if there.get(name) != decided.get(name))


def test_every_address_is_listed_and_none_that_is_not_there() -> None:
    assert undecided() == []


def planted(request: HttpRequest) -> HttpResponse:
    """A page that nobody has decided on."""
    return HttpResponse("planted")


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (path("planted/", planted, name="planted"), "planted"),
        (path("planted/", planted), "planted/"),
        (path("portal/", ([path("planted/", planted, name="planted")], "portal", "portal")), "portal:planted"),
        (path("admin/", ([path("planted/", planted, name="planted")], "admin", "admin")), "admin:planted"),
        (path("admin/", ([path("planted/", planted)], "admin", "admin")), "admin:admin/planted/"),
        (path("admin/planted/", planted), "admin/planted/"),
        # By a name that is listed, too.
        (path("planted/", planted, name="healthz"), "healthz"),
        (path("planted/", ([path("", planted, name="people")], "accounts", "accounts")), "accounts:people"),
        (path("planted/", ([path("", planted, name="index")], "admin", "admin")), "admin:index"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_address_that_is_not_listed_is_found(one: URLPattern | URLResolver, name: str) -> None:
    assert undecided([*get_resolver().url_patterns, one]) == [name]


def parts(name: str) -> set[str]:
    """The parts of an address that are filled in, of its longest form."""
    *space, last = name.split(":")
    reversing = get_resolver()
    for one in space:
        reversing = reversing.namespace_dict[one][1]
    return {part for possible in reversing.reverse_dict.getlist(last) for _, given in possible[0] for part in given}


# The agency they are asked of


@pytest.fixture(scope="module")
def made(
    template: str,
    addresses: Addresses,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[dict[str, Any]]:
    """A database with a small agency in it, with its figures: made once, as each test takes back what it did."""
    name = f"{template}_routes_{secrets.token_hex(3)}"
    with copied(template, name, addresses) as database, django_db_blocker.unblock(), pointed_to(database.url, "app"):
        yield build()


@contextmanager
def undone() -> Iterator[None]:
    """Within it anything may be done: it is taken back."""
    whole: Any = transaction.atomic()
    whole._from_testcase = True  # as Django's own: an act that wants a transaction to itself may have one within
    with whole:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(made: dict[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """The small agency, for one test to do with as it likes."""
    with django_db_blocker.unblock(), undone():
        yield made


def build() -> dict[str, Any]:
    """Northwind, whose Dana signs in and on whose team Lena is, and Contoso; each with one record of every kind."""
    lena, noor, omar, ines = builders.lena(), builders.noor(), builders.omar(), builders.ines()
    records: dict[str, dict[str, str]] = {}
    people: dict[str, Person | None] = {ADMIN: ines, LEADERSHIP: omar, MANAGER: lena, NOBODY: None}
    goals: dict[str, str] = {}
    for name in ("Northwind", "Contoso"):
        client = builders.client(name, account_manager=lena if name == "Northwind" else noor)
        contact = builders.dana(client)
        person = builders.signs_in(contact)
        if name == "Northwind":
            people[CONTACT] = person
        SharedSection.objects.create(client=client, section="goals")
        retainer = builders.retainer_since(client, date(2025, 1, 15))
        change = builders.scope_change(retainer, "expansion", date(2025, 6, 1), 500)
        reading = builders.kpi(client)
        builders.reading(reading, date(2026, 1, 1))
        goal = builders.goal(client, DAY, shared=True)
        goals[name] = goal.external_id
        said = Comment.objects.create(client=client, side="client", written_by=person, signature="Dana", body="Good.")
        asked = FollowUp.objects.create(client=client, subject="Prices", asked_by=person, asked_as="Dana")
        support = TeamMember.objects.get(client=client)
        made = {
            "check_in": builders.check_in(client, DAY).external_id,
            "recommendation": builders.recommendation(client, DAY).external_id,
            "goal": goal.external_id,
            "contact": builders.contact(client, "Kim").external_id,
            "engagement": retainer.external_id,
            "standing": str(builders.standing(client, DAY).pk),
            "involvement": str(builders.involvement(client, DAY).pk),
            "note": builders.note(client, DAY, lena).external_id,
            "reversal": change.external_id,
            "correction": change.external_id,
            "reply": said.external_id,
            "follow_up": asked.external_id,
            "team_leaving": str(support.pk),
        }
        records[client.external_id] = made
        builders.opportunity(goal)
        builders.pulse(client, DAY)
    builders.decision(omar, date(2026, 1, 1), external_id="decided")
    builders.exchange_rate("EUR", DAY, "1.1")
    builders.benchmark("Agencies", 18)
    builders.setting("good_attainment", DAY, "75")
    Agency.objects.update(logo=b"a picture")
    robin = invitations.invite("robin@agency.example", "account_manager", by=ines, now=timezone.now())
    rows: dict[str, Any] = {
        "lena": lena.pk,
        "mail": Mail.objects.create(
            key="a", kind="a", to=omar.email, language="en", subject="A", text="A", html="<head>A"
        ).pk,
        "invitation": robin.pk,
        "token": token_of(robin.email),
    }
    theirs = {role: rows_of(person) for role, person in people.items() if person}
    theirs[NOBODY] = rows_of(noor)
    for role, of_role in theirs.items():
        of_role["own goal"] = goals["Contoso" if role == NOBODY else "Northwind"]
    call_command("recompute", as_of=date(2026, 5, 1), stdout=StringIO())
    return {"people": people, "records": records, "rows": rows, "theirs": theirs}


def token_of(email: str) -> str:
    """What lets in whoever was invited at this address, out of the mail that was written to them."""
    found = re.search(r"/invitation/([^/]+)/", Mail.objects.get(to=email).text)
    assert found is not None
    return found[1]


def rows_of(person: Person) -> dict[str, Any]:
    """What is this person's own: a session elsewhere, and a passkey."""
    browser = Browser()
    browser.force_login(person)
    elsewhere = UserSession.objects.create(
        user=person, session_key=browser.session.session_key, ip="127.0.0.1", user_agent="Elsewhere"
    )
    key: Any = vars(ES256)["from_cryptography_key"].__get__(None, ES256)(
        ec.generate_private_key(ec.SECP256R1()).public_key()
    )
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), secrets.token_bytes(16), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    registered = RegistrationResponse(
        raw_id=credential.credential_id,
        response=AuthenticatorAttestationResponse(
            client_data=CollectedClientData.create("webauthn.create", b"asked", "https://localhost"),
            attestation_object=AttestationObject.create(
                "none", AuthenticatorData.create(bytes(32), flags, 0, credential), {}
            ),
        ),
        authenticator_attachment=None,
        client_extension_results=AuthenticationExtensionsClientOutputs({}),
        type=PublicKeyCredentialType.PUBLIC_KEY,
    )
    passkey = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Passkey", "credential": dict(registered)}
    )
    return {"own session": elsewhere.pk, "own passkey": passkey.pk}


def signed_in(person: Person | None, lately: bool = True) -> Browser:
    """Somebody's browser; they have just shown who they are, or it was long ago."""
    browser = Browser()
    if person is not None:
        browser.force_login(person)
        if lately:
            request = RequestFactory().get("/")
            request.session = browser.session
            record_authentication(request, person, "password")
            request.session.save()
    return browser


# What they are asked for


def noun(name: str) -> str:
    """Of which kind a record in this address is."""
    last = name.partition(":")[2]
    for ending in ("_new_form", "_new", "_form", "_preview", "_history", "_access", "_access_end", "_invitation"):
        last = last.removesuffix(ending)
    return last


def filled_in(route: Route, world: dict[str, Any], role: str) -> dict[str, Any]:
    """What stands in the address: as listed, or of a row that the list names."""
    rows = {**world["rows"], **world["theirs"][role]}
    return {part: rows.get(value, value) for part, value in route.values.items()}


def record_part(name: str) -> str:
    """The part of an account's address that names one of its records; nothing where there is none."""
    return next((part for part in ("record_id", "pk") if {"external_id", part} <= parts(name)), "")


def targets(name: str, world: dict[str, Any], route: Route, role: str) -> Iterator[tuple[str, str]]:
    """The addresses to ask for, by whose they are."""
    filled = filled_in(route, world, role)
    absent = {part: NO_NUMBER if isinstance(value, int) else NO_NAME for part, value in filled.items()}
    if "external_id" in parts(name) - filled.keys():
        yield from _of_an_account(name, world, filled)
        return
    yield OWN, reverse(name, kwargs=filled)
    if route.ways > 1:
        yield OWN, reverse(name)
    if route.whose:
        yield FOREIGN, reverse(name, kwargs=filled_in(route, world, NOBODY))
    for part in filled:
        yield ABSENT, reverse(name, kwargs={**filled, part: absent[part]})


def _of_an_account(name: str, world: dict[str, Any], filled: dict[str, Any]) -> Iterator[tuple[str, str]]:
    own, foreign = ({"external_id": client, **filled} for client in ("northwind", "contoso"))
    if part := record_part(name):
        mine, theirs = (world["records"][client][noun(name)] for client in ("northwind", "contoso"))
        yield OWN, reverse(name, kwargs={**own, part: mine})
        yield FOREIGN, reverse(name, kwargs={**foreign, part: theirs})
        yield FOREIGN_RECORD, reverse(name, kwargs={**own, part: theirs})
        yield ABSENT_RECORD, reverse(name, kwargs={**own, part: NO_NUMBER})
        yield ABSENT, reverse(name, kwargs={**own, "external_id": "nowhere", part: theirs})
    else:
        yield OWN, reverse(name, kwargs=own)
        yield FOREIGN, reverse(name, kwargs=foreign)
        yield ABSENT, reverse(name, kwargs={**own, "external_id": "nowhere"})


def exists(route: Route, role: str, whose: str, reads_all: bool) -> bool:
    """Whether there is such a page for this person."""
    if role not in route.who or whose in (ABSENT, ABSENT_RECORD, FOREIGN_RECORD):
        return False
    if whose == FOREIGN and route.whose:
        return False
    return whose == OWN or role != MANAGER or (reads_all and route.reads)


def expected(route: Route, role: str, whose: str, method: str, reads_all: bool) -> tuple[int, ...]:
    """What is decided: one answer; and what is not there may as well say first that it does not do such a thing."""
    if role == NOBODY and NOBODY not in route.who:
        return (302,)  # to the sign-in page, whatever is asked
    if role != NOBODY and route.led_on:
        return (302,)
    by_class = "OPTIONS" in route.methods and "PATCH" not in route.methods
    if by_class and method == "OPTIONS" and role in route.who:
        return (200,)
    if not exists(route, role, whose, reads_all):
        absent = route.absent if role in route.who else 404
        if role in route.who and method == "POST" and route.post == 403:
            return (absent, 403)  # what is never done needs no record to be refused
        return (absent,) if method in route.methods else (absent, 405)
    if method not in route.methods:
        return (405,)
    sends = method in ("POST", "PUT", "DELETE") if by_class else method == "POST"
    return (answer(route.post if sends else route.get, role),)


def answer(decided: Answer, role: str) -> int:
    """What is decided for one role."""
    return decided if isinstance(decided, int) else decided.get(role, 200)


def closed(response: Any) -> None:
    """Closes the files that an answer holds, and not the connection as the end of a request would."""
    for close in response._resource_closers:
        close()


def asked(role: str, whose: str, full_size: bool) -> tuple[str, ...]:
    """The methods tried: at the ordinary size, the rarer ones by managers on their own alone."""
    return METHODS if full_size or (role == MANAGER and whose == OWN) else ("GET", "POST")


Targets = Callable[[str], Iterable[tuple[str, str]]]


def answers(route: Route, world: dict[str, Any], targets: Targets, request: pytest.FixtureRequest) -> list[str]:
    """Asks as everybody, by every method, for what is theirs, another's and absent; says what was not as decided."""
    wrong, count = [], 0
    everything = request.config.getoption("--full-size")
    for role, reads in [(MANAGER, "own"), *((role, "all") for role in ROLES)]:
        Agency.objects.update(managers_read=reads)
        browser = signed_in(world["people"][role])
        cookies = dict(browser.cookies)
        absent: set[bytes] = set()
        for whose, address in targets(role):
            for method in asked(role, whose, everything):
                browser.cookies.clear()
                browser.cookies.update(cookies)
                with undone():
                    response = browser.generic(method, address)
                    closed(response)
                count += 1
                decided = expected(route, role, whose, method, reads == "all")
                said = f"{role} {method} {whose} {address}: {response.status_code}"
                if response.status_code not in decided:
                    wrong.append(f"{said}, not {decided}")
                elif role == NOBODY and NOBODY not in route.who and not response["Location"].startswith(DOOR):
                    wrong.append(f"{said}, which leads to {response['Location']}")
                if response.status_code == 404 and method != "HEAD":
                    absent.add(TOKEN.sub(b"", response.content.replace(address.encode(), b"")))
        if len(absent) > 1:
            one, other, *_ = (text.decode() for text in absent)
            lines = [line for line in unified_diff(one.splitlines(), other.splitlines(), n=0) if line[1:2] not in "+-@"]
            wrong.append(f"{role}: another's is not answered with the bytes of what is absent: {lines[:4]}")
    request.node.user_properties.append(
        ("counted", ("answers of addresses, by role, owner and method, as decided", count))
    )
    return wrong


@pytest.mark.parametrize("name", ROUTES)
def test_an_address_answers_as_it_was_decided(name: str, world: dict[str, Any], request: pytest.FixtureRequest) -> None:
    route = ROUTES[name]
    assert answers(route, world, lambda role: targets(name, world, route, role), request) == []


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.asks_again])
def test_who_has_not_shown_lately_who_they_are_is_asked_again(name: str, world: dict[str, Any]) -> None:
    route = ROUTES[name]
    for role in ROLES:
        browser = signed_in(world["people"][role], lately=False)
        for whose, address in targets(name, world, route, role):
            for method in {"GET", "POST"} & set(route.methods):
                response = browser.generic(method, address)
                if role in route.who:
                    assert response.status_code == 302, f"{role} {method} {whose} {address}"
                    assert response["Location"].startswith(AGAIN)
                else:
                    assert response.status_code == (302 if role == NOBODY else 404)


# The admin site


def admin_targets(name: str, world: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The addresses of a page of the admin site: with a record that is there, and with one that is not."""
    kinds: dict[str, dict[str, Any]] = {
        "app_list": {"app_label": "accounts"},
        "view_on_site": {"content_type_id": 1, "object_id": 1},
        "auth_user_password_change": {"id": world["rows"]["lena"]},
    }
    _, _, last = name.partition(":")
    if last.startswith("admin/("):
        yield OWN, "/admin/planted/"
    elif last.startswith("admin/"):
        _, app, record, *_ = last.split("/")
        yield OWN, reverse(f"admin:{app}_{record}_changelist") + f"{_one(app, record)}/"
    elif last.endswith(("_change", "_delete", "_history")) and last not in ADMIN_SITE:
        app, record, _ = last.split("_")
        for whose, number in ((OWN, _one(app, record)), (ABSENT_RECORD, NO_NUMBER)):
            yield whose, reverse(name, args=[number])
    else:
        yield OWN, reverse(name, kwargs=kinds.get(last, {}))


def _one(app: str, record: str) -> Any:
    """The number of a record of this kind."""
    (model,) = (model for model in site._registry if (model._meta.app_label, model._meta.model_name) == (app, record))
    return model._default_manager.order_by("pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("name", of_the_admin_site())
def test_the_admin_site_is_the_administrators_alone(
    name: str, world: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    route = of_the_admin_site()[name]
    assert answers(route, world, lambda role: admin_targets(name, world), request) == []


def test_what_is_public_is_counted() -> None:
    public = [name for name, route in ROUTES.items() if NOBODY in route.who]
    assert len(public) == 14
