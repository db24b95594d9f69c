"""Recording a version of a setting: the row, who and when, and that the figures are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import setting_versions
from accounts.models import Setting
from accounts.queries.setting_versions import recorded_versions
from accounts.settings_in_force import SettingVersion
from accounts.signals import records_changed
from tests import builders

pytestmark = pytest.mark.django_db

VERSION = SettingVersion("good_attainment", date(2026, 7, 1), "85")


def test_a_version_is_kept_with_who_recorded_it_and_when() -> None:
    builders.setting("good_attainment", date(2025, 1, 1), "75")
    setting_versions.record(VERSION, by=builders.omar())
    latest, before = recorded_versions()["good_attainment"]
    assert (latest.effective_on, latest.value, latest.recorded_by) == (date(2026, 7, 1), "85", "Omar")
    assert latest.recorded_at is not None
    assert (before.effective_on, before.recorded_by, before.recorded_at) == (date(2025, 1, 1), "", None)


def test_who_has_no_name_is_known_by_the_e_mail() -> None:
    setting_versions.record(VERSION, by=builders.person("", email="someone@agency.example"))
    assert recorded_versions()["good_attainment"][0].recorded_by == "someone@agency.example"


def test_the_figures_are_told_once_it_is_committed(django_capture_on_commit_callbacks: Any) -> None:
    told: list[Any] = []

    def hear(**kwargs: Any) -> None:
        told.append((kwargs["sender"], kwargs["client_ids"]))

    records_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            setting_versions.record(VERSION, by=builders.omar())
            assert told == []
    finally:
        records_changed.disconnect(hear)
    assert told == [(Setting, ())]


def test_a_day_that_has_a_version_is_refused_and_leaves_nothing() -> None:
    omar = builders.omar()
    builders.setting("good_attainment", date(2026, 7, 1), "75")
    with pytest.raises(IntegrityError), transaction.atomic():
        setting_versions.record(VERSION, by=omar)
    (kept,) = recorded_versions()["good_attainment"]
    assert (kept.value, kept.recorded_by) == ("75", "")


def test_a_value_that_can_not_be_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected a number from 0 to 100"):
        setting_versions.record(SettingVersion("good_attainment", date(2026, 7, 1), "850"), by=builders.omar())
    assert not Setting.objects.exists()


def test_versions_and_who_recorded_them_take_one_query(django_assert_num_queries: Any) -> None:
    omar = builders.omar()
    for year in range(2000, 2020):
        setting_versions.record(SettingVersion("weight.trust", date(year, 1, 1), str(year % 7)), by=omar)
    with django_assert_num_queries(1):
        assert len(recorded_versions()["weight.trust"]) == 20
