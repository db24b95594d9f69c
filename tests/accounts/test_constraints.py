"""Every constraint on a record, and a row typed in SQL that tries to break it."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import SharedSection
from accounts.models.pulses import STATEMENTS
from accounts.settings_in_force import ATTRIBUTES
from tests import builders

DAY = date(2026, 1, 1)


def valid_rows() -> dict[str, dict[str, Any]]:
    """A row for each table that the database takes; what it points at exists, and it is not there yet."""
    cast = builders.cast()
    client = cast.northwind
    engagement = builders.retainer_since(client, DAY)
    kpi = builders.kpi(client)
    held = builders.check_in(client, DAY)
    goal = builders.goal(client, DAY, shared=True)
    SharedSection.objects.create(client=client, section="goals")
    of_client = {"client_id": client.pk}
    return {
        "person": {
            "email": "robin@agency.example",
            "password": "!",
            "is_superuser": False,
            "name": "Robin",
            "role": "account_manager",
            "is_active": True,
            "joined_at": "2026-01-01 09:00+00",
        },
        "mail": {
            **dict.fromkeys(("key", "kind", "subject", "text", "html"), "x"),
            "to": "robin@agency.example",
            "language": "en",
            "state": "waiting",
        },
        "client": {"external_id": "x", "name": "Southwind", "industry": "", "value_tier": "A", "currency": "EUR"},
        "contact": {**of_client, "external_id": "x", "name": "Kim", "email": "kim@northwind.example", "role": ""},
        "standing": {**of_client, "effective_on": DAY, "standing": "lead"},
        "involvement": {**of_client, "kind": "people", "started_on": DAY, "ended_on": DAY},
        "engagement": {
            **of_client,
            "external_id": "x",
            "name": "Films",
            "service_line": "",
            "billing": "project",
            "pricing": "value",
            "notice_days": 0,
        },
        "scopechange": {
            **of_client,
            "external_id": "x",
            "engagement_id": engagement.pk,
            "kind": "expansion",
            "effective_on": DAY,
            "value_delta": 5,
            "origin": "joint",
            "involved_from": "idea",
            "note": "",
        },
        "kpi": {**of_client, "external_id": "x", "name": "Leads", "unit": "", "direction": "lower"},
        "kpireading": {**of_client, "kpi_id": kpi.pk, "month": DAY, "value": 5, "target": 6},
        "checkin": {
            **of_client,
            "external_id": "x",
            "held_on": DAY,
            "initiated_by": "client",
            "summary": "",
            "signs": ["new_channel"],
        },
        "checkincontact": {**of_client, "check_in_id": held.pk, "contact_id": cast.dana.pk},
        "pin": {**of_client, "person_id": cast.lena.pk},
        "checkinperson": {**of_client, "check_in_id": held.pk, "person_id": cast.lena.pk},
        "pulse": {
            **of_client,
            "external_id": "x",
            "side": "client",
            "respondent": "dana@northwind.example",
            "answered_on": DAY,
            "comment": "",
            **dict.fromkeys((*ATTRIBUTES, *STATEMENTS), 5),
        },
        "recommendation": {
            **of_client,
            "external_id": "x",
            "made_on": DAY,
            "subject": "Less",
            "reception": "welcomed",
            "stance": "defended",
            "decision": "partly",
            "outcome": "as_expected",
            "expected": "",
        },
        "note": {
            **of_client,
            "external_id": "x",
            "written_on": DAY,
            "written_by_id": cast.lena.pk,
            "text": "They are hiring",
        },
        "goal": {**of_client, "external_id": "x", "title": "More", "set_on": DAY, "status": "missed"},
        "opportunity": {
            **of_client,
            "external_id": "x",
            "goal_id": goal.pk,
            "title": "Films",
            "service_line": "",
            "stage": "raised",
        },
        "sharedsection": {**of_client, "section": "people"},
        "portalvisit": {**of_client, "person_id": cast.lena.pk, "what": "home"},
        "comment": {
            **of_client,
            "external_id": "x",
            "side": "client",
            "goal_id": goal.pk,
            "written_by_id": cast.lena.pk,
            "signature": "Lena",
            "written_at": "2026-01-01 09:00+00",
            "body": "Thank you",
        },
        "followup": {
            **of_client,
            "external_id": "x",
            "subject": "The budget",
            "asked_by_id": cast.lena.pk,
            "asked_as": "Lena",
            "asked_at": "2026-01-01 09:00+00",
            "answer": "On Monday",
            "answered_by_id": cast.lena.pk,
            "answered_at": "2026-01-01 10:00+00",
        },
        "goalagreement": {
            **of_client,
            "goal_id": goal.pk,
            "agreed_by_id": cast.lena.pk,
            "agreed_on": DAY,
            "agreed_at": "2026-01-01 09:00+00",
        },
        "pulserequest": {
            **of_client,
            "side": "agency",
            "person_id": cast.lena.pk,
            "starts_on": DAY,
            "answer_by": DAY,
            "language": "de",
            "asked_by_id": cast.lena.pk,
            "asked_as": "Lena",
            "asked_at": "2026-01-01 09:00+00",
        },
        "pulsesheet": {
            **of_client,
            "side": "client",
            "person_id": cast.lena.pk,
            "starts_on": DAY,
            "comment": "",
            **dict.fromkeys((*ATTRIBUTES, *STATEMENTS), 5),
        },
        "exchangerate": {"currency": "EUR", "effective_on": DAY, "rate": 1},
        "benchmark": {"name": "x", "value": 5, "industry": "", "source": "A survey", "year": 0},
        "setting": {"name": "night_hour", "effective_on": DAY, "value": "3"},
        "teammember": {**of_client, "person_id": cast.noor.pk, "role": "growth", "started_on": DAY},
        "invitation": {
            "token_hash": b"x" * 32,
            "email": "robin@agency.example",
            "name": "",
            "role": "leadership",
            "invited_by_id": cast.omar.pk,
            "invited_at": "2026-01-01 09:00+00",
            "expires_at": "2026-01-08 09:00+00",
        },
    }


def insert(table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    places = ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO accounts_{table} ({columns}) VALUES ({places})", list(row.values()))


# Which constraint of which table, and what breaks it and no other.
BROKEN_CHECKS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("person", "person_email_lower_case"): [{"email": "Robin@agency.example"}],
    ("person", "person_language_is_spoken"): [{"language": "es"}],
    ("mail", "mail_state"): [{"state": "lost"}],
    ("mail", "mail_sent_has_its_moment"): [{"state": "sent"}, {"sent_at": "2026-01-01 09:00+00"}],
    ("mail", "mail_being_sent_was_claimed"): [{"state": "sending"}],
    ("mail", "accounts_mail_attempts_check"): [{"attempts": -1}],
    ("client", "client_value_tier"): [{"value_tier": "D"}, {"value_tier": "a"}],
    ("client", "client_currency"): [{"currency": "eur"}, {"currency": ""}, {"currency": "E1R"}],
    ("contact", "contact_email_lower_case"): [{"email": "Kim@northwind.example"}],
    ("sharedsection", "shared_section_section"): [{"section": "notes"}, {"section": ""}],
    ("portalvisit", "portal_visit_what"): [{"what": "admin"}, {"what": ""}],
    ("comment", "comment_side"): [{"side": "press"}],
    ("comment", "comment_about_one"): [{"kpi_id": 1}, {"recommendation_id": 1}],
    ("comment", "comment_reply_is_about_what_it_replies_to"): [{"replies_to_id": 1}],
    ("comment", "comment_agency_replies"): [{"side": "agency"}],
    ("comment", "comment_length"): [{"body": ""}, {"body": "x" * 5001}],
    ("followup", "follow_up_answered_by_somebody"): [{"answer": ""}, {"answered_at": None}, {"answered_by_id": None}],
    ("followup", "follow_up_length"): [{"subject": ""}, {"subject": "x" * 501}],
    ("pulserequest", "pulse_request_side"): [{"side": "press"}],
    ("pulserequest", "pulse_request_language"): [{"language": "xx"}],
    ("pulserequest", "pulse_request_in_its_quarter"): [{"answer_by": date(2025, 12, 31)}],
    ("pulsesheet", "pulse_sheet_side"): [{"side": "press", **dict.fromkeys(STATEMENTS)}],
    ("pulsesheet", "pulse_sheet_1_to_5"): [{name: wrong} for name in (*ATTRIBUTES, *STATEMENTS) for wrong in (0, 6)],
    ("pulsesheet", "pulse_sheet_statements_are_the_clients"): [{"side": "agency"}],
    ("pulsesheet", "pulse_sheet_is_blank_once_sent"): [{"sent_on": DAY}],
    **{("pulsesheet", f"accounts_pulsesheet_{name}_check"): [{name: -1}] for name in (*ATTRIBUTES, *STATEMENTS)},
    ("standing", "standing_place"): [{"standing": ""}, {"standing": "first"}],
    ("involvement", "involvement_kind"): [{"kind": "strategy"}],
    ("involvement", "involvement_ends_after_it_starts"): [{"ended_on": date(2025, 12, 31)}],
    ("engagement", "engagement_billing"): [{"billing": "hourly"}, {"billing": ""}],
    ("engagement", "engagement_pricing"): [{"pricing": "free"}],
    ("engagement", "accounts_engagement_notice_days_check"): [{"notice_days": -1}],
    ("scopechange", "scope_change_kind"): [{"kind": "upsell"}],
    ("scopechange", "scope_change_sign_by_kind"): [
        {"kind": "start", "value_delta": -1},
        {"kind": "expansion", "value_delta": 0},
        {"kind": "contraction", "value_delta": 0},
        {"kind": "price", "value_delta": 0},
        {"kind": "renewal", "value_delta": 1},
        {"kind": "end", "value_delta": 1},
    ],
    ("scopechange", "scope_change_term_on_start_or_renewal"): [{"ends_on": DAY}],
    ("scopechange", "scope_change_origin"): [{"origin": "both"}],
    ("scopechange", "scope_change_involved_from"): [{"involved_from": "birth"}],
    ("scopechange", "scope_change_value_delta_is_a_number"): [{"value_delta": "NaN"}],
    ("kpi", "kpi_direction"): [{"direction": "sideways"}, {"direction": ""}],
    ("kpireading", "kpi_reading_month_is_its_first_day"): [{"month": date(2026, 1, 2)}],
    ("kpireading", "kpi_reading_value_is_a_number"): [{"value": "NaN"}],
    ("kpireading", "kpi_reading_target_is_a_number"): [{"target": "NaN"}],
    ("checkin", "check_in_initiated_by"): [{"initiated_by": "nobody"}],
    ("checkin", "check_in_signs"): [{"signs": ["rain"]}, {"signs": ["new_channel", ""]}],
    ("pulse", "pulse_side"): [{"side": "press"}],
    ("pulse", "pulse_respondent_lower_case"): [{"respondent": "Dana@northwind.example"}],
    ("pulse", "pulse_statements_are_the_clients"): [
        {"side": "agency", **dict.fromkeys(STATEMENTS), statement: 3} for statement in STATEMENTS
    ],
    **{("pulse", f"pulse_{name}_1_to_5"): [{name: 0}, {name: 6}] for name in (*ATTRIBUTES, *STATEMENTS)},
    **{("pulse", f"accounts_pulse_{name}_check"): [{name: -1}] for name in (*ATTRIBUTES, *STATEMENTS)},
    ("recommendation", "recommendation_reception"): [{"reception": "ignored"}],
    ("recommendation", "recommendation_stance"): [{"stance": "stubborn"}],
    ("recommendation", "recommendation_decision"): [{"decision": "maybe"}],
    ("recommendation", "recommendation_outcome"): [{"outcome": "great"}],
    ("goal", "goal_status"): [{"status": "forgotten"}],
    ("opportunity", "opportunity_stage"): [{"stage": "won"}],
    ("exchangerate", "exchange_rate_above_0"): [{"rate": 0}, {"rate": -1}],
    ("exchangerate", "exchange_rate_currency"): [{"currency": "eur"}, {"currency": ""}],
    ("exchangerate", "exchange_rate_rate_is_a_number"): [{"rate": "NaN"}],
    ("person", "person_who_left_may_not_sign_in"): [{"left_on": DAY}],
    ("teammember", "team_member_role"): [{"role": "owner"}],
    ("teammember", "team_member_ends_after_it_starts"): [{"ended_on": DAY}],
    ("invitation", "invitation_email_lower_case"): [{"email": "Robin@agency.example"}],
    ("invitation", "invitation_of_a_contact_or_a_colleague"): [{"role": "contact"}, {"role": "owner"}],
    ("invitation", "invitation_accepted_or_revoked"): [
        {"accepted_at": "2026-01-02 09:00+00", "revoked_at": "2026-01-02 09:00+00"}
    ],
    ("benchmark", "benchmark_value_is_a_number"): [{"value": "NaN"}],
    ("benchmark", "accounts_benchmark_year_check"): [{"year": -1}],
}

# Which columns name a row: the same again is refused, and something else in any of them is let in.
KEYS: dict[tuple[str, str], dict[str, Any]] = {
    ("person", "accounts_person_email_key"): {"email": "another@agency.example"},
    ("mail", "accounts_mail_key_key"): {"key": "y"},
    ("standing", "standing_key"): {"effective_on": date(2026, 1, 2)},
    ("involvement", "involvement_key"): {"kind": "systems", "started_on": date(2025, 12, 31)},
    ("kpireading", "kpi_reading_key"): {"month": date(2026, 2, 1)},
    ("exchangerate", "exchange_rate_key"): {"currency": "SEK", "effective_on": date(2026, 1, 2)},
    ("benchmark", "accounts_benchmark_name_key"): {"name": "y"},
    ("setting", "setting_key"): {"name": "interval_a", "effective_on": date(2026, 1, 2)},
    ("checkincontact", "check_in_contact_key"): {},
    ("checkinperson", "check_in_person_key"): {},
    ("pin", "pin_key"): {},
    ("sharedsection", "shared_section_key"): {"section": "scope"},
    ("goalagreement", "goal_agreement_key"): {},
    ("pulserequest", "pulse_request_key"): {"side": "client", "starts_on": date(2025, 10, 1)},
    ("pulsesheet", "pulse_sheet_key"): {"starts_on": date(2025, 10, 1)},
    ("invitation", "accounts_invitation_token_hash_key"): {},
    **{
        (table, f"accounts_{table}_external_id_key"): {"external_id": "y"}
        for table in (
            "client",
            "contact",
            "engagement",
            "scopechange",
            "kpi",
            "checkin",
            "pulse",
            "recommendation",
            "goal",
            "note",
            "opportunity",
            "comment",
            "followup",
        )
    },
}

# Tried elsewhere: what two-column foreign keys point at, and who a contact or a reversal is of.
OTHER_KEYS = {
    "accounts_contact_person_id_key",
    "accounts_scopechange_reverses_id_key",
    "check_in_of_client",
    "comment_of_client",
    "contact_of_client",
    "engagement_of_client",
    "goal_of_client",
    "kpi_of_client",
    "recommendation_of_client",
    "scope_change_of_engagement",
}


def refusing(table: str, row: dict[str, Any]) -> str | None:
    """The constraint that refuses the row."""
    with pytest.raises(IntegrityError) as refusal:
        insert(table, row)
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


@pytest.mark.django_db
def test_a_plausible_row_of_each_table_is_let_in() -> None:
    for table, row in valid_rows().items():
        insert(table, row)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "constraint"), BROKEN_CHECKS, ids=lambda found: found)
def test_a_check_refuses_what_breaks_it(table: str, constraint: str) -> None:
    row = valid_rows()[table]
    for wrong in BROKEN_CHECKS[table, constraint]:
        assert refusing(table, row | wrong) == constraint
    insert(table, row)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "constraint"), KEYS, ids=lambda found: found)
def test_a_key_names_one_row(table: str, constraint: str) -> None:
    row = valid_rows()[table]
    insert(table, row)
    assert refusing(table, row) == constraint
    for column, other in KEYS[table, constraint].items():
        insert(table, row | {column: other})


@pytest.mark.django_db
def test_blanks_are_let_in_where_a_fact_may_be_unknown() -> None:
    rows = valid_rows()
    blank: dict[str, dict[str, Any]] = {
        "client": {"value_tier": ""},
        "engagement": {"pricing": "", "notice_days": None},
        "involvement": {"ended_on": None},
        "scopechange": {"origin": "", "involved_from": ""},
        "kpireading": {"target": None},
        "checkin": {"initiated_by": "", "signs": []},
        "pulse": dict.fromkeys((*ATTRIBUTES, *STATEMENTS)),
        "recommendation": dict.fromkeys(("reception", "stance", "decision", "outcome"), ""),
        "goal": {"status": ""},
        "opportunity": {"stage": ""},
        "benchmark": {"year": None, "method_published": None},
    }
    for table, blanks in blank.items():
        insert(table, rows[table] | blanks)


@pytest.mark.django_db
def test_a_contact_is_one_person_at_most_and_a_person_one_contact() -> None:
    row = valid_rows()["contact"]
    invited = builders.person("Kim")
    insert("contact", row | {"person_id": invited.pk})
    again = row | {"person_id": invited.pk, "external_id": "y"}
    assert refusing("contact", again) == "accounts_contact_person_id_key"


@pytest.mark.django_db
def test_every_constraint_of_the_records_is_tried() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT regexp_replace(conrelid::regclass::text, '^accounts_', ''), conname, contype
            FROM pg_constraint
            WHERE conrelid::regclass::text LIKE 'accounts\\_%' AND contype IN ('c', 'u')
              AND conrelid::regclass::text NOT LIKE 'accounts_person\\_%'
            """
        )
        # Of the agency there is one row, which can't be added again: tests/accounts/test_teams_database.py tries those.
        # A history is written by triggers alone, of rows that were accepted: tests/accounts/test_history.py.
        found = [row for row in cursor.fetchall() if row[0] != "agency" and not row[0].endswith("history")]
    assert {(table, name) for table, name, kind in found if kind == "c"} == set(BROKEN_CHECKS)
    assert {(table, name) for table, name, kind in found if kind == "u" and name not in OTHER_KEYS} == set(KEYS)
    assert {name for _, name, _ in found} >= OTHER_KEYS
