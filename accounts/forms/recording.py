"""What the forms that record have in common: how they are laid out, what a day may be, and who was first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import recording
from accounts.audit import LONGEST_REASON, because
from accounts.models import Client, Person
from accounts.models.identifiers import new_external_id
from accounts.models.versions import Versioned
from accounts.reader_locale import day_text

FIRST_YEAR = 1900
LAST_YEAR = 2100
LONGEST_TEXT = 100_000
WHY = "why"
"""The field of a record that is there which is no part of it: why it is changed."""
YES = gettext_lazy("Yes")
NO = gettext_lazy("No")

Words = str | Promise
M = TypeVar("M", bound=Versioned)


# Fields


class _OneInFocus(forms.widgets.ChoiceWidget):
    """Of several boxes or buttons one can hold the focus: the first that is ticked, or the first."""

    in_focus = ""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        """The options, one of them in focus."""
        groups = super().optgroups(name, value, attrs)
        options = [option for _name, options, _index in groups for option in options]
        if self.in_focus and options:
            next((one for one in options if one["selected"]), options[0])["attrs"][self.in_focus] = True
        return groups


class Buttons(_OneInFocus, forms.RadioSelect):
    """One of a few, all in sight."""


class Boxes(_OneInFocus, forms.CheckboxSelectMultiple):
    """Any of a few, all in sight."""


class Day(forms.DateField):
    """A day between two that are far apart: what lies beyond is a slip of the keyboard."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options, error_messages={"invalid": gettext_lazy("Expected a day, such as 2026-11-22.")})

    def validate(self, value: Any) -> None:
        """Refuses other ages."""
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(
                _("Expected a day from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )


class Text(forms.CharField):
    """Words of any length, kept with the line breaks that the other ways of recording have."""

    def __init__(self, rows: int = 3, **options: Any) -> None:
        super().__init__(**options, widget=forms.Textarea(attrs={"rows": rows}))
        self.validators.append(MaxLengthValidator(LONGEST_TEXT))

    def to_python(self, value: Any) -> Any:
        """The text with plain line breaks."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class Choice(forms.TypedChoiceField):
    """One of a few, as buttons in a row; where it may be left open, `open_` says what that means."""

    def __init__(self, choices: Any, open_: Words | None = None, **options: Any) -> None:
        options.setdefault("widget", Buttons)
        blank = [] if open_ is None else [("", open_)]
        super().__init__(choices=[*choices, *blank], required=open_ is None, **options)


class YesNo(Choice):
    """Yes, no, or not known."""

    def __init__(self, yes: Words = YES, no: Words = NO, **options: Any) -> None:
        super().__init__(
            [("yes", yes), ("no", no)],
            open_=gettext_lazy("Not known"),
            coerce=lambda word: word == "yes",
            empty_value=None,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """The word for what is stored."""
        return {True: "yes", False: "no", None: ""}.get(value, value)


class Suggesting(forms.CharField):
    """Words, with those that were used before on offer while one types."""

    suggestions: Iterable[str] = ()


class Several(forms.TypedMultipleChoiceField):
    """Any of a few, as boxes to tick."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=Boxes, **options)


# Forms


@dataclass(frozen=True)
class Difference:
    """One field that two people filled in differently, in words."""

    label: str
    mine: str
    theirs: str
    fixed: bool
    """Whether it stays as it is stored, whoever would have it otherwise."""


@dataclass(frozen=True)
class Row:
    """Fields that stand beside each other, and the words above them, if any."""

    heading: Words
    fields: tuple[BoundField, ...]


class RecordingForm(forms.BaseForm):
    """A form as the recording pages show it: its fields in rows, the first one in focus, or the first that is wrong."""

    heading: Words
    """What it does."""
    said: Words
    """What was done, once it is."""
    action: Words = gettext_lazy("Save")
    """What its button says."""
    head: str = ""
    """The template of what stands above the form, where something does."""
    body: str = "accounts/recording/_fields.html"
    """The template of its fields."""
    focused_by: str = "autofocus"
    """The attribute that marks the field where one goes on, for whoever shows the form."""
    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """The names of the fields that stand beside each other, row by row; fields it does not name have a row each."""
    headings: ClassVar[Mapping[str, Words]] = {}
    """What stands above a row, by the name of its first field."""

    @property
    def only_shows(self) -> bool:
        """Whether it was sent for more to be shown of it, and not to be saved."""
        return False

    def save(self) -> bool:
        """Writes it. False, with what is wrong said beside the fields, where the records refuse it."""
        raise NotImplementedError

    def differences(self) -> list[Difference]:
        """Where somebody else was first: the fields in which what they saved is not what was filled in."""
        return []

    def rows(self) -> list[Row]:
        """The visible fields as they are laid out."""
        named = {name for row in self.layout for name in row}
        rest = [(name,) for name in self.fields if name not in named and not self.fields[name].widget.is_hidden]
        there = [tuple(name for name in row if name in self.fields) for row in (*self.layout, *rest)]
        return [Row(self.headings.get(row[0], ""), tuple(self[name] for name in row)) for row in there if row]

    def focus(self) -> None:
        """Marks the field where one goes on: the first that is wrong, or the first."""
        shown = [field for row in self.rows() for field in row.fields if not field.field.disabled]
        first = next((field for field in shown if self.is_bound and field.errors), shown[0] if shown else None)
        if first is not None:
            widget = first.field.widget
            if isinstance(widget, _OneInFocus):
                widget.in_focus = self.focused_by
            else:
                widget.attrs[self.focused_by] = True


class VersionedForm(forms.ModelForm[M]):
    """A form over one version of a record, which is held against the version that is stored when it comes back.

    `record` is the record as it is stored, None for a new one; whoever makes the form says which.
    """

    record: M | None

    @property
    def version(self) -> int:
        """The version that was shown; one that never was where what came back says none."""
        if not self.is_bound:
            return 0 if self.record is None else self.record.version
        text = str(self.data.get("version", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def stored_version(self) -> int:
        """The version that is stored now."""
        return self.record.version if self.record else 0

    @property
    def changed_by(self) -> str:
        """Who changed the stored record last; blank where no person did, or where it never was."""
        return str(self.record.changed_by) if self.record and self.record.changed_by else ""

    def values(self) -> dict[str, Any]:
        """What the record is given, by its columns."""
        names = (name for name in self._meta.fields or () if not self.fields[name].disabled)
        return {name: self.cleaned_data[name] for name in names}

    def differences(self) -> list[Difference]:
        """The fields in which what was filled in is not what is stored."""
        found = []
        for name, field in self.fields.items():
            if name == WHY:
                continue
            mine, theirs = self.cleaned_data[name], self.initial.get(name)
            if field.disabled:
                # Browsers don't send such fields; what was sent was filled in before it became fixed.
                sent = self.data.get(name)
                mine = theirs if sent is None else _read(field, sent)
            if _plain(field, mine) != _plain(field, theirs):
                words = in_words(field, mine), in_words(field, theirs)
                found.append(Difference(str(self[name].label), *words, fixed=field.disabled))
        return found


class RecordForm(VersionedForm[M], RecordingForm):
    """A form that adds a record of a client or changes one.

    What was filled in is for the version that the form showed: a record that somebody has changed since is left as it
    is, and recording.Overtaken is raised.
    """

    key: ClassVar[str] = "external_id"
    """What names a record in an address."""
    adding: ClassVar[Words]
    changing: ClassVar[Words]
    added: ClassVar[Words]
    changed: ClassVar[Words] = gettext_lazy("The change is saved.")
    past: ClassVar[tuple[str, ...]] = ()
    """The days on which something has happened, which don't lie ahead."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, client: Client, by: Person, today: date, record: M | None
    ) -> None:
        self.client = client
        self.by = by
        self.today = today
        self.record = record
        self._id = new_external_id()
        instance = copy(record) if record else self._new()
        initial = self.at_first(today) if record is None else None
        super().__init__(data, instance=instance, initial=initial, auto_id="recording_%s")
        if record is not None:
            self.fields[WHY] = forms.CharField(
                label=gettext_lazy("Why it is changed"),
                help_text=gettext_lazy("Stands beside the change in its history."),
                required=False,
                max_length=LONGEST_REASON,
            )
        self.heading = self.adding if record is None else self.changing
        self.said = self.added if record is None else self.changed

    @classmethod
    def find(cls, clients: QuerySet[Client], external_id: str, record_id: str) -> M | None:
        """The record that an address names, among those of clients that may be seen. One query."""
        if cls.key == "pk" and not (record_id.isascii() and record_id.isdigit() and len(record_id) < 19):
            return None
        found: M | None = (
            cls.stored().filter(client__in=clients, client__external_id=external_id, **{cls.key: record_id}).first()
        )
        return found

    @classmethod
    def stored(cls) -> QuerySet[M]:
        """The stored records, each with its client and whatever else the form asks of it."""
        rows: QuerySet[M] = cls._meta.model._default_manager.select_related("client", "changed_by")
        return rows

    def _new(self) -> M:
        """What a new record is before anything is filled in."""
        record: M = self._meta.model(client=self.client)
        return record

    @property
    def new_id(self) -> str:
        """What a new record will be called: decided when the form is shown, so that it can't be added twice."""
        if self.record is not None or self.key != "external_id":
            return ""
        sent = str(self.data.get("id", ""))
        return sent if re.fullmatch("[0-9a-f]{16}", sent) else self._id

    def _twin(self) -> M | None:
        """The record that the same form has added already, when it is sent once more as it was."""
        if not self.new_id:
            return None
        named = self._meta.model._default_manager.filter(external_id=self.new_id)
        there: M | None = self.stored().filter(pk__in=named).first()
        if there is not None and self.repeats(there):
            return there
        vars(self.instance)["external_id"] = self._id if there is not None else self.new_id
        return None

    def repeats(self, record: M) -> bool:
        """Whether that record of this client is what was filled in here."""
        if vars(record)["client_id"] != self.client.pk:
            return False
        again = type(self)(self.data, client=self.client, by=self.by, today=self.today, record=record)
        return again.is_valid() and not again.differences()

    def suggest(self, name: str, words: Iterable[str]) -> None:
        """Has a field offer words while one types."""
        field = self.fields[name]
        assert isinstance(field, Suggesting)
        field.suggestions = words
        field.widget.attrs |= {"list": f"{self[name].auto_id}_suggestions", "autocomplete": "off"}

    def at_first(self, today: date) -> dict[str, Any]:
        """What a new one begins with."""
        return {}

    def clean(self) -> dict[str, Any]:
        """Refuses days that lie ahead where something is said to have happened."""
        given = super().clean() or self.cleaned_data
        for name in self.past:
            day = given.get(name)
            # In places east of the agency it is tomorrow already.
            if day and day > self.today + timedelta(days=1) and day != self.initial.get(name):
                self.add_error(name, _("Expected a day that is not ahead of us."))
        return given

    def save(self) -> bool:  # type: ignore[override]  # it says whether the records took it
        """Writes it. False, with what is wrong said beside the fields, where the records refuse it.

        Raises recording.Overtaken where somebody else was first.
        """
        try:
            with transaction.atomic():
                self.write()
        except IntegrityError:
            # Somebody has just added what this one collides with: looked at again, it is there to be named.
            self.full_clean()
            if self.errors:
                return False
            with transaction.atomic():
                self.write()
        return not self.errors

    def write(self) -> None:
        """Adds the record, or changes it where it differs. What was sent twice is added once."""
        if self.record is None:
            twin = self._twin()
            if twin is None:
                recording.add(self.instance, by=self.by)
            else:
                self.instance = twin
        elif self.differences():
            because(self.cleaned_data[WHY])
            recording.change(self.record, self.version, self.values(), by=self.by)


def _read(field: forms.Field, sent: str) -> Any:
    """What was sent, as the field reads it; as it was sent, where the field can't."""
    try:
        return field.to_python(sent)
    except ValidationError:
        return sent


def _plain(field: forms.Field, value: Any) -> Any:
    """The value as the field would print it, so that what looks alike is alike."""
    prepared = field.prepare_value(value)
    if isinstance(field, forms.MultipleChoiceField):
        return sorted(str(one) for one in prepared or ())
    return "" if prepared is None else str(prepared)


def in_words(field: forms.Field, value: Any) -> str:
    """A field's value as one reads it; blank where there is none."""
    if isinstance(value, date):
        return day_text(value)
    plain = _plain(field, value)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        wanted = plain if isinstance(plain, list) else [plain]
        return ", ".join(label for key, label in labels.items() if key in wanted)
    return str(plain)
