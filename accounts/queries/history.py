"""The history of one record, for whoever may see it."""

from django.db.models import Model

from accounts.models import CheckIn
from accounts.queries.happenings import Happening, Wanted, happenings

MOST = 100
"""Changes of one record that are shown at once."""


def history(record: Model) -> tuple[Happening, ...]:
    """What was changed of a record, the latest first; of a check-in also who was seen in it. Two queries."""
    kind = record._meta.label_lower
    records = [(kind, "pgh_obj_id", record.pk)]
    if isinstance(record, CheckIn):
        records += [
            ("accounts.checkincontact", "check_in_id", record.pk),
            ("accounts.checkinperson", "check_in_id", record.pk),
        ]
    return happenings(Wanted(records=tuple(records), on_client=getattr(record, "client_id", None)), MOST)
