"""What a client's people write, whom it reaches, and how they are answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import (
    Client,
    Comment,
    Contact,
    FollowUp,
    Goal,
    GoalAgreement,
    Mail,
    Person,
    PortalVisit,
    SharedSection,
)
from accounts.periods import Quarter
from tests import builders
from tests.metrics.portfolios import store_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Client:
    client = builders.client("Northwind", account_manager=builders.lena())
    SharedSection.objects.create(client=client, section="goals")
    return client


@pytest.fixture
def goal(northwind: Client) -> Goal:
    return builders.goal(northwind, date(2026, 1, 1), "Open the Nordic market", shared=True)


@pytest.fixture
def dana(northwind: Client) -> Person:
    return builders.signs_in(builders.contact(northwind, "Dana", email="dana@northwind.example"), language="de")


def signed_in(person: Person) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_comment_reaches_the_account_manager_at_once(northwind: Client, dana: Person, goal: Goal) -> None:
    sent = signed_in(dana).post(
        reverse("portal:comments"),
        {"kind": "comment", "about": f"goal-{goal.external_id}", "body": "We moved the launch"},
    )
    assert sent.status_code == 303
    comment = Comment.objects.get()
    assert (comment.goal, comment.side, comment.signature, comment.body) == (
        goal,
        "client",
        "Dana",
        "We moved the launch",
    )
    mail = Mail.objects.get(kind="from_client")
    assert (mail.to, mail.language) == ("lena@agency.example", "en")
    assert "We moved the launch" in mail.text
    assert PortalVisit.objects.filter(what="commented").exists()
    page = text(signed_in(northwind.account_manager).get(reverse("metrics:account", args=[northwind.external_id])))  # type: ignore[arg-type]
    assert "A comment waits for an answer" in page
    assert "We moved the launch" in page
    own = text(signed_in(northwind.account_manager).get(reverse("metrics:my_accounts")))  # type: ignore[arg-type]
    assert "Comment to answer" in own
    assert reverse("accounts:reply", args=[northwind.external_id, comment.external_id]) in own


def test_without_a_lead_it_reaches_everybody_who_is_on_the_team(northwind: Client, dana: Person) -> None:
    contoso = builders.client("Contoso")
    builders.team_member(contoso, builders.noor())
    sam, gone = builders.sam(), builders.person("Gina", is_active=False)
    for who, role in ((sam, "support"), (sam, "growth"), (gone, "support")):
        builders.team_member(northwind, who, role)
    northwind.team.filter(role="lead").update(ended_on=date(2026, 1, 1))
    builders.team_member(northwind, builders.omar(), "sponsor")
    for body in ("We moved the launch", "And the film"):
        signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": body})
    written = Mail.objects.order_by("to", "id").values_list("to", "client__name")
    assert list(written) == [(f"{name}@agency.example", "Northwind") for name in ("omar", "omar", "sam", "sam")]


def test_an_address_that_can_not_be_written_to_costs_the_client_nothing(northwind: Client, dana: Person) -> None:
    Person.objects.filter(email="lena@agency.example").update(email="lena")
    sent = signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": "We moved the launch"})
    assert sent.status_code == 303
    assert Comment.objects.get().body == "We moved the launch"
    assert Mail.objects.get().to == "lena"


def test_long_names_cost_the_client_nothing(northwind: Client, dana: Person) -> None:
    Client.objects.update(name="N" * 300)
    Contact.objects.update(name="D" * 300)
    sent = signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": "We moved the launch"})
    assert sent.status_code == 303
    assert len(Mail.objects.get().subject) == 500


def test_a_reply_reaches_whoever_wrote_in_their_language(northwind: Client, dana: Person) -> None:
    signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": "We moved the launch"})
    lena = northwind.account_manager
    assert lena is not None
    comment = Comment.objects.get()
    address = reverse("accounts:reply", args=[northwind.external_id, comment.external_id])
    assert "We moved the launch" in text(signed_in(lena).get(address))
    assert signed_in(lena).post(address, {"answer": "Then we move the film"}).status_code == 303
    reply = Comment.objects.get(side="agency")
    assert (reply.replies_to, reply.signature) == (comment, "Lena")
    mail = Mail.objects.get(kind="answer")
    assert (mail.to, mail.language) == ("dana@northwind.example", "de")
    assert "Then we move the film" in mail.text
    assert "Then we move the film" in text(signed_in(dana).get(reverse("portal:comments")))
    page = text(signed_in(lena).get(reverse("metrics:account", args=[northwind.external_id])))
    assert "All that the client wrote is answered" in page


def test_a_follow_up_is_asked_for_and_answered_once(northwind: Client, dana: Person) -> None:
    signed_in(dana).post(reverse("portal:comments"), {"kind": "follow-up", "body": "The budget of next year"})
    asked = FollowUp.objects.get()
    assert (asked.subject, asked.asked_as, asked.answered_at) == ("The budget of next year", "Dana", None)
    lena = northwind.account_manager
    assert lena is not None
    address = reverse("accounts:follow_up", args=[northwind.external_id, asked.external_id])
    assert address in text(signed_in(lena).get(reverse("metrics:my_accounts")))
    assert signed_in(lena).post(address, {"answer": "I call on Monday"}).status_code == 303
    assert signed_in(lena).post(address, {"answer": "No, on Tuesday"}).status_code == 422
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_as) == ("I call on Monday", "Lena")
    assert Mail.objects.filter(kind="answer").count() == 1
    assert "I call on Monday" in text(signed_in(dana).get(reverse("portal:comments")))


def test_a_client_agrees_to_a_goal_and_its_day_follows(northwind: Client, dana: Person, goal: Goal) -> None:
    address = reverse("portal:goal_agreement", args=[goal.external_id])
    for _again in range(2):
        assert signed_in(dana).post(address).status_code == 303
    goal.refresh_from_db()
    assert goal.agreed_on == timezone.now().date()
    assert GoalAgreement.objects.count() == 1
    assert "Open the Nordic market" in Mail.objects.get(kind="from_client").text
    own = text(signed_in(northwind.account_manager).get(reverse("metrics:my_accounts")))  # type: ignore[arg-type]
    assert "Dana agreed to “Open the Nordic market”" in own


def test_a_goal_that_is_not_shown_or_another_client_s_does_not_exist(northwind: Client, dana: Person) -> None:
    contoso = builders.client("Contoso")
    SharedSection.objects.create(client=contoso, section="goals")
    for goal in (
        builders.goal(northwind, date(2026, 1, 1), "Hidden"),
        builders.goal(contoso, date(2026, 1, 1), "Foreign", shared=True),
    ):
        browser = signed_in(dana)
        assert browser.post(reverse("portal:goal_agreement", args=[goal.external_id])).status_code == 404
        sent = browser.post(
            reverse("portal:comments"), {"kind": "comment", "about": f"goal-{goal.external_id}", "body": "x"}
        )
        assert sent.status_code == 422
    assert not Comment.objects.exists()
    assert not GoalAgreement.objects.exists()


def test_a_comment_without_answer_for_two_weeks_is_said_on_the_account(northwind: Client, dana: Person) -> None:
    signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": "Hello?"})
    Comment.objects.update(written_at=timezone.now() - timedelta(days=14))
    lena = northwind.account_manager
    assert lena is not None
    address = reverse("metrics:account", args=[northwind.external_id])
    assert "A comment has had no answer for two weeks" in text(signed_in(lena).get(address))
    own = text(signed_in(lena).get(reverse("metrics:my_accounts")))
    assert "Dana wrote “Hello?” 14 days ago: no reply and no check-in since." in own
    builders.check_in(northwind, timezone.now().date())
    assert "A comment has had no answer for two weeks" not in text(signed_in(lena).get(address))


def test_a_client_reads_days_and_times_as_they_are_where_the_agency_is(northwind: Client, dana: Person) -> None:
    builders.setting("time_zone", date(2026, 1, 1), "Pacific/Auckland")
    lena, late = northwind.account_manager, datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
    by_dana = {"client": northwind, "side": "client", "written_by": dana, "signature": "Dana"}
    Comment.objects.create(body="Hello", written_at=late, **by_dana)
    FollowUp.objects.create(
        client=northwind,
        asked_by=dana,
        asked_as="Dana",
        subject="The budget",
        asked_at=late,
        answer="On Monday",
        answered_by=lena,
        answered_as="Lena",
        answered_at=late,
    )
    PortalVisit.objects.create(client=northwind, person=dana, what="home")
    PortalVisit.objects.update(at=late)
    browser = signed_in(dana)
    shown = text(browser.get(reverse("portal:comments")))
    assert shown.count("2026-04-01T01:30") == 3
    assert "01:30</time>" in text(browser.get(reverse("portal:visits")))


def test_what_was_written_beside_a_pulse_by_name_waits_for_a_check_in_as_well(northwind: Client, dana: Person) -> None:
    lena = northwind.account_manager
    assert lena is not None
    address = reverse("metrics:account", args=[northwind.external_id])
    # Of a quarter that has ended, so that it is open to whoever answers for the agency.
    on = Quarter.containing(timezone.now().date()).start - timedelta(days=14)
    days = (timezone.now().date() - on).days
    builders.retainer_since(northwind, on - timedelta(days=300))
    store_figures(timezone.now().date())
    builders.pulse(northwind, on, respondent="kim@northwind.example", comment="Between us", trust=1, confidential=True)
    assert "two weeks" not in text(signed_in(lena).get(address))
    builders.pulse(northwind, on, respondent=dana.email, comment="Too slow", trust=1)
    page = text(signed_in(lena).get(address))
    assert "A comment has had no answer for two weeks" in page
    assert f"No check-in for {days} days" in page
    own = text(signed_in(lena).get(reverse("metrics:my_accounts")))
    assert f"wrote “Too slow” beside their pulse {days} days ago: no check-in since." in own
    assert "Between us" not in page + own
    builders.check_in(northwind, timezone.now().date())
    assert "A comment has had no answer for two weeks" not in text(signed_in(lena).get(address))
    assert "Too slow" not in text(signed_in(lena).get(reverse("metrics:my_accounts")))


def test_another_client_s_words_are_nowhere(northwind: Client, dana: Person) -> None:
    signed_in(dana).post(reverse("portal:comments"), {"kind": "comment", "body": "Northwind only"})
    contoso = builders.client("Contoso")
    kim = builders.signs_in(builders.contact(contoso, "Kim", email="kim@contoso.example"))
    assert "Northwind only" not in text(signed_in(kim).get(reverse("portal:comments")))
    comment, noor = Comment.objects.get(), builders.person("Noor")
    for name in ("accounts:reply", "accounts:reply_form"):
        address = reverse(name, args=[northwind.external_id, comment.external_id])
        assert signed_in(kim).get(address).status_code == 404
        assert signed_in(noor).get(address).status_code == 404


def test_people_of_both_sides_are_asked_for_the_pulse_and_written_to(northwind: Client, dana: Person) -> None:
    lena = northwind.account_manager
    assert lena is not None
    browser = signed_in(lena)
    address = reverse("accounts:pulse_request", args=[northwind.external_id])
    assert "Dana" in text(browser.get(address))
    today = timezone.now().date()
    sent = {"of_client": [dana.pk], "of_agency": [lena.pk], "answer_by": str(today), "language": ""}
    assert browser.post(address, sent).status_code == 303
    theirs, ours = Mail.objects.get(kind="pulse_request"), Mail.objects.get(kind="pulse_request_agency")
    assert (theirs.to, theirs.language) == ("dana@northwind.example", "de")
    assert reverse("portal:pulse") in theirs.text
    assert (ours.to, ours.language) == ("lena@agency.example", "en")
    assert "Lena" in text(signed_in(dana).get(reverse("portal:pulse")))
    assert "Lena asked for it by" in text(browser.get(reverse("metrics:your_pulses")))


def test_whoever_answered_confidentially_is_offered_to_be_asked_like_anybody(northwind: Client, dana: Person) -> None:
    lena = northwind.account_manager
    assert lena is not None
    address = reverse("accounts:pulse_request", args=[northwind.external_id])
    before = text(signed_in(lena).get(address))
    builders.pulse(northwind, timezone.now().date(), respondent=dana.email, trust=1, confidential=True)
    after = text(signed_in(lena).get(address))
    assert [part for part in before.split() if "csrf" not in part and len(part) < 60] == [
        part for part in after.split() if "csrf" not in part and len(part) < 60
    ]
    assert "Answered by name" not in after
