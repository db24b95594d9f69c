"""What follows from a client's agreement to a goal."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import GoalAgreement, SharedSection
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_goal_carries_the_day_on_which_the_client_agreed_to_it() -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1), shared=True)
    SharedSection.objects.create(client=cast.northwind, section="goals")
    GoalAgreement.objects.create(
        client=cast.northwind, goal=goal, agreed_by=builders.person("Dana"), agreed_on=date(2026, 2, 3)
    )
    goal.refresh_from_db()
    assert goal.agreed_on == date(2026, 2, 3)
    assert goal.version == 2


def test_a_day_of_agreement_that_is_recorded_already_stays() -> None:
    cast = builders.cast()
    goal = builders.goal(cast.northwind, date(2026, 1, 1), agreed_on=date(2026, 1, 5), shared=True)
    SharedSection.objects.create(client=cast.northwind, section="goals")
    GoalAgreement.objects.create(
        client=cast.northwind, goal=goal, agreed_by=builders.person("Dana"), agreed_on=date(2026, 2, 3)
    )
    goal.refresh_from_db()
    assert goal.agreed_on == date(2026, 1, 5)


def test_nobody_agrees_to_the_goal_of_another_client() -> None:
    goal = builders.goal(builders.client("Northwind"), date(2026, 1, 1))
    contoso = builders.client("Contoso")
    with pytest.raises(IntegrityError, match="goal_agreement_of"), transaction.atomic():
        GoalAgreement.objects.create(
            client=contoso, goal=goal, agreed_by=builders.person("Dana"), agreed_on=date(2026, 2, 3)
        )


@pytest.mark.parametrize(("shared", "section"), [(False, "goals"), (True, "advice")])
def test_nobody_agrees_to_a_goal_they_are_not_shown(shared: bool, section: str) -> None:
    northwind = builders.client("Northwind")
    goal = builders.goal(northwind, date(2026, 1, 1), shared=shared)
    SharedSection.objects.create(client=northwind, section=section)
    with pytest.raises(IntegrityError, match="goals that it is shown"), transaction.atomic():
        GoalAgreement.objects.create(
            client=northwind, goal=goal, agreed_by=builders.person("Dana"), agreed_on=date(2026, 2, 3)
        )
