"""Advice: what was expected of it holds once the client has decided, whoever would have it otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from accounts.models import Client, Person, Recommendation
from tests import builders
from tests.accounts.recording.conftest import Fills, errors, plain, sent

DECIDED = [Recommendation.Decision.ADOPTED, Recommendation.Decision.PARTLY, Recommendation.Decision.DECLINED]


def advice(of: Client, decision: str = "pending", expected: str = "Twice the leads") -> Recommendation:
    return builders.recommendation(
        of, date(2026, 1, 5), decision=decision, expected=expected, expected_by=date(2026, 9, 1)
    )


def test_advice_is_recorded_with_all_that_is_known_of_it(fills: Fills, cast: builders.Cast) -> None:
    answer = fills(
        "recommendation_new",
        subject="Fewer landing pages",
        made_on="2026-02-03",
        proactive="yes",
        expected="Twice the leads",
        expected_by="2026-09-01",
        reception="debated",
        stance="defended",
        decision="partly",
        outcome="better",
        outcome_on="2026-08-01",
    )
    assert answer.status_code == 200
    made = Recommendation.objects.get()
    assert (made.subject, made.made_on, made.proactive) == ("Fewer landing pages", date(2026, 2, 3), True)
    assert (made.expected, made.expected_by) == ("Twice the leads", date(2026, 9, 1))
    assert (made.reception, made.stance, made.decision) == ("debated", "defended", "partly")
    assert (made.outcome, made.outcome_on) == ("better", date(2026, 8, 1))


def test_who_was_first_to_think_of_it_may_be_left_open(fills: Fills) -> None:
    assert fills("recommendation_new", subject="Fewer pages").status_code == 200
    assert Recommendation.objects.get().proactive is None


def test_what_is_expected_may_be_reworded_until_the_client_decides(fills: Fills, northwind: Client) -> None:
    pending = advice(northwind)
    answer = fills("recommendation", pending.external_id, expected="Half as many again", decision="adopted")
    assert answer.status_code == 200
    pending.refresh_from_db()
    assert (pending.expected, pending.decision) == ("Half as many again", "adopted")


@pytest.mark.parametrize("decision", DECIDED)
def test_what_was_expected_is_shown_and_closed_once_the_client_has_decided(
    decision: str, fills: Fills, browser: Browser, northwind: Client
) -> None:
    decided = advice(northwind, decision)
    form = browser.get(f"/accounts/northwind/advice/{decided.external_id}/").context["form"]
    assert form.fields["expected"].disabled
    assert form.fields["expected_by"].disabled
    answer = fills(
        "recommendation", decided.external_id, expected="As it came", expected_by="2027-01-01", outcome="worse"
    )
    assert answer.status_code == 200
    decided.refresh_from_db()
    assert (decided.expected, decided.expected_by) == ("Twice the leads", date(2026, 9, 1))
    assert decided.outcome == "worse"


def test_a_decision_can_become_another_but_not_open_again(fills: Fills, northwind: Client) -> None:
    decided = advice(northwind, "adopted")
    for again in ("pending", ""):
        assert "decision" in errors(fills("recommendation", decided.external_id, decision=again))
    assert fills("recommendation", decided.external_id, decision="declined").status_code == 200
    decided.refresh_from_db()
    assert decided.decision == "declined"


def test_a_decision_on_advice_of_which_nothing_was_expected_can_be_taken_back(fills: Fills, northwind: Client) -> None:
    decided = builders.recommendation(northwind, date(2026, 1, 5), decision="adopted")
    assert fills("recommendation", decided.external_id, decision="pending").status_code == 200


@pytest.mark.parametrize(
    "change", [{"expected": "As it came"}, {"expected": ""}, {"expected_by": None}, {"decision": "pending"}]
)
@pytest.mark.parametrize("decision", DECIDED)
def test_the_database_keeps_what_was_expected(decision: str, change: dict[str, object], northwind: Client) -> None:
    decided = advice(northwind, decision)
    with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
        Recommendation.objects.filter(pk=decided.pk).update(**change)


def test_expectations_are_not_added_after_the_fact_either(northwind: Client) -> None:
    decided = builders.recommendation(northwind, date(2026, 1, 5), decision="adopted")
    with pytest.raises(IntegrityError, match="decided"), transaction.atomic():
        Recommendation.objects.filter(pk=decided.pk).update(expected="Just this")


def test_the_admin_site_says_so_beside_the_field(northwind: Client) -> None:
    decided = advice(northwind, "adopted")
    ada = Browser()
    ada.force_login(Person.objects.create_superuser("ada@agency.example", None, name="Ada"))
    address = f"/admin/accounts/recommendation/{decided.pk}/change/"
    form = ada.get(address).context["adminform"].form
    values = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    answer = ada.post(address, values | {"expected": "As it came"})
    assert "what was expected stays" in plain(answer)


def test_who_rewords_what_was_expected_while_the_client_decides_is_told(
    fills: Fills, browser: Browser, cast: builders.Cast, northwind: Client
) -> None:
    pending = advice(northwind)
    address = f"/accounts/northwind/advice/{pending.external_id}/form/"
    values = sent(browser.get(address).context["form"]) | {"expected": "Half as many again"}
    sam = Browser()
    sam.force_login(cast.sam)
    assert fills("recommendation", pending.external_id, by=sam, decision="adopted").status_code == 200
    answer = browser.post(address, values)
    assert answer.status_code == 422  # what Lena had still says that nothing is decided
    assert "not made open again" in plain(answer)
    answer = browser.post(address, values | {"decision": "adopted"})
    assert answer.status_code == 409
    (difference,) = answer.context["form"].differences()
    assert (difference.mine, difference.theirs, difference.fixed) == ("Half as many again", "Twice the leads", True)
