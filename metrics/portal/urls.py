"""The addresses of a client's people. Whoever asks here is served behind the wall."""

from django.urls import path

from metrics.portal.views import home, own_visits_page

app_name = "portal"

urlpatterns = [
    path("", home, name="home"),
    path("visits/", own_visits_page, name="visits"),
]
