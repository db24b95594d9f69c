"""Blind first: the client's answers of the quarter in progress open to nobody who has still to answer for the agency.

Tried from outside: whatever the client answered, each page, fragment and download is the same to them, byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import access, answering
from accounts.admin import site
from accounts.models import Client, Person, Pulse, PulseSheet, SharedSection, TeamMember
from accounts.periods import Quarter
from accounts.queries.own_pulse import ANSWERS, Whose
from accounts.settings_in_force import ATTRIBUTES
from metrics.models import ClientQuarter
from tests import builders
from tests.metrics.portfolios import store_figures

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()
QUARTER = Quarter.containing(TODAY)
ASKED = f"?quarter={QUARTER.label}&sort=partnership&show=pulses"
LOW, HIGH = 1, 5
NOT_ASKED = {"account_logout", "status", "mfa_activate_totp", "mfa_add_webauthn"}
"""What ends the session, the ages of runs in seconds, and what offers another secret each time."""
WORDS = {LOW: "Never on time, never sorry", HIGH: "A joy to work with"}


@pytest.fixture
def northwind() -> Client:
    """Lena leads it, Sam is on its team; its people have answered this quarter, and a year ago."""
    client = builders.client("Northwind", account_manager=builders.lena(), value_tier="A", industry="Retail")
    builders.team_member(client, builders.sam(), started_on=QUARTER.start)
    builders.retainer_since(client, QUARTER.shifted(-8).start, 5000)
    kpi = builders.kpi(client)
    for back in range(1, 12):
        month = QUARTER.shifted(-back).start
        builders.reading(kpi, month)
        builders.check_in(client, month)
    builders.involvement(client, QUARTER.shifted(-6).start)
    builders.standing(client, QUARTER.shifted(-6).start)
    middle: dict[str, Any] = dict.fromkeys(ATTRIBUTES, 3)
    low: dict[str, Any] = dict.fromkeys(ANSWERS, LOW)
    builders.pulse(client, QUARTER.shifted(-1).start, **middle)
    # So many that the client's own people are shown their mean: looking on as them is no way round either.
    SharedSection.objects.create(client=client, section="working")
    for name in ("dana", "kim", "colin"):
        builders.pulse(client, TODAY, respondent=f"{name}@northwind.example", comment=WORDS[LOW], **low)
    return client


def same(answers: tuple[str, ...], place: int) -> dict[str, Any]:
    """All answers at one place."""
    return dict.fromkeys(answers, place)


def answered(place: int) -> None:
    """What the client's people answered this quarter, and the figures after it."""
    Pulse.objects.filter(answered_on=TODAY, side="client").update(comment=WORDS[place], **dict.fromkeys(ANSWERS, place))
    store_figures(TODAY)


def addresses(client: Client) -> Iterator[str]:
    """Every address of the product that can be read, filled in for this client and its quarter in progress."""
    given = {
        "external_id": client.external_id,
        "record_id": "0" * 16,
        "label": QUARTER.label,
        "code": "partnership_score",
        "name": "good_attainment",
    }

    def walk(patterns: list[URLPattern | URLResolver], before: list[str]) -> Iterator[tuple[list[str], URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                named = [*before, pattern.namespace] if pattern.namespace else before
                yield from walk(pattern.url_patterns, named)
            else:
                yield before, pattern

    for namespaces, pattern in walk(get_resolver().url_patterns, []):
        names = set(pattern.pattern.regex.groupindex)
        if pattern.name is None or not names <= given.keys() or pattern.name in NOT_ASKED:
            continue
        try:
            path = reverse(":".join([*namespaces, pattern.name]), kwargs={name: given[name] for name in names})
        except Exception:
            continue
        yield f"{path}{ASKED}"
    yield reverse("metrics:account", args=[client.external_id])


SOUGHT = (
    "",
    "?q=joy",
    "?q=never+sorry",
    "?o=-1",
    "?_facets=True",
    f"?trust={HIGH}",
    "?comment__contains=joy",
    f"?pulses__trust={HIGH}",
    f"?client__pulses__trust={HIGH}",
    f"?goal__client__pulses__comment__contains={WORDS[HIGH]}",
)
"""How lists of the admin site are asked for what they do not show: by words, in another order, by filters typed in."""


def of_the_records() -> Iterator[str]:
    """Every page of the admin site that can be read, of records of every kind; lists asked in each way."""
    for model in site._registry:
        start = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for asked in SOUGHT:
            yield reverse(f"{start}_changelist") + asked
        numbers = list(model._default_manager.order_by("-pk").values_list("pk", flat=True))
        for number in numbers if model is Pulse else numbers[:2]:
            for page in ("change", "history", "delete"):
                yield reverse(f"{start}_{page}", args=[number])
        for field in model._meta.concrete_fields:
            if field.is_relation:
                about = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                yield (
                    reverse("admin:autocomplete") + "?" + urlencode({**about, "field_name": field.name, "term": "joy"})
                )


def acts() -> Iterator[tuple[str, dict[str, Any]]]:
    """What the lists of the admin site are asked to do with all of their records, up to where they ask whether to."""
    for model, options in site._registry.items():
        numbers = list(model._default_manager.values_list("pk", flat=True))
        for act in ("delete_selected", *(options.actions or ())):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            yield address, {"action": act, "_selected_action": numbers}


def seen(reader: Person, client: Client) -> dict[str, bytes]:
    """What each address gives this reader, without what is new in each answer.

    The round is taken back: what the audit keeps of it, refusals and downloads, is not in the round that follows.
    """
    browser = Browser(raise_request_exception=True)
    found: dict[str, bytes] = {}
    before = transaction.savepoint()
    browser.force_login(reader)
    keeps_records = access.may_keep_records(
        reader
    )  # for all others there is no admin site: tests/agency/test_routes.py
    for address in (*addresses(client), *(of_the_records() if keeps_records else ())):
        response = browser.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        body = re.sub(rb'(csrfmiddlewaretoken" value=|x-csrftoken": )"[^"]*"', b"", body)
        if address.partition("?")[0].endswith(".xlsx"):
            body = sheet_of(body)
        body = re.sub(rb"[0-9a-f]{16}\b", b"", body)  # ids of what may be added
        found[address] = bytes(str(response.status_code), "ascii") + b" " + body
    for address, sent in acts() if keeps_records else ():
        response = browser.post(address, sent, follow=True)
        found[f"{address} {sent['action']}"] = re.sub(rb'csrfmiddlewaretoken" value="[^"]*"', b"", response.content)
    transaction.savepoint_rollback(before)
    return found


def sheet_of(body: bytes) -> bytes:
    """The cells of a workbook: the file around them carries the moment it was made."""
    from io import BytesIO

    from openpyxl import load_workbook

    try:
        rows = load_workbook(BytesIO(body)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    except Exception:
        return body
    return repr(list(rows)).encode()


def differing(reader: Person, client: Client) -> set[str]:
    """The addresses at which this reader can tell what the client answered."""
    answered(LOW)
    low = seen(reader, client)
    answered(HIGH)
    high = seen(reader, client)
    return {address for address in low if moment_of(low[address]) != moment_of(high[address])}


def moment_of(body: bytes) -> bytes:
    """Without the moments of computing, which the two rounds differ in."""
    return re.sub(rb'datetime="[^"]*"|\d+(\.\d+)? s\b|\b\d{1,2}:\d\d(:\d\d)?( [ap]\.?m\.?)?', b"", body)


def sends(person: Person, client: Client) -> None:
    """Sends their pulse."""
    whose = Whose(client, Pulse.Side.AGENCY, person, QUARTER.start)
    answers = {**dict.fromkeys(ANSWERS), **dict.fromkeys(ATTRIBUTES, 3), "comment": "", "confidential": False}
    answering.send(whose, answers, QUARTER, TODAY)


def figures(reader: Person, client: Client) -> str:
    """The account page of the quarter in progress."""
    browser = Browser()
    browser.force_login(reader)
    address = reverse("metrics:account", args=[client.external_id])
    return browser.get(address, {"quarter": QUARTER.label}).content.decode()


@pytest.mark.parametrize("name", ["lena", "noor"])
def test_no_page_fragment_or_download_tells_an_account_manager_what_the_client_answered(
    northwind: Client, name: str
) -> None:
    reader = Person.objects.filter(email__startswith=name).first() or builders.noor()
    assert differing(reader, northwind) == set()


def test_an_administrator_on_the_team_is_told_nothing_either_not_even_where_records_are_kept(northwind: Client) -> None:
    ines = builders.ines(is_superuser=True)
    builders.team_member(northwind, ines, started_on=QUARTER.start)
    assert differing(ines, northwind) == set()


def test_whoever_has_sent_theirs_reads_what_the_client_answered(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    sends(lena, northwind)
    told = differing(lena, northwind)
    account = reverse("metrics:account", args=[northwind.external_id])
    assert f"{account}{ASKED}" in told
    assert f"/portfolio/accounts.csv{ASKED}" in told
    assert f"/portfolio/accounts.xlsx{ASKED}" in told
    assert f"/portfolio/{ASKED}" in told


def test_leadership_that_does_not_answer_for_the_agency_reads_it_at_once(northwind: Client) -> None:
    told = differing(builders.omar(), northwind)
    assert f"/portfolio/accounts.csv{ASKED}" in told


def test_what_one_has_sent_for_one_account_opens_no_other(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    sends(lena, builders.client("Contoso", account_manager=lena))
    assert differing(lena, northwind) == set()


def test_a_colleague_s_pulse_opens_nothing_for_the_others(northwind: Client) -> None:
    sends(Person.objects.get(name="Sam"), northwind)
    closed = access.closed_clients(Person.objects.get(name="Lena"), QUARTER.start, QUARTER.end)
    assert northwind in closed


def test_what_is_filled_in_and_not_sent_opens_nothing(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    PulseSheet.objects.create(client=northwind, side="agency", person=lena, starts_on=QUARTER.start, trust=4)
    assert northwind in access.closed_clients(lena, QUARTER.start, QUARTER.end)


def test_leaving_the_team_opens_nothing_before_the_quarter_has_ended(northwind: Client) -> None:
    omar = builders.omar()
    spell = builders.team_member(northwind, omar, started_on=QUARTER.shifted(-2).start)
    assert northwind in access.closed_clients(omar, QUARTER.start, QUARTER.end)
    TeamMember.objects.filter(pk=spell.pk).update(ended_on=QUARTER.start + timedelta(days=1))
    assert northwind in access.closed_clients(omar, QUARTER.start, QUARTER.end)
    assert northwind in access.answers_for(omar, QUARTER.start)


def test_leadership_that_could_read_the_answers_does_not_come_to_answer_within_the_quarter(northwind: Client) -> None:
    omar = builders.omar()
    builders.team_member(northwind, omar, started_on=QUARTER.start + timedelta(days=1))
    assert northwind not in access.answers_for(omar, QUARTER.start)
    assert northwind not in access.closed_clients(omar, QUARTER.start, QUARTER.end)
    assert northwind in access.answers_for(omar, QUARTER.shifted(1).start)


def test_when_the_quarter_has_ended_its_answers_are_open_to_everyone(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    store_figures(QUARTER.end)
    ended = ClientQuarter.objects.get(client=northwind, starts_on=QUARTER.start)
    assert not ended.in_progress
    assert "Opens once you have sent your pulse" not in figures(lena, northwind)


def test_what_is_sent_can_not_be_sent_again_in_the_light_of_the_answers(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    sends(lena, northwind)
    with pytest.raises(answering.AlreadySent):
        sends(lena, northwind)
    browser = Browser()
    browser.force_login(lena)
    address = reverse("accounts:your_pulse", args=[northwind.external_id])
    sent = browser.post(address, {"trust": "5", "confidential": "named"})
    assert sent.status_code == 303
    kept = browser.post(reverse("accounts:your_pulse_kept", args=[northwind.external_id]), {"trust": "5"})
    assert kept.status_code == 204
    assert Pulse.objects.filter(client=northwind, side="agency").count() == 1


def test_an_answer_that_came_in_a_file_is_an_answer(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    builders.pulse(northwind, TODAY, "agency", lena.email, trust=2)
    assert northwind not in access.closed_clients(lena, QUARTER.start, QUARTER.end)
    with pytest.raises(answering.AlreadySent):
        sends(lena, northwind)


def test_figures_of_quarters_that_have_ended_stay_open(northwind: Client) -> None:
    lena = Person.objects.get(name="Lena")
    store_figures(TODAY)
    browser = Browser()
    browser.force_login(lena)
    page = browser.get(reverse("metrics:account", args=[northwind.external_id])).content.decode()
    assert "Opens once you have sent your pulse" not in page
