"""A piece of advice: what was advised, how it was taken, and what came of it."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.recording import Choice, Day, RecordForm, Text, YesNo
from accounts.models import Recommendation

UNKNOWN = gettext_lazy("Not known")


class RecommendationForm(RecordForm[Recommendation]):
    """Records advice. It begins as made today, with nothing decided; what is expected stays once the client decides."""

    adding = gettext_lazy("Record advice")
    changing = gettext_lazy("Change advice")
    added = gettext_lazy("The advice is saved.")
    past = ("made_on", "outcome_on")
    layout: ClassVar = (
        ("subject",),
        ("made_on", "proactive"),
        ("expected", "expected_by"),
        ("reception", "stance"),
        ("decision",),
        ("outcome", "outcome_on"),
    )
    headings: ClassVar = {"reception": gettext_lazy("How it went")}

    made_on = Day(label=gettext_lazy("Made on"))
    proactive = YesNo(
        gettext_lazy("We came forward with it"), gettext_lazy("The client had asked"), label=gettext_lazy("Whose idea")
    )
    expected = Text(rows=2, required=False, label=gettext_lazy("What should follow from it"))
    expected_by = Day(
        required=False,
        label=gettext_lazy("Expected by"),
        help_text=gettext_lazy("On that day the advice comes up to be judged."),
    )
    reception = Choice(Recommendation.Reception.choices, open_=UNKNOWN, label=gettext_lazy("How the client took it"))
    stance = Choice(Recommendation.Stance.choices, open_=UNKNOWN, label=gettext_lazy("What we then did"))
    decision = Choice(Recommendation.Decision.choices, open_=UNKNOWN, label=gettext_lazy("What the client decided"))
    outcome = Choice(
        Recommendation.Outcome.choices, open_=gettext_lazy("Not yet"), label=gettext_lazy("What came of it")
    )
    outcome_on = Day(required=False, label=gettext_lazy("Seen on"))

    class Meta:
        model = Recommendation
        fields = (
            "subject",
            "made_on",
            "proactive",
            "expected",
            "expected_by",
            "reception",
            "stance",
            "decision",
            "outcome",
            "outcome_on",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.record and self.record.is_decided:
            for name in ("expected", "expected_by"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("The client has decided: this stays as it was.")

    def at_first(self, today: date) -> dict[str, Any]:
        """Made today, and not decided."""
        return {"made_on": today, "decision": Recommendation.Decision.PENDING}
