"""The pulse as it is filled in: ten attributes between two poles, on the client's side three statements, a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Text
from accounts.models import Pulse, PulseSheet
from accounts.models.comments import LONGEST_COMMENT
from accounts.pulse_words import CONFIDENCE, FOR_THE_AGENCY, FOR_THE_CLIENT, PLACES, Words
from accounts.queries.own_pulse import ANSWERS

NAMED, CONFIDENTIAL = "named", "confidential"


class Place(forms.TypedChoiceField):
    """One of five places, or none."""

    def __init__(self) -> None:
        super().__init__(
            choices=[("", gettext_lazy("No answer")), *((str(place), str(place)) for place in PLACES)],
            required=False,
            coerce=int,
            empty_value=None,
        )


@dataclass(frozen=True)
class Button:
    """One place to tick: its value, blank for no answer, whether it is ticked, and what it is called aloud."""

    value: str
    id: str
    checked: bool
    said: Words


@dataclass(frozen=True)
class Question:
    """One thing to place: what it is called, what stands at either end, and the buttons between."""

    code: str
    name: Words
    low: Words
    high: Words
    buttons: tuple[Button, ...]
    skip: Button
    errors: list[str]


class PulseForm(forms.Form):
    """One person's pulse. Each answer may be left out; named or confidential is asked when it is sent."""

    confidential = forms.TypedChoiceField(
        choices=[(NAMED, gettext_lazy("By name")), (CONFIDENTIAL, gettext_lazy("Confidentially"))],
        required=False,
        coerce=lambda word: word == CONFIDENTIAL,
        empty_value=None,
    )
    comment = Text(rows=4, required=False, label=gettext_lazy("Anything you would like to add"))

    def __init__(self, data: Mapping[str, Any] | None, *, side: str, sheet: PulseSheet, is_sent: bool = False) -> None:
        self.side = side
        self.is_sent = is_sent
        choice = {True: CONFIDENTIAL, False: NAMED, None: ""}[sheet.confidential]
        kept = {name: getattr(sheet, name) for name in ANSWERS}
        super().__init__(data, initial={**kept, "comment": sheet.comment, "confidential": choice}, auto_id="pulse_%s")
        for name in ANSWERS:
            if name not in CONFIDENCE or side == Pulse.Side.CLIENT:
                self.fields[name] = Place()
        self.fields["comment"].validators.append(MaxLengthValidator(LONGEST_COMMENT))

    def clean(self) -> dict[str, Any]:
        """When it is sent, how has to be said."""
        given = super().clean() or self.cleaned_data
        if self.is_sent and given.get("confidential") is None and "confidential" not in self.errors:
            self.add_error("confidential", gettext_lazy("Choose how you answer: by name, or confidentially."))
        return given

    def say_nothing_is_answered(self) -> None:
        """Says that there is nothing to send yet."""
        self.add_error(None, gettext_lazy("Answer at least one question. Any other may be left out."))

    @property
    def answers(self) -> dict[str, Any]:
        """What was filled in; None where there is no answer."""
        return {**dict.fromkeys(ANSWERS), **self.cleaned_data}

    @property
    def answered(self) -> int:
        """How many of the questions have an answer as it stands."""
        return sum(self._value(name) != "" for name in ANSWERS if name in self.fields)

    @property
    def asked(self) -> int:
        """How many there are."""
        return sum(name in self.fields for name in ANSWERS)

    @property
    def chosen(self) -> str:
        """By name or confidentially; blank: not chosen yet."""
        return self._value("confidential")

    def attributes(self) -> list[Question]:
        """The ten, in their order and in the words of this side."""
        words = FOR_THE_CLIENT if self.side == Pulse.Side.CLIENT else FOR_THE_AGENCY
        return [
            self._question(code, attribute.name, attribute.transactional, attribute.partnership)
            for code, attribute in words.items()
        ]

    def statements(self) -> list[Question]:
        """The three, where this side is asked."""
        return [
            self._question(code, statement.says, *statement.ENDS)
            for code, statement in CONFIDENCE.items()
            if code in self.fields
        ]

    def _question(self, code: str, name: Words, low: Words, high: Words) -> Question:
        value = self._value(code)
        ends = {PLACES[0]: low, PLACES[-1]: high}
        return Question(
            code,
            name,
            low,
            high,
            tuple(
                Button(str(place), f"pulse_{code}_{place}", value == str(place), ends.get(place, ""))
                for place in PLACES
            ),
            Button("", f"pulse_{code}_skip", value == "", gettext_lazy("No answer")),
            [str(error) for error in self.errors.get(code, [])] if self.is_bound else [],
        )

    def _value(self, name: str) -> str:
        value = self[name].value()
        return "" if value is None else str(value)
