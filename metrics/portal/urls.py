"""The addresses of a client's people. Whoever asks here is served behind the wall."""

from django.urls import path

from accounts.views.pulses import pulse, pulse_kept
from metrics.portal.views import home, own_visits_page

app_name = "portal"

urlpatterns = [
    path("", home, name="home"),
    path("visits/", own_visits_page, name="visits"),
    path("pulse/", pulse, name="pulse"),
    path("pulse/kept/", pulse_kept, name="pulse_kept"),
]
