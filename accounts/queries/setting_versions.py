"""The versions of the settings as they were recorded, with who recorded them where that is known."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.admin.models import ADDITION, LogEntry
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.models import Setting


@dataclass(frozen=True)
class RecordedVersion:
    """One version. Who and when are blank and None where it came in by a file."""

    name: str
    effective_on: date
    value: str
    recorded_by: str
    recorded_at: datetime | None


def recorded_versions() -> dict[str, tuple[RecordedVersion, ...]]:
    """All of them by setting, the latest first. One query."""
    added = LogEntry.objects.filter(
        content_type__app_label="accounts",
        content_type__model="setting",
        action_flag=ADDITION,
        object_id=Cast(OuterRef("pk"), CharField()),
    ).order_by("action_time")[:1]
    rows = (
        Setting.objects.order_by("name", "-effective_on")
        .annotate(
            recorded_at=Subquery(added.values("action_time")),
            recorded_by=Subquery(
                added.annotate(
                    who=Coalesce(NullIf(F("user__name"), Value("")), F("user__email"), output_field=CharField())
                ).values("who")
            ),
        )
        .values_list("name", "effective_on", "value", "recorded_by", "recorded_at")
    )
    found: dict[str, list[RecordedVersion]] = {}
    for name, effective_on, value, recorded_by, recorded_at in rows:
        version = RecordedVersion(name, effective_on, value, recorded_by or "", recorded_at)
        found.setdefault(name, []).append(version)
    return {name: tuple(versions) for name, versions in found.items()}
