"""What people typed, as it was: each record that they keep has a table beside it with a row for each of its changes.

The rows are written by statement triggers of the database, whoever changes the record and however many at once:
a form, the admin site, a bulk change, an upsert, SQL by hand. Nobody else writes them, and nothing changes them
(migration 0017_history). Figures, readings of KPIs, the ledger of scope and answers to pulses are not among them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pghistory.models
import pghistory.trigger
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency
from accounts.models.benchmarks import Benchmark
from accounts.models.check_ins import CheckIn, CheckInContact, CheckInPerson
from accounts.models.clients import Client, Contact, Involvement, Standing
from accounts.models.engagements import Engagement
from accounts.models.exchange_rates import ExchangeRate
from accounts.models.goals import Goal
from accounts.models.invitations import Invitation
from accounts.models.kpis import Kpi
from accounts.models.notes import Note
from accounts.models.opportunities import Opportunity
from accounts.models.people import Person
from accounts.models.recommendations import Recommendation
from accounts.models.settings import Setting
from accounts.models.sharing import SharedSection
from accounts.models.teams import TeamMember

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class History(pghistory.models.Event):
    """One change of one record: what it was given, what it had before, when, by whom and in what.

    `pgh_context` is what was known of the moment (accounts.audit): the person's name, where the request came from,
    its address, the program, and why. It is a copy, so that it stays as it was.
    """

    pgh_fields: ClassVar[tuple[str, ...]] = ()
    """The fields of the record that it keeps, as they are told."""
    pgh_id = models.BigAutoField(primary_key=True)
    pgh_before = models.JSONField(_("before"), null=True)
    pgh_by: models.ForeignKey[Person | None, Person | None] = models.ForeignKey(
        Person, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True


class _Trigger(pghistory.trigger.Event):
    """Writes a history's rows: one for each row that a statement really changed, with both its states."""

    level = pgtrigger.Statement

    def get_func(self, model: Any) -> pgtrigger.Func:
        """The statement, over the transition tables."""
        assert self.event_model is not None
        added = self.row == "NEW"
        row = "new_values" if added else "old_values"
        key = model._meta.pk.column
        kept = [field.column for field in _kept_fields(self.event_model, model)]
        context = "nullif(current_setting('pghistory.context_metadata', true), '')::jsonb"
        values = {
            **{column: f'{row}."{column}"' for column in kept},
            "pgh_created_at": "clock_timestamp()",
            "pgh_label": f"'{self.label}'",
            "pgh_obj_id": f'{row}."{key}"',
            "pgh_context": context,
            "pgh_context_id": "nullif(current_setting('pghistory.context_id', true), '')::uuid",
            "pgh_by_id": f"coalesce({context} ->> 'person', nullif(current_setting('soundings.person', true), ''))"
            "::bigint",
        }
        if model is Client or model._meta.label_lower == "accounts.client":
            values["client_id"] = f'{row}."{key}"'
        if self.operation == pgtrigger.Update:
            there = ", ".join(f"'{column}', old_values.\"{column}\"" for column in kept)
            values["pgh_before"] = f"jsonb_build_object({there})"
        rows = {
            pgtrigger.Insert: "{cond_new_values}",
            pgtrigger.Update: "{cond_joined_values}",
            pgtrigger.Delete: "{cond_old_values}",
        }[self.operation]
        columns = ", ".join(f'"{column}"' for column in values)
        table = self.event_model._meta.db_table
        return pgtrigger.Func(
            # Names of tables and columns come from the models.
            f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM {rows}; RETURN NULL;'  # noqa: S608
        )


class _Kept(pghistory.RowEvent):
    """One way in which a record comes to be otherwise."""

    def add_event_trigger(self, event_model: type[models.Model]) -> None:
        """Puts the trigger on the table of the records."""
        tracked: type[models.Model] = event_model.pgh_tracked_model  # type: ignore[attr-defined]
        condition = None
        if self.operation == pgtrigger.Update:
            columns = [field.column for field in _kept_fields(event_model, tracked)]
            old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
            condition = pgtrigger.Condition(f"(({old}) IS DISTINCT FROM ({new}))")
        trigger = _Trigger(  # type: ignore[no-untyped-call]  # the library has its types at its edges alone
            event_model=event_model,
            label=self.label,
            name=f"history_{self.label}",
            row=self.row,
            operation=self.operation,
            condition=condition,
        )
        pgtrigger.register(trigger)(tracked)


def _ways() -> tuple[_Kept, ...]:
    return (
        _Kept(ADDED, operation=pgtrigger.Insert, row="NEW"),
        _Kept(CHANGED, operation=pgtrigger.Update, row="NEW", condition=None),
        _Kept(REMOVED, operation=pgtrigger.Delete, row="OLD"),
    )


def _kept_fields(history: type[models.Model], model: type[models.Model]) -> list[models.Field[Any, Any]]:
    names = {field.name for field in history._meta.concrete_fields}
    return [field for field in model._meta.concrete_fields if field.name in names]


def _pointing_at(target: Any, words: Any, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """A reference as it was at that moment: what it points at may be gone by now."""
    return models.ForeignKey(
        target, models.DO_NOTHING, null=null, related_name="+", db_constraint=False, db_index=False, verbose_name=words
    )


def keep_history(model: type[models.Model], *fields: str) -> None:
    """Has the changes of these fields of a model's records kept, in a table named after it."""
    attrs: dict[str, Any] = {"__doc__": f"One change of a row of {model._meta.object_name}.", "pgh_fields": fields}
    for name in fields:
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            attrs[name] = _pointing_at(field.remote_field.model, field.verbose_name, null=field.null)
        elif isinstance(field, models.GeneratedField):
            attrs[name] = models.CharField(field.verbose_name, max_length=64, null=True)
    if model is Client:
        attrs["client"] = _pointing_at(Client, _("client"))
    called = model._meta.model_name
    indexes = [
        models.Index(fields=["pgh_obj", "pgh_id"], name=f"{called}_history_of"),
        models.Index(fields=["pgh_created_at", "pgh_id"], name=f"{called}_history_at"),
        *(
            [models.Index(fields=["client", "pgh_created_at"], name=f"{called}_history_client")]
            if "client" in attrs
            else []
        ),
    ]
    pghistory.core.create_event_model(
        model,
        *_ways(),
        fields=[model._meta.pk.name, *fields],
        base_model=History,
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=False),
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        model_name=f"{model._meta.object_name}History",
        attrs=attrs,
        meta={
            "db_table": f"{model._meta.db_table}history",
            "indexes": indexes,
            "verbose_name": _("change"),
            "verbose_name_plural": _("changes"),
            "default_permissions": (),
        },
        abstract=False,
    )


RECORDS: dict[type[models.Model], tuple[str, ...]] = {
    Agency: ("name", "logo_hash", "managers_read", "language"),
    Benchmark: ("name", "value", "industry", "source", "year", "method_published"),
    CheckIn: ("external_id", "client", "held_on", "initiated_by", "summary", "signs", "shared"),
    CheckInContact: ("client", "check_in", "contact"),
    CheckInPerson: ("client", "check_in", "person"),
    Client: ("external_id", "name", "industry", "value_tier", "currency", "account_manager"),
    Contact: ("external_id", "client", "name", "email", "role", "decision_maker", "left_on", "person"),
    Engagement: ("external_id", "client", "name", "service_line", "billing", "pricing", "notice_days"),
    ExchangeRate: ("currency", "effective_on", "rate"),
    Goal: ("external_id", "client", "title", "set_on", "agreed_on", "due_on", "status", "closed_on", "shared"),
    Invitation: (
        *("email", "name", "role", "client", "contact", "invited_by", "expires_at"),
        *("accepted_at", "person", "revoked_at"),
    ),
    Involvement: ("client", "kind", "started_on", "ended_on"),
    Kpi: ("external_id", "client", "name", "unit", "direction", "shared"),
    Note: ("external_id", "client", "written_on", "written_by", "text"),
    Opportunity: (
        *("external_id", "client", "goal", "title", "service_line", "stage", "raised_on", "closed_on"),
        "shared",
    ),
    Person: ("email", "name", "role", "is_active", "left_on", "is_superuser"),
    Recommendation: (
        *("external_id", "client", "made_on", "subject", "proactive", "reception", "stance", "decision"),
        *("outcome", "outcome_on", "expected", "expected_by", "shared"),
    ),
    Setting: ("name", "effective_on", "value"),
    SharedSection: ("client", "section"),
    Standing: ("client", "effective_on", "standing", "exclusive"),
    TeamMember: ("client", "person", "role", "started_on", "ended_on", "reason"),
}
"""The records whose history is kept, and the fields of them that are."""

for _model, _fields in RECORDS.items():
    keep_history(_model, *_fields)
