"""What a client's person reads of the records behind the wall: the own client's, and of those what is shared."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models

from accounts.models import Comment, FollowUp, Goal, GoalAgreement, PortalVisit, Pulse, PulseSheet
from accounts.portal_wall import as_portal
from metrics.models import ChangedClient
from tests import builders
from tests.accounts.wall.catalogue import OF_NOBODY, RIGHTS
from tests.accounts.wall.tenants import AT, DAY, Tenant, tenant

pytestmark = pytest.mark.django_db

READ = {table: rights["SELECT"].split() for table, rights in RIGHTS.items() if "SELECT" in rights}
OF_SECTIONS = {
    "accounts_goal": "goals",
    "accounts_kpi": "results",
    "accounts_kpireading": "results",
    "accounts_engagement": "scope",
    "accounts_scopechange": "scope",
    "accounts_checkin": "agreed",
    "accounts_recommendation": "advice",
    "accounts_opportunity": "proposals",
    "accounts_teammember": "people",
}
MARKED = ("goal", "kpi", "checkin", "recommendation", "opportunity")


def read(table: str) -> list[dict[str, Any]]:
    """All rows of a table that this connection sees, with every column it may ask for."""
    columns = ", ".join(READ[table])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")
        return [dict(zip(READ[table], row, strict=True)) for row in cursor.fetchall()]


def seen(of: Tenant) -> dict[str, list[dict[str, Any]]]:
    """All that this client's person reads, by table."""
    with as_portal(of.client.pk, of.person.pk):
        return {table: read(table) for table in READ}


@pytest.fixture
def northwind() -> Tenant:
    return tenant("Northwind")


@pytest.fixture
def contoso() -> Tenant:
    return tenant("Contoso")


def test_with_everything_shared_there_is_something_of_everything_and_nothing_of_another(
    northwind: Tenant, contoso: Tenant
) -> None:
    builders.setting("fiscal_year_month", DAY, "4")
    for one, other in ((northwind, contoso), (contoso, northwind)):
        found = seen(one)
        assert [table for table in READ if not found[table] and table not in OF_NOBODY] == []
        for table, rows in found.items():
            if "client_id" in READ[table]:
                assert {row["client_id"] for row in rows} == {one.client.pk}, table
            assert other.client.name.lower() not in repr(rows).lower(), table


def test_with_nothing_shared_only_what_they_wrote_themselves_is_there() -> None:
    found = seen(tenant("Fabrikam", sections=(), shared=False))
    assert sorted(table for table, rows in found.items() if rows and table not in OF_NOBODY) == [
        "accounts_client",
        "accounts_comment",
        "accounts_contact",
        "accounts_followup",
        "accounts_goalagreement",
        "accounts_person",
        "accounts_portalvisit",
        "accounts_pulse",
        "accounts_pulserequest",
        "accounts_pulsesheet",
    ]
    assert [row["name"] for row in found["accounts_contact"]] == ["Fabrikam Dana"]


@pytest.mark.parametrize("section", sorted(set(OF_SECTIONS.values())))
def test_a_section_shows_its_own_tables_and_no_other(section: str) -> None:
    found = seen(tenant("Fabrikam", sections=[section]))
    for table, opened_by in OF_SECTIONS.items():
        assert bool(found[table]) == (opened_by == section), table
    assert bool(found["metrics_clientquarter"]) == (section in ("scope", "working"))


@pytest.mark.parametrize("model", MARKED)
def test_a_record_that_is_not_marked_is_not_there(northwind: Tenant, model: str) -> None:
    apps.get_model("accounts", model)._default_manager.filter(client=northwind.client).update(shared=False)
    found = seen(northwind)
    assert found[f"accounts_{model}"] == []
    if model == "kpi":
        assert found["accounts_kpireading"] == []


def test_an_idea_is_the_agencys_own(northwind: Tenant) -> None:
    goal = Goal.objects.get(client=northwind.client)
    builders.opportunity(goal, "An idea", stage="idea", shared=True)
    assert [row["title"] for row in seen(northwind)["accounts_opportunity"]] == ["Northwind proposal"]


def test_nobody_reads_the_answers_or_visits_of_a_colleague(northwind: Tenant) -> None:
    found = seen(northwind)
    own = set(Pulse.objects.filter(respondent=northwind.person.email).values_list("pk", flat=True))
    assert {row["id"] for row in found["accounts_pulse"]} == own
    for table in ("accounts_pulsesheet", "accounts_pulserequest", "accounts_portalvisit"):
        assert {row["person_id"] for row in found[table]} == {northwind.person.pk}, table


def test_of_people_they_know_themselves_and_the_team(northwind: Tenant, contoso: Tenant) -> None:
    sam = builders.sam()
    builders.team_member(northwind.client, sam)
    builders.team_member(northwind.client, builders.noor(), started_on=DAY, ended_on=date(2026, 2, 4))
    assert {row["name"] for row in seen(northwind)["accounts_person"]} == {"Northwind Dana", "Northwind Lead", "Sam"}


def test_of_the_settings_they_read_the_calendar_alone(northwind: Tenant) -> None:
    builders.setting("fiscal_year_month", DAY, "4")
    builders.setting("weight.trust", DAY, "3")
    assert [row["name"] for row in seen(northwind)["accounts_setting"]] == ["fiscal_year_month"]


def test_every_column_that_was_not_granted_is_refused(northwind: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name LIKE ANY (ARRAY['accounts%', 'metrics%', 'django%', 'mfa%'])"
        )
        columns = [(table, column) for table, column in cursor.fetchall() if column not in READ.get(table, ())]
    assert len(columns) > 300
    for table, column in columns:
        with pytest.raises(ProgrammingError, match="permission denied"), as_portal(northwind.client.pk, None):
            connection.cursor().execute(f'SELECT "{column}" FROM {table} LIMIT 1')


# What they write


def writes(of: Tenant, row: models.Model) -> None:
    """Adds a row as this client's person."""
    with as_portal(of.client.pk, of.person.pk):
        row.save(force_insert=True)


def test_they_write_what_is_theirs_to_write(northwind: Tenant) -> None:
    client, person = northwind.client, northwind.person
    goal = builders.goal(client, DAY, shared=True)
    ChangedClient.objects.all().delete()
    writes(
        northwind,
        Comment(client_id=client.pk, side="client", goal_id=goal.pk, written_by=person, signature="Dana", body="Good."),
    )
    writes(northwind, FollowUp(client_id=client.pk, subject="Prices", asked_by=person, asked_as="Dana"))
    writes(northwind, PortalVisit(client_id=client.pk, person=person, what="visits"))
    writes(northwind, PulseSheet(client_id=client.pk, side="client", person=person, starts_on=date(2026, 4, 1)))
    writes(northwind, GoalAgreement(client_id=client.pk, goal_id=goal.pk, agreed_by=person, agreed_on=DAY))
    goal.refresh_from_db()
    assert goal.agreed_on == DAY
    writes(northwind, Pulse(client_id=client.pk, side="client", respondent=person.email, answered_on=DAY, trust=5))
    assert ChangedClient.objects.filter(client_id=client.pk).count() == 2, "the figures follow, of the goal and pulse"


def test_a_sheet_is_changed_by_its_person_alone(northwind: Tenant) -> None:
    with as_portal(northwind.client.pk, northwind.person.pk):
        assert PulseSheet.objects.filter(side="client").update(trust=1) == 1
    assert sorted(PulseSheet.objects.values_list("trust", flat=True), key=str) == [1, 4]
    for column, value in (("person_id", northwind.colleague.pk), ("client_id", 1), ("side", "agency")):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            as_portal(northwind.client.pk, northwind.person.pk),
        ):
            PulseSheet.objects.filter(side="client").update(**{column: value})


def forged(one: Tenant, other: Tenant) -> dict[str, models.Model]:
    """Rows that one client's person has no business to write."""
    mine, foreign = one.client.pk, other.client.pk
    their_goal = builders.goal(other.client, DAY, "Theirs", shared=True)
    hidden = builders.goal(one.client, DAY, "Hidden")
    person, colleague, lead = one.person, one.colleague, one.lead
    comment = {"side": "client", "written_by": person, "signature": "x", "body": "x"}
    return {
        "a comment of another client": Comment(client_id=foreign, **comment),
        "a comment in a colleague's name": Comment(client_id=mine, **{**comment, "written_by": colleague}),
        "a comment in the agency's name": Comment(client_id=mine, **{**comment, "written_by": lead}),
        "a reply as the agency": Comment(client_id=mine, **{**comment, "side": "agency"}),
        "a comment on another's goal": Comment(client_id=mine, goal_id=their_goal.pk, **comment),
        "a comment on a goal that is not shown": Comment(client_id=mine, goal_id=hidden.pk, **comment),
        "agreement to another's goal": GoalAgreement(
            client_id=foreign, goal_id=their_goal.pk, agreed_by=person, agreed_on=DAY
        ),
        "agreement to another's goal as one's own": GoalAgreement(
            client_id=mine, goal_id=their_goal.pk, agreed_by=person, agreed_on=DAY
        ),
        "agreement to a goal that is not shown": GoalAgreement(
            client_id=mine, goal_id=hidden.pk, agreed_by=person, agreed_on=DAY
        ),
        "agreement in a colleague's name": GoalAgreement(
            client_id=mine, goal_id=hidden.pk, agreed_by=colleague, agreed_on=DAY
        ),
        "a follow-up of another client": FollowUp(client_id=foreign, subject="x", asked_as="x", asked_by=person),
        "a follow-up that is answered": FollowUp(
            client_id=mine, subject="x", asked_as="x", asked_by=person, answer="x", answered_by=lead, answered_at=AT
        ),
        "a visit of another client": PortalVisit(client_id=foreign, person=person, what="home"),
        "a visit of a colleague": PortalVisit(client_id=mine, person=colleague, what="home"),
        "a sheet of another client": PulseSheet(
            client_id=foreign, side="client", person=person, starts_on=date(2026, 4, 1)
        ),
        "a sheet of the agency's": PulseSheet(client_id=mine, side="agency", person=person, starts_on=date(2026, 4, 1)),
        "a pulse of another client": Pulse(
            client_id=foreign, side="client", respondent=person.email, answered_on=DAY, trust=1
        ),
        "a pulse in a colleague's name": Pulse(
            client_id=mine, side="client", respondent=colleague.email, answered_on=DAY, trust=1
        ),
        "a pulse of the agency's": Pulse(
            client_id=mine, side="agency", respondent=person.email, answered_on=DAY, trust=1
        ),
    }


def test_they_write_nothing_else(northwind: Tenant, contoso: Tenant) -> None:
    rows = forged(northwind, contoso)
    assert len(rows) >= 19
    for what, row in rows.items():
        with pytest.raises(ProgrammingError, match="row-level security"):
            writes(northwind, row)
        assert row.pk is None, what


def test_of_all_tables_they_change_and_delete_nothing_but_their_sheet_and_language(northwind: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, what FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) what"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND ("
            " has_table_privilege('soundings_portal', oid, what)"
            " OR (what = 'UPDATE' AND has_any_column_privilege('soundings_portal', oid, what))) ORDER BY 1"
        )
        assert cursor.fetchall() == [("accounts_person", "UPDATE"), ("accounts_pulsesheet", "UPDATE")]


def test_who_is_named_without_a_client_reads_their_own_name(northwind: Tenant) -> None:
    with as_portal(None, northwind.person.pk):
        assert {table for table in READ if read(table)} - OF_NOBODY == {"accounts_person"}
        assert [row["id"] for row in read("accounts_person")] == [northwind.person.pk]
