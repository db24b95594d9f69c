"""The act of recording a version of a setting: the row, and who recorded it when."""

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import Person, Setting
from accounts.settings_in_force import SettingVersion, expected, is_valid
from accounts.signals import tell_changed


def record(version: SettingVersion, *, by: Person) -> Setting:
    """Adds one version, and returns it as stored; once it is committed the figures are told.

    Who and when stand in the log of the records, as for what is recorded there. ValueError for a value
    that the setting can't have, IntegrityError where a version of that day exists: rows are added,
    never replaced.
    """
    if not is_valid(version.name, version.value):
        raise ValueError(f"{version.name} is {version.value!r}, expected {expected(version.name)}")
    with transaction.atomic():
        stored = Setting.objects.create(name=version.name, effective_on=version.effective_on, value=version.value)
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(Setting),
            object_id=str(stored.pk),
            object_repr=str(stored)[:200],
            action_flag=ADDITION,
            change_message="",
        )
        tell_changed(Setting)
    return stored
