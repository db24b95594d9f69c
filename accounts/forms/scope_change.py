"""A change of scope: what it does is shown before it is recorded. The same form enters a row anew to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import scope_ledger
from accounts.forms.ledger_refusals import Refused, amount_text, entry_text, refusals
from accounts.forms.money import Money
from accounts.forms.recording import Choice, Day, RecordingForm, Text
from accounts.models import Client, Engagement, Person, ScopeChange
from accounts.periods import year_after
from accounts.queries.scope_changes import STATES, EngagementLedger
from accounts.reader_locale import day_text
from accounts.scope import Billing, Entry, Violation, balance, effective, violations
from accounts.scope_effect import Effect, effects

WITH_A_TERM = (ScopeChange.Kind.START, ScopeChange.Kind.RENEWAL)
TAKES_AWAY = (ScopeChange.Kind.CONTRACTION, ScopeChange.Kind.END)


class LedgerForm(RecordingForm):
    """What the forms that write the ledger have in common: the client's ledgers, and what the rows will do."""

    client: Client
    by: Person
    today: date
    ledgers: Sequence[EngagementLedger]
    cleaned_data: dict[str, Any]

    @property
    def chosen(self) -> EngagementLedger | None:
        """The engagement it is about; None while none is chosen."""
        raise NotImplementedError

    @property
    def added(self) -> list[Entry]:
        """The rows it asks for, as the rules see them."""
        raise NotImplementedError

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What the rows will do to annual scope, on their day and today; none while they can't be recorded."""
        chosen = self.chosen
        if chosen is None or not self.is_told():
            return ()
        others = [one.ledger for one in self.ledgers if one is not chosen]
        day = max(entry.effective_on for entry in self.added)
        return effects(chosen.ledger, others, self.added, day, self.today)

    @property
    def terms(self) -> tuple[date | None, date | None]:
        """Until when the engagement was agreed, and until when it is once the rows are there."""
        if self.chosen is None or not self.is_told():
            return None, None
        return self.chosen.ledger.term, self.chosen.ledger.with_rows(self.added).term

    def is_told(self) -> bool:
        """Whether the rows are known and nothing stands against them."""
        raise NotImplementedError

    def against(self, found: Sequence[Violation], added: Sequence[Entry]) -> list[tuple[str, str]]:
        """What stands against the rows, as names of fields and sentences."""
        assert self.chosen is not None  # or there was nothing to refuse
        name, currency = self.chosen.engagement.name, self.client.currency
        return refusals(Refused(name, currency, self.chosen.ledger, tuple(added)), found)

    def refuse(self, refused: scope_ledger.LedgerRefused) -> None:
        """Says beside the fields what the ledger has against the rows."""
        added = [replace(entry, external_id=new) for new, entry in zip(refused.new_rows, self.added, strict=True)]
        for field, sentence in self.against(refused.violations, added):
            self.add_error(field if field in self.fields else None, sentence)


class ScopeChangeForm(LedgerForm, forms.Form):
    """Records one row of the ledger. Which fields it shows follows from the engagement and the kind.

    `asked` is what an address or an earlier choice begins with, by the names of the fields.
    """

    heading = gettext_lazy("Record a scope change")
    body = "accounts/scope_change/_body.html"
    layout = (
        ("engagement",),
        ("kind",),
        ("effective_on", "value_delta", "ends_on"),
        ("origin", "involved_from"),
        ("note",),
    )

    engagement = forms.ChoiceField(label=gettext_lazy("Engagement"))
    kind = Choice(ScopeChange.Kind.choices, label=gettext_lazy("What happened"))
    effective_on = Day(label=gettext_lazy("Effective on"))
    ends_on = Day(required=False, label=gettext_lazy("Term ends on"))
    origin = Choice(
        [pair for pair in ScopeChange.Origin.choices if pair[0] != ScopeChange.Origin.UNKNOWN],
        open_=gettext_lazy("Not known"),
        label=gettext_lazy("Who started it"),
    )
    involved_from = Choice(
        [pair for pair in ScopeChange.InvolvedFrom.choices if pair[0] != ScopeChange.InvolvedFrom.UNKNOWN],
        open_=gettext_lazy("Not known"),
        label=gettext_lazy("We were part of it from"),
    )
    note = Text(rows=2, required=False, label=gettext_lazy("Why, in a few words"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        client: Client,
        by: Person,
        today: date,
        ledgers: Sequence[EngagementLedger],
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        self.client = client
        self.by = by
        self.today = today
        self.ledgers = ledgers
        super().__init__(data, initial=self.at_first() | _asked(asked or {}), auto_id="recording_%s")
        engagement = self.fields.get("engagement")
        if isinstance(engagement, forms.ChoiceField):
            engagement.choices = self._engagements()
        self.fields["value_delta"] = Money(client.currency)
        self._begin()

    # What it begins with

    def at_first(self) -> dict[str, Any]:
        """Today."""
        return {"effective_on": self.today}

    def _engagements(self) -> list[tuple[Any, Any]]:
        """The client's engagements, those that run first."""
        found = []
        for state, words in STATES.items():
            those = [
                (one.engagement.external_id, _in_words(one.engagement))
                for one in self.ledgers
                if one.state(self.today) == state
            ]
            if those:
                found.append((words, those))
        return found

    def _begin(self) -> None:
        """Chooses what is likeliest, and words the fields for what is chosen."""
        running = [one for state in STATES for one in self.ledgers if one.state(self.today) == state]
        self.initial.setdefault("engagement", running[0].engagement.external_id if running else "")
        chosen = self.chosen
        has_begun = chosen is not None and chosen.ledger.started_on is not None
        self.initial.setdefault("kind", ScopeChange.Kind.EXPANSION if has_begun else ScopeChange.Kind.START)
        if self._kind == ScopeChange.Kind.RENEWAL and chosen is not None:
            self.initial.setdefault("ends_on", year_after(chosen.ledger.term or self.today))
        self.fields["value_delta"].label = self._amount_label()
        self.fields["value_delta"].help_text = self._amount_help()
        if self._kind == ScopeChange.Kind.RENEWAL:
            self.fields["ends_on"].label = _("New end of the term")
            if chosen is not None and chosen.ledger.term:
                self.fields["ends_on"].help_text = _("Until now: %(day)s.") % {"day": day_text(chosen.ledger.term)}
        elif self._kind == ScopeChange.Kind.START:
            self.fields["ends_on"].help_text = _("Blank where no term was agreed.")

    @property
    def chosen(self) -> EngagementLedger | None:
        """The engagement that is chosen at this moment, checked or not."""
        wanted = self.data.get("engagement") if self.is_bound else self.initial.get("engagement")
        return next((one for one in self.ledgers if one.engagement.external_id == wanted), None)

    @property
    def _kind(self) -> str:
        return str((self.data.get("kind") if self.is_bound else self.initial.get("kind")) or "")

    @property
    def _billing(self) -> Billing:
        return self.chosen.ledger.billing if self.chosen else Billing.RETAINER

    def _amount_label(self) -> str:
        words = {
            (Billing.RETAINER, "start"): _("Begins with, %(currency)s a month"),
            (Billing.PROJECT, "start"): _("Begins with, %(currency)s in total"),
            (Billing.RETAINER, "expansion"): _("More by, %(currency)s a month"),
            (Billing.PROJECT, "expansion"): _("More by, %(currency)s in total"),
            (Billing.RETAINER, "contraction"): _("Less by, %(currency)s a month"),
            (Billing.PROJECT, "contraction"): _("Less by, %(currency)s in total"),
            (Billing.PROJECT, "end"): _("Cut short by, %(currency)s in total"),
        }
        change = {
            Billing.RETAINER: _("Change of price, %(currency)s a month"),
            Billing.PROJECT: _("Change of price, %(currency)s in total"),
        }
        return words.get((self._billing, self._kind), change[self._billing]) % {"currency": self.client.currency}

    def _amount_help(self) -> str:
        if self._kind == ScopeChange.Kind.PRICE:
            return _("Above 0 for dearer, below 0 for cheaper: the same work at another price.")
        if self._kind == ScopeChange.Kind.END:
            return _("0 where the project was finished as agreed.")
        return ""

    # What it shows

    @property
    def action(self) -> str:  # type: ignore[override]  # there is nothing to press without an engagement
        """What its button says; nothing where there is no engagement."""
        return _("Record it") if self.ledgers else ""

    @property
    def asks_amount(self) -> bool:
        """Whether an amount is asked for: not on a renewal, nor on the end of a retainer, which takes the balance."""
        without = self._kind == ScopeChange.Kind.RENEWAL or (
            self._kind == ScopeChange.Kind.END and self._billing == Billing.RETAINER
        )
        return not without or self._was_given("value_delta")

    @property
    def asks_term(self) -> bool:
        """Whether an end of the term is asked for: where one is agreed, and where one was given nevertheless."""
        return self._kind in WITH_A_TERM or self._was_given("ends_on")

    def _was_given(self, name: str) -> bool:
        return self.is_bound and bool(str(self.data.get(name) or "").strip())

    @property
    def is_unfinished(self) -> bool:
        """Whether what is still to be filled in is all that is in the way."""
        return any(self.has_error(name, "required") for name in self.fields)

    @property
    def seen(self) -> str:
        """The newest row of each engagement, by primary keys, for what comes back."""
        return " ".join(f"{one.engagement.pk}:{one.newest}" for one in self.ledgers)

    @property
    def amount_is_asked_as(self) -> str:
        """How the engagement is paid whose amount the label asks for."""
        return str(self._billing)

    @property
    def takes(self) -> str:
        """What the end of a retainer takes away; blank for every other row."""
        chosen = self.chosen
        if chosen is None or self._kind != ScopeChange.Kind.END or self._billing != Billing.RETAINER:
            return ""
        standing = [entry for entry in effective(chosen.ledger.entries) if entry.kind != "end"]
        return amount_text(balance(standing), self.client.currency)

    @property
    def only_shows(self) -> bool:
        """Whether it was sent to see what it does, by the button of a browser without scripts."""
        return self.is_bound and "show" in self.data

    def is_told(self) -> bool:
        """Once everything is filled in and nothing stands against it."""
        return self.is_bound and not self._open_points()

    def _open_points(self) -> set[str]:
        """The fields with something against them, apart from a reason that is still to be given: it changes no sum."""
        return set(self.errors) - {"reason"}

    # What it checks and writes

    def clean(self) -> dict[str, Any]:
        """Signs the amount by its kind, and asks the ledger."""
        given = super().clean() or self.cleaned_data
        if self._open_points():
            return given
        amount, kind = given["value_delta"], given["kind"]
        if amount is None and self.asks_amount:
            self.add_error("value_delta", ValidationError(_("Enter the amount."), code="required"))
        elif amount is not None and kind in TAKES_AWAY and not (kind == "end" and self._billing == Billing.RETAINER):
            # Less by 500 and less by −500 are the same.
            given["value_delta"] = -abs(amount)
        # Without scripts the label can't follow the choice of an engagement that is paid otherwise.
        if amount is not None and self.data.get("asked_as", self._billing) != self._billing:
            words = {
                Billing.RETAINER: _("%(engagement)s is a retainer: this is its amount a month. Is it still right?"),
                Billing.PROJECT: _("%(engagement)s is a project: this is its amount in total. Is it still right?"),
            }
            assert self.chosen is not None
            self.add_error("value_delta", words[self._billing] % {"engagement": self.chosen.engagement.name})
        if kind == ScopeChange.Kind.RENEWAL and given["ends_on"] is None:
            self.add_error("ends_on", ValidationError(_("Enter the day on which the new term ends."), code="required"))
        elif given["ends_on"] and given["ends_on"] < given["effective_on"]:
            self.add_error("ends_on", _("The term would end before this takes effect."))
        if not self._open_points():
            self._ask_the_ledger()
        return given

    def _ask_the_ledger(self) -> None:
        assert self.chosen is not None  # no errors
        if (since := self._recorded_since()) is not None:
            self.add_error(None, since)
        try:
            scope_ledger.check(self.chosen.engagement, **self._row())
        except scope_ledger.LedgerRefused as refused:
            self.refuse(refused)

    def _recorded_since(self) -> str | None:
        """What was recorded on the engagement since the form was opened, in a sentence; None where nothing was."""
        assert self.chosen is not None
        seen = self._seen()
        if seen is None or self.chosen.newest <= seen:
            return None
        rows = ScopeChange.objects.filter(engagement=self.chosen.engagement, pk__gt=seen)
        return _since(list(rows.select_related("recorded_by").order_by("id")), self.client.currency)

    def _seen(self) -> int | None:
        """The newest row of the engagement when the form was opened; None where what came back does not say."""
        for pair in str(self.data.get("seen", "")).split():
            engagement, _colon, row = pair.partition(":")
            if self.chosen and engagement == str(self.chosen.engagement.pk) and row.isascii() and row.isdigit():
                return int(row[:18])
        return None

    def _row(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("kind", "effective_on", "value_delta", "ends_on", "origin", "involved_from", "note")
        return {name: given[name] for name in names}

    @property
    def added(self) -> list[Entry]:
        """The row it asks for."""
        row = self._row()
        return [Entry("new", row["kind"], row["effective_on"], row["value_delta"], row["ends_on"])]

    def save(self) -> bool:
        """Records the row, unless the ledger refuses it or somebody has recorded another in the meantime."""
        assert self.chosen is not None
        try:
            self.write(self.chosen.engagement)
        except scope_ledger.LedgerRefused as refused:
            self.refuse(refused)
        except scope_ledger.LedgerMovedOn as moved:
            self.add_error(None, _since(moved.rows, self.client.currency))
        return not self.errors

    def write(self, engagement: Engagement) -> None:
        """Records the row."""
        row = scope_ledger.record(engagement, **self._row(), by=self.by, seen=self._seen())
        self.said = _said(row)


class CorrectionForm(ScopeChangeForm):
    """Undoes a row and enters it anew, with a reason: how a start is put right while other rows stand on it."""

    heading = gettext_lazy("Correct an entry")
    action = gettext_lazy("Correct it")  # type: ignore[assignment]  # there always is an engagement

    engagement = None  # type: ignore[assignment]  # it is the row's
    reason = Text(rows=2, label=gettext_lazy("Why the entry was wrong"))

    def __init__(self, data: Mapping[str, Any] | None, *, change: ScopeChange, **options: Any) -> None:
        self.change = change
        super().__init__(data, **options)

    def at_first(self) -> dict[str, Any]:
        """The row as it stands."""
        change = self.change
        return {
            "kind": change.kind,
            "effective_on": change.effective_on,
            "value_delta": abs(change.value_delta) if change.kind in TAKES_AWAY else change.value_delta,
            "ends_on": change.ends_on,
            "origin": "" if change.origin == ScopeChange.Origin.UNKNOWN else change.origin,
            "involved_from": "" if change.involved_from == ScopeChange.InvolvedFrom.UNKNOWN else change.involved_from,
            "note": change.note,
        }

    @property
    def chosen(self) -> EngagementLedger | None:
        """The engagement of the row."""
        return next(one for one in self.ledgers if one.engagement.pk == self.change.engagement_id)

    @property
    def undone(self) -> Entry:
        """The reversal of the row."""
        return reversal_of(self.change)

    @property
    def added(self) -> list[Entry]:
        """The reversal, and the row anew."""
        return [self.undone, *super().added]

    def _ask_the_ledger(self) -> None:
        try:
            scope_ledger.check(self.change.engagement, **self._row(), instead_of=self.change)
        except scope_ledger.LedgerRefused as refused:
            self.refuse(refused)

    def write(self, engagement: Engagement) -> None:
        """Writes both rows."""
        row = scope_ledger.correct(self.change, **self._row(), reason=self.cleaned_data["reason"], by=self.by)
        self.said = _("Corrected: %(entry)s.") % {"entry": _entry(row)}


class ReversalForm(LedgerForm, forms.Form):
    """Undoes one row, with a reason. From then on neither counts."""

    heading = gettext_lazy("Reverse an entry")
    body = "accounts/reversal/_body.html"

    reason = Text(rows=2, label=gettext_lazy("Why the entry is reversed"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        client: Client,
        by: Person,
        today: date,
        ledgers: Sequence[EngagementLedger],
        change: ScopeChange,
    ) -> None:
        self.client = client
        self.by = by
        self.today = today
        self.ledgers = ledgers
        self.change = change
        super().__init__(data, auto_id="recording_%s")

    @property
    def chosen(self) -> EngagementLedger | None:
        """The engagement of the row."""
        return next(one for one in self.ledgers if one.engagement.pk == self.change.engagement_id)

    @property
    def added(self) -> list[Entry]:
        """The reversal."""
        return [reversal_of(self.change)]

    @cached_property
    def refusals(self) -> list[str]:
        """What stands against it at this moment, in sentences; nothing where it can be done."""
        assert self.chosen is not None  # it is the row's
        ledger = self.chosen.ledger.with_rows(self.added)
        found = violations(ledger.billing, ledger.entries)
        return [sentence for _field, sentence in self.against(found, self.added)]

    @property
    def action(self) -> str:  # type: ignore[override]  # there is nothing to press where it can't be done
        """What its button says; nothing where it can't be done."""
        return "" if self.refusals else _("Reverse it")

    @property
    def amount(self) -> str:
        """What the row brought or took, as it was recorded."""
        amount = amount_text(self.change.value_delta, self.client.currency)
        if self.change.engagement.billing == Billing.RETAINER:
            return _("%(amount)s a month") % {"amount": amount}
        return _("%(amount)s in total") % {"amount": amount}

    @property
    def can_be_corrected(self) -> bool:
        """Whether the row can be undone and entered anew instead: while it counts."""
        return self.change.reverses_id is None and not hasattr(self.change, "reversal")

    def is_told(self) -> bool:
        """Unless something stands against it."""
        return not self.refusals

    def save(self) -> bool:
        """Writes the reversal, unless the ledger refuses it."""
        try:
            scope_ledger.reverse(self.change, self.cleaned_data["reason"], self.by)
        except scope_ledger.LedgerRefused as refused:
            self.refuse(refused)
            return False
        self.said = _("Reversed: %(entry)s.") % {"entry": _entry(self.change)}
        return True


def _asked(query: Mapping[str, Any]) -> dict[str, Any]:
    """What an address asks the form to begin with."""
    return {name: query[name] for name in ("engagement", "kind", "effective_on", "value_delta") if query.get(name)}


def reversal_of(change: ScopeChange) -> Entry:
    """The row that undoes a row."""
    return Entry("undone", change.kind, change.effective_on, -change.value_delta, None, change.external_id)


def _in_words(engagement: Engagement) -> str:
    """`Website, project`; `Media retainer`, whose name says already how it is paid."""
    billing = engagement.get_billing_display().lower()
    if billing in engagement.name.lower().split():
        return engagement.name
    return _("%(engagement)s, %(billing)s") % {"engagement": engagement.name, "billing": billing}


def _entry(row: ScopeChange) -> str:
    """`the expansion of 1 Jun 2026, 500 USD`."""
    return entry_text(Entry(row.external_id, row.kind, row.effective_on, row.value_delta))


def _said(row: ScopeChange) -> str:
    return _("Recorded: %(entry)s.") % {"entry": _entry(row)}


def _since(rows: Sequence[ScopeChange], currency: str) -> str:
    """Who has recorded what since the form was opened."""
    told = [
        _("%(entry)s, %(amount)s, by %(who)s")
        % {
            "entry": _entry(row),
            "amount": amount_text(row.value_delta, currency),
            "who": str(row.recorded_by) if row.recorded_by else _("import"),
        }
        for row in rows
    ]
    return _(
        "Since you opened this, something was recorded here: %(rows)s. Nothing of yours is recorded yet; record it "
        "once more if it comes on top of that."
    ) % {"rows": "; ".join(told)}
