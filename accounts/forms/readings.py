"""A month's KPI readings of a client as a grid, filled in by hand or from a spreadsheet, and kept all or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import month_readings, recording
from accounts.forms.recording import RecordingForm, Row
from accounts.models import Client, Kpi, Person
from accounts.month_readings import ReadingsMovedOn, Wish
from accounts.numerals import NotANumber, Spelling, TwoNumbers, number, plain
from accounts.pasted import cells, filling
from accounts.periods import months_after
from accounts.queries.month_readings import KpiMonth, Measured
from accounts.reader_locale import decimal_mark, number_in_digits

MONTHS_OFFERED = 36
FIRST_MONTH = date(1900, 1, 1)
DIGITS_BEFORE_THE_POINT = 20
DECIMALS = 10

HEADINGS = ("KPI", "Name", "Value", "Target", "Unit")
"""First rows of tables, in the files' words; those of the reader's language come with them."""


def month_asked(text: str, today: date) -> date:
    """The month of `2026-10`; without one, or with one that can't be, the last that has ended."""
    last = months_after(today, -1)
    try:
        year, _dash, of_year = text.partition("-")
        asked = date(int(year), int(of_year), 1) if len(text) == 7 and text.isascii() else last
    except ValueError:
        return last
    return asked if FIRST_MONTH <= asked <= months_after(today, 0) else last


@dataclass(frozen=True)
class Conflict:
    """A reading that somebody else wrote after the grid was opened: mine and theirs in words, theirs to send back."""

    who: str
    """Who wrote it; blank where nobody is known to have."""
    mine: str
    theirs: str
    theirs_value: str
    theirs_target: str
    kept: str = ""
    """Which of them was chosen, `mine` or `theirs`; blank before one is."""


@dataclass(frozen=True)
class Line:
    """One KPI of the grid: its two cells, and what comes back unseen with them."""

    kpi: KpiMonth
    value: BoundField
    target: BoundField
    seen_value: str
    seen_target: str
    offered: str
    conflict: Conflict | None


class Cell(forms.CharField):
    """One cell: a number as somebody wrote it."""

    def __init__(self, label: str) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "data-cell": True, "aria-label": label}
        super().__init__(required=False, max_length=200, label=label, widget=forms.TextInput(attrs=attributes))


class ReadingsForm(RecordingForm, forms.Form):
    """The grid of one month. What comes back is held against what the grid was opened with."""

    heading = gettext_lazy("Record a month's readings")
    head = "accounts/readings/_head.html"
    body = "accounts/readings/_body.html"

    spelling = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Numbers are written"),
        choices=[
            (Spelling.SEEN.value, gettext_lazy("as each shows by itself")),
            (Spelling.POINT.value, "1,234.5"),
            (Spelling.COMMA.value, "1.234,5"),
        ],
    )
    kpi_name = forms.CharField(required=False, max_length=300, label=gettext_lazy("Name"))
    kpi_unit = forms.CharField(
        required=False, max_length=50, label=gettext_lazy("Unit"), help_text=gettext_lazy("Such as leads, % or USD.")
    )
    kpi_direction = forms.ChoiceField(
        required=False, choices=Kpi.Direction.choices, initial=Kpi.Direction.HIGHER, label=gettext_lazy("Better is")
    )
    pasted = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("From a spreadsheet"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Value and target, a line for each KPI in this order; or with the names in front."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        client: Client,
        by: Person,
        today: date,
        month: date,
        kpis: Sequence[KpiMonth],
        spelling: str = "",
    ) -> None:
        self.client = client
        self.by = by
        self.today = today
        self.month = month
        self.kpis = kpis
        self.conflicts: dict[int, Conflict] = {}
        self.wishes: dict[int, Wish] = {}
        self.new_kpi: Kpi | None = None
        self.told = ""
        """What has just been done to the grid, in a sentence."""
        self.goes_on_at = ""
        """The name of the cell in which one goes on."""
        super().__init__(data, initial={"spelling": spelling}, auto_id="recording_%s")
        for kpi in kpis:
            self._add_line(kpi)

    def _add_line(self, kpi: KpiMonth) -> None:
        self.fields[f"value-{kpi.kpi_id}"] = Cell(_("Value of %(kpi)s") % {"kpi": kpi.name})
        self.fields[f"target-{kpi.kpi_id}"] = Cell(_("Target of %(kpi)s") % {"kpi": kpi.name})
        stored = kpi.stored
        self.initial[f"value-{kpi.kpi_id}"] = _shown(stored.value if stored else None)
        self.initial[f"target-{kpi.kpi_id}"] = _shown(stored.target if stored else kpi.offered_target)

    # What it shows

    @property
    def action(self) -> str:  # type: ignore[override]  # it names the month
        """What its button says."""
        return _("Save %(month)s") % {"month": date_format(self.month, "F Y")}

    @property
    def months(self) -> list[date]:
        """The months to choose from, the latest first: the one that runs now among them."""
        offered = [months_after(self.today, -back) for back in range(MONTHS_OFFERED)]
        return offered if self.month in offered else [*offered, self.month]

    @property
    def month_before(self) -> date:
        """The month whose targets are offered."""
        return months_after(self.month, -1)

    @property
    def is_running(self) -> bool:
        """Whether the month has not ended."""
        return self.month == months_after(self.today, 0)

    @property
    def lines(self) -> list[Line]:
        """The grid, line by line."""
        return [
            Line(
                kpi=kpi,
                value=self[f"value-{kpi.kpi_id}"],
                target=self[f"target-{kpi.kpi_id}"],
                seen_value=self._seen("value", kpi),
                seen_target=self._seen("target", kpi),
                offered=self._offered(kpi),
                conflict=self.conflicts.get(kpi.kpi_id),
            )
            for kpi in self.kpis
        ]

    def rows(self) -> list[Row]:
        """The cells, for the focus; what stands around them comes after."""
        around = ("kpi_name", "kpi_unit", "kpi_direction", "pasted", "spelling")
        in_cells = [Row("", (line.value, line.target)) for line in self.lines]
        return [*in_cells, Row("", tuple(self[name] for name in around))]

    def focus(self) -> None:
        """In the cell where one goes on, else where any form has it."""
        if self.goes_on_at in self.fields:
            self.fields[self.goes_on_at].widget.attrs[self.focused_by] = True
        else:
            super().focus()

    # What came back

    def _was_shown(self, kpi: KpiMonth) -> bool:
        """Whether the grid that came back had this KPI: another may have been added since it was opened."""
        return f"value-{kpi.kpi_id}" in self.data

    def _seen(self, column: str, kpi: KpiMonth) -> str:
        """What a cell was opened with, as it came along unseen."""
        name = f"seen_{column}-{kpi.kpi_id}"
        if self.is_bound and name in self.data:
            return str(self.data[name])[:200]
        return _written(getattr(kpi.stored, column) if kpi.stored else None)

    def _offered(self, kpi: KpiMonth) -> str:
        name = f"offered-{kpi.kpi_id}"
        if self.is_bound and name in self.data:
            return str(self.data[name])[:200]
        return _written(kpi.offered_target)

    @property
    def only_shows(self) -> bool:
        """Whether it was sent to have the grid filled, or a KPI added, and not to be saved."""
        return self.is_bound and "show" in self.data

    def clean(self) -> dict[str, Any]:
        """Reads every cell, and what may be new."""
        given = super().clean() or self.cleaned_data
        self._read_the_new_kpi()
        spelling = Spelling(given.get("spelling") or "")
        for kpi in self.kpis:
            if self._was_shown(kpi):
                self._read_line(kpi, spelling)
        gone = [name for name in self.data if name.startswith("value-") and name not in self.fields]
        if any(str(self.data[name]).strip() for name in gone):
            self.add_error(None, _("A KPI was taken away since you opened this. What you entered for it is not kept."))
        return given

    def _read_line(self, kpi: KpiMonth, spelling: Spelling) -> None:
        value_name, target_name = f"value-{kpi.kpi_id}", f"target-{kpi.kpi_id}"
        if value_name in self.errors or target_name in self.errors:
            return
        seen = self._measured(self._seen("value", kpi), self._seen("target", kpi))
        kept = self.data.get(f"keep-{kpi.kpi_id}")
        if kept in ("mine", "theirs"):
            # What somebody else has written was shown: from now on it is what was seen.
            theirs_value = str(self.data.get(f"theirs_value-{kpi.kpi_id}", ""))
            theirs_target = str(self.data.get(f"theirs_target-{kpi.kpi_id}", ""))
            seen = self._measured(theirs_value, theirs_target)
            self.conflicts[kpi.kpi_id] = Conflict(kpi.recorded_by, "", _told(seen), theirs_value, theirs_target, kept)
            if kept == "theirs":
                return
        value = self._read(value_name, self._seen("value", kpi), spelling)
        target = self._read(target_name, self._seen("target", kpi) or self._offered(kpi), spelling)
        if value_name in self.errors or target_name in self.errors:
            return
        if value is None and target is not None:
            if seen is None and target == self._number(self._offered(kpi)):
                return  # nothing was entered: the target was there before
            if seen is None:
                self.add_error(value_name, _("A target is kept with its month's value: enter that too."))
            else:
                self.add_error(value_name, _("Enter the value; to take the reading away, clear the target too."))
            return
        wanted = None if value is None else Measured(value, target)
        self.wishes[kpi.kpi_id] = Wish(seen, wanted)
        if kpi.kpi_id in self.conflicts:
            self.conflicts[kpi.kpi_id] = replace(self.conflicts[kpi.kpi_id], mine=_told(wanted))

    def _read(self, name: str, shown: str, spelling: Spelling) -> Decimal | None:
        """The number in a cell. What was left as it was shown is what was shown, however its reader writes."""
        text = self.cleaned_data[name]
        was = self._number(shown)
        if not text or (was is not None and text == _shown(was)):
            return was if text else None
        try:
            read = number(text, spelling)
        except TwoNumbers as two:
            self.add_error(
                name,
                _("%(text)s could be %(one)s or %(other)s: choose below how numbers are written.")
                % {"text": text, "one": two.with_groups, "other": two.with_decimals},
            )
            return None
        except NotANumber:
            examples = {Spelling.POINT: "1,234.5", Spelling.COMMA: "1.234,5"}
            example = examples.get(spelling) or number_in_digits(Decimal("1234.5"), 1)
            self.add_error(
                name, _("%(text)s is no number. Expected one such as %(example)s.") % {"text": text, "example": example}
            )
            return None
        whole, _point, decimals = plain(abs(read)).partition(".")
        if len(whole) > DIGITS_BEFORE_THE_POINT or len(decimals.rstrip("0")) > DECIMALS:
            self.add_error(name, _("Expected at most 20 digits, and 10 decimals."))
            return None
        return read

    @staticmethod
    def _number(text: str) -> Decimal | None:
        """A number as it came along unseen; None where there was none, or where it isn't ours any more."""
        try:
            return number(text, Spelling.POINT)
        except ValueError:
            return None

    def _measured(self, value: str, target: str) -> Measured | None:
        """A reading as it came along unseen; None where there was none."""
        read = self._number(value)
        return None if read is None else Measured(read, self._number(target))

    def _read_the_new_kpi(self) -> None:
        name = self.cleaned_data.get("kpi_name", "")
        if not name:
            if "add" in self.data and "kpi_name" not in self.errors:
                self.add_error("kpi_name", _("Enter what it is called."))
            return
        if any(_folded(kpi.name) == _folded(name) for kpi in self.kpis):
            self.add_error("kpi_name", _("There is a KPI of this name already."))
        if not self.cleaned_data.get("kpi_direction"):
            self.add_error("kpi_direction", _("Choose which way is better."))
        if not any(field.startswith("kpi_") for field in self.errors):
            self.new_kpi = Kpi(
                client=self.client,
                name=name,
                unit=self.cleaned_data.get("kpi_unit", ""),
                direction=self.cleaned_data["kpi_direction"],
            )

    # What it writes

    def add_kpi(self) -> Kpi | None:
        """Adds the KPI alone, whatever else is filled in; None, with what is wrong beside its fields."""
        self.full_clean()
        if self.new_kpi is not None:
            recording.add(self.new_kpi, by=self.by)
        return self.new_kpi

    def save(self) -> bool:
        """Keeps all of it. False where somebody else has written one of the readings since: then nothing is kept."""
        try:
            with transaction.atomic():
                if self.new_kpi is not None:
                    recording.add(self.new_kpi, by=self.by)
                written = month_readings.write(self.client, self.month, self.wishes, by=self.by)
        except ReadingsMovedOn as moved:
            self._show_conflicts(moved)
            return False
        self.said = self._words(written)
        return True

    def _show_conflicts(self, moved: ReadingsMovedOn) -> None:
        for kpi_id, measured in moved.theirs.items():
            self.conflicts[kpi_id] = Conflict(
                who=str(moved.by.get(kpi_id, "")),
                mine=_told(self.wishes[kpi_id].wanted),
                theirs=_told(measured),
                theirs_value=_written(measured.value if measured else None),
                theirs_target=_written(measured.target if measured else None),
            )
        self.add_error(
            None,
            ngettext(
                "Somebody has written %(count)s of these readings since you opened this. Choose which to keep: nothing "
                "is saved yet.",
                "Somebody has written %(count)s of these readings since you opened this. Choose which to keep: nothing "
                "is saved yet.",
                len(moved.theirs),
            )
            % {"count": len(moved.theirs)},
        )

    def _words(self, written: month_readings.Written) -> str:
        parts = []
        if written.kept:
            parts.append(
                ngettext(
                    "%(count)s reading of %(month)s is saved.",
                    "%(count)s readings of %(month)s are saved.",
                    written.kept,
                )
                % {"count": written.kept, "month": date_format(self.month, "F Y")}
            )
        if written.removed:
            parts.append(
                ngettext("%(count)s was taken away.", "%(count)s were taken away.", written.removed)
                % {"count": written.removed}
            )
        if self.new_kpi is not None:
            parts.append(_("%(kpi)s is measured from now on.") % {"kpi": self.new_kpi.name})
        return " ".join(parts) or _("Nothing was changed: the readings are as they were.")


def filled(data: Mapping[str, str], kpis: Sequence[KpiMonth]) -> tuple[dict[str, str], str]:
    """What came back with the pasted piece in its cells, and a sentence that says how much of it found a place."""
    found = {**data, "show": "1"}
    headings = (*HEADINGS, *map(str, (_("Value"), _("Target"), _("Name"), _("Unit"))))
    piece = filling(cells(found.pop("pasted", "")), [kpi.name for kpi in kpis], headings)
    count = 0
    unplaced = list(piece.unplaced)
    for line, row in piece.placed.items():
        for column, text in zip(("value", "target"), row, strict=False):
            if text:
                found[f"{column}-{kpis[line].kpi_id}"] = text
                count += 1
        unplaced += [text for text in row[2:] if text]
    said = ngettext("%(count)s cell is filled.", "%(count)s cells are filled.", count) % {"count": count}
    said = _("%(said)s Nothing is saved yet.") % {"said": said}
    if unplaced:
        said = _("%(said)s There is no place for: %(rest)s.") % {"said": said, "rest": "; ".join(unplaced[:10])}
    return found, said


def with_kpi(data: Mapping[str, str], kpi: Kpi) -> dict[str, str]:
    """What came back once the new KPI is a line of the grid: its cells, in place of its name."""
    found = {name: text for name, text in data.items() if not name.startswith("kpi_") and name != "add"}
    return {**found, "show": "1", f"value-{kpi.pk}": "", f"target-{kpi.pk}": ""}


def _shown(value: Decimal | None) -> str:
    """The number in a cell, with the reader's own mark."""
    return "" if value is None else plain(value, decimal_mark())


def _written(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _told(measured: Measured | None) -> str:
    if measured is None:
        return _("no reading")
    if measured.target is None:
        return _("%(value)s without a target") % {"value": _shown(measured.value)}
    return _("%(value)s, target %(target)s") % {"value": _shown(measured.value), "target": _shown(measured.target)}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
