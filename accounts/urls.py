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
from accounts.views.audit import audit_csv, audit_list, audit_page, audit_xlsx
from accounts.views.conversation import follow_up, follow_up_form, reply, reply_form
from accounts.views.history import account_history, record_history
from accounts.views.language import language
from accounts.views.outbox import mail, mail_html, mail_sending, outbox, outbox_table
from accounts.views.pulse_requests import pulse_request, pulse_request_form
from accounts.views.pulses import your_pulse, your_pulse_kept
from accounts.views.readings import readings, readings_form
from accounts.views.recording import Noun, record_form, record_page
from accounts.views.scope_changes import (
    correction,
    correction_form,
    correction_preview,
    reversal,
    reversal_form,
    scope_change_new,
    scope_change_new_form,
    scope_change_preview,
)

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

OF_CLIENT = "accounts/<external_id:external_id>"
CHANGES = f"{OF_CLIENT}/scope-changes"
CHANGE = f"{CHANGES}/<external_id:record_id>"

LEDGER = [
    path(f"{CHANGES}/new/", scope_change_new, name="scope_change_new"),
    path(f"{CHANGES}/new/form/", scope_change_new_form, name="scope_change_new_form"),
    path(f"{CHANGES}/new/preview/", scope_change_preview, name="scope_change_preview"),
    path(f"{CHANGE}/reversal/", reversal, name="reversal"),
    path(f"{CHANGE}/reversal/form/", reversal_form, name="reversal_form"),
    path(f"{CHANGE}/correction/", correction, name="correction"),
    path(f"{CHANGE}/correction/form/", correction_form, name="correction_form"),
    path(f"{CHANGE}/correction/preview/", correction_preview, name="correction_preview"),
]
PULSES = [
    path("your-pulses/<external_id:external_id>/", your_pulse, name="your_pulse"),
    path("your-pulses/<external_id:external_id>/kept/", your_pulse_kept, name="your_pulse_kept"),
]
ASKING = [
    path(f"{OF_CLIENT}/pulse-request/", pulse_request, name="pulse_request"),
    path(f"{OF_CLIENT}/pulse-request/form/", pulse_request_form, name="pulse_request_form"),
]
CONVERSATION = [
    path(f"{OF_CLIENT}/comments/<external_id:record_id>/reply/", reply, name="reply"),
    path(f"{OF_CLIENT}/comments/<external_id:record_id>/reply/form/", reply_form, name="reply_form"),
    path(f"{OF_CLIENT}/follow-ups/<external_id:record_id>/", follow_up, name="follow_up"),
    path(f"{OF_CLIENT}/follow-ups/<external_id:record_id>/form/", follow_up_form, name="follow_up_form"),
]
READINGS = [
    path(f"{OF_CLIENT}/readings/", readings, name="readings"),
    path(f"{OF_CLIENT}/readings/form/", readings_form, name="readings_form"),
]
OUTBOX = [
    path("outbox/", outbox, name="outbox"),
    path("outbox/table/", outbox_table, name="outbox_table"),
    path("outbox/<int:mail_id>/", mail, name="mail"),
    path("outbox/<int:mail_id>/html/", mail_html, name="mail_html"),
    path("outbox/<int:mail_id>/sending/", mail_sending, name="mail_sending"),
]

OF_RECORD = "<external_id:record_id>/history/"
AUDIT = [
    path(f"{OF_CLIENT}/history/", account_history, name="history"),
    *(
        path(f"{OF_CLIENT}/{noun.path}/{OF_RECORD}", record_history, {"noun": noun}, name=f"{noun.name}_history")
        for noun in NOUNS
    ),
    path(f"{OF_CLIENT}/facts/history/", record_history, FACTS, name="client_history"),
    path("audit/", audit_page, name="audit"),
    path("audit/list/", audit_list, name="audit_list"),
    path("audit/audit.csv", audit_csv, name="audit_csv"),
    path("audit/audit.xlsx", audit_xlsx, name="audit_xlsx"),
]

urlpatterns = [
    *AUDIT,
    path("", include("accounts.client_urls")),
    path("language/", language, name="language"),
    path("", include("accounts.people_urls")),
    *LEDGER,
    *READINGS,
    *OUTBOX,
    *PULSES,
    *CONVERSATION,
    *ASKING,
    *(address for noun in NOUNS for address in noun.addresses()),
    path("accounts/<external_id:external_id>/facts/", record_page, FACTS, name="client"),
    path("accounts/<external_id:external_id>/facts/form/", record_form, FACTS, name="client_form"),
]
