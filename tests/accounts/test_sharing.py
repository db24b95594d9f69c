"""What a client is shown: nothing, unless somebody said so."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from accounts.models import SharedSection
from accounts.models.sharing import Shareable
from tests import builders

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def test_a_record_is_not_shown_unless_somebody_said_so() -> None:
    northwind = builders.client("Northwind")
    goal = builders.goal(northwind, DAY)
    rows: list[Shareable] = [
        goal,
        builders.kpi(northwind),
        builders.check_in(northwind, DAY),
        builders.recommendation(northwind, DAY),
        builders.opportunity(goal),
    ]
    kinds: set[type[Shareable]] = {
        model for model in apps.get_app_config("accounts").get_models() if issubclass(model, Shareable)
    }
    assert {type(row) for row in rows} == kinds
    for row in rows:
        row.refresh_from_db()
        assert row.shared is False
    assert not SharedSection.objects.exists()
