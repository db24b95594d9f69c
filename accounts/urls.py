"""The pages and fragments on which people record. What stands at /accounts/…/ itself shows figures: metrics has it."""

from django.urls import include, path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from accounts.forms.check_in import CheckInForm
from accounts.forms.client import ClientForm
from accounts.forms.contact import ContactForm
from accounts.forms.engagement import EngagementForm
from accounts.forms.goal import GoalForm
from accounts.forms.involvement import InvolvementForm
from accounts.forms.note import NoteForm
from accounts.forms.recommendation import RecommendationForm
from accounts.forms.standing import StandingForm
from accounts.views.recording import Noun, record_form, record_page

app_name = "accounts"

NOUNS = (
    Noun("check_in", "check-ins", CheckInForm),
    Noun("recommendation", "advice", RecommendationForm),
    Noun("goal", "goals", GoalForm),
    Noun("contact", "contacts", ContactForm),
    Noun("engagement", "engagements", EngagementForm),
    Noun("standing", "standings", StandingForm),
    Noun("involvement", "involvements", InvolvementForm),
    Noun("note", "notes", NoteForm),
)
FACTS = {"noun": Noun("client", "facts", ClientForm)}

urlpatterns = [
    path("", include("accounts.client_urls")),
    *(address for noun in NOUNS for address in noun.addresses()),
    path("accounts/<external_id:external_id>/facts/", record_page, FACTS, name="client"),
    path("accounts/<external_id:external_id>/facts/form/", record_form, FACTS, name="client_form"),
]
