"""The plain admin, as an administrator uses it, and what it keeps from them too."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.admin import site
from accounts.models import (
    Agency,
    AuditEntry,
    CheckIn,
    Client,
    Comment,
    Contact,
    Engagement,
    FollowUp,
    GoalAgreement,
    History,
    Invitation,
    KpiReading,
    Mail,
    Person,
    Pin,
    PortalVisit,
    Pulse,
    PulseRequest,
    PulseSheet,
    ScopeChange,
    Setting,
    SharedSection,
    TeamMember,
)
from accounts.signals import records_changed
from tests import builders

pytestmark = pytest.mark.django_db

REGISTERED = list(site._registry)
OF_A_CLIENT = [model for model in REGISTERED if any(field.name == "client" for field in model._meta.fields)]
READ_ONLY = {ScopeChange, Pulse, Setting}


@pytest.fixture
def administrator(db: None) -> Person:
    return Person.objects.create_superuser("ada@agency.example", None, name="Ada")


@pytest.fixture
def browser(administrator: Person) -> Browser:
    found = Browser()
    found.force_login(administrator)
    return found


@pytest.fixture
def northwind(db: None) -> Client:
    return builders.client("Northwind")


@pytest.fixture
def retainer(northwind: Client) -> Engagement:
    return builders.retainer_since(northwind, date(2025, 1, 15), 1000)


def page(what: str, model: type[Model], *args: object) -> str:
    return reverse(f"admin:accounts_{model._meta.model_name}_{what}", args=args)


def one_of_each() -> dict[type[Model], Model]:
    """A record of every kind."""
    cast = builders.cast()
    client = cast.northwind
    retainer = builders.retainer_since(client, date(2025, 1, 15))
    kpi = builders.kpi(client)
    goal = builders.goal(client, date(2026, 1, 1))
    rows: list[Model] = [
        cast.lena,
        client,
        cast.dana,
        builders.standing(client, date(2026, 1, 1)),
        builders.involvement(client, date(2026, 1, 1)),
        retainer,
        retainer.scope_changes.get(),
        kpi,
        builders.reading(kpi, date(2026, 1, 1)),
        builders.check_in(client, date(2026, 1, 1), [cast.dana], [cast.lena], ["new_channel"]),
        builders.pulse(client, date(2026, 1, 1), trust=4),
        builders.recommendation(client, date(2026, 1, 1)),
        goal,
        builders.opportunity(goal),
        builders.note(client, date(2026, 1, 1), cast.lena),
        builders.exchange_rate("EUR", date(2026, 1, 1), "1.1"),
        builders.benchmark("Agencies", 18),
        builders.setting("good_attainment", date(2026, 1, 1), "75"),
    ]
    return {type(row): row for row in rows}


def test_every_record_can_be_looked_up() -> None:
    inline = {inline.model for found in site._registry.values() for inline in found.inlines}
    # A pin is somebody's own, and says nothing of the client. What a client is shown and opened stands on its account.
    # Teams, invitations and the agency itself have pages of their own, whose acts keep what a plain form would not.
    elsewhere = {Pin, PortalVisit, SharedSection, Comment, FollowUp, GoalAgreement, PulseRequest, PulseSheet}
    elsewhere |= {TeamMember, Invitation, Agency, Mail}
    # What happened has a page of its own, and stays.
    records = {model for model in apps.get_app_config("accounts").get_models() if not issubclass(model, History)}
    assert {*REGISTERED, *inline, *elsewhere, AuditEntry} >= records


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.model_name)
def test_each_record_has_its_pages(browser: Browser, model: type[Model]) -> None:
    row = one_of_each()[model]
    for address in (page("changelist", model), page("changelist", model) + "?q=north", page("change", model, row.pk)):
        assert browser.get(address).status_code == 200
    assert browser.get(page("add", model)).status_code == (403 if model is Pulse else 200)


@pytest.mark.parametrize("model", [m for m in REGISTERED if m not in READ_ONLY], ids=lambda m: m._meta.model_name)
def test_a_record_saved_as_it_is_stays_as_it_is(browser: Browser, model: type[Model]) -> None:
    row = one_of_each()[model]
    before = model._default_manager.filter(pk=row.pk).values().get()
    shown = browser.get(page("change", model, row.pk)).context
    sent: dict[str, Any] = {}
    for form in (
        shown["adminform"].form,
        *(inline.formset.management_form for inline in shown["inline_admin_formsets"]),
    ):
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                sent[bound.html_name] = value
    for inline in shown["inline_admin_formsets"]:
        for form in inline.formset.initial_forms:
            sent |= {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    answer = browser.post(page("change", model, row.pk), sent)
    assert answer.status_code == 302, answer.context["errors"]
    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_a_change_is_signed(browser: Browser, administrator: Person, northwind: Client) -> None:
    sent = {"external_id": "northwind", "name": "Northwind Traders", "currency": "USD"}
    assert browser.post(page("change", Client, northwind.pk), sent).status_code == 302
    northwind.refresh_from_db()
    assert (northwind.name, northwind.version, northwind.changed_by) == ("Northwind Traders", 2, administrator)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.model_name)
def test_only_administrators_are_let_in(model: type[Model]) -> None:
    browser = Browser()
    for person in (None, builders.lena(), builders.omar()):
        if person is not None:
            browser.force_login(person)
        answer = browser.get(page("changelist", model))
        if person is None:
            assert answer.status_code == 302
            assert answer["Location"] == f"/sign-in/?next={page('changelist', model)}"
        else:
            assert answer.status_code == 404


# The ledger

ROW = {"kind": "expansion", "effective_on": "2025-06-01", "value_delta": "500", "note": "A second country"}


def test_a_row_of_the_ledger_is_recorded_by_whoever_fills_in_the_form(
    browser: Browser, retainer: Engagement, administrator: Person
) -> None:
    answer = browser.post(page("add", ScopeChange), {"engagement": retainer.pk, **ROW, "origin": "client"})
    assert answer.status_code == 302
    row = retainer.scope_changes.get(kind="expansion")
    assert (row.recorded_by, row.client, row.note) == (administrator, retainer.client, "A second country")
    assert (row.value_delta, row.origin) == (Decimal(500), "client")


def test_the_end_of_a_retainer_may_be_left_blank_in_the_form(browser: Browser, retainer: Engagement) -> None:
    sent = {"engagement": retainer.pk, "kind": "end", "effective_on": "2025-06-01", "value_delta": ""}
    assert browser.post(page("add", ScopeChange), sent).status_code == 302
    assert retainer.scope_changes.get(kind="end").value_delta == -1000


def test_the_form_says_which_rule_is_broken_beside_the_cell(browser: Browser, retainer: Engagement) -> None:
    answer = browser.post(page("add", ScopeChange), {"engagement": retainer.pk, **ROW, "value_delta": "-5"})
    form = answer.context["adminform"].form
    assert form.errors == {"value_delta": ["value_delta is -5; expected more than 0 on an expansion."]}
    answer = browser.post(page("add", ScopeChange), {"engagement": retainer.pk, **ROW, "effective_on": "2024-06-01"})
    assert "2025-01-15 or later" in answer.context["adminform"].form.errors["effective_on"][0]
    assert retainer.scope_changes.count() == 1


def test_the_form_names_a_row_that_was_there_before(browser: Browser, retainer: Engagement) -> None:
    end = builders.scope_change(retainer, "end", date(2025, 6, 1))
    answer = browser.post(page("add", ScopeChange), {"engagement": retainer.pk, **ROW})
    (said,) = answer.context["adminform"].form.errors["__all__"]
    assert said.startswith(f"Row {end.external_id} breaks the rule whole_balance")


def test_a_form_that_is_not_filled_in_asks_the_ledger_nothing(browser: Browser, retainer: Engagement) -> None:
    answer = browser.post(page("add", ScopeChange), {"kind": "upsell", "value_delta": "1.23456"})
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"engagement", "kind", "effective_on", "value_delta"}


def test_a_row_of_the_ledger_can_be_read_and_neither_changed_nor_deleted(
    browser: Browser, retainer: Engagement
) -> None:
    row = retainer.scope_changes.get()
    shown = browser.get(page("change", ScopeChange, row.pk))
    assert row.external_id in shown.content.decode()
    assert b'name="_save"' not in shown.content
    assert browser.post(page("change", ScopeChange, row.pk), ROW).status_code == 403
    assert browser.post(page("delete", ScopeChange, row.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    browser.post(page("changelist", ScopeChange), sent)
    assert retainer.scope_changes.get().value_delta == 1000


def test_rows_are_reversed_the_latest_first_with_a_reason(browser: Browser, retainer: Engagement) -> None:
    builders.scope_change(retainer, "end", date(2025, 6, 1))
    chosen = list(retainer.scope_changes.values_list("pk", flat=True))
    sent = {"action": "reverse_rows", "_selected_action": chosen, "reason": "Never signed"}
    answer = browser.post(page("changelist", ScopeChange), sent, follow=True)
    assert "2 rows were reversed." in answer.content.decode()
    reversals = retainer.scope_changes.filter(reverses__isnull=False)
    assert set(reversals.values_list("kind", "note")) == {("start", "Never signed"), ("end", "Never signed")}


def test_rows_are_not_reversed_without_a_reason_or_against_the_rules(browser: Browser, retainer: Engagement) -> None:
    builders.scope_change(retainer, "expansion", date(2025, 6, 1), 500)
    start = retainer.scope_changes.get(kind="start")
    sent: dict[str, Any] = {"action": "reverse_rows", "_selected_action": [start.pk]}
    answer = browser.post(page("changelist", ScopeChange), sent, follow=True)
    assert "Say why the rows are reversed." in answer.content.decode()
    answer = browser.post(page("changelist", ScopeChange), {**sent, "reason": "Never signed"}, follow=True)
    assert "breaks the rule one_start" in answer.content.decode()
    assert retainer.scope_changes.count() == 2


def test_an_engagement_with_a_ledger_shows_its_billing_and_does_not_ask_for_it(
    browser: Browser, retainer: Engagement, northwind: Client
) -> None:
    fields = browser.get(page("change", Engagement, retainer.pk)).context["adminform"].form.fields
    assert not {"billing", "client"} & set(fields)
    bare = builders.engagement(northwind)
    fields = browser.get(page("change", Engagement, bare.pk)).context["adminform"].form.fields
    assert {"billing", "client"} <= set(fields)


def test_the_list_of_the_ledger_costs_the_same_for_three_rows_and_thirty(
    browser: Browser, retainer: Engagement
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(page("changelist", ScopeChange))
        return len(queries)

    for day in (1, 2):
        builders.scope_change(retainer, "expansion", date(2025, 6, day), 5)
    of_three = cost()
    for day in range(3, 30):
        builders.scope_change(retainer, "expansion", date(2025, 6, day), 5)
    assert cost() == of_three


# The frame


def test_the_records_stand_in_the_products_frame_and_wear_its_colours(browser: Browser, northwind: Client) -> None:
    of_clients = page("changelist", Client)
    for address, here in (("/admin/", "page"), (of_clients, "true"), (page("change", Client, northwind.pk), "true")):
        text = browser.get(address).content.decode()
        assert re.search(rf'class="place"\s+href="/admin/"\s+aria-current="{here}"', text)
        assert re.search(r'class="place"\s+href="/portfolio/"', text)
        sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', text)
        assert "css/tokens.css" in sheets
        assert sheets[-1] == "css/records.css"  # it has the last word
        assert "dark_mode" not in text
        assert "admin/js/theme.js" not in text
        assert "data-switch-theme" in text


def test_a_window_of_one_field_has_no_frame(browser: Browser, northwind: Client) -> None:
    text = browser.get(page("add", Client), {"_popup": 1}).content.decode()
    assert "css/records.css" in text
    assert 'class="place"' not in text


# Pulses


def test_nobody_reads_a_single_answer(browser: Browser, northwind: Client) -> None:
    named = builders.pulse(northwind, date(2026, 1, 1), trust=3, comment="Call more often")
    confidential = builders.pulse(
        northwind,
        date(2026, 1, 2),
        respondent="kim@northwind.example",
        trust=1,
        comment="They never listen",
        confidential=True,
    )
    listed = browser.get(page("changelist", Pulse)).content.decode()
    of_named = browser.get(page("change", Pulse, named.pk)).content.decode()
    of_confidential = browser.get(page("change", Pulse, confidential.pk)).content.decode()
    assert "dana@northwind.example" in listed
    assert "Call more often" in of_named
    for shown in (listed, of_named, of_confidential):
        assert "kim@northwind.example" not in shown
        assert "They never listen" not in shown
        assert "trust" not in shown.lower()
    assert browser.post(page("change", Pulse, named.pk), {"trust": 5}).status_code == 403


def test_of_a_confidential_answer_nobody_is_told_that_it_is_there(browser: Browser, northwind: Client) -> None:
    answer = builders.pulse(northwind, date(2026, 1, 2), respondent="kim@northwind.example", confidential=True)
    for what in ("change", "history", "delete"):
        of_it, of_none = (browser.get(page(what, Pulse, number)) for number in (answer.pk, answer.pk + 1000))
        assert (of_it.status_code, of_it.get("Location")) == (of_none.status_code, of_none.get("Location"))


def test_nobody_takes_an_answer_out(browser: Browser, northwind: Client) -> None:
    answer = builders.pulse(northwind, date(2026, 1, 2), trust=4)
    of_all = {"action": "delete_selected", "_selected_action": [answer.pk], "post": "yes"}
    assert browser.post(page("delete", Pulse, answer.pk), {"post": "yes"}).status_code == 403
    browser.post(page("changelist", Pulse), of_all)
    assert Pulse.objects.filter(pk=answer.pk).exists()


def test_what_holds_on_to_a_record_is_not_listed(browser: Browser, northwind: Client) -> None:
    builders.pulse(northwind, date(2026, 1, 2), respondent="kim@northwind.example", confidential=True)
    dana = builders.signs_in(builders.dana(northwind))
    PulseSheet.objects.create(client=northwind, side="client", person=dana, starts_on=date(2026, 1, 1), trust=4)
    of_all = {"action": "delete_selected", "_selected_action": [northwind.pk]}
    for answer in (
        browser.get(page("delete", Client, northwind.pk)),
        browser.get(page("delete", Person, dana.pk)),
        browser.post(page("changelist", Client), of_all),
    ):
        shown = answer.content.decode()
        assert "what was recorded of it" in shown
        assert "pulse" not in shown.partition("<h1>")[2].lower()
    assert browser.post(page("delete", Client, northwind.pk), {"post": "yes"}).status_code == 200
    assert Client.objects.filter(pk=northwind.pk).exists()


def test_what_one_signs_in_with_is_no_record() -> None:
    assert {model._meta.app_label for model in site._registry} == {"accounts"}


def test_a_confidential_respondent_is_not_found_by_their_e_mail(browser: Browser, northwind: Client) -> None:
    builders.pulse(northwind, date(2026, 1, 2), respondent="kim@elsewhere.example", confidential=True)
    listed = browser.get(page("changelist", Pulse) + "?q=kim@elsewhere.example")
    assert listed.context["cl"].result_count == 0


@pytest.mark.parametrize(
    ("model", "question"),
    [
        (Pulse, "trust=1"),
        (Pulse, "respondent=x"),
        (Pulse, "comment__contains=x"),
        (Pulse, "client__pulses__trust=1"),
        *((model, f"client__pulses__{question}") for model in OF_A_CLIENT for question in ("trust=1", "comment__gt=b")),
        (Client, "pulses__trust=1"),
    ],
)
def test_a_filter_typed_into_the_address_tells_no_answer(browser: Browser, model: type[Model], question: str) -> None:
    assert browser.get(f"{page('changelist', model)}?{question}").status_code == 400


# People, settings, currencies


def test_a_person_is_added_without_a_password_and_with_a_lower_case_e_mail(browser: Browser) -> None:
    sent = {"email": "Robin@Agency.Example", "name": "Robin", "role": "account_manager", "usable_password": "false"}
    assert browser.post(page("add", Person), sent).status_code == 302
    robin = Person.objects.get(name="Robin")
    assert robin.email == "robin@agency.example"
    assert not robin.has_usable_password()


def test_an_e_mail_that_is_taken_is_refused_whatever_its_case(browser: Browser) -> None:
    builders.lena()
    sent = {"email": "LENA@agency.example", "name": "Lena", "role": "account_manager", "usable_password": "false"}
    answer = browser.post(page("add", Person), sent)
    assert "email" in answer.context["adminform"].form.errors


def test_a_password_is_set_on_a_page_of_its_own(browser: Browser) -> None:
    lena = builders.lena()
    address = reverse("admin:auth_user_password_change", args=[lena.pk])
    assert browser.get(address).status_code == 200
    sent = {"usable_password": "true", "password1": "quay-lantern-seven", "password2": "quay-lantern-seven"}
    assert browser.post(address, sent).status_code == 302
    lena.refresh_from_db()
    assert lena.check_password("quay-lantern-seven")


def test_a_setting_has_to_be_one_it_can_be(browser: Browser) -> None:
    sent = {"name": "good_attainment", "effective_on": "2026-01-01", "value": "plenty"}
    answer = browser.post(page("add", Setting), sent)
    assert answer.context["adminform"].form.errors == {"value": ["Expected a number from 0 to 100."]}
    assert browser.post(page("add", Setting), {**sent, "value": "75"}).status_code == 302
    assert Setting.objects.get().value == "75"


def test_a_version_of_a_setting_is_neither_changed_nor_deleted(browser: Browser) -> None:
    version = builders.setting("good_attainment", date(2026, 1, 1), "75")
    assert browser.post(page("change", Setting, version.pk), {"value": "60"}).status_code == 403
    assert browser.post(page("delete", Setting, version.pk), {"post": "yes"}).status_code == 403


def test_a_currency_is_one_of_iso_4217(browser: Browser) -> None:
    sent = {"external_id": "southwind", "name": "Southwind", "currency": "zzz"}
    answer = browser.post(page("add", Client), sent)
    assert "currency" in answer.context["adminform"].form.errors
    assert browser.post(page("add", Client), {**sent, "currency": "sek"}).status_code == 302
    assert Client.objects.get(name="Southwind").currency == "SEK"


# Whose client a row is


def test_a_reading_is_its_kpis_clients(browser: Browser, northwind: Client) -> None:
    leads = builders.kpi(northwind)
    sent = {"kpi": leads.pk, "month": "2026-01-01", "value": "80", "target": "100"}
    assert browser.post(page("add", KpiReading), sent).status_code == 302
    assert KpiReading.objects.get().client == northwind
    answer = browser.post(page("add", KpiReading), {**sent, "month": "2026-01-15"})
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_who_was_seen_has_to_be_of_the_check_ins_client(browser: Browser, northwind: Client) -> None:
    dana, lena = builders.dana(northwind), builders.lena()
    stranger = builders.contact(builders.client("Southwind"), "Kim")
    sent = {
        "external_id": "first",
        "client": northwind.pk,
        "held_on": "2026-01-10",
        "signs": ["new_channel"],
        "checkincontact_set-TOTAL_FORMS": "1",
        "checkincontact_set-INITIAL_FORMS": "0",
        "checkincontact_set-0-contact": stranger.pk,
        "checkinperson_set-TOTAL_FORMS": "1",
        "checkinperson_set-INITIAL_FORMS": "0",
        "checkinperson_set-0-person": lena.pk,
    }
    answer = browser.post(page("add", CheckIn), sent)
    assert "Expected a contact of the check-in&#x27;s client." in answer.content.decode()
    assert browser.post(page("add", CheckIn), {**sent, "checkincontact_set-0-contact": dana.pk}).status_code == 302
    held = CheckIn.objects.get()
    assert (list(held.client_contacts.all()), list(held.agency_people.all())) == ([dana], [lena])
    assert held.signs == ["new_channel"]


def test_an_edit_is_told_once_it_is_committed(
    browser: Browser, northwind: Client, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[Any, tuple[int, ...]]] = []

    def listen(sender: Any, client_ids: tuple[int, ...], **kwargs: Any) -> None:
        heard.append((sender, client_ids))

    records_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            sent = {"external_id": "kim", "client": northwind.pk, "name": "Kim", "decision_maker": "unknown"}
            assert browser.post(page("add", Contact), sent).status_code == 302
            kim = Contact.objects.get()
            assert browser.post(page("delete", Contact, kim.pk), {"post": "yes"}).status_code == 302
            assert heard == []
    finally:
        records_changed.disconnect(listen)
    assert heard == [(Contact, (northwind.pk,))] * 2
