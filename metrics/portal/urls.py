"""The addresses of a client's people. Whoever asks here is served behind the wall."""

from django.urls import path

from accounts import addresses  # noqa: F401 -- what <external_id:…> is in an address
from accounts.views.conversation import comments, goal_agreement
from accounts.views.pulses import pulse, pulse_kept
from metrics.portal.views import home, own_visits_page

app_name = "portal"

urlpatterns = [
    path("", home, name="home"),
    path("visits/", own_visits_page, name="visits"),
    path("comments/", comments, name="comments"),
    path("goals/<external_id:external_id>/agreement/", goal_agreement, name="goal_agreement"),
    path("pulse/", pulse, name="pulse"),
    path("pulse/kept/", pulse_kept, name="pulse_kept"),
]
