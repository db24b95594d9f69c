"""An engagement: what a client buys, and with what it begins in the ledger."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import scope_ledger
from accounts.forms.money import Money
from accounts.forms.recording import Choice, Day, RecordForm, Suggesting
from accounts.models import Engagement, ScopeChange
from accounts.queries.words import service_lines
from accounts.scope_ledger import LedgerRefused

UNKNOWN = gettext_lazy("Not known")
START = {
    "effective_on": "starts_on",
    "value_delta": "value",
    "ends_on": "ends_on",
    "origin": "origin",
    "involved_from": "involved_from",
    "note": "note",
}
"""The fields of a new engagement's first row, by the ledger's columns."""


class EngagementForm(RecordForm[Engagement]):
    """Records an engagement, with its start in the ledger when one is given; what there is in it later stays there."""

    adding = gettext_lazy("Record an engagement")
    changing = gettext_lazy("Change an engagement")
    added = gettext_lazy("The engagement is saved.")
    layout: ClassVar = (
        ("name", "service_line"),
        ("billing", "pricing"),
        ("notice_days",),
        ("starts_on", "ends_on", "value"),
        ("origin", "involved_from"),
        ("note",),
    )
    headings: ClassVar = {"starts_on": gettext_lazy("How it starts")}

    service_line = Suggesting(required=False, max_length=200, label=gettext_lazy("Service line"))
    billing = Choice(Engagement.Billing.choices, label=gettext_lazy("Billing"))
    pricing = Choice(Engagement.Pricing.choices, open_=UNKNOWN, label=gettext_lazy("The price follows"))
    starts_on = Day(
        required=False,
        label=gettext_lazy("Starts on"),
        help_text=gettext_lazy("Blank leaves the ledger for later: until then it counts for nothing."),
    )
    ends_on = Day(
        required=False, label=gettext_lazy("Agreed until"), help_text=gettext_lazy("Blank where no term was agreed.")
    )
    origin = Choice(ScopeChange.Origin.choices, label=gettext_lazy("Who started it"))
    involved_from = Choice(ScopeChange.InvolvedFrom.choices, label=gettext_lazy("We were part of it from"))
    note = forms.CharField(required=False, max_length=1000, label=gettext_lazy("Why, in a few words"))

    class Meta:
        model = Engagement
        fields = ("name", "service_line", "billing", "pricing", "notice_days")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.suggest("service_line", service_lines())
        if self.record is None:
            self.fields["value"] = Money(
                self.client.currency,
                label=_("Amount in %(currency)s") % {"currency": self.client.currency},
                help_text=_("A month for a retainer, in all for a project."),
            )
            return
        for name in START.values():
            self.fields.pop(name, None)
        if vars(self.record)["has_ledger"]:
            self.fields["billing"].disabled = True
            self.fields["billing"].help_text = _("It stays: the ledger has rows of this engagement.")

    @classmethod
    def stored(cls) -> QuerySet[Engagement]:
        """Each with whether the ledger has rows of it."""
        ledger = ScopeChange.objects.filter(engagement=OuterRef("pk"))
        return super().stored().annotate(has_ledger=Exists(ledger))

    def at_first(self, today: date) -> dict[str, Any]:
        """A retainer that starts today."""
        return {
            "billing": Engagement.Billing.RETAINER,
            "starts_on": today,
            "origin": ScopeChange.Origin.UNKNOWN,
            "involved_from": ScopeChange.InvolvedFrom.UNKNOWN,
        }

    def clean(self) -> dict[str, Any]:
        """A start has a day and an amount, or there is none."""
        given = super().clean()
        starts_on, value, ends_on = (given.get(name) for name in ("starts_on", "value", "ends_on"))
        if starts_on and value is None and "value" in given:
            self.add_error("value", _("Expected an amount, 0 or more; or no day on which it starts."))
        if value is not None and not starts_on and "starts_on" in given:
            self.add_error("starts_on", _("Expected the day from which this amount counts."))
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("Expected a day after the one on which it starts."))
        return given

    def save(self) -> bool:  # type: ignore[override]  # it says whether the records took it
        """With its start, or not at all."""
        try:
            return super().save()
        except LedgerRefused as refused:
            for violation in refused.violations:
                name = START.get(violation.column)
                if name is None or not self.has_error(name):
                    self.add_error(name, _("Expected %(what)s.") % {"what": violation.expected})
            return False

    def write(self) -> None:
        """The engagement, and its start in the ledger."""
        with transaction.atomic():
            super().write()
            start = self._start()
            if self.record is None and start["effective_on"] and not self.instance.scope_changes.exists():
                scope_ledger.record(self.instance, ScopeChange.Kind.START, **start, by=self.by)

    def repeats(self, record: Engagement) -> bool:
        """Whether its start is the same as well."""
        columns = ("effective_on", "value_delta", "ends_on", "origin", "involved_from", "note")
        given = self._start()
        there = list(record.scope_changes.values(*columns))
        return there == ([given] if given["effective_on"] else []) and super().repeats(record)

    def _start(self) -> dict[str, Any]:
        """The columns of the first row, of a new engagement."""
        return {column: self.cleaned_data.get(name) for column, name in START.items()}
