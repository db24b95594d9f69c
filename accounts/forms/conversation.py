"""Speaking to each other: what a client's person writes, and what the agency answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import conversation
from accounts.forms.recording import RecordingForm, Text
from accounts.models import Comment, FollowUp, Person
from accounts.models.comments import LONGEST_COMMENT
from accounts.models.follow_ups import LONGEST_SUBJECT
from accounts.queries.conversation import Subject

COMMENT, FOLLOW_UP = "comment", "follow-up"


class WordsForm(forms.Form):
    """What somebody of the client writes: a comment on something they are shown, or that the agency get in touch."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What would you like?"),
        choices=[
            (COMMENT, gettext_lazy("To say something")),
            (FOLLOW_UP, gettext_lazy("That you get in touch with me")),
        ],
        widget=forms.RadioSelect,
        initial=COMMENT,
    )
    about = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    body = Text(rows=4, label=gettext_lazy("Your words"))

    def __init__(self, data: Mapping[str, Any] | None, *, subjects: Sequence[Subject], about: str = "") -> None:
        self._subjects = {subject.code: subject for subject in subjects}
        super().__init__(
            data, initial={"about": about if about in self._subjects else "", "kind": COMMENT}, auto_id="words_%s"
        )
        choices = [("", gettext_lazy("The work as a whole")), *((one.code, one.words) for one in subjects)]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
        self.fields["body"].validators.append(MaxLengthValidator(LONGEST_COMMENT))

    def clean(self) -> dict[str, Any]:
        """What one asks to be spoken about is short."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == FOLLOW_UP and len(given.get("body", "")) > LONGEST_SUBJECT:
            self.add_error("body", _("Expected at most %(count)s characters.") % {"count": LONGEST_SUBJECT})
        return given

    def save(self, speaker: conversation.Speaker) -> None:
        """Says it."""
        given = self.cleaned_data
        subject = self._subjects.get(given["about"])
        if given["kind"] == FOLLOW_UP:
            body = f"{subject.words}: {given['body']}" if subject else given["body"]
            conversation.ask_follow_up(speaker, body[:LONGEST_SUBJECT])
        else:
            about = conversation.About(**{subject.column: subject.id}) if subject else conversation.About()
            conversation.comment(speaker, about, given["body"])


class _Answering(RecordingForm, forms.Form):
    action = gettext_lazy("Send")

    answer = Text(rows=5, label=gettext_lazy("Your answer"))

    def __init__(self, data: Mapping[str, Any] | None, *, by: Person, said: str, name: str) -> None:
        self.by = by
        super().__init__(data, auto_id="recording_%s")
        self.fields["answer"].validators.append(MaxLengthValidator(LONGEST_COMMENT))
        self.fields["answer"].help_text = _("%(name)s reads it on their page, and by mail.") % {"name": name}
        self.head = "accounts/conversation/_said.html"
        self.quoted, self.quoted_name = said, name


class ReplyForm(_Answering):
    """A reply to a comment of the client's."""

    heading = gettext_lazy("Reply to a comment")
    said = gettext_lazy("The reply is sent.")

    def __init__(self, data: Mapping[str, Any] | None, *, by: Person, comment: Comment) -> None:
        self.comment = comment
        super().__init__(data, by=by, said=comment.body, name=comment.signature)

    def save(self) -> bool:
        """Replies."""
        conversation.reply(self.comment, self.by, self.cleaned_data["answer"])
        return True


class FollowUpForm(_Answering):
    """What came of a follow-up, or when it will be."""

    heading = gettext_lazy("Answer a request for a follow-up")
    said = gettext_lazy("The answer is sent.")

    def __init__(self, data: Mapping[str, Any] | None, *, by: Person, follow_up: FollowUp) -> None:
        self.follow_up = follow_up
        super().__init__(data, by=by, said=follow_up.subject, name=follow_up.asked_as)

    def save(self) -> bool:
        """Answers, unless a colleague has in the meantime."""
        if conversation.answer_follow_up(self.follow_up, self.by, self.cleaned_data["answer"]):
            return True
        self.add_error(None, _("A colleague has answered in the meantime."))
        return False
