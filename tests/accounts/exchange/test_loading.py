"""A folder of records, taken in whole or refused in words."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.exchange.loading import load
from accounts.models import (
    Benchmark,
    CheckIn,
    Client,
    Contact,
    Engagement,
    Goal,
    Kpi,
    KpiReading,
    Opportunity,
    Person,
    Pulse,
    Recommendation,
    Setting,
    Standing,
)
from tests import builders
from tests.accounts.exchange.folders import CLIENTS, LEDGER, RETAINER, counts, folder, loaded, refused, sentences
from tests.proofs.hostile_files import VALID

pytestmark = pytest.mark.django_db

CONTACTS = "external_id,client,name,email\ndana,northwind,Dana,dana@northwind.example\nkim,contoso,Kim,\n"
CHECK_INS = "external_id,client,held_on,client_contacts,agency_people,signs\n"
PULSES = "external_id,client,side,respondent,answered_on\n"


# What is taken in


def test_every_file_is_taken_in_and_twice_is_the_same_as_once(tmp_path: Path) -> None:
    first = loaded(tmp_path, **VALID)
    assert counts(first) == {
        "clients": (3, 0, 0, 0),
        "contacts": (3, 0, 0, 0),
        "engagements": (3, 0, 0, 0),
        "scope_changes": (10, 0, 0, 0),
        "standings": (2, 0, 0, 0),
        "involvements": (2, 0, 0, 0),
        "kpis": (2, 0, 0, 0),
        "kpi_readings": (4, 0, 0, 0),
        "check_ins": (2, 0, 0, 0),
        "pulses": (3, 0, 0, 0),
        "recommendations": (2, 0, 0, 0),
        "goals": (1, 0, 0, 0),
        "opportunities": (1, 0, 0, 0),
        "exchange_rates": (2, 0, 0, 0),
        "benchmarks": (1, 0, 0, 0),
        "settings": (2, 0, 0, 0),
    }
    assert (first.people, first.contacts) == (3, 1)
    second = loaded(tmp_path, **VALID)
    assert all((count.created, count.updated, count.refused) == (0, 0, 0) for count in second.files)
    assert {count.file: count.unchanged for count in second.files} == {
        count.file: count.created for count in first.files
    }
    assert (second.people, second.contacts) == (0, 0)


def test_rows_are_stored_as_they_are_given(tmp_path: Path) -> None:
    loaded(tmp_path, **VALID)
    fabrikam = Client.objects.get(external_id="fabrikam")
    assert (fabrikam.name, fabrikam.industry, fabrikam.value_tier, fabrikam.currency) == (
        "=Fabrikam",
        'Travel "and" more',
        "C",
        "GBP",
    )
    lee = Contact.objects.get(external_id="lee")
    assert (lee.name, lee.email, lee.decision_maker, lee.left_on) == ("Lee\nAnn", "", None, None)
    assert Contact.objects.get(external_id="kim").left_on == date(2025, 2, 28)
    reading = KpiReading.objects.get(month=date(2024, 2, 1), kpi__external_id="k2")
    assert reading.value == Decimal("12345678901234567890.0123456789")
    assert reading.client.external_id == "northwind"
    check_in = CheckIn.objects.get(external_id="m1")
    assert check_in.signs == ["new_channel", "started_over"]
    assert sorted(contact.external_id for contact in check_in.client_contacts.all()) == ["dana", "lee"]
    assert sorted(person.email for person in check_in.agency_people.all()) == [
        "lena@agency.example",
        "new@agency.example",
    ]
    pulse = Pulse.objects.get(external_id="p1")
    assert (pulse.commitment, pulse.ownership, pulse.confidential, pulse.supports_direction) == (5, None, True, None)
    advice = Recommendation.objects.get(external_id="r2")
    assert (advice.subject, advice.proactive, advice.stance, advice.decision) == ("@home", None, "", "pending")
    assert Opportunity.objects.get().goal.external_id == "g1"
    assert Benchmark.objects.get(name="A survey").value == Decimal("17.5")
    assert Standing.objects.get(standing="lead").exclusive is True
    assert Setting.objects.get(name="interval_a").value == "10"


def test_references_may_point_into_the_folder_or_to_what_is_stored(tmp_path: Path) -> None:
    loaded(tmp_path, clients=CLIENTS)
    loaded(tmp_path, engagements=RETAINER)
    loaded(tmp_path, scope_changes=LEDGER)
    assert Engagement.objects.get().client.external_id == "northwind"


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    header, *rows = VALID["scope_changes.csv"].splitlines()
    loaded(tmp_path, **{**VALID, "scope_changes.csv": "\n".join([header, *reversed(rows)])})
    row = Engagement.objects.get(external_id="n1").scope_changes.get(external_id="s6")
    assert row.reverses is not None
    assert row.reverses.external_id == "s5"


def test_a_row_replaces_what_is_stored(tmp_path: Path) -> None:
    loaded(tmp_path, clients="external_id,name,currency,industry\nnorthwind,Northwind,EUR,Retail\n")
    report = loaded(tmp_path, clients="external_id,name,currency,industry\nnorthwind,Northwind,USD,Travel\nb,B,EUR,\n")
    assert counts(report) == {"clients": (1, 1, 0, 0)}
    northwind = Client.objects.get(external_id="northwind")
    assert (northwind.currency, northwind.industry) == ("USD", "Travel")


def test_a_column_that_is_absent_leaves_what_is_stored_and_a_blank_cell_clears_it(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        clients="external_id,name,currency,industry,value_tier,account_manager\n"
        "northwind,Northwind,EUR,Retail,A,lena@agency.example\n",
    )
    loaded(tmp_path, clients="external_id,name,currency,value_tier\nnorthwind,Northwind,EUR,\n")
    northwind = Client.objects.get()
    assert northwind.account_manager is not None
    assert (northwind.industry, northwind.value_tier, northwind.account_manager.email) == (
        "Retail",
        "",
        "lena@agency.example",
    )
    loaded(tmp_path, clients="external_id,name,currency,account_manager\nnorthwind,Northwind,EUR,\n")
    assert Client.objects.get().account_manager is None


def test_a_file_with_a_header_alone_is_in_order(tmp_path: Path) -> None:
    assert counts(loaded(tmp_path, clients="external_id,name,currency\n")) == {"clients": (0, 0, 0, 0)}


def test_a_file_of_keys_alone_changes_nothing_that_is_stored(tmp_path: Path) -> None:
    involvements = "client,kind,started_on\nnorthwind,people,2024-01-01\n"
    loaded(
        tmp_path,
        clients=CLIENTS,
        involvements=involvements.replace("_on", "_on,ended_on").replace("-01\n", "-01,2025-01-01\n"),
    )
    assert counts(loaded(tmp_path, involvements=involvements)) == {"involvements": (0, 0, 1, 0)}


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    report = loaded(tmp_path, clients=CLIENTS + "\n,,\n  ,,\nfabrikam,Fabrikam,USD\n\n")
    assert counts(report) == {"clients": (3, 0, 0, 0)}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    loaded(tmp_path, clients=CLIENTS)
    changed = {
        "clients": CLIENTS.replace("Contoso", "Contoso Ltd.") + "fabrikam,Fabrikam,GBP\n",
        "engagements": RETAINER,
    }
    report = load(folder(tmp_path, dict(changed)), dry_run=True)
    assert counts(report) == {"clients": (1, 1, 1, 0), "engagements": (1, 0, 0, 0)}
    assert report.dry_run
    assert set(Client.objects.values_list("name", flat=True)) == {"Northwind", "Contoso"}
    assert not Engagement.objects.exists()
    assert counts(loaded(tmp_path, **changed)) == counts(report)


# People


def test_an_email_of_the_agency_that_nobody_is_known_by_becomes_a_person_who_can_not_sign_in(tmp_path: Path) -> None:
    report = loaded(
        tmp_path,
        clients="external_id,name,currency,account_manager\nnorthwind,Northwind,EUR,Lena@Agency.Example\n",
        check_ins=CHECK_INS + "m1,northwind,2024-01-01,,lena@agency.example;sam@agency.example,\n",
        pulses=PULSES + "p1,northwind,agency,NOOR@agency.example,2024-01-01\n",
    )
    assert report.people == 3
    people = {person.email: person for person in Person.objects.all()}
    assert sorted(people) == ["lena@agency.example", "noor@agency.example", "sam@agency.example"]
    for person in people.values():
        assert not person.has_usable_password()
        assert not person.check_password("")
        assert person.role == Person.Role.ACCOUNT_MANAGER
        assert not person.is_superuser
    assert len({person.password for person in people.values()}) == 3
    assert Client.objects.get().account_manager == people["lena@agency.example"]


def test_a_person_who_is_known_stays_who_they_are(tmp_path: Path) -> None:
    omar = builders.omar(email="omar@agency.example", password="harbour-and-pine")
    report = loaded(
        tmp_path, clients="external_id,name,currency,account_manager\nnorthwind,Northwind,EUR,OMAR@AGENCY.EXAMPLE\n"
    )
    assert report.people == 0
    omar.refresh_from_db()
    assert (omar.role, omar.name, omar.check_password("harbour-and-pine")) == ("leadership", "Omar", True)


def test_a_respondent_of_the_client_becomes_its_contact_and_never_a_person(tmp_path: Path) -> None:
    report = loaded(
        tmp_path,
        clients=CLIENTS,
        contacts=CONTACTS,
        pulses=PULSES
        + "p1,northwind,client,DANA@northwind.example,2024-01-01\n"
        + "p2,northwind,client,Robin@northwind.example,2024-01-02\n"
        + "p3,northwind,client,robin@NORTHWIND.example,2024-02-02\n"
        + "p4,contoso,client,dana@northwind.example,2024-01-01\n",
    )
    assert (report.people, report.contacts) == (0, 2)
    assert not Person.objects.exists()
    assert set(Contact.objects.values_list("client__external_id", "email", "name")) == {
        ("northwind", "dana@northwind.example", "Dana"),
        ("northwind", "robin@northwind.example", "robin"),
        ("contoso", "", "Kim"),
        ("contoso", "dana@northwind.example", "dana"),
    }
    robin = Contact.objects.get(email="robin@northwind.example")
    assert len(robin.external_id) == 16
    assert set(Pulse.objects.filter(client__external_id="northwind").values_list("respondent", flat=True)) == {
        "dana@northwind.example",
        "robin@northwind.example",
    }


def test_an_invited_contact_is_not_someone_of_the_agency(tmp_path: Path) -> None:
    builders.person("Dana", email="dana@northwind.example", role=Person.Role.CONTACT)
    wanted = "expected someone of the agency; a client's contact was invited by this e-mail"
    assert refused(
        tmp_path,
        clients="external_id,name,currency,account_manager\nnorthwind,Northwind,EUR,dana@northwind.example\n",
        check_ins=CHECK_INS + "m1,northwind,2024-01-01,,dana@northwind.example,\n",
        pulses=PULSES + "p1,northwind,agency,Dana@northwind.example,2024-01-01\n",
    ) == [
        f'clients.csv, row 2, column account_manager: "dana@northwind.example"; {wanted}',
        f'check_ins.csv, row 2, column agency_people: "dana@northwind.example"; {wanted}',
        f'pulses.csv, row 2, column respondent: "dana@northwind.example"; {wanted}',
    ]


# Who was there


def test_who_was_at_a_check_in_follows_the_row(tmp_path: Path) -> None:
    contacts = CONTACTS + "lee,northwind,Lee,\n"
    loaded(
        tmp_path,
        clients=CLIENTS,
        contacts=contacts,
        check_ins=CHECK_INS
        + "m1,northwind,2024-01-01,dana,lena@agency.example,new_channel\nm2,northwind,2024-02-01,dana,,\n",
    )
    report = loaded(
        tmp_path,
        check_ins=CHECK_INS + "m1,northwind,2024-01-01,lee,,new_channel\nm2,northwind,2024-02-01,dana,,\n",
    )
    assert counts(report) == {"check_ins": (0, 1, 1, 0)}
    check_in = CheckIn.objects.get(external_id="m1")
    assert [contact.external_id for contact in check_in.client_contacts.all()] == ["lee"]
    assert not check_in.agency_people.exists()


def test_a_check_in_file_without_who_was_there_leaves_who_was_there(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        clients=CLIENTS,
        contacts=CONTACTS,
        check_ins=CHECK_INS + "m1,northwind,2024-01-01,dana,lena@agency.example,new_channel\n",
    )
    report = loaded(tmp_path, check_ins="external_id,client,held_on,summary\nm1,northwind,2024-01-02,Good\n")
    assert counts(report) == {"check_ins": (0, 1, 0, 0)}
    check_in = CheckIn.objects.get()
    assert (check_in.client_contacts.count(), check_in.agency_people.count()) == (1, 1)
    assert check_in.signs == ["new_channel"]


# What is refused


def test_one_bad_row_and_nothing_is_written(tmp_path: Path) -> None:
    report = load(folder(tmp_path, {**VALID, "goals.csv": VALID["goals.csv"] + "g2,northwind,,2024-01-01,,,,\n"}))
    assert sentences(report) == [
        "goals.csv, row 3, column title: blank; expected text of 500 characters at most, as it is required"
    ]
    assert {name: count for name, count in counts(report).items() if any(count)} == {"goals": (0, 0, 0, 1)}
    assert not Client.objects.exists()
    assert not Person.objects.exists()


def test_every_bad_row_is_listed_by_file_and_row(tmp_path: Path) -> None:
    assert refused(
        tmp_path,
        clients=CLIENTS + "fabrikam,Fabrikam,XXQ\n",
        engagements=RETAINER + "x,nobody,More,retainer\n",
        scope_changes=LEDGER + "s3,n2,start,2024-01-01,5\ns4,n1,end,2023-01-01,\n",
        kpi_readings="kpi,month,value\nk1,2024-01-01,1\n",
    ) == [
        'clients.csv, row 4, column currency: "XXQ"; expected a currency code of ISO 4217, such as USD',
        'engagements.csv, row 3, column client: "nobody"; '
        "expected the external_id of a client, in clients.csv or stored",
        "scope_changes.csv, row 2, column effective_on: effective_on is 2024-01-01; "
        "expected 2023-01-01 or earlier, as the engagement ends then (s4)",
        "scope_changes.csv, row 3, column effective_on: effective_on is 2024-04-01; "
        "expected 2023-01-01 or earlier, as the engagement ends then (s4)",
        'scope_changes.csv, row 4, column engagement: "n2"; '
        "expected the external_id of an engagement, in engagements.csv or stored",
        "scope_changes.csv, row 5, column effective_on: effective_on is 2023-01-01; "
        "expected 2024-01-01 or later, as the engagement starts then (s1)",
        'kpi_readings.csv, row 2, column kpi: "k1"; expected the external_id of a KPI, in kpis.csv or stored',
    ]


def test_a_reference_to_a_row_that_is_itself_bad_is_not_bad(tmp_path: Path) -> None:
    assert refused(tmp_path, clients="external_id,name,currency\nnorthwind,Northwind,EU\n", engagements=RETAINER) == [
        'clients.csv, row 2, column currency: "EU"; expected a currency code of ISO 4217, such as USD'
    ]


def test_a_reference_into_a_file_that_can_not_be_read_is_not_bad(tmp_path: Path) -> None:
    said = refused(tmp_path, clients="id,name,currency\nnorthwind,Northwind,EUR\n", engagements=RETAINER)
    assert [sentence.partition(",")[0] for sentence in said] == ["clients.csv", "clients.csv"]


@pytest.mark.parametrize("stored", [False, True])
def test_a_key_that_is_there_twice_is_refused(tmp_path: Path, stored: bool) -> None:
    if stored:
        loaded(tmp_path, clients=CLIENTS)
    said = refused(tmp_path, clients=CLIENTS + "contoso,Again,USD\nnorthwind,Northwind,EUR\ncontoso,Contoso,USD\n")
    assert said == [
        'clients.csv, row 4, column external_id: "contoso"; expected another key than row 3 has',
        'clients.csv, row 5, column external_id: "northwind"; expected another key than row 2 has',
        'clients.csv, row 6, column external_id: "contoso"; expected another key than row 3 has',
    ]


def test_a_key_of_several_columns_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    readings = "kpi,month,value\nk1,2024-01-01,1\nk1,2024-02-01,1\nk1,2024-01-01,2\n"
    kpis = "external_id,client,name,direction\nk1,northwind,Leads,higher\n"
    assert refused(tmp_path, clients=CLIENTS, kpis=kpis, kpi_readings=readings) == [
        'kpi_readings.csv, row 4, column kpi and month: "k1 2024-01-01"; expected another key than row 2 has'
    ]


def test_keys_twice_are_told_beside_what_else_is_wrong(tmp_path: Path) -> None:
    said = refused(
        tmp_path, clients=CLIENTS + "contoso,Again,USD\n", contacts=CONTACTS.replace("kim,contoso", "kim,nobody")
    )
    assert [sentence.partition(":")[0] for sentence in said] == [
        "clients.csv, row 4, column external_id",
        "contacts.csv, row 3, column client",
    ]


def test_the_first_thousand_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    bad = "".join(f"c{number},,usd\n" for number in range(700))
    report = load(folder(tmp_path, {"clients": CLIENTS + bad, "engagements": RETAINER.replace("northwind", "nobody")}))
    assert (len(report.problems), report.problem_count) == (1000, 1401)
    assert counts(report) == {"clients": (0, 0, 0, 700), "engagements": (0, 0, 0, 1)}


OTHER_RULES: dict[str, tuple[dict[str, str], list[str]]] = {
    "an involvement that ends before it starts": (
        {"involvements": "client,kind,started_on,ended_on\nnorthwind,people,2024-02-01,2024-01-31\n"},
        ['involvements.csv, row 2, column ended_on: "2024-01-31"; expected a day that is not before started_on'],
    ),
    "a statement of the client's side answered by the agency": (
        {"pulses": PULSES.replace("\n", ",reduces_risk\n") + "p1,northwind,agency,lena@agency.example,2024-01-01,4\n"},
        ['pulses.csv, row 2, column reduces_risk: "4"; expected blank: only the client\'s side is asked this'],
    ),
    "a contact of another client at a check-in": (
        {"check_ins": CHECK_INS + "m1,northwind,2024-01-01,dana;kim;nobody,,\n"},
        [
            'check_ins.csv, row 2, column client_contacts: "kim"; expected external_ids of contacts of the client, '
            "in contacts.csv or stored; this one is of contoso",
            'check_ins.csv, row 2, column client_contacts: "nobody"; expected external_ids of contacts of the client, '
            "in contacts.csv or stored",
        ],
    ),
    "a sign nobody knows": (
        {"check_ins": CHECK_INS + "m1,northwind,2024-01-01,,,new_channel;rain\n"},
        [
            'check_ins.csv, row 2, column signs: "new_channel;rain"; expected signs, each priorities_debated, '
            "strategy_questioned, started_over, brought_in_early, new_channel or long_term_budget, "
            "with a semicolon between them"
        ],
    ),
    "an opportunity that serves another client's goal": (
        {
            "goals": "external_id,client,title,set_on\ng1,contoso,Grow,2024-01-01\n",
            "opportunities": "external_id,client,goal,title\no1,northwind,g1,Films\no2,northwind,g2,Films\n",
        },
        [
            'opportunities.csv, row 2, column goal: "g1"; expected a goal of the same client; this one is of contoso',
            'opportunities.csv, row 3, column goal: "g2"; expected the external_id of a goal, in goals.csv or stored',
        ],
    ),
    "a setting nobody knows, and values it can't have": (
        {
            "settings": "name,effective_on,value\n"
            "good_atainment,2024-01-01,80\n"
            "interval_a,2024-01-01,0\n"
            "reporting_currency,2024-01-01,usd\n"
            "time_zone,2024-01-01,Mars\n"
            "weight.trust,2024-01-01,NaN\n"
        },
        [
            'settings.csv, row 2, column name: "good_atainment"; '
            "expected the name of a setting, perhaps good_attainment",
            'settings.csv, row 3, column value: "0"; expected a whole number from 1 to 3660',
            'settings.csv, row 4, column value: "usd"; expected a currency code of ISO 4217, such as USD',
            'settings.csv, row 5, column value: "Mars"; expected a time zone such as Europe/Berlin',
            'settings.csv, row 6, column value: "NaN"; expected a number from 0 to 1000',
        ],
    ),
    "a number past what its column holds": (
        {"engagements": "external_id,client,name,billing,notice_days\nn1,northwind,X,retainer,9223372036854775808\n"},
        [
            'engagements.csv, row 2, column notice_days: "9223372036854775808"; '
            "expected a whole number from 0 to 2147483647"
        ],
    ),
}


@pytest.mark.parametrize("what", OTHER_RULES)
def test_what_is_wrong_between_rows_is_said(what: str, tmp_path: Path) -> None:
    files, expected = OTHER_RULES[what]
    assert refused(tmp_path, clients=CLIENTS, contacts=CONTACTS, **files) == expected


MOVED: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "a contact who was seen": (
        {"contacts": CONTACTS, "check_ins": CHECK_INS + "m1,northwind,2024-01-01,dana,,\n"},
        {"contacts": CONTACTS.replace("dana,northwind", "dana,contoso")},
        'contacts.csv, row 2, column client: "contoso"; '
        'expected "northwind", as stored, because the contact was seen in its check-ins',
    ),
    "a check-in where people were": (
        {"contacts": CONTACTS, "check_ins": CHECK_INS + "m1,northwind,2024-01-01,dana,,\n"},
        {"check_ins": CHECK_INS + "m1,contoso,2024-01-01,,,\n"},
        'check_ins.csv, row 2, column client: "contoso"; '
        'expected "northwind", as stored, because the check-in says who was there',
    ),
    "a KPI with readings": (
        {
            "kpis": "external_id,client,name,direction\nk1,northwind,Leads,higher\n",
            "kpi_readings": "kpi,month,value\nk1,2024-01-01,1\n",
        },
        {"kpis": "external_id,client,name,direction\nk1,contoso,Leads,higher\n"},
        'kpis.csv, row 2, column client: "contoso"; expected "northwind", as stored, because the KPI has readings',
    ),
    "a goal that is served": (
        {
            "goals": "external_id,client,title,set_on\ng1,northwind,Grow,2024-01-01\n",
            "opportunities": "external_id,client,goal,title\no1,northwind,g1,Films\n",
        },
        {"goals": "external_id,client,title,set_on\ng1,contoso,Grow,2024-01-01\n"},
        'goals.csv, row 2, column client: "contoso"; '
        'expected "northwind", as stored, because opportunities serve the goal',
    ),
    "an engagement in the ledger": (
        {"engagements": RETAINER, "scope_changes": LEDGER},
        {"engagements": RETAINER.replace("northwind", "contoso")},
        'engagements.csv, row 2, column client: "contoso"; '
        'expected "northwind", as stored, because the ledger has rows of this engagement',
    ),
    "the billing of an engagement in the ledger": (
        {"engagements": RETAINER, "scope_changes": LEDGER},
        {"engagements": RETAINER.replace("retainer", "project")},
        'engagements.csv, row 2, column billing: "project"; '
        'expected "retainer", as stored, because the ledger has rows of this engagement',
    ),
}


@pytest.mark.parametrize("what", MOVED)
def test_what_other_rows_depend_on_stays(what: str, tmp_path: Path) -> None:
    before, after, expected = MOVED[what]
    loaded(tmp_path, clients=CLIENTS, **before)
    assert refused(tmp_path, **after) == [expected]


def test_an_invited_contact_stays_with_the_client(tmp_path: Path) -> None:
    loaded(tmp_path, clients=CLIENTS, contacts=CONTACTS)
    person = builders.person("Dana", email="dana@northwind.example", role=Person.Role.CONTACT)
    Contact.objects.filter(external_id="dana").update(person=person)
    assert refused(tmp_path, contacts=CONTACTS.replace("dana,northwind", "dana,contoso")) == [
        'contacts.csv, row 2, column client: "contoso"; '
        'expected "northwind", as stored, because the contact was invited'
    ]


def test_what_nothing_depends_on_may_move_to_another_client(tmp_path: Path) -> None:
    files = {
        "contacts": CONTACTS,
        "engagements": RETAINER,
        "kpis": "external_id,client,name,direction\nk1,northwind,Leads,higher\n",
        "goals": "external_id,client,title,set_on\ng1,northwind,Grow,2024-01-01\n",
    }
    loaded(tmp_path, clients=CLIENTS, **files)
    loaded(tmp_path, **{name: text.replace("northwind", "contoso") for name, text in files.items()})
    for model in (Contact, Engagement, Kpi, Goal):
        assert set(model.objects.values_list("client__external_id", flat=True)) == {"contoso"}


def test_a_setting_is_a_version_and_never_replaced(tmp_path: Path) -> None:
    loaded(tmp_path, settings="name,effective_on,value\ngood_attainment,2024-01-01,75\n")
    assert refused(tmp_path, settings="name,effective_on,value\ngood_attainment,2024-01-01,70\n") == [
        'settings.csv, row 2, column value: "70"; expected "75", as stored: versions are added, never replaced; '
        "give the new one a later effective_on"
    ]
    report = loaded(
        tmp_path, settings="name,effective_on,value\ngood_attainment,2024-01-01,75\ngood_attainment,2024-02-01,70\n"
    )
    assert counts(report) == {"settings": (1, 0, 1, 0)}


def test_a_benchmark_may_be_corrected(tmp_path: Path) -> None:
    report = loaded(tmp_path, benchmarks="name,value,source,industry\nRetail,12.5,The page again,Retail\n")
    assert counts(report) == {"benchmarks": (0, 1, 0, 0)}


def test_what_only_the_database_sees_is_said_in_a_sentence(tmp_path: Path) -> None:
    statements = PULSES.replace("\n", ",reduces_risk\n")
    loaded(tmp_path, clients=CLIENTS, pulses=statements + "p1,northwind,client,dana@northwind.example,2024-01-01,4\n")
    (said,) = refused(tmp_path, pulses=PULSES + "p1,northwind,agency,dana@northwind.example,2024-01-01\n")
    assert said.startswith("pulses.csv: the database refuses it: ")
    assert "pulse_statements_are_the_clients" in said


# Folders that are none


def test_a_folder_without_any_of_the_files_is_refused(tmp_path: Path) -> None:
    (said,) = sentences(load(folder(tmp_path, {"clients.txt": CLIENTS})))
    assert "none of the files; expected at least one of clients.csv, contacts.csv" in said


def test_something_that_is_no_file_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, {"contacts": CONTACTS})
    (place / "clients.csv").mkdir()
    (place / "goals.csv").symlink_to("nowhere")
    report = load(place)
    assert sentences(report) == [
        "clients.csv: something that is no file; expected a CSV file",
        "goals.csv: something that is no file; expected a CSV file",
    ]


def test_a_file_of_another_name_is_named_with_what_it_may_have_been_meant_to_be(tmp_path: Path) -> None:
    report = load(folder(tmp_path, {"clients": CLIENTS, "contact": CONTACTS, "budget": "a\n", "candour": "client\n"}))
    assert report.left_alone == (("budget.csv", ""), ("contact.csv", "contacts.csv"))
    assert not report.is_refused


def test_progress_comes_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    load(folder(tmp_path, dict(VALID)), progress=lambda *news: told.append(news))
    done = [news[1] for news in told]
    assert done == sorted(done)
    assert told[-1][1] == told[-1][2]
    assert "reading clients.csv" in {news[0] for news in told}
